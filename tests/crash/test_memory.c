/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of the drive fails once, in turn: from power-on to power-off, and within every
 * command of a burn. Nothing leaks, nothing is lost, the state is what it was, and the same thing
 * succeeds once there is memory again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <vcdr/drive.h>

#include "burn_script.h"
#include "emulator/store/alloc_fault.h"

/* The C library's own takes its memory where nothing can be made to fail. */
char *__wrap_strdup(const char *s);
char *__wrap_strdup(const char *s)
{
    char *copy = malloc(strlen(s) + 1);

    return copy != NULL ? strcpy(copy, s) : NULL;
}

/* ---- power on, power off ---- */

static void ignore(void *ctx, const char *line, size_t len)
{
    (void)ctx;
    (void)line;
    (void)len;
}

static int one_command(struct vcdr_target target, struct vcdr_time now)
{
    struct vcdr_command command = {.nexus = 3};

    target.ops->execute(target.ctx, &command, now); /* TEST UNIT READY */
    return command.status == 2 && command.sense[2] == 6 ? VCDR_OK : VCDR_EIO;
}

static int nexuses(struct vcdr_target target, struct vcdr_time now)
{
    int error = VCDR_OK;

    for (uint64_t id = 1; error == VCDR_OK && id <= 3; id++)
        error = target.ops->nexus_open(target.ctx, id, "iqn.2026-01.example:one", NULL, "a", now);
    if (error == VCDR_OK)
        error = one_command(target, now);
    target.ops->power_off(target.ctx, now);
    return error;
}

static int drive_life(struct vcdr_disc *disc, struct vcdr_record_lines *lines)
{
    struct vcdr_drive_config config = {
        .disc = disc, .disc_name = "name", .record = vcdr_record_lines_sink(lines)};
    struct vcdr_time now = {.us = 1};
    struct vcdr_target target = {NULL, NULL};
    int error = vcdr_drive_new(&config, now, &target);

    if (error == VCDR_OK)
        return nexuses(target, now);
    assert_null(target.ops);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK); /* it is the caller's still */
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    return error;
}

static int disc_life(struct vcdr_store store)
{
    struct vcdr_record_lines *lines = NULL;
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc = NULL;
    int error = vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry);

    if (error == VCDR_OK)
        error = vcdr_disc_create(store, &geometry, 1);
    if (error == VCDR_OK)
        error = vcdr_disc_open(store, &disc);
    if (error != VCDR_OK) {
        assert_null(disc);
        store.ops->close(store.ctx);
        return error;
    }
    error = vcdr_record_lines_new(ignore, NULL, &lines);
    if (error == VCDR_OK)
        error = drive_life(disc, lines);
    else
        assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    vcdr_record_lines_free(lines);
    return error;
}

static void a_life_that_runs_out_of_memory_leaves_nothing_behind(void **state)
{
    unsigned failures = 0;
    long before = alloc_live();
    int error;

    (void)state;
    do {
        struct vcdr_store store;

        alloc_fail_at(failures + 1);
        error = vcdr_store_memory(&store);
        if (error == VCDR_OK)
            error = disc_life(store);
        alloc_fail_at(0);
        assert_int_equal(error, alloc_failed() ? VCDR_ENOMEM : VCDR_OK);
        assert_int_equal(alloc_live(), before);
        failures++;
    } while (error != VCDR_OK);
    assert_true(failures >
                8); /* the store, its chunks, the disc, the record, the drive, 3 nexuses */
}

/* ---- within a command ---- */

/* The drive says that it could not, and is what it was; a track may have been opened, with nothing
 * in it, at the address where writing goes on. */
static void check_as_before(struct rig *rig, const struct model *before)
{
    struct disc states[2] = {before->disc, rig->model.disc};
    unsigned count = 1;
    struct tags tags[TRACKS + 1];

    if (states[0].open == 0 && states[1].open != 0) {
        states[1].track[states[1].open].stored = 0;
        count = 2;
    }
    memcpy(tags, rig->model.tags, sizeof(tags)); /* they may have moved */
    rig->model = *before;
    memcpy(rig->model.tags, tags, sizeof(tags));
    rig->model.tracks_opened = rig->record.opened;
    if (!rig_find_state(rig, states, count))
        fail_msg("%s", rig->failure->why);
    assert_int_equal(rig->model.tracks_opened - before->tracks_opened,
                     before->disc.open != rig->model.disc.open);
}

