/* SPDX-License-Identifier: MIT */
/*
 * A drive in real time: long commands, Immed, busy and progress, what is told when
 * (docs/timing.md). Nothing sleeps: the test moves the clock.
 */
#include "burn.h"

#include <string.h>

#define TUR "00 00 00 00 00 00"
#define REQUEST_SENSE "03 00 00 00 12 00"
#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define SYNC_IMMED "35 02 00 00 00 00 00 00 00 00"
#define CLOSE "5B 00 02 00 00 00 00 00 00 00"
#define CLOSE_IMMED "5B 01 02 00 00 00 00 00 00 00"
#define EJECT "1B 00 00 00 02 00"
#define LOAD "1B 00 00 00 03 00"
#define LOAD_IMMED "1B 01 00 00 03 00"
#define START "1B 00 00 00 01 00"
#define GESN(mask) "4A 01 00 00 " mask " 00 00 00 08 00"

enum {
    SECOND = 1000000,
    COMMAND = 1000, /* what the harness lets pass before each command */
    START_OF_TRACK = SECOND,
    PMA = SECOND,
    SPIN_UP = 2 * SECOND,
    X48 = 8467, /* kB/s */
    X1 = 176,
};

/* That many blocks of 2352 bytes at a speed in kB/s. */
static uint64_t blocks_us(uint64_t blocks, unsigned kbs)
{
    return blocks * 2352 * 1000 / kbs;
}

/* A track of that many data blocks, written and not synchronized; multi-session 11b. */
static void write_track(struct harness *h, uint32_t blocks)
{
    assert_good(select_page_05(h, 3, 4, 8, 0));
    write_good(h, next_address(h), blocks, 2048);
    clear_attention(h, TWO); /* of the page */
    clear_attention(h, THREE);
}

static struct harness *with_track(uint32_t blocks)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    write_track(h, blocks);
    return h;
}

/* What the track still takes after its last WRITE: the buffer, and its end. */
static uint64_t sync_takes(struct harness *h)
{
    struct reply *r = run(h, ONE, SYNC);

    assert_good(r);
    return r->delay_us;
}

static uint8_t shown_state(struct harness *h)
{
    struct reply *r = run(h, TWO, "4D 00 79 00 00 00 00 00 0C 00");

    assert_good(r);
    return r->data[8];
}

static uint64_t time_of(json_t *event)
{
    return (uint64_t)json_integer_value(json_object_get(event, "time_us"));
}

/* The write states that the record has told, as "writing flushing ...". */
static const char *states_told(struct harness *h)
{
    static char text[512];
    json_t *event;
    size_t i;

    text[0] = '\0';
    json_array_foreach(h->events, i, event)
    {
        if (strcmp(member(event, "event"), "write-state") == 0) {
            strcat(text, text[0] != '\0' ? " " : "");
            strcat(text, member(event, "to"));
        }
    }
    return text;
}

/* ---- without Immed ---- */

