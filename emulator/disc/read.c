/* SPDX-License-Identifier: MIT */
/*
 * Reading the main channel: an address is found once for a run of blocks, which then come from the
 * store in one read, straight into the caller's buffer where they fit, and are made into sectors.
 */
#include <string.h>

#include "bytes.h"
#include "disc_private.h"

/* ---- a sector out of what the host sent ---- */

/* A host that sends whole XA sectors of form 2 may have left their EDC out, which is zero then. */
static void finish_xa(const struct vcdr_disc *disc, const struct shape *shape, int32_t lba,
                      uint8_t *sector)
{
    bool no_edc = shape->main >= SECTOR_BYTES - SECTOR_DATA_AT && !shape->empty &&
                  (sector[SECTOR_SUBMODE_AT] & SECTOR_SUBMODE_FORM2) &&
                  get_be32(sector + SECTOR_FORM2_EDC_AT) == 0;

    sector_finish_mode2(&disc->edc, sector, lba);
    if (no_edc)
        put_be32(sector + SECTOR_FORM2_EDC_AT, 0);
}

/* The host's bytes are where they belong; makes the rest. */
static void finish_sector(const struct vcdr_disc *disc, const struct run *run, int32_t lba,
                          uint8_t *sector)
{
    switch (run->shape.kind) {
    case SECTOR_AUDIO:
        break;
    case SECTOR_MODE1:
        sector_finish_mode1(&disc->edc, sector, lba);
        break;
    case SECTOR_MODE2:
        sector_finish_formless(sector, lba);
        break;
    case SECTOR_FORM1:
    case SECTOR_FORM2:
        memcpy(sector + SECTOR_DATA_AT, run->track->sub_header, 4);
        memcpy(sector + SECTOR_DATA_AT + 4, run->track->sub_header, 4);
        sector_finish_mode2(&disc->edc, sector, lba);
        break;
    case SECTOR_FORM1_OWN:
        sector[SECTOR_SUBMODE_AT] &= (uint8_t)~SECTOR_SUBMODE_FORM2;
        sector[SECTOR_SUBMODE_AT + 4] &= (uint8_t)~SECTOR_SUBMODE_FORM2;
        sector_finish_mode2(&disc->edc, sector, lba);
        break;
    case SECTOR_XA:
        finish_xa(disc, &run->shape, lba, sector);
        break;
    case SECTOR_RAW:
        if (run->stretch->control & CONTROL_DATA)
            sector_scramble(&disc->scramble, sector);
        break;
    }
}

/* Nothing of the main channel comes from the host. */
static bool made_of_zeros(const struct run *run)
{
    return !run->stored || run->shape.empty;
}

/* ---- a run of raw sectors ---- */

/* Host blocks without sub-channel, packed at the end of the room for sectors, move to where they
 * belong from the front on: a sector's end never passes the beginning of the next packed block. */
static int raw_in_place(struct vcdr_disc *disc, const struct run *run, int32_t lba, uint32_t blocks,
                        uint8_t *buf)
{
    const struct shape *shape = &run->shape;
    size_t len = (size_t)blocks * shape->main;
    const uint8_t *packed = buf + (size_t)blocks * SECTOR_BYTES - len;
    int rc = disc->store.ops->read(disc->store.ctx, run->offset,
                                   buf + (size_t)blocks * SECTOR_BYTES - len, len);

    for (uint32_t i = 0; rc == VCDR_OK && i < blocks; i++) {
        memmove(buf + shape->at, packed, shape->main);
        finish_sector(disc, run, lba + (int32_t)i, buf);
        buf += SECTOR_BYTES;
        packed += shape->main;
    }
    return rc;
}

/* Blocks that are longer than a sector: by way of the scratch. */
static int raw_staged(struct vcdr_disc *disc, const struct run *run, int32_t lba, uint32_t blocks,
                      uint8_t *buf)
{
    const struct shape *shape = &run->shape;
    uint32_t bytes = shape_bytes(shape), at_once = AREA_BYTES / bytes;

    for (uint32_t done = 0; done < blocks;) {
        uint32_t n = blocks - done < at_once ? blocks - done : at_once;
        int rc = disc->store.ops->read(disc->store.ctx, run->offset + (uint64_t)done * bytes,
                                       disc->scratch, (size_t)n * bytes);

        if (rc != VCDR_OK)
            return rc;
        for (uint32_t i = 0; i < n; i++, done++, buf += SECTOR_BYTES) {
            memcpy(buf + shape->at, disc->scratch + (size_t)i * bytes, shape->main);
            finish_sector(disc, run, lba + (int32_t)done, buf);
        }
    }
    return VCDR_OK;
}

static int raw_run(struct vcdr_disc *disc, const struct run *run, int32_t lba, uint32_t blocks,
                   uint8_t *buf)
{
    if (!made_of_zeros(run))
        return run->shape.sub == SUB_NONE ? raw_in_place(disc, run, lba, blocks, buf)
                                          : raw_staged(disc, run, lba, blocks, buf);
    memset(buf, 0, (size_t)blocks * SECTOR_BYTES);
    for (uint32_t i = 0; i < blocks; i++, buf += SECTOR_BYTES)
        finish_sector(disc, run, lba + (int32_t)i, buf);
    return VCDR_OK;
}

/* ---- a run of user data ---- */

