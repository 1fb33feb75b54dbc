/* SPDX-License-Identifier: MIT */
/* vcdr rip: every complete track of a disc into a file, by READ CD. */
#include "verbs.h"
#include "wire.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vcdr/codes.h>

/* 27 raw blocks are less than 64 KiB, which every drive and every host adapter carries. */
#define READ_BLOCKS 27
/* A track at once ends in two blocks that nobody can read (MMC-6 4.2.3.4.1). */
#define RUN_OUT_BLOCKS 2

/* How the blocks of a kind of track are asked for, and what kind of file they make. */
struct form {
    const char *name;
    const char *ending;
    unsigned block_bytes;
    enum mmc_sector_type type;
    uint8_t main_channel;
};

static const struct form form_audio = {
    .name = "audio",
    .ending = "wav",
    .block_bytes = CD_RAW_BLOCK_BYTES,
    .type = MMC_SECTOR_CD_DA,
    .main_channel = MMC_READ_USER_DATA,
};
static const struct form form_mode_1 = {
    .name = "mode 1",
    .ending = "iso",
    .block_bytes = CD_USER_BLOCK_BYTES,
    .type = MMC_SECTOR_MODE_1,
    .main_channel = MMC_READ_USER_DATA,
};
static const struct form form_form_1 = {
    .name = "mode 2 form 1",
    .ending = "iso",
    .block_bytes = CD_USER_BLOCK_BYTES,
    .type = MMC_SECTOR_FORM_1,
    .main_channel = MMC_READ_USER_DATA,
};
/* What is left, form 2 among it, is kept whole: header, sub-header and all. */
static const struct form form_raw = {
    .name = "raw sectors",
    .ending = "bin",
    .block_bytes = CD_RAW_BLOCK_BYTES,
    .type = MMC_SECTOR_ANY,
    .main_channel = MMC_READ_WHOLE_SECTOR,
};

/* The file that a track goes to: a WAV file through libsndfile, or plain bytes. */
struct output {
    char path[4096];
    int fd;
    SNDFILE *sound;
};

