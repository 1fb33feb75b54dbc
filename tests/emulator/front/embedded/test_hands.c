/* SPDX-License-Identifier: MIT */
/* Hands at an embedded drive, and embedded drives in real time. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>
#include <vcdr/embedded.h>
#include <vcdr/store.h>

struct place {
    char folder[64], a[96], b[96];
};

static void make_disc(const char *path)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;

    assert_int_equal(vcdr_geometry_by_name("74min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(path, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), 0);
    store.ops->close(store.ctx);
}

static int make_place(void **state)
{
    struct place *place = test_malloc(sizeof(*place));

    snprintf(place->folder, sizeof(place->folder), "/tmp/vcdr-hands-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->a, sizeof(place->a), "%s/a.disc", place->folder);
    snprintf(place->b, sizeof(place->b), "%s/b.disc", place->folder);
    make_disc(place->a);
    make_disc(place->b);
    unsetenv("VCDR_RECORD");
    unsetenv("VCDR_TIMING");
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;

    (void)unlink(place->a);
    (void)unlink(place->b);
    assert_int_equal(rmdir(place->folder), 0);
    unsetenv("VCDR_TIMING");
    test_free(place);
    return 0;
}

static struct vcdr_embedded *open_disc(const char *disc)
{
    struct vcdr_embedded_options options = {.disc = disc};
    struct vcdr_embedded *nexus = NULL;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    return nexus;
}

/* A command without data-in: its sense, 0 for GOOD. */
static uint32_t send_out(struct vcdr_embedded *nexus, const void *cdb, size_t cdb_len,
                         const void *out, size_t out_len, enum vcdr_outcome *outcome)
{
    struct vcdr_command command = {.out = out, .out_len = out_len};

    memcpy(command.cdb, cdb, cdb_len);
    vcdr_embedded_execute(nexus, &command);
    if (outcome)
        *outcome = command.outcome;
    if (command.status == SAM_GOOD)
        return 0;
    assert_int_equal(command.status, SAM_CHECK_CONDITION);
    return (uint32_t)command.sense[2] << 16 | (uint32_t)command.sense[12] << 8 | command.sense[13];
}

static uint32_t ready(struct vcdr_embedded *nexus)
{
    return send_out(nexus, "\0\0\0\0\0", 6, NULL, 0, NULL);
}

static uint32_t settled(struct vcdr_embedded *nexus)
{
    uint32_t sense;

    do
        sense = ready(nexus);
    while (sense >> 16 == SENSE_KEY_UNIT_ATTENTION);
    return sense;
}

/* ---- discs ---- */

