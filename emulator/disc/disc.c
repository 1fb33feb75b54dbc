/* SPDX-License-Identifier: MIT */
/* A disc comes into being, is opened and goes away: the header of the file. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "crc32.h"
#include "disc_private.h"

/* As PNG's signature: catches a file that went through a text conversion. */
static const uint8_t magic[8] = {0x89, 'V', 'C', 'D', 'R', '\r', '\n', 0x1A};
enum { HEADER_CRC_AT = HEADER_BYTES - 4 };

static bool geometry_sound(const struct vcdr_geometry *geometry)
{
    return (geometry->medium == VCDR_MEDIUM_CD_R || geometry->medium == VCDR_MEDIUM_CD_RW) &&
           geometry->lead_in_lba >= -45150 && /* 90:00:00 */
           geometry->lead_in_lba <= -CD_PREGAP_BLOCKS - LATER_LEAD_IN_BLOCKS &&
           geometry->last_lead_out_lba >= CD_MIN_TRACK_BLOCKS + RUN_OUT_BLOCKS &&
           geometry->last_lead_out_lba < 404850; /* 90:00:00 */
}

static void put_header(uint8_t *header, const struct vcdr_geometry *geometry, uint32_t serial)
{
    memset(header, 0, HEADER_BYTES);
    memcpy(header, magic, sizeof(magic));
    put_be16(header + 8, FORMAT_VERSION);
    header[10] = geometry->medium == VCDR_MEDIUM_CD_RW;
    put_be32(header + 12, (uint32_t)geometry->lead_in_lba);
    put_be32(header + 16, (uint32_t)geometry->last_lead_out_lba);
    put_be32(header + 20, serial);
    put_be32(header + HEADER_CRC_AT, crc32_of(header, HEADER_CRC_AT));
}

int vcdr_disc_create(struct vcdr_store store, const struct vcdr_geometry *geometry, uint32_t serial)
{
    uint8_t header[HEADER_BYTES] = {0};
    int rc;

    if (!geometry || !geometry_sound(geometry))
        return VCDR_EINVAL;
    /* The header comes last: until it is durable the store holds no disc, neither the new one nor a
     * former one with half of its log gone. */
    rc = store.ops->write(store.ctx, 0, header, sizeof(header));
    if (rc == VCDR_OK)
        rc = store.ops->flush(store.ctx);
    if (rc == VCDR_OK)
        rc = log_format(store);
    if (rc == VCDR_OK)
        rc = store.ops->flush(store.ctx);
    put_header(header, geometry, serial);
    if (rc == VCDR_OK)
        rc = store.ops->write(store.ctx, 0, header, sizeof(header));
    return rc == VCDR_OK ? store.ops->flush(store.ctx) : rc;
}

/* The first 128 bytes and their check word are the same in every version to come. */
static int read_header(struct vcdr_disc *disc)
{
    uint8_t header[HEADER_BYTES];
    uint64_t size;
    int rc = disc->store.ops->size(disc->store.ctx, &size);

    if (rc == VCDR_OK)
        rc = disc->store.ops->read(disc->store.ctx, 0, header, sizeof(header));
    if (rc != VCDR_OK)
        return rc;
    if (memcmp(header, magic, sizeof(magic)) != 0)
        return VCDR_ENOTDISC;
    if (size < HEADER_BYTES)
        return VCDR_ECUTSHORT;
    if (get_be32(header + HEADER_CRC_AT) != crc32_of(header, HEADER_CRC_AT))
        return VCDR_EDAMAGED;
    if (get_be16(header + 8) != FORMAT_VERSION)
        return VCDR_ENEWER;
    if (size < DATA_AT)
        return VCDR_ECUTSHORT;
    disc->info.geometry = (struct vcdr_geometry){
        .medium = header[10] ? VCDR_MEDIUM_CD_RW : VCDR_MEDIUM_CD_R,
        .lead_in_lba = (int32_t)get_be32(header + 12),
        .last_lead_out_lba = (int32_t)get_be32(header + 16),
    };
    disc->info.serial = get_be32(header + 20);
    return geometry_sound(&disc->info.geometry) ? VCDR_OK : VCDR_EDAMAGED;
}

/* The log counts blocks that were durable before it did, so a shorter file has lost some. */
static int check_size(const struct vcdr_disc *disc)
{
    uint64_t size;
    int rc = disc->store.ops->size(disc->store.ctx, &size);

    if (rc == VCDR_OK && disc->snapshot && disc->snapshot->end > size)
        rc = VCDR_ECUTSHORT;
    if (rc == VCDR_OK && layout_stored_end(disc) > size)
        rc = VCDR_ECUTSHORT;
    return rc;
}

int vcdr_disc_open(struct vcdr_store store, struct vcdr_disc **out)
{
    struct vcdr_disc *disc = calloc(1, sizeof(*disc));
    int rc;

    if (!disc)
        return VCDR_ENOMEM;
    disc->store = store;
    rc = read_header(disc);
    if (rc == VCDR_OK)
        rc = log_replay(disc);
    if (rc == VCDR_OK)
        rc = check_size(disc);
    if (rc != VCDR_OK) {
        free(disc->snapshot);
        free(disc);
        return rc;
    }
    edc_table_make(&disc->edc);
    scramble_table_make(&disc->scramble);
    /* What was read may be what a process wrote that died before its flush, or whose flush failed:
     * readable, and yet not durable. Where it cannot be made so, the disc can be read. */
    disc->failed = store.ops->flush(store.ctx) != VCDR_OK;
    *out = disc;
    return VCDR_OK;
}

void vcdr_disc_abandon(struct vcdr_disc *disc)
{
    vcdr_disc_rehearsal_end(disc);
    disc->store.ops->close(disc->store.ctx);
    free(disc->snapshot);
    free(disc);
}

int vcdr_disc_close(struct vcdr_disc *disc)
{
    int rc;

    if (!disc)
        return VCDR_OK;
    vcdr_disc_rehearsal_end(disc);
    rc = vcdr_disc_flush(disc);
    vcdr_disc_abandon(disc);
    return rc;
}

const struct vcdr_disc_info *vcdr_disc_info(const struct vcdr_disc *disc)
{
    return &disc->info;
}
