/* SPDX-License-Identifier: MIT */
#include "of_disc.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/subchannel.h>

#include "reason.h"

enum { AT_ONCE = 64 }; /* blocks of one read */

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

/* ---- where things lie ---- */

/* A track ends where the next one's pre-gap begins, or at the lead-out; its run-out is its own. */
static int32_t end_of(struct vcdr_disc *disc, const struct vcdr_track *track, unsigned count)
{
    struct vcdr_session session;
    struct vcdr_track next;

    if (track->number < count && vcdr_disc_track(disc, track->number + 1U, &next) == VCDR_OK &&
        next.session == track->session)
        return next.pregap_lba;
    if (vcdr_disc_session(disc, track->session, &session) == VCDR_OK &&
        session.state == VCDR_SESSION_COMPLETE)
        return session.lead_out_lba;
    return track->start_lba + (int32_t)track->size;
}

struct filling {
    struct vcdr_disc *disc;
    struct image *image;
    uint32_t at; /* blocks in the source so far */
    char **why;
};

static int add_run(struct filling *f, unsigned track, unsigned index, int32_t begin, int32_t end)
{
    const struct image_piece piece = {
        .track = (uint8_t)track,
        .index = (uint8_t)index,
        .offset = (uint64_t)f->at * CD_RAW_BLOCK_BYTES,
        .blocks = end > begin ? (uint32_t)(end - begin) : 0,
        .lba = begin,
    };

    f->at += piece.blocks;
    return image_add_piece(f->image, &piece, f->why);
}

static int add_indexes(struct filling *f, const struct vcdr_track *track, int32_t end)
{
    int32_t begin = track->start_lba;
    int rc = VCDR_OK;

    for (unsigned i = 1; rc == VCDR_OK && i <= track->last_index; i++) {
        int32_t next = end;

        if (i < track->last_index)
            rc = vcdr_disc_index(f->disc, track->number, i + 1, &next);
        if (rc == VCDR_OK)
            rc = add_run(f, track->number, i, begin, next);
        begin = next;
    }
    return rc;
}

static enum image_mode mode_of(const struct vcdr_track *track)
{
    if (!(track->control & CONTROL_DATA))
        return IMAGE_AUDIO;
    return track->block_type == BLOCK_TYPE_MODE1 ? IMAGE_MODE1_2352 : IMAGE_MODE2_2352;
}

static int add_track(struct filling *f, unsigned number, unsigned count)
{
    struct vcdr_track track;
    struct vcdr_session session;
    struct image_track *to = &f->image->tracks[number - 1];
    int rc = vcdr_disc_track(f->disc, number, &track);

    if (rc == VCDR_OK)
        rc = vcdr_disc_session(f->disc, track.session, &session);
    if (rc != VCDR_OK)
        return rc;
    *to = (struct image_track){
        .mode = mode_of(&track),
        .session = track.session,
        /* Bit 0 of a data track says packets, which no sheet has. */
        .control = track.control & CONTROL_DATA
                       ? track.control & (CONTROL_DATA | CONTROL_COPY_PERMITTED)
                       : track.control,
        .formless = track.block_type == BLOCK_TYPE_MODE2,
    };
    memcpy(to->isrc, track.isrc, sizeof(to->isrc));
    f->image->track_count = number;
    rc = add_run(f, number, 0,
                 track.pregap_lba < session.first_lba ? session.first_lba : track.pregap_lba,
                 track.start_lba);
    return rc == VCDR_OK ? add_indexes(f, &track, end_of(f->disc, &track, count)) : rc;
}

static int add_text(struct filling *f)
{
    unsigned sessions = f->image->tracks[f->image->track_count - 1].session;

    for (unsigned n = 1; n <= sessions; n++) {
        struct image_text *text = &f->image->text[n - 1];
        struct vcdr_session session;
        int rc = vcdr_disc_session(f->disc, n, &session);

        if (rc == VCDR_OK && session.packs > 0) {
            text->packs = malloc((size_t)session.packs * VCDR_PACK_BYTES);
            if (!text->packs)
                return reason(f->why, VCDR_ENOMEM, "out of memory");
            text->count = session.packs;
            rc = vcdr_disc_cd_text(f->disc, n, 0, session.packs, text->packs);
        }
        if (rc != VCDR_OK)
            return reason(f->why, rc, "CD-Text of session %u: %s", n, vcdr_strerror(rc));
    }
    return VCDR_OK;
}

