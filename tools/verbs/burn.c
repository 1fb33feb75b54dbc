/* SPDX-License-Identifier: MIT */
/* vcdr burn: audio files as the tracks of a blank disc, through IDiscFormat2TrackAtOnce alone. */
#include "audio_stream.h"
#include "burn_progress.h"
#include "com.h"
#include "verbs.h"
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <vcdr/codes.h>

/* Between two tracks: 2 run-out blocks and a pre-gap of 150 (MMC-6 4.2.3.4). */
#define BETWEEN_TRACKS_BLOCKS (2 + CD_PREGAP_BLOCKS)

struct burn_options {
    const char *url;
    const char *name;
    long speed; /* times 75 sectors a second; -1 the fastest */
    bool no_finalize;
    bool yes;
    char **files;
    unsigned count;
};

struct burn {
    const struct burn_options *options;
    IDiscRecorder2 *recorder;
    IDiscFormat2TrackAtOnce *format;
    IStream *streams[CD_MAX_TRACKS];
    uint64_t bytes[CD_MAX_TRACKS];
};

static volatile sig_atomic_t stop;

static void ask_to_stop(int signal)
{
    (void)signal;
    stop = 1;
}

static const struct option long_options[] = {
    {"client-name", required_argument, NULL, 'n'},
    {"no-finalize", no_argument, NULL, 'o'},
    {"speed", required_argument, NULL, 's'},
    {"yes", no_argument, NULL, 'y'},
    {NULL, 0, NULL, 0},
};

static bool read_speed(const char *text, long *speed)
{
    char *end;
    errno = 0;
    *speed = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *speed >= 1 && *speed <= 1000;
}

static int read_options(int argc, char **argv, struct burn_options *options)
{
    int letter;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (letter == 'n')
            options->name = optarg;
        else if (letter == 'o')
            options->no_finalize = true;
        else if (letter == 'y')
            options->yes = true;
        else if (letter == 's' && !read_speed(optarg, &options->speed))
            return usage_error("burn", "no such speed: %s", optarg);
        else if (letter == ':' || letter == '?')
            return usage_error("burn", "%s: %s", argv[optind - 1],
                               letter == ':' ? "wants a value" : "no such option");
    }
    if (argc - optind < 2)
        return usage_error("burn", "a drive's URL and the files to burn");
    if (options->name == NULL)
        return usage_error("burn", "--client-name NAME");
    options->url = argv[optind];
    options->files = argv + optind + 1;
    options->count = (unsigned)(argc - optind - 1);
    if (options->count > CD_MAX_TRACKS)
        return usage_error("burn", "a disc has %d tracks at most", CD_MAX_TRACKS);
    return confirm_hardware("burn", options->url, options->yes);
}

/* All of them before the drive is touched: what cannot be burned is refused while nothing is. */
static int open_files(struct burn *burn)
{
    for (unsigned i = 0; i < burn->options->count; i++) {
        int status = audio_stream_open(burn->options->files[i], &burn->streams[i], &burn->bytes[i]);
        if (status != EXIT_DONE)
            return status;
    }
    return EXIT_DONE;
}

static HRESULT set_name(struct burn *burn)
{
    BSTR name;
    HRESULT hr = imapi2_bstr_from_utf8(burn->options->name, &name);
    if (hr == E_INVALIDARG)
        return E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID;
    if (SUCCEEDED(hr))
        hr = IDiscFormat2TrackAtOnce_put_ClientName(burn->format, name);
    SysFreeString(name);
    return hr;
}

/* Everything that has to be said before PrepareMedia. */
static int configure(struct burn *burn)
{
    const char *url = burn->options->url;
    HRESULT hr = CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                                  &IID_IDiscFormat2TrackAtOnce, (void **)&burn->format);
    if (FAILED(hr))
        return fail(url, "%s", com_error(hr));
    hr = set_name(burn);
    if (FAILED(hr))
        return fail(burn->options->name, "%s", com_error(hr));
    hr = IDiscFormat2TrackAtOnce_put_Recorder(burn->format, burn->recorder);
    if (FAILED(hr))
        return com_fail(url, burn->recorder, "put_Recorder", hr);
    hr = IDiscFormat2TrackAtOnce_put_DoNotFinalizeMedia(
        burn->format, burn->options->no_finalize ? VARIANT_TRUE : VARIANT_FALSE);
    if (FAILED(hr))
        return com_fail(url, burn->recorder, "put_DoNotFinalizeMedia", hr);
    if (burn->options->speed > 0) {
        hr = IDiscFormat2TrackAtOnce_SetWriteSpeed(
            burn->format, (LONG)burn->options->speed * CD_BLOCKS_PER_SECOND, VARIANT_FALSE);
        if (FAILED(hr))
            return com_fail(url, burn->recorder, "SetWriteSpeed", hr);
    }
    return EXIT_DONE;
}

