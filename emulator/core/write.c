/* SPDX-License-Identifier: MIT */
/*
 * Track-at-once: WRITE, SYNCHRONIZE CACHE, CLOSE TRACK/SESSION, RESERVE TRACK, SEND OPC INFORMATION
 * (MMC-6). The mode page 05h that is current at a track's first WRITE makes the track; its
 * multi-session field counts when the session is closed, not before.
 */
#include "core.h"

#include <string.h>

enum { SUB_MODE_FORM2 = 0x20 };

/* What takes time beside the blocks (docs/timing.md). */
enum {
    CALIBRATION_US = 1000000,
    LEAD_IN_BLOCKS = 4500,
    FIRST_LEAD_OUT_BLOCKS = 6750,
    LEAD_OUT_BLOCKS = 2250,
};

bool medium_writable(const struct vcdr_drive *drive)
{
    const struct vcdr_disc_info *info;
    struct vcdr_session last;

    if (medium_sense(drive) != SENSE_NONE)
        return false;
    info = vcdr_disc_info(drive->disc);
    if (vcdr_disc_session(drive->disc, info->sessions, &last) != VCDR_OK ||
        last.state == VCDR_SESSION_DAMAGED)
        return false;
    return info->status != VCDR_DISC_COMPLETE;
}

/* What the disc says no with, as sense. */
static const struct {
    enum vcdr_error error;
    uint32_t sense;
} refusals[] = {
    {VCDR_ENOSPACE, SENSE_END_OF_USER_AREA},
    {VCDR_ETRACKS, SENSE_NO_MORE_RESERVATIONS},
    {VCDR_EMODE, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK}, /* the session's format is another */
    {VCDR_EINVAL, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK},
    {VCDR_ESTATE, SENSE_COMMAND_SEQUENCE_ERROR},
    {VCDR_EIO, SENSE_WRITE_ERROR},
};

uint32_t write_failed(int error)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (refusals[i].error == error)
            return refusals[i].sense;
    }
    return SENSE_INTERNAL_TARGET_FAILURE;
}

/* ---- WRITE ---- */

/* Why there is no track at an address: tracks or room are used up, or it is a wrong address. */
static uint32_t nothing_at(const struct vcdr_disc *disc)
{
    struct vcdr_track track;
    uint32_t room;

    if (incomplete_track(disc, &track) != VCDR_OK)
        return SENSE_NO_MORE_RESERVATIONS;
    if (vcdr_disc_free_blocks(disc, track.number, &room) == VCDR_OK && room == 0)
        return SENSE_END_OF_USER_AREA;
    return SENSE_INVALID_ADDRESS_FOR_WRITE;
}

/* The track that a WRITE to this address goes to; writing begins nowhere but at a next writable
 * address. */
static uint32_t find_target(const struct vcdr_disc *disc, int32_t lba, struct vcdr_track *track)
{
    uint8_t open = vcdr_disc_info(disc)->open_track;
    int32_t next;

    if (open != 0) {
        if (vcdr_disc_track(disc, open, track) != VCDR_OK)
            return SENSE_INTERNAL_TARGET_FAILURE;
    } else if (vcdr_disc_track_at(disc, lba, track) != VCDR_OK) {
        return nothing_at(disc);
    }
    if (vcdr_disc_next_writable(disc, track->number, &next) != VCDR_OK || next != lba)
        return SENSE_INVALID_ADDRESS_FOR_WRITE;
    return SENSE_NONE;
}

/* Digits or characters of a field of page 05h as a string, NULL when its valid bit is off. */
static const char *page_text(const uint8_t *field, size_t len, char *text)
{
    if (!(field[0] & 0x80))
        return NULL;
    memcpy(text, field + 1, len);
    text[len] = '\0';
    return text;
}

static int open_by_page(struct vcdr_drive *drive, unsigned track)
{
    const uint8_t *page = drive->mode.write_parameters;
    char mcn[14], isrc[13];
    struct vcdr_track_parameters parameters = {
        .control = page[3] & 0x0F,
        .block_type = page[4] & 0x0F,
        .session_format = page[8],
        .mcn = page_text(page + 16, 13, mcn),
        .isrc = page_text(page + 32, 12, isrc),
        .packets = packets_wanted(drive),
    };

    if (parameters.packets)
        parameters.packet_size = packet_size_wanted(drive);
    memcpy(parameters.sub_header, page + 48, 4);
    if (parameters.block_type == BLOCK_TYPE_XA_FORM2) /* clients leave the page's default, form 1 */
        parameters.sub_header[2] |= SUB_MODE_FORM2;
    return vcdr_disc_open_track(drive->disc, track, &parameters);
}

