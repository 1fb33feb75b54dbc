/* SPDX-License-Identifier: MIT */
/* READ DISC INFORMATION and READ TRACK INFORMATION (MMC-6). */
#include "core.h"

#include <string.h>

enum { DISC_INFORMATION_BYTES = 34, TRACK_INFORMATION_BYTES = 36 };

/* A raw session has no tracks before its end: one stands for all. */
static bool incomplete_raw(const struct vcdr_disc *disc, struct vcdr_track *out)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    struct vcdr_session session;

    if (vcdr_disc_session(disc, info->sessions, &session) != VCDR_OK ||
        session.state != VCDR_SESSION_OPEN || session.recording != VCDR_RECORDING_RAW)
        return false;
    *out = (struct vcdr_track){
        .number = session.first_track,
        .session = session.number,
        .state = VCDR_TRACK_OPEN,
        .recording = VCDR_RECORDING_RAW,
        .start_lba = session.first_lba,
    };
    return true;
}

int incomplete_track(const struct vcdr_disc *disc, struct vcdr_track *out)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    struct vcdr_track track;

    if (info->open_track != 0 && vcdr_disc_track(disc, info->open_track, &track) == VCDR_OK &&
        !track.reserved) {
        *out = track; /* all room up to the lead-out is its own: no invisible track behind it */
        return VCDR_OK;
    }
    return incomplete_raw(disc, out) ? VCDR_OK : vcdr_disc_track(disc, info->tracks + 1u, out);
}

/* ---- READ DISC INFORMATION ---- */

/* Of the last session; an invisible track counts, ninety-nine leave no room for one. */
static uint8_t last_track(const struct vcdr_disc *disc)
{
    struct vcdr_track track;

    if (incomplete_track(disc, &track) == VCDR_OK)
        return track.number;
    return vcdr_disc_info(disc)->tracks;
}

static uint8_t session_bits(enum vcdr_session_state state)
{
    switch (state) {
    case VCDR_SESSION_EMPTY:
        return 0;
    case VCDR_SESSION_OPEN:
        return 1;
    case VCDR_SESSION_DAMAGED:
        return 2;
    case VCDR_SESSION_COMPLETE:
        return 3;
    }
    return 0;
}

static uint8_t disc_bits(enum vcdr_disc_status status)
{
    switch (status) {
    case VCDR_DISC_BLANK:
        return 0;
    case VCDR_DISC_APPENDABLE:
        return 1;
    case VCDR_DISC_COMPLETE:
        return 2;
    }
    return 0;
}

/* The type of a disc is its first session's; nothing has been decided on a blank one. */
static uint8_t disc_type(const struct vcdr_disc *disc)
{
    struct vcdr_session first;

    if (vcdr_disc_info(disc)->status == VCDR_DISC_BLANK ||
        vcdr_disc_session(disc, 1, &first) != VCDR_OK)
        return 0xFF;
    return first.format;
}

static void put_disc_addresses(uint8_t *p, const struct vcdr_disc_info *info,
                               const struct vcdr_session *last)
{
    if (info->status == VCDR_DISC_COMPLETE) { /* there is no next session */
        memset(p + 16, 0xFF, 8);
        return;
    }
    vcdr_lba_to_msf(last->lead_in_lba, p + 17);
    vcdr_lba_to_msf(info->geometry.last_lead_out_lba, p + 21);
}

uint32_t read_disc_information(struct command *c)
{
    const struct vcdr_disc *disc = c->drive->disc;
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    uint8_t p[DISC_INFORMATION_BYTES] = {0};
    struct vcdr_session last;

    if (c->cdb[1] & 0x07) /* data types of other media */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (vcdr_disc_session(disc, info->sessions, &last) != VCDR_OK)
        return SENSE_INTERNAL_TARGET_FAILURE;
    limit_in(c, get_be16(c->cdb + 7));
    put_be16(p, sizeof(p) - 2);
    p[2] = (uint8_t)(session_bits(last.state) << 2 | disc_bits(info->status));
    if (info->geometry.medium == VCDR_MEDIUM_CD_RW)
        p[2] |= 0x10; /* erasable */
    p[3] = 1;
    p[4] = info->sessions;
    p[6] = last_track(disc);
    if (last.state == VCDR_SESSION_DAMAGED && p[6] < last.first_track)
        p[6] = last.first_track;                              /* none of it came to its end */
    p[5] = last.first_track < p[6] ? last.first_track : p[6]; /* not 100 behind ninety-nine */
    p[8] = disc_type(disc);
    put_disc_addresses(p, info, &last);
    writer_put(&c->in, p, sizeof(p));
    return SENSE_NONE;
}

/* ---- READ TRACK INFORMATION ---- */

enum address_type { ADDRESS_LBA, ADDRESS_TRACK, ADDRESS_SESSION, ADDRESS_RESERVED };

static uint32_t find_by_number(const struct vcdr_disc *disc, uint32_t number,
                               struct vcdr_track *track)
{
    int error = VCDR_ENOENT;

    if (number == 0xFF)
        error = incomplete_track(disc, track);
    else if (number >= 1 && number <= CD_MAX_TRACKS) /* 0, the lead-in, is no track to write here */
        error = vcdr_disc_track(disc, number, track);
    return error == VCDR_OK ? SENSE_NONE : SENSE_INVALID_FIELD_IN_CDB;
}

