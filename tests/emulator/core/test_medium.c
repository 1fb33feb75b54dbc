/* SPDX-License-Identifier: MIT */
/* START STOP UNIT, PREVENT ALLOW, MECHANISM STATUS, GET EVENT STATUS NOTIFICATION. */
#include "burn.h"

#define TUR "00 00 00 00 00 00"
#define EJECT "1B 00 00 00 02 00"
#define LOAD "1B 00 00 00 03 00"
#define START "1B 00 00 00 01 00"
#define STOP "1B 00 00 00 00 00"
#define PREVENT "1E 00 00 00 01 00"
#define ALLOW "1E 00 00 00 00 00"
#define GESN(mask) "4A 01 00 00 " mask " 00 00 00 08 00"

/* ---- the tray ---- */

static void eject_takes_the_medium_and_load_brings_it_back(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    assert_good(run(h, ONE, EJECT));
    assert_sense(run(h, ONE, TUR), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_hex_at(run(h, ONE, "46 00 00 00 00 00 00 00 08 00"), 6, "00 00");
    assert_good(run(h, ONE, LOAD));
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED); /* once, for all */
    assert_good(run(h, ONE, TUR));
    assert_int_equal(next_address(h), 452);
    assert_int_equal(count_events(h, "medium-ejected"), 1);
    assert_int_equal(count_events(h, "medium-loaded"), 1);
    harness_free(h);
}

static void repeated_ejects_and_loads_are_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, LOAD));
    assert_good(run(h, ONE, START));
    assert_good(run(h, ONE, STOP));
    assert_good(run(h, ONE, "1B 01 00 00 01 00")); /* Immed */
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, EJECT));
    assert_sense(run(h, ONE, START), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_good(run(h, ONE, LOAD));
    assert_int_equal(count_events(h, "medium-ejected"), 1);
    harness_free(h);
}

static void an_empty_tray_opens_and_closes(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, ONE, START), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_good(run(h, ONE, LOAD));
    assert_good(run(h, ONE, EJECT));
    assert_sense(run(h, ONE, TUR), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_good(run(h, ONE, LOAD));
    assert_sense(run(h, ONE, TUR), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_int_equal(count_events(h, "medium-ejected"), 0);
    assert_int_equal(count_events(h, "medium-loaded"), 0);
    harness_free(h);
}

static void an_open_track_keeps_the_tray_closed(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 1, 2048);
    assert_sense(run(h, ONE, EJECT), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_good(run(h, ONE, TUR));
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, EJECT));
    harness_free(h);
}

static void prevent_of_any_nexus_keeps_the_tray_closed(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, PREVENT));
    assert_good(run(h, ONE, ALLOW)); /* ONE's own, which was not set */
    assert_sense(run(h, ONE, EJECT), SENSE_MEDIUM_REMOVAL_PREVENTED);
    assert_sense(run(h, TWO, EJECT), SENSE_MEDIUM_REMOVAL_PREVENTED);
    assert_good(run(h, ONE, TUR));
    assert_good(run(h, TWO, ALLOW));
    assert_good(run(h, ONE, EJECT));
    harness_free(h);
}

static void prevent_ends_with_its_nexus_and_with_a_reset(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, PREVENT));
    nexus_close(h, TWO);
    assert_good(run(h, ONE, PREVENT));
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_good(run(h, ONE, EJECT));
    harness_free(h);
}

static void prevent_works_without_a_medium_and_with_an_open_tray(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, PREVENT));
    assert_good(run(h, ONE, LOAD));
    assert_sense(run(h, ONE, EJECT), SENSE_MEDIUM_REMOVAL_PREVENTED);
    harness_free(h);
}

static void persistent_prevent_lets_a_host_eject(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "1E 00 00 00 03 00"));
    assert_good(run(h, ONE, EJECT)); /* it is the button that is locked: test_hand.c */
    assert_good(run(h, ONE, LOAD));
    clear_attention(h, ONE);
    assert_good(run(h, ONE, PREVENT));
    assert_good(run(h, ONE, "1E 00 00 00 02 00")); /* the other one stays */
    assert_sense(run(h, ONE, EJECT), SENSE_MEDIUM_REMOVAL_PREVENTED);
    harness_free(h);
}

static void mechanism_status_shows_the_door(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, "BD 00 00 00 00 00 00 00 00 08 00 00"), "00 00 00 00 00 01 00 00");
    assert_good(run(h, ONE, EJECT));
    assert_hex(run(h, ONE, "BD 00 00 00 00 00 00 00 00 08 00 00"), "00 10 00 00 00 01 00 00");
    assert_hex(run(h, ONE, "BD 00 00 00 00 00 00 00 00 02 00 00"), "00 10");
    harness_free(h);
}

/* ---- power ---- */

