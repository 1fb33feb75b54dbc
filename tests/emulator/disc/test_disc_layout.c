/* SPDX-License-Identifier: MIT */
/* Where track-at-once puts things: the figures of MMC-6 and of real discs, one state at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

/* ---- addresses and geometries ---- */

static void msf_and_lba_meet_at_the_standard_s_anchors(void **state)
{
    static const struct {
        uint8_t msf[3];
        int32_t lba;
    } anchors[] = {
        {{0, 0, 0}, -150},      {{0, 2, 0}, 0},        {{79, 59, 74}, 359849},
        {{89, 59, 74}, 404849}, {{99, 59, 74}, -151},  {{97, 26, 66}, -11634},
        {{90, 0, 0}, -45150},   {{74, 43, 0}, 336075}, {{0, 1, 74}, -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(anchors) / sizeof(anchors[0]); i++) {
        uint8_t msf[3];

        assert_int_equal(vcdr_msf_to_lba(anchors[i].msf[0], anchors[i].msf[1], anchors[i].msf[2]),
                         anchors[i].lba);
        vcdr_lba_to_msf(anchors[i].lba, msf);
        assert_memory_equal(msf, anchors[i].msf, 3);
    }
}

static void three_geometries_have_names(void **state)
{
    static const struct {
        const char *name;
        int32_t lead_out;
    } names[] = {{"74min", 336075}, {"80min", 359849}, {"90min", 404849}};
    struct vcdr_geometry g;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(vcdr_geometry_by_name(names[i].name, VCDR_MEDIUM_CD_RW, &g), VCDR_OK);
        assert_int_equal(g.medium, VCDR_MEDIUM_CD_RW);
        assert_int_equal(g.lead_in_lba, -11634);
        assert_int_equal(g.last_lead_out_lba, names[i].lead_out);
    }
    assert_int_equal(vcdr_geometry_by_name("99min", VCDR_MEDIUM_CD_R, &g), VCDR_EINVAL);
    assert_int_equal(vcdr_geometry_by_name("80", VCDR_MEDIUM_CD_R, &g), VCDR_EINVAL);
    assert_int_equal(vcdr_geometry_by_name("", VCDR_MEDIUM_CD_R, &g), VCDR_EINVAL);
    assert_int_equal(vcdr_geometry_by_name(NULL, VCDR_MEDIUM_CD_R, &g), VCDR_EINVAL);
}

static void impossible_geometries_are_refused(void **state)
{
    static const struct vcdr_geometry bad[] = {
        {(enum vcdr_medium)2, -11634, 359849}, {VCDR_MEDIUM_CD_R, -4649, 359849},
        {VCDR_MEDIUM_CD_R, -45151, 359849},    {VCDR_MEDIUM_CD_R, -11634, 404850},
        {VCDR_MEDIUM_CD_R, -11634, 301},
    };
    struct vcdr_store store;
    uint64_t size = 1;

    (void)state;
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(vcdr_disc_create(store, &bad[i], 1), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_create(store, NULL, 1), VCDR_EINVAL);
    assert_int_equal(store.ops->size(store.ctx, &size), VCDR_OK);
    assert_int_equal(size, 0);
    store.ops->close(store.ctx);
}

/* ---- a blank disc, a first track, a first session ---- */

static void a_blank_disc_has_one_empty_session_and_an_invisible_track(void **state)
{
    struct vcdr_disc *disc = *state;
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    struct vcdr_track t = track_of_disc(disc, 1);
    struct vcdr_session s = session_of_disc(disc, 1);

    assert_int_equal(info->status, VCDR_DISC_BLANK);
    assert_int_equal(info->sessions, 1);
    assert_int_equal(info->complete_sessions, 0);
    assert_int_equal(info->tracks, 0);
    assert_int_equal(info->serial, 0x12345678);
    assert_int_equal(t.state, VCDR_TRACK_INVISIBLE);
    assert_int_equal(t.number, 1);
    assert_int_equal(t.start_lba, 0);
    assert_int_equal(t.size, 359847); /* 359849 - 2 of run-out */
    assert_int_equal(nwa_of(disc, 1), 0);
    assert_int_equal(free_of(disc, 1), 359847);
    assert_int_equal(s.state, VCDR_SESSION_EMPTY);
    assert_int_equal(s.first_track, 1);
    assert_int_equal(s.last_track, 0);
    assert_int_equal(s.lead_in_lba, -11634);
    assert_int_equal(vcdr_disc_track(disc, 2, &t), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_track(disc, 0, &t), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_session(disc, 2, &s), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_session(disc, 0, &s), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_write(disc, "", 0), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_ESTATE);
}

