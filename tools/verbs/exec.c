/* SPDX-License-Identifier: MIT */
/* vcdr exec: an unmodified program that sees a drive as /dev/sr0 and /dev/sg0. */
#include "verbs.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>
#include "command.h"
#include "serve/find.h"

#define SHIM "vcdr-exec.so"

struct request {
    const char *drive; /* NULL: not told */
    char **command;
    bool help;
};

static int read_arguments(int argc, char **argv, struct request *out)
{
    int i = 1;

    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--drive") == 0) {
            if (++i == argc) {
                return usage_error("exec", "--drive needs a URL");
            }
            out->drive = argv[i];
        } else if (argv[i][0] == '-') {
            return usage_error("exec", "unknown option %s", argv[i]);
        } else {
            return usage_error("exec", "-- stands before the command");
        }
    }
    if (i + 1 >= argc) {
        return usage_error("exec", "no command");
    }
    out->command = argv + i + 1;
    return EXIT_DONE;
}

/* The file that execvp would run; an errno value where there is none. */
static int find_program(const char *name, char *buf, size_t size)
{
    const char *path = getenv("PATH");
    char all[8192], *at = all, *folder;
    int error = ENOENT;

    if (strchr(name, '/')) {
        snprintf(buf, size, "%s", name);
        return access(name, X_OK) == 0 ? 0 : errno;
    }
    snprintf(all, sizeof(all), "%s", path ? path : "/usr/bin:/bin");
    while ((folder = strsep(&at, ":")) != NULL) {
        if ((size_t)snprintf(buf, size, "%s/%s", folder[0] ? folder : ".", name) >= size) {
            continue;
        }
        if (access(buf, X_OK) == 0) {
            return 0;
        }
        if (errno == EACCES) { /* it may still be in a later folder */
            error = EACCES;
        }
    }
    return error;
}

/* Programs that unmount what they find under the device's number, which is that of a real drive. */
static bool unmounts(const char *program)
{
    static const char *const names[] = {"growisofs"};
    char resolved[PATH_MAX];
    const char *base = realpath(program, resolved) ? resolved : program;

    base = strrchr(base, '/') ? strrchr(base, '/') + 1 : base;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(base, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int check_program(const char *name)
{
    char program[PATH_MAX];
    struct stat st;
    int error = find_program(name, program, sizeof(program));

    if (error) {
        return command_failed(name, error);
    }
    if (geteuid() == 0 && unmounts(program)) {
        return cannot_run(name, "as root it would unmount a real drive; run it as another user");
    }
    if (stat(program, &st) == 0 && (st.st_mode & (S_ISUID | S_ISGID)) && geteuid() != 0) {
        return cannot_run(name,
                          "it runs with another user's rights, where nothing can be preloaded");
    }
    return EXIT_DONE;
}

static int find_shim(char *buf, size_t size)
{
    static const char *const places[] = {
        "../lib/vcdr/" SHIM, /* installed */

        "exec/" SHIM, /* build tree */
        "../tools/exec/" SHIM,
    };
    const char *override = getenv("VCDR_EXEC_SHIM");

    if (override) {
        snprintf(buf, size, "%s", override);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (find_beside_program(places[i], buf, size)) {
            return EXIT_DONE;
        }
    }
    return cannot_run(SHIM, "not found beside this program");
}

static int preload(const char *shim)
{
    const char *others = getenv("LD_PRELOAD");
    char *list;
    int length =
        others && others[0] ? asprintf(&list, "%s:%s", shim, others) : asprintf(&list, "%s", shim);

    if (length < 0) {
        return fail("exec", "out of memory");
    }
    setenv("LD_PRELOAD", list, 1);
    free(list);
    return EXIT_DONE;
}

static int make_disc(const char *path)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    uint32_t serial = 0;
    int error;

    (void)getrandom(&serial, sizeof(serial), GRND_NONBLOCK);
    error = vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry);
    if (!error) {
        error = vcdr_store_file(path, VCDR_STORE_CREATE, &store);
    }
    if (!error) {
        error = vcdr_disc_create(store, &geometry, serial);
        store.ops->close(store.ctx);
    }
    return error ? fail(path, "%s", vcdr_strerror(error)) : EXIT_DONE;
}

/* No drive was named: one with a blank disc, for as long as the command runs. */
static int run_with_new_disc(char **command)
{
    const char *folder = getenv("TMPDIR");
    char path[PATH_MAX], url[PATH_MAX + 16];
    int status;

    snprintf(path, sizeof(path), "%s/vcdr-XXXXXX", folder && folder[0] ? folder : "/tmp");
    if (!mkdtemp(path)) {
        return fail(path, "%s", strerror(errno));
    }
    strncat(path, "/disc", sizeof(path) - strlen(path) - 1);
    status = make_disc(path);
    if (status == EXIT_DONE) {
        snprintf(url, sizeof(url), "embedded:%s", path);
        setenv("VCDR_URL", url, 1);
        status = command_run(command);
    }
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    return status;
}

int verb_exec(int argc, char **argv)
{
    struct request request = {0};
    char shim[PATH_MAX];
    int status = read_arguments(argc, argv, &request);

    if (status == EXIT_DONE) {
        status = check_program(request.command[0]);
    }
    if (status == EXIT_DONE) {
        status = find_shim(shim, sizeof(shim));
    }
    if (status == EXIT_DONE) {
        status = preload(shim);
    }
    if (status != EXIT_DONE) {
        return status;
    }
    if (request.drive) {
        setenv("VCDR_URL", request.drive, 1);
    }
    if (!getenv("VCDR_URL")) {
        return run_with_new_disc(request.command);
    }
    execvp(request.command[0], request.command);
    return command_failed(request.command[0], errno);
}
