/* SPDX-License-Identifier: MIT */
/* vcdr record: prints a record file (docs/record.md), for people or as it is. */
#include "record_text.h"
#include "verbs.h"
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define MAX_EVENTS 32

struct record_options {
    const char *events[MAX_EVENTS];
    unsigned event_count;
    bool follow;
    bool json;
};

static bool event_wanted(const struct record_options *options, const char *event)
{
    for (unsigned i = 0; i < options->event_count; i++)
        if (strcmp(options->events[i], event) == 0)
            return true;
    return options->event_count == 0;
}

/* A line is whole: it ends in a newline. */
static int show_line(const char *path, const char *line, const struct record_options *options)
{
    json_error_t why;
    json_t *object = json_loads(line, 0, &why);
    const char *event = json_string_value(json_object_get(object, "event"));
    int status = EXIT_DONE, shown = (int)strcspn(line, "\r\n");
    if (event == NULL)
        status = fail(path, "not a line of a record: %.*s", shown, line);
    else if (event_wanted(options, event) && options->json)
        fputs(line, stdout);
    else if (event_wanted(options, event))
        record_text_print(object, stdout);
    json_decref(object);
    return status;
}

/* Prints all whole lines that are there. What a writer has begun but not ended stays unread. */
static int show_lines(const char *path, FILE *file, const struct record_options *options)
{
    char *line = NULL;
    size_t room = 0;
    int status = EXIT_DONE;
    for (;;) {
        long start = ftell(file);
        ssize_t length = getline(&line, &room, file);
        if (length <= 0 || line[length - 1] != '\n') {
            bool failed = ferror(file) != 0;
            clearerr(file);
            fseek(file, start, SEEK_SET);
            if (failed)
                status = fail(path, "%s", strerror(errno));
            break;
        }
        status = show_line(path, line, options);
        if (status != EXIT_DONE)
            break;
    }
    free(line);
    fflush(stdout);
    return status;
}

/* Woken by the kernel at each append; ends when the reader of our output goes away. */
static int follow(const char *path, FILE *file, const struct record_options *options)
{
    int watch = inotify_init1(IN_CLOEXEC);
    if (watch < 0 || inotify_add_watch(watch, path, IN_MODIFY) < 0) {
        if (watch >= 0)
            close(watch);
        return cannot_run(path, "cannot follow it: %s", strerror(errno));
    }
    int status = show_lines(path, file, options);
    while (status == EXIT_DONE && !ferror(stdout)) {
        struct pollfd waits[2] = {{.fd = watch, .events = POLLIN}, {.fd = STDOUT_FILENO}};
        if (poll(waits, 2, -1) < 0 && errno != EINTR)
            break;
        if (waits[1].revents & (POLLERR | POLLHUP | POLLNVAL))
            break;
        char events[4096];
        if ((waits[0].revents & POLLIN) && read(watch, events, sizeof events) < 0)
            break;
        status = show_lines(path, file, options);
    }
    close(watch);
    return status;
}

static const struct option long_options[] = {
    {"follow", no_argument, NULL, 'f'},
    {"event", required_argument, NULL, 'e'},
    {"json", no_argument, NULL, 'j'},
    {NULL, 0, NULL, 0},
};

static int read_options(int argc, char **argv, struct record_options *options)
{
    int letter;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (letter == 'f') {
            options->follow = true;
        } else if (letter == 'j') {
            options->json = true;
        } else if (letter == 'e') {
            if (!record_text_known(optarg))
                return usage_error("record", "no such event: %s", optarg);
            if (options->event_count == MAX_EVENTS)
                return usage_error("record", "more than %d events", MAX_EVENTS);
            options->events[options->event_count++] = optarg;
        } else if (letter == ':') {
            return usage_error("record", "%s wants a value", argv[optind - 1]);
        } else {
            return usage_error("record", "no such option: %s", argv[optind - 1]);
        }
    }
    if (argc - optind != 1)
        return usage_error("record", "one record file");
    return EXIT_DONE;
}

int verb_record(int argc, char **argv)
{
    struct record_options options = {0};
    int status = read_options(argc, argv, &options);
    if (status != EXIT_DONE)
        return status;
    const char *path = argv[optind];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return fail(path, "%s", strerror(errno));
    if (options.follow)
        status = follow(path, file, &options);
    else
        status = show_lines(path, file, &options);
    fclose(file);
    return status;
}