static uint32_t find_by_session(const struct vcdr_disc *disc, uint32_t number,
                                struct vcdr_track *track)
{
    struct vcdr_session session;

    if (number == 0 || number > vcdr_disc_info(disc)->sessions ||
        vcdr_disc_session(disc, number, &session) != VCDR_OK ||
        vcdr_disc_track(disc, session.first_track, track) != VCDR_OK)
        return SENSE_INVALID_FIELD_IN_CDB;
    return SENSE_NONE;
}

static uint32_t find_track(const struct command *c, struct vcdr_track *track)
{
    const struct vcdr_disc *disc = c->drive->disc;
    enum address_type type = c->cdb[1] & 0x03;
    uint32_t number = get_be32(c->cdb + 2);

    if (c->cdb[1] & 0x04) /* Open: next open track; for media with several */
        return SENSE_INVALID_FIELD_IN_CDB;
    switch (type) {
    case ADDRESS_LBA:
        return vcdr_disc_track_at(disc, (int32_t)number, track) == VCDR_OK ? SENSE_NONE
                                                                           : SENSE_LBA_OUT_OF_RANGE;
    case ADDRESS_TRACK:
        return find_by_number(disc, number, track);
    case ADDRESS_SESSION:
        return find_by_session(disc, number, track);
    case ADDRESS_RESERVED:
        break;
    }
    return SENSE_INVALID_FIELD_IN_CDB;
}

/* 1 mode 1, 2 mode 2, F unknown; audio has none and is reported as 1, as real drives do. */
static uint8_t data_mode(const struct vcdr_track *track)
{
    if (track->state == VCDR_TRACK_INVISIBLE || track->state == VCDR_TRACK_RESERVED)
        return 0x0F;
    return track->block_type <= BLOCK_TYPE_MODE1 ? 1 : 2;
}

/* Session-at-once and raw writing go on before the first block of a track. */
static bool put_at_once(uint8_t *p, const struct vcdr_drive *drive, const struct vcdr_track *track)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(drive->disc);
    uint32_t room;
    int32_t next;

    if (track->state == VCDR_TRACK_RESERVED || !at_once_next(drive, &next, &room) || room == 0)
        return false;
    p[7] |= 0x01; /* NWA_V */
    put_be32(p + 12, (uint32_t)next);
    put_be32(p + 16, room);
    put_be32(p + 24, track->recording == VCDR_RECORDING_SAO
                         ? track->size
                         : (uint32_t)(info->geometry.last_lead_out_lba - track->start_lba));
    return true;
}

static void put_writable_part(uint8_t *p, const struct vcdr_disc *disc,
                              const struct vcdr_track *track)
{
    int32_t next;
    uint32_t room;

    if (vcdr_disc_next_writable(disc, track->number, &next) != VCDR_OK ||
        vcdr_disc_free_blocks(disc, track->number, &room) != VCDR_OK)
        return;
    /* a track without a reservation may grow over all that is free */
    put_be32(p + 24, track->reserved ? track->size : (uint32_t)(next - track->start_lba) + room);
    if (room == 0) /* a valid address with nothing free behind it misleads libburn */
        return;
    p[7] |= 0x01; /* NWA_V */
    put_be32(p + 12, (uint32_t)next);
    put_be32(p + 16, room);
}

static void put_track(uint8_t *p, const struct command *c, const struct vcdr_track *track)
{
    bool unwritten = track->state == VCDR_TRACK_INVISIBLE || track->state == VCDR_TRACK_RESERVED;
    bool reserved = track->reserved && track->state != VCDR_TRACK_COMPLETE;

    put_be16(p, TRACK_INFORMATION_BYTES - 2);
    p[2] = track->number;
    p[3] = track->session;
    /* an unwritten track will be what page 05 says */
    p[5] = unwritten ? c->drive->mode.write_parameters[3] & 0x0F : track->control;
    p[6] = (uint8_t)(reserved << 7 | unwritten << 6 | data_mode(track));
    if (track->recording == VCDR_RECORDING_PACKET) {
        p[6] |= track->packet_size > 0 ? 0x30 : 0x20; /* Packet; FP */
        put_be32(p + 20, track->packet_size);
    }
    put_be32(p + 8, (uint32_t)track->start_lba);
    if (track->state != VCDR_TRACK_COMPLETE) {
        if (!put_at_once(p, c->drive, track))
            put_writable_part(p, c->drive->disc, track);
        return;
    }
    /* the last user block tells Linux where the run-out begins, which nobody can read */
    p[7] = 0x02; /* LRA_V */
    put_be32(p + 24, track->size);
    put_be32(p + 28, (uint32_t)track->start_lba + track->written - 1);
}

uint32_t read_track_information(struct command *c)
{
    uint8_t p[TRACK_INFORMATION_BYTES] = {0};
    struct vcdr_track track;
    uint32_t sense = find_track(c, &track);

    if (sense != SENSE_NONE)
        return sense;
    limit_in(c, get_be16(c->cdb + 7));
    put_track(p, c, &track);
    writer_put(&c->in, p, sizeof(p));
    return SENSE_NONE;
}