static void an_open_track_grows_and_is_the_incomplete_one(void **state)
{
    struct vcdr_disc *disc = *state;
    uint64_t before = vcdr_disc_info(disc)->generation;
    struct vcdr_track t;

    assert_int_equal(open_next_track(disc, 8), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_APPENDABLE);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 1);
    assert_int_equal(session_of_disc(disc, 1).state, VCDR_SESSION_OPEN);
    assert_int_equal(write_fill(disc, 5, 1), VCDR_OK);
    t = track_of_disc(disc, 1);
    assert_int_equal(t.state, VCDR_TRACK_OPEN);
    assert_int_equal(t.written, 5);
    assert_int_equal(t.size, 359847);
    assert_int_equal(nwa_of(disc, 1), 5);
    assert_int_equal(free_of(disc, 1), 359842);
    assert_int_equal(vcdr_disc_track(disc, 2, &t), VCDR_ENOENT);
    assert_int_equal(open_next_track(disc, 8), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_ESTATE);
    assert_true(vcdr_disc_info(disc)->generation > before);
}

static void three_hundred_blocks_end_in_302_and_the_next_session_starts_at_11702(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_session s;

    burn_track(disc, 8, 300, 1);
    assert_int_equal(track_of_disc(disc, 1).size, 302);
    assert_int_equal(nwa_of(disc, 2), 452); /* 300 + 2 run-out + 150 pre-gap */
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    s = session_of_disc(disc, 1);
    assert_int_equal(s.state, VCDR_SESSION_COMPLETE);
    assert_int_equal(s.lead_out_lba, 302);
    assert_true(s.next_allowed);
    s = session_of_disc(disc, 2);
    assert_int_equal(s.state, VCDR_SESSION_EMPTY);
    assert_int_equal(s.first_track, 2);
    assert_int_equal(s.last_track, 0);
    assert_int_equal(s.lead_in_lba, 7052); /* 302 + 6750 */
    assert_int_equal(s.first_lba, 11702);  /* 302 + 11400 */
    assert_int_equal(nwa_of(disc, 2), 11702);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_APPENDABLE);
    assert_int_equal(vcdr_disc_info(disc)->sessions, 2);
    assert_int_equal(vcdr_disc_info(disc)->complete_sessions, 1);
}

static void later_sessions_are_6900_blocks_apart(void **state)
{
    struct vcdr_disc *disc = *state;

    for (int i = 0; i < 3; i++) {
        burn_track(disc, 8, 300, 1);
        assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    }
    assert_int_equal(session_of_disc(disc, 2).lead_out_lba, 12004); /* 11702 + 302 */
    assert_int_equal(session_of_disc(disc, 3).lead_in_lba, 14254);  /* + 2250 */
    assert_int_equal(session_of_disc(disc, 3).first_lba, 18904);    /* + 6900 */
    assert_int_equal(session_of_disc(disc, 4).first_lba, 26106);    /* 18904 + 302 + 6900 */
    assert_int_equal(nwa_of(disc, 4), 26106);
}

static void a_short_track_is_padded_to_300_blocks(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 1, 0x55);
    assert_int_equal(track_of_disc(disc, 1).written, 300);
    assert_int_equal(track_of_disc(disc, 1).size, 302);
    assert_int_equal(nwa_of(disc, 2), 452);
    burn_track(disc, 0, 301, 0x55);
    assert_int_equal(track_of_disc(disc, 2).written, 301);
    assert_int_equal(nwa_of(disc, 3), 452 + 301 + 152);
}

