/* SPDX-License-Identifier: MIT */
/* What the embedded front end makes of answers that a fault keeps back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/embedded.h>
#include <vcdr/store.h>

struct place {
    char folder[64], disc[96];
    char lines[65536]; /* of the record */
    size_t len;
};

static void keep_line(void *ctx, const char *line, size_t len)
{
    struct place *place = ctx;

    assert_true(place->len + len < sizeof(place->lines));
    memcpy(place->lines + place->len, line, len);
    place->len += len;
    place->lines[place->len] = '\0';
}

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    struct vcdr_geometry geometry;
    struct vcdr_store store;

    assert_non_null(place);
    strcpy(place->folder, "/tmp/vcdr-faults-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->disc, sizeof(place->disc), "%s/disc", place->folder);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(place->disc, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), 0);
    store.ops->close(store.ctx);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;

    unsetenv("VCDR_FAULT");
    unlink(place->disc);
    assert_int_equal(rmdir(place->folder), 0);
    free(place);
    return 0;
}

static struct vcdr_embedded *open_with(struct place *place, const char *faults)
{
    struct vcdr_embedded_options options = {
        .disc = place->disc, .line = keep_line, .line_ctx = place, .faults = faults};
    struct vcdr_embedded *nexus;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), VCDR_OK);
    return nexus;
}

static struct vcdr_command execute(struct vcdr_embedded *nexus, const uint8_t cdb[10])
{
    static uint8_t in[256];
    struct vcdr_command command = {.in = in, .in_size = sizeof(in)};

    memcpy(command.cdb, cdb, 10);
    vcdr_embedded_execute(nexus, &command);
    return command;
}

static const uint8_t disc_information[10] = {0x51, [8] = 34};
static const uint8_t reserve[10] = {0x56};
static const uint8_t ready[10] = {0x00};

static void settle(struct vcdr_embedded *nexus)
{
    while (execute(nexus, ready).status != 0)
        continue;
}

/* The last "time_us" of the record. */
static uint64_t last_time_us(const struct place *place)
{
    const char *at = place->lines, *last = NULL;

    while ((at = strstr(at, "\"time_us\":")) != NULL)
        last = at += strlen("\"time_us\":");
    assert_non_null(last);
    return strtoull(last, NULL, 10);
}

static void a_delay_returns_at_once_and_moves_the_drives_clock(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *nexus = open_with(place, "op=51h do=delay:3600s");
    struct vcdr_command command;

    settle(nexus);
    command = execute(nexus, disc_information);
    assert_int_equal(command.outcome, VCDR_DELAYED);
    assert_int_equal(command.status, 0);
    assert_int_equal(command.in_len, 34);
    assert_int_equal(execute(nexus, reserve).outcome, VCDR_ANSWERED);
    assert_non_null(strstr(place->lines, "exclusive-lock"));
    assert_true(last_time_us(place) >= UINT64_C(3600000000));
    vcdr_embedded_close(nexus);
}

static void time_can_be_passed(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *nexus = open_with(place, NULL);

    vcdr_embedded_pass_time(nexus, UINT64_C(7200000000));
    settle(nexus);
    assert_true(last_time_us(place) >= UINT64_C(7200000000));
    vcdr_embedded_close(nexus);
}

static void silence_is_told_and_the_nexus_lives_on(void **state)
{
    struct vcdr_embedded *nexus = open_with(*state, "op=51h do=never");

    settle(nexus);
    assert_int_equal(execute(nexus, disc_information).outcome, VCDR_UNANSWERED);
    assert_int_equal(execute(nexus, disc_information).outcome, VCDR_ANSWERED);
    vcdr_embedded_close(nexus);
}

