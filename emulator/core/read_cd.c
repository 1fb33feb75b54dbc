/* SPDX-License-Identifier: MIT */
/*
 * READ CD and READ CD MSF (MMC-6): sectors with as much around the user data as is asked for, their
 * C2 error pointers, of which none is ever set, and their sub-channel.
 */
#include "core.h"

#include <string.h>

/* Kinds of sector; the CDB's expected sector type has the same numbers, 0 for any. */
enum sector_type {
    SECTOR_ANY,
    SECTOR_CD_DA,
    SECTOR_MODE_1,
    SECTOR_MODE_2,
    SECTOR_FORM_1,
    SECTOR_FORM_2,
    SECTOR_TYPES
};

/* Byte 9 of the CDB: which fields of the main channel, and what belongs to them. */
enum {
    SELECT_SYNC = 0x80,
    SELECT_SUB_HEADER = 0x40,
    SELECT_HEADER = 0x20,
    SELECT_USER = 0x10,
    SELECT_EDC_ECC = 0x08,
    SELECT_MAIN = 0xF8,
    SELECT_C2 = 0x06,
    SELECT_RESERVED = 0x01
};

/* C2 error pointers, one bit a byte of the main channel, by bits 2-1 of byte 9: none, the pointers,
 * and with them their sum in one byte and a byte of padding. No byte of this drive is ever in
 * error. */
enum { C2_SHIFT = 1, C2_VALUES = 3, C2_BYTES_MAX = 296 };
static const uint16_t c2_bytes[C2_VALUES] = {0, 294, C2_BYTES_MAX};

enum { FIELDS = 5 };

/* The fields of a sector in the order in which they lie there, 2352 bytes in all (ECMA-130,
 * CD-ROM XA). */
struct layout {
    uint16_t bytes[FIELDS];
};
static const uint8_t field_bit[FIELDS] = {SELECT_SYNC, SELECT_HEADER, SELECT_SUB_HEADER,
                                          SELECT_USER, SELECT_EDC_ECC};
static const struct layout layouts[SECTOR_TYPES] = {
    [SECTOR_CD_DA] = {{0, 0, 0, 2352, 0}},   [SECTOR_MODE_1] = {{12, 4, 0, 2048, 288}},
    [SECTOR_MODE_2] = {{12, 4, 0, 2336, 0}}, [SECTOR_FORM_1] = {{12, 4, 8, 2048, 280}},
    [SECTOR_FORM_2] = {{12, 4, 8, 2324, 4}},
};

/* Combinations that the standard allows at all; one row a value of byte 9, bits 7-3. Without
 * sub-header between header and user data they suit only sectors that have none. */
struct combination {
    uint8_t select;
    bool without_sub_header;
};
static const struct combination combinations[] = {
    {0x00, false}, {0x10, false}, {0x18, false}, {0x20, false}, {0x30, true},
    {0x38, true},  {0x40, false}, {0x50, false}, {0x58, false}, {0x60, false},
    {0x70, false}, {0x78, false}, {0x80, false}, {0xA0, false}, {0xB0, true},
    {0xB8, true},  {0xE0, false}, {0xF0, false}, {0xF8, false},
};

/* One contiguous piece of each sector goes to the host. */
struct piece {
    size_t at;
    size_t len;
};

static bool combination_suits(uint8_t select, enum sector_type type)
{
    if (type == SECTOR_CD_DA) /* it has one field, whatever is selected */
        return true;
    for (size_t i = 0; i < sizeof(combinations) / sizeof(combinations[0]); i++) {
        if (combinations[i].select != select)
            continue;
        return !combinations[i].without_sub_header ||
               (type != SECTOR_FORM_1 && type != SECTOR_FORM_2);
    }
    return false;
}

static struct piece piece_of(uint8_t select, enum sector_type type)
{
    const struct layout *layout = &layouts[type];
    struct piece piece = {0, 0};
    size_t at = 0;

