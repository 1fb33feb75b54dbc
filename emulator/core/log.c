/* SPDX-License-Identifier: MIT */
/* LOG SENSE (SPC-3 6.6): page 00h, and the write state page 39h (docs/wire-extension.md). */
#include "core.h"

#include <string.h>

enum {
    LOG_HEADER = 4,
    PARAMETER_CONTROL = 0x03, /* binary list parameter (SPC-3 7.2.1) */
    PC_CUMULATIVE = 1,
    PARAMETER_OWNER = 0x0010,
    PARAMETER_HISTORY = 0x0011,
};

bool log_sense_exempt(const struct command *c)
{
    uint8_t code = c->cdb[2] & 0x3F;

    return code == LOG_PAGE_SUPPORTED || code == LOG_PAGE_WRITE_STATE;
}

static uint32_t supported_pages(struct command *c)
{
    static const uint8_t page[] = {
        LOG_PAGE_SUPPORTED, 0, 0, 2, LOG_PAGE_SUPPORTED, LOG_PAGE_WRITE_STATE,
    };

    writer_put(&c->in, page, sizeof(page));
    return SENSE_NONE;
}

static void put_write_state(const struct vcdr_drive *drive, uint8_t *p)
{
    int32_t lba;
    unsigned track = next_writable(drive, &lba);

    p[0] = drive->shown_write_state;
    p[1] = drive->mode.write_parameters[2] & 0x0F;
    put_be16(p + 2, (uint16_t)track);
    put_be32(p + 4, (uint32_t)lba);
}

static void put_blocks_written(const struct vcdr_drive *drive, uint8_t *p)
{
    put_be64(p, drive->blocks_written);
}

static void put_time(const struct vcdr_drive *drive, uint8_t *p)
{
    put_be64(p, drive->now.us - drive->power_on_us);
}

static void put_granted(const struct vcdr_drive *drive, uint8_t *p)
{
    put_be32(p, drive->exclusive.granted);
}

static void put_refused(const struct vcdr_drive *drive, uint8_t *p)
{
    put_be32(p, drive->exclusive.refused);
}

static void put_lost(const struct vcdr_drive *drive, uint8_t *p)
{
    put_be32(p, drive->exclusive.lost);
}

static void put_owner(const struct vcdr_drive *drive, uint8_t *p)
{
    const char *owner = exclusive_owner(drive);

    if (owner != NULL)
        memcpy(p, owner, EXCLUSIVE_NAME_FIELD);
}

struct log_parameter {
    uint16_t code;
    uint8_t length;
    void (*put)(const struct vcdr_drive *drive, uint8_t *value); /* over zeros */
};

static const struct log_parameter parameters[] = {
    {0x0000, 8, put_write_state},
    {0x0001, 8, put_blocks_written},
    {0x0002, 8, put_time},
    {0x0003, 4, put_granted},
    {0x0004, 4, put_refused},
    {0x0005, 4, put_lost},
    {PARAMETER_OWNER, EXCLUSIVE_NAME_FIELD, put_owner},
};

static void put_parameter(struct writer *w, uint16_t code, const void *value, uint8_t length)
{
    writer_be16(w, code);
    writer_u8(w, PARAMETER_CONTROL);
    writer_u8(w, length);
    writer_put(w, value, length);
}

/* All parameters from `first` on, ascending. */
static uint32_t write_state_page(struct command *c)
{
    const struct exclusive *x = &c->drive->exclusive;
    uint16_t first = get_be16(c->cdb + 5);

    if (first > PARAMETER_OWNER + x->history_len)
        return SENSE_INVALID_FIELD_IN_CDB;
    writer_be32(&c->in, (uint32_t)LOG_PAGE_WRITE_STATE << 24);
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        uint8_t value[EXCLUSIVE_NAME_FIELD] = {0};

        if (parameters[i].code < first)
            continue;
        parameters[i].put(c->drive, value);
        put_parameter(&c->in, parameters[i].code, value, parameters[i].length);
    }
    for (unsigned i = 0; i < x->history_len; i++) {
        if (PARAMETER_HISTORY + i >= first)
            put_parameter(&c->in, (uint16_t)(PARAMETER_HISTORY + i), x->history[i],
                          EXCLUSIVE_NAME_FIELD);
    }
    writer_patch16(&c->in, 2, (uint16_t)(c->in.len - LOG_HEADER));
    return SENSE_NONE;
}

struct log_page {
    uint8_t code;
    uint32_t (*put)(struct command *c);
};

static const struct log_page pages[] = {
    {LOG_PAGE_SUPPORTED, supported_pages},
    {LOG_PAGE_WRITE_STATE, write_state_page},
};

uint32_t log_sense(struct command *c)
{
    uint8_t code = c->cdb[2] & 0x3F;

    if (c->cdb[1] & 0x03) /* PPC and SP: only changed parameters, save */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (c->cdb[3] != 0) /* subpage */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (code != LOG_PAGE_SUPPORTED && c->cdb[2] >> 6 != PC_CUMULATIVE)
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, get_be16(c->cdb + 7));
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (pages[i].code == code)
            return pages[i].put(c);
    }
    return SENSE_INVALID_FIELD_IN_CDB;
}
