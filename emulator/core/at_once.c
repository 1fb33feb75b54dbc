/* SPDX-License-Identifier: MIT */
/*
 * Session-at-once and raw writing (MMC-6): SEND CUE SHEET, the WRITEs that follow, and the end of
 * such a session. SYNCHRONIZE CACHE (or CLOSE SESSION) behind the last block ends it; one that
 * comes before leaves it damaged, as a reset does, because no laser comes back to the place where
 * it left off without link blocks.
 */
#include <stdlib.h>
#include <string.h>

#include "at_once.h"

static uint8_t write_type(const struct vcdr_drive *drive)
{
    return drive->mode.write_parameters[2] & 0x0F;
}

struct vcdr_session at_once_session(const struct vcdr_drive *drive)
{
    struct vcdr_session session = {.state = VCDR_SESSION_DAMAGED};

    (void)vcdr_disc_session(drive->disc, vcdr_disc_info(drive->disc)->sessions, &session);
    return session;
}

int32_t at_once_pregap(const struct vcdr_session *session)
{
    return session->first_lba - CD_PREGAP_BLOCKS;
}

bool at_once_on_disc(const struct vcdr_drive *drive)
{
    return at_once_session(drive).state == VCDR_SESSION_OPEN;
}

void at_once_free(struct vcdr_drive *drive)
{
    if (drive->at_once == NULL)
        return;
    free(drive->at_once->sheet);
    raw_layout_free(&drive->at_once->raw);
    free(drive->at_once);
    drive->at_once = NULL;
}

bool at_once_begun(const struct vcdr_drive *drive)
{
    return drive->at_once != NULL && drive->at_once->begun;
}

struct at_once *at_once_new(const struct vcdr_drive *drive)
{
    struct at_once *a = calloc(1, sizeof(*a));

    if (a == NULL)
        return NULL;
    a->format = drive->mode.write_parameters[8];
    a->lba = at_once_session(drive).lead_in_lba;
    a->opened = a->closed = vcdr_disc_info(drive->disc)->tracks;
    return a;
}

/* ---- SEND CUE SHEET ---- */

static uint32_t layout_sense(int error)
{
    if (error == VCDR_OK)
        return SENSE_NONE;
    return error == VCDR_EINVAL ? SENSE_INVALID_FIELD_IN_PARAMETER_LIST : write_failed(error);
}

/* Its first block that the host sends; a sheet without any describes no writing. */
static bool first_of_sheet(const struct vcdr_session_layout *layout, struct vcdr_next_block *out)
{
    const struct vcdr_stretch *s = layout->stretches;

    for (unsigned i = 0; i < layout->count; i++) {
        int32_t end = i + 1 < layout->count ? s[i + 1].lba : layout->lead_out_lba;
        int bytes = vcdr_form_bytes(s[i].form);

        if (bytes <= 0 || end == s[i].lba)
            continue;
        *out = (struct vcdr_next_block){s[i].lba, (uint16_t)bytes, (uint32_t)(end - s[i].lba)};
        /* stretches of the same block size may be written in one go */
        for (; i + 1 < layout->count && vcdr_form_bytes(s[i + 1].form) == bytes; i++) {
            end = i + 2 < layout->count ? s[i + 2].lba : layout->lead_out_lba;
            out->blocks = (uint32_t)(end - out->lba);
        }
        return true;
    }
    return false;
}

static uint32_t check_sheet(const struct vcdr_drive *drive, struct cue_sheet *sheet)
{
    struct vcdr_next_block first;

    sheet->layout.format = drive->mode.write_parameters[8];
    if (!first_of_sheet(&sheet->layout, &first))
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    return layout_sense(vcdr_disc_check_layout(drive->disc, &sheet->layout));
}

static uint32_t read_sheet(struct command *c, size_t len, struct cue_sheet **out)
{
    const struct vcdr_session session = at_once_session(c->drive);
    const struct cue_place place = {
        .first_track = session.first_track,
        .lead_in_lba = session.lead_in_lba,
        .pregap_lba = at_once_pregap(&session),
    };
    uint32_t sense = cue_sheet_decode(c->out, len, &place, out);

    if (sense != SENSE_NONE)
        return sense;
    sense = check_sheet(c->drive, *out);
    if (sense != SENSE_NONE)
        free(*out);
    return sense;
}