/* A sector that the host made: is it one with 2048 bytes of user data, and whole? */
static int user_of_raw(const struct vcdr_disc *disc, const struct run *run, uint8_t *sector,
                       uint8_t *to)
{
    if (!(run->stretch->control & CONTROL_DATA))
        return VCDR_EMODE;
    if (!sector_has_sync(sector))
        return VCDR_EUNREADABLE;
    sector_scramble(&disc->scramble, sector);
    if (sector[SECTOR_HEADER_AT + 3] == 1) {
        memcpy(to, sector + SECTOR_DATA_AT, SECTOR_USER_BYTES);
        return sector_edc_good(&disc->edc, sector, 0, SECTOR_MODE1_EDC_AT) ? VCDR_OK
                                                                           : VCDR_EUNREADABLE;
    }
    if (sector[SECTOR_HEADER_AT + 3] != 2 || (sector[SECTOR_SUBMODE_AT] & SECTOR_SUBMODE_FORM2) ||
        memcmp(sector + SECTOR_DATA_AT, sector + SECTOR_DATA_AT + 4, 4) != 0)
        return VCDR_EMODE;
    memcpy(to, sector + SECTOR_FORM_DATA_AT, SECTOR_USER_BYTES);
    return sector_edc_good(&disc->edc, sector, SECTOR_DATA_AT, SECTOR_FORM1_EDC_AT)
               ? VCDR_OK
               : VCDR_EUNREADABLE;
}

/* A host's block of a kind that can have user data. */
static int user_of_block(const struct vcdr_disc *disc, const struct run *run, uint8_t *block,
                         uint8_t *to)
{
    const struct shape *shape = &run->shape;

    switch (shape->kind) {
    case SECTOR_MODE1:
        memcpy(to, block + SECTOR_DATA_AT - shape->at, SECTOR_USER_BYTES);
        return VCDR_OK;
    case SECTOR_XA:
        if (block[SECTOR_SUBMODE_AT - shape->at] & SECTOR_SUBMODE_FORM2)
            return VCDR_EMODE;
        memcpy(to, block + SECTOR_FORM_DATA_AT - shape->at, SECTOR_USER_BYTES);
        return VCDR_OK;
    case SECTOR_FORM1:
    case SECTOR_FORM1_OWN:
        memcpy(to, block + SECTOR_FORM_DATA_AT - shape->at, SECTOR_USER_BYTES);
        return VCDR_OK;
    case SECTOR_RAW:
        return user_of_raw(disc, run, block, to);
    case SECTOR_AUDIO:
    case SECTOR_MODE2:
    case SECTOR_FORM2:
        break;
    }
    return VCDR_EMODE;
}

static int user_staged(struct vcdr_disc *disc, const struct run *run, uint32_t blocks, uint8_t *buf,
                       uint32_t *done)
{
    uint32_t bytes = shape_bytes(&run->shape), at_once = AREA_BYTES / bytes;

    while (*done < blocks) {
        uint32_t n = blocks - *done < at_once ? blocks - *done : at_once;
        int rc = disc->store.ops->read(disc->store.ctx, run->offset + (uint64_t)*done * bytes,
                                       disc->scratch, (size_t)n * bytes);

        for (uint32_t i = 0; rc == VCDR_OK && i < n; i++) {
            rc = user_of_block(disc, run, disc->scratch + (size_t)i * bytes,
                               buf + (size_t)*done * SECTOR_USER_BYTES);
            if (rc == VCDR_OK)
                ++*done;
        }
        if (rc != VCDR_OK)
            return rc;
    }
    return VCDR_OK;
}

static int user_run(struct vcdr_disc *disc, const struct run *run, uint32_t blocks, uint8_t *buf,
                    uint32_t *done)
{
    enum sector_kind kind = run->shape.kind;
    size_t len = (size_t)blocks * SECTOR_USER_BYTES;
    int rc = VCDR_OK;

    *done = 0;
    if (kind == SECTOR_AUDIO || kind == SECTOR_MODE2 || kind == SECTOR_FORM2)
        return VCDR_EMODE;
    if (made_of_zeros(run))
        memset(buf, 0, len);
    else if (shape_bytes(&run->shape) == SECTOR_USER_BYTES)
        rc = disc->store.ops->read(disc->store.ctx, run->offset, buf, len);
    else
        return user_staged(disc, run, blocks, buf, done);
    if (rc == VCDR_OK)
        *done = blocks;
    return rc;
}

/* ---- the calls ---- */

int vcdr_disc_read_raw(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                       uint32_t *done)
{
    uint32_t good = 0;
    int rc = VCDR_OK;

    disc = recorded(disc);
    while (rc == VCDR_OK && good < blocks) {
        struct run run;
        uint32_t n;

        rc = run_find(disc, lba + (int32_t)good, &run);
        if (rc != VCDR_OK)
            break;
        n = blocks - good < run.blocks ? blocks - good : run.blocks;
        rc = raw_run(disc, &run, run.address, n, (uint8_t *)buf + (size_t)good * SECTOR_BYTES);
        if (rc == VCDR_OK)
            good += n;
    }
    if (done)
        *done = good;
    return rc;
}

int vcdr_disc_read_user(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                        uint32_t *done)
{
    uint32_t good = 0;
    int rc = VCDR_OK;

    disc = recorded(disc);
    while (rc == VCDR_OK && good < blocks) {
        struct run run;
        uint32_t n, part;

        rc = run_find(disc, lba + (int32_t)good, &run);
        if (rc != VCDR_OK)
            break;
        n = blocks - good < run.blocks ? blocks - good : run.blocks;
        rc = user_run(disc, &run, n, (uint8_t *)buf + (size_t)good * SECTOR_USER_BYTES, &part);
        good += part;
    }
    if (done)
        *done = good;
    return rc;
}
