/* SPDX-License-Identifier: MIT */
/* Sessions at once: what a layout may say, where its tracks lie, what comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define COUNT(rows) ((unsigned)(sizeof(rows) / sizeof((rows)[0])))

/* Track 1: audio with a pre-gap of two seconds and a second index; track 2: audio with a pre-gap
 * of a second that sounds; track 3: mode 1 behind a pre-gap that the disc makes. */
static const struct vcdr_stretch mixed[] = {
    {1, 0, 0, 0x00, -150}, {1, 1, 0, 0x00, 0},   {1, 2, 0, 0x00, 200},  {2, 0, 2, 0x00, 500},
    {2, 1, 2, 0x00, 575},  {3, 0, 4, 0x14, 900}, {3, 1, 4, 0x10, 1050},
};
static const char mixed_isrc[3][13] = {"DEABC2400001", "", "GBZZZ9912345"};

static struct vcdr_session_layout mixed_layout(void)
{
    return (struct vcdr_session_layout){
        .stretches = mixed,
        .count = COUNT(mixed),
        .lead_out_lba = 1400,
        .mcn = "0123456789012",
        .isrc = mixed_isrc,
    };
}

/* A block that says where it was meant to go. */
static void stamp(uint8_t *block, unsigned bytes, int32_t lba)
{
    for (unsigned i = 0; i < bytes; i++)
        block[i] = (uint8_t)(lba * 7 + (int32_t)i * 3 + (lba >> 8));
}

/* Appends all that is missing, in calls of at most 20 blocks. */
static void write_rest(struct vcdr_disc *disc)
{
    static uint8_t buf[20 * 2448];
    struct vcdr_next_block next;

    while (vcdr_disc_next_block(disc, &next) == VCDR_OK) {
        uint32_t n = next.blocks < 20 ? next.blocks : 20;

        for (uint32_t i = 0; i < n; i++)
            stamp(buf + (size_t)i * next.bytes, next.bytes, next.lba + (int32_t)i);
        assert_int_equal(vcdr_disc_write(disc, buf, n), VCDR_OK);
    }
}

static void burn_mixed(struct vcdr_disc *disc, bool next_allowed)
{
    const struct vcdr_session_layout layout = mixed_layout();

    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    write_rest(disc);
    assert_int_equal(vcdr_disc_close_session(disc, next_allowed, false), VCDR_OK);
}

static struct vcdr_next_block next_of(struct vcdr_disc *disc)
{
    struct vcdr_next_block next = {0};

    assert_int_equal(vcdr_disc_next_block(disc, &next), VCDR_OK);
    return next;
}

static void it_begins_with_the_pre_gap_and_follows_the_layout(void **state)
{
    static uint8_t buf[900 * 2352];
    const struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(next_of(disc).lba, -150);
    assert_int_equal(next_of(disc).bytes, 2352);
    assert_int_equal(next_of(disc).blocks, 150 + 900);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 1);
    assert_int_equal(nwa_of(disc, 1), -150);
    assert_int_equal(free_of(disc, 1), 1550);

    assert_int_equal(vcdr_disc_write(disc, buf, 650), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 2);
    assert_int_equal(track_of_disc(disc, 1).state, VCDR_TRACK_COMPLETE);
    assert_int_equal(track_of_disc(disc, 1).size, 500);
    assert_int_equal(track_of_disc(disc, 2).written, 0);
    assert_int_equal(nwa_of(disc, 2), 500);

    assert_int_equal(vcdr_disc_write(disc, buf, 401), VCDR_EMODE); /* mode 1 has other blocks */
    assert_int_equal(vcdr_disc_write(disc, buf, 400), VCDR_OK);
    assert_int_equal(next_of(disc).lba, 1050); /* the pre-gap of track 3 makes itself */
    assert_int_equal(next_of(disc).bytes, 2048);
    assert_int_equal(next_of(disc).blocks, 350);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_write(disc, buf, 351), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_write(disc, buf, 350), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 0);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_COMPLETE);
}

