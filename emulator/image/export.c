/* SPDX-License-Identifier: MIT */
/* A disc becomes an image. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include <vcdr/image.h>

#include "reason.h"

enum { AT_ONCE = 64 }; /* blocks of one read */

/* ---- a file that is being made ---- */

struct out {
    const char *name;
    FILE *f;
};

static int out_open(struct out *out, const char *name, char **why)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return reason_errno(why, name, "created");
    out->name = name;
    out->f = fdopen(fd, "w");
    if (out->f)
        return VCDR_OK;
    close(fd);
    unlink(name);
    return reason(why, VCDR_ENOMEM, "%s: out of memory", name);
}

/* Ends the file; on failure, its own or that of `rc`, nothing of it stays. */
static int out_close(struct out *out, int rc, char **why)
{
    bool failed = rc == VCDR_OK && (fflush(out->f) != 0 || ferror(out->f));

    if (failed)
        rc = reason_errno(why, out->name, "written");
    if (fclose(out->f) != 0 && rc == VCDR_OK)
        rc = reason_errno(why, out->name, "written");
    if (rc != VCDR_OK)
        unlink(out->name);
    return rc;
}

static int out_write(struct out *out, const void *data, size_t len, char **why)
{
    return fwrite(data, 1, len, out->f) == len ? VCDR_OK : reason_errno(why, out->name, "written");
}

/* ---- blocks ---- */

typedef int read_blocks(struct vcdr_disc *disc, int32_t lba, uint32_t blocks, void *buf,
                        uint32_t *done);

static int copy_blocks(struct vcdr_disc *disc, read_blocks *read, unsigned bytes, int32_t lba,
                       uint32_t blocks, struct out *out, char **why)
{
    uint8_t *buf = malloc((size_t)AT_ONCE * bytes);
    int rc = VCDR_OK;

    if (!buf)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", out->name);
    while (rc == VCDR_OK && blocks > 0) {
        uint32_t n = blocks < AT_ONCE ? blocks : AT_ONCE, done;

        rc = read(disc, lba, n, buf, &done);
        if (rc != VCDR_OK)
            reason(why, rc, "%s: block %ld of the disc: %s", out->name, (long)lba + (long)done,
                   vcdr_strerror(rc));
        else
            rc = out_write(out, buf, (size_t)n * bytes, why);
        lba += (int32_t)n;
        blocks -= n;
    }
    free(buf);
    return rc;
}

/* The run-out of the track before, which cannot be read, and the pre-gap. */
static int copy_gap(struct vcdr_disc *disc, const struct vcdr_track *track, uint32_t blocks,
                    struct out *out, char **why)
{
    static const uint8_t nothing[CD_RAW_BLOCK_BYTES];
    int rc = VCDR_OK;

    for (; rc == VCDR_OK && blocks > CD_PREGAP_BLOCKS; blocks--)
        rc = out_write(out, nothing, sizeof(nothing), why);
    if (rc == VCDR_OK)
        rc = copy_blocks(disc, vcdr_disc_read_raw, CD_RAW_BLOCK_BYTES,
                         track->start_lba - (int32_t)blocks, blocks, out, why);
    return rc;
}

/* ---- BIN and CUE ---- */

struct sheet {
    struct out cue, bin;
    uint32_t at;      /* blocks in the .bin */
    unsigned session; /* of the track before, 0 at first */
    int32_t end_lba;  /* where the track before ended */
};

static void put_time(FILE *f, unsigned index, uint32_t blocks)
{
    fprintf(f, "    INDEX %02u %02u:%02u:%02u\n", index, blocks / (60 * CD_BLOCKS_PER_SECOND),
            blocks / CD_BLOCKS_PER_SECOND % 60, blocks % CD_BLOCKS_PER_SECOND);
}

static const char *mode_of(const struct vcdr_track *track)
{
    if (track->block_type == BLOCK_TYPE_RAW)
        return "AUDIO";
    return track->block_type == BLOCK_TYPE_MODE1 ? "MODE1/2352" : "MODE2/2352";
}

static void put_track(FILE *f, const struct vcdr_track *track)
{
    fprintf(f, "  TRACK %02u %s\n", track->number, mode_of(track));
    if (track->control & (CONTROL_COPY_PERMITTED | CONTROL_PRE_EMPHASIS | 8))
        fprintf(f, "    FLAGS%s%s%s\n", track->control & CONTROL_COPY_PERMITTED ? " DCP" : "",
                track->control & 8 ? " 4CH" : "",
                track->control & CONTROL_PRE_EMPHASIS ? " PRE" : "");
    if (track->isrc[0])
        fprintf(f, "    ISRC %s\n", track->isrc);
}

static int export_track(struct vcdr_disc *disc, const struct vcdr_track *track, struct sheet *s,
                        char **why)
{
    uint32_t gap = track->session == s->session ? (uint32_t)(track->start_lba - s->end_lba) : 0;
    int rc = VCDR_OK;

    if (track->session != s->session)
        fprintf(s->cue.f, "REM SESSION %02u\n", track->session);
    put_track(s->cue.f, track);
    if (gap > 0) {
        put_time(s->cue.f, 0, s->at);
        rc = copy_gap(disc, track, gap, &s->bin, why);
    }
    s->at += gap;
    put_time(s->cue.f, 1, s->at);
    if (rc == VCDR_OK)
        rc = copy_blocks(disc, vcdr_disc_read_raw, CD_RAW_BLOCK_BYTES, track->start_lba,
                         track->written, &s->bin, why);
    s->at += track->written;
    s->session = track->session;
    s->end_lba = track->start_lba + (int32_t)track->written;
    return rc;
}

