/* SPDX-License-Identifier: MIT */
/*
 * The disc's log: two areas of fixed records, one of them in force. A record is the whole state of
 * a track or the closing of a session, so replay is assignment. A fresh area may begin with a
 * snapshot: another state's records, and one that says so.
 *
 * What a power cut can do is bounded by one rule: a record is written only when all before it is
 * flushed. So at most the last record can be torn, nothing valid ever lies behind a torn one, and
 * what a record counts is durable before the record exists. A full log, and a blanked disc, go on
 * in the other area: its header and first records are one write, and its higher generation is what
 * puts it in force. Records of another generation are old bytes and mean nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "crc32.h"
#include "disc_private.h"

enum { CRC_AT = RECORD_BYTES - 4 };
enum { TRACK_RESERVED_FLAG = 1, SESSION_NEXT_FLAG = 1, SESSION_B0_FLAG = 2 };

/* ---- records ---- */

static uint64_t record_at(unsigned area, unsigned index)
{
    return AREA_AT + (uint64_t)area * AREA_BYTES + (uint64_t)index * RECORD_BYTES;
}

static void seal(uint8_t *record, enum record_type type, unsigned sequence, uint64_t generation)
{
    record[0] = (uint8_t)type;
    put_be16(record + 2, (uint16_t)sequence);
    put_be64(record + 4, generation);
    put_be32(record + CRC_AT, crc32_of(record, CRC_AT));
}

static bool sealed(const uint8_t *record, unsigned sequence, uint64_t generation)
{
    return record[0] != RECORD_NONE && get_be16(record + 2) == sequence &&
           get_be64(record + 4) == generation &&
           get_be32(record + CRC_AT) == crc32_of(record, CRC_AT);
}

static void put_track(uint8_t *record, unsigned number, const struct track *track)
{
    memset(record, 0, RECORD_BYTES);
    record[12] = (uint8_t)number;
    record[13] = track->session;
    record[14] = (uint8_t)track->state;
    record[15] = track->reserved ? TRACK_RESERVED_FLAG : 0;
    record[16] = track->control;
    record[17] = track->block_type;
    record[18] = track->session_format;
    record[19] = track->region;
    memcpy(record + 20, track->sub_header, 4);
    put_be32(record + 24, (uint32_t)track->start_lba);
    put_be32(record + 28, track->stored);
    put_be32(record + 32, track->written);
    put_be32(record + 36, track->room);
    memcpy(record + 40, track->isrc, 12);
    memcpy(record + 52, track->mcn, 13);
    put_be32(record + 68, track->packet_size);
    put_be32(record + 72, track->packets);
    put_be32(record + 76, track->last_packet);
}

static enum record_type type_of(const struct track *track)
{
    return track_in_packets(track) ? RECORD_PACKETS : RECORD_TRACK;
}

static void get_track(const uint8_t *record, struct track *track)
{
    memset(track, 0, sizeof(*track));
    track->session = record[13];
    track->state = (enum vcdr_track_state)record[14];
    track->reserved = record[15] & TRACK_RESERVED_FLAG;
    track->control = record[16];
    track->block_type = record[17];
    track->session_format = record[18];
    track->region = record[19];
    memcpy(track->sub_header, record + 20, 4);
    track->start_lba = (int32_t)get_be32(record + 24);
    track->stored = get_be32(record + 28);
    track->written = get_be32(record + 32);
    track->room = get_be32(record + 36);
    memcpy(track->isrc, record + 40, 12);
    memcpy(track->mcn, record + 52, 13);
    if (record[0] != RECORD_PACKETS)
        return;
    track->recording = VCDR_RECORDING_PACKET;
    track->packet_size = get_be32(record + 68);
    track->packets = get_be32(record + 72);
    track->last_packet = get_be32(record + 76);
}

static void put_session(uint8_t *record, unsigned number, bool next_allowed, bool b0_final)
{
    memset(record, 0, RECORD_BYTES);
    record[12] = (uint8_t)number;
    record[13] = (next_allowed ? SESSION_NEXT_FLAG : 0) | (b0_final ? SESSION_B0_FLAG : 0);
}

/* ---- areas ---- */

/* The area's header vouches for the records that were written with it. */
static void put_area(uint8_t *area, unsigned records, uint64_t generation)
{
    memset(area, 0, RECORD_BYTES);
    put_be16(area + 12, (uint16_t)records);
    put_be32(area + 16, crc32_of(area + RECORD_BYTES, (size_t)records * RECORD_BYTES));
    seal(area, RECORD_AREA, 0, generation);
}

/* Every track and closed session as a fresh log has them, sessions in order, each behind its
 * tracks, not yet sealed. At most SNAPSHOT_RECORDS. */
