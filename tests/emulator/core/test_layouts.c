/* SPDX-License-Identifier: MIT */
/*
 * Random layouts: sessions at once of several kinds of tracks, pre-gaps, indexes and codes are
 * announced by a cue sheet, written, and read back block by block with their Q. Then the same disc
 * is copied raw, from what was read of it: the copy must tell and hold the same.
 */
#include "burn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/subchannel.h>

enum { CASES = 24, RAW_CASES = 6, MAX_TRACKS = 6, MAX_PARTS = 40 };
enum { LEAD_IN_START = -11634, CHUNK = 24 };

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define TOC_FULL "43 02 02 00 00 00 00 0F FF 00"

/* What a host sends: data form of the cue sheet, bytes, mode byte of a sector, where the bytes
 * begin in it and how many of them come back as they were. */
static const struct kind {
    uint8_t form, lead_in_form;
    uint16_t bytes;
    uint8_t mode, at;
    uint16_t checked;
} kinds[] = {
    {0x00, 0x01, 2352, 0, 0, 2352},
    {0x10, 0x14, 2048, 1, 16, 2048},
    {0x30, 0x34, 2336, 2, 16, 2336},
    {0x20, 0x24, 2336, 2, 16, 8 + 2048}, /* XA, form 1 */
};
enum { AUDIO, MODE_1, MODE_2, XA };

/* One index of one track. */
struct part {
    uint8_t track, index, control, kind;
    int32_t lba, blocks, index_1;
};

struct layout {
    struct part parts[MAX_PARTS];
    unsigned count;
    int32_t base; /* index 0 of the first track */
    int32_t lead_out;
    unsigned first_track, last_track, multi;
    uint8_t format;
    char mcn[14], isrc[100][13];
};

static uint32_t chance(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % below;
}

/* ---- a layout ---- */

static void add_part(struct layout *l, unsigned track, unsigned index, unsigned control,
                     unsigned kind, int32_t blocks)
{
    l->parts[l->count++] = (struct part){.track = (uint8_t)track,
                                         .index = (uint8_t)index,
                                         .control = (uint8_t)control,
                                         .kind = (uint8_t)kind,
                                         .lba = l->lead_out,
                                         .blocks = blocks};
    l->lead_out += blocks;
}

static void add_track(struct layout *l, uint64_t *state, unsigned number, unsigned data_kind)
{
    unsigned kind = chance(state, 3) == 0 ? data_kind : AUDIO, first = l->count;
    unsigned control = kind == AUDIO ? chance(state, 4) : 4 + 2 * chance(state, 2);
    unsigned indexes = kind == AUDIO ? chance(state, 4) : 0;
    int32_t gap = number == l->first_track ? 150
                  : chance(state, 2)       ? (int32_t)chance(state, 200)
                                           : 0;

    if (gap > 0)
        add_part(l, number, 0, control, kind, gap);
    add_part(l, number, 1, control, kind, 300 + (int32_t)chance(state, 200));
    for (unsigned i = 0; i < indexes; i++)
        add_part(l, number, 2 + i, control, kind, 1 + (int32_t)chance(state, 60));
    for (unsigned i = first; i < l->count; i++)
        l->parts[i].index_1 = l->parts[first].lba + gap;
    if (kind == AUDIO && chance(state, 2))
        snprintf(l->isrc[number], 13, "DEAB%c%07u", 'A' + (int)number, chance(state, 10000000));
}

static void make_layout(struct layout *l, uint64_t *state, int32_t base, unsigned first_track,
                        unsigned multi)
{
    unsigned tracks = 1 + chance(state, MAX_TRACKS), data_kind = MODE_1 + chance(state, 3);

    *l = (struct layout){.base = base,
                         .lead_out = base,
                         .first_track = first_track,
                         .multi = multi,
                         .format = data_kind == XA ? 0x20 : 0};
    l->last_track = first_track + tracks - 1;
    if (chance(state, 2))
        snprintf(l->mcn, sizeof(l->mcn), "%07u%06u", chance(state, 10000000),
                 chance(state, 1000000));
    for (unsigned i = 0; i < tracks; i++)
        add_track(l, state, first_track + i, data_kind);
}

/* ---- announced and written ---- */

static void put_msf_hex(char *text, int32_t blocks)
{
    sprintf(text, "%02X%02X%02X", (unsigned)blocks / 4500, (unsigned)blocks / 75 % 60,
            (unsigned)blocks % 75);
}

/* MCN: 7 and 6 digits from byte 1 on. */
static void cue_mcn(char **at, const char *mcn)
{
    for (unsigned i = 0; i < 13; i++) {
        if (i % 7 == 0)
            *at += sprintf(*at, "02");
        *at += sprintf(*at, "%02X", (unsigned char)mcn[i]);
    }
    *at += sprintf(*at, "00");
}

