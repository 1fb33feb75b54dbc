/* SPDX-License-Identifier: MIT */
/*
 * The cue reader: any bytes as a sheet. One that is taken, and names none but the files that lie
 * beside it, is burned onto a disc.
 */
#define _XOPEN_SOURCE 700
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/image.h>

#include "emulator/image/cue.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"
#include "tests/fuzz/platter.h"
#include "tests/fuzz/view.h"

enum { SHEET = 8192, BIN_BLOCKS = 160 };

static const char *const beside[] = {"a.bin", "b.wav", "c.iso"};

static void check_cue(const struct cue *cue)
{
    MUST(cue->track_count <= 99 && cue->file_count <= 99);
    for (unsigned t = 0; t < cue->track_count; t++) {
        const struct cue_track *track = &cue->tracks[t];

        MUST(track->indexes >= 1 && track->indexes <= 99 && track->file >= 0 && track->file < (int)cue->file_count);
        MUST(track->gap_file < (int)cue->file_count);
        MUST(track->session >= 1 && image_mode_bytes(track->mode) >= 2048);
        if (track->gap_file == track->file)
            MUST(track->gap <= track->at[1]);
    }
}

static bool names_ours_only(const struct cue *cue)
{
    for (unsigned f = 0; f < cue->file_count; f++) {
        bool ours = false;

        for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
            ours = ours || strcmp(cue->files[f].name, beside[i]) == 0;
        if (!ours)
            return false;
    }
    for (unsigned n = 0; n < CUE_TRACKS; n++)
        if (cue->packs[n])
            return false;
    return cue->file_count > 0;
}

/* ---- the folder of the sheet, made once ---- */

static char folder[64];

static void write_file(const char *name, const void *data, size_t len)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "wb");
    MUST(file != NULL && fwrite(data, 1, len, file) == len && fclose(file) == 0);
}

static void remove_folder(void)
{
    char path[128];

    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, beside[i]);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/sheet.cue", folder);
    unlink(path);
    rmdir(folder);
}

static void put_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

/* 160 mode 1 sectors, the same as 44.1 kHz stereo, 160 blocks of user data. */
static void make_folder(void)
{
    static const uint8_t head[16] = {0,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0,    0,    2,    0,    1};
    static const uint8_t wave[44] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x02\0\x44\xAC\0\0"
                                    "\x10\xB1\x02\0\x04\0\x10\0data....";
    static uint8_t bytes[44 + BIN_BLOCKS * 2352];
    const char *tmp = getenv("TMPDIR"); /* run.sh takes it away when a target has crashed */

    snprintf(folder, sizeof(folder), "%s/fuzz-cue-XXXXXX", tmp != NULL ? tmp : "/tmp");
    MUST(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    memcpy(bytes, wave, 44);
    put_le32(bytes + 4, sizeof(bytes) - 8);
    put_le32(bytes + 40, sizeof(bytes) - 44);
    write_file("b.wav", bytes, sizeof(bytes));
    for (unsigned i = 0; i < BIN_BLOCKS; i++)
        memcpy(bytes + i * 2352, head, sizeof(head));
    write_file("a.bin", bytes, BIN_BLOCKS * 2352);
    write_file("c.iso", bytes, BIN_BLOCKS * 2048);
}

/* What was burned is a disc whose last session is finalised, and opens again as it is. */
static void burn(const char *sheet, size_t len, const struct cue *cue)
{
    static struct view before, after;
    struct vcdr_geometry geometry;
    struct platter *platter;
    struct vcdr_disc *disc;
    char path[128], *why = NULL;
    int rc;

    if (folder[0] == '\0')
        make_folder();
    write_file("sheet.cue", sheet, len);
    snprintf(path, sizeof(path), "%s/sheet.cue", folder);
    MUST(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry) == VCDR_OK);
    platter = platter_blank(&geometry);
    MUST(vcdr_disc_open(platter_store(platter), &disc) == VCDR_OK);
    rc = vcdr_image_burn(path, disc, &why);
    view_take(disc, &before);
    if (rc == VCDR_OK) {
        MUST(why == NULL);
        MUST(before.info.tracks == cue->track_count);
        MUST(before.info.status == VCDR_DISC_COMPLETE);
    } else {
        MUST(why != NULL && why[0] != '\0' && strchr(why, '\n') == NULL);
    }
    MUST(vcdr_disc_close(disc) == VCDR_OK || platter_failed(platter));
    MUST(vcdr_disc_open(platter_store(platter), &disc) == VCDR_OK);
    view_take(disc, &after);
    MUST(platter_failed(platter) || view_same(&before, &after));
    vcdr_disc_abandon(disc);
    platter_free(platter);
    free(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    size_t len = size < SHEET ? size : SHEET;
    uint8_t *text = take_block(&in, len);
    struct cue *cue = calloc(1, sizeof(*cue));
    char *why = NULL;
    int rc;

    MUST(cue != NULL);
    rc = cue_parse("sheet", (const char *)text, len, cue, &why);
    if (rc == VCDR_OK) {
        MUST(why == NULL);
        check_cue(cue);
        if (names_ours_only(cue))
            burn((const char *)text, len, cue);
        cue_free(cue);
    } else {
        MUST(rc == VCDR_EINVAL && why != NULL && strchr(why, '\n') == NULL);
    }
    free(why);
    free(cue);
    free(text);
    return 0;
}