static int output_open(struct output *output, const char *folder, unsigned track,
                       const struct form *form)
{
    int length =
        snprintf(output->path, sizeof output->path, "%s/track%02u.%s", folder, track, form->ending);
    if (length < 0 || (size_t)length >= sizeof output->path)
        return fail(folder, "%s", strerror(ENAMETOOLONG));
    output->sound = NULL;
    output->fd = open(output->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (output->fd < 0)
        return fail(output->path, "%s", strerror(errno));
    if (form != &form_audio)
        return EXIT_DONE;
    SF_INFO info = {.samplerate = 44100, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    output->sound = sf_open_fd(output->fd, SFM_WRITE, &info, SF_FALSE);
    if (output->sound != NULL)
        return EXIT_DONE;
    close(output->fd);
    unlink(output->path);
    return fail(output->path, "%s", sf_strerror(NULL));
}

static bool output_write(struct output *output, const void *data, size_t length)
{
    if (output->sound != NULL)
        return sf_write_raw(output->sound, data, (sf_count_t)length) == (sf_count_t)length;
    const char *bytes = data;
    while (length > 0) {
        ssize_t written = write(output->fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static int output_close(struct output *output, int status)
{
    if (output->sound != NULL && sf_close(output->sound) != 0 && status == EXIT_DONE)
        status = fail(output->path, "could not be finished");
    if (close(output->fd) != 0 && status == EXIT_DONE)
        status = fail(output->path, "%s", strerror(errno));
    if (status != EXIT_DONE)
        unlink(output->path);
    return status;
}

static int read_blocks(struct wire *wire, const struct form *form, int32_t lba, uint32_t blocks,
                       uint8_t *data, struct wire_answer *answer)
{
    uint8_t cdb[16];
    uint8_t length =
        mmc_cdb_read_cd(cdb, lba, blocks, form->type, form->main_channel, MMC_SUB_NONE);
    return wire_read(wire, cdb, length, data, (size_t)blocks * form->block_bytes, answer);
}

/* Which form a data track has is told by its first block. */
static const struct form *form_of(struct wire *wire, const struct mmc_track_information *track)
{
    uint8_t data[CD_RAW_BLOCK_BYTES];
    struct wire_answer answer;
    if (!(track->control & CONTROL_DATA))
        return &form_audio;
    if (track->data_mode == 1)
        return &form_mode_1;
    if (read_blocks(wire, &form_form_1, track->start_lba, 1, data, &answer) ==
        (int)form_form_1.block_bytes)
        return &form_form_1;
    return &form_raw;
}

/* Copies a track; stops where its readable blocks end. *copied is what is in the file. */
static int copy_track(struct wire *wire, const struct mmc_track_information *track,
                      const struct form *form, uint32_t blocks, struct output *output,
                      uint32_t *copied)
{
    uint8_t data[READ_BLOCKS * CD_RAW_BLOCK_BYTES];
    uint32_t step = READ_BLOCKS;
    *copied = 0;
    while (*copied < blocks) {
        uint32_t now = blocks - *copied < step ? blocks - *copied : step;
        struct wire_answer answer;
        int32_t lba = track->start_lba + (int32_t)*copied;
        int length = read_blocks(wire, form, lba, now, data, &answer);
        if (length < 0 && now > 1 && answer.result == TRANSPORT_OK) {
            step = 1; /* find the block */
            continue;
        }
        if (length == WIRE_REFUSED && !track->has_last_recorded &&
            blocks - *copied <= RUN_OUT_BLOCKS)
            return EXIT_DONE;
        if (length != (int)(now * form->block_bytes)) {
            char text[128];
            return fail(wire->url, "track %u, block %d: %s", track->track, lba,
                        length < 0 ? wire_text(&answer, text, sizeof text) : "cut short");
        }
        if (!output_write(output, data, (size_t)length))
            return fail(output->path, "%s", strerror(errno));
        *copied += now;
    }
    return EXIT_DONE;
}

static int rip_track(struct wire *wire, const struct mmc_track_information *track,
                     const char *folder)
{
    uint32_t blocks = track->blocks;
    if (track->has_last_recorded)
        blocks = (uint32_t)(track->last_recorded_lba - track->start_lba + 1);
    const struct form *form = form_of(wire, track);
    struct output output;
    int status = output_open(&output, folder, track->track, form);
    if (status != EXIT_DONE)
        return status;
    uint32_t copied;
    status = copy_track(wire, track, form, blocks, &output, &copied);
    status = output_close(&output, status);
    if (status == EXIT_DONE)
        printf("track %2u  %s  %02u:%02u:%02u (%u blocks)  %s\n", track->track, form->name,
               copied / 75 / 60, copied / 75 % 60, copied % 75, copied, output.path);
    return status;
}

static int wire_failure(struct wire *wire, const char *what, const struct wire_answer *answer)
{
    char text[128];
    return fail(wire->url, "%s: %s", what, wire_text(answer, text, sizeof text));
}

static int rip(struct wire *wire, const char *folder)
{
    uint8_t cdb[16], data[MMC_TRACK_INFORMATION_BYTES];
    struct wire_answer answer;
    struct mmc_disc_information disc;
    uint8_t cdb_len = mmc_cdb_read_disc_information(cdb, MMC_DISC_INFORMATION_BYTES);
    int length = wire_read(wire, cdb, cdb_len, data, MMC_DISC_INFORMATION_BYTES, &answer);
    if (length < 0)
        return wire_failure(wire, "READ DISC INFORMATION", &answer);
    if (mmc_disc_information_parse(data, (size_t)length, &disc) != MMC_OK)
        return fail(wire->url, "READ DISC INFORMATION gave no disc information");
    unsigned ripped = 0;
    for (unsigned number = disc.first_track; number <= disc.last_track_last_session; number++) {
        struct mmc_track_information track;
        cdb_len = mmc_cdb_read_track_information(cdb, MMC_TRACK_BY_NUMBER, number,
                                                 MMC_TRACK_INFORMATION_BYTES);
        length = wire_read(wire, cdb, cdb_len, data, MMC_TRACK_INFORMATION_BYTES, &answer);
        if (length < 0)
            return wire_failure(wire, "READ TRACK INFORMATION", &answer);
        if (mmc_track_information_parse(data, (size_t)length, &track) != MMC_OK)
            return fail(wire->url, "READ TRACK INFORMATION gave no track information");
        if (track.blank || track.has_next_writable)
            continue; /* invisible, reserved or being written */
        int status = rip_track(wire, &track, folder);
        if (status != EXIT_DONE)
            return status;
        ripped++;
    }
    if (ripped == 0)
        return fail(wire->url, "the disc has no complete track");
    return EXIT_DONE;
}

int verb_rip(int argc, char **argv)
{
    if (argc != 3 || argv[1][0] == '-')
        return usage_error("rip", "a drive's URL and a folder");
    if (mkdir(argv[2], 0777) != 0 && errno != EEXIST)
        return fail(argv[2], "%s", strerror(errno));
    struct wire wire;
    int status = wire_open(argv[1], &wire);
    if (status != EXIT_DONE)
        return status;
    status = rip(&wire, argv[2]);
    wire_close(&wire);
    return status;
}