/* ISRC: 6 and 6 characters behind the track's number. */
static void cue_isrc(char **at, const struct part *p, const char *isrc)
{
    for (unsigned i = 0; i < 12; i++) {
        if (i % 6 == 0)
            *at += sprintf(*at, "%X3%02X", p->control, p->track);
        *at += sprintf(*at, "%02X", (unsigned char)isrc[i]);
    }
}

static void send_layout(struct harness *h, const struct layout *l)
{
    static char text[MAX_PARTS * 64];
    char *at = text;
    const struct part *first = &l->parts[0];
    char msf[16];

    if (l->mcn[0] != '\0')
        cue_mcn(&at, l->mcn);
    at += sprintf(at, "%X10000%02X00000000", first->control, kinds[first->kind].lead_in_form);
    for (unsigned i = 0; i < l->count; i++) {
        const struct part *p = &l->parts[i];

        if ((i == 0 || l->parts[i - 1].track != p->track) && l->isrc[p->track][0] != '\0')
            cue_isrc(&at, p, l->isrc[p->track]);
        put_msf_hex(msf, p->lba - l->base);
        at += sprintf(at, "%X1%02X%02X%02X00%s", p->control, p->track, p->index,
                      kinds[p->kind].form, msf);
    }
    put_msf_hex(msf, l->lead_out - l->base);
    at += sprintf(at, "%X1AA01%02X00%s", l->parts[l->count - 1].control,
                  kinds[l->parts[l->count - 1].kind].lead_in_form, msf);
    assert_good(select_write_type(h, 2, l->multi, 0, 0, l->format));
    assert_good(send_cue(h, text));
}

static void host_block(const struct part *p, int32_t lba, uint8_t *block)
{
    pattern(block, lba, kinds[p->kind].bytes);
    if (p->kind == XA)
        memcpy(block, "\0\0\x08\0\0\0\x08\0", 8);
}

static void write_part(struct harness *h, const struct part *p, uint64_t *state)
{
    size_t bytes = kinds[p->kind].bytes;
    static uint8_t data[64 * 2352];

    for (int32_t done = 0; done < p->blocks;) {
        int32_t n = 1 + (int32_t)chance(state, 64);

        if (n > p->blocks - done)
            n = p->blocks - done;
        for (int32_t i = 0; i < n; i++)
            host_block(p, p->lba + done + i, data + (size_t)i * bytes);
        assert_good(run_data(h, ONE,
                             cdbf("2A 00 %08X 00 %04X 00", (unsigned)(p->lba + done), (unsigned)n),
                             data, (size_t)n * bytes, 0));
        done += n;
    }
}

/* ---- read back ---- */

static uint8_t bcd(int32_t v)
{
    return (uint8_t)(v / 10 << 4 | v % 10);
}

static void put_bcd(uint8_t *p, int32_t blocks)
{
    p[0] = bcd(blocks / 4500);
    p[1] = bcd(blocks / 75 % 60);
    p[2] = bcd(blocks % 75);
}

/* The Q of a block that has a position. */
static void position_q(const struct part *p, int32_t lba, uint8_t q[10])
{
    int32_t relative = lba - p->index_1;

    memset(q, 0, 10);
    q[0] = (uint8_t)(p->control << 4 | 1);
    q[1] = bcd(p->track);
    q[2] = bcd(p->index);
    put_bcd(q + 3, relative >= 0 ? relative : -relative - 1);
    put_bcd(q + 7, lba + 150);
}

static void check_q(const struct layout *l, const struct part *p, int32_t lba, const uint8_t *q)
{
    uint8_t expected[10];
    char text[14];

    assert_true(vcdr_sub_q_good(q));
    assert_int_equal(q[15] >> 7, p->index == 0); /* P */
    switch (q[0] & 0x0F) {
    case 2:
        assert_true(vcdr_sub_q_get_mcn(q, text));
        assert_true(l->mcn[0] == '\0' || strcmp(text, l->mcn) == 0);
        break;
    case 3:
        assert_true(vcdr_sub_q_get_isrc(q, text));
        assert_string_equal(text, l->isrc[p->track]);
        break;
    default:
        position_q(p, lba, expected);
        assert_memory_equal(q, expected, sizeof(expected));
    }
}

