/* SPDX-License-Identifier: MIT */
/* Raw sessions, and the sectors that every data form of a cue sheet becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <vcdr/subchannel.h>

#include "emulator/disc/sector.h"
#include "fixture.h"

static struct edc_table edc;
static struct scramble_table scramble;

static int set_up_tables(void **state)
{
    (void)state;
    edc_table_make(&edc);
    scramble_table_make(&scramble);
    return 0;
}

/* ---- scrambling ---- */

static void the_scrambler_begins_as_annex_b_has_it(void **state)
{
    /* The first bytes behind the sync, of an empty sector whose header is zero. */
    static const uint8_t start[16] = {0x01, 0x80, 0x00, 0x60, 0x00, 0x28, 0x00, 0x1E,
                                      0x80, 0x08, 0x60, 0x06, 0xA8, 0x02, 0xFE, 0x81};
    uint8_t sector[2352] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
    uint8_t again[2352];

    (void)state;
    memcpy(again, sector, sizeof(sector));
    sector_scramble(&scramble, sector);
    assert_memory_equal(sector, again, 12);
    assert_memory_equal(sector + 12, start, 16);
    sector_scramble(&scramble, sector);
    assert_memory_equal(sector, again, 2352);
}

/* ---- a raw session of an audio and three data tracks ---- */

static const struct vcdr_stretch stretches[] = {
    {1, 0, 0, 0, -150}, {1, 1, 0, 0, 0},   {2, 0, 4, 0, 300},
    {2, 1, 4, 0, 450},  {3, 1, 4, 0, 800}, {4, 1, 4, 0, 1200},
};
static const char isrc[4][13] = {"DEABC2400001"};
static const struct vcdr_session_layout layout = {
    .format = 0x20,
    .stretches = stretches,
    .count = sizeof(stretches) / sizeof(stretches[0]),
    .lead_out_lba = 1600,
    .mcn = "0123456789012",
    .isrc = isrc,
};

/* The sector as it is before it is scrambled: audio up to 300, mode 1 up to 800, form 1 and 2 in
 * turn up to 1200, mode 2 without form. */
static void plain_sector(int32_t lba, uint8_t sector[2352])
{
    for (unsigned i = 0; i < 2352; i++)
        sector[i] = (uint8_t)(lba * 5 + (int32_t)i);
    if (lba >= 1200) {
        sector_finish_formless(sector, lba);
    } else if (lba >= 800) {
        const uint8_t sub_header[8] = {0, 0, lba % 2 ? 0x28 : 0x08, 0,
                                       0, 0, lba % 2 ? 0x28 : 0x08, 0};

        memcpy(sector + 16, sub_header, 8);
        sector_finish_mode2(&edc, sector, lba);
    } else if (lba >= 300) {
        sector_finish_mode1(&edc, sector, lba);
    }
}

static void host_block(int32_t lba, uint8_t block[2448])
{
    plain_sector(lba, block);
    if (lba >= 300)
        sector_scramble(&scramble, block);
    for (unsigned i = 0; i < 96; i++)
        block[2352 + i] = (uint8_t)(lba * 3 + (int32_t)i);
}

static void append(struct vcdr_disc *disc, int32_t from, int32_t to)
{
    uint8_t block[2448];

    for (int32_t lba = from; lba < to; lba++) {
        host_block(lba, block);
        assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    }
}

static void burn_raw(struct vcdr_disc *disc, bool next_allowed)
{
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_OK);
    append(disc, -150, 1620); /* the host goes on into the lead-out */
    assert_int_equal(vcdr_disc_close_raw(disc, &layout, next_allowed, false), VCDR_OK);
}

static void it_takes_blocks_of_2448_bytes_up_to_the_last_lead_out(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_next_block next;
    uint8_t block[2448];

    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).recording, VCDR_RECORDING_RAW);
    assert_int_equal(vcdr_disc_next_block(disc, &next), VCDR_OK);
    assert_int_equal(next.lba, -150);
    assert_int_equal(next.bytes, 2448);
    assert_int_equal(next.blocks, 359849 + 150);
    assert_int_equal(nwa_of(disc, 1), -150);
    host_block(-150, block);
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), -149);
    assert_int_equal(free_of(disc, 1), 359849 + 149);
    assert_int_equal(vcdr_disc_write(disc, block, 359849 + 150), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 0);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_ESTATE);
}

