/* SPDX-License-Identifier: MIT */
/* READ TOC/PMA/ATIP (MMC-6), one row a format. */
#include "core.h"

#include <string.h>
#include <vcdr/subchannel.h>

enum { POINT_LEAD_OUT = 0xAA, ADR_POSITION = 1, ADR_MULTISESSION = 5 };
enum { POINT_FIRST = 0xA0, POINT_LAST = 0xA1, POINT_LEAD_OUT_START = 0xA2 };
enum { POINT_NEXT_SESSION = 0xB0, POINT_FIRST_LEAD_IN = 0xC0 };

/* Blocks from a lead-out to the pre-gap of the session that may follow it. */
enum { NEXT_AFTER_FIRST = 11250, NEXT_AFTER_LATER = 6750 };

static uint8_t last_complete_session(const struct vcdr_disc *disc)
{
    return vcdr_disc_info(disc)->complete_sessions;
}

static uint8_t adr_control(uint8_t adr, const struct vcdr_track *track)
{
    return (uint8_t)(adr << 4 | track->control);
}

static bool wants_msf(const struct command *c)
{
    return c->cdb[1] & 0x02;
}

/* ---- formats 0 and 1: addresses as the CDB likes them ---- */

static void put_address(struct command *c, int32_t lba)
{
    uint8_t msf[4] = {0};

    if (!wants_msf(c)) {
        writer_be32(&c->in, (uint32_t)lba);
        return;
    }
    vcdr_lba_to_msf(lba, msf + 1);
    writer_put(&c->in, msf, sizeof(msf));
}

static void put_point(struct command *c, const struct vcdr_track *track, uint8_t number,
                      int32_t lba)
{
    writer_u8(&c->in, 0);
    writer_u8(&c->in, adr_control(ADR_POSITION, track));
    writer_u8(&c->in, number);
    writer_u8(&c->in, 0);
    put_address(c, lba);
}

/* The last complete session and its last track, which the lead-out's control bits follow. */
static uint32_t find_last(const struct vcdr_disc *disc, struct vcdr_session *session,
                          struct vcdr_track *track)
{
    uint8_t n = last_complete_session(disc);

    if (n == 0) /* neither TOC nor lead-out yet */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (vcdr_disc_session(disc, n, session) != VCDR_OK ||
        vcdr_disc_track(disc, session->last_track, track) != VCDR_OK)
        return SENSE_INTERNAL_TARGET_FAILURE;
    return SENSE_NONE;
}

static uint32_t put_toc(struct command *c)
{
    const struct vcdr_disc *disc = c->drive->disc;
    uint8_t from = c->cdb[6];
    struct vcdr_session session;
    struct vcdr_track last, track;
    uint32_t sense = find_last(disc, &session, &last);

    if (sense != SENSE_NONE)
        return sense;
    if (from > last.number && from != POINT_LEAD_OUT)
        return SENSE_INVALID_FIELD_IN_CDB;
    writer_u8(&c->in, 1);
    writer_u8(&c->in, last.number);
    for (unsigned n = from > 1 ? from : 1; n <= last.number; n++) {
        if (vcdr_disc_track(disc, n, &track) != VCDR_OK)
            return SENSE_INTERNAL_TARGET_FAILURE;
        put_point(c, &track, (uint8_t)n, track.start_lba);
    }
    put_point(c, &last, POINT_LEAD_OUT, session.lead_out_lba);
    return SENSE_NONE;
}

static uint32_t put_session_info(struct command *c)
{
    const struct vcdr_disc *disc = c->drive->disc;
    struct vcdr_session session;
    struct vcdr_track first;
    uint32_t sense = find_last(disc, &session, &first);

    if (sense != SENSE_NONE)
        return sense;
    if (vcdr_disc_track(disc, session.first_track, &first) != VCDR_OK)
        return SENSE_INTERNAL_TARGET_FAILURE;
    writer_u8(&c->in, 1);
    writer_u8(&c->in, session.number);
    put_point(c, &first, first.number, first.start_lba);
    return SENSE_NONE;
}

/* ---- formats 2 and 3: what the Q sub-channel of lead-in and PMA says, always MSF ---- */

struct q_point {
    uint8_t session;
    uint8_t adr_control;
    uint8_t point;
    uint8_t min_sec_frame[3];
    uint8_t zero;
    uint8_t p_min_sec_frame[3];
};

