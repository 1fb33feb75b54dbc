/* SPDX-License-Identifier: MIT */
#include "disc_info.h"
#include <jansson.h>
#include <string.h>
#include <vcdr/codes.h>

static const char *const status_words[] = {
    [VCDR_DISC_BLANK] = "blank",
    [VCDR_DISC_APPENDABLE] = "appendable",
    [VCDR_DISC_COMPLETE] = "complete",
};

static const char *const session_words[] = {
    [VCDR_SESSION_EMPTY] = "empty",
    [VCDR_SESSION_OPEN] = "open",
    [VCDR_SESSION_COMPLETE] = "complete",
    [VCDR_SESSION_DAMAGED] = "damaged",
};

static const char *const recording_words[] = {
    [VCDR_RECORDING_TAO] = "track-at-once",
    [VCDR_RECORDING_SAO] = "session-at-once",
    [VCDR_RECORDING_RAW] = "raw",
    [VCDR_RECORDING_PACKET] = "packet",
};

static const char *const track_words[] = {
    [VCDR_TRACK_INVISIBLE] = "invisible",
    [VCDR_TRACK_RESERVED] = "reserved",
    [VCDR_TRACK_OPEN] = "open",
    [VCDR_TRACK_COMPLETE] = "complete",
};

static const char *medium_word(enum vcdr_medium medium)
{
    return medium == VCDR_MEDIUM_CD_RW ? "CD-RW" : "CD-R";
}

static const char *track_mode(const struct vcdr_track *track)
{
    if (track->state == VCDR_TRACK_RESERVED)
        return "-";
    if (!(track->control & CONTROL_DATA))
        return "audio";
    switch (track->block_type) {
    case BLOCK_TYPE_MODE1:
        return "mode 1";
    case BLOCK_TYPE_MODE2:
        return "mode 2";
    default: /* 10 to 13: the block types of CD-ROM XA */
        return "mode 2 XA";
    }
}

/* Blocks that a next track could still have; 0 where there can be none. */
static uint32_t free_blocks(const struct vcdr_disc *disc)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    unsigned track = info->open_track != 0 ? info->open_track : info->tracks + 1U;
    uint32_t blocks = 0;
    if (vcdr_disc_free_blocks(disc, track, &blocks) != 0)
        return 0;
    return blocks;
}

/* "mm:ss:ff" of a length, or of an address with its 2 seconds added by the caller. */
static const char *length_text(uint32_t blocks, char text[16])
{
    snprintf(text, 16, "%02u:%02u:%02u", blocks / 75 / 60, blocks / 75 % 60, blocks % 75);
    return text;
}

static const char *address_text(int32_t lba, char text[16])
{
    uint8_t msf[3];
    vcdr_lba_to_msf(lba, msf);
    snprintf(text, 16, "%02u:%02u:%02u", msf[0], msf[1], msf[2]);
    return text;
}

static void print_track(const struct vcdr_track *track, FILE *to)
{
    char start[16], length[16];
    fprintf(to, "  track %2u  %-9s  %-8s  start %s (%d)  length %s (%u)%s%s\n", track->number,
            track_mode(track), track_words[track->state], address_text(track->start_lba, start),
            track->start_lba, length_text(track->written, length), track->written,
            track->isrc[0] != '\0' ? "  ISRC " : "", track->isrc);
}

static void print_session(const struct vcdr_session *session, FILE *to)
{
    char text[16];
    fprintf(to, "session %u: %s", session->number, session_words[session->state]);
    if (session->recording != VCDR_RECORDING_TAO)
        fprintf(to, ", %s", recording_words[session->recording]);
    if (session->state == VCDR_SESSION_COMPLETE)
        fprintf(to, ", lead-out %s (%d), %s", address_text(session->lead_out_lba, text),
                session->lead_out_lba,
                session->next_allowed ? "another may follow" : "the last one");
    if (session->packs > 0)
        fprintf(to, ", CD-Text of %u packs", session->packs);
    fputc('\n', to);
}