static void its_layout_makes_the_tracks_when_it_is_closed(void **state)
{
    static const uint8_t types[4] = {0, 8, 13, 9};
    struct vcdr_disc *disc = *state;

    burn_raw(disc, true);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(track_of_disc(disc, i + 1).block_type, types[i]);
    assert_int_equal(track_of_disc(disc, 2).start_lba, 450);
    assert_int_equal(track_of_disc(disc, 2).pregap_lba, 300);
    assert_int_equal(track_of_disc(disc, 4).size, 400);
    assert_string_equal(track_of_disc(disc, 1).isrc, "DEABC2400001");
    assert_string_equal(vcdr_disc_info(disc)->mcn, "0123456789012");
    assert_int_equal(session_of_disc(disc, 1).format, 0x20);
    assert_int_equal(session_of_disc(disc, 1).lead_out_lba, 1600);
    assert_int_equal(session_of_disc(disc, 2).first_lba, 1600 + 11400);
}

static void audio_reads_as_it_is_and_data_descrambled(void **state)
{
    uint8_t sector[2352], expected[2352];
    struct vcdr_disc *disc = *state;

    burn_raw(disc, false);
    for (int32_t lba = -150; lba < 1600; lba++) {
        assert_int_equal(vcdr_disc_read_raw(disc, lba, 1, sector, NULL), VCDR_OK);
        plain_sector(lba, expected);
        assert_memory_equal(sector, expected, 2352);
    }
    assert_int_equal(vcdr_disc_read_raw(disc, 1600, 1, sector, NULL), VCDR_EADDRESS);
}

static void many_blocks_are_read_in_one_call(void **state)
{
    static uint8_t raw[100][2352], user[100][2048], expected[2352];
    struct vcdr_disc *disc = *state;
    uint32_t done = 0;

    burn_raw(disc, false);
    assert_int_equal(vcdr_disc_read_raw(disc, 400, 100, raw, &done), VCDR_OK);
    assert_int_equal(done, 100);
    assert_int_equal(vcdr_disc_read_user(disc, 400, 100, user, &done), VCDR_OK);
    assert_int_equal(done, 100);
    for (int32_t i = 0; i < 100; i++) {
        plain_sector(400 + i, expected);
        assert_memory_equal(raw[i], expected, 2352);
        assert_memory_equal(user[i], expected + 16, 2048);
    }
}

static void user_data_come_out_of_sectors_that_have_some(void **state)
{
    uint8_t user[2048], expected[2352];
    struct vcdr_disc *disc = *state;

    burn_raw(disc, false);
    plain_sector(500, expected);
    assert_int_equal(vcdr_disc_read_user(disc, 500, 1, user, NULL), VCDR_OK);
    assert_memory_equal(user, expected + 16, 2048);
    plain_sector(900, expected);
    assert_int_equal(vcdr_disc_read_user(disc, 900, 1, user, NULL), VCDR_OK);
    assert_memory_equal(user, expected + 24, 2048);
    assert_int_equal(vcdr_disc_read_user(disc, 901, 1, user, NULL), VCDR_EMODE); /* form 2 */
    assert_int_equal(vcdr_disc_read_user(disc, 0, 1, user, NULL), VCDR_EMODE);
    assert_int_equal(vcdr_disc_read_user(disc, 1300, 1, user, NULL), VCDR_EMODE);
}

static void a_sector_whose_edc_is_wrong_has_no_user_data(void **state)
{
    uint8_t block[2448], sector[2352];
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_OK);
    append(disc, -150, 460);
    host_block(460, block);
    block[100] ^= 1;
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    host_block(461, block);
    block[5] ^= 1; /* its sync */
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    append(disc, 462, 1600);
    assert_int_equal(vcdr_disc_close_raw(disc, &layout, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_read_user(disc, 459, 1, sector, NULL), VCDR_OK);
    assert_int_equal(vcdr_disc_read_user(disc, 460, 1, sector, NULL), VCDR_EUNREADABLE);
    assert_int_equal(vcdr_disc_read_raw(disc, 460, 1, sector, NULL), VCDR_OK);
    assert_int_equal(vcdr_disc_read_user(disc, 461, 1, sector, NULL), VCDR_EUNREADABLE);
}

