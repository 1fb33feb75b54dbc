/* SPDX-License-Identifier: MIT */
/*
 * Tracks written in packets: runs of blocks, with seven blocks of linking between two of them (two
 * of run-out, a link, four of run-in; those before the first packet lie in the pre-gap).
 *
 * Packets of variable length have addresses like everything else, linking included (MMC-6, method
 * 1). Where each begins stands in a table in the room of the track's pre-gap. Between packets of a
 * fixed length the linking has no addresses (method 2), so where a block lies is plain arithmetic.
 */
#include <string.h>

#include "bytes.h"
#include "crc32.h"
#include "disc_private.h"

/* ---- lengths ---- */

uint32_t packet_extent(const struct track *track, uint32_t blocks)
{
    uint32_t size = track->packet_size, packets;

    if (size == 0 || blocks == 0)
        return blocks;
    packets = (blocks + size - 1) / size;
    return packets * size + (packets - 1) * LINK_BLOCKS;
}

uint32_t packet_capacity(const struct track *track, uint32_t extent)
{
    uint32_t size = track->packet_size;

    return size == 0 ? extent : (extent + LINK_BLOCKS) / (size + LINK_BLOCKS) * size;
}

/* Behind what is stored, where the present packet ends. */
static uint32_t packet_end(const struct track *track)
{
    uint32_t size = track->packet_size;

    return size == 0 ? track->stored : (track->stored + size - 1) / size * size;
}

uint32_t packet_next(const struct track *track)
{
    if (!track_in_packets(track) || track->packet_open || track->stored == 0)
        return track->stored;
    return packet_end(track) + (track->packet_size == 0 ? LINK_BLOCKS : 0);
}

int32_t packet_address(const struct track *track, uint32_t at)
{
    if (track->packet_size > 0)
        at += at / track->packet_size * LINK_BLOCKS;
    return track->start_lba + (int32_t)at;
}

/* ---- the table: where packets of variable length begin ---- */

enum { SLOT_BYTES = 7, TABLE_ROOM = 88 * TRACK_ALIGNMENT };

/* Every packet of the longest track has a slot, and the pre-gap has room for them. */
_Static_assert(TABLE_ROOM / SLOT_BYTES > 405000 / (LINK_BLOCKS + 1), "slots");
_Static_assert(TABLE_ROOM < CD_PREGAP_BLOCKS * BLOCK_STRIDE, "room");

uint64_t packet_table(const struct track *track, uint32_t packet)
{
    return layout_offset(track, 0) - TABLE_ROOM + (uint64_t)packet * SLOT_BYTES;
}

/* A slot of another track, of another time or of nobody does not hold. */
static uint32_t slot_check(const struct track *track, uint32_t packet, uint32_t start)
{
    uint8_t all[12];

    put_be32(all, (uint32_t)track->start_lba);
    put_be32(all + 4, packet);
    put_be32(all + 8, start);
    return crc32_of(all, sizeof(all));
}

static int slot_write(struct vcdr_disc *disc, const struct track *track, uint32_t packet,
                      uint32_t start)
{
    uint8_t slot[SLOT_BYTES];

    put_be32(slot, start << 8); /* three bytes; the fourth is written over */
    put_be32(slot + 3, slot_check(track, packet, start));
    disc->dirty = true;
    return disc->store.ops->write(disc->store.ctx, packet_table(track, packet), slot, sizeof(slot));
}

static int slot_read(const struct vcdr_disc *disc, const struct track *track, uint32_t packet,
                     uint32_t *start)
{
    uint8_t slot[SLOT_BYTES];
    int rc;

    if (packet + 1 == track->packets) {
        *start = track->last_packet;
        return VCDR_OK;
    }
    rc = disc->store.ops->read(disc->store.ctx, packet_table(track, packet), slot, sizeof(slot));
    if (rc != VCDR_OK)
        return rc;
    *start = get_be32(slot) >> 8;
    return get_be32(slot + 3) == slot_check(track, packet, *start) ? VCDR_OK : VCDR_EIO;
}

/* The last packet that begins at this block of the track or before it. */
static int find_packet(const struct vcdr_disc *disc, const struct track *track, uint32_t at,
                       uint32_t *packet, uint32_t *start)
{
    uint32_t low = 0, high = track->packets - 1;

    if (at >= track->last_packet) /* the log has it */
        low = high;
    while (low < high) {
        uint32_t middle = low + (high - low + 1) / 2;
        int rc = slot_read(disc, track, middle, start);

        if (rc != VCDR_OK)
            return rc;
        if (*start <= at)
            low = middle;
        else
            high = middle - 1;
    }
    *packet = low;
    return slot_read(disc, track, low, start);
}

int packet_run(const struct vcdr_disc *disc, const struct track *track, uint32_t at,
               uint32_t *blocks)
{
    uint32_t packet, start, end = track->written;
    int rc;

    if (track->packet_size > 0) {
        *blocks = track->packet_size - at % track->packet_size;
        return VCDR_OK;
    }
    rc = find_packet(disc, track, at, &packet, &start);
    if (rc == VCDR_OK && packet + 1 < track->packets) {
        rc = slot_read(disc, track, packet + 1, &end);
        end -= LINK_BLOCKS;
    } else if (track->stored > start) { /* the last packet, and no padding */
        end = track->stored;
    }
    if (rc != VCDR_OK)
        return rc;
    if (at >= end)
        return VCDR_EUNREADABLE;
    *blocks = end - at;
    return VCDR_OK;
}

