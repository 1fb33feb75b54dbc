/* SPDX-License-Identifier: MIT */
/* Commands as bytes (MMC-6, SPC-3, docs/wire-extension.md). */
#include <string.h>

#include "walk.h"

static void be(uint8_t *p, unsigned bytes, uint32_t value)
{
    while (bytes-- > 0)
        *p++ = (uint8_t)(value >> 8 * bytes);
}

struct bytes {
    uint8_t *cdb, *out;
    size_t out_len;
};

/* ---- MODE SELECT(10) ---- */

/* PF 1; one page behind eight bytes of header. */
static void select_page(struct bytes *b, uint8_t code, uint8_t length)
{
    b->out_len = 8u + 2u + length;
    memset(b->out, 0, b->out_len);
    b->cdb[1] = 0x10;
    be(b->cdb + 7, 2, (uint32_t)b->out_len);
    b->out[8] = code;
    b->out[9] = length;
}

static void put_lock(const struct ask *ask, struct bytes *b)
{
    select_page(b, 0x39, 0x46);
    b->out[10] = 1;
    b->out[11] = ask->flags;
    memcpy(b->out + 16, ask->name, strnlen(ask->name, NAME_ROOM));
}

static void put_unlock(const struct ask *ask, struct bytes *b)
{
    select_page(b, 0x39, 0x46);
    b->out[10] = 2;
    b->out[11] = ask->flags;
}

static void put_page_unchanged(const struct ask *ask, struct bytes *b)
{
    (void)ask;
    select_page(b, 0x39, 0x46);
}

static void put_page_wrong(const struct ask *ask, struct bytes *b)
{
    select_page(b, 0x39, 0x46);
    switch (ask->flags % 4) {
    case 0:
        b->out[10] = 3; /* no such request */
        break;
    case 1:
        b->out[11] = 4; /* no such flag */
        break;
    case 2:
        b->out[15] = 1; /* reserved */
        break;
    default:
        b->out[9] = 0x45;
        b->out_len--;
        be(b->cdb + 7, 2, (uint32_t)b->out_len);
        break;
    }
}

static void put_write_page(const struct ask *ask, struct bytes *b)
{
    select_page(b, 0x05, 0x32);
    b->out[10] = 0x41 | ask->page.test << 4; /* BUFE, track-at-once */
    b->out[11] = (uint8_t)(ask->page.multi << 6 | ask->page.control);
    b->out[12] = ask->page.type;
    b->out[16] = ask->page.format;
    b->out[23] = PREGAP; /* audio pause length */
    b->out[58] = 0x08;   /* sub-mode: data */
}

/* ---- the others ---- */

static void put_address(const struct ask *ask, struct bytes *b)
{
    be(b->cdb + 2, 4, (uint32_t)ask->lba);
    be(b->cdb + 7, 2, ask->blocks);
}

static void put_read_cd(const struct ask *ask, struct bytes *b)
{
    be(b->cdb + 2, 4, (uint32_t)ask->lba);
    be(b->cdb + 6, 3, ask->blocks);
    b->cdb[9] = 0xF8; /* sync, headers, user data, EDC and ECC */
}

static void put_close(const struct ask *ask, struct bytes *b)
{
    b->cdb[1] = ask->by; /* Immed */
    b->cdb[2] = ask->kind == ASK_CLOSE_TRACK ? 1 : 2;
    if (ask->kind == ASK_CLOSE_WRONG)
        b->cdb[2] = ask->flags % 6 == 0 ? 0 : 2 + ask->flags % 6;
    be(b->cdb + 4, 2, ask->number);
}

static void put_reserve_track(const struct ask *ask, struct bytes *b)
{
    be(b->cdb + 5, 4, ask->number);
}

static void put_disc_information(const struct ask *ask, struct bytes *b)
{
    (void)ask;
    be(b->cdb + 7, 2, 34);
}

static void put_track_information(const struct ask *ask, struct bytes *b)
{
    b->cdb[1] = ask->by;
    be(b->cdb + 2, 4, ask->by == 0 ? (uint32_t)ask->lba : ask->number);
    be(b->cdb + 7, 2, 36);
}

static void put_toc(const struct ask *ask, struct bytes *b)
{
    b->cdb[2] = (uint8_t)ask->number;
    be(b->cdb + 7, 2, 0xFFFF);
}

static void put_configuration(const struct ask *ask, struct bytes *b)
{
    (void)ask;
    be(b->cdb + 7, 2, 8);
}

static void put_media_event(const struct ask *ask, struct bytes *b)
{
    (void)ask;
    b->cdb[1] = 1; /* Polled */
    b->cdb[4] = 0x10;
    be(b->cdb + 7, 2, 8);
}