static void the_sub_channel_is_what_the_host_sent(void **state)
{
    uint8_t pw[3][96], block[2448];
    struct vcdr_disc *disc = *state;

    burn_raw(disc, false);
    assert_int_equal(vcdr_disc_read_sub(disc, 299, 3, pw, NULL), VCDR_OK);
    for (int32_t i = 0; i < 3; i++) {
        host_block(299 + i, block);
        assert_memory_equal(pw[i], block + 2352, 96);
    }
}

static void a_layout_that_the_blocks_do_not_reach_is_refused(void **state)
{
    struct vcdr_session_layout other = layout;
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_close_raw(disc, &layout, false, false), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_OK);
    append(disc, -150, 1599);
    assert_int_equal(vcdr_disc_close_raw(disc, &layout, false, false), VCDR_EINVAL);
    other.count = 1;
    assert_int_equal(vcdr_disc_close_raw(disc, &other, false, false), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_close_raw(disc, NULL, false, false), VCDR_EINVAL);
    append(disc, 1599, 1600);
    assert_int_equal(vcdr_disc_close_raw(disc, &layout, true, true), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_close_raw(disc, &layout, false, true), VCDR_OK);
    assert_true(session_of_disc(disc, 1).b0_final);
}

static void it_begins_only_where_a_track_fits(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_reserve(disc, 348200 - 152), VCDR_OK);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_in_range(session_of_disc(disc, 2).first_lba, 359849 - 450, 359849 - 300);
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_OK);
    assert_int_equal(put_away(state), 0);

    assert_int_equal(blank_cd_r(state), 0);
    disc = *state;
    assert_int_equal(vcdr_disc_reserve(disc, 348200), VCDR_OK);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_in_range(session_of_disc(disc, 2).first_lba, 359849 - 299, 359849);
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_ENOSPACE);
}

static void given_up_it_leaves_no_track(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];

    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_OK);
    append(disc, -150, 100);
    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).state, VCDR_SESSION_DAMAGED);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 0);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 1, sector, NULL), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_ESTATE);
}

/* ---- data forms ---- */

/* Burns a track of this form behind a pre-gap of it, each host block made by `lba`. */
static void burn_form(struct vcdr_disc *disc, uint8_t form, const uint8_t *block)
{
    const uint8_t control = vcdr_form_is_audio(form) ? 0 : 4;
    const struct vcdr_stretch rows[2] = {{1, 0, control, form, -150}, {1, 1, control, form, 0}};
    const struct vcdr_session_layout one = {.stretches = rows, .count = 2, .lead_out_lba = 300};
    struct vcdr_next_block next;

    assert_int_equal(vcdr_disc_open_session(disc, &one), VCDR_OK);
    while (vcdr_disc_next_block(disc, &next) == VCDR_OK) {
        assert_int_equal(next.bytes, vcdr_form_bytes(form));
        assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
    }
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
}

static void forms_have_their_sizes(void **state)
{
    static const struct {
        uint8_t form;
        int bytes;
    } cases[] = {
        {0x00, 2352},        {0x01, 0},           {0x10, 2048},        {0x11, 2352},
        {0x12, 2048},        {0x13, 2352},        {0x14, 0},           {0x20, 2336},
        {0x21, 2352},        {0x22, 2336},        {0x23, 2352},        {0x24, 0},
        {0x30, 2336},        {0x31, 2352},        {0x34, 0},           {0x40, 2448},
        {0x41, 96},          {0x50, 2144},        {0x61, 2448},        {0xC0, 2448},
        {0xC1, 96},          {0xD4, 96},          {0xF1, 2448},        {0x02, VCDR_EINVAL},
        {0x15, VCDR_EINVAL}, {0x25, VCDR_EINVAL}, {0x32, VCDR_EINVAL}, {0x80, VCDR_EINVAL},
        {0x90, VCDR_EINVAL}, {0x3F, VCDR_EINVAL},
    };

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (vcdr_form_bytes(cases[i].form) != cases[i].bytes)
            fail_msg("form %02X: %d", cases[i].form, vcdr_form_bytes(cases[i].form));
    assert_int_equal(vcdr_form_bytes(256), VCDR_EINVAL);
    assert_int_equal(vcdr_form_main_bytes(0xC0), 2352);
    assert_true(vcdr_form_is_audio(0x41));
    assert_false(vcdr_form_is_audio(0x10));
}