static void power_conditions_are_kept_until_a_transfer(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    assert_good(run(h, ONE, "1B 00 00 00 20 00")); /* idle */
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 01 02 00 00");
    assert_good(run(h, ONE, "1B 00 00 00 32 00")); /* standby; LoEj means nothing then */
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 01 03 00 00");
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 00 03 00 00");
    assert_good(run(h, ONE, TUR)); /* wakes nothing */
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 00 03 00 00");
    assert_good(run(h, ONE, "28 00 00 00 00 00 00 00 01 00"));
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 01 01 00 00");
    assert_hex(run(h, TWO, GESN("04")), "00 06 02 16 01 01 00 00"); /* each nexus is told */
    harness_free(h);
}

static void a_reset_wakes_the_drive(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "1B 00 00 00 30 00"));
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 01 03 00 00");
    reset(h, ONE);
    assert_hex(run(h, ONE, GESN("04")), "00 06 02 16 00 01 00 00");
    harness_free(h);
}

static void other_power_conditions_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned condition = 4; condition <= 15; condition++)
        assert_sense(run(h, ONE, cdbf("1B 00 00 00 %X0 00", condition)),
                     SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "1B 00 00 00 05 00"), SENSE_INVALID_FIELD_IN_CDB); /* FL */
    harness_free(h);
}

/* ---- events ---- */

static void media_status_is_live(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 00 02 00 00");
    assert_good(run(h, ONE, EJECT));
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 03 01 00 00"); /* removal, open */
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 00 01 00 00"); /* told once */
    assert_good(run(h, ONE, LOAD));
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 02 02 00 00"); /* new media, present */
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 02 02 00 00"); /* to each nexus */
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 00 02 00 00");
    harness_free(h);
}

static void an_empty_drive_has_no_media(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 00 00 00 00");
    harness_free(h);
}

static void the_lowest_class_with_an_event_comes_first(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, LOAD));
    assert_hex(run(h, ONE, GESN("7E")), "00 06 01 16 02 00 00 01"); /* features changed */
    assert_hex(run(h, ONE, GESN("7E")), "00 06 04 16 02 02 00 00"); /* then new media */
    assert_hex(run(h, ONE, GESN("7E")), "00 06 01 16 00 00 00 00"); /* then no change */
    harness_free(h);
}

static void no_change_of_one_class_does_not_hide_an_event_of_another(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_hex(run(h, ONE, GESN("14")), "00 06 04 16 03 01 00 00"); /* power has nothing to say */
    assert_hex(run(h, ONE, GESN("02")), "00 06 01 16 02 00 00 01"); /* not lost by that */
    harness_free(h);
}

static void unsupported_classes_are_no_error(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, GESN("00")), "00 02 80 16");
    assert_hex(run(h, ONE, GESN("68")), "00 02 80 16"); /* external, multi-host, busy */
    harness_free(h);
}

static void asynchronous_notification_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "4A 00 00 00 10 00 00 00 08 00"), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void an_event_that_was_cut_off_is_not_lost(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_hex(run(h, ONE, "4A 01 00 00 10 00 00 00 04 00"), "00 06 04 16");
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 03 01 00 00");
    harness_free(h);
}

static void a_pending_unit_attention_does_not_show_in_events(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 00 02 00 00");
    assert_sense(run(h, ONE, TUR), SENSE_POWER_ON_OR_RESET);
    harness_free(h);
}

static void the_features_change_with_the_first_track_and_the_last_close(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 16 00 00 00 00");
    burn_data(h, 300);
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 16 02 00 00 01"); /* something to read */
    close_session(h, 3);
    burn_data(h, 300);
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 16 00 00 00 00");
    close_session(h, 0);
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 16 02 00 00 01"); /* nothing to write */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eject_takes_the_medium_and_load_brings_it_back),
        cmocka_unit_test(repeated_ejects_and_loads_are_good),
        cmocka_unit_test(an_empty_tray_opens_and_closes),
        cmocka_unit_test(an_open_track_keeps_the_tray_closed),
        cmocka_unit_test(prevent_of_any_nexus_keeps_the_tray_closed),
        cmocka_unit_test(prevent_ends_with_its_nexus_and_with_a_reset),
        cmocka_unit_test(prevent_works_without_a_medium_and_with_an_open_tray),
        cmocka_unit_test(persistent_prevent_lets_a_host_eject),
        cmocka_unit_test(mechanism_status_shows_the_door),
        cmocka_unit_test(power_conditions_are_kept_until_a_transfer),
        cmocka_unit_test(a_reset_wakes_the_drive),
        cmocka_unit_test(other_power_conditions_are_refused),
        cmocka_unit_test(media_status_is_live),
        cmocka_unit_test(an_empty_drive_has_no_media),
        cmocka_unit_test(the_lowest_class_with_an_event_comes_first),
        cmocka_unit_test(no_change_of_one_class_does_not_hide_an_event_of_another),
        cmocka_unit_test(unsupported_classes_are_no_error),
        cmocka_unit_test(asynchronous_notification_is_refused),
        cmocka_unit_test(an_event_that_was_cut_off_is_not_lost),
        cmocka_unit_test(a_pending_unit_attention_does_not_show_in_events),
        cmocka_unit_test(the_features_change_with_the_first_track_and_the_last_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