static void a_finalised_disc_takes_nothing_more(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_track t;
    int32_t lba;

    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_close_session(disc, true, true), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_close_session(disc, false, true), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_COMPLETE);
    assert_int_equal(vcdr_disc_info(disc)->sessions, 1);
    assert_true(session_of_disc(disc, 1).b0_final);
    assert_false(session_of_disc(disc, 1).next_allowed);
    assert_int_equal(vcdr_disc_track(disc, 2, &t), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_next_writable(disc, 2, &lba), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_next_writable(disc, 1, &lba), VCDR_ESTATE);
    assert_int_equal(open_next_track(disc, 0), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_blank(disc), VCDR_EMODE);
}

/* ---- parameters ---- */

static void only_what_can_be_stored_is_opened(void **state)
{
    static const struct {
        struct vcdr_track_parameters p;
        int rc;
    } cases[] = {
        {{.control = 4, .block_type = 1}, VCDR_EINVAL}, /* audio with sub-channel, data track */
        {{.control = 4, .block_type = 3}, VCDR_EINVAL},
        {{.control = 0, .block_type = 4}, VCDR_EINVAL},
        {{.control = 0, .block_type = 9}, VCDR_EINVAL},
        {{.control = 0, .block_type = 11}, VCDR_EINVAL},
        {{.control = 4, .block_type = 12, .sub_header = {0, 0, 8, 0}}, VCDR_EINVAL},
        {{.control = 4, .block_type = 15}, VCDR_EINVAL},
        {{.control = 4, .block_type = 16}, VCDR_EINVAL},
        {{.control = 4, .block_type = 0}, VCDR_EINVAL}, /* audio blocks, data track */
        {{.control = 0, .block_type = 8}, VCDR_EINVAL}, /* data blocks, audio track */
        {{.control = 5, .block_type = 8}, VCDR_EINVAL}, /* incremental: packets */
        {{.control = 16, .block_type = 0}, VCDR_EINVAL},
        {{.control = 4, .block_type = 10, .sub_header = {0, 0, 0x28, 0}}, VCDR_EINVAL},
        {{.session_format = 0x30}, VCDR_EINVAL},
        {{.mcn = "123456789012"}, VCDR_EINVAL},
        {{.mcn = "12345678901234"}, VCDR_EINVAL},
        {{.mcn = "123456789012x"}, VCDR_EINVAL},
        {{.isrc = "DEABC240000"}, VCDR_EINVAL},
        {{.isrc = "DEABC2400001x"}, VCDR_EINVAL},
        {{.isrc = "DEABC240000\n"}, VCDR_EINVAL},
        {{.control = 3, .mcn = "0123456789012", .isrc = "DEABC2400001"}, VCDR_OK},
    };
    struct vcdr_disc *disc = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
        assert_int_equal(vcdr_disc_open_track(disc, 1, &cases[i].p), cases[i].rc);
    }
    assert_int_equal(track_of_disc(disc, 1).control, 3);
    assert_string_equal(track_of_disc(disc, 1).isrc, "DEABC2400001");
    assert_string_equal(vcdr_disc_info(disc)->mcn, "0123456789012");
}

static void block_types_have_their_sizes(void **state)
{
    static const unsigned sizes[17] = {
        2352, 2368, 2448, 2448, 0, 0, 0, 0, 2048, 2336, 2048, 2056, 2324, 2332, 0, 0, 0,
    };

    (void)state;
    for (unsigned type = 0; type <= 16; type++)
        assert_int_equal(vcdr_block_bytes(type), sizes[type]);
}

static void a_session_has_one_format(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 13, 300, 0);
    assert_int_equal(session_of_disc(disc, 1).format, 0x20);
    assert_int_equal(open_next_track(disc, 8), VCDR_EMODE);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(open_next_track(disc, 8), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 2).format, 0);
}

static void only_the_next_number_can_be_opened(void **state)
{
    const struct vcdr_track_parameters p = {0};
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_open_track(disc, 0, &p), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_open_track(disc, 1, &p), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_open_track(disc, 3, &p), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_open_track(disc, 2, NULL), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_open_track(disc, 2, &p), VCDR_OK);
}

/* ---- capacity ---- */