/* Full, or at least too full for one more packet. */
static uint32_t no_room(const struct vcdr_drive *drive, uint32_t room)
{
    return packets_wanted(drive) && room > 0 ? SENSE_PACKET_DOES_NOT_FIT : SENSE_END_OF_USER_AREA;
}

static uint32_t open_target(struct command *c, struct vcdr_track *track, uint32_t blocks)
{
    struct vcdr_drive *drive = c->drive;
    bool was_blank = vcdr_disc_info(drive->disc)->status == VCDR_DISC_BLANK;
    uint32_t room;
    int error = vcdr_disc_free_blocks(drive->disc, track->number, &room);

    if (error == VCDR_OK && packet_room(drive, room) < blocks) /* opened for nothing */
        return no_room(drive, packet_room(drive, room));
    if (error == VCDR_OK)
        error = open_by_page(drive, track->number);
    if (error == VCDR_OK)
        error = vcdr_disc_track(drive->disc, track->number, track);
    if (error != VCDR_OK)
        return write_failed(error);
    event_track_opened(drive, track);
    if (was_blank)
        operational_event_raise(drive); /* there is something to read now */
    return SENSE_NONE;
}

static uint32_t write_blocks(struct command *c, uint32_t lba, uint32_t blocks)
{
    struct vcdr_drive *drive = c->drive;
    unsigned type = drive->mode.write_parameters[2] & 0x0F;
    unsigned block_type = drive->mode.write_parameters[4] & 0x0F;
    struct vcdr_track track;
    uint32_t sense, room;
    int error;

    if (blocks == 0)
        return SENSE_NONE;
    if (!medium_writable(drive))
        return SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT;
    if (type == WRITE_TYPE_SAO)
        return sao_write(c, (int32_t)lba, blocks);
    if (type == WRITE_TYPE_RAW)
        return raw_write(c, (int32_t)lba, blocks);
    sense = find_target(drive->disc, (int32_t)lba, &track);
    if (sense != SENSE_NONE)
        return sense;
    if (track.state == VCDR_TRACK_OPEN &&
        (track.block_type != block_type || !packets_agree(drive, &track)))
        return SENSE_ILLEGAL_MODE_FOR_THIS_TRACK;
    /* another length than the block type's means that the two sides disagree about the block */
    if ((uint64_t)blocks * vcdr_block_bytes(block_type) != c->out_len || c->out_len == 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    sense = buffer_check(drive, blocks, vcdr_block_bytes(block_type));
    if (sense != SENSE_NONE)
        return sense;
    if (track.state != VCDR_TRACK_OPEN) {
        sense = open_target(c, &track, blocks);
        if (sense != SENSE_NONE)
            return sense;
    }
    error = vcdr_disc_write(drive->disc, c->out, blocks);
    if (error == VCDR_ENOSPACE &&
        vcdr_disc_free_blocks(drive->disc, track.number, &room) == VCDR_OK)
        return no_room(drive, room);
    if (error != VCDR_OK)
        return write_failed(error);
    buffer_take(drive, blocks, vcdr_block_bytes(block_type));
    packet_written(c);
    if (!rehearsing(drive))
        drive->blocks_written += blocks;
    exclusive_medium_changed(drive);
    if (drive->write_state != WRITE_STATE_WRITING) {
        power_wake(drive);
        write_state_set(drive, c->nexus, WRITE_STATE_WRITING, track.number, (int32_t)lba,
                        track.written);
    }
    return SENSE_NONE;
}

uint32_t write_10(struct command *c)
{
    if (c->cdb[1] & 0x01) /* RelAdr; DPO and FUA have nothing to say here */
        return SENSE_INVALID_FIELD_IN_CDB;
    return write_blocks(c, get_be32(c->cdb + 2), get_be16(c->cdb + 7));
}

uint32_t write_12(struct command *c)
{
    if (c->cdb[1] & 0x01 || c->cdb[10] & 0x80) /* RelAdr; Streaming: feature 0107h has SW 0 */
        return SENSE_INVALID_FIELD_IN_CDB;
    return write_blocks(c, get_be32(c->cdb + 2), get_be32(c->cdb + 6));
}

/* ---- the end of a track ---- */

unsigned next_writable(const struct vcdr_drive *drive, int32_t *lba)
{
    const struct vcdr_disc_info *info;
    unsigned next;
    uint32_t room;

    *lba = -1;
    if (!medium_writable(drive))
        return 0;
    info = vcdr_disc_info(drive->disc);
    if (at_once_next(drive, lba, &room))
        return info->open_track != 0 ? info->open_track : info->tracks + 1u;
    next = info->open_track != 0 ? info->open_track : info->tracks + 1u;
    if (vcdr_disc_free_blocks(drive->disc, next, &room) != VCDR_OK || room == 0)
        return info->open_track;
    return vcdr_disc_next_writable(drive->disc, next, lba) == VCDR_OK ? next : 0;
}

static void enter(struct command *c, uint8_t state, const struct vcdr_track *track)
{
    int32_t next;

    (void)next_writable(c->drive, &next);
    write_state_set(c->drive, c->nexus, state, track->number, next, track->written);
}

/* A track has been completed (error VCDR_OK) or not; the drive goes on in `state`, or is idle. */
static uint32_t track_ended(struct command *c, int error, struct vcdr_track *track, uint8_t state)
{
    if (error == VCDR_OK)
        error = vcdr_disc_track(c->drive->disc, track->number, track);
    if (error != VCDR_OK) {
        enter(c, WRITE_STATE_IDLE, track);
        return write_failed(error);
    }
    exclusive_medium_changed(c->drive);
    event_track_closed(c->drive, track);
    enter(c, state, track);
    return SENSE_NONE;
}

/* What a track lacks, its run-out, and its entry in the PMA. */
static uint64_t track_end_us(const struct vcdr_drive *drive, const struct vcdr_track *track)
{
    uint32_t padding =
        track->written < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS - track->written : 0;

    return PMA_US + work_blocks_us(drive, padding);
}

uint64_t write_session_end_us(const struct vcdr_drive *drive, unsigned session)
{
    uint32_t lead_out = session == 1 ? FIRST_LEAD_OUT_BLOCKS : LEAD_OUT_BLOCKS;

    return PMA_US + work_blocks_us(drive, LEAD_IN_BLOCKS + lead_out);
}

uint32_t write_finish_track(struct command *c, uint8_t state)
{
    struct vcdr_disc *disc = c->drive->disc;
    struct vcdr_track track;
    int error;

    if (disc == NULL || vcdr_disc_info(disc)->open_track == 0)
        return SENSE_NONE;
    if (vcdr_disc_track(disc, vcdr_disc_info(disc)->open_track, &track) != VCDR_OK)
        return SENSE_INTERNAL_TARGET_FAILURE;
    enter(c, WRITE_STATE_FLUSHING, &track);
    error = vcdr_disc_flush(disc);
    work_takes(c->drive, SENSE_NOT_READY_LONG_WRITE, buffer_rest_us(c->drive));
    buffer_clear(c->drive);
    if (error == VCDR_OK) {
        enter(c, WRITE_STATE_CLOSING_TRACK, &track);
        error = vcdr_disc_close_track(disc);
        work_takes(c->drive, SENSE_NOT_READY_LONG_WRITE, track_end_us(c->drive, &track));
    }
    return track_ended(c, error, &track, state);
}

bool write_ran_dry(struct vcdr_drive *drive)
{
    struct command c = {.drive = drive};
    uint32_t sense;

    if (at_once_begun(drive))
        return at_once_ran_dry(drive);
    if (packet_flush(&c, &sense)) /* a packet ends wherever it ends */
        return false;
    (void)write_finish_track(&c, WRITE_STATE_IDLE);
    return true;
}

uint32_t synchronize_cache(struct command *c)
{
    uint32_t sense;

    if (at_once_begun(c->drive))
        return at_once_finish(c);
    if (packet_flush(c, &sense))
        return sense;
    return write_finish_track(c, WRITE_STATE_IDLE);
}

/* ---- CLOSE TRACK/SESSION ---- */

static uint32_t close_track(struct command *c)
{
    struct vcdr_disc *disc = c->drive->disc;
    unsigned number = get_be16(c->cdb + 4);
    struct vcdr_track track;
    int error =
        number == 0xFF ? incomplete_track(disc, &track) : vcdr_disc_track(disc, number, &track);

    if (at_once_begun(c->drive)) /* its tracks end with it */
        return SENSE_COMMAND_SEQUENCE_ERROR;
    if (error != VCDR_OK)
        return SENSE_INVALID_FIELD_IN_CDB;
    switch (track.state) {
    case VCDR_TRACK_INVISIBLE: /* nothing in it */
    case VCDR_TRACK_COMPLETE:
        return SENSE_NONE;
    case VCDR_TRACK_OPEN:
        return write_finish_track(c, WRITE_STATE_IDLE);
    case VCDR_TRACK_RESERVED:
        break;
    }
    if (!medium_writable(c->drive))
        return SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT;
    if (vcdr_disc_info(disc)->open_track != 0)
        return SENSE_COMMAND_SEQUENCE_ERROR;
    enter(c, WRITE_STATE_CLOSING_TRACK, &track);
    return track_ended(c, vcdr_disc_close_reserved(disc, number), &track, WRITE_STATE_IDLE);
}

static bool has_empty_reservation(const struct vcdr_disc *disc, const struct vcdr_session *session)
{
    struct vcdr_track track;

    for (unsigned n = session->first_track; n <= session->last_track; n++) {
        if (vcdr_disc_track(disc, n, &track) == VCDR_OK && track.state == VCDR_TRACK_RESERVED)
            return true;
    }
    return false;
}

static void enter_session(struct command *c, uint8_t state, const struct vcdr_session *session)
{
    struct vcdr_track track;

    if (vcdr_disc_track(c->drive->disc, session->last_track, &track) == VCDR_OK)
        enter(c, state, &track);
}

static uint32_t close_session(struct command *c)
{
    struct vcdr_disc *disc = c->drive->disc;
    unsigned multi = c->drive->mode.write_parameters[3] >> 6;
    struct vcdr_session session;
    uint32_t sense;
    int error;

    if (at_once_begun(c->drive))
        return at_once_close_session(c);
    error = vcdr_disc_session(disc, vcdr_disc_info(disc)->sessions, &session);
    if (error != VCDR_OK)
        return SENSE_INTERNAL_TARGET_FAILURE;
    if (session.state != VCDR_SESSION_OPEN) /* closed already, or nothing in it to close */
        return SENSE_NONE;
    if (has_empty_reservation(disc, &session))
        return SENSE_SESSION_EMPTY_RESERVED_TRACK;
    sense = write_finish_track(c, WRITE_STATE_CLOSING_SESSION);
    if (sense != SENSE_NONE)
        return sense;
    vcdr_disc_session(disc, session.number, &session); /* with its last track */
    enter_session(c, WRITE_STATE_CLOSING_SESSION, &session);
    error = vcdr_disc_close_session(disc, multi == MULTISESSION_ALLOWED,
                                    multi == MULTISESSION_FINAL_B0);
    work_takes(c->drive, SENSE_NOT_READY_LONG_WRITE,
               write_session_end_us(c->drive, session.number));
    if (error == VCDR_OK)
        error = vcdr_disc_session(disc, session.number, &session);
    if (error == VCDR_OK) {
        exclusive_medium_changed(c->drive);
        event_session_closed(c->drive, &session, !session.next_allowed);
        if (!session.next_allowed)
            operational_event_raise(c->drive); /* writing is over */
    }
    enter_session(c, WRITE_STATE_IDLE, &session);
    if (error != VCDR_OK)
        return write_failed(error);
    rehearsal_end(c->drive, c->nexus);
    return SENSE_NONE;
}

uint32_t close_track_session(struct command *c)
{
    /* 0 and 3 on belong to other media */
    switch (c->cdb[2] & 0x07) {
    case 1:
        return close_track(c);
    case 2:
        return close_session(c);
    default:
        return SENSE_INVALID_FIELD_IN_CDB;
    }
}

/* ---- RESERVE TRACK, SEND OPC INFORMATION ---- */

uint32_t reserve_track(struct command *c)
{
    uint32_t blocks = get_be32(c->cdb + 5);
    int error;

    if (c->cdb[1] & 0x03 || blocks < CD_MIN_TRACK_BLOCKS) /* RMZ, ARSV: other media */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (!medium_writable(c->drive))
        return SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT;
    error = vcdr_disc_reserve(c->drive->disc, blocks);
    if (error != VCDR_OK)
        return write_failed(error);
    work_takes(c->drive, SENSE_NOT_READY_OPERATION_IN_PROGRESS, PMA_US);
    exclusive_medium_changed(c->drive);
    return SENSE_NONE;
}

uint32_t send_opc(struct command *c)
{
    /* No table of power values: READ DISC INFORMATION offers none to send back. */
    if (get_be16(c->cdb + 7) != 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (c->cdb[1] & 0x01 && !medium_writable(c->drive))
        return SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT;
    if (c->cdb[1] & 0x01)
        work_takes(c->drive, SENSE_NOT_READY_OPERATION_IN_PROGRESS, CALIBRATION_US);
    return SENSE_NONE; /* this disc takes any power */
}