int disc_info_print(const struct vcdr_disc *disc, FILE *to)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    char text[16];
    fprintf(to, "%s %08x, %s\n", medium_word(info->geometry.medium), info->serial,
            status_words[info->status]);
    fprintf(to, "last possible lead-out %s (%d)\n",
            address_text(info->geometry.last_lead_out_lba, text), info->geometry.last_lead_out_lba);
    fprintf(to, "free %s (%u blocks)\n", length_text(free_blocks(disc), text), free_blocks(disc));
    if (info->mcn[0] != '\0')
        fprintf(to, "catalogue number %s\n", info->mcn);
    if (info->snapshot)
        fputs("keeps a snapshot\n", to);
    for (unsigned s = 1; s <= info->sessions; s++) {
        struct vcdr_session session;
        int error = vcdr_disc_session(disc, s, &session);
        if (error != 0)
            return error;
        print_session(&session, to);
        for (unsigned t = session.first_track; t <= session.last_track; t++) {
            struct vcdr_track track;
            error = vcdr_disc_track(disc, t, &track);
            if (error != 0)
                return error;
            print_track(&track, to);
        }
    }
    return VCDR_OK;
}

static json_t *track_object(const struct vcdr_track *track)
{
    json_t *object = json_pack("{si ss ss si si sI si sI sI ss sI}", "number", track->number, "mode",
                               track_mode(track), "state", track_words[track->state], "control",
                               track->control, "block_type", track->block_type, "start_lba",
                               (json_int_t)track->start_lba, "session", track->session, "blocks",
                               (json_int_t)track->written, "size", (json_int_t)track->size,
                               "recording", recording_words[track->recording], "pregap_lba",
                               (json_int_t)track->pregap_lba);
    if (object != NULL && track->isrc[0] != '\0')
        json_object_set_new(object, "isrc", json_string(track->isrc));
    return object;
}

static json_t *session_object(const struct vcdr_session *session)
{
    json_t *object = json_pack("{si ss si sI ss si}", "number", session->number, "state",
                               session_words[session->state], "format", session->format,
                               "lead_in_lba", (json_int_t)session->lead_in_lba, "recording",
                               recording_words[session->recording], "cd_text_packs",
                               session->packs);
    if (object != NULL && session->state == VCDR_SESSION_COMPLETE) {
        json_object_set_new(object, "lead_out_lba", json_integer(session->lead_out_lba));
        json_object_set_new(object, "next_allowed", json_boolean(session->next_allowed));
    }
    return object;
}

/* The session's own tracks; they are numbered through the disc. */
static int add_tracks(const struct vcdr_disc *disc, const struct vcdr_session *session,
                      json_t *object)
{
    json_t *tracks = json_array();
    for (unsigned t = session->first_track; t <= session->last_track; t++) {
        struct vcdr_track track;
        int error = vcdr_disc_track(disc, t, &track);
        if (error != 0) {
            json_decref(tracks);
            return error;
        }
        json_array_append_new(tracks, track_object(&track));
    }
    return json_object_set_new(object, "tracks", tracks) == 0 ? VCDR_OK : VCDR_ENOMEM;
}

static int add_sessions(const struct vcdr_disc *disc, json_t *root)
{
    json_t *sessions = json_array();
    if (json_object_set_new(root, "sessions", sessions) != 0)
        return VCDR_ENOMEM;
    for (unsigned s = 1; s <= vcdr_disc_info(disc)->sessions; s++) {
        struct vcdr_session session;
        int error = vcdr_disc_session(disc, s, &session);
        if (error != 0)
            return error;
        json_t *object = session_object(&session);
        if (json_array_append_new(sessions, object) != 0)
            return VCDR_ENOMEM;
        error = add_tracks(disc, &session, object);
        if (error != 0)
            return error;
    }
    return VCDR_OK;
}

int disc_info_json(const struct vcdr_disc *disc, FILE *to)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    json_t *root =
        json_pack("{ss sI ss sI sI sI sb}", "medium", medium_word(info->geometry.medium), "serial",
                  (json_int_t)info->serial, "status", status_words[info->status], "lead_in_lba",
                  (json_int_t)info->geometry.lead_in_lba, "last_lead_out_lba",
                  (json_int_t)info->geometry.last_lead_out_lba, "free_blocks",
                  (json_int_t)free_blocks(disc), "snapshot", (int)info->snapshot);
    if (root == NULL)
        return VCDR_ENOMEM;
    if (info->mcn[0] != '\0')
        json_object_set_new(root, "mcn", json_string(info->mcn));
    int error = add_sessions(disc, root);
    if (error == VCDR_OK && json_dumpf(root, to, JSON_INDENT(2)) != 0)
        error = VCDR_EIO;
    if (error == VCDR_OK)
        fputc('\n', to);
    json_decref(root);
    return error;
}