static void a_full_disc_ends_two_blocks_before_the_last_lead_out(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t two[2 * 2352] = {0};
    uint32_t left;

    /* A track (reserved and filled, which stores nothing) to 152 + 300 blocks before the end, so
     * that exactly one shortest track follows. */
    assert_int_equal(vcdr_disc_reserve(disc, 359847 - 452), VCDR_OK);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_OK);
    assert_int_equal(nwa_of(disc, 2), 359547);
    assert_int_equal(free_of(disc, 2), 300);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(write_fill(disc, 299, 0x77), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, two, 2), VCDR_ENOSPACE); /* all or nothing */
    assert_int_equal(track_of_disc(disc, 2).written, 299);
    assert_int_equal(vcdr_disc_write(disc, two, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, two, 1), VCDR_ENOSPACE);
    assert_int_equal(free_of(disc, 2), 0);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_free_blocks(disc, 3, &left), VCDR_OK);
    assert_int_equal(left, 0);
    assert_int_equal(open_next_track(disc, 0), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).lead_out_lba, 359849);
    assert_int_equal(open_next_track(disc, 0), VCDR_ENOSPACE);
}

static void no_track_begins_where_300_blocks_do_not_fit(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_reserve(disc, 359847 - 451), VCDR_OK);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 2).size, 299);
    assert_int_equal(free_of(disc, 2), 0);
    assert_int_equal(open_next_track(disc, 8), VCDR_ENOSPACE);
}

static void ninety_nine_tracks_and_no_more(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_track t;

    for (int i = 0; i < 99; i++)
        burn_track(disc, 0, 1, (uint8_t)i);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 99);
    assert_int_equal(track_of_disc(disc, 99).start_lba, 98 * 452);
    assert_int_equal(open_next_track(disc, 0), VCDR_ETRACKS);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_ETRACKS);
    assert_int_equal(vcdr_disc_track(disc, 100, &t), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_ETRACKS);
    assert_int_equal(vcdr_disc_track(disc, 100, &t), VCDR_ENOENT);
}

/* ---- reservations ---- */

static void a_reservation_keeps_its_place_and_its_number(void **state)
{
    const struct vcdr_track_parameters p = {.control = 4, .block_type = 8};
    struct vcdr_disc *disc = *state;
    struct vcdr_track t;

    assert_int_equal(vcdr_disc_reserve(disc, 299), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_reserve(disc, 359848), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_reserve(disc, 1000), VCDR_OK);
    t = track_of_disc(disc, 1);
    assert_int_equal(t.state, VCDR_TRACK_RESERVED);
    assert_true(t.reserved);
    assert_int_equal(t.size, 1000);
    assert_int_equal(free_of(disc, 1), 1000);
    assert_int_equal(nwa_of(disc, 2), 1152);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_ESTATE);
    burn_track(disc, 8, 300, 2); /* behind it */
    assert_int_equal(vcdr_disc_open_track(disc, 1, &p), VCDR_OK);
    assert_int_equal(write_fill(disc, 400, 1), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 600);
    assert_int_equal(nwa_of(disc, 1), 400);
    assert_int_equal(nwa_of(disc, 3), 1152 + 452); /* a reserved track hides no invisible one */
    assert_int_equal(write_fill(disc, 600, 1), VCDR_OK);
    assert_int_equal(write_fill(disc, 1, 1), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    t = track_of_disc(disc, 1);
    assert_int_equal(t.written, 1000);
    assert_int_equal(t.size, 1002);
    assert_true(t.reserved);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).lead_out_lba, 1152 + 302);
}

static void closing_a_reserved_track_fills_its_place(void **state)
{
    const struct vcdr_track_parameters p = {.control = 4, .block_type = 8};
    struct vcdr_disc *disc = *state;
    uint8_t sector[2048], zeros[2048] = {0};

    assert_int_equal(vcdr_disc_reserve(disc, 500), VCDR_OK);
    assert_int_equal(vcdr_disc_reserve(disc, 600), VCDR_OK);
    assert_int_equal(vcdr_disc_open_track(disc, 1, &p), VCDR_OK);
    assert_int_equal(write_fill(disc, 10, 9), VCDR_OK);
    assert_int_equal(vcdr_disc_close_reserved(disc, 2), VCDR_ESTATE); /* one at a time */
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 1).written, 500);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_reserved(disc, 3), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_close_reserved(disc, 2), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 2).written, 600);
    assert_int_equal(track_of_disc(disc, 2).control, 4);
    assert_int_equal(vcdr_disc_read_user(disc, 499, 1, sector, NULL), VCDR_OK);
    assert_memory_equal(sector, zeros, 2048);
    assert_int_equal(vcdr_disc_read_user(disc, 652 + 599, 1, sector, NULL), VCDR_OK);
    assert_memory_equal(sector, zeros, 2048);
}

