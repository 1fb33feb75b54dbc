/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "cd_text.h"
#include "reason.h"
#include "toc.h"

int toc_check(const struct image *image, const char *path, char **why)
{
    unsigned sessions = image->tracks[image->track_count - 1].session;

    if (sessions == 1)
        return VCDR_OK;
    return reason(why, VCDR_EINVAL, "%s: a TOC file holds one session, the disc has %u", path,
                  sessions);
}

static const char *kind_of(const struct image *image)
{
    const char *kind = "CD_DA";

    for (unsigned t = 0; t < image->track_count; t++) {
        const struct image_track *track = &image->tracks[t];

        if (track->mode == IMAGE_MODE2_2352 && !track->formless)
            return "CD_ROM_XA";
        if (track->mode != IMAGE_AUDIO)
            kind = "CD_ROM";
    }
    return kind;
}

static void put_time(FILE *f, const char *word, uint32_t blocks)
{
    fprintf(f, "%s%02u:%02u:%02u\n", word, blocks / (60 * CD_BLOCKS_PER_SECOND),
            blocks / CD_BLOCKS_PER_SECOND % 60, blocks % CD_BLOCKS_PER_SECOND);
}

/* ---- text ---- */

static void put_string(FILE *f, const char *text)
{
    fputc('"', f);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(f, "\\%c", c);
        else if (c < ' ' || c > '~')
            fprintf(f, "\\%03o", c);
        else
            fputc(c, f);
    }
    fputc('"', f);
}

static void put_text(FILE *f, const struct cd_text *text, unsigned track)
{
    static const char *const names[CD_TEXT_FIELDS] = {
        [CD_TEXT_TITLE] = "TITLE",           [CD_TEXT_PERFORMER] = "PERFORMER",
        [CD_TEXT_SONGWRITER] = "SONGWRITER", [CD_TEXT_COMPOSER] = "COMPOSER",
        [CD_TEXT_ARRANGER] = "ARRANGER",     [CD_TEXT_MESSAGE] = "MESSAGE",
    };
    bool any = false;

    for (unsigned field = 0; field < CD_TEXT_FIELDS; field++)
        any = any || text->text[field][track];
    if (!any)
        return;
    fprintf(f, "CD_TEXT {\n%s  LANGUAGE 0 {\n", track == 0 ? "  LANGUAGE_MAP { 0 : EN }\n" : "");
    for (unsigned field = 0; field < CD_TEXT_FIELDS; field++) {
        if (!text->text[field][track])
            continue;
        fprintf(f, "    %s ", names[field]);
        put_string(f, text->text[field][track]);
        fputc('\n', f);
    }
    fputs("  }\n}\n", f);
}

/* ---- tracks ---- */

static void put_head(FILE *f, const struct image_track *track)
{
    fprintf(f, "\nTRACK %s\n",
            track->mode == IMAGE_AUDIO        ? "AUDIO"
            : track->mode == IMAGE_MODE1_2352 ? "MODE1_RAW"
                                              : "MODE2_RAW");
    fprintf(f, "%sCOPY\n", track->control & CONTROL_COPY_PERMITTED ? "" : "NO ");
    if (track->mode == IMAGE_AUDIO)
        fprintf(f, "%sPRE_EMPHASIS\n%s_CHANNEL_AUDIO\n",
                track->control & CONTROL_PRE_EMPHASIS ? "" : "NO ",
                track->control & 8 ? "FOUR" : "TWO");
    if (track->isrc[0])
        fprintf(f, "ISRC \"%s\"\n", track->isrc);
}

/* A track is one run of its file: where index 1 begins and all later ones is said behind it. */
static void put_blocks(FILE *f, const struct image *image, unsigned number)
{
    uint32_t blocks = 0, gap = 0, at = 0;
    uint64_t offset = 0;
    bool audio = image->tracks[number - 1].mode == IMAGE_AUDIO;

    for (unsigned i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];

        if (piece->track != number)
            continue;
        if (blocks == 0)
            offset = piece->offset;
        if (piece->index == 0)
            gap += piece->blocks;
        blocks += piece->blocks;
    }
    fputs(audio ? "FILE " : "DATAFILE ", f);
    put_string(f, image->names[0]);
    /* The program's own byte order of samples is the other one. */
    fprintf(f, audio ? " SWAP #%llu 0 " : " #%llu ", (unsigned long long)offset);
    put_time(f, "", blocks);
    if (gap > 0)
        put_time(f, "START ", gap);
    for (unsigned i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];

        if (piece->track != number || piece->index == 0)
            continue;
        if (piece->index > 1)
            put_time(f, "INDEX ", at);
        at += piece->blocks;
    }
}

int toc_write(const struct image *image, const char *const *packs_names, FILE *f)
{
    struct cd_text text = {0};

    int rc;

    (void)packs_names;
    rc = cd_text_read(&text, image->text[0].packs, image->text[0].count);
    if (rc != VCDR_OK)
        return rc;
    fprintf(f, "%s\n", kind_of(image));
    if (image->mcn[0])
        fprintf(f, "CATALOG \"%s\"\n", image->mcn);
    put_text(f, &text, 0);
    for (unsigned t = 0; t < image->track_count; t++) {
        put_head(f, &image->tracks[t]);
        put_text(f, &text, t + 1);
        put_blocks(f, image, t + 1);
    }
    cd_text_free(&text);
    return VCDR_OK;
}
