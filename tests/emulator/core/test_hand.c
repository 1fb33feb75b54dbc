/* SPDX-License-Identifier: MIT */
/* What people do to a drive, and what its nexuses then see of it (vcdr/target.h: hand, look). */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"
#define EJECT "1B 00 00 00 02 00"
#define LOAD "1B 00 00 00 03 00"
#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define PREVENT "1E 00 00 00 01 00"
#define ALLOW "1E 00 00 00 00 00"
#define PERSISTENT_PREVENT "1E 00 00 00 03 00"
#define PERSISTENT_ALLOW "1E 00 00 00 02 00"
#define GESN(mask) "4A 01 00 00 " mask " 00 00 00 08 00"

enum { SECOND = 1000000, SPIN_UP = 2 * SECOND };

static int press(struct harness *h)
{
    return hand(h, VCDR_HAND_BUTTON, NULL, NULL);
}

static int take_out(struct harness *h)
{
    return hand(h, VCDR_HAND_REMOVE, NULL, NULL);
}

static struct vcdr_look look(struct harness *h)
{
    struct vcdr_look seen;

    assert_int_equal(h->target.ops->look(h->target.ctx, &seen, h->now), VCDR_OK);
    return seen;
}

/* ---- the button ---- */

static void the_button_opens_and_closes_the_tray(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_int_equal(press(h), VCDR_OK);
    assert_sense(run(h, ONE, TUR), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 03 01 00 00"); /* removal; open */
    assert_int_equal(press(h), VCDR_OK);
    for (uint64_t nexus = ONE; nexus <= THREE; nexus++) { /* each is told once */
        assert_hex(run(h, nexus, GESN("10")), "00 06 04 16 02 02 00 00");
        assert_sense(run(h, nexus, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
        assert_good(run(h, nexus, TUR));
        assert_hex(run(h, nexus, GESN("10")), "00 06 04 16 00 02 00 00");
    }
    harness_free(h);
}

static void the_record_has_no_nexus_for_a_hand(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_int_equal(press(h), VCDR_OK);
    assert_string_equal(member(last_event(h, "medium-ejected"), "disc"), "memory");
    assert_null(json_object_get(last_event(h, "medium-ejected"), "nexus"));
    assert_int_equal(press(h), VCDR_OK);
    assert_null(json_object_get(last_event(h, "medium-loaded"), "nexus"));
    clear_attention(h, TWO);
    assert_good(run(h, TWO, EJECT));
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(last_event(h, "medium-ejected"), "nexus"), "id")),
                     TWO);
    harness_free(h);
}

static void prevent_turns_the_button_into_an_eject_request(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, PREVENT));
    assert_int_equal(press(h), VCDR_ELOCKED);
    assert_good(run(h, ONE, TUR)); /* no attention: the event is enough */
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 01 02 00 00");
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 00 02 00 00");
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 01 02 00 00");
    assert_int_equal(count_events(h, "medium-ejected"), 0);
    assert_good(run(h, TWO, ALLOW));
    assert_int_equal(press(h), VCDR_OK);
    harness_free(h);
}

/* What udev does for an eject request: unlock, eject. */
static void a_host_answers_an_eject_request_by_ejecting(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, PREVENT));
    assert_int_equal(press(h), VCDR_ELOCKED);
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 01 02 00 00");
    assert_good(run(h, ONE, ALLOW));
    assert_good(run(h, ONE, EJECT));
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 03 01 00 00");
    harness_free(h);
}

static void persistent_prevent_locks_the_button_and_no_command(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, PERSISTENT_PREVENT));
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 16 00 80 00 00"); /* Persistent Prevented */
    assert_hex_at(run(h, TWO, "5A 08 2A 00 00 00 00 00 10 00"), 14, "2B"); /* lock state */
    assert_int_equal(press(h), VCDR_ELOCKED);
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 01 02 00 00");
    assert_good(run(h, TWO, EJECT));
    assert_good(run(h, TWO, LOAD));
    assert_good(run(h, ONE, "4A 01 00 00 10 00 00 00 08 00"));
    assert_sense(run(h, ONE, PERSISTENT_ALLOW), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_good(run(h, ONE, PERSISTENT_ALLOW));
    assert_int_equal(press(h), VCDR_OK);
    harness_free(h);
}