static void put_q_point(struct command *c, const struct q_point *q)
{
    writer_u8(&c->in, q->session);
    writer_u8(&c->in, q->adr_control);
    writer_u8(&c->in, 0); /* TNO: lead-in */
    writer_u8(&c->in, q->point);
    writer_put(&c->in, q->min_sec_frame, 3);
    writer_u8(&c->in, q->zero);
    writer_put(&c->in, q->p_min_sec_frame, 3);
}

/* Special information 1 of the ATIP: indicative power, use, medium type (ECMA-394). */
static void special_information(const struct vcdr_geometry *geometry, uint8_t p[3])
{
    switch (geometry->medium) {
    case VCDR_MEDIUM_CD_R: /* power 5; type A, high beta */
        memcpy(p, (const uint8_t[]){0xD0, 0x00, 0x98}, 3);
        break;
    case VCDR_MEDIUM_CD_RW: /* power 6, reference speed 2x; A1 follows */
        memcpy(p, (const uint8_t[]){0xE1, 0x00, 0xC4}, 3);
        break;
    }
}

static void put_first_last(struct command *c, const struct vcdr_session *session,
                           const struct vcdr_track *first, const struct vcdr_track *last)
{
    struct q_point q = {.session = session->number};

    q.point = POINT_FIRST;
    q.adr_control = adr_control(ADR_POSITION, first);
    q.p_min_sec_frame[0] = first->number;
    q.p_min_sec_frame[1] = session->format;
    put_q_point(c, &q);
    q.point = POINT_LAST;
    q.adr_control = adr_control(ADR_POSITION, last);
    q.p_min_sec_frame[0] = last->number;
    q.p_min_sec_frame[1] = 0;
    put_q_point(c, &q);
    q.point = POINT_LEAD_OUT_START;
    vcdr_lba_to_msf(session->lead_out_lba, q.p_min_sec_frame);
    put_q_point(c, &q);
}

/* Where another session may begin, and in the first lead-in where the disc begins. A session closed
 * without both says nothing (MULTISESSION_NONE). */
static void put_next_session(struct command *c, const struct vcdr_session *session,
                             const struct vcdr_track *last)
{
    const struct vcdr_geometry *geometry = &vcdr_disc_info(c->drive->disc)->geometry;
    bool is_first = session->number == 1;
    struct q_point q = {.session = session->number, .point = POINT_NEXT_SESSION};

    if (!session->next_allowed && !session->b0_final)
        return;
    q.adr_control = adr_control(ADR_MULTISESSION, last);
    q.zero = is_first ? 2 : 1; /* how many points of this mode the lead-in has */
    if (session->next_allowed)
        vcdr_lba_to_msf(session->lead_out_lba + (is_first ? NEXT_AFTER_FIRST : NEXT_AFTER_LATER),
                        q.min_sec_frame);
    else
        memset(q.min_sec_frame, 0xFF, 3);
    vcdr_lba_to_msf(geometry->last_lead_out_lba, q.p_min_sec_frame);
    put_q_point(c, &q);
    if (!is_first)
        return;
    q.point = POINT_FIRST_LEAD_IN;
    q.zero = 0;
    special_information(geometry, q.min_sec_frame);
    vcdr_lba_to_msf(geometry->lead_in_lba, q.p_min_sec_frame);
    put_q_point(c, &q);
}

static uint32_t put_session_points(struct command *c, unsigned number)
{
    const struct vcdr_disc *disc = c->drive->disc;
    struct vcdr_session session;
    struct vcdr_track first, track;

    if (vcdr_disc_session(disc, number, &session) != VCDR_OK ||
        vcdr_disc_track(disc, session.first_track, &first) != VCDR_OK ||
        vcdr_disc_track(disc, session.last_track, &track) != VCDR_OK)
        return SENSE_INTERNAL_TARGET_FAILURE;
    put_first_last(c, &session, &first, &track);
    for (unsigned n = session.first_track; n <= session.last_track; n++) {
        struct q_point q = {.session = session.number, .point = (uint8_t)n};

        if (vcdr_disc_track(disc, n, &track) != VCDR_OK)
            return SENSE_INTERNAL_TARGET_FAILURE;
        q.adr_control = adr_control(ADR_POSITION, &track);
        vcdr_lba_to_msf(track.start_lba, q.p_min_sec_frame);
        put_q_point(c, &q);
    }
    put_next_session(c, &session, &track);
    return SENSE_NONE;
}