static unsigned put_present(const struct vcdr_disc *disc, uint8_t *to)
{
    unsigned n = 0;

    for (unsigned s = 0; s < disc->info.sessions; s++) {
        const struct vcdr_session *session = &disc->sessions[s];

        if (disc->at_once[s].recording != VCDR_RECORDING_TAO) {
            at_once_put_record(disc, s + 1, to + n * RECORD_BYTES);
            to[n++ * RECORD_BYTES] = RECORD_AT_ONCE;
            continue;
        }
        for (unsigned t = session->first_track; t <= session->last_track; t++) {
            put_track(to + n * RECORD_BYTES, t, track_at_const(disc, t));
            to[n++ * RECORD_BYTES] = (uint8_t)type_of(track_at_const(disc, t));
        }
        if (session->state == VCDR_SESSION_COMPLETE) {
            put_session(to + n * RECORD_BYTES, s + 1, session->next_allowed, session->b0_final);
            to[n++ * RECORD_BYTES] = RECORD_SESSION;
        }
    }
    return n;
}

static unsigned put_kept(const struct snapshot *kept, uint8_t *to)
{
    memcpy(to, kept->bytes, (size_t)kept->records * RECORD_BYTES);
    return kept->records;
}

/* All records of a fresh area behind its header, sealed. Both states at their largest, and the one
 * between them, are fewer than an area holds. */
static unsigned put_content(const struct vcdr_disc *disc, const struct snapshot *kept,
                            const struct snapshot *state, uint8_t *area, uint64_t generation)
{
    unsigned n = 1;

    if (kept) {
        n += put_kept(kept, area + n * RECORD_BYTES);
        memset(area + n * RECORD_BYTES, 0, RECORD_BYTES);
        area[n++ * RECORD_BYTES] = RECORD_SNAPSHOT;
    }
    n += state ? put_kept(state, area + n * RECORD_BYTES)
               : put_present(disc, area + n * RECORD_BYTES);
    for (unsigned i = 1; i < n; i++)
        seal(area + i * RECORD_BYTES, area[i * RECORD_BYTES], i, generation);
    return n - 1;
}

/* ---- writing ---- */

/* After an I/O error nobody knows which bytes are durable; only reading is safe from then on. */
static int failing(struct vcdr_disc *disc, int rc)
{
    if (rc == VCDR_EIO)
        disc->failed = true;
    return rc;
}

static int store_write(struct vcdr_disc *disc, uint64_t offset, const void *data, size_t len)
{
    disc->dirty = true;
    return failing(disc, disc->store.ops->write(disc->store.ctx, offset, data, len));
}

int log_sync(struct vcdr_disc *disc)
{
    int rc;

    if (!disc->dirty)
        return VCDR_OK;
    rc = failing(disc, disc->store.ops->flush(disc->store.ctx));
    if (rc == VCDR_OK)
        disc->dirty = false;
    return rc;
}

/* Puts the other area in force. The area is wiped before: an earlier attempt that a power cut tore
 * may have left records of this same generation there. */
static int change_area(struct vcdr_disc *disc, const struct snapshot *kept,
                       const struct snapshot *state)
{
    unsigned area = 1 - disc->log.area;
    unsigned records;
    int rc;

    memset(disc->scratch, 0, AREA_BYTES);
    rc = store_write(disc, record_at(area, 0), disc->scratch, AREA_BYTES);
    if (rc == VCDR_OK)
        rc = log_sync(disc);
    if (rc != VCDR_OK)
        return rc;
    records = put_content(disc, kept, state, disc->scratch, disc->log.generation + 1);
    put_area(disc->scratch, records, disc->log.generation + 1);
    rc = store_write(disc, record_at(area, 0), disc->scratch, (records + 1) * (size_t)RECORD_BYTES);
    if (rc == VCDR_OK)
        rc = log_sync(disc);
    if (rc != VCDR_OK)
        return rc;
    disc->log = (struct log){
        .area = area,
        .next = records + 1,
        .generation = disc->log.generation + 1,
        .other_valid = true,
    };
    return VCDR_OK;
}

/* An area that is no longer in force loses its header, so that damage to the one in force is seen
 * and never answered with an older state. */
static int drop_other(struct vcdr_disc *disc)
{
    static const uint8_t none[RECORD_BYTES];
    int rc;

    if (!disc->log.other_valid)
        return VCDR_OK;
    rc = store_write(disc, record_at(1 - disc->log.area, 0), none, sizeof(none));
    if (rc == VCDR_OK)
        disc->log.other_valid = false;
    return rc;
}

