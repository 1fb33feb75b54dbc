/* SPDX-License-Identifier: MIT */
/* The embedded front end: which opens meet one drive, when it is powered on and off, its record. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/embedded.h>
#include <vcdr/store.h>

struct place {
    char folder[64], disc[96], link[96], record[96];
};

/* ---- commands in raw hex ---- */

static struct vcdr_command command(struct vcdr_embedded *nexus, const void *cdb, size_t cdb_len,
                                   const void *out, size_t out_len, void *in, size_t in_size)
{
    struct vcdr_command made = {
        .out = out, .out_len = out_len, .in = in, .in_size = in_size, .nexus = 99};

    memcpy(made.cdb, cdb, cdb_len);
    vcdr_embedded_execute(nexus, &made);
    return made;
}

static uint32_t sense_of(const struct vcdr_command *made)
{
    if (made->sense_len == 0)
        return 0;
    return (uint32_t)made->sense[2] << 16 | (uint32_t)made->sense[12] << 8 | made->sense[13];
}

static uint32_t ready(struct vcdr_embedded *nexus)
{
    static const uint8_t cdb[6] = {0x00}; /* TEST UNIT READY */
    struct vcdr_command made = command(nexus, cdb, 6, NULL, 0, NULL, 0);

    return made.status == 0x18 ? 0x18 : sense_of(&made);
}

static void settle(struct vcdr_embedded *nexus)
{
    while (ready(nexus) >> 16 == 0x06)
        continue;
}

static uint8_t lock(struct vcdr_embedded *nexus, const char *name)
{
    /* MODE SELECT(10), PF 1, 80 bytes: header of 8, page 39h of 72, request 1 */
    static const uint8_t cdb[10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0, 80, 0};
    uint8_t data[80] = {[8] = 0x39, [9] = 0x46, [10] = 1};

    memcpy(data + 16, name, strlen(name));
    return command(nexus, cdb, 10, data, sizeof(data), NULL, 0).status;
}

/* ---- the place ---- */

