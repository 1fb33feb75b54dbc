/* SPDX-License-Identifier: MIT */
/*
 * A CD recorder and a disc for each test of a CMocka program:
 *
 *     static void a_new_disc_is_blank(void **state)
 *     {
 *         const struct vcdr_fixture *drive = *state;
 *         ... drive->url ...
 *     }
 *     int main(void)
 *     {
 *         const struct CMUnitTest tests[] = {vcdr_unit_test(a_new_disc_is_blank)};
 *         return vcdr_run_group_tests(tests);
 *     }
 *
 * Include <cmocka.h> (and what it wants before it) as well; no function here needs it.
 *
 * Each test starts with a disc as new (or as `prepare` left it), a drive that has just been powered
 * on, and an empty record. After it the drive is powered off. The record, commands included, of a
 * test that did not pass is kept, and its path said on stderr:
 * FOLDER/PROGRAM.TEST.KIND.jsonl. A group has one drive; a process runs one group at a time.
 *
 * The environment chooses:
 *   VCDR_FIXTURE       embedded (default): the drive is in this process. It has power while
 *                      somebody has it open, and a test that passes but leaves it open fails.
 *                      daemon: iSCSI, in a tgtd that belongs to the test; needs the program vcdr.
 *   VCDR_FIXTURE_KEEP  folder of the kept records, made where it is not there; "vcdr-failed".
 *   VCDR               the program; by default the one installed with this library, or PATH's.
 *   TMPDIR             where the disc lies; /tmp. In memory (/dev/shm) tests are faster.
 * During a test VCDR_URL is set to the drive's URL, for programs that the test runs; with the
 * embedded drive VCDR_RECORD and VCDR_RECORD_COMMANDS as well.
 *
 * Functions return 0 or a negative enum vcdr_error, after one line on stderr that says what failed.
 * They are called by one thread.
 */
#ifndef VCDR_CMOCKA_H
#define VCDR_CMOCKA_H

#include <stdbool.h>
#include <vcdr/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a test finds in *state. The strings are the fixture's and change when the drive is powered
 * on anew: read them where they are used. */
struct vcdr_fixture {
    const char *url;    /* embedded:PATH or iscsi://... */
    const char *disc;   /* path of the disc in it; a running daemon's drive holds the file */
    const char *record; /* path; there once an event has happened */
};

struct vcdr_fixture_options {
    const char *capacity; /* "74min", "80min", "90min"; NULL: 80min */
    bool rewritable;      /* a CD-RW */
    /* Makes the disc that every test is to start with, by the drive; NULL: it is blank. Runs once
     * for the group, and again only when a test has spoilt the disc for good. What it leaves is
     * put back before each test, which costs the same however much it wrote. Not 0: the group
     * fails. */
    int (*prepare)(const struct vcdr_fixture *fixture);
};

/*
 * In the midst of a test: the drive is powered off, its disc is changed, the drive is powered on.
 * Whoever has it open closes it before; VCDR_EBUSY where the embedded drive is still open.
 */
/* A power cycle alone. */
int vcdr_fixture_power_cycle(const struct vcdr_fixture *fixture);
/* The disc is blank again. */
int vcdr_fixture_reset(const struct vcdr_fixture *fixture);
/* The disc's state is kept, and gone back to. VCDR_ENOENT: none was kept. */
int vcdr_fixture_snapshot(const struct vcdr_fixture *fixture);
int vcdr_fixture_restore(const struct vcdr_fixture *fixture);

/* ---- what CMocka calls ---- */

/* A row of the table of tests; the macro is C: a C++ program writes out the row and its fields. */
struct vcdr_fixture_test {
    const char *name;
    void (*run)(void **state);
};

#define vcdr_unit_test(test)                                                                       \
    {                                                                                              \
        #test, vcdr_fixture_run, vcdr_fixture_setup, vcdr_fixture_teardown,                        \
            &(struct vcdr_fixture_test){#test, test}                                               \
    }
#define vcdr_run_group_tests(tests)                                                                \
    cmocka_run_group_tests_name(#tests, tests, vcdr_fixture_group_setup,                           \
                                vcdr_fixture_group_teardown)

/* Group fixtures; they leave *state alone. */
int vcdr_fixture_group_setup(void **state);
int vcdr_fixture_group_teardown(void **state);
/* For a group setup of one's own, which has to leave *state alone too; the options are copied. */
int vcdr_fixture_group_setup_with(const struct vcdr_fixture_options *options);

/* Of vcdr_unit_test; *state is the row. */
int vcdr_fixture_setup(void **state);
int vcdr_fixture_teardown(void **state);
void vcdr_fixture_run(void **state);

#ifdef __cplusplus
}
#endif
#endif