uint32_t send_cue_sheet(struct command *c)
{
    struct vcdr_drive *drive = c->drive;
    size_t len = get_be24(c->cdb + 6);
    struct cue_sheet *sheet;
    struct at_once *a;
    uint32_t sense;

    if (len == 0 || len > CUE_SHEET_BYTES || len % CUE_ENTRY_BYTES != 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (c->out_len < len)
        return SENSE_PARAMETER_LIST_LENGTH_ERROR;
    if (!medium_writable(drive))
        return SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT;
    if (write_type(drive) != WRITE_TYPE_SAO || at_once_begun(drive))
        return SENSE_COMMAND_SEQUENCE_ERROR;
    if (at_once_session(drive).state != VCDR_SESSION_EMPTY)
        return SENSE_PROGRAM_AREA_NOT_EMPTY;
    sense = read_sheet(c, len, &sheet);
    if (sense != SENSE_NONE)
        return sense;
    a = at_once_new(drive);
    if (a == NULL) {
        free(sheet);
        return SENSE_INTERNAL_TARGET_FAILURE;
    }
    a->sheet = sheet;
    a->in_lead_in = sheet->lead_in_sub != 0;
    at_once_free(drive); /* the sheet before, of which nothing was written */
    drive->at_once = a;
    return SENSE_NONE;
}

/* ---- where it goes on ---- */

/* The next block that the host must send; false when there is none. */
static bool next_of_sheet(const struct vcdr_drive *drive, struct vcdr_next_block *out)
{
    const struct at_once *a = drive->at_once;
    struct vcdr_session session = at_once_session(drive);

    if (a->in_lead_in) {
        *out = (struct vcdr_next_block){a->lba, VCDR_SUB_BYTES,
                                        (uint32_t)(at_once_pregap(&session) - a->lba)};
        return true;
    }
    if (session.state == VCDR_SESSION_OPEN)
        return vcdr_disc_next_block(drive->disc, out) == VCDR_OK;
    return first_of_sheet(&a->sheet->layout, out);
}

static bool nothing_left(const struct vcdr_drive *drive)
{
    struct vcdr_next_block next;

    return !next_of_sheet(drive, &next);
}

bool at_once_next(const struct vcdr_drive *drive, int32_t *lba, uint32_t *room)
{
    int32_t end = vcdr_disc_info(drive->disc)->geometry.last_lead_out_lba;
    const struct at_once *a = drive->at_once;
    struct vcdr_session session = at_once_session(drive);
    struct vcdr_next_block next;

    if (a != NULL && a->sheet != NULL) {
        if (!next_of_sheet(drive, &next))
            return false;
        *lba = next.lba;
        end = a->sheet->layout.lead_out_lba;
    } else if (a != NULL) {
        *lba = a->lba;
    } else if (session.state == VCDR_SESSION_EMPTY && medium_writable(drive)) {
        if (write_type(drive) == WRITE_TYPE_SAO)
            *lba = at_once_pregap(&session);
        else if (write_type(drive) == WRITE_TYPE_RAW)
            *lba = session.lead_in_lba;
        else
            return false;
    } else {
        return false;
    }
    *room = *lba < end ? (uint32_t)(end - *lba) : 0;
    return true;
}

/* ---- the record ---- */

/* The lines of tracks that have begun or ended since the last time, in order. */
static void tell_tracks(struct vcdr_drive *drive)
{
    struct at_once *a = drive->at_once;
    struct vcdr_track track;

    for (;;) {
        if (a->closed < a->opened) {
            if (vcdr_disc_track(drive->disc, a->closed + 1u, &track) != VCDR_OK ||
                track.state != VCDR_TRACK_COMPLETE)
                return;
            event_track_closed(drive, &track);
            a->closed++;
        } else if (a->opened < vcdr_disc_info(drive->disc)->tracks) {
            if (vcdr_disc_track(drive->disc, a->opened + 1u, &track) != VCDR_OK)
                return;
            event_track_opened(drive, &track);
            a->opened++;
        } else {
            return;
        }
    }
}

/* The track that is being written: 0 in a lead-in, and in a raw session, whose tracks its end
 * makes. */
static unsigned present_track(const struct vcdr_drive *drive)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(drive->disc);

    if (drive->at_once->in_lead_in || drive->at_once->sheet == NULL || !at_once_on_disc(drive))
        return 0;
    return info->open_track != 0 ? info->open_track : info->tracks;
}