static uint32_t put_full_toc(struct command *c)
{
    uint8_t last = last_complete_session(c->drive->disc);
    uint32_t sense = SENSE_NONE;

    if (last == 0 || c->cdb[6] > last)
        return SENSE_INVALID_FIELD_IN_CDB;
    writer_u8(&c->in, 1);
    writer_u8(&c->in, last);
    for (unsigned n = c->cdb[6] > 1 ? c->cdb[6] : 1; n <= last && sense == SENSE_NONE; n++)
        sense = put_session_points(c, n);
    return sense;
}

/* Each track that has a place: where it starts (P) and where it stops. A track that is being
 * written is noted when it is closed (ECMA-394). */
static uint32_t put_pma(struct command *c)
{
    const struct vcdr_disc *disc = c->drive->disc;
    uint8_t tracks = vcdr_disc_info(disc)->tracks;
    struct vcdr_track track;

    if (tracks == 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    writer_zero(&c->in, 2);
    for (unsigned n = 1; n <= tracks; n++) {
        struct q_point q = {.point = (uint8_t)n};

        if (vcdr_disc_track(disc, n, &track) != VCDR_OK)
            return SENSE_INTERNAL_TARGET_FAILURE;
        if (track.state == VCDR_TRACK_OPEN && !track.reserved)
            continue;
        q.adr_control = adr_control(ADR_POSITION, &track);
        vcdr_lba_to_msf(track.start_lba + (int32_t)track.size, q.min_sec_frame);
        vcdr_lba_to_msf(track.start_lba, q.p_min_sec_frame);
        put_q_point(c, &q);
    }
    return SENSE_NONE;
}

/* ---- format 4: what was pressed into the groove ---- */

static uint32_t put_atip(struct command *c)
{
    const struct vcdr_geometry *geometry = &vcdr_disc_info(c->drive->disc)->geometry;
    uint8_t p[26] = {0}; /* the reply from byte 2 on */

    special_information(geometry, p + 2);
    vcdr_lba_to_msf(geometry->lead_in_lba, p + 6);
    vcdr_lba_to_msf(geometry->last_lead_out_lba, p + 10);
    if (geometry->medium == VCDR_MEDIUM_CD_RW)
        memcpy(p + 14, (const uint8_t[]){0x02, 0x3A, 0xB0}, 3); /* A1: up to 4x */
    writer_put(&c->in, p, sizeof(p));
    return SENSE_NONE;
}

/* ---- format 5: CD-Text of the first session that has some, else the header alone ---- */

static uint32_t put_packs(struct command *c, const struct vcdr_session *session)
{
    uint8_t pack[VCDR_PACK_BYTES];

    for (unsigned i = 0; i < session->packs; i++) {
        if (vcdr_disc_cd_text(c->drive->disc, session->number, i, 1, pack) != VCDR_OK)
            return SENSE_UNRECOVERED_READ_ERROR;
        writer_put(&c->in, pack, sizeof(pack));
    }
    return SENSE_NONE;
}

static uint32_t put_cd_text(struct command *c)
{
    unsigned sessions = last_complete_session(c->drive->disc);
    struct vcdr_session session;

    if (sessions == 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    writer_zero(&c->in, 2);
    for (unsigned n = 1; n <= sessions; n++) {
        if (vcdr_disc_session(c->drive->disc, n, &session) == VCDR_OK && session.packs > 0)
            return put_packs(c, &session);
    }
    return SENSE_NONE;
}

/* What follows the 2-byte data length; its room is the CDB's allocation length. */
static uint32_t (*const formats[])(struct command *c) = {
    [0] = put_toc, [1] = put_session_info, [2] = put_full_toc,
    [3] = put_pma, [4] = put_atip,         [5] = put_cd_text,
};

uint32_t read_toc(struct command *c)
{
    unsigned format = c->cdb[2] & 0x0F;
    uint32_t sense;

    if (format == 0) /* SFF-8020 had the format here; Linux asks for session info in no other way */
        format = c->cdb[9] >> 6;
    if (format >= sizeof(formats) / sizeof(formats[0]))
        return SENSE_INVALID_FIELD_IN_CDB;
    limit_in(c, get_be16(c->cdb + 7));
    writer_zero(&c->in, 2);
    sense = formats[format](c);
    writer_patch16(&c->in, 0, (uint16_t)(c->in.len - 2));
    return sense;
}
