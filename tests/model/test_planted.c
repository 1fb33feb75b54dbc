/* SPDX-License-Identifier: MIT */
/* The walk finds what is wrong with a drive: a fault is planted in front of it, and the walk that
 * finds it is shrunk to a few steps which still do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"
#include "shrink.h"

enum { WALKS = 400 };

struct plant {
    struct vcdr_target drive;
    void (*execute)(struct plant *plant, struct vcdr_command *command, struct vcdr_time now);
    unsigned seen;
};

/* ---- a target in front of a target ---- */

static int plant_nexus_open(void *ctx, uint64_t id, const char *initiator, const char *port,
                            const char *alias, struct vcdr_time now)
{
    struct plant *p = ctx;

    return p->drive.ops->nexus_open(p->drive.ctx, id, initiator, port, alias, now);
}

static void plant_nexus_close(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct plant *p = ctx;

    p->drive.ops->nexus_close(p->drive.ctx, id, now);
}

static void plant_reset(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct plant *p = ctx;

    p->drive.ops->reset(p->drive.ctx, id, now);
}

static void plant_execute(void *ctx, struct vcdr_command *command, struct vcdr_time now)
{
    struct plant *p = ctx;

    p->execute(p, command, now);
}

static uint64_t plant_next_deadline(void *ctx)
{
    struct plant *p = ctx;

    return p->drive.ops->next_deadline(p->drive.ctx);
}

static void plant_advance(void *ctx, struct vcdr_time now)
{
    struct plant *p = ctx;

    p->drive.ops->advance(p->drive.ctx, now);
}

static void plant_power_off(void *ctx, struct vcdr_time now)
{
    struct plant *p = ctx;

    p->drive.ops->power_off(p->drive.ctx, now);
    free(p);
}

static const struct vcdr_target_ops plant_ops = {
    .nexus_open = plant_nexus_open,
    .nexus_close = plant_nexus_close,
    .reset = plant_reset,
    .execute = plant_execute,
    .next_deadline = plant_next_deadline,
    .advance = plant_advance,
    .power_off = plant_power_off,
};

static struct vcdr_target
in_front(struct vcdr_target drive,
         void (*execute)(struct plant *plant, struct vcdr_command *command, struct vcdr_time now))
{
    struct plant *p = calloc(1, sizeof(*p));

    assert_non_null(p);
    p->drive = drive;
    p->execute = execute;
    return (struct vcdr_target){&plant_ops, p};
}

static void pass_on(struct plant *p, struct vcdr_command *command, struct vcdr_time now)
{
    p->drive.ops->execute(p->drive.ctx, command, now);
}

/* ---- faults ---- */

/* A SYNCHRONIZE CACHE that says GOOD and does nothing. */
static void lazy(struct plant *p, struct vcdr_command *command, struct vcdr_time now)
{
    if (command->cdb[0] == 0x35)
        command->cdb[0] = 0x00; /* TEST UNIT READY has the same refusals */
    pass_on(p, command, now);
}

/* Every twentieth WRITE loses a bit of its last block. */
static void forgetful(struct plant *p, struct vcdr_command *command, struct vcdr_time now)
{
    uint8_t *copy = NULL;

    if (command->cdb[0] == 0x2A && command->out_len > 0 && ++p->seen % 20 == 0) {
        copy = malloc(command->out_len);
        assert_non_null(copy);
        memcpy(copy, command->out, command->out_len);
        copy[command->out_len - 1] ^= 0x10;
        command->out = copy;
    }
    pass_on(p, command, now);
    free(copy);
}

/* Next writable addresses of the second session and later are too far by one. */
static void astray(struct plant *p, struct vcdr_command *command, struct vcdr_time now)
{
    uint8_t *in = command->in;

    pass_on(p, command, now);
    if (command->cdb[0] == 0x52 && command->status == 0 && in[3] > 1 && in[7] & 1)
        in[15]++;
}

/* Whoever asks holds the drive. */
static void flatterer(struct plant *p, struct vcdr_command *command, struct vcdr_time now)
{
    uint8_t *in = command->in;

    pass_on(p, command, now);
    if (command->cdb[0] == 0x5A && command->status == 0 && in[12] == 1)
        in[13] |= 1;
}

/* RESERVATION CONFLICT eats a unit attention. */
static void greedy(struct plant *p, struct vcdr_command *command, struct vcdr_time now)
{
    uint8_t in[18];
    struct vcdr_command sense = {
        .nexus = command->nexus, .cdb = {0x03, 0, 0, 0, 18}, .in = in, .in_size = sizeof(in)};

    pass_on(p, command, now);
    if (command->status == 0x18)
        pass_on(p, &sense, now);
}

#define PLANT(fault)                                                                               \
    static struct vcdr_target in_front_##fault(struct vcdr_target drive)                           \
    {                                                                                              \
        return in_front(drive, fault);                                                             \
    }
PLANT(lazy)
PLANT(forgetful)
PLANT(astray)
PLANT(flatterer)
PLANT(greedy)

/* ---- found, and shrunk ---- */

static void find(struct vcdr_target (*plant)(struct vcdr_target), unsigned most_steps)
{
    static struct walk walk;
    struct rig_options options = {.in_front = plant};
    struct failure failure;
    bool found = false;

    for (unsigned seed = 1; seed <= WALKS && !found; seed++) {
        walk_make(&walk, seed, 400);
        found = !walk_run(&walk, &options, &failure);
    }
    assert_true(found);
    walk.steps = failure.step + 1;
    shrink(&walk, &options);
    assert_in_range(walk.steps, 1, most_steps);
    assert_false(walk_run(&walk, &options, &failure));
    options.in_front = NULL;
    assert_true(walk_run(&walk, &options, &failure)); /* the walk is right, the drive was wrong */
}

static void a_track_that_is_not_closed_is_found(void **state)
{
    (void)state;
    find(in_front_lazy, 5);
}

static void a_bit_that_is_lost_is_found(void **state)
{
    (void)state;
    find(in_front_forgetful, 24);
}

static void a_wrong_next_address_is_found(void **state)
{
    (void)state;
    find(in_front_astray, 6);
}

static void a_wrong_holder_is_found(void **state)
{
    (void)state;
    find(in_front_flatterer, 6);
}

static void an_attention_that_is_lost_is_found(void **state)
{
    (void)state;
    find(in_front_greedy, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_track_that_is_not_closed_is_found),
        cmocka_unit_test(a_bit_that_is_lost_is_found),
        cmocka_unit_test(a_wrong_next_address_is_found),
        cmocka_unit_test(a_wrong_holder_is_found),
        cmocka_unit_test(an_attention_that_is_lost_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