    if (type == SECTOR_CD_DA && select != 0)
        select = SELECT_USER;
    /* form 2 ends in 4 bytes that may be an EDC: drives count them as user data */
    if (type == SECTOR_FORM_2 && select & SELECT_USER)
        select |= SELECT_EDC_ECC;
    for (unsigned i = 0; i < FIELDS; i++) {
        if (select & field_bit[i] && layout->bytes[i] > 0) {
            if (piece.len == 0)
                piece.at = at;
            piece.len += layout->bytes[i];
        }
        at += layout->bytes[i];
    }
    return piece;
}

/* A READ CD under way. */
struct reading {
    enum sector_type expected;
    uint8_t select;
    enum sub_selection sub;
    uint16_t c2;
    int32_t lba;
    uint32_t blocks;
    struct vcdr_track track; /* that holds the present block */
    int32_t track_end;       /* it, or its pre-gap, goes up to here; equal to lba when not known */
    int32_t silent_from;     /* a run-out that is concealed begins here */
    bool is_data;
    bool first_is_data;
    bool mixes; /* the sub-channel alone: audio and data may come in one answer */
};

static enum sector_type type_of(const struct reading *r, const uint8_t *sector)
{
    if (!r->is_data)
        return SECTOR_CD_DA;
    if (sector[15] == 1)
        return SECTOR_MODE_1;
    if (sector[15] != 2 || r->track.block_type == BLOCK_TYPE_MODE2)
        return SECTOR_MODE_2;
    return sector[18] & 0x20 ? SECTOR_FORM_2 : SECTOR_FORM_1; /* submode: form */
}

/* Complete audio tracks end in a run-out that players and rippers read over, since the TOC counts
 * it as the track's: it conceals as silence. A data track's is an error, and what is only rehearsed
 * has none. */
static int32_t silence_of(const struct vcdr_disc *disc, const struct vcdr_track *track)
{
    int32_t end = track->start_lba + (int32_t)track->written;
    struct vcdr_position last;

    if (track->state != VCDR_TRACK_COMPLETE || track->control & CONTROL_DATA ||
        vcdr_disc_position(disc, end - 1, &last) != VCDR_OK)
        return INT32_MAX;
    return end;
}

/* Audio and data never come in one answer: their blocks differ in more than size. */
static int enter_track(const struct vcdr_disc *disc, struct reading *r, int32_t lba)
{
    struct vcdr_position position;

    if (lba < r->track_end)
        return VCDR_OK;
    if (vcdr_disc_track_at(disc, lba, &r->track) != VCDR_OK)
        return VCDR_EUNREADABLE; /* inside the recording: between two sessions */
    r->track_end =
        lba < r->track.start_lba ? r->track.start_lba : r->track.start_lba + (int32_t)r->track.size;
    r->silent_from = silence_of(disc, &r->track);
    if (vcdr_disc_position(disc, lba, &position) != VCDR_OK) /* in a run-out */
        position.control = r->track.control;
    r->is_data = position.control & CONTROL_DATA;
    if (lba == r->lba)
        r->first_is_data = r->is_data;
    return r->mixes || r->is_data == r->first_is_data ? VCDR_OK : VCDR_EMODE;
}

/* Raw sectors of one track from `lba` on, at most `blocks`; `done` is how many there were. */
static int read_raw(struct command *c, struct reading *r, int32_t lba, uint32_t blocks,
                    uint8_t *buf, uint32_t *done)
{
    int error = enter_track(c->drive->disc, r, lba);
    int32_t end = r->track_end;

    *done = 0;
    if (error != VCDR_OK)
        return error;
    if (lba < r->silent_from && r->silent_from < end)
        end = r->silent_from;
    if (blocks > (uint32_t)(end - lba))
        blocks = (uint32_t)(end - lba);
    if (lba < r->silent_from)
        return vcdr_disc_read_raw(c->drive->disc, lba, blocks, buf, done);
    memset(buf, 0, (size_t)blocks * CD_RAW_BLOCK_BYTES);
    *done = blocks;
    return VCDR_OK;
}