static void enter(struct command *c, uint8_t state)
{
    unsigned number = present_track(c->drive);
    struct vcdr_track track = {.written = 0};
    uint32_t room;
    int32_t lba = -1;

    if (number != 0)
        (void)vcdr_disc_track(c->drive->disc, number, &track);
    (void)at_once_next(c->drive, &lba, &room);
    write_state_set(c->drive, c->nexus, state, number, lba, track.written);
}

/* ---- WRITE ---- */

void at_once_written(struct command *c, uint32_t blocks, bool was_blank)
{
    struct vcdr_drive *drive = c->drive;

    drive->at_once->begun = true;
    drive->at_once->writer = c->nexus;
    drive->at_once->bytes += c->out_len;
    if (!rehearsing(drive))
        drive->blocks_written += blocks;
    exclusive_medium_changed(drive);
    if (was_blank && vcdr_disc_info(drive->disc)->status != VCDR_DISC_BLANK)
        operational_event_raise(drive);
    if (at_once_on_disc(drive))
        tell_tracks(drive);
}

void at_once_writing(struct command *c)
{
    if (c->drive->write_state == WRITE_STATE_WRITING)
        return;
    power_wake(c->drive);
    enter(c, WRITE_STATE_WRITING);
}

void at_once_add_text(struct at_once *a, struct vcdr_session_layout *layout)
{
    layout->pack_count = cd_text_finish(&a->text);
    layout->packs = layout->pack_count > 0 ? a->text.packs[0] : NULL;
}

/* The session that the sheet describes begins. */
static int open_by_sheet(struct vcdr_drive *drive)
{
    struct at_once *a = drive->at_once;
    struct vcdr_session_layout *layout = &a->sheet->layout;

    if (at_once_on_disc(drive))
        return VCDR_OK;
    layout->format = a->format;
    at_once_add_text(a, layout);
    return vcdr_disc_open_session(drive->disc, layout);
}

static void write_lead_in(struct command *c, uint32_t blocks)
{
    struct at_once *a = c->drive->at_once;
    struct vcdr_session session = at_once_session(c->drive);

    at_once_writing(c);
    for (uint32_t i = 0; i < blocks; i++)
        cd_text_collect(&a->text, c->out + (size_t)i * VCDR_SUB_BYTES);
    a->lba += (int32_t)blocks;
    a->in_lead_in = a->lba < at_once_pregap(&session);
    at_once_written(c, blocks, false);
}

static uint32_t write_program(struct command *c, uint32_t blocks)
{
    struct vcdr_drive *drive = c->drive;
    bool was_blank = vcdr_disc_info(drive->disc)->status == VCDR_DISC_BLANK;
    int error = open_by_sheet(drive);

    if (error != VCDR_OK)
        return write_failed(error);
    drive->at_once->begun = true;
    at_once_writing(c);
    error = vcdr_disc_write(drive->disc, c->out, blocks);
    at_once_written(c, error == VCDR_OK ? blocks : 0, was_blank);
    return error == VCDR_OK ? SENSE_NONE : write_failed(error);
}

uint32_t sao_write(struct command *c, int32_t lba, uint32_t blocks)
{
    struct vcdr_next_block next;
    uint32_t sense;

    if (c->drive->at_once == NULL || c->drive->at_once->sheet == NULL)
        return SENSE_COMMAND_SEQUENCE_ERROR;
    if (!next_of_sheet(c->drive, &next) || next.lba != lba)
        return SENSE_INVALID_ADDRESS_FOR_WRITE;
    if (blocks > next.blocks) /* the kind of block changes within the command */
        return SENSE_ILLEGAL_MODE_FOR_THIS_TRACK;
    if ((uint64_t)blocks * next.bytes != c->out_len)
        return SENSE_INVALID_FIELD_IN_CDB;
    sense = buffer_check(c->drive, blocks, next.bytes);
    if (sense != SENSE_NONE)
        return sense;
    if (c->drive->at_once->in_lead_in)
        write_lead_in(c, blocks);
    else
        sense = write_program(c, blocks);
    if (sense == SENSE_NONE)
        buffer_take(c->drive, blocks, next.bytes);
    return sense;
}

/* ---- the end ---- */

