/* SPDX-License-Identifier: MIT */
/*
 * WRITE of a raw session (MMC-6): lead-in, program area and lead-out, all as the host makes them.
 * The sub-channel of data block types 1 and 2 becomes what the disc has, raw P-W; raw.c reads its
 * Q.
 */
#include <stdlib.h>
#include <string.h>

#include "at_once.h"

enum { RAW_BLOCK_BYTES = CD_RAW_BLOCK_BYTES + VCDR_SUB_BYTES, PQ_BYTES = 16 };
enum { LEAD_OUT_BLOCKS = 6750 }; /* the longest: of a first session */

static unsigned raw_bytes(unsigned type)
{
    switch (type) {
    case BLOCK_TYPE_RAW_PQ:
        return CD_RAW_BLOCK_BYTES + PQ_BYTES;
    case BLOCK_TYPE_RAW_PACKED:
    case BLOCK_TYPE_RAW_PW:
        return RAW_BLOCK_BYTES;
    default:
        return 0;
    }
}

/* R-W of a block and of the two before it, as block type 2 has them. */
struct packed_window {
    uint8_t blocks[3 * VCDR_SUB_BYTES];
};

static void unpack(struct packed_window *window, const uint8_t *sub, uint8_t *pw)
{
    uint8_t *present = window->blocks + 2 * VCDR_SUB_BYTES;

    memmove(window->blocks, window->blocks + VCDR_SUB_BYTES, 2 * VCDR_SUB_BYTES);
    memcpy(present, sub, VCDR_SUB_BYTES);
    vcdr_sub_pack_parity(present);
    memcpy(pw, sub, VCDR_SUB_BYTES); /* P and Q */
    vcdr_sub_of_packed(window->blocks, pw);
}

static void take_raw_lead_in(struct command *c, unsigned type, uint32_t blocks)
{
    struct at_once *a = c->drive->at_once;
    unsigned bytes = raw_bytes(type);
    uint8_t pw[VCDR_SUB_BYTES], q[VCDR_Q_BYTES];

    for (uint32_t i = 0; i < blocks; i++) {
        const uint8_t *sub = c->out + (size_t)i * bytes + CD_RAW_BLOCK_BYTES;

        if (type == BLOCK_TYPE_RAW_PQ)
            vcdr_sub_of_pq16(sub, pw);
        else /* packs of CD-Text are not interleaved */
            memcpy(pw, sub, sizeof(pw));
        vcdr_sub_get_q(pw, q);
        raw_take_lead_in(&a->raw, q);
        cd_text_collect(&a->text, pw);
    }
}

static void take_raw_program(struct at_once *a, const uint8_t *blocks, uint32_t count)
{
    uint8_t q[VCDR_Q_BYTES];

    for (uint32_t i = 0; i < count; i++) {
        vcdr_sub_get_q(blocks + (size_t)i * RAW_BLOCK_BYTES + CD_RAW_BLOCK_BYTES, q);
        raw_take_program(&a->raw, a->lba + (int32_t)i, q);
    }
}

/* Blocks of the program area, the host's from `from` on, as the disc has them: 2352 bytes and raw
 * P-W. */
static void make_raw(struct packed_window *window, unsigned type, const uint8_t *from,
                     uint32_t count, uint8_t *to)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *sub = from + CD_RAW_BLOCK_BYTES;
        uint8_t *pw = to + CD_RAW_BLOCK_BYTES;

        memcpy(to, from, CD_RAW_BLOCK_BYTES);
        if (type == BLOCK_TYPE_RAW_PQ)
            vcdr_sub_of_pq16(sub, pw);
        else if (type == BLOCK_TYPE_RAW_PACKED)
            unpack(window, sub, pw);
        else
            memcpy(pw, sub, VCDR_SUB_BYTES);
        from += raw_bytes(type);
        to += RAW_BLOCK_BYTES;
    }
}

/* Puts blocks on the disc; as it has them they are in `made`, room for all. */
static int append_raw(struct vcdr_drive *drive, unsigned type, const uint8_t *from, uint32_t count,
                      uint8_t *made)
{
    struct at_once *a = drive->at_once;
    struct packed_window window = {{0}};
    int error = at_once_on_disc(drive) ? VCDR_OK : vcdr_disc_open_raw(drive->disc);

    if (error != VCDR_OK)
        return error;
    memcpy(window.blocks + VCDR_SUB_BYTES, a->packed, sizeof(a->packed));
    make_raw(&window, type, from, count, made);
    error = vcdr_disc_write(drive->disc, made, count);
    if (error == VCDR_OK)
        memcpy(a->packed, window.blocks + VCDR_SUB_BYTES, sizeof(a->packed));
    return error;
}

