/* SPDX-License-Identifier: MIT */
/* vcdr disc: disc files, offline. No drive is involved. */
#include "disc_info.h"
#include "verbs.h"
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/image.h>
#include <vcdr/store.h>

/* The word that names the disc tells a disc-operation which options it got. */
struct disc_options {
    const char *capacity;
    const char *cue;
    const char *toc;
    const char *iso;
    const char *track;
    bool rewritable;
    bool json;
};

struct disc_action {
    const char *name;
    const char *allowed; /* letters of the options that it knows */
    int operands;
    int (*run)(char **operands, const struct disc_options *options);
};

static int open_for_reading(const char *path, struct vcdr_disc **disc)
{
    struct vcdr_store store;
    int error = vcdr_store_file(path, VCDR_STORE_READ_ONLY, &store);
    if (error != 0)
        return error;
    error = vcdr_disc_open(store, disc);
    if (error != 0)
        store.ops->close(store.ctx);
    return error;
}

static int random_serial(const char *path, uint32_t *serial)
{
    if (getrandom(serial, sizeof *serial, 0) != sizeof *serial)
        return fail(path, "the system gave no random number for its serial");
    return EXIT_DONE;
}

static int geometry_of(const struct disc_options *options, struct vcdr_geometry *geometry)
{
    enum vcdr_medium medium = options->rewritable ? VCDR_MEDIUM_CD_RW : VCDR_MEDIUM_CD_R;
    const char *capacity = options->capacity != NULL ? options->capacity : "80min";
    if (vcdr_geometry_by_name(capacity, medium, geometry) != 0)
        return usage_error("disc", "no such capacity: %s (74min, 80min or 90min)", capacity);
    return EXIT_DONE;
}

/* A file that is made is not there before: what is missing is the folder. */
static int fail_create(const char *path, int error)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    if (error != VCDR_ENOENT || slash == NULL)
        return fail(path, "%s", vcdr_strerror(error));
    snprintf(folder, sizeof folder, "%.*s", slash > path ? (int)(slash - path) : 1, path);
    return fail(folder, "%s", vcdr_strerror(error));
}

static int disc_new(char **operands, const struct disc_options *options)
{
    const char *path = operands[0];
    struct vcdr_geometry geometry;
    uint32_t serial;
    int status = geometry_of(options, &geometry);
    if (status == EXIT_DONE)
        status = random_serial(path, &serial);
    if (status != EXIT_DONE)
        return status;
    struct vcdr_store store;
    int error = vcdr_store_file(path, VCDR_STORE_CREATE, &store);
    if (error != 0)
        return fail_create(path, error);
    error = vcdr_disc_create(store, &geometry, serial);
    store.ops->close(store.ctx);
    if (error != 0) {
        unlink(path);
        return fail(path, "%s", vcdr_strerror(error));
    }
    return EXIT_DONE;
}

static int open_for_writing(const char *path, struct vcdr_disc **disc)
{
    struct vcdr_store store;
    int error = vcdr_store_file(path, 0, &store);
    if (error != 0)
        return error;
    error = vcdr_disc_open(store, disc);
    if (error != 0)
        store.ops->close(store.ctx);
    return error;
}

static int change(const char *path, int (*how)(struct vcdr_disc *disc))
{
    struct vcdr_disc *disc;
    int error = open_for_writing(path, &disc);
    if (error != 0)
        return fail(path, "%s", vcdr_strerror(error));
    error = how(disc);
    vcdr_disc_abandon(disc); /* what was done is durable already */
    if (error == VCDR_ENOENT)
        return fail(path, "keeps no snapshot");
    if (error != 0)
        return fail(path, "%s", vcdr_strerror(error));
    return EXIT_DONE;
}

static int disc_snapshot(char **operands, const struct disc_options *options)
{
    (void)options;
    return change(operands[0], vcdr_disc_snapshot);
}

static int disc_restore(char **operands, const struct disc_options *options)
{
    (void)options;
    return change(operands[0], vcdr_disc_restore);
}

static int disc_reset(char **operands, const struct disc_options *options)
{
    (void)options;
    return change(operands[0], vcdr_disc_reset);
}

static int disc_info(char **operands, const struct disc_options *options)
{
    struct vcdr_disc *disc;
    int error = open_for_reading(operands[0], &disc);
    if (error != 0)
        return fail(operands[0], "%s", vcdr_strerror(error));
    if (options->json)
        error = disc_info_json(disc, stdout);
    else
        error = disc_info_print(disc, stdout);
    vcdr_disc_abandon(disc);
    if (error != 0)
        return fail(operands[0], "%s", vcdr_strerror(error));
    return EXIT_DONE;
}