static void a_persistent_prevent_ends_with_its_nexus_and_with_a_reset(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, PERSISTENT_PREVENT));
    nexus_close(h, TWO);
    assert_int_equal(press(h), VCDR_OK);
    assert_int_equal(press(h), VCDR_OK);
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_good(run(h, ONE, PERSISTENT_PREVENT));
    reset(h, ONE);
    assert_int_equal(press(h), VCDR_OK);
    harness_free(h);
}

static void an_open_tray_closes_whatever_is_prevented(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_int_equal(press(h), VCDR_OK);
    assert_good(run(h, ONE, PREVENT));
    assert_int_equal(press(h), VCDR_OK);
    assert_int_equal(press(h), VCDR_ELOCKED);
    harness_free(h);
}

static void an_eject_request_hides_no_event_before_it(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_int_equal(press(h), VCDR_OK);
    assert_int_equal(press(h), VCDR_OK);
    clear_attention(h, ONE);
    assert_good(run(h, ONE, PREVENT));
    assert_int_equal(press(h), VCDR_ELOCKED);
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 02 02 00 00"); /* new media */
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 01 02 00 00"); /* then the wish */
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 00 02 00 00");
    harness_free(h);
}

static void a_request_that_was_granted_is_out_of_date(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, PREVENT));
    assert_int_equal(press(h), VCDR_ELOCKED);
    assert_good(run(h, ONE, ALLOW));
    assert_int_equal(press(h), VCDR_OK);
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 03 01 00 00");
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 00 01 00 00");
    harness_free(h);
}

/* ---- while something is written ---- */

static void the_tray_stays_closed_while_a_track_is_written(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 16, 2048);
    assert_int_equal(press(h), VCDR_ELOCKED);
    assert_int_equal(take_out(h), VCDR_ELOCKED);
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 01 02 00 00");
    write_good(h, 16, 16, 2048); /* unharmed */
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(press(h), VCDR_OK);
    harness_free(h);
}

static void the_tray_stays_closed_while_the_drive_closes_a_track(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 16, 2048);
    assert_good(run(h, ONE, "35 02 00 00 00 00 00 00 00 00"));
    assert_int_equal(press(h), VCDR_ELOCKED);
    pass_time(h, 10 * SECOND);
    assert_int_equal(press(h), VCDR_OK);
    harness_free(h);
}

/* Whoever wrote is gone for good: a reset lets the disc go, with its track as it is. */
static void a_track_that_a_reset_left_open_comes_out_and_back(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 16, 2048);
    reset(h, ONE);
    assert_int_equal(press(h), VCDR_OK);
    assert_int_equal(press(h), VCDR_OK);
    clear_attention(h, ONE);
    assert_int_equal(next_address(h), 16);
    write_good(h, 16, 16, 2048);
    assert_good(run(h, ONE, SYNC));
    harness_free(h);
}

static void a_rehearsal_ends_when_the_disc_comes_out(void **state)
{
    uint8_t list[60] = {0};
    struct harness *h = harness_ready("80min");

    (void)state;
    list[8] = 0x05;
    list[9] = 0x32;
    list[10] = 0x11; /* Test Write, track-at-once */
    list[11] = 0x04;
    list[12] = 8;
    list[23] = 150;
    list[58] = 0x08;
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0));
    write_good(h, 0, 16, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(next_address(h), 452);
    assert_int_equal(press(h), VCDR_OK);
    assert_int_equal(press(h), VCDR_OK);
    clear_attention(h, ONE);
    assert_int_equal(next_address(h), 0);
    harness_free(h);
}

/* ---- discs ---- */

