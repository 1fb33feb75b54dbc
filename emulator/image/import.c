/* SPDX-License-Identifier: MIT */
/* An image becomes a disc: each of its sessions is burned at once. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include <vcdr/image.h>

#include "formats.h"
#include "reason.h"

enum { AT_ONCE = 64 }; /* blocks of one write */

/* Data forms as a cue sheet of a drive has them (MMC-6 SEND CUE SHEET). */
static uint8_t form_of(const struct image_track *track)
{
    switch (track->mode) {
    case IMAGE_AUDIO:
        return 0x00;
    case IMAGE_MODE1_2048:
        return 0x10;
    case IMAGE_MODE1_2352:
        return 0x11;
    case IMAGE_MODE2_2336:
        return track->formless ? 0x30 : 0x20;
    case IMAGE_MODE2_2352:
        return track->formless ? 0x31 : 0x21;
    }
    return 0x00;
}

/* ---- blocks ---- */

static bool is_sector(const uint8_t *sector, uint8_t mode)
{
    static const uint8_t sync[12] = {0,    0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};

    return memcmp(sector, sync, sizeof(sync)) == 0 && sector[15] == mode;
}

static bool is_empty(const uint8_t *block)
{
    return block[0] == 0 && memcmp(block, block + 1, CD_RAW_BLOCK_BYTES - 1) == 0;
}

/* Whole sectors must be such, or empty; the disc makes sync, header, EDC and ECC anew. */
static bool are_sectors(const uint8_t *blocks, uint32_t count, enum image_mode mode)
{
    if (mode != IMAGE_MODE1_2352 && mode != IMAGE_MODE2_2352)
        return true;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *block = blocks + (size_t)i * CD_RAW_BLOCK_BYTES;

        if (!is_sector(block, mode == IMAGE_MODE1_2352 ? 1 : 2) && !is_empty(block))
            return false;
    }
    return true;
}

static int read_piece(const struct image *image, const struct image_piece *piece, uint32_t from,
                      uint32_t blocks, uint8_t *buf, char **why)
{
    const struct image_track *track = &image->tracks[piece->track - 1];
    unsigned bytes = image_mode_bytes(track->mode);
    int rc;

    if (piece->source == IMAGE_ZEROS) {
        memset(buf, 0, (size_t)blocks * bytes);
        return VCDR_OK;
    }
    rc = source_read(image->sources[piece->source], piece->offset + (uint64_t)from * bytes, buf,
                     blocks * bytes, why);
    if (rc == VCDR_OK && !are_sectors(buf, blocks, track->mode))
        rc = reason(why, VCDR_EINVAL, "%s: blocks of track %u are no %s sectors",
                    image->names[piece->source], piece->track,
                    track->mode == IMAGE_MODE1_2352 ? "mode 1" : "mode 2");
    return rc;
}

static int burn_piece(const struct image *image, const struct image_piece *piece,
                      struct vcdr_disc *disc, uint8_t *buf, char **why)
{
    int rc = VCDR_OK;

    for (uint32_t done = 0; rc == VCDR_OK && done < piece->blocks; done += AT_ONCE) {
        uint32_t n = piece->blocks - done < AT_ONCE ? piece->blocks - done : AT_ONCE;

        rc = read_piece(image, piece, done, n, buf, why);
        if (rc != VCDR_OK)
            return rc;
        rc = vcdr_disc_write(disc, buf, n);
    }
    return rc == VCDR_OK ? rc : reason(why, rc, "track %u: %s", piece->track, vcdr_strerror(rc));
}

/* ---- sessions ---- */

/* A run of the image's pieces. */
struct session {
    unsigned number;
    unsigned begin, end; /* of the pieces */
    unsigned track;      /* its first */
};

static struct session session_from(const struct image *image, unsigned begin)
{
    struct session s = {.begin = begin, .end = begin, .track = image->pieces[begin].track};