static void check_block(const struct part *p, int32_t lba, const uint8_t *sector)
{
    const struct kind *kind = &kinds[p->kind];
    uint8_t block[2352], header[4] = {0};

    host_block(p, lba, block);
    assert_memory_equal(sector + kind->at, block, kind->checked);
    if (p->kind == AUDIO)
        return;
    put_bcd(header, lba + 150);
    header[3] = kind->mode;
    assert_memory_equal(sector, "\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0", 12);
    assert_memory_equal(sector + 12, header, 4);
}

static void check_part(struct harness *h, const struct layout *l, const struct part *p)
{
    for (int32_t done = 0; done < p->blocks; done += CHUNK) {
        int32_t n = p->blocks - done < CHUNK ? p->blocks - done : CHUNK, lba = p->lba + done;
        struct reply *r = run(h, ONE, cdbf("BE 00 %08X %06X F8 02 00", (unsigned)lba, (unsigned)n));

        assert_good(r);
        assert_int_equal(r->len, n * 2368);
        for (int32_t i = 0; i < n; i++) {
            check_block(p, lba + i, r->data + i * 2368);
            check_q(l, p, lba + i, r->data + i * 2368 + 2352);
        }
    }
}

/* Index 1 of a track, and where the next track or the lead-out begins. */
static const struct part *track_part(const struct layout *l, unsigned track, int32_t *end)
{
    const struct part *found = NULL;

    *end = l->lead_out;
    for (unsigned i = 0; i < l->count; i++) {
        if (l->parts[i].track == track && l->parts[i].index == 1)
            found = &l->parts[i];
        if (l->parts[i].track == track + 1 && *end == l->lead_out)
            *end = l->parts[i].lba;
    }
    return found;
}

static void check_tables(struct harness *h, const struct layout *l)
{
    for (unsigned track = l->first_track; track <= l->last_track; track++) {
        int32_t end;
        const struct part *p = track_part(l, track, &end);
        struct reply *r = run(h, ONE, cdbf("43 00 00 00 00 00 %02X 00 0C 00", track));

        assert_good(r);
        assert_int_equal(r->data[5], 0x10 | p->control);
        assert_int_equal((int32_t)be32_at(r->data + 8), p->lba);
        r = run(h, ONE, cdbf("52 01 %08X 00 00 24 00", track));
        assert_good(r);
        assert_int_equal(r->data[5] & 0x0F, p->control);
        assert_int_equal((int32_t)be32_at(r->data + 8), p->lba);
        assert_int_equal((int32_t)be32_at(r->data + 24), end - p->lba);
        r = run(h, ONE, cdbf("42 00 40 03 00 00 %02X 00 18 00", track));
        assert_good(r);
        assert_int_equal(r->data[8], l->isrc[track][0] != '\0' ? 0x80 : 0);
        assert_memory_equal(r->data + 9, l->isrc[track], 12);
    }
    assert_int_equal((int32_t)be32_at(run(h, ONE, "43 00 00 00 00 00 AA 00 0C 00")->data + 8),
                     l->lead_out);
}

static void burn_and_check(struct harness *h, const struct layout *l, uint64_t *state)
{
    send_layout(h, l);
    for (unsigned i = 0; i < l->count; i++)
        write_part(h, &l->parts[i], state);
    assert_good(run(h, ONE, SYNC));
    check_tables(h, l);
    for (unsigned i = 0; i < l->count; i++)
        check_part(h, l, &l->parts[i]);
}

static void whatever_was_laid_out_is_read_back_block_by_block(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        uint64_t luck = seed * UINT64_C(0x9E3779B97F4A7C15);
        struct harness *h = harness_ready("80min");
        struct layout first, second;
        bool more = chance(&luck, 2);

        make_layout(&first, &luck, -150, 1, more ? 3 : 0);
        burn_and_check(h, &first, &luck);
        if (more) {
            make_layout(&second, &luck, first.lead_out + 11250, first.last_track + 1, 0);
            if (first.mcn[0] != '\0') /* a disc has one */
                memcpy(second.mcn, first.mcn, sizeof(second.mcn));
            burn_and_check(h, &second, &luck);
            check_part(h, &first, &first.parts[0]);
        }
        assert_hex_at(run(h, ONE, "51 00 00 00 00 00 00 00 22 00"), 2, "0E"); /* complete */
        harness_free(h);
    }
}

/* ---- a raw copy ---- */

/* ECMA-130 annex B: x^15+x+1 from 1, over all bytes behind the sync. */
static void scramble(uint8_t *sector)
{
    unsigned shift = 1;

    for (unsigned i = 12; i < 2352; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            sector[i] ^= (uint8_t)((shift & 1) << bit);
            shift = shift >> 1 | ((shift ^ shift >> 1) & 1) << 14;
        }
}