static void a_long_command_is_answered_when_it_is_done(void **state)
{
    struct harness *h = with_track(300);
    uint64_t takes = sync_takes(h);

    (void)state;
    /* 300 blocks wait for the pickup; nothing is padded; WRITE and SYNC came one tick apart */
    assert_true(takes <= START_OF_TRACK + blocks_us(300, X48) + PMA);
    assert_true(takes > START_OF_TRACK + blocks_us(300, X48) + PMA - 20 * COMMAND);
    assert_int_equal(json_integer_value(json_object_get(last_event(h, "command"), "busy_us")),
                     takes);
    pass_time(h, takes);
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void closing_a_session_takes_its_lead_in_and_lead_out(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    pass_time(h, sync_takes(h));
    assert_int_equal(run(h, ONE, CLOSE)->delay_us, PMA + blocks_us(4500 + 6750, X48));
    pass_time(h, 10 * SECOND);
    write_track(h, 300);
    pass_time(h, sync_takes(h));
    assert_int_equal(run(h, ONE, CLOSE)->delay_us, PMA + blocks_us(4500 + 2250, X48));
    harness_free(h);
}

static void the_selected_speed_says_how_long(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    pass_time(h, sync_takes(h));
    assert_good(run(h, ONE, "BB 00 FF FF 00 B0 00 00 00 00 00 00")); /* 176 kB/s */
    assert_int_equal(run(h, ONE, CLOSE)->delay_us, PMA + blocks_us(4500 + 6750, X1));
    harness_free(h);
}

static void a_short_track_is_padded_at_the_speed_of_writing(void **state)
{
    struct harness *h = with_track(1);
    uint64_t takes = sync_takes(h);

    (void)state;
    assert_true(takes <= START_OF_TRACK + blocks_us(300, X48) + PMA);
    assert_true(takes > START_OF_TRACK + blocks_us(299, X48) + PMA - 20 * COMMAND);
    harness_free(h);
}

static void other_nexuses_find_the_drive_busy_meanwhile(void **state)
{
    struct harness *h = with_track(300);
    uint64_t takes = sync_takes(h);

    (void)state;
    assert_sense(run(h, TWO, TUR), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, takes);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void calibrating_and_reserving_take_time(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_int_equal(run(h, ONE, "54 01 00 00 00 00 00 00 00 00")->delay_us, SECOND);
    assert_sense(run(h, TWO, TUR), SENSE_NOT_READY_OPERATION_IN_PROGRESS);
    pass_time(h, SECOND);
    assert_int_equal(run(h, ONE, "54 00 00 00 00 00 00 00 00 00")->delay_us, 0); /* no DoOPC */
    assert_int_equal(run(h, ONE, "53 00 00 00 00 00 00 01 2C 00")->delay_us, PMA);
    harness_free(h);
}

static void nothing_to_do_takes_no_time(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_int_equal(sync_takes(h), 0);
    assert_int_equal(run(h, ONE, CLOSE)->delay_us, 0);
    assert_int_equal(run(h, ONE, LOAD)->delay_us, 0);
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

/* ---- with Immed ---- */

static void with_immed_the_answer_comes_at_once_and_the_drive_works_on(void **state)
{
    struct harness *h = with_track(300);
    struct reply *r = run(h, ONE, SYNC_IMMED);

    (void)state;
    assert_good(r);
    assert_int_equal(r->delay_us, 0);
    assert_true(json_integer_value(json_object_get(last_event(h, "command"), "busy_us")) > PMA);
    assert_sense(run(h, ONE, TUR), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, START_OF_TRACK + blocks_us(300, X48) + PMA);
    assert_good(run(h, ONE, TUR));
    assert_good(run(h, ONE, CLOSE_IMMED));
    assert_sense(run(h, ONE, TUR), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, PMA + blocks_us(4500 + 6750, X48));
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void request_sense_tells_the_progress(void **state)
{
    struct harness *h = with_track(300);
    uint64_t takes;

    (void)state;
    pass_time(h, sync_takes(h));
    takes = PMA + blocks_us(4500 + 6750, X48);
    assert_good(run(h, ONE, CLOSE_IMMED));
    pass_time(h, takes / 2 - COMMAND);
    /* fixed format, key 2, 18 bytes, 04/08, SKSV, 7FFFh of FFFFh */
    assert_hex(run(h, TWO, REQUEST_SENSE), "70 00 02 00 00 00 00 0A 00 00 00 00 04 08 00 80 7F FF");
    assert_sense(run(h, ONE, TUR), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, takes / 2);
    assert_hex(run(h, TWO, REQUEST_SENSE), "70 00 00 00 00 00 00 0A 00 00 00 00 00 00 00 00 00 00");
    harness_free(h);
}

static void a_unit_attention_comes_before_the_progress(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    nexus_open(h, 9, "iqn.2026-01.example:late");
    assert_good(run(h, ONE, SYNC_IMMED));
    assert_hex_at(run(h, 9, REQUEST_SENSE), 0, "70 00 06 00 00 00 00 0A 00 00 00 00 29 00 00 00");
    assert_hex_at(run(h, 9, REQUEST_SENSE), 0, "70 00 02 00 00 00 00 0A 00 00 00 00 04 08 00 80");
    harness_free(h);
}

static void what_needs_no_medium_is_answered_while_busy(void **state)
{
    static const char *const allowed[] = {
        "03 00 00 00 12 00",
        "12 00 00 00 24 00",
        "1A 00 3F 00 FF 00",
        "1E 00 00 00 01 00",
        "1E 00 00 00 00 00",
        "46 00 00 00 00 00 00 01 00 00",
        "4A 01 00 00 10 00 00 00 08 00",
        "4D 00 40 00 00 00 00 00 FF 00",
        "4D 00 79 00 00 00 00 00 FF 00",
        "55 10 00 00 00 00 00 00 00 00",
        "56 00 00 00 00 00 00 00 00 00",
        "57 00 00 00 00 00 00 00 00 00",
        "5A 00 2A 00 00 00 00 00 FF 00",
        "5A 00 39 00 00 00 00 00 FF 00",
        "5C 00 00 00 00 00 00 00 0C 00",
        "A0 00 00 00 00 00 00 00 00 10 00 00",
        "AC 00 00 00 00 00 00 00 00 01 03 00",
        "BB 00 FF FF FF FF 00 00 00 00 00 00",
        "BD 00 00 00 00 00 00 00 00 08 00 00",
    };
    struct harness *h = with_track(300);

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (run(h, ONE, allowed[i])->status != SAM_GOOD)
            fail_msg("%s is refused", allowed[i]);
    }
    harness_free(h);
}

static void what_needs_the_pickup_is_refused_while_busy(void **state)
{
    static const char *const refused[] = {
        TUR,
        "1B 00 00 00 02 00",             /* eject */
        "1B 00 00 00 01 00",             /* start */
        "25 00 00 00 00 00 00 00 00 00", /* READ CAPACITY */
        "28 00 00 00 00 00 00 00 01 00",
        SYNC,
        CLOSE,
        "43 00 00 00 00 00 00 00 0C 00",
        "51 00 00 00 00 00 00 00 22 00", /* never what was before */
        "52 01 00 00 00 FF 00 00 24 00",
        "53 00 00 00 00 00 00 01 2C 00",
        "54 01 00 00 00 00 00 00 00 00",
        "BE 00 00 00 00 00 00 00 01 10 00 00",
    };
    struct harness *h = with_track(300);

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (run(h, ONE, refused[i])->sense != SENSE_NOT_READY_LONG_WRITE)
            fail_msg("%s is not told 02/04/08", refused[i]);
    }
    assert_sense(write_once(h, 452, 1, 2048), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, 10 * SECOND);
    assert_int_equal(next_address(h), 452);
    harness_free(h);
}

static void a_lock_can_be_taken_and_given_back_while_busy(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    assert_good(lock(h, TWO, "Burner"));
    assert_conflict(run(h, ONE, TUR)); /* before the busy drive is asked */
    assert_good(unlock(h, TWO, 0));
    assert_sense(run(h, ONE, TUR), SENSE_NOT_READY_LONG_WRITE);
    harness_free(h);
}

/* ---- what is told, and when ---- */

static void the_write_states_pass_one_after_the_other(void **state)
{
    struct harness *h = with_track(300);
    uint64_t begun;

    (void)state;
    assert_int_equal(shown_state(h), WRITE_STATE_WRITING);
    assert_good(run(h, ONE, SYNC_IMMED));
    begun = time_of(last_event(h, "command"));
    assert_int_equal(shown_state(h), WRITE_STATE_FLUSHING);
    assert_string_equal(states_told(h), "writing flushing");
    assert_int_equal(count_events(h, "track-closed"), 0);
    pass_time(h, START_OF_TRACK + blocks_us(300, X48));
    assert_int_equal(shown_state(h), WRITE_STATE_CLOSING_TRACK);
    assert_string_equal(states_told(h), "writing flushing closing-track");
    pass_time(h, PMA);
    assert_int_equal(shown_state(h), WRITE_STATE_IDLE);
    assert_string_equal(states_told(h), "writing flushing closing-track idle");
    assert_int_equal(count_events(h, "track-closed"), 1);
    assert_int_equal(time_of(last_event(h, "track-closed")), time_of(last_event(h, "write-state")));
    assert_true(time_of(last_event(h, "track-closed")) > begun + PMA + SECOND / 2);
    harness_free(h);
}

/* Nobody may look for an hour: the record has each thing's own time. */
static void who_looks_late_finds_each_line_at_its_time(void **state)
{
    struct harness *h = with_track(300);
    uint64_t begun, ended;

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    begun = time_of(last_event(h, "command"));
    pass_time(h, 3600ull * SECOND);
    ended = time_of(last_event(h, "track-closed"));
    assert_true(ended > begun && ended < begun + 4 * SECOND);
    assert_good(run(h, ONE, TUR));
    assert_true(time_of(last_event(h, "command")) > begun + 3599ull * SECOND);
    harness_free(h);
}

static void the_deadline_is_the_next_thing_to_tell(void **state)
{
    struct harness *h = with_track(300);
    const struct vcdr_target *t = &h->target;
    uint64_t first;

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    first = t->ops->next_deadline(t->ctx);
    assert_true(first > h->now.us);
    pass_time(h, first - h->now.us - 1);
    assert_string_equal(states_told(h), "writing flushing");
    pass_time(h, 1);
    assert_string_equal(states_told(h), "writing flushing closing-track");
    assert_int_equal(t->ops->next_deadline(t->ctx), first + PMA);
    pass_time(h, PMA);
    assert_true(t->ops->next_deadline(t->ctx) == VCDR_NO_DEADLINE);
    harness_free(h);
}

static void features_change_when_the_last_session_is_closed(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    pass_time(h, sync_takes(h));
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(run(h, TWO, GESN("02"))); /* the first track's */
    assert_good(run(h, ONE, CLOSE_IMMED));
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 56 00 00 00 00");
    pass_time(h, 10 * SECOND);
    assert_hex(run(h, TWO, GESN("02")), "00 06 01 56 02 00 00 01");
    assert_int_equal(count_events(h, "session-closed"), 1);
    harness_free(h);
}

static void busy_events_tell_how_long(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    pass_time(h, sync_takes(h));
    assert_good(run(h, TWO, GESN("40")));
    assert_hex(run(h, TWO, GESN("40")), "00 06 06 56 00 00 00 00"); /* not busy */
    assert_good(run(h, ONE, CLOSE_IMMED));                          /* 4125073 us */
    assert_hex(run(h, TWO, GESN("40")), "00 06 06 56 01 02 00 2A"); /* Immed, 42 x 100 ms */
    pass_time(h, 4 * SECOND);
    assert_hex(run(h, TWO, GESN("40")),
               "00 06 06 56 00 02 00 02"); /* told once; the rest is live */
    assert_hex(run(h, THREE, GESN("40")), "00 06 06 56 01 02 00 02");
    pass_time(h, SECOND);
    assert_hex(run(h, TWO, GESN("40")), "00 06 06 56 00 00 00 00");
    harness_free(h);
}

static void only_a_drive_with_time_has_busy_events(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    /* feature 0001h: byte 8 bit 0 DBE */
    assert_hex_at(run(h, ONE, "46 02 00 01 00 00 00 00 14 00"), 8,
                  "00 01 0B 08 00 00 00 01 01 00 00 00");
    harness_free(h);
    h = harness_ready("80min");
    assert_hex_at(run(h, ONE, "46 02 00 01 00 00 00 00 14 00"), 8,
                  "00 01 0B 08 00 00 00 01 00 00 00 00");
    harness_free(h);
}

/* ---- loading ---- */

static void a_disc_spins_up_before_it_is_ready(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, TWO, GESN("10"))); /* removal */
    assert_good(run(h, TWO, GESN("02")));
    assert_good(run(h, ONE, LOAD_IMMED));
    assert_sense(run(h, TWO, TUR), SENSE_NOT_READY_BECOMING_READY);
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 56 00 02 00 00"); /* there, not yet news */
    assert_hex_at(run(h, TWO, "46 00 00 00 00 00 00 00 08 00"), 6, "00 00"); /* no profile yet */
    assert_int_equal(count_events(h, "medium-loaded"), 0);
    pass_time(h, SPIN_UP);
    assert_hex(run(h, TWO, GESN("10")), "00 06 04 56 02 02 00 00");
    assert_sense(run(h, TWO, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_good(run(h, TWO, TUR));
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_int_equal(count_events(h, "medium-loaded"), 1);
    harness_free(h);
}

static void load_and_start_without_immed_wait_until_it_is_ready(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, LOAD_IMMED));
    assert_int_equal(run(h, ONE, LOAD)->delay_us, SPIN_UP - COMMAND);
    assert_int_equal(run(h, TWO, START)->delay_us, SPIN_UP - 2 * COMMAND);
    assert_good(run(h, TWO, "1B 01 00 00 01 00"));
    assert_int_equal(h->reply.delay_us, 0);
    pass_time(h, SPIN_UP - 3 * COMMAND);
    assert_sense(run(h, ONE, TUR), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    harness_free(h);
}

static void a_disc_that_spins_up_can_be_ejected(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, LOAD_IMMED));
    assert_good(run(h, ONE, EJECT));
    pass_time(h, 10 * SECOND);
    assert_sense(run(h, ONE, TUR), SENSE_NO_MEDIUM_TRAY_OPEN); /* no attention of a disc unseen */
    assert_int_equal(count_events(h, "medium-loaded"), 0);
    assert_int_equal(count_events(h, "medium-ejected"), 1);
    harness_free(h);
}

