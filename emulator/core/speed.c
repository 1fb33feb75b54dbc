/* SPDX-License-Identifier: MIT */
/*
 * Speeds and the buffer: SET CD SPEED, SET STREAMING, GET PERFORMANCE, READ BUFFER CAPACITY
 * (MMC-6). A speed is in kB/s of 1000 bytes; 1x is 176.4, 75 blocks of 2352 bytes. The speed that
 * is selected is remembered and told; the drive is as fast as its initiator.
 */
#include "core.h"

enum { STREAMING_BYTES = 28 };

/* 48x 32x 24x 16x 8x 4x 2x 1x; of reading, and of writing CD-R. CD-RW is written at 4x and less, as
 * its ATIP says (toc.c). */
static const uint16_t speeds[] = {SPEED_FASTEST, 5645, 4234, 2822, 1411, 706, 353, 176};
enum { SPEEDS = sizeof(speeds) / sizeof(speeds[0]), CD_RW_FASTEST = 5 };

size_t speed_table(const struct vcdr_drive *drive, const uint16_t **table)
{
    bool rewritable = medium_sense(drive) == SENSE_NONE &&
                      vcdr_disc_info(drive->disc)->geometry.medium == VCDR_MEDIUM_CD_RW;
    size_t first = rewritable ? CD_RW_FASTEST : 0;

    *table = speeds + first;
    return SPEEDS - first;
}

void speed_reset(struct vcdr_drive *drive)
{
    const uint16_t *writing;

    (void)speed_table(drive, &writing);
    drive->read_kbs = speeds[0];
    drive->write_kbs = writing[0];
}

/* The fastest that does not exceed the wish, the slowest where all do. Clients ask with N x 176.4
 * and drop the fraction, so a wish may fall 1 short. */
static uint16_t nearest_of(const uint16_t *table, size_t count, uint64_t wish)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i] <= wish + 1)
            return table[i];
    }
    return table[count - 1];
}

static uint16_t nearest_speed(const struct vcdr_drive *drive, bool writing, uint64_t wish)
{
    const uint16_t *table = speeds;
    size_t count = writing ? speed_table(drive, &table) : SPEEDS;

    return nearest_of(table, count, wish);
}

static uint16_t choose_speed(const struct vcdr_drive *drive, bool writing, uint16_t wish,
                             uint16_t present)
{
    if (wish == 0) /* not defined: leave it */
        return present;
    return nearest_speed(drive, writing, wish); /* FFFFh, the maximum, comes out as that */
}

uint32_t set_cd_speed(struct command *c)
{
    /* never refused: drives round, burners give up (rotation control has nothing to turn here) */
    struct vcdr_drive *drive = c->drive;

    drive->read_kbs = choose_speed(drive, false, get_be16(c->cdb + 2), drive->read_kbs);
    buffer_speed(drive, choose_speed(drive, true, get_be16(c->cdb + 4), drive->write_kbs));
    return SENSE_NONE;
}

/* ---- SET STREAMING ---- */

/* `size` kB in `time` ms. */
static uint32_t streaming_speed(const struct vcdr_drive *drive, bool writing, const uint8_t *p,
                                bool exact, uint16_t *speed)
{
    uint32_t size = get_be32(p), time = get_be32(p + 4);
    uint64_t wish;

    if (time == 0)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    if (size == 0)
        return SENSE_NONE; /* as in SET CD SPEED */
    wish = (uint64_t)size * 1000 / time;
    if (exact && nearest_speed(drive, writing, wish) > wish + 1) /* slower than the slowest */
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    *speed = nearest_speed(drive, writing, wish);
    return SENSE_NONE;
}

uint32_t set_streaming(struct command *c)
{
    const uint8_t *p = c->out;
    uint16_t read_kbs = c->drive->read_kbs, write_kbs = c->drive->write_kbs;
    bool exact;
    uint32_t sense;

    if (c->cdb[8] != 0) /* type: performance descriptor */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (get_be16(c->cdb + 9) == 0)
        return SENSE_NONE;
    if (get_be16(c->cdb + 9) != STREAMING_BYTES || c->out_len != STREAMING_BYTES)
        return SENSE_PARAMETER_LIST_LENGTH_ERROR;
    exact = p[0] & 0x02;
    if (p[0] & 0x04) { /* RDD: restore the defaults */
        speed_reset(c->drive);
        return SENSE_NONE;
    }
    if (get_be32(p + 4) > get_be32(p + 8)) /* start and end LBA */
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    sense = streaming_speed(c->drive, false, p + 12, exact, &read_kbs);
    if (sense == SENSE_NONE)
        sense = streaming_speed(c->drive, true, p + 20, exact, &write_kbs);
    if (sense != SENSE_NONE)
        return sense;
    c->drive->read_kbs = read_kbs;
    buffer_speed(c->drive, write_kbs);
    return SENSE_NONE;
}

/* ---- GET PERFORMANCE ---- */