/* What the sector at LBA 5 is made of: `user` bytes of the host's block from `from` on lie at `at`,
 * the rest is the form's. */
enum kind { AUDIO, MODE1, XA, MODE2 };

static void sectors_are_the_hosts_where_it_speaks_and_made_elsewhere(void **state)
{
    static const struct {
        uint8_t form;
        enum kind kind;
        unsigned from, at, user;
    } cases[] = {
        {0x00, AUDIO, 0, 0, 2352},   {0x01, AUDIO, 0, 0, 0},      {0x10, MODE1, 0, 16, 2048},
        {0x11, MODE1, 16, 16, 2048}, {0x12, MODE1, 0, 16, 0},     {0x13, MODE1, 0, 16, 0},
        {0x14, MODE1, 0, 16, 0},     {0x20, XA, 0, 16, 2056},     {0x21, XA, 16, 16, 2056},
        {0x22, XA, 0, 16, 0},        {0x23, XA, 0, 16, 0},        {0x24, XA, 0, 16, 0},
        {0x30, MODE2, 0, 16, 2336},  {0x31, MODE2, 16, 16, 2336}, {0x34, MODE2, 0, 16, 0},
        {0x40, AUDIO, 0, 0, 2352},   {0xD0, MODE1, 0, 16, 2048},  {0x61, XA, 16, 16, 2056},
    };
    static uint8_t block[2448];

    for (unsigned i = 0; i < 2448; i++)
        block[i] = (uint8_t)(i * 7 + 1);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t sector[2352], expected[2352] = {0};
        struct vcdr_disc *disc;

        /* both sub-headers say form 1 */
        memset(block + (cases[i].from > 0 ? 16 : 0), 8, cases[i].kind == XA ? 8 : 0);
        assert_int_equal(blank_cd_r(state), 0);
        disc = *state;
        burn_form(disc, cases[i].form, block);
        memcpy(expected + cases[i].at, block + cases[i].from, cases[i].user);
        switch (cases[i].kind) {
        case AUDIO:
            break;
        case MODE1:
            sector_finish_mode1(&edc, expected, 5);
            break;
        case XA:
            sector_finish_mode2(&edc, expected, 5);
            break;
        case MODE2:
            sector_finish_formless(expected, 5);
            break;
        }
        assert_int_equal(vcdr_disc_read_raw(disc, 5, 1, sector, NULL), VCDR_OK);
        if (memcmp(sector, expected, 2352) != 0)
            fail_msg("form %02X makes another sector", cases[i].form);
        if (cases[i].kind == MODE1 || cases[i].kind == XA) {
            assert_int_equal(vcdr_disc_read_user(disc, 5, 1, sector, NULL), VCDR_OK);
            assert_memory_equal(sector, expected + (cases[i].kind == XA ? 24 : 16), 2048);
        } else {
            assert_int_equal(vcdr_disc_read_user(disc, 5, 1, sector, NULL), VCDR_EMODE);
        }
        assert_int_equal(put_away(state), 0);
    }
    assert_int_equal(blank_cd_r(state), 0);
}

static void a_form_2_sector_without_edc_stays_without(void **state)
{
    static uint8_t block[2336] = {0, 0, 0x20, 0, 0, 0, 0x20, 0, 0xAA};
    uint8_t sector[2352];
    struct vcdr_disc *disc = *state;
    static const uint8_t none[4];

    burn_form(disc, 0x20, block);
    assert_int_equal(vcdr_disc_read_raw(disc, 7, 1, sector, NULL), VCDR_OK);
    assert_int_equal(sector[24], 0xAA);
    assert_memory_equal(sector + 2348, none, 4);
}

