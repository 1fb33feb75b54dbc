/* SPDX-License-Identifier: MIT */
/* An image becomes a disc: its plan is burned track-at-once. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include <vcdr/image.h>

#include "plan.h"
#include "reason.h"

enum { AT_ONCE = 64 }; /* blocks of one write */

static const uint8_t block_type_of_mode[] = {
    [CUE_AUDIO] = BLOCK_TYPE_RAW,
    [CUE_MODE1_2048] = BLOCK_TYPE_MODE1,
    [CUE_MODE1_2352] = BLOCK_TYPE_MODE1,
    [CUE_MODE2_2352] = BLOCK_TYPE_XA_MIXED,
};

/* ---- blocks ---- */

static bool is_sector(const uint8_t *sector, uint8_t mode)
{
    static const uint8_t sync[12] = {0,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};

    return memcmp(sector, sync, sizeof(sync)) == 0 && sector[15] == mode;
}

/* Raw sectors become what the disc stores of them; it makes sync, header, EDC and ECC itself. */
static int strip(uint8_t *blocks, uint32_t count, enum cue_mode mode)
{
    uint8_t expected = mode == CUE_MODE1_2352 ? 1 : 2;
    unsigned bytes = vcdr_block_bytes(block_type_of_mode[mode]);

    if (mode == CUE_AUDIO || mode == CUE_MODE1_2048)
        return VCDR_OK;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *sector = blocks + (size_t)i * CD_RAW_BLOCK_BYTES;

        if (!is_sector(sector, expected))
            return VCDR_EINVAL;
        memmove(blocks + (size_t)i * bytes, sector + 16, bytes);
    }
    return VCDR_OK;
}

static int burn_blocks(const struct plan *plan, unsigned t, struct vcdr_disc *disc, uint8_t *buf,
                       char **why)
{
    const struct plan_track *track = &plan->tracks[t];
    unsigned bytes = cue_mode_bytes(track->mode);
    int rc = VCDR_OK;

    for (uint32_t done = 0; rc == VCDR_OK && done < track->blocks;) {
        uint32_t n = track->blocks - done < AT_ONCE ? track->blocks - done : AT_ONCE;
        uint64_t offset = track->offset + (uint64_t)done * bytes;

        rc = source_read(plan->sources[track->source], offset, buf, n * bytes, why);
        if (rc != VCDR_OK)
            return rc;
        if (strip(buf, n, track->mode) != VCDR_OK)
            return reason(why, VCDR_EINVAL, "%s: blocks of track %u are no %s sectors",
                          plan->names[track->source], t + 1,
                          track->mode == CUE_MODE1_2352 ? "mode 1" : "mode 2");
        rc = vcdr_disc_write(disc, buf, n);
        done += n;
    }
    return rc == VCDR_OK ? rc : reason(why, rc, "track %u: %s", t + 1, vcdr_strerror(rc));
}

/* ---- tracks ---- */

/* CD-ROM XA where a track of the session is mode 2. */
static uint8_t session_format(const struct plan *plan, unsigned session)
{
    for (unsigned t = 0; t < plan->track_count; t++)
        if (plan->tracks[t].session == session && plan->tracks[t].mode == CUE_MODE2_2352)
            return SESSION_FORMAT_CD_ROM_XA;
    return SESSION_FORMAT_CD_DA_ROM;
}

static int burn_track(const struct plan *plan, unsigned t, struct vcdr_disc *disc, uint8_t *buf,
                      char **why)
{
    const struct plan_track *track = &plan->tracks[t];
    const struct vcdr_track_parameters parameters = {
        .control = track->control,
        .block_type = block_type_of_mode[track->mode],
        .session_format = session_format(plan, track->session),
        .mcn = plan->mcn[0] ? plan->mcn : NULL,
        .isrc = track->isrc[0] ? track->isrc : NULL,
    };
    int rc = vcdr_disc_open_track(disc, t + 1, &parameters);

    if (rc != VCDR_OK)
        return reason(why, rc, "track %u: %s", t + 1, vcdr_strerror(rc));
    rc = burn_blocks(plan, t, disc, buf, why);
    if (rc != VCDR_OK)
        return rc;
    rc = vcdr_disc_close_track(disc);
    return rc == VCDR_OK ? rc : reason(why, rc, "track %u: %s", t + 1, vcdr_strerror(rc));
}

