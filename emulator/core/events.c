/* SPDX-License-Identifier: MIT */
/* The lines of the record (docs/record.md): each event's own members as JSON text. */
#include "core.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room for the longest line: two names of a nexus and a disc's path, every byte escaped. What would
 * not fit is cut at a whole character, so that the text is JSON in any case. */
enum { MEMBERS_ROOM = 8192, INITIATOR_TEXT = 1400, ALIAS_ROOM = 1600, TEXT_ROOM = 4000 };

struct members {
    char text[MEMBERS_ROOM];
    size_t len;
};

static void begin(struct members *m)
{
    m->len = 0;
    m->text[0] = '\0';
}

static void add(struct members *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct members *m, const char *format, ...)
{
    size_t room = sizeof(m->text) - m->len;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(m->text + m->len, room, format, args);
    va_end(args);
    if (n > 0)
        m->len += (size_t)n < room ? (size_t)n : room - 1;
}

/* A JSON string of at most `limit` bytes between the quotes, or null. */
static void add_string(struct members *m, const char *value, size_t limit)
{
    char text[TEXT_ROOM + 3];

    vcdr_record_string(value, limit, text);
    add(m, "%s", text);
}

static void add_owner(struct members *m, const char *owner)
{
    add(m, ",\"owner\":");
    add_string(m, owner, TEXT_ROOM);
}

static void add_nexus(struct members *m, const struct nexus *nexus)
{
    add(m, ",\"nexus\":");
    if (nexus == NULL) {
        add(m, "null");
        return;
    }
    add(m, "{\"initiator\":");
    add_string(m, nexus->initiator, INITIATOR_TEXT);
    add(m, ",\"alias\":");
    add_string(m, nexus->alias, ALIAS_ROOM);
    add(m, ",\"id\":%llu}", (unsigned long long)nexus->id);
}

static void add_hex(struct members *m, const uint8_t *p, size_t len)
{
    add(m, "\"");
    for (size_t i = 0; i < len; i++)
        add(m, "%02x", p[i]);
    add(m, "\"");
}

static void add_disc(struct members *m, const struct vcdr_drive *drive)
{
    add(m, ",\"disc\":");
    add_string(m, drive->disc != NULL ? drive->disc_name : NULL, TEXT_ROOM);
}

/* Only where it is one: what is done to the disc says nothing of a rehearsal. */
static void add_test(struct members *m, const struct vcdr_drive *drive)
{
    if (rehearsing(drive))
        add(m, ",\"test\":true");
}

void event_emit(const struct vcdr_drive *drive, const char *name, const char *members)
{
    struct vcdr_event event = {
        .name = name,
        .drive = drive->serial,
        .time_us = drive->now.us - drive->power_on_us,
        .wall_us = drive->now.wall_us,
        .members = members,
    };

    drive->record.emit(drive->record.ctx, &event);
}

/* Now, or when the command that it belongs to has come so far. */
static void emit(struct vcdr_drive *drive, const char *name, const struct members *m)
{
    if (!work_later_line(drive, name, m->text))
        event_emit(drive, name, m->text);
}

void event_power_on(struct vcdr_drive *drive)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"version\":\"" VCDR_VERSION "\"");
    add_disc(&m, drive);
    emit(drive, "power-on", &m);
}

void event_power_off(struct vcdr_drive *drive, bool clean)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"clean\":%s", clean ? "true" : "false");
    emit(drive, "power-off", &m);
}

void event_nexus(struct vcdr_drive *drive, const char *name, const struct nexus *nexus)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add_nexus(&m, nexus);
    emit(drive, name, &m);
}

void event_exclusive(struct vcdr_drive *drive, const char *name, const struct nexus *nexus,
                     const char *owner, uint8_t flags, const char *via, const char *cause)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add_owner(&m, owner);
    add_nexus(&m, nexus);
    if (cause == NULL)
        add(&m, ",\"flags\":%u", flags);
    add(&m, ",\"via\":\"%s\"", via);
    if (cause != NULL)
        add(&m, ",\"cause\":\"%s\"", cause);
    emit(drive, name, &m);
}

void event_exclusive_denied(struct vcdr_drive *drive, const struct nexus *nexus, const char *wanted,
                            uint8_t opcode)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add_owner(&m, exclusive_owner(drive));
    add_nexus(&m, nexus);
    add(&m, ",\"wanted\":");
    add_string(&m, wanted, TEXT_ROOM);
    add(&m, ",\"opcode\":%u", opcode);
    emit(drive, "exclusive-denied", &m);
}

void event_persistent(struct vcdr_drive *drive, const char *name, const struct nexus *nexus,
                      const char *initiator, const uint8_t *key, uint8_t type, const char *cause)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"initiator\":");
    add_string(&m, initiator, INITIATOR_TEXT);
    add_nexus(&m, nexus);
    add(&m, ",\"key\":");
    add_hex(&m, key, PERSISTENT_KEY_BYTES);
    if (type != 0)
        add(&m, ",\"type\":%u", type);
    if (cause != NULL)
        add(&m, ",\"cause\":\"%s\"", cause);
    emit(drive, name, &m);
}

void event_persistent_denied(struct vcdr_drive *drive, const struct nexus *nexus, uint8_t opcode)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add_nexus(&m, nexus);
    add(&m, ",\"opcode\":%u,\"type\":%u", opcode, drive->persistent.type);
    emit(drive, "persistent-denied", &m);
}

