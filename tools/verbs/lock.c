/* SPDX-License-Identifier: MIT */
/* vcdr lock: exclusive access under a name for as long as a command runs. */
#include "com.h"
#include "verbs.h"
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

struct lock_options {
    const char *url;
    const char *name;
    bool force;
    char **command;
};

static const struct option long_options[] = {
    {"client-name", required_argument, NULL, 'n'},
    {"force", no_argument, NULL, 'f'},
    {NULL, 0, NULL, 0},
};

/* The URL may stand before or after the options, but before "--". */
static int read_options(int argc, char **argv, struct lock_options *options)
{
    int words = 1;
    while (words < argc && strcmp(argv[words], "--") != 0)
        words++;
    if (words >= argc - 1)
        return usage_error("lock", "-- and a command to run");
    options->command = argv + words + 1;
    int letter;
    opterr = 0;
    while ((letter = getopt_long(words, argv, ":", long_options, NULL)) != -1) {
        if (letter == 'n')
            options->name = optarg;
        else if (letter == 'f')
            options->force = true;
        else
            return usage_error("lock", "%s: %s", argv[optind - 1],
                               letter == ':' ? "wants a value" : "no such option");
    }
    if (words - optind != 1)
        return usage_error("lock", "one drive's URL");
    if (options->name == NULL)
        return usage_error("lock", "--client-name NAME");
    options->url = argv[optind];
    return EXIT_DONE;
}

/* The command's exit status; 128 and its signal where it died of one. What the terminal sends goes
 * to the command as well, which decides; the lock is given back in any case. */
static int run(const struct lock_options *options)
{
    pid_t child;
    int state;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGQUIT);
    setenv("VCDR_URL", options->url, 1);
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int error =
        posix_spawnp(&child, options->command[0], NULL, &attributes, options->command, environ);
    posix_spawnattr_destroy(&attributes);
    int status = EXIT_FAILED;
    if (error != 0) {
        status = fail(options->command[0], "%s", strerror(error));
    } else {
        while (waitpid(child, &state, 0) < 0 && errno == EINTR)
            ;
        status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    }
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    return status;
}

int verb_lock(int argc, char **argv)
{
    struct lock_options options = {0};
    IDiscRecorder2 *recorder;
    int status = read_options(argc, argv, &options);
    if (status == EXIT_DONE)
        status = com_open_recorder(options.url, &recorder);
    if (status != EXIT_DONE)
        return status;
    BSTR name;
    HRESULT hr = imapi2_bstr_from_utf8(options.name, &name);
    if (hr == E_INVALIDARG)
        hr = E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID;
    if (SUCCEEDED(hr))
        hr = IDiscRecorder2_AcquireExclusiveAccess(
            recorder, options.force ? VARIANT_TRUE : VARIANT_FALSE, name);
    SysFreeString(name);
    if (FAILED(hr)) {
        status = com_fail(options.url, recorder, "AcquireExclusiveAccess", hr);
    } else {
        status = run(&options);
        hr = IDiscRecorder2_ReleaseExclusiveAccess(recorder);
        if (FAILED(hr))
            status = com_fail(options.url, NULL, "the lock was lost meanwhile", hr);
    }
    IDiscRecorder2_Release(recorder);
    return status;
}