static void its_tracks_touch_and_the_lead_out_is_where_the_layout_says(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_session session;
    struct vcdr_track track;

    burn_mixed(disc, true);
    session = session_of_disc(disc, 1);
    assert_int_equal(session.recording, VCDR_RECORDING_SAO);
    assert_int_equal(session.lead_out_lba, 1400);
    assert_int_equal(session.last_track, 3);
    assert_string_equal(vcdr_disc_info(disc)->mcn, "0123456789012");

    track = track_of_disc(disc, 1);
    assert_int_equal(track.start_lba, 0);
    assert_int_equal(track.pregap_lba, -150);
    assert_int_equal(track.size, 500);
    assert_int_equal(track.written, 500);
    assert_int_equal(track.last_index, 2);
    assert_int_equal(track.block_type, 0);
    assert_string_equal(track.isrc, "DEABC2400001");
    track = track_of_disc(disc, 2);
    assert_int_equal(track.start_lba, 575);
    assert_int_equal(track.pregap_lba, 500);
    assert_int_equal(track.size, 325);
    assert_int_equal(track.control, 2);
    track = track_of_disc(disc, 3);
    assert_int_equal(track.recording, VCDR_RECORDING_SAO);
    assert_int_equal(track.start_lba, 1050);
    assert_int_equal(track.size, 350);
    assert_int_equal(track.block_type, 8);
    assert_string_equal(track.isrc, "GBZZZ9912345");

    /* The next session: lead-in at the lead-out + 6750, program area 4650 behind that. */
    session = session_of_disc(disc, 2);
    assert_int_equal(session.state, VCDR_SESSION_EMPTY);
    assert_int_equal(session.lead_in_lba, 1400 + 6750);
    assert_int_equal(session.first_lba, 1400 + 11400);
    assert_int_equal(nwa_of(disc, 4), 12800);
}

static void a_later_session_at_once_goes_on_behind_the_first(void **state)
{
    static const struct vcdr_stretch later[] = {
        {4, 0, 0, 0x01, 12650},
        {4, 1, 0, 0x00, 12800},
    };
    const struct vcdr_session_layout layout = {
        .stretches = later,
        .count = 2,
        .lead_out_lba = 13100,
    };
    struct vcdr_disc *disc = *state;

    burn_mixed(disc, true);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(nwa_of(disc, 4), 12800);
    write_rest(disc);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 3).first_lba, 13100 + 6900);
    assert_int_equal(track_of_disc(disc, 4).session, 2);
}

static void every_block_reads_as_it_was_written(void **state)
{
    uint8_t sector[2352], expected[2352];
    struct vcdr_disc *disc = *state;

    burn_mixed(disc, false);
    for (int32_t lba = -150; lba < 900; lba++) {
        assert_int_equal(vcdr_disc_read_raw(disc, lba, 1, sector, NULL), VCDR_OK);
        stamp(expected, 2352, lba);
        assert_memory_equal(sector, expected, 2352);
    }
    for (int32_t lba = 900; lba < 1400; lba++) {
        assert_int_equal(vcdr_disc_read_user(disc, lba, 1, sector, NULL), VCDR_OK);
        stamp(expected, 2048, lba);
        if (lba < 1050)
            memset(expected, 0, 2048);
        assert_memory_equal(sector, expected, 2048);
    }
    assert_int_equal(vcdr_disc_read_user(disc, 899, 1, sector, NULL), VCDR_EMODE);
    assert_int_equal(vcdr_disc_read_raw(disc, 1400, 1, sector, NULL), VCDR_EADDRESS);
}

static void what_is_written_so_far_can_be_read(void **state)
{
    static uint8_t buf[300 * 2352];
    const struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;
    struct vcdr_track track;
    uint32_t done = 0;

    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, -150, 1, buf, NULL), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_write(disc, buf, 160), VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 11, buf, &done), VCDR_EADDRESS);
    assert_int_equal(done, 10);
    assert_int_equal(vcdr_disc_read_sub(disc, 10, 1, buf, NULL), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_track_at(disc, 300, &track), VCDR_OK); /* it will be track 1 */
    assert_int_equal(track.number, 1);
    assert_int_equal(track.written, 10);
    assert_int_equal(vcdr_disc_track_at(disc, 500, &track), VCDR_EADDRESS);
}