static int burn_plan(const struct plan *plan, struct vcdr_disc *disc, char **why)
{
    uint8_t *buf = malloc((size_t)AT_ONCE * CD_RAW_BLOCK_BYTES);
    int rc = VCDR_OK;

    if (!buf)
        return reason(why, VCDR_ENOMEM, "out of memory");
    for (unsigned t = 0; rc == VCDR_OK && t < plan->track_count; t++) {
        bool last = t + 1 == plan->track_count;

        rc = burn_track(plan, t, disc, buf, why);
        if (rc != VCDR_OK || (!last && plan->tracks[t + 1].session == plan->tracks[t].session))
            continue;
        rc = vcdr_disc_close_session(disc, !last, false);
        if (rc != VCDR_OK)
            reason(why, rc, "session %u: %s", plan->tracks[t].session, vcdr_strerror(rc));
    }
    free(buf);
    return rc;
}

static int check_room(const struct plan *plan, const char *image_path,
                      const struct vcdr_geometry *geometry, char **why)
{
    int64_t lead_out = plan_lead_out(plan);

    if (lead_out <= geometry->last_lead_out_lba)
        return VCDR_OK;
    return reason(why, VCDR_ENOSPACE,
                  "%s: does not fit: its lead-out would lie at %lld, the disc's "
                  "last possible is %ld",
                  image_path, (long long)lead_out, (long)geometry->last_lead_out_lba);
}

int vcdr_image_burn(const char *image_path, struct vcdr_disc *disc, char **why)
{
    struct plan *plan;
    int rc;

    if (vcdr_disc_info(disc)->status != VCDR_DISC_BLANK)
        return reason(why, VCDR_ESTATE, "%s: needs a blank disc", image_path);
    plan = malloc(sizeof(*plan));
    if (!plan)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", image_path);
    rc = plan_make(image_path, plan, why);
    if (rc == VCDR_OK) {
        rc = check_room(plan, image_path, &vcdr_disc_info(disc)->geometry, why);
        if (rc == VCDR_OK)
            rc = burn_plan(plan, disc, why);
        plan_free(plan);
    }
    free(plan);
    return rc;
}

/* ---- a disc file of its own ---- */

static int choose_geometry(const struct plan *plan, const char *image_path,
                           struct vcdr_geometry *geometry, char **why)
{
    static const char *const names[] = {"74min", "80min", "90min"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int rc = vcdr_geometry_by_name(names[i], VCDR_MEDIUM_CD_R, geometry);

        if (rc != VCDR_OK || plan_lead_out(plan) <= geometry->last_lead_out_lba)
            return rc;
    }
    return check_room(plan, image_path, geometry, why);
}

static int burn_file(const struct plan *plan, const char *disc_path,
                     const struct vcdr_geometry *geometry, uint32_t serial, char **why)
{
    struct vcdr_store store;
    struct vcdr_disc *disc = NULL;
    int closed, rc = vcdr_store_file(disc_path, VCDR_STORE_CREATE, &store);

    if (rc != VCDR_OK)
        return reason(why, rc, "%s: %s", disc_path, vcdr_strerror(rc));
    rc = vcdr_disc_create(store, geometry, serial);
    if (rc == VCDR_OK)
        rc = vcdr_disc_open(store, &disc);
    if (rc != VCDR_OK) {
        store.ops->close(store.ctx);
        reason(why, rc, "%s: %s", disc_path, vcdr_strerror(rc));
    } else {
        rc = burn_plan(plan, disc, why);
        closed = vcdr_disc_close(disc);
        if (rc == VCDR_OK && closed != VCDR_OK)
            rc = reason(why, closed, "%s: %s", disc_path, vcdr_strerror(closed));
    }
    if (rc != VCDR_OK)
        unlink(disc_path);
    return rc;
}

int vcdr_image_import(const char *image_path, const char *disc_path,
                      const struct vcdr_geometry *geometry, uint32_t serial, char **why)
{
    struct vcdr_geometry chosen;
    struct plan *plan = malloc(sizeof(*plan));
    int rc;

    if (!plan)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", image_path);
    rc = plan_make(image_path, plan, why);
    if (rc == VCDR_OK) {
        if (geometry) {
            chosen = *geometry;
            rc = check_room(plan, image_path, geometry, why);
        } else {
            rc = choose_geometry(plan, image_path, &chosen, why);
        }
        if (rc == VCDR_OK)
            rc = burn_file(plan, disc_path, &chosen, serial, why);
        plan_free(plan);
    }
    free(plan);
    return rc;
}