/* Whole raw sectors straight into the initiator's room: audio, and data with all its fields. */
static uint32_t read_whole(struct command *c, struct reading *r, uint32_t *done)
{
    size_t room = c->in.room / CD_RAW_BLOCK_BYTES;
    uint32_t fit = room < r->blocks ? (uint32_t)room : r->blocks;

    while (*done < fit) {
        int32_t lba = r->lba + (int32_t)*done;
        uint8_t *to = c->in.buf + (size_t)*done * CD_RAW_BLOCK_BYTES;
        uint32_t good;
        int error = read_raw(c, r, lba, fit - *done, to, &good);

        if (error != VCDR_OK)
            return read_failed(c, error, lba, good);
        *done += good;
    }
    c->in.len = (size_t)fit * CD_RAW_BLOCK_BYTES;
    return SENSE_NONE;
}

static uint32_t put_main(struct command *c, struct reading *r, int32_t lba)
{
    uint8_t sector[CD_RAW_BLOCK_BYTES];
    enum sector_type type;
    struct piece piece;
    uint32_t good;
    int error = read_raw(c, r, lba, 1, sector, &good);

    if (error != VCDR_OK)
        return read_failed(c, error, lba, 0);
    type = type_of(r, sector);
    if (r->expected != SECTOR_ANY && r->expected != type)
        return read_failed(c, VCDR_EMODE, lba, 0);
    if (!combination_suits(r->select, type))
        return SENSE_INVALID_FIELD_IN_CDB;
    piece = piece_of(r->select, type);
    writer_put(&c->in, sector + piece.at, piece.len);
    return SENSE_NONE;
}

/* Of a silent run-out too: it counts on as the track's. */
static uint32_t put_sub(struct command *c, struct reading *r, int32_t lba)
{
    uint8_t sub[VCDR_SUB_BYTES];
    int error = enter_track(c->drive->disc, r, lba);

    if (error == VCDR_OK && lba >= r->silent_from)
        sub_channel_of_run_out(&r->track, lba, sub, r->sub);
    else if (error == VCDR_OK)
        error = sub_channel_read(c->drive->disc, lba, sub, r->sub);
    if (error != VCDR_OK)
        return read_failed(c, error, lba, 0);
    writer_put(&c->in, sub, sub_channel_bytes(r->sub));
    return SENSE_NONE;
}

/* One block of the answer: main channel, C2, sub-channel. */
static uint32_t read_one(struct command *c, struct reading *r, int32_t lba)
{
    uint32_t sense = SENSE_NONE;

    if (!r->mixes)
        sense = put_main(c, r, lba);
    if (sense != SENSE_NONE)
        return sense;
    writer_zero(&c->in, r->c2);
    return r->sub == SUB_NONE ? SENSE_NONE : put_sub(c, r, lba);
}

/* The type of every sector is looked at, but not of those that are read whole as what they are:
 * audio where CD-DA or anything is expected, anything by F8h. */
static bool reads_whole(const struct command *c, const struct reading *r)
{
    struct vcdr_position position;

    if (r->c2 != 0 || r->sub != SUB_NONE)
        return false;
    if (r->select == SELECT_MAIN && r->expected == SECTOR_ANY)
        return true;
    if (r->select == 0 || (r->expected != SECTOR_ANY && r->expected != SECTOR_CD_DA))
        return false;
    return vcdr_disc_position(c->drive->disc, r->lba, &position) == VCDR_OK &&
           !(position.control & CONTROL_DATA);
}

