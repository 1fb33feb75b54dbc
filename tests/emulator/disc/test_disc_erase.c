/* SPDX-License-Identifier: MIT */
/* Erasing a CD-RW, whole and in parts: what is left, what survives a power cut and a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/disc_private.h"
#include "emulator/store/alloc_fault.h"
#include "emulator/store/cut_store.h"
#include "fixture.h"
#include "script.h"

/* Every byte of these audio blocks is `fill`. */
static void assert_filled(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, uint8_t fill)
{
    uint8_t sector[2352], expected[2352];

    memset(expected, fill, sizeof(expected));
    for (uint32_t i = 0; i < blocks; i++) {
        assert_int_equal(vcdr_disc_read_raw(disc, lba + (int32_t)i, 1, sector, NULL), VCDR_OK);
        assert_memory_equal(sector, expected, sizeof(sector));
    }
}

/* Tracks 1 (310 blocks) and 2 (320) in a closed session, 3 (330) and 4 (340) in an open one. */
static void burn_four(struct vcdr_disc *disc)
{
    for (uint8_t n = 1; n <= 4; n++) {
        burn_track(disc, 0, 300U + 10U * n, n);
        if (n == 2)
            assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    }
}

/* ---- a track ---- */

static void an_erased_track_keeps_its_place(void **state)
{
    struct vcdr_disc *disc = *state;
    struct vcdr_track before, after;
    uint8_t sector[2352];

    burn_four(disc);
    before = track_of_disc(disc, 3);
    assert_int_equal(vcdr_disc_erase_track(disc, 3), VCDR_OK);
    after = track_of_disc(disc, 3);
    assert_int_equal(after.state, VCDR_TRACK_RESERVED);
    assert_true(after.reserved);
    assert_int_equal(after.start_lba, before.start_lba);
    assert_int_equal(after.size, 330);
    assert_int_equal(vcdr_disc_read_raw(disc, before.start_lba, 1, sector, NULL), VCDR_EUNREADABLE);
    assert_filled(disc, track_of_disc(disc, 4).start_lba, 340, 4);
    assert_int_equal(vcdr_disc_erase_track(disc, 3), VCDR_OK); /* again: nothing to do */
}

static void an_erased_track_can_be_written_again(void **state)
{
    struct vcdr_disc *disc = *state;
    const struct vcdr_track_parameters data = {.control = 4, .block_type = 8};

    burn_four(disc);
    assert_int_equal(vcdr_disc_erase_track(disc, 3), VCDR_OK);
    assert_int_equal(vcdr_disc_open_track(disc, 3, &data), VCDR_OK);
    assert_int_equal(write_fill(disc, 331, 9), VCDR_ENOSPACE); /* no further than it was */
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 3).block_type, 8);
    assert_int_equal(track_of_disc(disc, 3).written, 330);
    assert_filled(disc, track_of_disc(disc, 4).start_lba, 340, 4);
}