/* The image room names the file, and often a line of it, by itself: "in.cue:3: reason". */
static int image_status(const char *path, int error, char *why)
{
    bool named = why != NULL && strncmp(why, path, strlen(path)) == 0;
    char *reason = named ? strstr(why + strlen(path), ": ") : NULL;
    int status = EXIT_DONE;
    if (reason != NULL)
        *reason = '\0';
    if (error != 0 && reason != NULL)
        status = fail(why, "%s", reason + 2);
    else if (error != 0)
        status = fail(path, "%s", why != NULL ? why : vcdr_strerror(error));
    free(why);
    return status;
}

static int disc_export(char **operands, const struct disc_options *options)
{
    if ((options->cue != NULL) + (options->toc != NULL) + (options->iso != NULL) != 1)
        return usage_error("disc", "one of --cue OUT.cue, --toc OUT.toc and --iso OUT.iso");
    unsigned track = options->track != NULL ? (unsigned)atoi(options->track) : 0;
    if (options->track != NULL && (options->iso == NULL || track < 1 || track > 99))
        return usage_error("disc", "--track is 1 to 99, and goes with --iso");
    struct vcdr_disc *disc;
    int error = open_for_reading(operands[0], &disc);
    if (error != 0)
        return fail(operands[0], "%s", vcdr_strerror(error));
    char *why = NULL;
    if (options->cue != NULL)
        error = vcdr_image_export_cue(disc, options->cue, &why);
    else if (options->toc != NULL)
        error = vcdr_image_export_toc(disc, options->toc, &why);
    else
        error = vcdr_image_export_iso(disc, track, options->iso, &why);
    vcdr_disc_abandon(disc);
    return image_status(operands[0], error, why);
}

/* Without --capacity the smallest disc that holds the image. */
static int disc_import(char **operands, const struct disc_options *options)
{
    struct vcdr_geometry geometry;
    uint32_t serial;
    int status = geometry_of(options, &geometry);
    if (status == EXIT_DONE)
        status = random_serial(operands[1], &serial);
    if (status != EXIT_DONE)
        return status;
    const struct vcdr_geometry *chosen = NULL;
    if (options->capacity != NULL || options->rewritable)
        chosen = &geometry;
    char *why = NULL;
    int error = vcdr_image_import(operands[0], operands[1], chosen, serial, &why);
    return image_status(operands[0], error, why);
}

static const struct disc_action actions[] = {
    {.name = "new", .allowed = "Cr", .operands = 1, .run = disc_new},
    {.name = "info", .allowed = "j", .operands = 1, .run = disc_info},
    {.name = "snapshot", .allowed = "", .operands = 1, .run = disc_snapshot},
    {.name = "restore", .allowed = "", .operands = 1, .run = disc_restore},
    {.name = "reset", .allowed = "", .operands = 1, .run = disc_reset},
    {.name = "export", .allowed = "coit", .operands = 1, .run = disc_export},
    {.name = "import", .allowed = "Cr", .operands = 2, .run = disc_import},
};

static const struct disc_action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        if (strcmp(actions[i].name, name) == 0)
            return &actions[i];
    return NULL;
}

static const struct option long_options[] = {
    {"capacity", required_argument, NULL, 'C'},
    {"rw", no_argument, NULL, 'r'},
    {"json", no_argument, NULL, 'j'},
    {"cue", required_argument, NULL, 'c'},
    {"toc", required_argument, NULL, 'o'},
    {"iso", required_argument, NULL, 'i'},
    {"track", required_argument, NULL, 't'},
    {NULL, 0, NULL, 0},
};

static void take_option(int letter, struct disc_options *options)
{
    if (letter == 'C')
        options->capacity = optarg;
    else if (letter == 'r')
        options->rewritable = true;
    else if (letter == 'j')
        options->json = true;
    else if (letter == 'c')
        options->cue = optarg;
    else if (letter == 'o')
        options->toc = optarg;
    else if (letter == 'i')
        options->iso = optarg;
    else if (letter == 't')
        options->track = optarg;
}

int verb_disc(int argc, char **argv)
{
    if (argc < 2)
        return usage_error("disc", "new, info, snapshot, restore, reset, export or import?");
    const struct disc_action *action = find_action(argv[1]);
    if (action == NULL)
        return usage_error("disc", "no such thing to do: %s", argv[1]);
    struct disc_options options = {0};
    int letter, row = 0;
    opterr = 0;
    while ((letter = getopt_long(argc - 1, argv + 1, ":", long_options, &row)) != -1) {
        if (letter == ':')
            return usage_error("disc", "%s wants a value", argv[optind]);
        if (letter == '?')
            return usage_error("disc", "%s: no such option", argv[optind]);
        if (strchr(action->allowed, letter) == NULL)
            return usage_error("disc", "--%s: not an option of disc %s", long_options[row].name,
                               action->name);
        take_option(letter, &options);
    }
    if (argc - 1 - optind != action->operands)
        return usage_error("disc", "disc %s wants %d file name%s", action->name, action->operands,
                           action->operands == 1 ? "" : "s");
    return action->run(argv + 1 + optind, &options);
}
