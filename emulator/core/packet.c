/* SPDX-License-Identifier: MIT */
/*
 * Incremental writing, in packets (MMC-6 7.5.4, write type 0): what of WRITE and SYNCHRONIZE CACHE
 * is other than in track-at-once, and REPAIR TRACK. WRITEs that follow each other make one packet;
 * it ends with SYNCHRONIZE CACHE, a close, a reset, and when the buffer runs empty. The track stays
 * open.
 */
#include "core.h"

enum { FIXED_PACKETS = 0x20, LINK_BLOCKS = 7 };

bool packets_wanted(const struct vcdr_drive *drive)
{
    return (drive->mode.write_parameters[2] & 0x0F) == WRITE_TYPE_PACKET;
}

uint32_t packet_size_wanted(const struct vcdr_drive *drive)
{
    const uint8_t *page = drive->mode.write_parameters;

    return page[3] & FIXED_PACKETS ? get_be32(page + 10) : 0;
}

bool packets_agree(const struct vcdr_drive *drive, const struct vcdr_track *track)
{
    bool packets = track->recording == VCDR_RECORDING_PACKET;

    return packets == packets_wanted(drive) &&
           (!packets || track->packet_size == packet_size_wanted(drive));
}

uint32_t packet_room(const struct vcdr_drive *drive, uint32_t free_blocks)
{
    uint32_t size = packet_size_wanted(drive);

    if (!packets_wanted(drive) || size == 0)
        return free_blocks;
    return (free_blocks + LINK_BLOCKS) / (size + LINK_BLOCKS) * size;
}

/* The track in packets that is open; false for none. */
static bool open_packets(const struct vcdr_drive *drive, struct vcdr_track *track)
{
    unsigned open = drive->disc != NULL ? vcdr_disc_info(drive->disc)->open_track : 0;

    return open != 0 && vcdr_disc_track(drive->disc, open, track) == VCDR_OK &&
           track->recording == VCDR_RECORDING_PACKET;
}

static void enter(struct command *c, uint8_t state)
{
    struct vcdr_track track;
    int32_t next;

    if (!open_packets(c->drive, &track))
        return;
    (void)next_writable(c->drive, &next);
    write_state_set(c->drive, c->nexus, state, track.number, next, track.written);
}

bool packet_flush(struct command *c, uint32_t *sense)
{
    struct vcdr_drive *drive = c->drive;
    struct vcdr_track track;
    int error;

    if (!open_packets(drive, &track))
        return false;
    if (drive->write_state != WRITE_STATE_IDLE)
        enter(c, WRITE_STATE_FLUSHING);
    error = vcdr_disc_end_packet(drive->disc);
    if (error == VCDR_OK)
        error = vcdr_disc_flush(drive->disc);
    work_takes(drive, SENSE_NOT_READY_LONG_WRITE, buffer_rest_us(drive));
    buffer_clear(drive);
    enter(c, WRITE_STATE_IDLE);
    *sense = error == VCDR_OK ? SENSE_NONE : write_failed(error);
    return true;
}

void packet_written(struct command *c)
{
    c->drive->packet_writer = packets_wanted(c->drive) ? c->nexus : NULL;
}

void packet_writer_lost(struct vcdr_drive *drive, struct nexus *nexus)
{
    struct command c = {.drive = drive, .nexus = nexus};
    uint32_t sense;

    if (drive->packet_writer != nexus)
        return;
    drive->packet_writer = NULL;
    if (drive->write_state == WRITE_STATE_WRITING && packet_flush(&c, &sense))
        (void)work_begin(drive);
}

bool packet_may_end(const struct command *c)
{
    struct vcdr_track track;

    return c->drive->packet_writer == c->nexus && open_packets(c->drive, &track);
}

/* An interrupted packet of this disc is whole as far as it goes: ending it is the repair. */
uint32_t repair_track(struct command *c)
{
    struct vcdr_track track;
    uint32_t sense = SENSE_INVALID_FIELD_IN_CDB;

    if (open_packets(c->drive, &track) && track.number == get_be16(c->cdb + 4))
        (void)packet_flush(c, &sense);
    return sense;
}