static void a_disc_is_swapped_by_hand(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    assert_int_equal(take_out(h), VCDR_OK);
    assert_sense(run(h, ONE, TUR), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_string_equal(member(last_event(h, "medium-ejected"), "disc"), "memory");
    assert_int_equal(hand(h, VCDR_HAND_INSERT, blank_disc("74min"), "other"), VCDR_OK);
    assert_string_equal(member(last_event(h, "medium-loaded"), "disc"), "other");
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_hex_at(run(h, ONE, "51 00 00 00 00 00 00 00 22 00"), 2, "00"); /* blank */
    assert_int_equal(next_address(h), 0);
    harness_free(h);
}

static void an_empty_drive_takes_a_disc(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_int_equal(hand(h, VCDR_HAND_INSERT, blank_disc("80min"), NULL), VCDR_OK);
    assert_true(json_is_null(json_object_get(last_event(h, "medium-loaded"), "disc")));
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_hex_at(run(h, ONE, "46 00 00 00 00 00 00 00 08 00"), 6, "00 09"); /* CD-R */
    assert_hex(run(h, ONE, GESN("10")), "00 06 04 16 02 02 00 00");
    harness_free(h);
}

static void there_is_room_for_one_disc(void **state)
{
    struct vcdr_disc *disc = blank_disc("74min");
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "other"), VCDR_ESTATE);
    assert_int_equal(press(h), VCDR_OK);
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "other"), VCDR_ESTATE); /* on the tray */
    assert_int_equal(take_out(h), VCDR_OK);
    assert_int_equal(take_out(h), VCDR_ESTATE);
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "other"), VCDR_OK);
    harness_free(h);
}

static void a_locked_empty_tray_takes_no_disc(void **state)
{
    struct vcdr_disc *disc = blank_disc("74min");
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_good(run(h, ONE, PREVENT));
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "other"), VCDR_ELOCKED);
    assert_int_equal(take_out(h), VCDR_ESTATE);
    assert_good(run(h, ONE, ALLOW));
    assert_int_equal(hand(h, VCDR_HAND_INSERT, disc, "other"), VCDR_OK);
    harness_free(h);
}

/* ---- while another nexus holds the drive ---- */

static void a_swap_under_a_lock_is_told_to_its_owner_and_later_to_the_others(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "Burner"));
    assert_int_equal(take_out(h), VCDR_OK);
    assert_int_equal(hand(h, VCDR_HAND_INSERT, blank_disc("74min"), "other"), VCDR_OK);
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_good(run(h, ONE, TUR)); /* and it still holds the drive */
    assert_conflict(run(h, TWO, TUR));
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 16 02 02 00 00"); /* pollers may know */
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED); /* once, however often */
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

/* ---- who looks ---- */

static void a_look_shows_tray_disc_lock_and_work(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));
    struct vcdr_look seen = look(h);

    (void)state;
    assert_false(seen.tray_open);
    assert_true(seen.has_disc);
    assert_string_equal(seen.disc_name, "memory");
    assert_false(seen.prevented);
    assert_null(seen.owner);
    assert_int_equal(seen.write_state, WRITE_STATE_IDLE);
    assert_false(seen.busy);
    assert_int_equal(seen.progress, 0);

    assert_good(run(h, ONE, PREVENT));
    assert_good(lock(h, ONE, "Burner"));
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 300, 2048);
    seen = look(h);
    assert_true(seen.prevented);
    assert_string_equal(seen.owner, "Burner");
    assert_int_equal(seen.write_state, WRITE_STATE_WRITING);
    assert_false(seen.busy);
    assert_good(run(h, ONE, "35 02 00 00 00 00 00 00 00 00"));
    pass_time(h, SECOND);
    seen = look(h);
    assert_true(seen.busy);
    assert_in_range(seen.progress, 0x4000, 0xC000);
    pass_time(h, 10 * SECOND);
    assert_good(run(h, ONE, ALLOW));
    assert_int_equal(take_out(h), VCDR_OK);
    seen = look(h);
    assert_true(seen.tray_open);
    assert_false(seen.has_disc);
    assert_null(seen.disc_name);
    harness_free(h);
}