static void a_disc_goes_out_and_another_in(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus = open_disc(place->a);
    struct vcdr_look seen;

    assert_int_equal(settled(nexus), 0);
    assert_int_equal(vcdr_embedded_insert(nexus, place->b), VCDR_ESTATE);
    assert_int_equal(vcdr_embedded_eject(nexus), 0);
    assert_int_equal(settled(nexus), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_int_equal(vcdr_embedded_eject(nexus), VCDR_ESTATE);
    assert_int_equal(vcdr_embedded_insert(nexus, place->b), 0);
    assert_int_equal(ready(nexus), SENSE_MEDIUM_MAY_HAVE_CHANGED);
    assert_int_equal(ready(nexus), 0);
    assert_int_equal(vcdr_embedded_look(nexus, &seen), 0);
    assert_string_equal(seen.disc_name, place->b);
    vcdr_embedded_close(nexus);
}

static void the_button_opens_the_tray_unless_it_is_locked(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus = open_disc(place->a);

    assert_int_equal(settled(nexus), 0);
    assert_int_equal(send_out(nexus, "\x1E\0\0\0\x01", 6, NULL, 0, NULL), 0); /* PREVENT */
    assert_int_equal(vcdr_embedded_button(nexus), VCDR_ELOCKED);
    assert_int_equal(vcdr_embedded_eject(nexus), VCDR_ELOCKED);
    assert_int_equal(send_out(nexus, "\x1E\0\0\0\0", 6, NULL, 0, NULL), 0);
    assert_int_equal(vcdr_embedded_button(nexus), 0);
    assert_int_equal(settled(nexus), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_int_equal(vcdr_embedded_button(nexus), 0);
    assert_int_equal(settled(nexus), 0);
    vcdr_embedded_close(nexus);
}

static void who_opens_the_inserted_disc_meets_the_drive_that_has_it(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *one = open_disc(place->a), *two, *three;

    assert_int_equal(vcdr_embedded_eject(one), 0);
    three = open_disc(place->a); /* another drive: nobody had it */
    assert_int_equal(vcdr_embedded_insert(one, place->b), 0);
    two = open_disc(place->b);
    assert_int_equal(vcdr_embedded_eject(two), 0);
    assert_int_equal(settled(one), SENSE_NO_MEDIUM_TRAY_OPEN);
    assert_int_equal(settled(three), 0);
    assert_int_equal(vcdr_embedded_insert(one, place->a), VCDR_EBUSY);
    vcdr_embedded_close(three);
    assert_int_equal(vcdr_embedded_insert(one, place->a), 0);
    vcdr_embedded_close(two);
    vcdr_embedded_close(one);
}

static void what_is_no_disc_is_not_inserted(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus = open_disc(NULL);

    assert_int_equal(vcdr_embedded_insert(nexus, "/nonexistent/c.disc"), VCDR_ENOENT);
    assert_int_equal(truncate(place->b, 0), 0);
    assert_true(vcdr_embedded_insert(nexus, place->b) < 0);
    assert_int_equal(settled(nexus), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_int_equal(vcdr_embedded_insert(nexus, place->a), 0);
    vcdr_embedded_close(nexus);
}

static void without_power_no_hand_does_anything(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus = open_disc(NULL);
    struct vcdr_command command = {.out_len = 0};
    struct vcdr_look seen;

    assert_int_equal(vcdr_embedded_fault(nexus, "do=power", NULL), 0);
    vcdr_embedded_execute(nexus, &command);
    assert_int_equal(command.outcome, VCDR_POWERLESS);
    assert_int_equal(vcdr_embedded_insert(nexus, place->a), VCDR_ESTATE);
    assert_int_equal(vcdr_embedded_eject(nexus), VCDR_ESTATE);
    assert_int_equal(vcdr_embedded_button(nexus), VCDR_ESTATE);
    assert_int_equal(vcdr_embedded_look(nexus, &seen), VCDR_ESTATE);
    vcdr_embedded_close(nexus);
}

/* ---- time ---- */

static struct vcdr_embedded *open_timed(const char *disc)
{
    struct vcdr_embedded_options options = {.disc = disc, .timing = "real"};
    struct vcdr_embedded *nexus = NULL;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    assert_int_equal(settled(nexus), 0);
    return nexus;
}

static void write_block(struct vcdr_embedded *nexus)
{
    static const uint8_t block[2048];

    /* WRITE(10) of one block to address 0 */
    assert_int_equal(send_out(nexus, "\x2A\0\0\0\0\0\0\0\x01", 10, block, sizeof(block), NULL), 0);
}

static void a_delayed_answer_has_moved_the_clock(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus = open_timed(place->a);
    enum vcdr_outcome outcome;

    write_block(nexus);
    assert_int_equal(send_out(nexus, "\x35\0\0\0\0\0\0\0\0", 10, NULL, 0, &outcome), 0);
    assert_int_equal(outcome, VCDR_DELAYED);
    assert_int_equal(ready(nexus), 0);
    vcdr_embedded_close(nexus);
}

static void with_immed_the_drive_is_busy_until_time_passes(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus = open_timed(place->a);
    enum vcdr_outcome outcome;

    write_block(nexus);
    assert_int_equal(send_out(nexus, "\x35\x02\0\0\0\0\0\0\0", 10, NULL, 0, &outcome), 0);
    assert_int_equal(outcome, VCDR_ANSWERED);
    assert_int_equal(ready(nexus), SENSE_NOT_READY_LONG_WRITE);
    vcdr_embedded_pass_time(nexus, 60 * 1000000);
    assert_int_equal(ready(nexus), 0);
    vcdr_embedded_close(nexus);
}

struct lines {
    unsigned closed;
};

static void count_closed(void *ctx, const char *line, size_t len)
{
    struct lines *lines = ctx;

    (void)len;
    lines->closed += strstr(line, "\"track-closed\"") != NULL;
}

static void lines_come_when_time_has_passed(void **state)
{
    const struct place *place = *state;
    struct lines lines = {0};
    struct vcdr_embedded_options options = {
        .disc = place->a, .timing = "real", .line = count_closed, .line_ctx = &lines};
    struct vcdr_embedded *nexus = NULL;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    assert_int_equal(settled(nexus), 0);
    write_block(nexus);
    assert_int_equal(send_out(nexus, "\x35\x02\0\0\0\0\0\0\0", 10, NULL, 0, NULL), 0);
    assert_int_equal(lines.closed, 0);
    vcdr_embedded_pass_time(nexus, 60 * 1000000);
    assert_int_equal(lines.closed, 1);
    vcdr_embedded_close(nexus);
}

static void the_environment_gives_time(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded *nexus;

    setenv("VCDR_TIMING", "real", 1);
    nexus = open_disc(place->a);
    assert_int_equal(settled(nexus), 0);
    write_block(nexus);
    assert_int_equal(send_out(nexus, "\x35\x02\0\0\0\0\0\0\0", 10, NULL, 0, NULL), 0);
    assert_int_equal(ready(nexus), SENSE_NOT_READY_LONG_WRITE);
    vcdr_embedded_close(nexus);
}

static void the_option_wins_over_the_environment(void **state)
{
    const struct place *place = *state;
    struct vcdr_embedded_options options = {.disc = place->a, .timing = "none"};
    struct vcdr_embedded *nexus = NULL;

    setenv("VCDR_TIMING", "real", 1);
    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    assert_int_equal(settled(nexus), 0);
    write_block(nexus);
    assert_int_equal(send_out(nexus, "\x35\x02\0\0\0\0\0\0\0", 10, NULL, 0, NULL), 0);
    assert_int_equal(ready(nexus), 0);
    vcdr_embedded_close(nexus);
}

static void another_word_for_time_is_refused(void **state)
{
    struct vcdr_embedded_options options = {.timing = "slow"};
    struct vcdr_embedded *nexus = NULL;

    (void)state;
    assert_int_equal(vcdr_embedded_open(&options, &nexus), VCDR_EINVAL);
    assert_null(nexus);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(a_disc_goes_out_and_another_in),
        PLACED(the_button_opens_the_tray_unless_it_is_locked),
        PLACED(who_opens_the_inserted_disc_meets_the_drive_that_has_it),
        PLACED(what_is_no_disc_is_not_inserted),
        PLACED(without_power_no_hand_does_anything),
        PLACED(a_delayed_answer_has_moved_the_clock),
        PLACED(with_immed_the_drive_is_busy_until_time_passes),
        PLACED(lines_come_when_time_has_passed),
        PLACED(the_environment_gives_time),
        PLACED(the_option_wins_over_the_environment),
        PLACED(another_word_for_time_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