static void an_open_track_without_an_end_is_gone_when_it_is_erased(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(write_fill(disc, 20, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_track(disc, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 0);
    assert_int_equal(nwa_of(disc, 1), 0);
}

static void only_tracks_of_the_open_session_are_erased(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_erase_track(disc, 1), VCDR_ENOENT);
    burn_four(disc);
    assert_int_equal(vcdr_disc_erase_track(disc, 0), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_erase_track(disc, 5), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_erase_track(disc, 2), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_track(disc, 4), VCDR_ESTATE);
}

static void a_reservation_is_taken_back_from_the_end(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_OK);
    assert_int_equal(vcdr_disc_reserve(disc, 400), VCDR_OK);
    assert_int_equal(vcdr_disc_unreserve(disc, 1), VCDR_ESTATE); /* another behind it */
    assert_int_equal(vcdr_disc_unreserve(disc, 2), VCDR_OK);
    assert_int_equal(nwa_of(disc, 2), 452);
    assert_int_equal(vcdr_disc_unreserve(disc, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    burn_track(disc, 0, 300, 1);
    assert_int_equal(vcdr_disc_unreserve(disc, 1), VCDR_ESTATE); /* written */
    assert_int_equal(vcdr_disc_unreserve(disc, 2), VCDR_ENOENT);
}

/* ---- a tail ---- */

static void a_track_goes_on_where_its_tail_was_erased(void **state)
{
    struct vcdr_disc *disc = *state;
    int32_t start;

    burn_four(disc);
    start = track_of_disc(disc, 4).start_lba;
    assert_int_equal(vcdr_disc_erase_tail(disc, start + 100), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 4);
    assert_int_equal(nwa_of(disc, 4), start + 100);
    assert_int_equal(write_fill(disc, 1000, 9), VCDR_OK); /* the last track has no end */
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_filled(disc, start, 100, 4);
    assert_filled(disc, start + 100, 1000, 9);
}

static void a_tail_before_another_track_has_the_room_that_it_had(void **state)
{
    struct vcdr_disc *disc = *state;
    int32_t start;

    burn_four(disc);
    start = track_of_disc(disc, 3).start_lba;
    assert_int_equal(vcdr_disc_erase_tail(disc, start + 300), VCDR_OK);
    assert_int_equal(free_of(disc, 3), 30);
    assert_int_equal(write_fill(disc, 31, 9), VCDR_ENOSPACE);
    assert_int_equal(write_fill(disc, 30, 9), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_filled(disc, start + 300, 30, 9);
    assert_filled(disc, track_of_disc(disc, 4).start_lba, 340, 4);
}

/* What padding was before the address is blocks of the track now. */
static void a_tail_of_padding_leaves_zeros_before_it(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_track(disc, 0, 500, 7); /* bytes that may shine through */
    assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
    burn_track(disc, 0, 20, 1);
    assert_int_equal(vcdr_disc_erase_tail(disc, 250), VCDR_OK);
    assert_int_equal(write_fill(disc, 60, 2), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_filled(disc, 0, 20, 1);
    assert_filled(disc, 20, 230, 0);
    assert_filled(disc, 250, 60, 2);
}

static void a_tail_begins_at_a_block_of_an_open_session(void **state)
{
    struct vcdr_disc *disc = *state;
    int32_t start;

    assert_int_equal(vcdr_disc_erase_tail(disc, 0), VCDR_EADDRESS);
    burn_four(disc);
    start = track_of_disc(disc, 3).start_lba;
    assert_int_equal(vcdr_disc_erase_tail(disc, 5), VCDR_ESTATE);             /* a closed session */
    assert_int_equal(vcdr_disc_erase_tail(disc, start - 1), VCDR_EADDRESS);   /* pre-gap */
    assert_int_equal(vcdr_disc_erase_tail(disc, start + 330), VCDR_EADDRESS); /* run-out */
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_tail(disc, start), VCDR_ESTATE); /* another is open */
}

/* ---- sessions ---- */

static void an_unclosed_session_can_be_appended_to(void **state)
{
    struct vcdr_disc *disc = *state;

    for (int finalised = 0; finalised < 2; finalised++) {
        assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
        burn_track(disc, 0, 310, 1);
        assert_int_equal(vcdr_disc_close_session(disc, !finalised, finalised), VCDR_OK);
        assert_int_equal(vcdr_disc_unclose_session(disc), VCDR_OK);
        assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_APPENDABLE);
        assert_int_equal(vcdr_disc_info(disc)->sessions, 1);
        assert_int_equal(session_of_disc(disc, 1).state, VCDR_SESSION_OPEN);
        assert_int_equal(nwa_of(disc, 2), 310 + 152);
        burn_track(disc, 0, 320, 2);
        assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
        assert_filled(disc, 0, 310, 1);
        assert_filled(disc, 462, 320, 2);
    }
}

static void a_session_is_unclosed_only_while_nothing_stands_behind_it(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_unclose_session(disc), VCDR_ENOENT);
    burn_track(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_unclose_session(disc), VCDR_ENOENT);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    burn_track(disc, 0, 320, 2);
    assert_int_equal(vcdr_disc_unclose_session(disc), VCDR_ESTATE);
}

static void sessions_are_erased_from_the_last_on(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];
    int32_t start;

    burn_four(disc);
    start = track_of_disc(disc, 3).start_lba;
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_APPENDABLE);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 2);
    assert_int_equal(session_of_disc(disc, 2).state, VCDR_SESSION_EMPTY);
    assert_int_equal(nwa_of(disc, 3), start);
    assert_int_equal(vcdr_disc_read_raw(disc, start, 1, sector, NULL), VCDR_EADDRESS);
    assert_filled(disc, 0, 310, 1);
    assert_int_equal(vcdr_disc_erase_session(disc),
                     VCDR_OK); /* the first, behind it an empty one */
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_ENOENT);
}

static void burn_at_once(struct vcdr_disc *disc)
{
    assert_int_equal(script_open_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
}

static void a_session_at_once_is_erased_whole(void **state)
{
    struct vcdr_disc *disc = *state;
    int32_t start;

    burn_at_once(disc);
    start = session_of_disc(disc, 2).first_lba;
    assert_int_equal(vcdr_disc_unclose_session(disc), VCDR_ESTATE);
    assert_int_equal(vcdr_disc_erase_track(disc, 1), VCDR_ESTATE);
    burn_at_once(disc);
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 2);
    assert_int_equal(session_of_disc(disc, 2).state, VCDR_SESSION_EMPTY);
    assert_int_equal(session_of_disc(disc, 2).recording, VCDR_RECORDING_TAO);
    assert_int_equal(nwa_of(disc, 3), start);
    script_check_data(disc);
    burn_track(disc, 8, 300, 5);
}

