/* SPDX-License-Identifier: MIT */
/*
 * The log's record of a session at once: one for all of it. What is not complete when the log ends
 * was interrupted.
 */
#include <string.h>

#include "bytes.h"
#include "disc_private.h"

enum { FLAG_COMPLETE = 1, FLAG_NEXT = 2, FLAG_B0 = 4 };

static void put(uint8_t *record, unsigned number, const struct at_once *at_once, uint8_t format,
                unsigned flags)
{
    memset(record, 0, RECORD_BYTES);
    record[12] = (uint8_t)number;
    record[13] = (uint8_t)at_once->recording;
    record[14] = (uint8_t)flags;
    record[15] = at_once->region;
    record[16] = format;
    record[17] = at_once->tracks;
    put_be16(record + 18, at_once->stretches);
    put_be16(record + 20, at_once->packs);
    put_be32(record + 24, (uint32_t)at_once->lead_out_lba);
    put_be32(record + 28, at_once->blocks);
    put_be64(record + 32, at_once->blob_at);
    put_be32(record + 40, at_once->blob_crc);
    memcpy(record + 44, at_once->mcn, 13);
}

void at_once_get_record(const uint8_t *record, struct at_once *out)
{
    *out = (struct at_once){
        .recording = (enum vcdr_recording)record[13],
        .region = record[15],
        .tracks = record[17],
        .stretches = get_be16(record + 18),
        .packs = get_be16(record + 20),
        .lead_out_lba = (int32_t)get_be32(record + 24),
        .blocks = get_be32(record + 28),
        .blob_at = get_be64(record + 32),
        .blob_crc = get_be32(record + 40),
    };
    memcpy(out->mcn, record + 44, 13);
}

static unsigned flags_of(bool complete, bool next_allowed, bool b0_final)
{
    return (complete ? FLAG_COMPLETE : 0U) | (next_allowed ? FLAG_NEXT : 0U) |
           (b0_final ? FLAG_B0 : 0U);
}

void at_once_put_record(const struct vcdr_disc *disc, unsigned number, uint8_t *record)
{
    const struct vcdr_session *session = &disc->sessions[number - 1];

    put(record, number, &disc->at_once[number - 1], session->format,
        flags_of(session->state == VCDR_SESSION_COMPLETE, session->next_allowed,
                 session->b0_final));
}

int log_at_once(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format)
{
    uint8_t record[RECORD_BYTES];

    put(record, disc->info.sessions, at_once, format, 0);
    return log_append(disc, record, RECORD_AT_ONCE);
}

int log_at_once_complete(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format,
                         bool next_allowed, bool b0_final)
{
    uint8_t record[RECORD_BYTES];

    put(record, disc->info.sessions, at_once, format, flags_of(true, next_allowed, b0_final));
    return log_append(disc, record, RECORD_AT_ONCE);
}

/* ---- replay ---- */

/* May a session of these figures stand where the log has come to? */
static bool may_begin(const struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format)
{
    return disc->info.status != VCDR_DISC_COMPLETE &&
           last_session(disc)->state == VCDR_SESSION_EMPTY && session_format_known(format) &&
           (at_once->recording == VCDR_RECORDING_SAO || at_once->recording == VCDR_RECORDING_RAW) &&
           at_once->region < REGIONS &&
           (disc->info.tracks == 0 || at_once->region == disc->tracks[0].region);
}

/* It is there already, and only grows; a raw one gets its layout when it is closed. */
static bool may_follow(const struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format)
{
    const struct at_once *before = last_at_once(disc);

    if (at_once->recording != before->recording || at_once->region != before->region ||
        at_once->blocks < before->blocks)
        return false;
    if (before->recording == VCDR_RECORDING_RAW)
        return before->stretches == 0;
    return format == last_session(disc)->format && at_once->blob_at == before->blob_at &&
           at_once->blob_crc == before->blob_crc && at_once->stretches == before->stretches &&
           at_once->tracks == before->tracks && at_once->packs == before->packs &&
           at_once->lead_out_lba == before->lead_out_lba;
}