/* ---- interruptions ---- */

static void after_a_reset_the_drive_is_at_nothing(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    reset(h, ONE);
    assert_string_equal(states_told(h), "writing flushing closing-track idle");
    assert_int_equal(count_events(h, "track-closed"), 1);
    assert_sense(run(h, ONE, TUR), SENSE_POWER_ON_OR_RESET);
    assert_good(run(h, ONE, TUR));
    assert_int_equal(next_address(h), 452);
    harness_free(h);
}

static void the_drive_finishes_for_a_nexus_that_is_gone(void **state)
{
    struct harness *h = with_track(300);

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    nexus_close(h, ONE);
    assert_sense(run(h, TWO, TUR), SENSE_NOT_READY_LONG_WRITE);
    pass_time(h, 10 * SECOND);
    assert_good(run(h, TWO, TUR));
    assert_string_equal(member(json_object_get(last_event(h, "write-state"), "nexus"), "initiator"),
                        "iqn.2026-01.example:one");
    harness_free(h);
}

static void before_power_off_all_is_told(void **state)
{
    struct harness *h = with_track(300);
    size_t n;

    (void)state;
    assert_good(run(h, ONE, SYNC_IMMED));
    harness_power_off(h);
    n = json_array_size(h->events);
    assert_string_equal(states_told(h), "writing flushing closing-track idle");
    assert_string_equal(member(json_array_get(h->events, n - 1), "event"), "power-off");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_command_is_answered_when_it_is_done),
        cmocka_unit_test(closing_a_session_takes_its_lead_in_and_lead_out),
        cmocka_unit_test(the_selected_speed_says_how_long),
        cmocka_unit_test(a_short_track_is_padded_at_the_speed_of_writing),
        cmocka_unit_test(other_nexuses_find_the_drive_busy_meanwhile),
        cmocka_unit_test(calibrating_and_reserving_take_time),
        cmocka_unit_test(nothing_to_do_takes_no_time),
        cmocka_unit_test(with_immed_the_answer_comes_at_once_and_the_drive_works_on),
        cmocka_unit_test(request_sense_tells_the_progress),
        cmocka_unit_test(a_unit_attention_comes_before_the_progress),
        cmocka_unit_test(what_needs_no_medium_is_answered_while_busy),
        cmocka_unit_test(what_needs_the_pickup_is_refused_while_busy),
        cmocka_unit_test(a_lock_can_be_taken_and_given_back_while_busy),
        cmocka_unit_test(the_write_states_pass_one_after_the_other),
        cmocka_unit_test(who_looks_late_finds_each_line_at_its_time),
        cmocka_unit_test(the_deadline_is_the_next_thing_to_tell),
        cmocka_unit_test(features_change_when_the_last_session_is_closed),
        cmocka_unit_test(busy_events_tell_how_long),
        cmocka_unit_test(only_a_drive_with_time_has_busy_events),
        cmocka_unit_test(a_disc_spins_up_before_it_is_ready),
        cmocka_unit_test(load_and_start_without_immed_wait_until_it_is_ready),
        cmocka_unit_test(a_disc_that_spins_up_can_be_ejected),
        cmocka_unit_test(after_a_reset_the_drive_is_at_nothing),
        cmocka_unit_test(the_drive_finishes_for_a_nexus_that_is_gone),
        cmocka_unit_test(before_power_off_all_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
