/* SPDX-License-Identifier: MIT */
/* Track-at-once: tracks and sessions closed, reserved, left open. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"

static void closing_a_session_ends_the_track_first(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 300, 2048));
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_string_equal(write_states(h), "idle>writing writing>flushing flushing>closing-track "
                                         "closing-track>closing-session closing-session>idle ");
    assert_int_equal(count_events(h, "session-closed"), 1);
    assert_true(json_is_true(json_object_get(last_event(h, "session-closed"), "finalized")));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

static void synchronize_cache_with_nothing_written_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, "35 02 00 00 00 00 00 00 00 00")); /* Immed */
    assert_string_equal(write_states(h), "");
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    harness_free(h);
}

static void immediate_forms_are_done_when_they_are_answered(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 300, 2048));
    assert_good(run(h, ONE, "35 02 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "00 00 00 00 00 00"));
    assert_int_equal(next_address(h), 452);
    assert_good(run(h, ONE, "5B 01 02 00 00 00 00 00 00 00"));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

static void ninety_nine_tracks_fit_and_one_more_does_not(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned n = 1; n <= 99; n++)
        assert_int_equal(burn_audio(h, 300), (n - 1) * 452);
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 05 01 01 01 63");
    assert_sense(run(h, ONE, "52 01 00 00 00 FF 00 00 24 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(write_once(h, 99 * 452, 1, 2352), SENSE_NO_MORE_RESERVATIONS);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"), SENSE_NO_MORE_RESERVATIONS);
    close_session(h, 3);
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 00 04 00 00"), 0, "03 22 01 63"); /* 802 bytes */
    assert_hex_at(run(h, ONE, RDI), 0, "00 20 01 01 02 63 63");
    assert_sense(write_once(h, 99 * 452 + 11250, 1, 2352), SENSE_NO_MORE_RESERVATIONS);
    harness_free(h);
}

static void a_finalised_disc_cannot_be_written(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    close_session(h, 0);
    assert_sense(write_once(h, 452, 1, 2048), SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(write_once(h, 11702, 1, 2048), SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"),
                 SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_sense(run(h, ONE, "54 01 00 00 00 00 00 00 00 00"),
                 SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT);
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, CLOSE_SESSION));
    harness_free(h);
}

/* ---- CLOSE TRACK/SESSION ---- */

static void close_track_ends_the_open_track_by_number_or_ff(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 300, 2048));
    assert_good(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"));
    assert_int_equal(next_address(h), 452);
    assert_good(write_once(h, 452, 300, 2048));
    assert_good(run(h, ONE, "5B 00 01 00 00 FF 00 00 00 00"));
    assert_int_equal(next_address(h), 904);
    harness_free(h);
}

static void closing_what_is_closed_or_empty_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "5B 00 01 00 00 FF 00 00 00 00"));
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    burn_data(h, 300);
    assert_good(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"));
    close_session(h, 3);
    assert_good(run(h, ONE, CLOSE_SESSION)); /* the new one is empty */
    assert_hex_at(run(h, ONE, RDI), 2, "01 01 02");
    harness_free(h);
}

static void wrong_tracks_and_functions_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "5B 00 01 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "5B 00 01 00 00 02 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "5B 00 01 00 01 01 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    for (unsigned function = 0; function <= 7; function++) {
        if (function != 1 && function != 2)
            assert_sense(run(h, ONE, cdbf("5B 00 %02X 00 00 00 00 00 00 00", function)),
                         SENSE_INVALID_FIELD_IN_CDB);
    }
    harness_free(h);
}

/* ---- RESERVE TRACK ---- */

static void reserved_tracks_are_written_in_any_order(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00")); /* 1000 at 0 */
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 01 F4 00")); /* 500 at 1152 */
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 1152, 500, 2048));
    assert_sense(write_once(h, 1652, 1, 2048), SENSE_END_OF_USER_AREA);
    assert_sense(write_once(h, 0, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE); /* 2 is open */
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 F4 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_good(run(h, ONE, SYNC));
    assert_good(write_once(h, 0, 10, 2048));
    assert_good(run(h, ONE, SYNC)); /* padded to its size */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 01 00 00 24 00"), 24, "00 00 03 EA 00 00 03 E7");
    assert_int_equal(next_address(h), 1152 + 500 + 152);
    harness_free(h);
}

static void an_empty_reservation_keeps_a_session_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"));
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_SESSION_EMPTY_RESERVED_TRACK);
    assert_good(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"));
    assert_string_equal(write_states(h), "idle>closing-track closing-track>idle ");
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

static void a_session_with_an_empty_reservation_leaves_the_open_track_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 00 03 E8 00"));
    assert_good(write_once(h, 1152, 10, 2048));
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_SESSION_EMPTY_RESERVED_TRACK);
    assert_sense(run(h, ONE, "5B 00 01 00 00 01 00 00 00 00"), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_int_equal(next_address(h), 1162);
    assert_string_equal(write_states(h), "idle>writing ");
    harness_free(h);
}

static void reservations_of_a_wrong_size_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 00 01 2B 00"),
                 SENSE_INVALID_FIELD_IN_CDB); /* 299 */
    assert_sense(run(h, ONE, "53 00 00 00 00 FF FF FF FF 00"), SENSE_END_OF_USER_AREA);
    assert_sense(run(h, ONE, "53 00 00 00 00 00 05 7D A8 00"), SENSE_END_OF_USER_AREA);
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    assert_good(run(h, ONE, "53 00 00 00 00 00 05 7D A7 00")); /* all there is */
    harness_free(h);
}

/* ---- what outlives the writer ---- */

static void a_track_left_open_goes_on_after_the_nexus_is_lost(void **state)
{
    struct harness *h = harness_ready("80min");
    static uint8_t block[2352];

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 10, 2352));
    nexus_close(h, ONE);
    clear_attention(h, TWO); /* mode parameters changed */
    assert_good(run_data(h, TWO, "2A 00 00 00 00 0A 00 00 01 00", block, sizeof(block), 0));
    assert_good(run(h, TWO, SYNC));
    assert_hex_at(run(h, TWO, "52 01 00 00 00 01 00 00 24 00"), 24, "00 00 01 2E 00 00 01 2B");
    harness_free(h);
}

static void a_reset_leaves_the_track_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 10, 2352));
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_int_equal(next_address(h), 10);
    assert_good(write_once(h, 10, 10, 2352));
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(write_states(h), "idle>writing writing>idle idle>writing writing>flushing "
                                         "flushing>closing-track closing-track>idle ");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closing_a_session_ends_the_track_first),
        cmocka_unit_test(synchronize_cache_with_nothing_written_is_good),
        cmocka_unit_test(immediate_forms_are_done_when_they_are_answered),
        cmocka_unit_test(ninety_nine_tracks_fit_and_one_more_does_not),
        cmocka_unit_test(a_finalised_disc_cannot_be_written),
        cmocka_unit_test(close_track_ends_the_open_track_by_number_or_ff),
        cmocka_unit_test(closing_what_is_closed_or_empty_is_good),
        cmocka_unit_test(wrong_tracks_and_functions_are_refused),
        cmocka_unit_test(reserved_tracks_are_written_in_any_order),
        cmocka_unit_test(an_empty_reservation_keeps_a_session_open),
        cmocka_unit_test(a_session_with_an_empty_reservation_leaves_the_open_track_open),
        cmocka_unit_test(reservations_of_a_wrong_size_are_refused),
        cmocka_unit_test(a_track_left_open_goes_on_after_the_nexus_is_lost),
        cmocka_unit_test(a_reset_leaves_the_track_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
