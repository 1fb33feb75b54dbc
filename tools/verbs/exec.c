/* SPDX-License-Identifier: MIT */
/* vcdr exec: an unmodified program that sees drives as /dev/sr0, /dev/sg0 and so on. */
#include "verbs.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>
#include "command.h"
#include "exec/protocol.h"
#include "host/host.h"
#include "host/program.h"
#include "serve/find.h"

#define SHIM "vcdr-exec.so"

struct request {
    const char *drives[HOST_MOST_DRIVES];
    unsigned count; /* 0: not told */
    char **command;
};

static int read_arguments(int argc, char **argv, struct request *out)
{
    int i = 1;

    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--drive") == 0) {
            if (++i == argc) {
                return usage_error("exec", "--drive needs a URL");
            }
            if (out->count == HOST_MOST_DRIVES) {
                return usage_error("exec", "at most %d drives", HOST_MOST_DRIVES);
            }
            out->drives[out->count++] = argv[i];
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

/* ---- the program ---- */

static pid_t child;

static void pass_on(int signal)
{
    if (child > 0) {
        kill(child, signal);
    }
}

/* Runs the command to its end. What the terminal sends goes to it by itself; what ends us from
 * elsewhere is passed on, so that nothing stays behind. */
static int run(char **command)
{
    static const int ours[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, pass = {.sa_handler = pass_on}, before[4];
    pid_t parent = getpid();
    int state;

    fflush(NULL);
    for (unsigned i = 0; i < 4; i++) {
        sigaction(ours[i], i < 2 ? &ignore : &pass, &before[i]);
    }
    child = fork();
    if (child == 0) {
        for (unsigned i = 0; i < 4; i++) {
            sigaction(ours[i], &before[i], NULL);
        }
        command_become(command, parent);
    }
    if (child < 0) {
        return command_failed(command[0], errno);
    }
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    return command_status(state);
}

static int run_on(const char *const *drives, unsigned count, char **command)
{
    const char *slash = strrchr(command[0], '/');
    struct host *host;
    int status = host_start(drives, count, slash ? slash + 1 : command[0], &host);

    if (status != EXIT_DONE) {
        return status;
    }
    setenv("VCDR_URL", drives[0], 1);
    setenv(HOST_FOLDER, host_folder(host), 1);
    status = run(command);
    host_stop(host);
    return status;
}

/* No drive was named: one with a blank disc, for as long as the command runs. */
static int run_with_new_disc(char **command)
{
    const char *folder = getenv("TMPDIR");
    char path[PATH_MAX], url[PATH_MAX + 16];
    const char *const drives[] = {url};
    int status;

    snprintf(path, sizeof(path), "%s/vcdr-XXXXXX", folder && folder[0] ? folder : "/tmp");
    if (!mkdtemp(path)) {
        return fail(path, "%s", strerror(errno));
    }
    strncat(path, "/disc", sizeof(path) - strlen(path) - 1);
    status = make_disc(path);
    if (status == EXIT_DONE) {
        snprintf(url, sizeof(url), "embedded:%s", path);
        status = run_on(drives, 1, command);
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
        status = program_check(request.command[0]);
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
    if (request.count == 0 && getenv("VCDR_URL")) {
        request.drives[request.count++] = getenv("VCDR_URL");
    }
    return request.count > 0 ? run_on(request.drives, request.count, request.command)
                             : run_with_new_disc(request.command);
}