/* Where the program area ends by the TOC; the lead-out is not kept. */
static int32_t raw_end(const struct vcdr_drive *drive)
{
    const struct toc_point *lead_out = &drive->at_once->raw.lead_out;

    return lead_out->seen ? lead_out->lba : vcdr_disc_info(drive->disc)->geometry.last_lead_out_lba;
}

/* Blocks of `left` from `lba` on that lie before `end`. */
static uint32_t before(int32_t lba, int32_t end, uint32_t left)
{
    if (lba >= end)
        return 0;
    return left < (uint32_t)(end - lba) ? left : (uint32_t)(end - lba);
}

/* What of a command lies where: first blocks of the lead-in, then of the program area; the rest is
 * lead-out. */
struct raw_span {
    uint32_t lead_in, program;
};

static struct raw_span raw_span_of(const struct vcdr_drive *drive, uint32_t blocks)
{
    const struct at_once *a = drive->at_once;
    struct vcdr_session session = at_once_session(drive);
    struct raw_span span = {.lead_in = before(a->lba, at_once_pregap(&session), blocks)};

    span.program = before(a->lba + (int32_t)span.lead_in, raw_end(drive), blocks - span.lead_in);
    return span;
}

/* The disc first, which may fail; then what the sub-channel says. */
static int write_raw_blocks(struct command *c, unsigned type, struct raw_span span)
{
    struct at_once *a = c->drive->at_once;
    const uint8_t *program = c->out + (size_t)span.lead_in * raw_bytes(type);
    uint8_t *made = malloc((size_t)span.program * RAW_BLOCK_BYTES + 1);
    int error;

    if (made == NULL)
        return VCDR_ENOMEM;
    error = span.program > 0 ? append_raw(c->drive, type, program, span.program, made) : VCDR_OK;
    if (error == VCDR_OK) {
        take_raw_lead_in(c, type, span.lead_in);
        a->lba += (int32_t)span.lead_in;
        take_raw_program(a, made, span.program);
        a->lba += (int32_t)span.program;
    }
    free(made);
    return error;
}

static uint32_t check_raw(const struct command *c, int32_t lba, uint32_t blocks, unsigned bytes)
{
    const struct vcdr_drive *drive = c->drive;
    int32_t limit = vcdr_disc_info(drive->disc)->geometry.last_lead_out_lba + LEAD_OUT_BLOCKS;
    struct vcdr_session session = at_once_session(drive);

    if (drive->at_once == NULL && session.state != VCDR_SESSION_EMPTY)
        return SENSE_PROGRAM_AREA_NOT_EMPTY;
    if (lba != (drive->at_once != NULL ? drive->at_once->lba : session.lead_in_lba))
        return SENSE_INVALID_ADDRESS_FOR_WRITE;
    if ((uint64_t)blocks * bytes != c->out_len)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (blocks > (uint32_t)(limit - lba))
        return SENSE_END_OF_USER_AREA;
    return SENSE_NONE;
}

static uint32_t write_raw(struct command *c, unsigned type, uint32_t blocks)
{
    struct vcdr_drive *drive = c->drive;
    struct at_once *a = drive->at_once;
    bool was_blank = vcdr_disc_info(drive->disc)->status == VCDR_DISC_BLANK;
    struct vcdr_session session = at_once_session(drive);
    int32_t end = a->lba + (int32_t)blocks;
    int error = write_raw_blocks(c, type, raw_span_of(drive, blocks));

    if (error != VCDR_OK)
        return write_failed(error);
    a->lba = end;
    a->in_lead_in = a->lba < at_once_pregap(&session);
    at_once_writing(c);
    at_once_written(c, blocks, was_blank);
    buffer_take(drive, blocks, raw_bytes(type));
    return SENSE_NONE;
}

uint32_t raw_write(struct command *c, int32_t lba, uint32_t blocks)
{
    struct vcdr_drive *drive = c->drive;
    unsigned type = drive->mode.write_parameters[4] & 0x0F;
    uint32_t sense = check_raw(c, lba, blocks, raw_bytes(type));

    if (sense == SENSE_NONE)
        sense = buffer_check(drive, blocks, raw_bytes(type));
    if (sense != SENSE_NONE)
        return sense;
    if (drive->at_once == NULL) {
        drive->at_once = at_once_new(drive);
        if (drive->at_once == NULL)
            return SENSE_INTERNAL_TARGET_FAILURE;
        drive->at_once->in_lead_in = true;
    }
    sense = write_raw(c, type, blocks);
    if (!drive->at_once->begun) /* its first command failed */
        at_once_free(drive);
    return sense;
}

bool raw_ended(struct at_once *a, struct vcdr_session_layout *layout)
{
    return raw_layout_get(&a->raw, layout) && a->lba > layout->lead_out_lba;
}