static bool blocks_sound(const struct vcdr_disc *disc, const struct at_once *at_once, bool complete)
{
    int64_t start = at_once_start(disc);
    int64_t limit = disc->info.geometry.last_lead_out_lba - start;

    if (at_once->stretches == 0) /* raw, open */
        return !complete && at_once->blocks <= limit && at_once->lead_out_lba == 0 &&
               at_once->tracks == 0 && at_once->packs == 0 && at_once->blob_at == 0;
    if (at_once->recording == VCDR_RECORDING_RAW)
        return complete && at_once->blocks <= limit &&
               at_once->blocks >= at_once->lead_out_lba - start;
    return complete ? at_once->blocks == at_once->lead_out_lba - start
                    : at_once->blocks <= at_once->lead_out_lba - start;
}

/* Reads the layout, sees that it obeys the rules, and makes the tracks of it. */
static int replay_layout(struct vcdr_disc *disc, const struct at_once *at_once, uint8_t format)
{
    bool raw = at_once->recording == VCDR_RECORDING_RAW;
    struct vcdr_session_layout layout = {
        .format = format,
        .count = at_once->stretches,
        .lead_out_lba = at_once->lead_out_lba,
    };
    struct blob blob;
    int rc = blob_read(disc, at_once, &blob);

    if (rc != VCDR_OK)
        return rc;
    layout.stretches = &disc->stretches[disc->stretch_count];
    layout.isrc = (const char(*)[13])blob.isrc;
    if (at_once_check(disc, &layout, raw) != VCDR_OK ||
        at_once_take(disc, &layout, raw) != at_once->stretches ||
        layout.stretches[layout.count - 1].track - disc->info.tracks != at_once->tracks ||
        (at_once->mcn[0] != '\0' && !text_is_mcn(at_once->mcn)))
        return VCDR_EDAMAGED;
    for (unsigned t = 0; raw && t < at_once->tracks; t++)
        if (vcdr_block_bytes(blob.block_types[t]) == 0)
            return VCDR_EDAMAGED;
    at_once_lay_out(disc, &layout, at_once, raw ? blob.block_types : NULL);
    return VCDR_OK;
}

int at_once_replay(struct vcdr_disc *disc, const uint8_t *record)
{
    bool complete = record[14] & FLAG_COMPLETE;
    bool next_allowed = record[14] & FLAG_NEXT, b0_final = record[14] & FLAG_B0;
    bool known = at_once_open(disc), lays_out;
    struct at_once at_once;
    uint8_t format = record[16];
    int rc = VCDR_OK;

    at_once_get_record(record, &at_once);
    if (record[12] != disc->info.sessions || (next_allowed && b0_final) ||
        !(known ? may_follow(disc, &at_once, format) : may_begin(disc, &at_once, format)) ||
        !blocks_sound(disc, &at_once, complete))
        return VCDR_EDAMAGED;
    lays_out = at_once.stretches > 0 && last_at_once(disc)->stretches == 0;
    if (!known || lays_out)
        at_once_begin(disc, &at_once, format);
    if (lays_out)
        rc = replay_layout(disc, &at_once, format);
    if (rc != VCDR_OK)
        return rc;
    at_once_advance(disc, at_once.blocks);
    disc->noted = at_once.blocks;
    if (last_at_once(disc)->blocks != at_once.blocks)
        return VCDR_EDAMAGED;
    if (complete)
        layout_close_session(disc, next_allowed, b0_final);
    return VCDR_OK;
}

bool at_once_grew_from(const struct vcdr_disc *disc, const uint8_t *record)
{
    unsigned number = record[12];
    const struct at_once *now;
    struct at_once then;

    if (number < 1 || number > disc->info.sessions)
        return false;
    now = &disc->at_once[number - 1];
    at_once_get_record(record, &then);
    return now->recording == then.recording && now->blocks >= then.blocks &&
           (then.blob_at == 0 || (now->blob_at == then.blob_at && now->blob_crc == then.blob_crc));
}

int at_once_check_kept(struct vcdr_disc *disc, const struct snapshot *kept)
{
    int rc = VCDR_OK;

    for (unsigned i = 0; rc == VCDR_OK && i < kept->records; i++) {
        const uint8_t *record = kept->bytes + (size_t)i * RECORD_BYTES;
        struct at_once at_once;

        if (record[0] != RECORD_AT_ONCE)
            continue;
        at_once_get_record(record, &at_once);
        if (at_once.stretches > 0)
            rc = blob_read(disc, &at_once, NULL);
    }
    return rc;
}