static void a_form_2_sector_with_one_gets_the_right_one(void **state)
{
    static uint8_t block[2336] = {0, 0, 0x20, 0, 0, 0, 0x20, 0, 0xAA, [2335] = 1};
    uint8_t sector[2352];
    struct vcdr_disc *disc = *state;

    burn_form(disc, 0x20, block);
    assert_int_equal(vcdr_disc_read_raw(disc, 7, 1, sector, NULL), VCDR_OK);
    assert_true(sector_edc_good(&edc, sector, 16, 2348));
}

/* ---- data block types of single tracks ---- */

static void types_9_11_and_12_make_their_sectors(void **state)
{
    static const struct {
        struct vcdr_track_parameters p;
        unsigned at;
    } cases[] = {
        {{.control = 4, .block_type = 9}, 16},
        {{.control = 4, .block_type = 11}, 16},
        {{.control = 4, .block_type = 12, .sub_header = {1, 2, 0x28, 4}}, 24},
    };
    struct vcdr_disc *disc = *state;
    static uint8_t block[2336];
    uint8_t sector[2352], expected[2352];

    for (unsigned i = 0; i < sizeof(block); i++)
        block[i] = (uint8_t)(i * 13 + 5);
    block[2] |= 0x20; /* says form 2: type 11 is form 1 all the same */
    for (unsigned i = 0; i < 3; i++) {
        struct vcdr_track track;

        assert_int_equal(vcdr_disc_open_track(disc, i + 1, &cases[i].p), VCDR_OK);
        assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
        assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
        track = track_of_disc(disc, i + 1);
        memset(expected, 0, sizeof(expected));
        memcpy(expected + cases[i].at, block, vcdr_block_bytes(cases[i].p.block_type));
        if (i == 1) {
            expected[18] &= 0xDF;
            expected[22] &= 0xDF;
        }
        if (i == 2)
            for (unsigned k = 0; k < 8; k++)
                expected[16 + k] = cases[i].p.sub_header[k % 4];
        if (i == 0)
            sector_finish_formless(expected, track.start_lba);
        else
            sector_finish_mode2(&edc, expected, track.start_lba);
        assert_int_equal(vcdr_disc_read_raw(disc, track.start_lba, 1, sector, NULL), VCDR_OK);
        assert_memory_equal(sector, expected, 2352);
        assert_int_equal(vcdr_disc_read_user(disc, track.start_lba, 1, sector, NULL),
                         i == 1 ? VCDR_OK : VCDR_EMODE);
        if (i == 1)
            assert_memory_equal(sector, block + 8, 2048);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, blank_cd_r, put_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scrambler_begins_as_annex_b_has_it),
        TEST(it_takes_blocks_of_2448_bytes_up_to_the_last_lead_out),
        TEST(its_layout_makes_the_tracks_when_it_is_closed),
        TEST(audio_reads_as_it_is_and_data_descrambled),
        TEST(many_blocks_are_read_in_one_call),
        TEST(user_data_come_out_of_sectors_that_have_some),
        TEST(a_sector_whose_edc_is_wrong_has_no_user_data),
        TEST(the_sub_channel_is_what_the_host_sent),
        TEST(a_layout_that_the_blocks_do_not_reach_is_refused),
        TEST(it_begins_only_where_a_track_fits),
        TEST(given_up_it_leaves_no_track),
        cmocka_unit_test(forms_have_their_sizes),
        cmocka_unit_test_teardown(sectors_are_the_hosts_where_it_speaks_and_made_elsewhere,
                                  put_away),
        TEST(a_form_2_sector_without_edc_stays_without),
        TEST(a_form_2_sector_with_one_gets_the_right_one),
        TEST(types_9_11_and_12_make_their_sectors),
    };

    return cmocka_run_group_tests(tests, set_up_tables, NULL);
}