static void a_read_goes_across_tracks_and_indexes(void **state)
{
    static uint8_t buf[1550 * 2352];
    uint8_t expected[2352];
    struct vcdr_disc *disc = *state;
    uint32_t done = 0;

    burn_mixed(disc, false);
    assert_int_equal(vcdr_disc_read_raw(disc, -150, 1550, buf, &done), VCDR_OK);
    assert_int_equal(done, 1550);
    stamp(expected, 2352, 899);
    assert_memory_equal(buf + (size_t)(899 + 150) * 2352, expected, 2352);
    stamp(expected, 2048, 1399);
    assert_memory_equal(buf + (size_t)(1399 + 150) * 2352 + 16, expected, 2048);
}

static void indexes_are_found_by_address_and_by_number(void **state)
{
    static const struct {
        int32_t lba;
        struct vcdr_position position;
    } cases[] = {
        {-150, {1, 0, 0, -150}}, {-1, {1, 0, 0, -1}},    {0, {1, 1, 0, 0}},
        {199, {1, 1, 0, 199}},   {200, {1, 2, 0, 200}},  {500, {2, 0, 2, -75}},
        {575, {2, 1, 2, 0}},     {900, {3, 0, 4, -150}}, {1399, {3, 1, 4, 349}},
    };
    struct vcdr_disc *disc = *state;
    struct vcdr_position position;
    int32_t lba = 0;

    burn_mixed(disc, false);
    for (unsigned i = 0; i < COUNT(cases); i++) {
        assert_int_equal(vcdr_disc_position(disc, cases[i].lba, &position), VCDR_OK);
        assert_int_equal(position.track, cases[i].position.track);
        assert_int_equal(position.index, cases[i].position.index);
        assert_int_equal(position.control, cases[i].position.control);
        assert_int_equal(position.relative, cases[i].position.relative);
    }
    assert_int_equal(vcdr_disc_position(disc, 1400, &position), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_index(disc, 1, 2, &lba), VCDR_OK);
    assert_int_equal(lba, 200);
    assert_int_equal(vcdr_disc_index(disc, 2, 0, &lba), VCDR_OK);
    assert_int_equal(lba, 500);
    assert_int_equal(vcdr_disc_index(disc, 1, 3, &lba), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_index(disc, 4, 1, &lba), VCDR_ENOENT);
}

static void a_stretch_without_length_means_nothing(void **state)
{
    /* As wodim has it: an index 0 at the place of index 1. */
    static const struct vcdr_stretch stretches[] = {
        {1, 0, 0, 0x00, -150}, {1, 1, 0, 0x00, 0},   {2, 0, 0, 0x00, 300},
        {2, 1, 0, 0x00, 300},  {9, 9, 9, 0xFF, 600},
    };
    const struct vcdr_session_layout layout = {
        .stretches = stretches,
        .count = COUNT(stretches),
        .lead_out_lba = 600,
    };
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    write_rest(disc);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 2);
    assert_int_equal(track_of_disc(disc, 2).pregap_lba, 300);
    assert_int_equal(track_of_disc(disc, 2).start_lba, 300);
}

static void a_write_may_go_from_stretch_to_stretch(void **state)
{
    static const struct vcdr_stretch stretches[] = {
        {1, 0, 0, 0x00, -150}, {1, 1, 0, 0x00, 0},   {1, 2, 0, 0x00, 200},
        {2, 0, 4, 0x11, 300},  {2, 1, 4, 0x11, 450},
    };
    const struct vcdr_session_layout layout = {
        .stretches = stretches,
        .count = COUNT(stretches),
        .lead_out_lba = 750,
    };
    static uint8_t blocks[900][2352];
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];

    for (int32_t i = 0; i < 900; i++)
        stamp(blocks[i], 2352, i);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, blocks, 900), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    for (int32_t i = 0; i < 900; i++) {
        unsigned at = i < 450 ? 0 : 16, bytes = i < 450 ? 2352 : 2048;

        assert_int_equal(vcdr_disc_read_raw(disc, i - 150, 1, sector, NULL), VCDR_OK);
        assert_memory_equal(sector + at, blocks[i] + at, bytes);
    }
}

