/* SPDX-License-Identifier: MIT */
/* READ(10/12), READ CAPACITY, SEEK(10) (MMC-6): user data by address. */
#include "core.h"

#include <string.h>

int32_t recorded_end(const struct vcdr_disc *disc)
{
    uint8_t tracks = vcdr_disc_info(disc)->tracks;
    struct vcdr_track last;

    if (tracks == 0 || vcdr_disc_track(disc, tracks, &last) != VCDR_OK)
        return 0;
    return last.start_lba + (int32_t)last.written;
}

uint32_t check_range(struct command *c, int32_t lowest, int32_t end, int32_t lba, uint32_t blocks)
{
    if (lba >= lowest && (int64_t)lba + blocks <= end)
        return SENSE_NONE;
    c->information = (uint32_t)(lba >= lowest && lba < end ? end : lba);
    c->information_valid = true;
    return SENSE_LBA_OUT_OF_RANGE;
}

uint32_t read_failed(struct command *c, int error, int32_t lba, uint32_t done)
{
    if (error == VCDR_ENOMEM)
        return SENSE_INTERNAL_TARGET_FAILURE;
    c->information = (uint32_t)lba + done;
    c->information_valid = true;
    if (error == VCDR_EADDRESS)
        return SENSE_LBA_OUT_OF_RANGE;
    if (error == VCDR_EIO)
        return SENSE_UNRECOVERED_READ_ERROR;
    /* the sector is of another mode, or a gap; not 03/11: a host would try again, for nothing */
    return SENSE_ILLEGAL_MODE_FOR_THIS_TRACK;
}

/* Straight into the initiator's room as far as whole blocks fit; the rest is counted, not read. */
static uint32_t read_blocks(struct command *c, uint32_t address, uint32_t blocks)
{
    int32_t lba = (int32_t)address;
    struct vcdr_disc *disc = c->drive->disc;
    size_t fit = c->in.room / CD_USER_BLOCK_BYTES;
    uint32_t whole = blocks < fit ? blocks : (uint32_t)fit;
    uint8_t tail[CD_USER_BLOCK_BYTES];
    uint32_t done = 0;
    /* unlike READ CD's, these addresses have no sign: the first pre-gap cannot be named */
    uint32_t sense = check_range(c, 0, recorded_end(disc), lba, blocks);
    int error = VCDR_OK;

    if (sense != SENSE_NONE)
        return sense;
    power_wake(c->drive);
    if (whole > 0)
        error = vcdr_disc_read_user(disc, lba, whole, c->in.buf, &done);
    if (error != VCDR_OK)
        return read_failed(c, error, lba, done);
    c->in.len = (size_t)whole * CD_USER_BLOCK_BYTES;
    if (blocks > 0)
        c->drive->head_lba = lba + (int32_t)blocks - 1;
    if (whole == blocks)
        return SENSE_NONE;
    error = vcdr_disc_read_user(disc, lba + (int32_t)whole, 1, tail, NULL);
    if (error != VCDR_OK)
        return read_failed(c, error, lba, whole);
    writer_put(&c->in, tail, sizeof(tail));
    c->in.len = (size_t)blocks * CD_USER_BLOCK_BYTES;
    return SENSE_NONE;
}

static bool relative_address(const struct command *c)
{
    return c->cdb[1] & 0x01;
}

uint32_t read_10(struct command *c)
{
    if (relative_address(c))
        return SENSE_INVALID_FIELD_IN_CDB;
    return read_blocks(c, get_be32(c->cdb + 2), get_be16(c->cdb + 7));
}

uint32_t read_12(struct command *c)
{
    if (relative_address(c))
        return SENSE_INVALID_FIELD_IN_CDB;
    return read_blocks(c, get_be32(c->cdb + 2), get_be32(c->cdb + 6));
}

/* The last user block of the last complete session: its run-out, which cannot be read, is left out.
 * 0 while there is none, as drives answer for write-once media. */
uint32_t read_capacity(struct command *c)
{
    const struct vcdr_disc *disc = c->drive->disc;
    unsigned sessions = vcdr_disc_info(disc)->complete_sessions;
    struct vcdr_session session;
    struct vcdr_track last;
    uint32_t last_lba = 0;

    if (relative_address(c) || c->cdb[8] & 0x01) /* RelAdr, PMI */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (sessions > 0) {
        if (vcdr_disc_session(disc, sessions, &session) != VCDR_OK ||
            vcdr_disc_track(disc, session.last_track, &last) != VCDR_OK)
            return SENSE_INTERNAL_TARGET_FAILURE;
        last_lba = (uint32_t)last.start_lba + last.written - 1;
    }
    writer_be32(&c->in, last_lba);
    writer_be32(&c->in, CD_USER_BLOCK_BYTES);
    return SENSE_NONE;
}

uint32_t seek_10(struct command *c)
{
    int32_t lba = (int32_t)get_be32(c->cdb + 2);
    uint32_t sense;

    if (relative_address(c))
        return SENSE_INVALID_FIELD_IN_CDB;
    sense = check_range(c, 0, recorded_end(c->drive->disc), lba, 0);
    if (sense == SENSE_NONE)
        c->drive->head_lba = lba;
    return sense;
}