/*
 * A poller as Linux has one (sr_check_events): it asks for media events, then TEST UNIT READY, and
 * gives events up for good when they tell of changes again and again that TEST UNIT READY does not
 * show: an attention 28/00, or presence that is not what it was.
 */
struct poller {
    bool present;
    unsigned mismatches;
};

static void poll_once(struct harness *h, struct poller *p)
{
    struct reply *r = run(h, TWO, GESN("10"));
    uint8_t event = r->data[4] & 0x0F;
    bool told = event == 2 || event == 3, changed = false, was = p->present;

    assert_good(r);
    r = run(h, TWO, TUR);
    changed = r->sense == SENSE_MEDIUM_MAY_HAVE_CHANGED;
    p->present = r->status == SAM_GOOD || (r->sense >> 8 & 0xFF) != 0x3A;
    changed = changed || p->present != was;
    if (told && !changed)
        p->mismatches++;
}

static void something_happens(struct harness *h, unsigned what)
{
    struct vcdr_disc *disc = NULL;

    switch (what % 9) {
    case 0:
        (void)press(h);
        break;
    case 1:
        (void)take_out(h);
        break;
    case 2:
        disc = blank_disc("74min");
        if (hand(h, VCDR_HAND_INSERT, disc, "other") != VCDR_OK)
            assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
        break;
    case 3:
        (void)run(h, ONE, EJECT);
        break;
    case 4:
        (void)run(h, ONE, "1B 01 00 00 03 00");
        break;
    case 5:
        (void)run(h, ONE, PREVENT);
        break;
    case 6:
        (void)run(h, ONE, ALLOW);
        break;
    case 7:
        (void)run(h, ONE, TUR);
        break;
    case 8:
        pass_time(h, SPIN_UP / 2);
        break;
    }
}

static void watch(struct harness *h)
{
    struct poller p = {.present = true};
    unsigned seed = 1;

    poll_once(h, &p);
    for (unsigned i = 0; i < 4000; i++) {
        seed = seed * 1103515245 + 12345;
        something_happens(h, seed >> 16);
        if (seed >> 30 & 1)
            poll_once(h, &p);
    }
    assert_int_equal(p.mismatches, 0);
    harness_free(h);
}

static void events_and_test_unit_ready_never_disagree(void **state)
{
    (void)state;
    watch(harness_ready("80min"));
    watch(harness_timed(blank_disc("80min")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_button_opens_and_closes_the_tray),
        cmocka_unit_test(the_record_has_no_nexus_for_a_hand),
        cmocka_unit_test(prevent_turns_the_button_into_an_eject_request),
        cmocka_unit_test(a_host_answers_an_eject_request_by_ejecting),
        cmocka_unit_test(persistent_prevent_locks_the_button_and_no_command),
        cmocka_unit_test(a_persistent_prevent_ends_with_its_nexus_and_with_a_reset),
        cmocka_unit_test(an_open_tray_closes_whatever_is_prevented),
        cmocka_unit_test(an_eject_request_hides_no_event_before_it),
        cmocka_unit_test(a_request_that_was_granted_is_out_of_date),
        cmocka_unit_test(the_tray_stays_closed_while_a_track_is_written),
        cmocka_unit_test(the_tray_stays_closed_while_the_drive_closes_a_track),
        cmocka_unit_test(a_track_that_a_reset_left_open_comes_out_and_back),
        cmocka_unit_test(a_rehearsal_ends_when_the_disc_comes_out),
        cmocka_unit_test(a_disc_is_swapped_by_hand),
        cmocka_unit_test(an_empty_drive_takes_a_disc),
        cmocka_unit_test(there_is_room_for_one_disc),
        cmocka_unit_test(a_locked_empty_tray_takes_no_disc),
        cmocka_unit_test(a_swap_under_a_lock_is_told_to_its_owner_and_later_to_the_others),
        cmocka_unit_test(a_look_shows_tray_disc_lock_and_work),
        cmocka_unit_test(events_and_test_unit_ready_never_disagree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
