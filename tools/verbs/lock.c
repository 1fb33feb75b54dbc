/* SPDX-License-Identifier: MIT */
/* vcdr lock: exclusive access under a name for as long as a command runs. */
#include "com.h"
#include "command.h"
#include "verbs.h"
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
        setenv("VCDR_URL", options.url, 1);
        status = command_run(options.command);
        hr = IDiscRecorder2_ReleaseExclusiveAccess(recorder);
        if (FAILED(hr))
            status = com_fail(options.url, NULL, "the lock was lost meanwhile", hr);
    }
    IDiscRecorder2_Release(recorder);
    return status;
}