static int close_at_once(struct vcdr_drive *drive)
{
    struct at_once *a = drive->at_once;
    unsigned multi = drive->mode.write_parameters[3] >> 6;
    struct vcdr_session_layout layout;

    if (a->sheet != NULL)
        return vcdr_disc_close_session(drive->disc, multi == MULTISESSION_ALLOWED,
                                       multi == MULTISESSION_FINAL_B0);
    if (!raw_ended(a, &layout))
        return VCDR_EINVAL;
    at_once_add_text(a, &layout);
    return vcdr_disc_close_raw(drive->disc, &layout, a->raw.next_allowed, a->raw.b0_final);
}

/* What was begun is spoilt: in a lead-in, too. */
static void damage(struct vcdr_drive *drive)
{
    int error = VCDR_OK;

    if (!at_once_on_disc(drive))
        error =
            drive->at_once->sheet != NULL ? open_by_sheet(drive) : vcdr_disc_open_raw(drive->disc);
    if (error == VCDR_OK)
        (void)vcdr_disc_interrupt_session(drive->disc);
    exclusive_medium_changed(drive);
    operational_event_raise(drive);
}

void at_once_give_up(struct vcdr_drive *drive)
{
    if (at_once_begun(drive)) {
        struct vcdr_session session;

        damage(drive);
        session = at_once_session(drive);
        event_session_damaged(drive, &session);
    }
    at_once_free(drive);
}

static uint32_t finished(struct command *c, int error, unsigned number)
{
    struct vcdr_drive *drive = c->drive;
    struct vcdr_session session;

    if (error == VCDR_OK)
        error = vcdr_disc_session(drive->disc, number, &session);
    if (error == VCDR_OK) {
        tell_tracks(drive);
        exclusive_medium_changed(drive);
        operational_event_raise(drive);
        event_session_closed(drive, &session, !session.next_allowed);
        at_once_free(drive);
    } else {
        at_once_give_up(drive);
    }
    return error == VCDR_OK ? SENSE_NONE : SENSE_SESSION_FIXATION_ERROR;
}

uint32_t at_once_finish(struct command *c)
{
    struct vcdr_drive *drive = c->drive;
    unsigned number = vcdr_disc_info(drive->disc)->sessions;
    int error = VCDR_EINVAL;
    uint32_t sense;
    int32_t lba;

    enter(c, WRITE_STATE_FLUSHING);
    work_takes(drive, SENSE_NOT_READY_LONG_WRITE, buffer_rest_us(drive));
    buffer_clear(drive);
    if (at_once_on_disc(drive) && (drive->at_once->sheet == NULL || nothing_left(drive))) {
        enter(c, WRITE_STATE_CLOSING_SESSION);
        error = close_at_once(drive);
        if (drive->at_once->sheet != NULL) /* a raw session's lead-out came from the host */
            work_takes(drive, SENSE_NOT_READY_LONG_WRITE, write_session_end_us(drive, number));
    }
    sense = finished(c, error, number);
    number = next_writable(drive, &lba);
    write_state_set(drive, c->nexus, WRITE_STATE_IDLE, number, lba, 0);
    if (sense == SENSE_NONE)
        rehearsal_end(drive, c->nexus);
    return sense;
}

/* All its blocks have come. */
static bool ended(const struct vcdr_drive *drive)
{
    struct vcdr_session_layout layout;

    if (drive->at_once->sheet != NULL)
        return at_once_on_disc(drive) && nothing_left(drive);
    return raw_ended(drive->at_once, &layout);
}

uint32_t at_once_close_session(struct command *c)
{
    return ended(c->drive) ? at_once_finish(c) : SENSE_COMMAND_SEQUENCE_ERROR;
}

bool at_once_ran_dry(struct vcdr_drive *drive)
{
    struct command c = {.drive = drive};

    if (ended(drive)) { /* there is nothing more to come */
        (void)at_once_finish(&c);
        return false;
    }
    at_once_give_up(drive);
    return true;
}

void at_once_writer_lost(struct vcdr_drive *drive, const struct nexus *nexus)
{
    if (!at_once_begun(drive) || drive->at_once->writer != nexus)
        return;
    if (at_once_ran_dry(drive))
        write_stopped(drive, nexus);
    (void)work_begin(drive);
}

uint64_t at_once_bytes(const struct vcdr_drive *drive)
{
    return at_once_begun(drive) ? drive->at_once->bytes : 0;
}
