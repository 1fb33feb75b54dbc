/* SPDX-License-Identifier: MIT */
/*
 * Test Write of mode page 05h (MMC-6 7.5.4): while it is set, what commands record is rehearsed on
 * the disc and answered as ever. It ends when its session is closed, so that the next program finds
 * the disc as it is; and with the bit, with the tray, with a reset and with the power.
 */
#include "core.h"

bool rehearsing(const struct vcdr_drive *drive)
{
    return drive->disc != NULL && vcdr_disc_info(drive->disc)->rehearsal;
}

uint32_t rehearsal_begin(struct vcdr_drive *drive)
{
    bool test_write = drive->mode.write_parameters[2] & WRITE_PARAMETERS_TEST;

    if (!test_write || rehearsing(drive))
        return SENSE_NONE;
    return vcdr_disc_rehearse(drive->disc) == VCDR_OK ? SENSE_NONE : SENSE_INTERNAL_TARGET_FAILURE;
}

void rehearsal_end(struct vcdr_drive *drive, const struct nexus *nexus)
{
    enum vcdr_disc_status before;

    if (!rehearsing(drive))
        return;
    write_stopped(drive, nexus);
    before = vcdr_disc_info(drive->disc)->status;
    at_once_free(drive);
    vcdr_disc_rehearsal_end(drive->disc);
    if (vcdr_disc_info(drive->disc)->status != before)
        operational_event_raise(drive);
}
