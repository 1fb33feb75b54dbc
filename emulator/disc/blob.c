/* SPDX-License-Identifier: MIT */
/*
 * Lead-in text: what a record of the log has no room for, each session's in a piece of its own
 * behind the last possible block of the region. It is written before the record that has its CRC,
 * and never changes: a snapshot's lies beside those that came after it.
 */
#include <string.h>

#include "bytes.h"
#include "crc32.h"
#include "disc_private.h"

enum { TRACK_ENTRY_BYTES = 16, STRETCH_ENTRY_BYTES = 8, PIECE_BYTES = 2304 };
/* Pieces hold whole entries of each kind. */
_Static_assert(PIECE_BYTES % TRACK_ENTRY_BYTES == 0 && PIECE_BYTES % STRETCH_ENTRY_BYTES == 0 &&
                   PIECE_BYTES % VCDR_PACK_BYTES == 0,
               "entries straddle pieces");

static uint64_t packs_at(const struct at_once *at_once)
{
    return at_once->blob_at + (uint64_t)at_once->tracks * TRACK_ENTRY_BYTES +
           (uint64_t)at_once->stretches * STRETCH_ENTRY_BYTES;
}

uint64_t blob_end(const struct at_once *at_once)
{
    return at_once->blob_at == 0 ? 0
                                 : packs_at(at_once) + (uint64_t)at_once->packs * VCDR_PACK_BYTES;
}

/* ---- where it goes ---- */

static uint64_t region_at(uint8_t region)
{
    return DATA_AT + (uint64_t)region * REGION_BYTES;
}

static uint64_t page_behind(uint64_t at)
{
    return (at + BLOB_ALIGNMENT - 1) / BLOB_ALIGNMENT * BLOB_ALIGNMENT;
}

/* Moves a place behind this blob if the two meet. */
static bool move_behind(const struct at_once *there, uint64_t *at, uint64_t len)
{
    if (there->blob_at == 0 || *at >= blob_end(there) || *at + len <= there->blob_at)
        return false;
    *at = page_behind(blob_end(there));
    return true;
}

static bool move_behind_any(const struct vcdr_disc *disc, uint64_t *at, uint64_t len)
{
    const struct snapshot *kept = disc->snapshot;

    for (unsigned s = 0; s < disc->info.sessions; s++)
        if (move_behind(&disc->at_once[s], at, len))
            return true;
    for (unsigned i = 0; kept && i < kept->records; i++) {
        const uint8_t *record = kept->bytes + (size_t)i * RECORD_BYTES;
        struct at_once there;

        if (record[0] != RECORD_AT_ONCE)
            continue;
        at_once_get_record(record, &there);
        if (move_behind(&there, at, len))
            return true;
    }
    return false;
}

/* The first room between those of the disc and of its snapshot; each moves it at most once. */
int blob_find_room(const struct vcdr_disc *disc, struct at_once *at_once)
{
    uint64_t len, at = region_at(at_once->region) + BLOB_AT;

    at_once->blob_at = at;
    len = blob_end(at_once) - at;
    while (move_behind_any(disc, &at, len))
        continue;
    if (at + len > region_at(at_once->region) + REGION_BYTES)
        return VCDR_ENOSPACE;
    at_once->blob_at = at;
    return VCDR_OK;
}

/* ---- writing ---- */

struct writer {
    struct vcdr_disc *disc;
    uint64_t at;
    uint32_t crc;
    unsigned len;
    uint8_t bytes[PIECE_BYTES];
};

static int write_piece(struct writer *w)
{
    int rc;

    if (w->len == 0)
        return VCDR_OK;
    w->disc->dirty = true;
    /* Nothing counts it yet, so that after a failure the whole may be written again. */
    rc = w->disc->store.ops->write(w->disc->store.ctx, w->at, w->bytes, w->len);
    w->crc = crc32_more(w->crc, w->bytes, w->len);
    w->at += w->len;
    w->len = 0;
    return rc;
}

/* Room for an entry, zeroed. */
static int next_entry(struct writer *w, unsigned bytes, uint8_t **entry)
{
    int rc = w->len + bytes > PIECE_BYTES ? write_piece(w) : VCDR_OK;

    *entry = w->bytes + w->len;
    memset(*entry, 0, bytes);
    w->len += bytes;
    return rc;
}

static int write_tracks(struct writer *w, const struct vcdr_session_layout *layout,
                        const uint8_t *block_types, unsigned tracks)
{
    int rc = VCDR_OK;

    for (unsigned t = 0; rc == VCDR_OK && t < tracks; t++) {
        uint8_t *entry;

        rc = next_entry(w, TRACK_ENTRY_BYTES, &entry);
        if (layout->isrc)
            memcpy(entry, layout->isrc[t], 12);
        if (block_types)
            entry[12] = block_types[t];
    }
    return rc;
}

static int write_stretches(struct writer *w, const struct vcdr_stretch *stretches, unsigned count)
{
    int rc = VCDR_OK;

    for (unsigned i = 0; rc == VCDR_OK && i < count; i++) {
        uint8_t *entry;

        rc = next_entry(w, STRETCH_ENTRY_BYTES, &entry);
        put_be32(entry, (uint32_t)stretches[i].lba);
        entry[4] = stretches[i].track;
        entry[5] = stretches[i].index;
        entry[6] = stretches[i].control;
        entry[7] = stretches[i].form;
    }
    return rc;
}

static int write_packs(struct writer *w, const struct vcdr_session_layout *layout)
{
    int rc = VCDR_OK;

    for (unsigned i = 0; rc == VCDR_OK && i < layout->pack_count; i++) {
        uint8_t *entry;

        rc = next_entry(w, VCDR_PACK_BYTES, &entry);
        memcpy(entry, layout->packs + (size_t)i * VCDR_PACK_BYTES, VCDR_PACK_BYTES);
    }
    return rc;
}