static void what_a_damaged_session_left_is_erased_with_it(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_at_once(disc);
    assert_int_equal(script_open_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_interrupt_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_OK);
    burn_at_once(disc);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 4);
    script_check_data(disc);
}

/* The snapshot has both sessions, so that the one that remains moves to the other region. */
static void a_session_at_once_leaves_the_snapshot_s_region_whole(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t region;

    burn_at_once(disc);
    burn_at_once(disc);
    region = disc->at_once[0].region;
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_OK);
    assert_int_not_equal(disc->at_once[0].region, region);
    script_check_data(disc);
    burn_at_once(disc);
    script_check_data(disc);
    assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 4);
    assert_int_equal(disc->at_once[1].region, region);
    script_check_data(disc);
}

static void an_erased_open_session_takes_its_open_track_along(void **state)
{
    struct vcdr_disc *disc = *state;

    burn_four(disc);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 0);
    assert_int_equal(vcdr_disc_info(disc)->tracks, 2);
    burn_track(disc, 8, 300, 5); /* of another kind: nothing is decided any more */
}

static void the_catalogue_number_goes_with_the_track_that_gave_it(void **state)
{
    struct vcdr_disc *disc = *state;
    const struct vcdr_track_parameters first = {.mcn = "1234567890123"};

    assert_int_equal(vcdr_disc_open_track(disc, 1, &first), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_string_equal(vcdr_disc_info(disc)->mcn, "1234567890123");
    assert_int_equal(vcdr_disc_erase_session(disc), VCDR_OK);
    assert_string_equal(vcdr_disc_info(disc)->mcn, "");
}

/* ---- all of them ---- */

static int erase_track_3(struct vcdr_disc *disc)
{
    return vcdr_disc_erase_track(disc, 3);
}

static int unreserve_5(struct vcdr_disc *disc)
{
    return vcdr_disc_unreserve(disc, 5);
}

static int erase_tail_of_4(struct vcdr_disc *disc)
{
    struct vcdr_track track;
    int rc = vcdr_disc_track(disc, 4, &track);

    return rc == VCDR_OK ? vcdr_disc_erase_tail(disc, track.start_lba + 30) : rc;
}

static const struct erasure {
    int (*run)(struct vcdr_disc *disc);
    bool closed; /* of a disc whose second session is closed */
} erasures[] = {
    {vcdr_disc_blank, false},
    {erase_track_3, false},
    {unreserve_5, false},
    {erase_tail_of_4, false},
    {vcdr_disc_erase_session, false},
    {vcdr_disc_unclose_session, true},
    {vcdr_disc_erase_session, true},
};
enum { ERASURES = sizeof(erasures) / sizeof(erasures[0]) };

static void prepare(struct vcdr_disc *disc, const struct erasure *erasure)
{
    burn_four(disc);
    if (erasure->closed)
        assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    else
        assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_OK);
}

static struct vcdr_disc *new_disc(struct cut_store *cut, enum vcdr_medium medium)
{
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc = NULL;

    cut_init(cut);
    assert_int_equal(vcdr_geometry_by_name("80min", medium, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(cut_store(cut), &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(cut_store(cut), &disc), VCDR_OK);
    return disc;
}

static void a_cd_r_is_never_erased(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ERASURES; i++) {
        struct cut_store cut;
        struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_R);
        char *before, *after;

        prepare(disc, &erasures[i]);
        before = script_state(disc);
        assert_int_equal(erasures[i].run(disc), VCDR_EMODE);
        after = script_state(disc);
        assert_string_equal(after, before);
        free(before);
        free(after);
        vcdr_disc_abandon(disc);
        cut_free(&cut);
    }
}

