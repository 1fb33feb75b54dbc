/* SPDX-License-Identifier: MIT */
/* vcdr scenario: runs scenario files and tells what came of them. */
#include "verbs.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scenario/runner.h"
#include "scenario/vocabulary.h"
#include "serve/daemon.h"

enum { MOST_JOBS = 256, MOST_SECONDS = 86400, TIME_LIMIT_S = 60 };

static const struct option long_options[] = {
    {"drive", required_argument, NULL, 'd'},
    {"tap", no_argument, NULL, 't'},
    {"junit", required_argument, NULL, 'u'},
    {"jobs", required_argument, NULL, 'j'},
    {"time-limit", required_argument, NULL, 'l'},
    {"keep", required_argument, NULL, 'k'},
    {"verbs", no_argument, NULL, 'v'},
    {"yes", no_argument, NULL, 'y'},
    {NULL, 0, NULL, 0},
};

/* From 1 to `most`, or 0. */
static unsigned number(const char *text, unsigned long most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    return text[0] < '0' || text[0] > '9' || *end != '\0' || value > most ? 0 : (unsigned)value;
}

static int take_drive(const char *text, struct drive_wish *drive)
{
    char found[4096];

    if (strcmp(text, "embedded") == 0) {
        drive->kind = DRIVE_EMBEDDED;
    } else if (strcmp(text, "daemon") == 0) {
        drive->kind = DRIVE_DAEMON;
        if (!daemon_find_tgtd(found, sizeof(found)))
            return cannot_run("tgtd", "not found (Debian package tgt)");
    } else if (strchr(text, ':') || text[0] == '/') {
        *drive = (struct drive_wish){.kind = DRIVE_URL, .url = text};
    } else {
        return usage_error("scenario", "--drive is embedded, daemon or a URL, not %s", text);
    }
    return EXIT_DONE;
}

static int take(int letter, struct run_wish *wish, bool *yes, char **argv)
{
    switch (letter) {
    case 'y':
        *yes = true;
        return EXIT_DONE;
    case 'd':
        return take_drive(optarg, &wish->drive);
    case 't':
        wish->tap = true;
        return EXIT_DONE;
    case 'u':
        wish->junit = optarg;
        return EXIT_DONE;
    case 'k':
        wish->keep = optarg;
        return EXIT_DONE;
    case 'j':
        wish->jobs = number(optarg, MOST_JOBS);
        return wish->jobs ? EXIT_DONE
                          : usage_error("scenario", "--jobs is a number from 1 to %d", MOST_JOBS);
    case 'l':
        wish->time_limit_s = number(optarg, MOST_SECONDS);
        return wish->time_limit_s ? EXIT_DONE
                                  : usage_error("scenario", "--time-limit is a number of seconds");
    default:
        return usage_error("scenario", "%s: %s", argv[optind - 1],
                           letter == ':' ? "wants a value" : "no such option");
    }
}

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : count > MOST_JOBS ? MOST_JOBS : (unsigned)count;
}

static int run(int count, char **paths, const struct run_wish *wish)
{
    struct files files = {.count = 0};
    int status = EXIT_DONE;

    for (int i = 0; status == EXIT_DONE && i < count; i++)
        status = files_add(&files, paths[i]);
    if (status == EXIT_DONE)
        status = runner_run(wish, &files);
    files_free(&files);
    return status;
}

int verb_scenario(int argc, char **argv)
{
    struct run_wish wish = {.jobs = processors(), .time_limit_s = TIME_LIMIT_S};
    bool yes = false;
    int letter, status;

    opterr = 0;
    while ((letter = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {

        if (letter == 'v') {
            vocabulary_print(stdout);
            return EXIT_DONE;
        }
        status = take(letter, &wish, &yes, argv);
        if (status != EXIT_DONE)
            return status;
    }
    if (wish.drive.kind == DRIVE_URL) {
        wish.jobs = 1; /* there is one for all */
        status = confirm_hardware("scenario", wish.drive.url, yes);
        if (status != EXIT_DONE)
            return status;
    }
    if (optind == argc)
        return usage_error("scenario", "a scenario's file, or a folder of them");
    return run(argc - optind, argv + optind, &wish);
}
