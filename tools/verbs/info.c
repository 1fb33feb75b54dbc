/* SPDX-License-Identifier: MIT */
/* vcdr info: who a drive is, what lies in it, what it does, who holds it. */
#include "com.h"
#include "drive_state.h"
#include "verbs.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

struct info {
    char *vendor, *product, *revision, *owner;
    struct drive_state state;
};

/* Identity and owner are what IMAPIv2 has to say; the rest is asked on the wire. */
static int ask_recorder(const char *url, struct info *info)
{
    IDiscRecorder2 *recorder;
    int status = com_open_recorder(url, &recorder);
    if (status != EXIT_DONE)
        return status;
    BSTR vendor = NULL, product = NULL, revision = NULL;
    HRESULT hr = IDiscRecorder2_get_VendorId(recorder, &vendor);
    if (SUCCEEDED(hr))
        hr = IDiscRecorder2_get_ProductId(recorder, &product);
    if (SUCCEEDED(hr))
        hr = IDiscRecorder2_get_ProductRevision(recorder, &revision);
    info->vendor = com_text(vendor);
    info->product = com_text(product);
    info->revision = com_text(revision);
    if (FAILED(hr))
        status = com_fail(url, NULL, "identity", hr);
    else if ((info->owner = com_owner(url, recorder)) == NULL)
        status = EXIT_FAILED;
    IDiscRecorder2_Release(recorder);
    return status;
}

static int ask_wire(const char *url, struct info *info)
{
    struct wire wire;
    int status = wire_open(url, &wire);
    if (status != EXIT_DONE)
        return status;
    status = drive_state_read(&wire, &info->state);
    wire_close(&wire);
    return status;
}

/* READ TRACK INFORMATION counts run-out in; what it calls the last recorded block does not. */
static uint32_t blocks_of(const struct mmc_track_information *track)
{
    if (track->has_last_recorded)
        return (uint32_t)(track->last_recorded_lba - track->start_lba + 1);
    if (track->has_next_writable)
        return (uint32_t)(track->next_writable_lba - track->start_lba);
    return track->blocks;
}

static const char *mode_of(const struct mmc_track_information *track)
{
    if (!(track->control & CONTROL_DATA))
        return "audio";
    return track->data_mode == 1 ? "mode 1" : "mode 2";
}

static void print_disc(const struct drive_state *state)
{
    if (!state->has_disc) {
        printf("disc         %s\n", state->no_disc);
        return;
    }
    printf("disc         %s, %s, %u session%s, %u track%s, %u blocks free\n",
           drive_state_medium_text(state), drive_state_disc_text(&state->disc),
           state->disc.sessions, state->disc.sessions == 1 ? "" : "s", state->tracks,
           state->tracks == 1 ? "" : "s", state->free_blocks);
    for (unsigned i = 0; i < state->tracks; i++) {
        const struct mmc_track_information *track = &state->track[i];
        uint32_t blocks = blocks_of(track);
        printf("  track %2u   session %u  %-7s start %d, %02u:%02u:%02u (%u blocks)%s\n",
               track->track, track->session, mode_of(track), track->start_lba, blocks / 75 / 60,
               blocks / 75 % 60, blocks % 75, blocks,
               track->has_next_writable ? ", being written" : "");
    }
}

static int print_info(const struct info *info)
{
    const struct drive_state *state = &info->state;
    printf("drive        %s %s, revision %s, serial %s\n", info->vendor, info->product,
           info->revision, state->serial[0] != '\0' ? state->serial : "unknown");
    print_disc(state);
    if (state->has_write_state)
        printf("write state  %s, %llu blocks since power-on\n",
               drive_state_write_text(state->write_state.state),
               (unsigned long long)state->write_state.blocks_written);
    printf("held by      %s\n", info->owner[0] != '\0' ? info->owner : "nobody");
    return EXIT_DONE;
}

static json_t *track_objects(const struct drive_state *state)
{
    json_t *tracks = json_array();
    for (unsigned i = 0; i < state->tracks; i++) {
        const struct mmc_track_information *track = &state->track[i];
        json_array_append_new(tracks, json_pack("{si si ss sI sI sb}", "number", track->track,
                                                "session", track->session, "mode", mode_of(track),
                                                "start_lba", (json_int_t)track->start_lba, "blocks",
                                                (json_int_t)blocks_of(track), "open",
                                                track->has_next_writable));
    }
    return tracks;
}

static json_t *disc_object(const struct drive_state *state)
{
    if (!state->has_disc)
        return json_null();
    return json_pack("{ss si sI so}", "status", drive_state_disc_text(&state->disc), "sessions",
                     state->disc.sessions, "free_blocks", (json_int_t)state->free_blocks, "tracks",
                     track_objects(state));
}

static json_t *write_state_object(const struct mmc_write_state *state)
{
    return json_pack("{ss si sI sI sI sI sI sI}", "state", drive_state_write_text(state->state),
                     "track", state->track, "next_writable_lba",
                     (json_int_t)state->next_writable_lba, "blocks_written",
                     (json_int_t)state->blocks_written, "powered_us", (json_int_t)state->powered_us,
                     "locks_granted", (json_int_t)state->locks_granted, "locks_refused",
                     (json_int_t)state->locks_refused, "locks_lost", (json_int_t)state->locks_lost);
}

static int print_json(const char *url, const struct info *info)
{
    const struct drive_state *state = &info->state;
    json_t *write_state =
        state->has_write_state ? write_state_object(&state->write_state) : json_null();
    json_t *owner = info->owner[0] != '\0' ? json_string(info->owner) : json_null();
    json_t *root = json_pack("{ss ss ss ss ss so so so}", "vendor", info->vendor, "product",
                             info->product, "revision", info->revision, "serial", state->serial,
                             "medium", drive_state_medium_text(state), "disc", disc_object(state),
                             "write_state", write_state, "owner", owner);
    int status = EXIT_DONE;
    if (root == NULL || json_dumpf(root, stdout, JSON_INDENT(2)) != 0)
        status = fail(url, "its state could not be written as JSON");
    else
        putchar('\n');
    json_decref(root);
    return status;
}

int verb_info(int argc, char **argv)
{
    bool json = false;
    const char *url = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (argv[i][0] == '-' || url != NULL)
            return usage_error("info", "%s: one drive's URL, and --json", argv[i]);
        else
            url = argv[i];
    }
    if (url == NULL)
        return usage_error("info", "a drive's URL");
    struct info *info = calloc(1, sizeof *info);
    if (info == NULL)
        return fail(url, "out of memory");
    int status = ask_recorder(url, info);
    if (status == EXIT_DONE)
        status = ask_wire(url, info);
    if (status == EXIT_DONE)
        status = json ? print_json(url, info) : print_info(info);
    CoTaskMemFree(info->vendor);
    CoTaskMemFree(info->product);
    CoTaskMemFree(info->revision);
    CoTaskMemFree(info->owner);
    free(info);
    return status;
}