/* One that dies at this operation of the erasing (0: never), and what the next owner finds. */
static bool erased_with_a_cut(const struct erasure *erasure, bool kept, unsigned at, unsigned seed)
{
    struct cut_store cut, after;
    struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_RW);
    char *before, *done = NULL, *found;
    bool died;

    prepare(disc, erasure);
    if (kept)
        assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    before = script_state(disc);
    cut.ops = 0;
    cut.dies_at = at;
    died = erasure->run(disc) != VCDR_OK;
    if (!died)
        done = script_state(disc);
    cut_after(&after, &cut, seed);
    vcdr_disc_abandon(disc);
    assert_int_equal(vcdr_disc_open(cut_store(&after), &disc), VCDR_OK);
    found = script_state(disc);
    if (!died)
        assert_string_equal(found, done);
    else if (strcmp(found, before) == 0)
        assert_filled(disc, track_of_disc(disc, 4).start_lba, 340, 4);
    if (vcdr_disc_info(disc)->tracks > 0)
        assert_filled(disc, 0, 310, 1);
    /* it can be written on, and the snapshot does not notice */
    if (vcdr_disc_info(disc)->open_track > 0)
        assert_int_equal(write_fill(disc, 50, 0xEE), VCDR_OK);
    else if (vcdr_disc_track(disc, vcdr_disc_info(disc)->tracks + 1U, &(struct vcdr_track){0}) ==
             VCDR_OK)
        burn_track(disc, 0, 700, 0xEE);
    if (kept) {
        assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
        for (uint8_t n = 1; n <= 4; n++)
            assert_filled(disc, track_of_disc(disc, n).start_lba, 300U + 10U * n, n);
    }
    vcdr_disc_abandon(disc);
    cut_free(&after);
    cut_free(&cut);
    free(before);
    free(done);
    free(found);
    return died;
}

static void a_cut_at_any_operation_leaves_the_state_before_or_after(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ERASURES; i++)
        for (int kept = 0; kept < 2; kept++)
            for (unsigned seed = 0; seed < 3; seed++) {
                unsigned at = 1;

                while (erased_with_a_cut(&erasures[i], kept, at, seed))
                    at++;
                assert_in_range(at, 4, 300);
            }
}

static struct vcdr_disc *disc_in_memory(void)
{
    void *disc;

    assert_int_equal(blank_cd_rw(&disc), 0);
    return disc;
}

static void without_memory_nothing_is_erased(void **state)
{
    (void)state;
    for (unsigned i = 1; i < ERASURES; i++) { /* blanking needs none */
        struct vcdr_disc *disc = disc_in_memory();
        char *before, *after;
        unsigned n;
        int rc;

        prepare(disc, &erasures[i]);
        before = script_state(disc);
        for (n = 1;; n++) {
            alloc_fail_at(n);
            rc = erasures[i].run(disc);
            if (!alloc_failed())
                break;
            alloc_fail_at(0);
            assert_int_equal(rc, VCDR_ENOMEM);
            after = script_state(disc);
            assert_string_equal(after, before);
            free(after);
        }
        alloc_fail_at(0);
        assert_int_equal(rc, VCDR_OK);
        assert_true(n >= 3); /* the second memory, and the state made of it */
        free(before);
        vcdr_disc_abandon(disc);
    }
}

static void erasing_is_rehearsed_too(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ERASURES; i++) {
        struct cut_store cut;
        struct vcdr_disc *disc = new_disc(&cut, VCDR_MEDIUM_CD_RW);
        char *before, *after;
        size_t writes;

        prepare(disc, &erasures[i]);
        before = script_state(disc);
        writes = cut.count;
        assert_int_equal(vcdr_disc_rehearse(disc), VCDR_OK);
        assert_int_equal(erasures[i].run(disc), VCDR_OK);
        vcdr_disc_rehearsal_end(disc);
        after = script_state(disc);
        assert_string_equal(after, before);
        assert_int_equal(cut.count, writes);
        free(before);
        free(after);
        vcdr_disc_abandon(disc);
        cut_free(&cut);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, blank_cd_rw, put_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_erased_track_keeps_its_place),
        TEST(an_erased_track_can_be_written_again),
        TEST(an_open_track_without_an_end_is_gone_when_it_is_erased),
        TEST(only_tracks_of_the_open_session_are_erased),
        TEST(a_reservation_is_taken_back_from_the_end),
        TEST(a_track_goes_on_where_its_tail_was_erased),
        TEST(a_tail_before_another_track_has_the_room_that_it_had),
        TEST(a_tail_of_padding_leaves_zeros_before_it),
        TEST(a_tail_begins_at_a_block_of_an_open_session),
        TEST(an_unclosed_session_can_be_appended_to),
        TEST(a_session_is_unclosed_only_while_nothing_stands_behind_it),
        TEST(sessions_are_erased_from_the_last_on),
        TEST(a_session_at_once_is_erased_whole),
        TEST(what_a_damaged_session_left_is_erased_with_it),
        TEST(a_session_at_once_leaves_the_snapshot_s_region_whole),
        TEST(an_erased_open_session_takes_its_open_track_along),
        TEST(the_catalogue_number_goes_with_the_track_that_gave_it),
        cmocka_unit_test(a_cd_r_is_never_erased),
        cmocka_unit_test(a_cut_at_any_operation_leaves_the_state_before_or_after),
        cmocka_unit_test(without_memory_nothing_is_erased),
        cmocka_unit_test(erasing_is_rehearsed_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