int image_of_disc(struct vcdr_disc *disc, const char *source, const char *name, struct image *image,
                  char **why)
{
    struct filling f = {.disc = disc, .image = image, .why = why};
    unsigned count;
    int rc = complete_tracks(disc, name, &count, why);

    if (rc != VCDR_OK)
        return rc;
    image->names[0] = strdup(source);
    if (!image->names[0])
        return reason(why, VCDR_ENOMEM, "%s: out of memory", name);
    image->source_count = 1;
    memcpy(image->mcn, vcdr_disc_info(disc)->mcn, sizeof(image->mcn));
    for (unsigned n = 1; rc == VCDR_OK && n <= count; n++)
        rc = add_track(&f, n, count);
    return rc == VCDR_OK ? add_text(&f) : rc;
}

/* ---- blocks ---- */

static uint8_t bcd(unsigned n)
{
    return (uint8_t)(n / 10 << 4 | n % 10);
}

/* For what no drive can read: silence, or a sector of zeros with its sync and header. */
static void put_empty(const struct image_track *track, int32_t lba, uint8_t *block)
{
    uint8_t msf[3];

    memset(block, 0, CD_RAW_BLOCK_BYTES);
    if (track->mode == IMAGE_AUDIO)
        return;
    vcdr_lba_to_msf(lba, msf);
    memset(block + 1, 0xFF, 10);
    for (int i = 0; i < 3; i++)
        block[12 + i] = bcd(msf[i]);
    block[15] = track->mode == IMAGE_MODE1_2352 ? 1 : 2;
}

/* Only a disc whose tracks were written one by one, or in packets, has blocks without content. */
static bool may_be_unreadable(struct vcdr_disc *disc, const struct image_piece *piece)
{
    struct vcdr_track track;

    return vcdr_disc_track(disc, piece->track, &track) == VCDR_OK &&
           (track.recording == VCDR_RECORDING_TAO || track.recording == VCDR_RECORDING_PACKET);
}

static int read_blocks(struct vcdr_disc *disc, const struct image *image,
                       const struct image_piece *piece, uint32_t from, uint32_t blocks,
                       uint8_t *buf)
{
    bool gaps = may_be_unreadable(disc, piece);
    uint32_t good = 0;

    while (good < blocks) {
        int32_t lba = piece->lba + (int32_t)(from + good);
        uint32_t done = 0;
        int rc = vcdr_disc_read_raw(disc, lba, blocks - good,
                                    buf + (size_t)good * CD_RAW_BLOCK_BYTES, &done);

        good += done;
        if (rc == VCDR_OK)
            break;
        if (!gaps || (rc != VCDR_EUNREADABLE && rc != VCDR_EADDRESS))
            return rc;
        put_empty(&image->tracks[piece->track - 1], piece->lba + (int32_t)(from + good),
                  buf + (size_t)good * CD_RAW_BLOCK_BYTES);
        good++;
    }
    return VCDR_OK;
}

static int copy_piece(struct vcdr_disc *disc, const struct image *image,
                      const struct image_piece *piece, uint8_t *buf, struct out *out, char **why)
{
    int rc = VCDR_OK;

    for (uint32_t at = 0; rc == VCDR_OK && at < piece->blocks; at += AT_ONCE) {
        uint32_t n = piece->blocks - at < AT_ONCE ? piece->blocks - at : AT_ONCE;

        rc = read_blocks(disc, image, piece, at, n, buf);
        if (rc != VCDR_OK)
            return reason(why, rc, "%s: blocks from %ld on of the disc: %s", out->name,
                          (long)piece->lba + (long)at, vcdr_strerror(rc));
        rc = out_write(out, buf, (size_t)n * CD_RAW_BLOCK_BYTES, why);
    }
    return rc;
}

int image_copy_blocks(struct vcdr_disc *disc, const struct image *image, struct out *out,
                      char **why)
{
    uint8_t *buf = malloc((size_t)AT_ONCE * CD_RAW_BLOCK_BYTES);
    int rc = VCDR_OK;

    if (!buf)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", out->name);
    for (unsigned i = 0; rc == VCDR_OK && i < image->piece_count; i++)
        rc = copy_piece(disc, image, &image->pieces[i], buf, out, why);
    free(buf);
    return rc;
}
