/* SPDX-License-Identifier: MIT */
/*
 * Random walks over a drive beside a model of it. Every failure prints its seed and the shortest
 * walk to it that was found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "scenario.h"
#include "shrink.h"

struct settings {
    unsigned long steps; /* in all */
    unsigned length;     /* of one walk */
    unsigned long seed;
    bool verbose, scenario;
};

static int usage(const char *program)
{
    fprintf(stderr, "usage: %s [--steps N] [--length N] [--seed N] [--trace] [--scenario]\n",
            program);
    return 2;
}

static bool parse(int argc, char **argv, struct settings *s)
{
    for (int i = 1; i < argc; i++) {
        unsigned long *number = NULL, length = 0;

        if (strcmp(argv[i], "--trace") == 0) {
            s->verbose = true;
            continue;
        }
        if (strcmp(argv[i], "--scenario") == 0) {
            s->scenario = true;
            continue;
        }
        if (strcmp(argv[i], "--steps") == 0)
            number = &s->steps;
        else if (strcmp(argv[i], "--seed") == 0)
            number = &s->seed;
        else if (strcmp(argv[i], "--length") == 0)
            number = &length;
        if (!number || i + 1 == argc)
            return false;
        *number = strtoul(argv[++i], NULL, 0);
        if (number == &length)
            s->length = (unsigned)length;
    }
    return s->length > 0 && s->length <= WALK_STEPS;
}

int main(int argc, char **argv)
{
    struct settings settings = {.steps = 100000, .length = 400, .seed = 1};
    static struct walk walk;
    unsigned long commands = 0, done = 0, seed;
    struct rig_options options = {.commands = &commands, .ports = true};
    struct failure failure;

    if (!parse(argc, argv, &settings))
        return usage(argv[0]);
    if (settings.verbose)
        options.trace = stdout;
    for (seed = settings.seed; done < settings.steps; seed++, done += walk.steps) {
        walk_make(&walk, seed, settings.length);
        if (settings.scenario) {
            scenario_begin(stdout, &walk, seed, "no failure is known");
            options.scenario = stdout;
        }
        if (!walk_run(&walk, &options, &failure)) {
            walk.steps = failure.step + 1;
            report(&walk, &options, seed, &failure);
            return 1;
        }
    }
    if (settings.scenario)
        return 0;
    printf("%lu steps in %lu walks, %lu commands: the drive does as the model says\n", done,
           seed - settings.seed, commands);
    return 0;
}