int log_append(struct vcdr_disc *disc, uint8_t *record, enum record_type type)
{
    int rc = log_sync(disc);

    if (rc == VCDR_OK && disc->log.next == AREA_RECORDS)
        rc = change_area(disc, disc->snapshot, NULL);
    if (rc == VCDR_OK)
        rc = drop_other(disc);
    if (rc != VCDR_OK)
        return rc;
    seal(record, type, disc->log.next, disc->log.generation);
    rc = store_write(disc, record_at(disc->log.area, disc->log.next), record, RECORD_BYTES);
    if (rc == VCDR_OK)
        disc->log.next++;
    return rc;
}

int log_track(struct vcdr_disc *disc, unsigned number, const struct track *track)
{
    uint8_t record[RECORD_BYTES];

    put_track(record, number, track);
    return log_append(disc, record, type_of(track));
}

int log_session(struct vcdr_disc *disc, bool next_allowed, bool b0_final)
{
    uint8_t record[RECORD_BYTES];

    put_session(record, disc->info.sessions, next_allowed, b0_final);
    return log_append(disc, record, RECORD_SESSION);
}

int log_renew(struct vcdr_disc *disc, const struct snapshot *kept, const struct snapshot *state)
{
    int rc = log_sync(disc);

    if (rc == VCDR_OK)
        rc = change_area(disc, kept, state);
    if (rc == VCDR_OK)
        rc = drop_other(disc);
    return rc == VCDR_OK ? log_sync(disc) : rc;
}

int log_format(struct vcdr_store store)
{
    uint8_t piece[AREA_AT] = {0};
    int rc = VCDR_OK;

    /* Zeros up to where data begin, so that a file that is shorter has been cut. */
    for (uint64_t at = AREA_AT; rc == VCDR_OK && at < DATA_AT; at += sizeof(piece))
        rc = store.ops->write(store.ctx, at, piece, sizeof(piece));
    put_area(piece, 0, 1);
    if (rc == VCDR_OK)
        rc = store.ops->write(store.ctx, record_at(0, 0), piece, RECORD_BYTES);
    return rc;
}

/* ---- replay ---- */

static int replay_track(struct vcdr_disc *disc, const uint8_t *record)
{
    struct track track;
    int rc;

    get_track(record, &track);
    rc = layout_check_track(disc, record[12], &track);
    if (rc != VCDR_OK)
        return rc;
    layout_set_track(disc, record[12], &track);
    if (track.state == VCDR_TRACK_OPEN)
        disc->noted = track.stored;
    return VCDR_OK;
}

static int replay_session(struct vcdr_disc *disc, const uint8_t *record)
{
    bool next_allowed = record[13] & SESSION_NEXT_FLAG;
    bool b0_final = record[13] & SESSION_B0_FLAG;
    const struct vcdr_session *session = last_session(disc);

    if (record[12] != session->number || session->state != VCDR_SESSION_OPEN ||
        session->recording != VCDR_RECORDING_TAO || (next_allowed && b0_final))
        return VCDR_EDAMAGED;
    for (unsigned t = session->first_track; t <= session->last_track; t++)
        if (track_at_const(disc, t)->state != VCDR_TRACK_COMPLETE)
            return VCDR_EDAMAGED;
    layout_close_session(disc, next_allowed, b0_final);
    return VCDR_OK;
}

static int replay_record(struct vcdr_disc *disc, const uint8_t *record)
{
    if (record[0] == RECORD_TRACK || record[0] == RECORD_PACKETS)
        return replay_track(disc, record);
    if (record[0] == RECORD_SESSION)
        return replay_session(disc, record);
    if (record[0] == RECORD_AT_ONCE)
        return at_once_replay(disc, record);
    return record[0] <= RECORD_LAST ? VCDR_EDAMAGED : VCDR_ENEWER;
}

void log_take(const struct vcdr_disc *disc, struct snapshot *out)
{
    memset(out, 0, sizeof(*out));
    out->records = put_present(disc, out->bytes);
    out->tracks = disc->info.tracks;
    if (at_once_open(disc) && disc->info.open_track > 0)
        out->tracks--;
    out->region = disc->info.tracks > 0 ? disc->tracks[0].region : disc->at_once[0].region;
    out->end = layout_stored_end(disc);
}

int log_recall(struct vcdr_disc *disc, const struct snapshot *snapshot)
{
    int rc = VCDR_OK;

    layout_blank(disc);
    for (unsigned i = 0; rc == VCDR_OK && i < snapshot->records; i++)
        rc = replay_record(disc, snapshot->bytes + (size_t)i * RECORD_BYTES);
    at_once_damage(disc);
    if (rc != VCDR_OK) /* the log is ahead of the memory */
        disc->failed = true;
    return rc;
}

