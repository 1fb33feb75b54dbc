/* SPDX-License-Identifier: MIT */
/*
 * The power goes at every operation of a burn on its store, and what was not flushed survives in
 * part and in any order. Seen through CDBs: the disc opens, what was said to be done is there byte
 * for byte, the record says of nothing that it is closed which is not, and the next burn goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "burn_script.h"

enum { OPERATIONS = 40, SEEDS = 12 };

/* The burn with the power cut at an operation of one of its commands, and the next burn behind. */
static void make_walk(struct walk *walk, unsigned at, unsigned operation, unsigned seed)
{
    memset(walk, 0, sizeof(*walk));
    walk->last_lead_out = 359849;
    walk->commands = true;
    memcpy(walk->step, burn_script, (at + 1) * sizeof(burn_script[0]));
    walk->step[at].cut = (uint8_t)operation;
    walk->step[at].seed = walk->step[at].kind == ASK_WRITE_PAGE ? walk->step[at].seed : seed;
    walk->steps = at + 1;
    memcpy(walk->step + walk->steps, next_burn, next_burn_steps * sizeof(next_burn[0]));
    walk->steps += next_burn_steps;
}

static void the_power_goes_at_every_operation_of_a_burn(void **state)
{
    static struct walk walk;
    unsigned cuts = 0;

    (void)state;
    for (unsigned at = 0; at < burn_script_steps; at++) {
        bool died = true;

        for (unsigned operation = 1; died; operation++) {
            assert_true(operation < OPERATIONS);
            for (unsigned seed = 0; died && seed < SEEDS; seed++) {
                struct rig_options options = {.cut = &died};
                struct failure failure;

                died = false;
                make_walk(&walk, at, operation, seed);
                if (!walk_run(&walk, &options, &failure))
                    fail_msg("command %u, operation %u, seed %u: step %u: %s", at, operation, seed,
                             failure.step, failure.why);
                cuts += died;
            }
        }
    }
    assert_true(cuts > 50 * SEEDS);
    print_message("%u power cuts\n", cuts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_power_goes_at_every_operation_of_a_burn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