enum { PERFORMANCE = 0x00, WRITE_SPEED = 0x03 }; /* types */
enum { HEADER_WRITE = 0x02, HEADER_EXCEPT = 0x01 };

static void performance_header(struct command *c, uint32_t descriptors, uint32_t bytes,
                               uint8_t flags)
{
    writer_be32(&c->in, 4 + descriptors * bytes); /* of all, whatever the CDB leaves room for */
    writer_u8(&c->in, flags);
    writer_zero(&c->in, 3);
}

/* The last address of the medium: of what is recorded for reading, of the groove for writing. */
static uint32_t performance_end(const struct vcdr_disc *disc, bool writing)
{
    int32_t end = recorded_end(disc);

    if (writing || end == 0)
        end = vcdr_disc_info(disc)->geometry.last_lead_out_lba;
    return (uint32_t)end - 1;
}

/* Nominal performance is one line at the selected speed over the whole medium, and there are no
 * exceptions from it. */
static uint32_t put_performance(struct command *c, bool medium, uint16_t room)
{
    bool writing = c->cdb[1] & 0x04;
    unsigned except = c->cdb[1] & 0x03;
    uint16_t speed = writing ? c->drive->write_kbs : c->drive->read_kbs;
    uint32_t end = medium ? performance_end(c->drive->disc, writing) : 0;
    uint32_t n = medium && except == 0 ? 1 : 0;

    if ((c->cdb[1] & 0x18) != 0x10 || except == 3) /* tolerance: 10 % nominal, 20 % exceptions */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (medium && get_be32(c->cdb + 2) > end)
        return SENSE_LBA_OUT_OF_RANGE;
    performance_header(c, n, 16,
                       (uint8_t)((writing ? HEADER_WRITE : 0) | (except != 0 ? HEADER_EXCEPT : 0)));
    if (n == 0 || room == 0)
        return SENSE_NONE;
    writer_be32(&c->in, 0);
    writer_be32(&c->in, speed);
    writer_be32(&c->in, end);
    writer_be32(&c->in, speed);
    return SENSE_NONE;
}

static uint32_t put_write_speeds(struct command *c, bool medium, uint16_t room)
{
    const uint16_t *writing;
    size_t count = speed_table(c->drive, &writing);
    uint32_t n = medium ? (uint32_t)count : 0;

    if (c->cdb[1] & 0x1F)
        return SENSE_INVALID_FIELD_IN_CDB;
    performance_header(c, n, 16, 0);
    for (unsigned i = 0; i < n && i < room; i++) {
        writer_be32(&c->in, 0); /* WRC: CLV */
        writer_be32(&c->in, performance_end(c->drive->disc, true));
        writer_be32(&c->in, speeds[0]);
        writer_be32(&c->in, writing[i]);
    }
    return SENSE_NONE;
}

uint32_t get_performance(struct command *c)
{
    bool medium = medium_sense(c->drive) == SENSE_NONE;
    uint16_t room = get_be16(c->cdb + 8); /* maximum number of descriptors, 0 too */

    switch (c->cdb[10]) {
    case PERFORMANCE:
        return put_performance(c, medium, room);
    case WRITE_SPEED:
        return put_write_speeds(c, medium, room);
    default:
        return SENSE_INVALID_FIELD_IN_CDB;
    }
}

/* ---- READ BUFFER CAPACITY ---- */

/* In a drive that nothing takes time in, the buffer holds what is written and not yet flushed, as
 * far as half of it: it never makes an initiator wait for room, and burners take an empty buffer
 * for the beginning of an under-run. */
static uint32_t buffered_bytes(const struct vcdr_drive *drive)
{
    const uint64_t most = BUFFER_BYTES / 2;
    struct vcdr_track track;
    uint64_t bytes = at_once_bytes(drive);

    if (drive->timing != VCDR_TIMING_NONE)
        return buffer_bytes(drive);
    if (bytes > 0)
        return (uint32_t)(bytes < most ? bytes : most);
    if (drive->write_state != WRITE_STATE_WRITING ||
        vcdr_disc_track(drive->disc, vcdr_disc_info(drive->disc)->open_track, &track) != VCDR_OK)
        return 0;
    bytes = (uint64_t)track.written * vcdr_block_bytes(track.block_type);
    return (uint32_t)(bytes < most ? bytes : most);
}

uint32_t read_buffer_capacity(struct command *c)
{
    bool in_blocks = c->cdb[1] & 0x01;
    uint32_t free_bytes = BUFFER_BYTES - buffered_bytes(c->drive);
    unsigned block = vcdr_block_bytes(c->drive->mode.write_parameters[4] & 0x0F);

    limit_in(c, get_be16(c->cdb + 7));
    writer_be16(&c->in, 10);
    writer_u8(&c->in, 0);
    writer_u8(&c->in, in_blocks);
    writer_be32(&c->in, in_blocks ? 0 : BUFFER_BYTES);
    writer_be32(&c->in, in_blocks ? free_bytes / block : free_bytes);
    return SENSE_NONE;
}
