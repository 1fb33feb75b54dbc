/* SPDX-License-Identifier: MIT */
/* What can be read where, and what it looks like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/sector.h"
#include "fixture.h"

static void check_all(const uint8_t *p, size_t len, uint8_t value)
{
    for (size_t i = 0; i < len; i++)
        assert_int_equal(p[i], value);
}

static void check_raw(struct vcdr_disc *disc, int32_t lba, int rc)
{
    uint8_t sector[2352];
    uint32_t done = 9;

    assert_int_equal(vcdr_disc_read_raw(disc, lba, 1, sector, &done), rc);
    assert_int_equal(done, rc == VCDR_OK);
}

static void audio_comes_back_as_it_was_written(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t *in = malloc(310 * 2352), *out = malloc(310 * 2352);
    uint32_t done;

    assert_non_null(in);
    assert_non_null(out);
    for (size_t i = 0; i < 310 * 2352; i++)
        in[i] = (uint8_t)(i * 7 + i / 255);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    for (uint32_t at = 0; at < 310; at += 31)
        assert_int_equal(vcdr_disc_write(disc, in + at * 2352, 31), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 310, out, &done), VCDR_OK);
    assert_int_equal(done, 310);
    assert_memory_equal(in, out, 310 * 2352);
    assert_int_equal(vcdr_disc_read_user(disc, 0, 1, out, &done), VCDR_EMODE);
    assert_int_equal(done, 0);
    free(in);
    free(out);
}

static void every_part_of_the_disc_is_readable_or_says_why_not(void **state)
{
    static const struct {
        int32_t lba;
        int rc;
    } cases[] = {
        {INT32_MIN, VCDR_EADDRESS},
        {-151, VCDR_EADDRESS},
        {-150, VCDR_OK},
        {-1, VCDR_OK},
        {0, VCDR_OK},
        {4, VCDR_OK},
        {5, VCDR_OK}, /* padding */
        {299, VCDR_OK},
        {300, VCDR_EUNREADABLE},
        {301, VCDR_EUNREADABLE},
        {302, VCDR_OK}, /* pre-gap of track 2 */
        {451, VCDR_OK},
        {452, VCDR_OK},
        {751, VCDR_OK},
        {752, VCDR_EUNREADABLE},
        {753, VCDR_EUNREADABLE},
        {754, VCDR_EUNREADABLE},         /* lead-out */
        {754 + 11249, VCDR_EUNREADABLE}, /* lead-in */
        {754 + 11250, VCDR_EUNREADABLE}, /* pre-gap of a track that is not complete */
        {754 + 11399, VCDR_EUNREADABLE},
        {754 + 11400, VCDR_OK},
        {754 + 11402, VCDR_OK},
        {754 + 11403, VCDR_EADDRESS},
        {INT32_MAX, VCDR_EADDRESS},
    };
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 5, 1);
    burn_track(disc, 0, 300, 2);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(write_fill(disc, 3, 3), VCDR_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_raw(disc, cases[i].lba, cases[i].rc);
}

static void a_blank_disc_has_nothing_to_read(void **state)
{
    check_raw(*state, 0, VCDR_EADDRESS);
    check_raw(*state, -1, VCDR_EADDRESS);
}

static void reserved_places_cannot_be_read(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_reserve(disc, 400), VCDR_OK);
    check_raw(disc, 0, VCDR_EUNREADABLE);
    check_raw(disc, 399, VCDR_EUNREADABLE);
    check_raw(disc, 400, VCDR_EADDRESS);
    burn_track(disc, 0, 300, 1);
    check_raw(disc, 400, VCDR_EUNREADABLE);
    check_raw(disc, 552, VCDR_OK);
}

static void a_read_stops_where_the_good_blocks_end_and_keeps_them(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t buf[4 * 2352];
    uint32_t done;

    burn_track(disc, 8, 300, 0x42);
    memset(buf, 0xAA, sizeof(buf));
    assert_int_equal(vcdr_disc_read_user(disc, 298, 4, buf, &done), VCDR_EUNREADABLE);
    assert_int_equal(done, 2);
    check_all(buf, 2 * 2048, 0x42);
    assert_int_equal(vcdr_disc_read_user(disc, 298, 4, buf, NULL), VCDR_EUNREADABLE);
    assert_int_equal(vcdr_disc_read_raw(disc, 302, 1, buf, &done), VCDR_EADDRESS);
    assert_int_equal(done, 0);
    assert_int_equal(vcdr_disc_read_raw(disc, 1 << 30, 0, buf, &done), VCDR_OK);
    assert_int_equal(done, 0);
}

