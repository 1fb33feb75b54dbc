/* SPDX-License-Identifier: MIT */
/* BLANK (MMC-6): a CD-RW, or a part of it, is erased. A row each blanking type. */
#include "core.h"

/* The whole disc and its minimum: here nothing is left of it either way. */
static int blank_disc(struct vcdr_disc *disc, uint32_t address)
{
    (void)address; /* not looked at */
    return vcdr_disc_blank(disc);
}

/* An address that is no track's number is none of a track that could be there. */
static int blank_track(struct vcdr_disc *disc, uint32_t address)
{
    return address <= CD_MAX_TRACKS ? vcdr_disc_erase_track(disc, address) : VCDR_ENOENT;
}

static int unreserve(struct vcdr_disc *disc, uint32_t address)
{
    return address <= CD_MAX_TRACKS ? vcdr_disc_unreserve(disc, address) : VCDR_ENOENT;
}

static int blank_tail(struct vcdr_disc *disc, uint32_t address)
{
    return vcdr_disc_erase_tail(disc, (int32_t)address);
}

static int unclose(struct vcdr_disc *disc, uint32_t address)
{
    (void)address;
    return vcdr_disc_unclose_session(disc);
}

static int erase_session(struct vcdr_disc *disc, uint32_t address)
{
    (void)address;
    return vcdr_disc_erase_session(disc);
}

static const struct blanking_type {
    int (*erase)(struct vcdr_disc *disc, uint32_t address);
    uint32_t nothing_there; /* VCDR_ENOENT, as sense */
    uint32_t not_now;       /* VCDR_ESTATE */
} types[8] = {
    [0] = {blank_disc, SENSE_NONE, SENSE_NONE},
    [1] = {blank_disc, SENSE_NONE, SENSE_NONE},
    [2] = {blank_track, SENSE_INVALID_FIELD_IN_CDB, SENSE_COMMAND_SEQUENCE_ERROR},
    [3] = {unreserve, SENSE_INVALID_FIELD_IN_CDB, SENSE_COMMAND_SEQUENCE_ERROR},
    [4] = {blank_tail, SENSE_INVALID_FIELD_IN_CDB, SENSE_COMMAND_SEQUENCE_ERROR},
    [5] = {unclose, SENSE_PROGRAM_AREA_IS_EMPTY, SENSE_PROGRAM_AREA_IS_NOT_EMPTY},
    [6] = {erase_session, SENSE_PROGRAM_AREA_IS_EMPTY, SENSE_COMMAND_SEQUENCE_ERROR},
};

static uint32_t refusal(const struct blanking_type *type, int error)
{
    if (error == VCDR_ENOENT)
        return type->nothing_there;
    if (error == VCDR_ESTATE)
        return type->not_now;
    if (error == VCDR_EADDRESS)
        return SENSE_LBA_OUT_OF_RANGE;
    return write_failed(error);
}

/* ---- what it takes ---- */

enum { LEAD_BLOCKS = 6750 + 4500 }; /* a lead-out and a lead-in */

static uint64_t recorded_blocks(const struct vcdr_disc *disc)
{
    struct vcdr_track track;
    uint64_t blocks = 0;

    for (unsigned n = 1; n <= vcdr_disc_info(disc)->tracks; n++) {
        if (vcdr_disc_track(disc, n, &track) == VCDR_OK)
            blocks += track.written;
    }
    return blocks;
}

/* Blocks to go over, of which `erased` were user blocks. */
static uint64_t blocks_of(const struct vcdr_geometry *geometry, unsigned type, uint64_t erased)
{
    if (type == 0)
        return (uint64_t)(geometry->last_lead_out_lba - geometry->lead_in_lba);
    if (type == 1)
        return (uint64_t)-geometry->lead_in_lba; /* lead-in and first pre-gap */
    return erased + (type >= 5 ? LEAD_BLOCKS : 0);
}

/* A track that was being written is not any more, whether it is there still or not. */
static void done(struct command *c, unsigned type, uint64_t erased)
{
    struct vcdr_drive *drive = c->drive;
    const struct vcdr_disc_info *info = vcdr_disc_info(drive->disc);
    int32_t lba;
    unsigned track = next_writable(drive, &lba);

    buffer_clear(drive);
    at_once_free(drive); /* a cue sheet was for what is gone */
    power_wake(drive);
    write_state_set(drive, c->nexus, WRITE_STATE_BLANKING, track, lba, 0);
    work_takes(drive, SENSE_NOT_READY_OPERATION_IN_PROGRESS,
               PMA_US + work_blocks_us(drive, blocks_of(&info->geometry, type, erased)));
    exclusive_medium_changed(drive);
    operational_event_raise(drive); /* what can be read and written is not what it was */
    event_medium_blanked(drive, c->nexus, type);
    write_state_set(drive, c->nexus, WRITE_STATE_IDLE, track, lba, 0);
}

uint32_t blank(struct command *c)
{
    unsigned number = c->cdb[1] & 0x07;
    const struct blanking_type *type = &types[number];
    struct vcdr_drive *drive = c->drive;
    uint64_t before;
    int error;

    if (type->erase == NULL)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (vcdr_disc_info(drive->disc)->geometry.medium != VCDR_MEDIUM_CD_RW)
        return SENSE_CANNOT_WRITE_INCOMPATIBLE_FORMAT;
    before = recorded_blocks(drive->disc);
    error = type->erase(drive->disc, get_be32(c->cdb + 2));
    if (error != VCDR_OK)
        return refusal(type, error);
    done(c, number, before - recorded_blocks(drive->disc));
    return SENSE_NONE;
}
