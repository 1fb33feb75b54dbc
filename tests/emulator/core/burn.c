/* SPDX-License-Identifier: MIT */
#include "burn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS_AT_ONCE = 1000 };

const char *cdbf(const char *format, ...)
{
    static char text[128];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return text;
}

uint32_t be16_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

uint32_t be32_at(const uint8_t *p)
{
    return be16_at(p) << 16 | be16_at(p + 2);
}

void pattern(uint8_t *block, int32_t lba, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        block[i] = (uint8_t)((uint32_t)lba * 31 + i * 7 + (i >> 8));
}

struct reply *select_write_type(struct harness *h, unsigned write_type, unsigned multi,
                                unsigned mode, unsigned type, unsigned format)
{
    uint8_t list[8 + 52] = {0};

    list[8] = 0x05;
    list[9] = 0x32;
    list[10] = (uint8_t)(0x40 | write_type); /* BUFE */
    list[11] = (uint8_t)(multi << 6 | mode);
    list[12] = (uint8_t)type;
    list[16] = (uint8_t)format;
    list[23] = 150;  /* audio pause length */
    list[58] = 0x08; /* sub-mode: data */
    return run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0);
}

struct reply *select_page_05(struct harness *h, unsigned multi, unsigned mode, unsigned type,
                             unsigned format)
{
    return select_write_type(h, 1, multi, mode, type, format);
}

struct reply *send_cue(struct harness *h, const char *entries)
{
    static uint8_t sheet[65536];
    size_t len = from_hex(entries, sheet, sizeof(sheet));

    return run_data(h, ONE, cdbf("5D 00 00 00 00 00 %06X 00", (unsigned)len), sheet, len, 0);
}

struct reply *write_once(struct harness *h, int32_t lba, uint32_t blocks, size_t bytes)
{
    uint8_t *data = malloc(blocks * bytes + 1);
    struct reply *r;

    assert_non_null(data);
    for (uint32_t i = 0; i < blocks; i++)
        pattern(data + i * bytes, lba + (int32_t)i, bytes);
    r = run_data(h, ONE, cdbf("2A 00 %08X 00 %04X 00", (unsigned)lba, (unsigned)blocks), data,
                 blocks * bytes, 0);
    free(data);
    return r;
}

void write_good(struct harness *h, int32_t lba, uint32_t blocks, size_t bytes)
{
    while (blocks > 0) {
        uint32_t n = blocks < BLOCKS_AT_ONCE ? blocks : BLOCKS_AT_ONCE;

        assert_good(write_once(h, lba, n, bytes));
        lba += (int32_t)n;
        blocks -= n;
    }
}

int32_t next_address(struct harness *h)
{
    struct reply *r = run(h, ONE, "52 01 00 00 00 FF 00 00 24 00");

    assert_good(r);
    assert_int_equal(r->data[7] & 0x01, 0x01); /* NWA_V */
    return (int32_t)be32_at(r->data + 12);
}

static int32_t burn(struct harness *h, uint32_t blocks, size_t bytes)
{
    int32_t start = next_address(h);

    write_good(h, start, blocks, bytes);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    return start;
}

int32_t burn_audio(struct harness *h, uint32_t blocks)
{
    assert_good(select_page_05(h, 0, 0, 0, 0));
    return burn(h, blocks, 2352);
}

int32_t burn_data(struct harness *h, uint32_t blocks)
{
    assert_good(select_page_05(h, 0, 4, 8, 0));
    return burn(h, blocks, 2048);
}

void close_session(struct harness *h, unsigned multi)
{
    assert_good(select_page_05(h, multi, 4, 8, 0));
    assert_good(run(h, ONE, "5B 00 02 00 00 00 00 00 00 00"));
}

const char *write_states(struct harness *h)
{
    static char text[1024];

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(h->events); i++) {
        json_t *line = json_array_get(h->events, i);

        if (strcmp(member(line, "event"), "write-state") != 0)
            continue;
        strcat(text, member(line, "from"));
        strcat(text, ">");
        strcat(text, member(line, "to"));
        strcat(text, " ");
    }
    return text;
}