static void layouts_against_the_rules_are_refused(void **state)
{
    static const struct {
        struct vcdr_stretch stretches[5];
        int32_t lead_out_lba;
        int rc;
    } cases[] = {
        /* no pre-gap; one too short; one at the wrong place */
        {{{1, 1, 0, 0, -150}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, -1}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, 0}, {1, 1, 0, 0, 150}}, 600, VCDR_EINVAL},
        /* no index 1; a first track that is not the next */
        {{{1, 0, 0, 0, -150}}, 600, VCDR_EINVAL},
        {{{2, 0, 0, 0, -150}, {2, 1, 0, 0, 0}}, 600, VCDR_EINVAL},
        /* a track of 299 blocks, at the end and before another; a lead-out before all */
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}}, 299, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {2, 1, 0, 0, 299}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}}, -200, VCDR_EINVAL},
        /* tracks that leave one out; addresses and indexes that go back */
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {3, 1, 0, 0, 300}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {1, 2, 0, 0, -2}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {1, 1, 0, 0, 10}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {1, 2, 0, 0, 10}, {1, 2, 0, 0, 20}},
         600,
         VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {1, 100, 0, 0, 10}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 2, 0, 0, 0}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}, {2, 2, 0, 0, 300}}, 600, VCDR_EINVAL},
        /* forms: data in an audio track, audio in a data track, one that there is not, control */
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0x10, 0}}, 600, VCDR_EINVAL},
        {{{1, 0, 4, 0x14, -150}, {1, 1, 4, 0x00, 0}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0x02, 0}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0x80, 0}}, 600, VCDR_EINVAL},
        {{{1, 0, 0, 0, -150}, {1, 1, 16, 0, 0}}, 600, VCDR_EINVAL},
        /* the last possible lead-out is 359849 */
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}}, 359850, VCDR_ENOSPACE},
        {{{1, 0, 0, 0, -150}, {1, 1, 0, 0, 0}}, 359849, VCDR_OK},
    };
    struct vcdr_disc *disc = *state;

    for (unsigned i = 0; i < COUNT(cases); i++) {
        struct vcdr_session_layout layout = {
            .stretches = cases[i].stretches,
            .lead_out_lba = cases[i].lead_out_lba,
        };

        while (layout.count < 5 && cases[i].stretches[layout.count].track != 0)
            layout.count++;
        if (vcdr_disc_check_layout(disc, &layout) != cases[i].rc)
            fail_msg("row %u: %d", i, vcdr_disc_check_layout(disc, &layout));
        assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    }
}

static void the_rest_of_a_layout_is_looked_at_too(void **state)
{
    static const uint8_t packs[18] = {0x80};
    static const char bad_isrc[3][13] = {"", "deabc2400001", ""};
    struct vcdr_disc *disc = *state;
    struct vcdr_session_layout layout = mixed_layout();

    layout.mcn = "012345678901x";
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_EINVAL);
    layout = mixed_layout();
    layout.isrc = bad_isrc;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_EINVAL);
    layout = mixed_layout();
    layout.format = 0x30;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_EINVAL);
    layout = mixed_layout();
    layout.pack_count = 1;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_EINVAL);
    layout.packs = packs;
    layout.pack_count = 2049;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_EINVAL);
    layout.count = 0;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_open_session(disc, NULL), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
}

static void it_begins_only_in_an_empty_session(void **state)
{
    const struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_ESTATE);
}

static void single_tracks_wait_until_it_is_closed(void **state)
{
    const struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;
    struct vcdr_track track;

    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_track(disc, 2, &track), VCDR_ENOENT);
    write_rest(disc);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    burn_track(disc, 8, 300, 1);
    assert_int_equal(track_of_disc(disc, 4).start_lba, 12800);
    assert_int_equal(track_of_disc(disc, 4).recording, VCDR_RECORDING_TAO);
}