static uint64_t blocks_of(uint64_t bytes)
{
    uint64_t blocks = (bytes + CD_RAW_BLOCK_BYTES - 1) / CD_RAW_BLOCK_BYTES;
    return blocks < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS : blocks;
}

static int check_space(struct burn *burn)
{
    LONG free_blocks;
    HRESULT hr = IDiscFormat2TrackAtOnce_get_FreeSectorsOnMedia(burn->format, &free_blocks);
    if (FAILED(hr))
        return com_fail(burn->options->url, burn->recorder, "get_FreeSectorsOnMedia", hr);
    uint64_t wanted = 0;
    for (unsigned i = 0; i < burn->options->count; i++)
        wanted += blocks_of(burn->bytes[i]) + (i > 0 ? BETWEEN_TRACKS_BLOCKS : 0);
    if (wanted > (uint64_t)free_blocks)
        return fail(burn->options->url, "%llu blocks do not fit: %d are free",
                    (unsigned long long)wanted, (int)free_blocks);
    return EXIT_DONE;
}

static int add_tracks(struct burn *burn, struct burn_progress *progress)
{
    int status = check_space(burn);
    for (unsigned i = 0; status == EXIT_DONE && i < burn->options->count; i++) {
        const char *path = burn->options->files[i];
        if (stop)
            return fail(path, "interrupted before it was begun");
        burn_progress_end_line(progress);
        burn_progress_track(progress, i + 1, path);
        HRESULT hr = IDiscFormat2TrackAtOnce_AddAudioTrack(burn->format, burn->streams[i]);
        if (FAILED(hr)) {
            burn_progress_end_line(progress);
            status = com_fail(path, burn->recorder, "AddAudioTrack", hr);
        }
    }
    return status;
}

/* Between PrepareMedia and ReleaseMedia the drive is ours; it is given back whatever happens. */
static int burn_tracks(struct burn *burn)
{
    const char *url = burn->options->url;
    HRESULT hr = IDiscFormat2TrackAtOnce_PrepareMedia(burn->format);
    if (FAILED(hr))
        return com_fail(url, burn->recorder, "PrepareMedia", hr);
    struct burn_progress *progress = burn_progress_new(burn->format, &stop);
    int status = EXIT_FAILED;
    if (progress == NULL)
        fail(url, "no progress can be shown: out of memory");
    else
        status = add_tracks(burn, progress);
    hr = IDiscFormat2TrackAtOnce_ReleaseMedia(burn->format);
    burn_progress_free(progress);
    if (FAILED(hr) && status == EXIT_DONE)
        status = com_fail(url, burn->recorder, "ReleaseMedia", hr);
    return status;
}

int verb_burn(int argc, char **argv)
{
    struct burn_options options = {.speed = -1};
    struct burn burn = {.options = &options};
    int status = read_options(argc, argv, &options);
    if (status != EXIT_DONE)
        return status;
    struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    status = open_files(&burn);
    if (status == EXIT_DONE)
        status = com_open_recorder(options.url, &burn.recorder);
    if (status == EXIT_DONE)
        status = configure(&burn);
    if (status == EXIT_DONE)
        status = burn_tracks(&burn);
    if (burn.format != NULL)
        IDiscFormat2TrackAtOnce_Release(burn.format);
    if (burn.recorder != NULL)
        IDiscRecorder2_Release(burn.recorder);
    for (unsigned i = 0; i < options.count; i++)
        if (burn.streams[i] != NULL)
            IStream_Release(burn.streams[i]);
    return status;
}