static int make_place(void **state)
{
    struct place *place = test_malloc(sizeof(*place));
    struct vcdr_geometry geometry;
    struct vcdr_store store;

    snprintf(place->folder, sizeof(place->folder), "/tmp/vcdr-embedded-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->disc, sizeof(place->disc), "%s/a.disc", place->folder);
    snprintf(place->link, sizeof(place->link), "%s/b.disc", place->folder);
    snprintf(place->record, sizeof(place->record), "%s/record.jsonl", place->folder);
    assert_int_equal(vcdr_geometry_by_name("74min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(place->disc, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), 0);
    store.ops->close(store.ctx);
    unsetenv("VCDR_RECORD");
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;

    (void)unlink(place->disc);
    (void)unlink(place->link);
    (void)unlink(place->record);
    assert_int_equal(rmdir(place->folder), 0);
    test_free(place);
    return 0;
}

static struct vcdr_embedded *open_disc(const char *disc)
{
    struct vcdr_embedded_options options = {.disc = disc};
    struct vcdr_embedded *nexus = NULL;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    assert_non_null(nexus);
    return nexus;
}

static unsigned count_lines(const char *path, const char *text)
{
    FILE *in = fopen(path, "r");
    char line[2048];
    unsigned count = 0;

    while (in && fgets(line, sizeof(line), in))
        count += strstr(line, text) != NULL;
    if (in)
        fclose(in);
    return count;
}

/* ---- which drive ---- */

static void no_options_are_an_empty_drive(void **state)
{
    struct vcdr_embedded *nexus;

    (void)state;
    assert_int_equal(vcdr_embedded_open(NULL, &nexus), 0);
    settle(nexus);
    assert_int_equal(ready(nexus) >> 8, 0x023A); /* medium not present */
    vcdr_embedded_close(nexus);
}

static void two_empty_drives_are_two(void **state)
{
    struct vcdr_embedded *one = open_disc(NULL), *two = open_disc(NULL);

    (void)state;
    settle(one);
    settle(two);
    assert_int_equal(lock(one, "One"), 0);
    assert_int_equal(lock(two, "Two"), 0);
    vcdr_embedded_close(one);
    vcdr_embedded_close(two);
}

static void one_disc_opened_twice_is_one_drive(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *one = open_disc(place->disc), *two = open_disc(place->disc);

    settle(one);
    settle(two);
    assert_int_equal(lock(one, "One"), 0);
    assert_int_equal(lock(two, "Two"), 0x18); /* RESERVATION CONFLICT: two nexuses */
    vcdr_embedded_close(one);
    assert_int_equal(lock(two, "Two"), 0); /* given back with its nexus */
    vcdr_embedded_close(two);
}

static void another_name_of_the_file_is_the_same_drive(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *one, *two;

    assert_int_equal(symlink("a.disc", place->link), 0);
    one = open_disc(place->disc);
    two = open_disc(place->link);
    settle(one);
    settle(two);
    assert_int_equal(lock(one, "One"), 0);
    assert_int_equal(lock(two, "Two"), 0x18);
    vcdr_embedded_close(two);
    vcdr_embedded_close(one);
}

static void the_last_close_powers_off(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *one = open_disc(place->disc), *two = open_disc(place->disc);
    struct vcdr_store store;

    vcdr_embedded_close(one);
    assert_int_equal(vcdr_store_file(place->disc, 0, &store), VCDR_EBUSY);
    vcdr_embedded_close(two);
    assert_int_equal(vcdr_store_file(place->disc, 0, &store), 0);
    store.ops->close(store.ctx);
}

static void a_reset_frees_the_drive(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded *one = open_disc(place->disc), *two = open_disc(place->disc);

    settle(one);
    settle(two);
    assert_int_equal(lock(one, "One"), 0);
    vcdr_embedded_reset(two);
    assert_int_equal(ready(one), 0x062900);
    assert_int_equal(ready(two), 0x062900);
    assert_int_equal(lock(two, "Two"), 0);
    vcdr_embedded_close(one);
    vcdr_embedded_close(two);
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    vcdr_embedded_close(NULL);
}

/* ---- what is refused ---- */

static void a_missing_disc_is_refused(void **state)
{
    struct vcdr_embedded_options options = {.disc = "/nonexistent/disc"};
    struct vcdr_embedded *nexus = NULL;

    (void)state;
    assert_int_equal(vcdr_embedded_open(&options, &nexus), VCDR_ENOENT);
    assert_null(nexus);
}

static void a_disc_held_by_others_is_refused(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {.disc = place->disc};
    struct vcdr_embedded *nexus = NULL;
    struct vcdr_store store;

    assert_int_equal(vcdr_store_file(place->disc, 0, &store), 0);
    assert_int_equal(vcdr_embedded_open(&options, &nexus), VCDR_EBUSY);
    assert_null(nexus);
    store.ops->close(store.ctx);
    nexus = open_disc(place->disc); /* the failed open left nothing behind */
    vcdr_embedded_close(nexus);
}

static void a_file_that_is_no_disc_is_refused(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {.disc = place->link};
    struct vcdr_embedded *nexus = NULL;
    FILE *out = fopen(place->link, "w");

    assert_non_null(out);
    for (int i = 0; i < 8192; i++)
        fputc('x', out);
    fclose(out);
    assert_int_equal(vcdr_embedded_open(&options, &nexus), VCDR_ENOTDISC);
    assert_null(nexus);
}

static void a_record_that_cannot_be_written_is_refused(void **state)
{
    struct vcdr_embedded_options options = {.record = "/nonexistent/record"};
    struct vcdr_embedded *nexus = NULL;

    (void)state;
    assert_true(vcdr_embedded_open(&options, &nexus) < 0);
    assert_null(nexus);
}

/* ---- the record ---- */

static void the_environment_names_the_record(void **state)
{
    struct place *place = *state;

    setenv("VCDR_RECORD", place->record, 1);
    vcdr_embedded_close(open_disc(place->disc));
    unsetenv("VCDR_RECORD");
    assert_int_equal(count_lines(place->record, "\"event\":\"power-on\""), 1);
    assert_int_equal(count_lines(place->record, "\"event\":\"power-off\",\"clean\":true"), 1);
}

static void drives_share_one_record_file_without_gaps(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {.record = place->record};
    struct vcdr_embedded *one, *two;
    char text[32];

    assert_int_equal(vcdr_embedded_open(&options, &one), 0);
    options.disc = place->disc;
    assert_int_equal(vcdr_embedded_open(&options, &two), 0);
    vcdr_embedded_close(one);
    vcdr_embedded_close(two);
    for (int i = 1; i <= 4; i++) { /* two power-ons, two power-offs */
        snprintf(text, sizeof(text), "{\"seq\":%d,", i);
        assert_int_equal(count_lines(place->record, text), 1);
    }
}

static void a_nexus_is_named_by_its_process_and_program(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {.record = place->record};
    struct vcdr_embedded *nexus;
    char text[128];

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    (void)ready(nexus);
    vcdr_embedded_close(nexus);
    snprintf(text, sizeof(text), "\"nexus\":{\"initiator\":\"embedded:%ld:", (long)getpid());
    assert_int_equal(count_lines(place->record, text), 2); /* open and close */
    snprintf(text, sizeof(text), "\"alias\":\"%s\"", program_invocation_short_name);
    assert_int_equal(count_lines(place->record, text), 2);
}

static void a_nexus_can_be_given_names(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {
        .record = place->record, .initiator = "iqn.test:one", .alias = "tester"};
    struct vcdr_embedded *nexus;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    (void)ready(nexus);
    vcdr_embedded_close(nexus);
    assert_int_equal(count_lines(place->record, "\"event\":\"nexus-open\",\"nexus\":{\"initiator\":"
                                                "\"iqn.test:one\",\"alias\":\"tester\""),
                     1);
}

static void keep_line(void *ctx, const char *line, size_t len)
{
    char *kept = ctx;

    assert_int_equal(line[len - 1], '\n');
    if (strlen(kept) + len < 8192)
        strncat(kept, line, len);
}

static void a_function_gets_the_lines_as_well(void **state)
{
    struct place *place = *state;
    static char kept[8192];
    char text[8192] = "";
    struct vcdr_embedded_options options = {
        .record = place->record, .line = keep_line, .line_ctx = kept};
    struct vcdr_embedded *nexus;
    FILE *in;

    kept[0] = '\0';
    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    (void)ready(nexus);
    vcdr_embedded_close(nexus);
    in = fopen(place->record, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(kept, text);
    assert_non_null(strstr(kept, "power-off"));
}

static void commands_are_recorded_when_asked_for(void **state)
{
    struct place *place = *state;
    struct vcdr_embedded_options options = {.record = place->record, .record_commands = true};
    struct vcdr_embedded *nexus;

    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    (void)ready(nexus);
    vcdr_embedded_close(nexus);
    assert_int_equal(count_lines(place->record, "\"event\":\"command\",\"opcode\":0,"), 1);
}

/* ---- threads ---- */

enum { THREADS = 4, TURNS = 200 };

/* Opens, locks if it can, and closes: a lock that was granted is granted to one at a time. */
static int holders;

static void *contend(void *arg)
{
    const struct place *place = arg;
    intptr_t wrong = 0;

    for (int i = 0; i < TURNS; i++) {
        struct vcdr_embedded_options options = {.disc = place->disc};
        struct vcdr_embedded *nexus;

        if (vcdr_embedded_open(&options, &nexus) != 0)
            return (void *)1;
        settle(nexus);
        if (lock(nexus, "Thread") == 0) {
            wrong += __atomic_add_fetch(&holders, 1, __ATOMIC_SEQ_CST) != 1;
            __atomic_sub_fetch(&holders, 1, __ATOMIC_SEQ_CST);
        }
        vcdr_embedded_close(nexus);
    }
    return (void *)wrong;
}

static void threads_that_open_one_disc_get_one_drive(void **state)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, contend, *state), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(no_options_are_an_empty_drive),
        PLACED(two_empty_drives_are_two),
        PLACED(one_disc_opened_twice_is_one_drive),
        PLACED(another_name_of_the_file_is_the_same_drive),
        PLACED(the_last_close_powers_off),
        PLACED(a_reset_frees_the_drive),
        PLACED(closing_nothing_is_allowed),
        PLACED(a_missing_disc_is_refused),
        PLACED(a_disc_held_by_others_is_refused),
        PLACED(a_file_that_is_no_disc_is_refused),
        PLACED(a_record_that_cannot_be_written_is_refused),
        PLACED(the_environment_names_the_record),
        PLACED(drives_share_one_record_file_without_gaps),
        PLACED(a_nexus_is_named_by_its_process_and_program),
        PLACED(a_nexus_can_be_given_names),
        PLACED(a_function_gets_the_lines_as_well),
        PLACED(commands_are_recorded_when_asked_for),
        PLACED(threads_that_open_one_disc_get_one_drive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