static uint32_t transfer(struct command *c, struct reading *r)
{
    uint32_t done = 0;
    uint32_t sense = SENSE_NONE;

    power_wake(c->drive);
    if (reads_whole(c, r))
        sense = read_whole(c, r, &done);
    /* what does not fit into the room is not read, but for the block that fits in part; nor are the
     * sectors behind one that has nothing of what was selected */
    while (sense == SENSE_NONE && done < r->blocks && c->in.len < c->in.room) {
        sense = read_one(c, r, r->lba + (int32_t)done++);
        if (c->in.len == 0)
            break;
    }
    if (c->in.len > 0) /* the sectors left are counted as long as those that were read */
        c->in.len += c->in.len / done * (r->blocks - done);
    return sense;
}

/* A combination that suits no sector that may come is refused before one is read. */
static bool combination_legal(uint8_t select, enum sector_type expected)
{
    if (expected != SECTOR_ANY)
        return combination_suits(select, expected);
    return combination_suits(select, SECTOR_MODE_1) || combination_suits(select, SECTOR_FORM_1);
}

/* The run-out of a last track that is audio can be read too. */
static int32_t readable_end(const struct vcdr_disc *disc)
{
    struct vcdr_track last;

    if (vcdr_disc_track(disc, vcdr_disc_info(disc)->tracks, &last) == VCDR_OK &&
        last.state == VCDR_TRACK_COMPLETE && !(last.control & CONTROL_DATA))
        return last.start_lba + (int32_t)last.size;
    return recorded_end(disc);
}

static uint32_t read_sectors(struct command *c, int32_t lba, uint32_t blocks)
{
    struct reading r = {
        .expected = c->cdb[1] >> 2 & 0x07,
        .select = c->cdb[9] & SELECT_MAIN,
        .sub = c->cdb[10] & SUB_MASK,
        .lba = lba,
        .blocks = blocks,
        .track_end = lba,
    };
    unsigned c2 = (c->cdb[9] & SELECT_C2) >> C2_SHIFT;
    uint32_t sense;

    if (c->cdb[1] & 0x03 || r.expected >= SECTOR_TYPES) /* DAP, RelAdr */
        return SENSE_INVALID_FIELD_IN_CDB;
    if (c->cdb[9] & SELECT_RESERVED || c2 >= C2_VALUES)
        return SENSE_INVALID_FIELD_IN_CDB;
    if (r.sub != SUB_NONE && sub_channel_bytes(r.sub) == 0)
        return SENSE_INVALID_FIELD_IN_CDB;
    r.c2 = c2_bytes[c2];
    r.mixes = r.select == 0 && r.c2 == 0 && r.expected == SECTOR_ANY;
    if (!combination_legal(r.select, r.expected))
        return SENSE_INVALID_FIELD_IN_CDB;
    if (blocks == 0) /* clients ask so what the drive can do */
        return SENSE_NONE;
    sense = check_range(c, -CD_PREGAP_BLOCKS, readable_end(c->drive->disc), lba, blocks);
    if (sense != SENSE_NONE || (r.select == 0 && r.c2 == 0 && r.sub == SUB_NONE))
        return sense;
    c->drive->head_lba = lba + (int32_t)blocks - 1;
    return transfer(c, &r);
}

uint32_t read_cd(struct command *c)
{
    return read_sectors(c, (int32_t)get_be32(c->cdb + 2), get_be24(c->cdb + 6));
}

static bool is_msf(const uint8_t *msf)
{
    return msf[0] < 100 && msf[1] < 60 && msf[2] < 75;
}

uint32_t read_cd_msf(struct command *c)
{
    int32_t start, end;

    if (!is_msf(c->cdb + 3) || !is_msf(c->cdb + 6))
        return SENSE_INVALID_FIELD_IN_CDB;
    start = vcdr_msf_to_lba(c->cdb[3], c->cdb[4], c->cdb[5]);
    end = vcdr_msf_to_lba(c->cdb[6], c->cdb[7], c->cdb[8]);
    if (end < start)
        return SENSE_INVALID_FIELD_IN_CDB;
    return read_sectors(c, start, (uint32_t)(end - start));
}
