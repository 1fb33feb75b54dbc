/* SPDX-License-Identifier: MIT */
/*
 * READ SUB-CHANNEL (MMC-6), and the sub-channel of a block as READ CD gives it. The 16 bytes of Q
 * are those of the disc, in BCD, with its CRC (IEC 60908).
 */
#include "core.h"

#include <string.h>

/* ---- for READ CD ---- */

size_t sub_channel_bytes(enum sub_selection selection)
{
    switch (selection) {
    case SUB_RAW:
    case SUB_RW:
        return VCDR_SUB_BYTES;
    case SUB_Q:
        return 16;
    case SUB_NONE:
        break;
    }
    return 0;
}

/* R-W without their interleave reach into the two blocks behind; at the end of what is recorded
 * their last symbols are not there. */
static int read_rw(struct vcdr_disc *disc, int32_t lba, uint8_t *out)
{
    uint8_t pw[3 * VCDR_SUB_BYTES] = {0};
    uint32_t good = 0;
    int error = vcdr_disc_read_sub(disc, lba, 3, pw, &good);

    if (good == 0 || error == VCDR_EIO || error == VCDR_ENOMEM)
        return error;
    memset(pw + (size_t)good * VCDR_SUB_BYTES, 0, (size_t)(3 - good) * VCDR_SUB_BYTES);
    vcdr_sub_to_packed(pw, out);
    return VCDR_OK;
}

int sub_channel_read(struct vcdr_disc *disc, int32_t lba, uint8_t *out,
                     enum sub_selection selection)
{
    uint8_t pw[VCDR_SUB_BYTES];
    int error;

    if (selection == SUB_RW)
        return read_rw(disc, lba, out);
    error = vcdr_disc_read_sub(disc, lba, 1, pw, NULL);
    if (error != VCDR_OK)
        return error;
    if (selection == SUB_Q)
        vcdr_sub_to_pq16(pw, out);
    else
        memcpy(out, pw, sizeof(pw));
    return VCDR_OK;
}

void sub_channel_of_run_out(const struct vcdr_track *track, int32_t lba, uint8_t *out,
                            enum sub_selection selection)
{
    uint8_t pw[VCDR_SUB_BYTES] = {0}, q[VCDR_Q_BYTES];

    vcdr_sub_q_position(q, track->control, track->number, 1, lba - track->start_lba, lba);
    vcdr_sub_put_pq(pw, false, q);
    if (selection == SUB_Q)
        vcdr_sub_to_pq16(pw, out);
    else if (selection == SUB_RAW)
        memcpy(out, pw, sizeof(pw));
    else
        memset(out, 0, sizeof(pw));
}

/* ---- READ SUB-CHANNEL ---- */

enum {
    AUDIO_STATUS_NONE = 0x15, /* this drive plays nothing */
    FORMAT_POSITION = 1,
    FORMAT_MCN = 2,
    FORMAT_ISRC = 3,
    ADR_POSITION = 1,
    ADR_ISRC = 3,
    VALID = 0x80,
};

static bool in_msf(const struct command *c)
{
    return c->cdb[1] & 0x02;
}

static void put_header(struct command *c, uint16_t length)
{
    writer_u8(&c->in, 0);
    writer_u8(&c->in, AUDIO_STATUS_NONE);
    writer_be16(&c->in, length);
}

/* Blocks from index 1; as times they have no sign. */
static void put_relative(struct command *c, int32_t relative)
{
    uint8_t msf[4] = {0};

    if (in_msf(c)) {
        vcdr_lba_to_msf((relative < 0 ? -relative : relative) - CD_PREGAP_BLOCKS, msf + 1);
        writer_put(&c->in, msf, sizeof(msf));
    } else {
        writer_be32(&c->in, (uint32_t)relative);
    }
}

static void put_absolute(struct command *c, int32_t lba)
{
    uint8_t msf[4] = {0};

    if (in_msf(c)) {
        vcdr_lba_to_msf(lba, msf + 1);
        writer_put(&c->in, msf, sizeof(msf));
    } else {
        writer_be32(&c->in, (uint32_t)lba);
    }
}

/* Where the last block that was read or sought lies. */
static uint32_t position_data(struct command *c)
{
    struct vcdr_position position;
    int error = vcdr_disc_position(c->drive->disc, c->drive->head_lba, &position);

    if (error != VCDR_OK)
        return SENSE_ILLEGAL_MODE_FOR_THIS_TRACK;
    put_header(c, 12);
    writer_u8(&c->in, FORMAT_POSITION);
    writer_u8(&c->in, (uint8_t)(ADR_POSITION << 4 | position.control));
    writer_u8(&c->in, position.track);
    writer_u8(&c->in, position.index);
    put_absolute(c, c->drive->head_lba);
    put_relative(c, position.relative);
    return SENSE_NONE;
}

/* A number of `len` characters with its valid bit, filled to 16 bytes: zero, AFRAME, zeros. */
static void put_code(struct command *c, const char *code, size_t len)
{
    bool valid = code[0] != '\0';

    writer_u8(&c->in, valid ? VALID : 0);
    if (valid)
        writer_put(&c->in, code, len);
    writer_zero(&c->in, valid ? 15 - len : 15);
}

static uint32_t mcn_data(struct command *c)
{
    put_header(c, 20);
    writer_u8(&c->in, FORMAT_MCN);
    writer_zero(&c->in, 3);
    put_code(c, vcdr_disc_info(c->drive->disc)->mcn, 13);
    return SENSE_NONE;
}

static uint32_t isrc_data(struct command *c)
{
    struct vcdr_track track;

    if (c->cdb[6] < 1 || c->cdb[6] > vcdr_disc_info(c->drive->disc)->tracks ||
        vcdr_disc_track(c->drive->disc, c->cdb[6], &track) != VCDR_OK)
        return SENSE_INVALID_FIELD_IN_CDB;
    put_header(c, 20);
    writer_u8(&c->in, FORMAT_ISRC);
    writer_u8(&c->in, (uint8_t)(ADR_ISRC << 4 | track.control));
    writer_u8(&c->in, track.number);
    writer_u8(&c->in, 0);
    put_code(c, track.isrc, 12);
    return SENSE_NONE;
}

uint32_t read_sub_channel(struct command *c)
{
    static uint32_t (*const formats[])(struct command * c) = {
        [FORMAT_POSITION] = position_data,
        [FORMAT_MCN] = mcn_data,
        [FORMAT_ISRC] = isrc_data,
    };
    uint8_t format = c->cdb[3];

    limit_in(c, get_be16(c->cdb + 7));
    if (!(c->cdb[2] & 0x40)) { /* SubQ: without it the format is not looked at */
        put_header(c, 0);
        return SENSE_NONE;
    }
    if (format >= sizeof(formats) / sizeof(formats[0]) || formats[format] == NULL)
        return SENSE_INVALID_FIELD_IN_CDB;
    return formats[format](c);
}