    s.number = image->tracks[s.track - 1].session;
    while (s.end < image->piece_count &&
           image->tracks[image->pieces[s.end].track - 1].session == s.number)
        s.end++;
    return s;
}

/* CD-ROM XA where a track has sectors with sub-headers. */
static uint8_t format_of(const struct image *image, const struct session *s)
{
    for (unsigned t = 0; t < image->track_count; t++) {
        const struct image_track *track = &image->tracks[t];

        if (track->session == s->number && !track->formless &&
            (track->mode == IMAGE_MODE2_2336 || track->mode == IMAGE_MODE2_2352))
            return SESSION_FORMAT_CD_ROM_XA;
    }
    return SESSION_FORMAT_CD_DA_ROM;
}

/* What the disc is told of a session; its arrays point into `isrc` and `stretches`. */
struct layout {
    struct vcdr_session_layout session;
    struct vcdr_stretch stretches[IMAGE_TRACKS * 100];
    char isrc[IMAGE_TRACKS][13];
};

static void add_stretch(struct layout *l, const struct image *image,
                        const struct image_piece *piece, int32_t lba)
{
    const struct image_track *track = &image->tracks[piece->track - 1];
    const struct vcdr_stretch *last = &l->stretches[l->session.count];

    if (l->session.count > 0 && last[-1].track == piece->track && last[-1].index == piece->index)
        return;
    l->stretches[l->session.count++] = (struct vcdr_stretch){
        .track = piece->track,
        .index = piece->index,
        .control = track->control,
        .form = form_of(track),
        .lba = lba,
    };
}

static void lay_out(const struct image *image, const struct session *s, int32_t first_lba,
                    struct layout *l)
{
    const struct image_text *text = &image->text[s->number - 1];
    int32_t lba = first_lba - CD_PREGAP_BLOCKS;

    l->session = (struct vcdr_session_layout){
        .format = format_of(image, s),
        .stretches = l->stretches,
        .mcn = image->mcn[0] ? image->mcn : NULL,
        .isrc = l->isrc,
        .packs = text->packs,
        .pack_count = text->count,
    };
    for (unsigned i = s->begin; i < s->end; i++) {
        const struct image_piece *piece = &image->pieces[i];

        add_stretch(l, image, piece, lba);
        memcpy(l->isrc[piece->track - s->track], image->tracks[piece->track - 1].isrc, 13);
        lba += (int32_t)piece->blocks;
    }
    l->session.lead_out_lba = lba;
}

static int open_session(const struct image *image, const struct session *s, struct vcdr_disc *disc)
{
    struct layout *l = malloc(sizeof(*l));
    struct vcdr_session session;
    int rc = VCDR_ENOMEM;

    if (l)
        rc = vcdr_disc_session(disc, vcdr_disc_info(disc)->sessions, &session);
    if (rc == VCDR_OK) {
        lay_out(image, s, session.first_lba, l);
        rc = vcdr_disc_open_session(disc, &l->session);
    }
    free(l);
    return rc;
}

static int burn_session(const struct image *image, const struct session *s, struct vcdr_disc *disc,
                        uint8_t *buf, char **why)
{
    bool last = s->end == image->piece_count;
    int rc = open_session(image, s, disc);

    if (rc != VCDR_OK)
        return reason(why, rc, "session %u: %s", s->number, vcdr_strerror(rc));
    for (unsigned i = s->begin; rc == VCDR_OK && i < s->end; i++)
        rc = burn_piece(image, &image->pieces[i], disc, buf, why);
    if (rc != VCDR_OK) {
        (void)vcdr_disc_interrupt_session(disc); /* why the burn failed counts, not this */
        return rc;
    }
    rc = vcdr_disc_close_session(disc, !last, false);
    return rc == VCDR_OK ? rc : reason(why, rc, "session %u: %s", s->number, vcdr_strerror(rc));
}