static const char *const write_states[] = {
    [WRITE_STATE_IDLE] = "idle",
    [WRITE_STATE_WRITING] = "writing",
    [WRITE_STATE_FLUSHING] = "flushing",
    [WRITE_STATE_CLOSING_TRACK] = "closing-track",
    [WRITE_STATE_CLOSING_SESSION] = "closing-session",
    [WRITE_STATE_BLANKING] = "blanking",
};

void write_state_set(struct vcdr_drive *drive, const struct nexus *nexus, uint8_t state,
                     unsigned track, int32_t lba, uint64_t blocks)
{
    struct members m;
    uint8_t from = drive->write_state;

    drive->write_state = state;
    if (from == state)
        return;
    if (drive->record.emit == NULL) {
        if (!work_later_write_state(drive, state, NULL, NULL))
            drive->shown_write_state = state;
        return;
    }
    begin(&m);
    add(&m, ",\"from\":\"%s\",\"to\":\"%s\"", write_states[from], write_states[state]);
    add_owner(&m, exclusive_owner(drive));
    add_nexus(&m, nexus);
    add(&m, ",\"track\":%u,\"lba\":%ld,\"blocks\":%llu", track, (long)lba,
        (unsigned long long)blocks);
    add_test(&m, drive);
    if (!work_later_write_state(drive, state, "write-state", m.text)) {
        drive->shown_write_state = state;
        event_emit(drive, "write-state", m.text);
    }
}

/* Of the block types that this drive takes. */
static const char *track_mode(const struct vcdr_track *track)
{
    switch (track->block_type) {
    case BLOCK_TYPE_RAW:
        return "audio";
    case BLOCK_TYPE_MODE2:
        return "mode2";
    case BLOCK_TYPE_XA_FORM1:
    case BLOCK_TYPE_XA_FORM1_8:
        return "xa-form1";
    case BLOCK_TYPE_XA_FORM2:
        return "xa-form2";
    case BLOCK_TYPE_XA_MIXED:
        return "xa-mixed";
    default:
        return "mode1";
    }
}

static void event_track(struct vcdr_drive *drive, const char *name, const struct vcdr_track *track)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"track\":%u,\"session\":%u,\"mode\":\"%s\",\"start\":%ld,\"blocks\":%lu",
        track->number, track->session, track_mode(track), (long)track->start_lba,
        (unsigned long)track->written);
    if (track->recording == VCDR_RECORDING_PACKET)
        add(&m, ",\"packets\":%lu", (unsigned long)track->packet_size);
    add_owner(&m, exclusive_owner(drive));
    add_test(&m, drive);
    emit(drive, name, &m);
}

void event_track_opened(struct vcdr_drive *drive, const struct vcdr_track *track)
{
    event_track(drive, "track-opened", track);
}

void event_track_closed(struct vcdr_drive *drive, const struct vcdr_track *track)
{
    event_track(drive, "track-closed", track);
}

void event_session_closed(struct vcdr_drive *drive, const struct vcdr_session *session,
                          bool finalized)
{
    struct members m;
    unsigned tracks =
        session->last_track == 0 ? 0u : session->last_track - session->first_track + 1u;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"session\":%u,\"tracks\":%u,\"finalized\":%s", session->number, tracks,
        finalized ? "true" : "false");
    add_owner(&m, exclusive_owner(drive));
    add_test(&m, drive);
    emit(drive, "session-closed", &m);
}

void event_session_damaged(struct vcdr_drive *drive, const struct vcdr_session *session)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"session\":%u", session->number);
    add_owner(&m, exclusive_owner(drive));
    add_test(&m, drive);
    emit(drive, "session-damaged", &m);
}

void event_medium(struct vcdr_drive *drive, const char *name, const struct nexus *nexus)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add_disc(&m, drive);
    if (nexus != NULL)
        add_nexus(&m, nexus);
    add_test(&m, drive);
    emit(drive, name, &m);
}

void event_medium_blanked(struct vcdr_drive *drive, const struct nexus *nexus, unsigned type)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add_disc(&m, drive);
    add_nexus(&m, nexus);
    add(&m, ",\"type\":%u", type);
    add_test(&m, drive);
    emit(drive, "medium-blanked", &m);
}

void event_command(struct vcdr_drive *drive, const struct nexus *nexus, const struct row *row,
                   const struct vcdr_command *command, uint64_t busy_us)
{
    struct members m;

    if (drive->record.emit == NULL)
        return;
    begin(&m);
    add(&m, ",\"opcode\":%u,\"name\":", command->cdb[0]);
    add_string(&m, row != NULL ? row->name : NULL, TEXT_ROOM);
    add(&m, ",\"cdb\":");
    add_hex(&m, command->cdb, row != NULL ? row->cdb_length : sizeof(command->cdb));
    add_nexus(&m, nexus);
    add(&m, ",\"out\":%zu,\"in\":%zu,\"status\":%u,\"sense\":", command->out_len, command->in_len,
        command->status);
    if (command->sense_len > 0)
        add(&m, "\"%02X/%02X/%02X\"", command->sense[2], command->sense[12], command->sense[13]);
    else
        add(&m, "null");
    add(&m, ",\"busy_us\":%llu", (unsigned long long)busy_us);
    emit(drive, "command", &m);
}