/* The tracks that a sheet can show: a run of complete ones from the first on. */
static int complete_tracks(struct vcdr_disc *disc, const char *name, unsigned *count, char **why)
{
    unsigned incomplete = 0, tracks = vcdr_disc_info(disc)->tracks;

    *count = 0;
    for (unsigned n = 1; n <= tracks; n++) {
        struct vcdr_track track;
        int rc = vcdr_disc_track(disc, n, &track);

        if (rc != VCDR_OK)
            return rc;
        if (track.state != VCDR_TRACK_COMPLETE)
            incomplete = n;
        else if (incomplete == 0)
            *count = n;
        else
            return reason(why, VCDR_ESTATE, "%s: track %u of the disc is not complete", name,
                          incomplete);
    }
    return *count > 0 ? VCDR_OK
                      : reason(why, VCDR_ESTATE, "%s: the disc has no complete track", name);
}

static int export_tracks(struct vcdr_disc *disc, const char *bin_name, unsigned count,
                         struct sheet *s, char **why)
{
    const char *mcn = vcdr_disc_info(disc)->mcn;
    int rc = VCDR_OK;

    if (mcn[0])
        fprintf(s->cue.f, "CATALOG %s\n", mcn);
    fprintf(s->cue.f, "FILE \"%s\" BINARY\n", bin_name);
    for (unsigned n = 1; rc == VCDR_OK && n <= count; n++) {
        struct vcdr_track track;

        rc = vcdr_disc_track(disc, n, &track);
        if (rc == VCDR_OK)
            rc = export_track(disc, &track, s, why);
    }
    return rc;
}

/* "a/b.cue" gives "a/b.bin", any other name gets .bin behind it. */
static char *bin_path(const char *cue_path)
{
    size_t len = strlen(cue_path);
    char *path;

    if (len > 4 && strcasecmp(cue_path + len - 4, ".cue") == 0)
        len -= 4;
    return asprintf(&path, "%.*s.bin", (int)len, cue_path) < 0 ? NULL : path;
}

static int export_both(struct vcdr_disc *disc, const char *cue_path, const char *bin_name,
                       const char *path, unsigned count, char **why)
{
    struct sheet s = {.at = 0};
    int rc = out_open(&s.cue, cue_path, why);

    if (rc != VCDR_OK)
        return rc;
    rc = out_open(&s.bin, path, why);
    if (rc == VCDR_OK) {
        rc = export_tracks(disc, bin_name, count, &s, why);
        rc = out_close(&s.bin, rc, why);
    }
    if (rc != VCDR_OK)
        return out_close(&s.cue, rc, why);
    rc = out_close(&s.cue, VCDR_OK, why);
    if (rc != VCDR_OK)
        unlink(path);
    return rc;
}

int vcdr_image_export_cue(struct vcdr_disc *disc, const char *cue_path, char **why)
{
    char *path = bin_path(cue_path);
    const char *name;
    unsigned count = 0;
    int rc;

    if (!path)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", cue_path);
    name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (strpbrk(name, "\"\r\n"))
        rc = reason(why, VCDR_EINVAL, "%s: a cue sheet cannot name such a file", path);
    else
        rc = complete_tracks(disc, cue_path, &count, why);
    if (rc == VCDR_OK)
        rc = export_both(disc, cue_path, name, path, count, why);
    free(path);
    return rc;
}

/* ---- ISO ---- */

static int find_data_track(struct vcdr_disc *disc, unsigned number, const char *name,
                           struct vcdr_track *track, char **why)
{
    unsigned tracks = vcdr_disc_info(disc)->tracks;

    for (unsigned n = number ? number : 1; n <= (number ? number : tracks); n++) {
        if (vcdr_disc_track(disc, n, track) != VCDR_OK || track->state != VCDR_TRACK_COMPLETE)
            continue;
        if (track->control & CONTROL_DATA)
            return VCDR_OK;
        if (number)
            return reason(why, VCDR_EMODE, "%s: track %u of the disc is audio", name, number);
    }
    if (number)
        return reason(why, VCDR_ENOENT, "%s: the disc has no complete track %u", name, number);
    return reason(why, VCDR_ENOENT, "%s: the disc has no complete data track", name);
}

int vcdr_image_export_iso(struct vcdr_disc *disc, unsigned number, const char *iso_path, char **why)
{
    struct vcdr_track track;
    struct out out;
    int rc = find_data_track(disc, number, iso_path, &track, why);

    if (rc == VCDR_OK)
        rc = out_open(&out, iso_path, why);
    if (rc != VCDR_OK)
        return rc;
    rc = copy_blocks(disc, vcdr_disc_read_user, CD_USER_BLOCK_BYTES, track.start_lba, track.written,
                     &out, why);
    return out_close(&out, rc, why);
}