int blob_write(struct vcdr_disc *disc, const struct vcdr_session_layout *layout, bool raw,
               const uint8_t *block_types, struct at_once *at_once)
{
    struct writer w = {.disc = disc};
    int rc;

    at_once->stretches = (uint16_t)at_once_take(disc, layout, raw);
    at_once->tracks =
        (uint8_t)(disc->stretches[disc->stretch_count + at_once->stretches - 1].track -
                  disc->info.tracks);
    at_once->packs = (uint16_t)layout->pack_count;
    rc = blob_find_room(disc, at_once);
    if (rc != VCDR_OK)
        return rc;
    w.at = at_once->blob_at;
    rc = write_tracks(&w, layout, block_types, at_once->tracks);
    if (rc == VCDR_OK)
        rc = write_stretches(&w, &disc->stretches[disc->stretch_count], at_once->stretches);
    if (rc == VCDR_OK)
        rc = write_packs(&w, layout);
    if (rc == VCDR_OK)
        rc = write_piece(&w);
    at_once->blob_crc = w.crc;
    return rc;
}

/* ---- reading ---- */

static void get_track(const uint8_t *entry, unsigned t, struct blob *out)
{
    memcpy(out->isrc[t], entry, 12);
    out->isrc[t][12] = '\0';
    out->block_types[t] = entry[12];
}

static void get_stretch(const uint8_t *entry, struct vcdr_stretch *out)
{
    *out = (struct vcdr_stretch){
        .lba = (int32_t)get_be32(entry),
        .track = entry[4],
        .index = entry[5],
        .control = entry[6],
        .form = entry[7],
    };
}

/* Could it lie there, and have so many entries? */
static bool place_sound(const struct at_once *at_once, unsigned stretches)
{
    uint64_t region = region_at(at_once->region);

    return at_once->blob_at >= region + BLOB_AT && at_once->blob_at < region + REGION_BYTES &&
           blob_end(at_once) <= region + REGION_BYTES && at_once->packs <= MAX_PACKS &&
           at_once->tracks >= 1 && at_once->tracks <= CD_MAX_TRACKS &&
           at_once->stretches <= stretches;
}

/* Entries of one size, piece by piece; `take` may be NULL, the CRC counts them all. */
static int read_entries(struct vcdr_disc *disc, uint64_t at, unsigned bytes, unsigned count,
                        uint32_t *crc,
                        void (*take)(struct vcdr_disc *, struct blob *, unsigned, const uint8_t *),
                        struct blob *out)
{
    uint8_t piece[PIECE_BYTES];
    unsigned at_once = PIECE_BYTES / bytes;

    for (unsigned done = 0; done < count;) {
        unsigned n = count - done < at_once ? count - done : at_once;
        int rc = disc->store.ops->read(disc->store.ctx, at + (uint64_t)done * bytes, piece,
                                       (size_t)n * bytes);

        if (rc != VCDR_OK)
            return rc;
        *crc = crc32_more(*crc, piece, (size_t)n * bytes);
        for (unsigned i = 0; take && i < n; i++)
            take(disc, out, done + i, piece + (size_t)i * bytes);
        done += n;
    }
    return VCDR_OK;
}

static void take_track(struct vcdr_disc *disc, struct blob *out, unsigned i, const uint8_t *entry)
{
    (void)disc;
    get_track(entry, i, out);
}

static void take_stretch(struct vcdr_disc *disc, struct blob *out, unsigned i, const uint8_t *entry)
{
    (void)out;
    get_stretch(entry, &disc->stretches[disc->stretch_count + i]);
}

int blob_read(struct vcdr_disc *disc, const struct at_once *at_once, struct blob *out)
{
    uint64_t size;
    uint32_t crc = 0;
    int rc;

    if (!place_sound(at_once, out ? MAX_STRETCHES - disc->stretch_count : MAX_STRETCHES))
        return VCDR_EDAMAGED;
    rc = disc->store.ops->size(disc->store.ctx, &size);
    if (rc != VCDR_OK)
        return rc;
    if (blob_end(at_once) > size)
        return VCDR_ECUTSHORT;
    rc = read_entries(disc, at_once->blob_at, TRACK_ENTRY_BYTES, at_once->tracks, &crc,
                      out ? take_track : NULL, out);
    if (rc == VCDR_OK)
        rc = read_entries(disc, at_once->blob_at + (uint64_t)at_once->tracks * TRACK_ENTRY_BYTES,
                          STRETCH_ENTRY_BYTES, at_once->stretches, &crc, out ? take_stretch : NULL,
                          out);
    if (rc == VCDR_OK)
        rc =
            read_entries(disc, packs_at(at_once), VCDR_PACK_BYTES, at_once->packs, &crc, NULL, out);
    if (rc != VCDR_OK)
        return rc;
    return crc == at_once->blob_crc ? VCDR_OK : VCDR_EDAMAGED;
}

int vcdr_disc_cd_text(struct vcdr_disc *disc, unsigned session, unsigned first, unsigned count,
                      uint8_t *packs)
{
    const struct at_once *at_once;

    disc = recorded(disc);
    if (session < 1 || session > disc->info.sessions)
        return VCDR_ENOENT;
    at_once = &disc->at_once[session - 1];
    if (first > at_once->packs || count > at_once->packs - first)
        return VCDR_EINVAL;
    if (count == 0)
        return VCDR_OK;
    return disc->store.ops->read(disc->store.ctx,
                                 packs_at(at_once) + (uint64_t)first * VCDR_PACK_BYTES, packs,
                                 (size_t)count * VCDR_PACK_BYTES);
}