static void a_cut_loses_this_nexus_and_what_it_holds(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *one = open_with(place, "op=51h do=cut"), *two = open_with(place, NULL);
    struct vcdr_command command;

    settle(one);
    settle(two);
    assert_int_equal(execute(one, reserve).status, 0);
    assert_int_equal(execute(two, ready).status, 0x18);
    assert_int_equal(execute(one, disc_information).outcome, VCDR_CUT);
    assert_non_null(strstr(place->lines, "\"cause\":\"nexus-lost\""));
    assert_int_equal(execute(two, ready).status, 0);
    command = execute(one, ready);
    assert_int_equal(command.outcome, VCDR_CUT);
    assert_int_equal(command.status, 0x40);
    vcdr_embedded_reset(one);
    vcdr_embedded_close(one);
    assert_int_equal(execute(two, disc_information).status, 0);
    vcdr_embedded_close(two);
}

static void without_power_every_nexus_is_lost_and_the_disc_is_free(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *one = open_with(place, "op=51h do=power"), *two = open_with(place, NULL),
                         *fresh;

    settle(one);
    settle(two);
    assert_int_equal(execute(one, disc_information).outcome, VCDR_POWERLESS);
    assert_int_equal(execute(two, ready).outcome, VCDR_POWERLESS);
    assert_int_equal(vcdr_embedded_fault(two, "do=cut", NULL), VCDR_ESTATE);
    assert_non_null(strstr(place->lines, "\"clean\":false"));
    fresh = open_with(place, NULL); /* a new drive, while handles of the old are about */
    settle(fresh);
    assert_int_equal(execute(fresh, disc_information).status, 0);
    vcdr_embedded_reset(one);
    vcdr_embedded_close(one);
    vcdr_embedded_close(two);
    assert_int_equal(execute(fresh, disc_information).status, 0);
    vcdr_embedded_close(fresh);
}

static void rules_are_set_and_taken_away_at_any_time(void **state)
{
    struct vcdr_embedded *nexus = open_with(*state, NULL);
    struct vcdr_fault_error error;

    settle(nexus);
    assert_int_equal(vcdr_embedded_fault(nexus, "count=all do=status:BUSY; op=51h do=cut", &error),
                     VCDR_OK);
    assert_int_equal(execute(nexus, ready).status, 0x08);
    assert_int_equal(vcdr_embedded_fault(nexus, "do=cut; do=explode", &error), VCDR_EINVAL);
    assert_memory_equal(error.message, "do=explode: ", 12);
    assert_int_equal(vcdr_embedded_fault(nexus, NULL, NULL), VCDR_OK);
    assert_int_equal(execute(nexus, ready).status, 0);
    vcdr_embedded_close(nexus);
}

static void the_environment_has_rules_for_programs_that_know_none(void **state)
{
    struct vcdr_embedded *nexus;

    setenv("VCDR_FAULT", "op=51h do=status:BUSY", 1);
    nexus = open_with(*state, NULL);
    settle(nexus);
    assert_int_equal(execute(nexus, disc_information).status, 0x08);
    vcdr_embedded_close(nexus);
    nexus = open_with(*state, ""); /* a program's own wish comes first */
    settle(nexus);
    assert_int_equal(execute(nexus, disc_information).status, 0);
    vcdr_embedded_close(nexus);
}

static void a_rule_that_cannot_be_read_is_no_drive(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {.disc = place->disc, .faults = "do=explode"};
    struct vcdr_embedded *nexus = NULL;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), VCDR_EINVAL);
    assert_null(nexus);
    nexus = open_with(place, NULL); /* nothing holds the disc */
    vcdr_embedded_close(nexus);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HERE(a_delay_returns_at_once_and_moves_the_drives_clock),
        HERE(time_can_be_passed),
        HERE(silence_is_told_and_the_nexus_lives_on),
        HERE(a_cut_loses_this_nexus_and_what_it_holds),
        HERE(without_power_every_nexus_is_lost_and_the_disc_is_free),
        HERE(rules_are_set_and_taken_away_at_any_time),
        HERE(the_environment_has_rules_for_programs_that_know_none),
        HERE(a_rule_that_cannot_be_read_is_no_drive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