static void one_read_crosses_pre_gap_data_and_padding(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t buf[302 * 2048];
    uint32_t done;

    burn_track(disc, 8, 100, 0x42);
    assert_int_equal(vcdr_disc_read_user(disc, -2, 302, buf, &done), VCDR_OK);
    assert_int_equal(done, 302);
    check_all(buf, 2 * 2048, 0);
    check_all(buf + 2 * 2048, 100 * 2048, 0x42);
    check_all(buf + 102 * 2048, 200 * 2048, 0);
}

/* The expected sectors are made by sector.c, whose own tests hold it to ECMA-130. */
static void data_is_read_raw_as_whole_sectors(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t buf[20 * 2352];
    struct edc_table table;

    edc_table_make(&table);
    burn_track(disc, 8, 15, 0x42);
    assert_int_equal(vcdr_disc_read_raw(disc, -1, 20, buf, NULL), VCDR_OK);
    for (int32_t lba = -1; lba < 19; lba++) {
        uint8_t expected[2352];

        memset(expected, lba >= 0 && lba < 15 ? 0x42 : 0, sizeof(expected));
        sector_finish_mode1(&table, expected, lba);
        assert_memory_equal(buf + (lba + 1) * 2352, expected, 2352);
    }
}

static void form_1_takes_its_sub_header_from_the_track(void **state)
{
    static const uint8_t head[24] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x02, 0x01, 0x02, /* 00:02:01 */
                                     0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x08, 0x00};
    struct vcdr_disc *disc = *state;
    uint8_t buf[3 * 2352];

    burn_track(disc, 10, 300, 0x42);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 3, buf, NULL), VCDR_OK);
    assert_memory_equal(buf + 2352, head, 24);
    check_all(buf + 2352 + 24, 2048, 0x42);
    assert_int_equal(vcdr_disc_read_user(disc, 0, 3, buf, NULL), VCDR_OK);
    check_all(buf, 3 * 2048, 0x42);
}

static void mixed_blocks_say_their_form_themselves(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t block[2332], sector[2352], expected[2352];
    struct edc_table table;
    uint32_t done;

    edc_table_make(&table);
    assert_int_equal(open_next_track(disc, 13), VCDR_OK);
    memset(block, 0x11, sizeof(block));
    block[2] = block[6] = 0x08; /* data, form 1 */
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    block[2] = block[6] = 0x20; /* form 2 */
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    memcpy(expected + 16, block, sizeof(block));
    sector_finish_mode2(&table, expected, 2);
    assert_int_equal(vcdr_disc_read_raw(disc, 2, 1, sector, NULL), VCDR_OK);
    assert_memory_equal(sector, expected, 2352);
    assert_int_equal(vcdr_disc_read_raw(disc, 1, 1, sector, NULL), VCDR_OK);
    assert_int_equal(sector[18], 0x08);
    check_all(sector + 24, 2048, 0x11);
    uint8_t user[3 * 2048];
    assert_int_equal(vcdr_disc_read_user(disc, 0, 3, user, &done), VCDR_EMODE);
    assert_int_equal(done, 2);
    check_all(user, 2 * 2048, 0x11);
    assert_int_equal(vcdr_disc_read_user(disc, 3, 3, user, &done), VCDR_OK); /* padding */
    check_all(user, sizeof(user), 0);
}

int main(void)
{
#define ON_CD_R(test) cmocka_unit_test_setup_teardown(test, blank_cd_r, put_away)
    const struct CMUnitTest tests[] = {
        ON_CD_R(audio_comes_back_as_it_was_written),
        ON_CD_R(every_part_of_the_disc_is_readable_or_says_why_not),
        ON_CD_R(a_blank_disc_has_nothing_to_read),
        ON_CD_R(reserved_places_cannot_be_read),
        ON_CD_R(a_read_stops_where_the_good_blocks_end_and_keeps_them),
        ON_CD_R(one_read_crosses_pre_gap_data_and_padding),
        ON_CD_R(data_is_read_raw_as_whole_sectors),
        ON_CD_R(form_1_takes_its_sub_header_from_the_track),
        ON_CD_R(mixed_blocks_say_their_form_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