static unsigned ask_until_there_is_memory(struct rig *rig, const struct step *step)
{
    unsigned failures = 0;
    bool failed;

    do {
        struct model before = rig->model;
        struct vcdr_command command;
        struct ask ask;

        walk_resolve(&rig->model, step, rig->tag, &ask);
        rig_tick(rig);
        model_ask(&rig->model, &ask, &rig->answer);
        alloc_fail_at(failures + 1);
        rig_execute(rig, &ask, &command);
        alloc_fail_at(0);
        failed = alloc_failed();
        if (!failed) {
            if (!rig_check_status(rig, &command) || !rig_check_data(rig, &ask, &command) ||
                !rig_check_record(rig))
                fail_msg("%s", rig->failure->why);
            rig->tag += ask.blocks;
            break;
        }
        failures++;
        assert_int_equal(command.status, 2);
        assert_int_equal(rig_sense(&command), 0x044400); /* INTERNAL TARGET FAILURE */
        check_as_before(rig, &before);
    } while (failed);
    return failures;
}

static void a_command_that_runs_out_of_memory_can_be_repeated(void **state)
{
    static struct rig rig;
    struct walk *walk = calloc(1, sizeof(*walk));
    struct vcdr_store store;
    struct rig_options options = {.store = &store};
    struct failure failure;
    unsigned failures = 0;

    (void)state;
    assert_non_null(walk);
    walk->last_lead_out = 359849;
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    assert_true(rig_begin(&rig, walk, &options, &failure));
    for (unsigned i = 0; i < burn_script_steps; i++)
        failures += ask_until_there_is_memory(&rig, &burn_script[i]);
    assert_true(disc_complete(&rig.model.disc));
    assert_true(failures > 3);
    if (!rig_look_at_all(&rig))
        fail_msg("%s", failure.why);
    rig_end(&rig);
    free(walk);
    print_message("%u allocations failed\n", failures);
}

/* With Test Write what is there is kept aside; a registration outlives its nexus. */
static bool may_allocate(const struct rig *rig, const struct ask *ask)
{
    return ask->kind == ASK_WRITE || ask->kind == ASK_PERSIST || rig->model.page.test;
}

/* Whatever a nexus may ask, no other command allocates: it cannot run out of memory. */
static void only_writes_rehearsals_and_registrations_allocate(void **state)
{
    static struct rig rig;
    struct walk *walk = calloc(1, sizeof(*walk));
    struct vcdr_store store;
    struct rig_options options = {.store = &store};
    struct failure failure;

    (void)state;
    assert_non_null(walk);
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    walk_make(walk, 5, 400);
    assert_true(rig_begin(&rig, walk, &options, &failure));
    for (unsigned i = 0; i < walk->steps; i++) {
        struct vcdr_command command;
        struct ask ask;

        if (walk->step[i].kind >= STEP_NEXUS_LOST)
            continue;
        walk_resolve(&rig.model, &walk->step[i], rig.tag, &ask);
        rig.tag += ask.blocks;
        rig_tick(&rig);
        model_ask(&rig.model, &ask, &rig.answer);
        alloc_fail_at(!may_allocate(&rig, &ask));
        rig_execute(&rig, &ask, &command);
        alloc_fail_at(0);
        assert_false(alloc_failed());
        assert_true(rig_check_status(&rig, &command) && rig_check_data(&rig, &ask, &command));
    }
    rig_end(&rig);
    free(walk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_life_that_runs_out_of_memory_leaves_nothing_behind),
        cmocka_unit_test(a_command_that_runs_out_of_memory_can_be_repeated),
        cmocka_unit_test(only_writes_rehearsals_and_registrations_allocate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
