/* SPDX-License-Identifier: MIT */
/*
 * The buffer between the host and the pickup (MMC-6 4.5): filled by WRITE, drained at the selected
 * write speed, empty in the middle of a track when the host comes too late. The blocks themselves
 * lie on the disc already; here is only how many of them a real drive would still hold.
 */
#include "core.h"

/* From a track's first block until the pickup writes it: up to speed, to its place, calibrated. */
enum { START_US = 1000000 };

static bool underrun_free(const struct vcdr_drive *drive)
{
    return drive->mode.write_parameters[2] & WRITE_PARAMETERS_BUFE;
}

/* The pickup has something to write, or waits for it. */
static bool pickup_writes(const struct vcdr_drive *drive)
{
    return drive->timing != VCDR_TIMING_NONE && drive->write_state == WRITE_STATE_WRITING;
}

uint64_t buffer_rest_us(const struct vcdr_drive *drive)
{
    const struct buffer *buffer = &drive->buffer;

    return buffer->empty_us > drive->now.us ? buffer->empty_us - drive->now.us : 0;
}

static uint32_t buffer_blocks(const struct vcdr_drive *drive)
{
    const struct buffer *buffer = &drive->buffer;
    uint64_t from = buffer->start_us > drive->now.us ? buffer->start_us : drive->now.us;
    uint64_t us = buffer->empty_us > from ? buffer->empty_us - from : 0;

    /* rounded up: the block that is being written is still held */
    return (uint32_t)((us * drive->write_kbs + CD_RAW_BLOCK_BYTES * 1000 - 1) /
                      (CD_RAW_BLOCK_BYTES * 1000));
}

uint32_t buffer_bytes(const struct vcdr_drive *drive)
{
    uint64_t bytes = (uint64_t)buffer_blocks(drive) * drive->buffer.block_bytes;

    return bytes < BUFFER_BYTES ? (uint32_t)bytes : BUFFER_BYTES;
}

uint32_t buffer_check(struct vcdr_drive *drive, uint32_t blocks, unsigned block_bytes)
{
    uint64_t held;

    if (drive->timing == VCDR_TIMING_NONE)
        return SENSE_NONE;
    held = buffer_blocks(drive);
    /* a command larger than the buffer fits into an empty one: it must fit some time */
    if (held != 0 && (held + blocks) * block_bytes > BUFFER_BYTES)
        return SENSE_NOT_READY_LONG_WRITE;
    return SENSE_NONE;
}

void buffer_take(struct vcdr_drive *drive, uint32_t blocks, unsigned block_bytes)
{
    struct buffer *buffer = &drive->buffer;

    if (drive->timing == VCDR_TIMING_NONE)
        return;
    if (buffer->empty_us <= drive->now.us) /* nothing to write until now */
        buffer->start_us = buffer->empty_us = drive->now.us + START_US;
    buffer->empty_us += work_blocks_us(drive, blocks);
    buffer->block_bytes = block_bytes;
}

void buffer_speed(struct vcdr_drive *drive, uint16_t write_kbs)
{
    struct buffer *buffer = &drive->buffer;
    uint64_t from = buffer->start_us > drive->now.us ? buffer->start_us : drive->now.us;

    if (buffer->empty_us > from)
        buffer->empty_us = from + (buffer->empty_us - from) * drive->write_kbs / write_kbs;
    drive->write_kbs = write_kbs;
}

void buffer_clear(struct vcdr_drive *drive)
{
    drive->buffer = (struct buffer){.start_us = 0};
}

/* ---- under-run ---- */

uint64_t buffer_deadline(const struct vcdr_drive *drive)
{
    if (!pickup_writes(drive) || underrun_free(drive))
        return VCDR_NO_DEADLINE;
    return drive->buffer.empty_us;
}

void buffer_ran_empty(struct vcdr_drive *drive)
{
    buffer_clear(drive);
    drive->buffer.underrun = write_ran_dry(drive);
    write_stopped(drive, NULL); /* whatever became of the track: nothing is left to run out of */
    (void)work_begin(drive);
}

uint32_t buffer_underrun_take(struct vcdr_drive *drive)
{
    bool underrun = drive->buffer.underrun;

    drive->buffer.underrun = false;
    return underrun ? SENSE_LOSS_OF_STREAMING : SENSE_NONE;
}