static void given_up_it_is_damaged_and_keeps_whole_tracks(void **state)
{
    static uint8_t buf[950 * 2352];
    const struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;
    struct vcdr_track track;

    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, buf, 700), VCDR_OK);
    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).state, VCDR_SESSION_DAMAGED);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 1);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 0);
    assert_int_equal(vcdr_disc_read_raw(disc, 499, 1, buf, NULL), VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, 500, 1, buf, NULL), VCDR_EADDRESS);

    assert_int_equal(vcdr_disc_track(disc, 2, &track), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_write(disc, buf, 1), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_ESTATE);
    assert_int_equal(open_next_track(disc, 0), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_ESTATE);
}

static void a_damaged_cd_rw_can_be_blanked(void **state)
{
    const struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 0);
    assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
    burn_mixed(disc, false);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 3);
}

static void cd_text_comes_back_pack_by_pack(void **state)
{
    static uint8_t packs[2048][18], back[2048][18];
    struct vcdr_session_layout layout = mixed_layout();
    struct vcdr_disc *disc = *state;

    for (unsigned i = 0; i < 2048; i++)
        stamp(packs[i], 18, (int32_t)i);
    layout.packs = packs[0];
    layout.pack_count = 2048;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    write_rest(disc);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).packs, 2048);
    assert_int_equal(vcdr_disc_cd_text(disc, 1, 0, 2048, back[0]), VCDR_OK);
    assert_memory_equal(back, packs, sizeof(packs));
    assert_int_equal(vcdr_disc_cd_text(disc, 1, 2047, 1, back[0]), VCDR_OK);
    assert_memory_equal(back[0], packs[2047], 18);
    assert_int_equal(vcdr_disc_cd_text(disc, 1, 2047, 2, back[0]), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_cd_text(disc, 2, 0, 0, back[0]), VCDR_ENOENT);
}

static void ninety_nine_tracks_of_a_hundred_indexes_fit(void **state)
{
    static struct vcdr_stretch stretches[9900];
    struct vcdr_session_layout layout = {.stretches = stretches};
    struct vcdr_disc *disc = *state;
    struct vcdr_position position;
    int32_t lba = -150;

    for (unsigned track = 1; track <= 99; track++)
        for (unsigned index = 0; index < 100; index++) {
            stretches[layout.count++] = (struct vcdr_stretch){
                (uint8_t)track, (uint8_t)index, 0, 0x00, lba,
            };
            lba += index == 0 ? 150 : 4;
        }
    layout.lead_out_lba = lba;
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    write_rest(disc);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 99);
    assert_int_equal(vcdr_disc_position(disc, lba - 1, &position), VCDR_OK);
    assert_int_equal(position.track, 99);
    assert_int_equal(position.index, 99);
    assert_int_equal(vcdr_disc_open_raw(disc), VCDR_ETRACKS);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_ETRACKS);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, blank_cd_r, put_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_begins_with_the_pre_gap_and_follows_the_layout),
        TEST(its_tracks_touch_and_the_lead_out_is_where_the_layout_says),
        TEST(a_later_session_at_once_goes_on_behind_the_first),
        TEST(every_block_reads_as_it_was_written),
        TEST(what_is_written_so_far_can_be_read),
        TEST(a_read_goes_across_tracks_and_indexes),
        TEST(indexes_are_found_by_address_and_by_number),
        TEST(a_stretch_without_length_means_nothing),
        TEST(a_write_may_go_from_stretch_to_stretch),
        TEST(layouts_against_the_rules_are_refused),
        TEST(the_rest_of_a_layout_is_looked_at_too),
        TEST(it_begins_only_in_an_empty_session),
        TEST(single_tracks_wait_until_it_is_closed),
        TEST(given_up_it_is_damaged_and_keeps_whole_tracks),
        cmocka_unit_test_setup_teardown(a_damaged_cd_rw_can_be_blanked, blank_cd_rw, put_away),
        TEST(cd_text_comes_back_pack_by_pack),
        TEST(ninety_nine_tracks_of_a_hundred_indexes_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
