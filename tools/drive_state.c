/* SPDX-License-Identifier: MIT */
#include "drive_state.h"
#include "verbs.h"
#include <stdio.h>
#include <vcdr/codes.h>

#define SERIAL_BYTES 252

static int read_serial(struct wire *wire, struct drive_state *state)
{
    uint8_t cdb[16], data[SERIAL_BYTES];
    struct wire_answer answer;
    uint8_t length = mmc_cdb_inquiry_vpd(cdb, MMC_VPD_SERIAL, sizeof data);
    int got = wire_read(wire, cdb, length, data, sizeof data, &answer);
    if (got >= 0)
        (void)mmc_vpd_serial(data, (size_t)got, state->serial, sizeof state->serial);
    return got;
}

static int read_profile(struct wire *wire, struct drive_state *state)
{
    uint8_t cdb[16], data[MMC_CONFIGURATION_HEADER_BYTES];
    struct wire_answer answer;
    struct mmc_configuration_header header;
    uint8_t length = mmc_cdb_get_configuration(cdb, MMC_CONFIGURATION_ALL, 0, sizeof data);
    int got = wire_read(wire, cdb, length, data, sizeof data, &answer);
    if (got >= 0 && mmc_configuration_header(data, (size_t)got, &header) == MMC_OK)
        state->profile = header.profile;
    return got;
}

static int read_write_state(struct wire *wire, struct drive_state *state)
{
    uint8_t cdb[16], data[MMC_LOG_WRITE_STATE_BYTES];
    struct wire_answer answer;
    uint8_t length = mmc_cdb_log_sense(cdb, LOG_PAGE_WRITE_STATE, 0, sizeof data);
    int got = wire_read(wire, cdb, length, data, sizeof data, &answer);
    state->has_write_state =
        got >= 0 && mmc_write_state_parse(data, (size_t)got, &state->write_state) == MMC_OK;
    return got;
}

static int read_track(struct wire *wire, unsigned number, struct mmc_track_information *track,
                      struct wire_answer *answer)
{
    uint8_t cdb[16], data[MMC_TRACK_INFORMATION_BYTES];
    uint8_t length = mmc_cdb_read_track_information(cdb, MMC_TRACK_BY_NUMBER, number, sizeof data);
    int got = wire_read(wire, cdb, length, data, sizeof data, answer);
    if (got >= 0 && mmc_track_information_parse(data, (size_t)got, track) != MMC_OK)
        got = WIRE_REFUSED;
    return got;
}

static int read_tracks(struct wire *wire, struct drive_state *state)
{
    const struct mmc_disc_information *disc = &state->disc;
    int got = 0;
    for (unsigned n = disc->first_track; n <= disc->last_track_last_session; n++) {
        struct mmc_track_information track;
        struct wire_answer answer;
        got = read_track(wire, n, &track, &answer);
        if (got < 0)
            break; /* the next track of a full disc, or nobody's to see */
        if (track.has_next_writable)
            state->free_blocks = track.free_blocks;
        if (!track.blank && state->tracks < DRIVE_STATE_MOST_TRACKS)
            state->track[state->tracks++] = track;
    }
    return got;
}

static int read_disc(struct wire *wire, struct drive_state *state)
{
    uint8_t cdb[16], data[MMC_DISC_INFORMATION_BYTES];
    struct wire_answer answer;
    uint8_t length = mmc_cdb_read_disc_information(cdb, sizeof data);
    int got = wire_read(wire, cdb, length, data, sizeof data, &answer);
    if (got < 0) {
        wire_text(&answer, state->no_disc, sizeof state->no_disc);
        return got;
    }
    if (mmc_disc_information_parse(data, (size_t)got, &state->disc) != MMC_OK) {
        snprintf(state->no_disc, sizeof state->no_disc, "the drive's answer makes no sense");
        return WIRE_REFUSED;
    }
    state->has_disc = true;
    return read_tracks(wire, state);
}

int drive_state_read(struct wire *wire, struct drive_state *state)
{
    static int (*const steps[])(struct wire *, struct drive_state *) = {
        read_serial, read_profile, read_write_state, read_disc};
    *state = (struct drive_state){.tracks = 0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i](wire, state) == WIRE_BROKEN)
            return fail(wire->url, "the connection broke");
    return EXIT_DONE;
}

const char *drive_state_medium_text(const struct drive_state *state)
{
    if (state->has_disc && state->disc.erasable) /* whatever the drive can do with it */
        return "CD-RW";
    switch (state->profile) {
    case PROFILE_NONE:
        return "no disc";
    case PROFILE_CD_ROM:
        return "CD-ROM";
    case PROFILE_CD_R:
        return "CD-R";
    case PROFILE_CD_RW:
        return "CD-RW";
    default: /* the standard's list, not ours */
        return "another kind of disc";
    }
}

const char *drive_state_disc_text(const struct mmc_disc_information *disc)
{
    switch (disc->status) {
    case MMC_DISC_EMPTY:
        return "blank";
    case MMC_DISC_INCOMPLETE:
        return "appendable";
    case MMC_DISC_COMPLETE:
        return "complete";
    case MMC_DISC_OTHER:
        break;
    }
    return "of another kind";
}

const char *drive_state_write_text(uint8_t write_state)
{
    static const char *const texts[] = {
        [WRITE_STATE_IDLE] = "idle",
        [WRITE_STATE_WRITING] = "writing",
        [WRITE_STATE_FLUSHING] = "flushing",
        [WRITE_STATE_CLOSING_TRACK] = "closing-track",
        [WRITE_STATE_CLOSING_SESSION] = "closing-session",
        [WRITE_STATE_BLANKING] = "blanking",
    };
    if (write_state < sizeof texts / sizeof texts[0])
        return texts[write_state];
    return "unknown";
}