static void put_log(const struct ask *ask, struct bytes *b)
{
    (void)ask;
    b->cdb[2] = 0x79; /* cumulative values of page 39h */
    be(b->cdb + 7, 2, 0xFFFF);
}

static void put_owner(const struct ask *ask, struct bytes *b)
{
    (void)ask;
    b->cdb[2] = 0x39;
    be(b->cdb + 7, 2, 80);
}

static void put_byte_4(const struct ask *ask, struct bytes *b)
{
    static const uint8_t values[ASK_KINDS] = {
        [ASK_REQUEST_SENSE] = 18, [ASK_PREVENT] = 1, [ASK_EJECT] = 2, [ASK_LOAD] = 3};

    b->cdb[4] = values[ask->kind];
}

/* The form of ten bytes has its code 40h further on. */
static void put_hold(const struct ask *ask, struct bytes *b)
{
    if (ask->by)
        b->cdb[0] |= 0x40;
}

static void put_persist(const struct ask *ask, struct bytes *b)
{
    b->cdb[1] = ask->by;
    b->cdb[2] = (uint8_t)ask->number;
    be(b->cdb + 5, 4, 24);
    b->out_len = 24;
    memset(b->out, 0, b->out_len);
    be(b->out + 4, 4, ask->key);
    be(b->out + 12, 4, ask->service_key);
}

static void put_persist_in(const struct ask *ask, struct bytes *b)
{
    b->cdb[1] = ask->kind == ASK_PERSIST_KEYS ? 0 : 1;
    be(b->cdb + 7, 2, 0xFF);
}

static const struct {
    uint8_t opcode, length;
    void (*put)(const struct ask *ask, struct bytes *b);
} forms[ASK_KINDS] = {
    [ASK_TEST_UNIT_READY] = {0x00, 6, put_byte_4},
    [ASK_REQUEST_SENSE] = {0x03, 6, put_byte_4},
    [ASK_UNKNOWN] = {0x02, 6, put_byte_4},
    [ASK_CONFIGURATION] = {0x46, 10, put_configuration},
    [ASK_MEDIA_EVENT] = {0x4A, 10, put_media_event},
    [ASK_LOG] = {0x4D, 10, put_log},
    [ASK_OWNER] = {0x5A, 10, put_owner},
    [ASK_LOCK] = {0x55, 10, put_lock},
    [ASK_UNLOCK] = {0x55, 10, put_unlock},
    [ASK_PAGE_UNCHANGED] = {0x55, 10, put_page_unchanged},
    [ASK_PAGE_WRONG] = {0x55, 10, put_page_wrong},
    [ASK_RESERVE] = {0x16, 6, put_hold},
    [ASK_RELEASE] = {0x17, 6, put_hold},
    [ASK_PREVENT] = {0x1E, 6, put_byte_4},
    [ASK_ALLOW] = {0x1E, 6, put_byte_4},
    [ASK_EJECT] = {0x1B, 6, put_byte_4},
    [ASK_LOAD] = {0x1B, 6, put_byte_4},
    [ASK_WRITE_PAGE] = {0x55, 10, put_write_page},
    [ASK_WRITE] = {0x2A, 10, put_address},
    [ASK_SYNCHRONIZE] = {0x35, 10, put_byte_4},
    [ASK_CLOSE_TRACK] = {0x5B, 10, put_close},
    [ASK_CLOSE_SESSION] = {0x5B, 10, put_close},
    [ASK_CLOSE_WRONG] = {0x5B, 10, put_close},
    [ASK_RESERVE_TRACK] = {0x53, 10, put_reserve_track},
    [ASK_DISC_INFORMATION] = {0x51, 10, put_disc_information},
    [ASK_TRACK_INFORMATION] = {0x52, 10, put_track_information},
    [ASK_TOC] = {0x43, 10, put_toc},
    [ASK_CAPACITY] = {0x25, 10, put_byte_4},
    [ASK_READ] = {0x28, 10, put_address},
    [ASK_READ_CD] = {0xBE, 12, put_read_cd},
    [ASK_PERSIST] = {0x5F, 10, put_persist},
    [ASK_PERSIST_KEYS] = {0x5E, 10, put_persist_in},
    [ASK_PERSIST_RESERVATION] = {0x5E, 10, put_persist_in},
};

size_t walk_cdb(const struct ask *ask, uint8_t cdb[16], uint8_t out[128], size_t *out_len)
{
    struct bytes b = {.cdb = cdb, .out = out};

    memset(cdb, 0, 16);
    cdb[0] = forms[ask->kind].opcode;
    forms[ask->kind].put(ask, &b);
    *out_len = b.out_len;
    return cdb[0] & 0x40 ? 10 : forms[ask->kind].length;
}