static void raw_sub(uint8_t *sub, const uint8_t q[10])
{
    uint8_t whole[12];
    uint16_t crc = vcdr_sub_crc(q, 10);

    memcpy(whole, q, 10);
    whole[10] = (uint8_t)(crc >> 8);
    whole[11] = (uint8_t)crc;
    memset(sub, 0, 96);
    vcdr_sub_put_pq(sub, false, whole);
}

static void write_raw(struct harness *h, int32_t lba, const uint8_t *blocks, unsigned n)
{
    assert_good(run_data(h, ONE, cdbf("2A 00 %08X 00 %04X 00", (unsigned)lba, n), blocks,
                         (size_t)n * 2448, 0));
}

/* The full TOC's points in turn. */
static void write_lead_in(struct harness *to, const uint8_t *toc, size_t len)
{
    static uint8_t blocks[166 * 2448];
    size_t points = (len - 4) / 11;
    int32_t lba = LEAD_IN_START;

    while (lba < -150) {
        unsigned n = 0;

        for (; n < 166 && lba + (int32_t)n < -150; n++) {
            const uint8_t *entry =
                toc + 4 + 11 * ((unsigned)(lba + (int32_t)n - LEAD_IN_START) / 3 % points);
            uint8_t q[10] = {(uint8_t)(entry[1] << 4 | entry[1] >> 4), 0, bcd(entry[3])};

            if (entry[3] >= 0xA0)
                q[2] = entry[3];
            put_bcd(q + 3, lba + (int32_t)n + 450150);
            q[7] = bcd(entry[8]);
            q[8] = entry[3] == 0xA0 ? entry[9] : bcd(entry[9]);
            q[9] = bcd(entry[10]);
            memset(blocks + n * 2448, 0, 2352);
            raw_sub(blocks + n * 2448 + 2352, q);
        }
        write_raw(to, lba, blocks, n);
        lba += (int32_t)n;
    }
}

static void copy_raw(struct harness *from, struct harness *to, const struct layout *l)
{
    uint8_t toc[1024], block[2448];
    struct reply *r = run(from, ONE, TOC_FULL);
    size_t len = r->len;

    assert_good(r);
    assert_in_range(len, 4 + 4 * 11, sizeof(toc));
    memcpy(toc, r->data, len);
    assert_good(select_write_type(to, 3, 0, 0, 3, l->format));
    write_lead_in(to, toc, len);
    for (unsigned i = 0; i < l->count; i++)
        for (int32_t k = 0; k < l->parts[i].blocks; k++) {
            int32_t lba = l->parts[i].lba + k;

            r = run(from, ONE, cdbf("BE 00 %08X 00 00 01 F8 01 00", (unsigned)lba));
            assert_good(r);
            memcpy(block, r->data, sizeof(block));
            if (l->parts[i].kind != AUDIO)
                scramble(block);
            write_raw(to, lba, block, 1);
        }
    for (int32_t lba = l->lead_out; lba < l->lead_out + 150; lba++) {
        uint8_t q[10] = {(uint8_t)(l->parts[l->count - 1].control << 4 | 1), 0xAA, 0x01};

        put_bcd(q + 3, lba - l->lead_out);
        put_bcd(q + 7, lba + 150);
        memset(block, 0, sizeof(block));
        raw_sub(block + 2352, q);
        write_raw(to, lba, block, 1);
    }
    assert_good(run(to, ONE, SYNC));
}

static void assert_same_answer(struct harness *one, struct harness *two, const char *cdb)
{
    struct reply *a = run(one, ONE, cdb), *b = run(two, ONE, cdb);

    assert_int_equal(a->status, b->status);
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->data, b->data, a->len);
}

static void a_raw_copy_of_what_was_read_is_the_same_disc(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 100 + RAW_CASES; seed++) {
        uint64_t luck = seed * UINT64_C(0x9E3779B97F4A7C15);
        struct harness *h = harness_ready("80min"), *copy = harness_ready("80min");
        struct layout l;

        make_layout(&l, &luck, -150, 1, 0);
        burn_and_check(h, &l, &luck);
        copy_raw(h, copy, &l);
        assert_same_answer(h, copy, TOC_FULL);
        check_tables(copy, &l);
        for (unsigned i = 0; i < l.count; i++) {
            check_part(copy, &l, &l.parts[i]);
            assert_same_answer(h, copy,
                               cdbf("BE 00 %08X %06X F8 01 00", (unsigned)l.parts[i].lba,
                                    (unsigned)l.parts[i].blocks));
        }
        harness_free(h);
        harness_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_was_laid_out_is_read_back_block_by_block),
        cmocka_unit_test(a_raw_copy_of_what_was_read_is_the_same_disc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
