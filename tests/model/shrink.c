/* SPDX-License-Identifier: MIT */
#include "shrink.h"

#include "scenario.h"

#include <string.h>

struct shrinking {
    struct walk *walk; /* the best so far */
    const struct rig_options *options;
    unsigned tried;
};

static bool still_fails(struct shrinking *s, struct walk *candidate)
{
    struct rig_options quiet = *s->options;
    struct failure failure;

    quiet.trace = NULL;
    s->tried++;
    if (walk_run(candidate, &quiet, &failure))
        return false;
    if (failure.step + 1 < candidate->steps) /* what comes behind does not matter */
        candidate->steps = failure.step + 1;
    return true;
}

static bool without(struct shrinking *s, unsigned from, unsigned count)
{
    static struct walk candidate;

    candidate = *s->walk;
    memmove(candidate.step + from, candidate.step + from + count,
            (candidate.steps - from - count) * sizeof(candidate.step[0]));
    candidate.steps -= count;
    if (!still_fails(s, &candidate))
        return false;
    *s->walk = candidate;
    return true;
}

/* Pieces of half the walk, of a quarter, ... of one step. */
static void drop_steps(struct shrinking *s)
{
    for (unsigned piece = s->walk->steps / 2; piece > 0; piece /= 2) {
        unsigned from = 0;

        while (from + piece <= s->walk->steps) {
            if (!without(s, from, piece))
                from += piece;
        }
    }
}

static bool with_step(struct shrinking *s, unsigned at, const struct step *step)
{
    static struct walk candidate;

    if (memcmp(step, &s->walk->step[at], sizeof(*step)) == 0)
        return false;
    candidate = *s->walk;
    candidate.step[at] = *step;
    if (!still_fails(s, &candidate))
        return false;
    *s->walk = candidate;
    return true;
}

/* Each step as plain as it may be: the first nexus, the right address, one block, nobody watching.
 */
static void simplify(struct shrinking *s)
{
    for (unsigned i = 0; i < s->walk->steps; i++) {
        struct step step = s->walk->step[i];

#define TRY(member, value)                                                                         \
    do {                                                                                           \
        struct step plain = step;                                                                  \
        plain.member = value;                                                                      \
        if (with_step(s, i, &plain))                                                               \
            step = plain;                                                                          \
        if (i >= s->walk->steps)                                                                   \
            return;                                                                                \
    } while (0)
        TRY(watch, 0);
        TRY(cut, 0);
        TRY(nexus, 0);
        TRY(delta, 0);
        TRY(target, 0);
        TRY(choice, 0);
        TRY(blocks, 1);
        TRY(seed, 0);
        TRY(seed, 1);
#undef TRY
    }
}

unsigned shrink(struct walk *walk, const struct rig_options *options)
{
    struct shrinking s = {.walk = walk, .options = options};
    unsigned before;

    do {
        before = walk->steps;
        drop_steps(&s);
        simplify(&s);
    } while (walk->steps < before);
    return s.tried;
}

void report(struct walk *walk, const struct rig_options *options, unsigned long seed,
            const struct failure *failure)
{
    struct rig_options traced = *options;
    unsigned was = walk->steps, tried;
    struct failure last;

    printf("seed %lu, step %u: %s\n", seed, failure->step, failure->why);
    tried = shrink(walk, options);
    printf("shrunk from %u steps to %u in %u walks; lead-out at most %ld:\n", was, walk->steps,
           tried, (long)walk->last_lead_out);
    traced.trace = stdout;
    walk_run(walk, &traced, &last);
    printf("  there: %s\n\nthe same as a scenario, which goes on as the model does:\n\n", last.why);
    traced.trace = NULL;
    traced.scenario = stdout;
    scenario_begin(stdout, walk, seed, last.why);
    walk_run(walk, &traced, &last);
}