/* ---- which track is here? ---- */

static void every_address_has_its_track(void **state)
{
    static const struct {
        int32_t lba;
        int track; /* 0: VCDR_EADDRESS */
    } cases[] = {
        {-151, 0},        {-150, 1},        {0, 1},      {299, 1},
        {301, 1},         {302, 2}, /* pre-gap */
        {451, 2},         {452, 2},         {753, 2},    {754, 0},
        {754 + 11249, 0}, /* lead-out, lead-in */
        {754 + 11250, 3}, {754 + 11400, 3}, {359848, 3}, {359849, 0},
    };
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 300, 1);
    burn_track(disc, 0, 300, 2);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct vcdr_track t = {.number = 0};

        assert_int_equal(vcdr_disc_track_at(disc, cases[i].lba, &t),
                         cases[i].track ? VCDR_OK : VCDR_EADDRESS);
        assert_int_equal(t.number, cases[i].track);
    }
}

static void beyond_the_end_of_a_finalised_disc_there_is_no_track(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_track t;

    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_track_at(disc, 301, &t), VCDR_OK);
    assert_int_equal(vcdr_disc_track_at(disc, 302, &t), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_track_at(disc, INT32_MAX, &t), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_track_at(disc, INT32_MIN, &t), VCDR_EADDRESS);
}

/* ---- CD-RW ---- */

static void blanking_makes_a_cd_rw_new(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];
    uint64_t generation;

    burn_track(disc, 8, 300, 1);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    generation = vcdr_disc_info(disc)->generation;
    assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    assert_true(vcdr_disc_info(disc)->generation > generation);
    assert_int_equal(nwa_of(disc, 1), 0);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 1, sector, NULL), VCDR_EADDRESS);
    /* The old data's bytes are still in the store, but behind a shorter track they are padding. */
    burn_track(disc, 0, 1, 0xEE);
    assert_int_equal(vcdr_disc_read_raw(disc, 1, 1, sector, NULL), VCDR_OK);
    for (int i = 0; i < 2352; i++)
        assert_int_equal(sector[i], 0);
}

int main(void)
{
#define ON_CD_R(test) cmocka_unit_test_setup_teardown(test, blank_cd_r, put_away)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(msf_and_lba_meet_at_the_standard_s_anchors),
        cmocka_unit_test(three_geometries_have_names),
        cmocka_unit_test(impossible_geometries_are_refused),
        cmocka_unit_test(block_types_have_their_sizes),
        ON_CD_R(a_blank_disc_has_one_empty_session_and_an_invisible_track),
        ON_CD_R(an_open_track_grows_and_is_the_incomplete_one),
        ON_CD_R(three_hundred_blocks_end_in_302_and_the_next_session_starts_at_11702),
        ON_CD_R(later_sessions_are_6900_blocks_apart),
        ON_CD_R(a_short_track_is_padded_to_300_blocks),
        ON_CD_R(a_finalised_disc_takes_nothing_more),
        ON_CD_R(only_what_can_be_stored_is_opened),
        ON_CD_R(a_session_has_one_format),
        ON_CD_R(only_the_next_number_can_be_opened),
        ON_CD_R(a_full_disc_ends_two_blocks_before_the_last_lead_out),
        ON_CD_R(no_track_begins_where_300_blocks_do_not_fit),
        ON_CD_R(ninety_nine_tracks_and_no_more),
        ON_CD_R(a_reservation_keeps_its_place_and_its_number),
        ON_CD_R(closing_a_reserved_track_fills_its_place),
        ON_CD_R(every_address_has_its_track),
        ON_CD_R(beyond_the_end_of_a_finalised_disc_there_is_no_track),
        cmocka_unit_test_setup_teardown(blanking_makes_a_cd_rw_new, blank_cd_rw, put_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
