/* SPDX-License-Identifier: MIT */
/* Sessions at once. */
#include "disc_private.h"

int vcdr_disc_check_layout(const struct vcdr_disc *disc, const struct vcdr_session_layout *layout)
{
    (void)disc;
    (void)layout;
    return VCDR_ESTATE;
}

int vcdr_disc_open_session(struct vcdr_disc *disc, const struct vcdr_session_layout *layout)
{
    return vcdr_disc_check_layout(disc, layout);
}

int vcdr_disc_open_raw(struct vcdr_disc *disc)
{
    (void)disc;
    return VCDR_ESTATE;
}

int vcdr_disc_next_block(const struct vcdr_disc *disc, struct vcdr_next_block *out)
{
    (void)disc;
    (void)out;
    return VCDR_ESTATE;
}

int vcdr_disc_close_raw(struct vcdr_disc *disc, const struct vcdr_session_layout *layout,
                        bool next_allowed, bool b0_final)
{
    (void)disc;
    (void)layout;
    (void)next_allowed;
    (void)b0_final;
    return VCDR_ESTATE;
}

int vcdr_disc_interrupt_session(struct vcdr_disc *disc)
{
    (void)disc;
    return VCDR_ESTATE;
}

int vcdr_disc_cd_text(struct vcdr_disc *disc, unsigned session, unsigned first, unsigned count,
                      uint8_t *packs)
{
    (void)packs;
    if (session < 1 || session > disc->info.sessions)
        return VCDR_ENOENT;
    return first == 0 && count == 0 ? VCDR_OK : VCDR_EINVAL;
}