static int burn_image(const struct image *image, struct vcdr_disc *disc, char **why)
{
    uint8_t *buf = malloc((size_t)AT_ONCE * CD_RAW_BLOCK_BYTES);
    int rc = VCDR_OK;

    if (!buf)
        return reason(why, VCDR_ENOMEM, "out of memory");
    for (unsigned at = 0; rc == VCDR_OK && at < image->piece_count;) {
        struct session s = session_from(image, at);

        rc = burn_session(image, &s, disc, buf, why);
        at = s.end;
    }
    free(buf);
    return rc;
}

static int check_room(const struct image *image, const char *image_path,
                      const struct vcdr_geometry *geometry, char **why)
{
    int64_t lead_out = image_lead_out(image);

    if (lead_out <= geometry->last_lead_out_lba)
        return VCDR_OK;
    return reason(why, VCDR_ENOSPACE,
                  "%s: does not fit: its lead-out would lie at %lld, the disc's "
                  "last possible is %ld",
                  image_path, (long long)lead_out, (long)geometry->last_lead_out_lba);
}

int vcdr_image_burn(const char *image_path, struct vcdr_disc *disc, char **why)
{
    struct image *image;
    int rc;

    if (vcdr_disc_info(disc)->status != VCDR_DISC_BLANK)
        return reason(why, VCDR_ESTATE, "%s: needs a blank disc", image_path);
    image = malloc(sizeof(*image));
    if (!image)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", image_path);
    rc = image_read(image_path, image, why);
    if (rc == VCDR_OK) {
        rc = check_room(image, image_path, &vcdr_disc_info(disc)->geometry, why);
        if (rc == VCDR_OK)
            rc = burn_image(image, disc, why);
        image_free(image);
    }
    free(image);
    return rc;
}

/* ---- a disc file of its own ---- */

static int choose_geometry(const struct image *image, const char *image_path,
                           struct vcdr_geometry *geometry, char **why)
{
    static const char *const names[] = {"74min", "80min", "90min"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int rc = vcdr_geometry_by_name(names[i], VCDR_MEDIUM_CD_R, geometry);

        if (rc != VCDR_OK || image_lead_out(image) <= geometry->last_lead_out_lba)
            return rc;
    }
    return check_room(image, image_path, geometry, why);
}

static int burn_file(const struct image *image, const char *disc_path,
                     const struct vcdr_geometry *geometry, uint32_t serial, char **why)
{
    struct vcdr_store store;
    struct vcdr_disc *disc = NULL;
    int closed, rc = vcdr_store_file(disc_path, VCDR_STORE_CREATE, &store);

    if (rc != VCDR_OK)
        return reason(why, rc, "%s: %s", disc_path, vcdr_strerror(rc));
    rc = vcdr_disc_create(store, geometry, serial);
    if (rc == VCDR_OK)
        rc = vcdr_disc_open(store, &disc);
    if (rc != VCDR_OK) {
        store.ops->close(store.ctx);
        reason(why, rc, "%s: %s", disc_path, vcdr_strerror(rc));
    } else {
        rc = burn_image(image, disc, why);
        closed = vcdr_disc_close(disc);
        if (rc == VCDR_OK && closed != VCDR_OK)
            rc = reason(why, closed, "%s: %s", disc_path, vcdr_strerror(closed));
    }
    if (rc != VCDR_OK)
        unlink(disc_path);
    return rc;
}

int vcdr_image_import(const char *image_path, const char *disc_path,
                      const struct vcdr_geometry *geometry, uint32_t serial, char **why)
{
    struct vcdr_geometry chosen;
    struct image *image = malloc(sizeof(*image));
    int rc;

    if (!image)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", image_path);
    rc = image_read(image_path, image, why);
    if (rc == VCDR_OK) {
        if (geometry) {
            chosen = *geometry;
            rc = check_room(image, image_path, geometry, why);
        } else {
            rc = choose_geometry(image, image_path, &chosen, why);
        }
        if (rc == VCDR_OK)
            rc = burn_file(image, disc_path, &chosen, serial, why);
        image_free(image);
    }
    free(image);
    return rc;
}