/* ---- writing ---- */

int packet_write(struct vcdr_disc *disc, struct track *track, const void *data, uint32_t blocks)
{
    uint32_t next = packet_next(track);
    bool begins = !track->packet_open && track->packet_size == 0;
    int rc = VCDR_OK;

    if (begins)
        rc = slot_write(disc, track, track->packets, next);
    else if (next > track->stored) /* a power cut left the last packet unfinished */
        rc = store_zeros(disc, layout_offset(track, track->stored), layout_offset(track, next));
    disc->dirty = true;
    if (rc == VCDR_OK)
        rc = disc->store.ops->write(disc->store.ctx, layout_offset(track, next), data,
                                    (size_t)blocks * vcdr_block_bytes(track->block_type));
    if (rc != VCDR_OK) /* the log counts none of it: the same blocks may be written again */
        return rc;
    if (begins) {
        track->last_packet = next;
        track->packets++;
    }
    track->packet_open = true;
    track->stored = next + blocks;
    track->written = track->stored;
    disc->info.generation++;
    return VCDR_OK;
}

int vcdr_disc_end_packet(struct vcdr_disc *disc)
{
    struct track *track;
    uint32_t end;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (disc->info.open_track == 0)
        return VCDR_OK;
    track = track_of(disc, disc->info.open_track);
    if (!track->packet_open)
        return VCDR_OK;
    end = packet_end(track);
    rc = store_zeros(disc, layout_offset(track, track->stored), layout_offset(track, end));
    if (rc != VCDR_OK)
        return rc;
    track->packet_open = false;
    track->stored = end;
    track->written = end;
    disc->info.generation++;
    return VCDR_OK;
}

/* ---- completing ---- */

/* As many packets as the track needs for its least length, all of them zeros. */
static void complete_fixed(struct track *track, uint32_t left)
{
    uint32_t step = track->packet_size + LINK_BLOCKS, room = left;
    uint32_t least = (CD_MIN_TRACK_BLOCKS + LINK_BLOCKS + step - 1) / step;
    uint32_t most, packets = packet_end(track) / track->packet_size;

    if (track->room > 0)
        room = track->room;
    most = (room + LINK_BLOCKS) / step;
    if (track->room > 0 || least > most)
        least = most;
    track->written = (packets > least ? packets : least) * track->packet_size;
}

int packet_complete(struct vcdr_disc *disc, struct track *track)
{
    uint32_t left = layout_left(disc, track->start_lba), start, end;
    int rc;

    track->packet_open = false;
    track->written = track->stored;
    if (track->packet_size > 0) {
        complete_fixed(track, left);
        return VCDR_OK;
    }
    /* one more packet, of zeros, up to the end */
    start = packet_next(track);
    end = track->room > 0 ? track->room : CD_MIN_TRACK_BLOCKS;
    if (track->room == 0 && track->stored < end && end <= start && start < left)
        end = start + 1;
    if (track->stored >= end || end <= start)
        return VCDR_OK;
    rc = slot_write(disc, track, track->packets, start);
    if (rc != VCDR_OK)
        return rc;
    track->last_packet = start;
    track->packets++;
    track->written = end;
    return VCDR_OK;
}

/* ---- erasing ---- */

int packet_cut(const struct vcdr_disc *disc, struct track *track, uint32_t at)
{
    uint32_t packet = 0, start = 0;
    int rc = VCDR_OK;

    track->packet_open = false;
    if (track->packet_size > 0) {
        if (at % track->packet_size != 0)
            return VCDR_EADDRESS;
        track->stored = at;
        return VCDR_OK;
    }
    if (at > 0)
        rc = find_packet(disc, track, at, &packet, &start);
    if (rc != VCDR_OK)
        return rc;
    if (start != at)
        return VCDR_EADDRESS;
    if (packet > 0)
        rc = slot_read(disc, track, packet - 1, &track->last_packet);
    else
        track->last_packet = 0;
    track->packets = packet;
    track->stored = at > 0 ? at - LINK_BLOCKS : 0;
    return rc;
}

/* ---- replay ---- */

bool packet_fits(const struct track *track, uint32_t left)
{
    uint32_t room = track->room > 0 ? track->room : left;
    uint32_t last = track->last_packet;

    if (track->packet_size > PACKET_BLOCKS || track->stored > track->written ||
        packet_extent(track, track->written) > room)
        return false;
    if (track->state == VCDR_TRACK_OPEN && track->stored != track->written)
        return false;
    if (track->packet_size > 0)
        return track->packets == 0 && last == 0 &&
               (track->state == VCDR_TRACK_OPEN || track->written % track->packet_size == 0);
    if (track->packets == 0)
        return track->written == 0 && last == 0;
    return last < track->written && (track->packets > 1) == (last > 0) &&
           track->packets - 1 <= last / (LINK_BLOCKS + 1);
}