/* What was replayed so far turns out to be the snapshot. */
static int replay_snapshot(struct vcdr_disc *disc)
{
    if (disc->snapshot)
        return VCDR_EDAMAGED;
    disc->snapshot = malloc(sizeof(*disc->snapshot));
    if (!disc->snapshot)
        return VCDR_ENOMEM;
    at_once_damage(disc);
    log_take(disc, disc->snapshot);
    disc->info.snapshot = true;
    layout_blank(disc);
    return VCDR_OK;
}

int log_check_snapshot(const struct vcdr_disc *disc)
{
    const struct snapshot *kept = disc->snapshot;

    if (!kept || kept->records == 0 || disc->info.tracks == 0 ||
        kept->region != disc->tracks[0].region)
        return VCDR_OK;
    for (unsigned i = 0; i < kept->records; i++) {
        const uint8_t *record = kept->bytes + (size_t)i * RECORD_BYTES;
        const struct track *now;
        struct track then;

        if (record[0] == RECORD_AT_ONCE && !at_once_grew_from(disc, record))
            return VCDR_EDAMAGED;
        if (record[0] != RECORD_TRACK && record[0] != RECORD_PACKETS)
            continue;
        if (record[12] > disc->info.tracks)
            return VCDR_EDAMAGED;
        get_track(record, &then);
        now = track_at_const(disc, record[12]);
        if (now->start_lba != then.start_lba || now->stored < then.stored)
            return VCDR_EDAMAGED;
    }
    return VCDR_OK;
}

/* Reads the area's records into scratch and sees whether its header vouches for them. The areas'
 * difference is in the generation; *generation is 0 for an area that is not valid. */
static int read_area(struct vcdr_disc *disc, unsigned area, uint64_t *generation)
{
    const uint8_t *header = disc->scratch;
    unsigned records;
    int rc = disc->store.ops->read(disc->store.ctx, record_at(area, 0), disc->scratch, AREA_BYTES);

    if (rc != VCDR_OK)
        return rc;
    *generation = 0;
    records = get_be16(header + 12);
    if (header[0] != RECORD_AREA || !sealed(header, 0, get_be64(header + 4)) ||
        records >= AREA_RECORDS)
        return VCDR_OK;
    if (get_be32(header + 16) == crc32_of(header + RECORD_BYTES, (size_t)records * RECORD_BYTES))
        *generation = get_be64(header + 4);
    return VCDR_OK;
}

/* Behind the first record that does not hold nothing of this generation may follow: it would have
 * been flushed after it, so the hole is damage and no torn tail. */
static int check_tail(const struct vcdr_disc *disc, unsigned from)
{
    for (unsigned i = from; i < AREA_RECORDS; i++)
        if (sealed(disc->scratch + (size_t)i * RECORD_BYTES, i, disc->log.generation))
            return VCDR_EDAMAGED;
    return VCDR_OK;
}

static int replay_area(struct vcdr_disc *disc)
{
    unsigned vouched = get_be16(disc->scratch + 12);
    int rc = VCDR_OK;
    unsigned i;

    for (i = 1; rc == VCDR_OK && i < AREA_RECORDS; i++) {
        const uint8_t *record = disc->scratch + (size_t)i * RECORD_BYTES;

        if (!sealed(record, i, disc->log.generation))
            break;
        if (record[0] == RECORD_SNAPSHOT && i <= vouched)
            rc = replay_snapshot(disc);
        else
            rc = replay_record(disc, record);
    }
    if (rc != VCDR_OK)
        return rc;
    if (i <= vouched)
        return VCDR_EDAMAGED;
    disc->log.next = i;
    at_once_damage(disc);
    rc = check_tail(disc, i);
    return rc == VCDR_OK ? log_check_snapshot(disc) : rc;
}

int log_replay(struct vcdr_disc *disc)
{
    uint64_t generation[2];
    int rc = read_area(disc, 1, &generation[1]);

    if (rc == VCDR_OK)
        rc = read_area(disc, 0, &generation[0]);
    if (rc != VCDR_OK)
        return rc;
    if (generation[0] == 0 && generation[1] == 0)
        return VCDR_EDAMAGED;
    disc->log.area = generation[1] > generation[0];
    disc->log.generation = generation[disc->log.area];
    disc->log.other_valid = generation[1 - disc->log.area] > 0;
    if (disc->log.area == 1) {
        rc = read_area(disc, 1, &generation[1]);
        if (rc != VCDR_OK)
            return rc;
    }
    layout_blank(disc);
    return replay_area(disc);
}
