/* SPDX-License-Identifier: MIT */
/*
 * The disc file. A disc is burned as the input says, or its bytes come from the input; then bytes
 * of its header and log are changed and, mostly, their check words made right again, so that what
 * is behind the CRC is reached too. What opens is used, and must open again as it was left.
 */
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>

#include "emulator/disc/crc32.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"
#include "tests/fuzz/platter.h"
#include "tests/fuzz/view.h"

/* docs/disc-format.md */
enum {
    PIECE = 128, /* the header's and a record's bytes */
    CRC_AT = PIECE - 4,
    AREA_AT = 4096,
    AREA_BYTES = 65536,
    DATA_AT = 262144,
};

/* ---- burning ---- */

static const char *maybe(const char *text, uint8_t choice)
{
    return choice & 1 ? text : NULL;
}

static int open_track(struct vcdr_disc *disc, struct input *in)
{
    uint8_t number = take_u8(in), choice = take_u8(in), kind = take_u8(in);
    static const uint8_t types[] = {0, 8, 10, 13}, formats[] = {0x00, 0x10, 0x20, 0x30};
    const struct vcdr_track_parameters parameters = {
        .control = choice >> 4,
        .block_type = kind & 0x80 ? kind & 0x0F : types[kind % 4],
        .sub_header = {0, 0, kind & 0x10 ? 0x20 : 0x08, 0},
        .session_format = formats[kind >> 2 & 3],
        .mcn = maybe("1234567890123", choice),
        .isrc = maybe("DEABC0012345", choice >> 1),
    };
    unsigned next = vcdr_disc_info(disc)->tracks + 1U;

    return vcdr_disc_open_track(disc, number & 0x80 ? number & 0x7F : next, &parameters);
}

static int write_blocks(struct vcdr_disc *disc, struct input *in)
{
    uint32_t blocks = take_u8(in) % 32;
    unsigned open = vcdr_disc_info(disc)->open_track;
    struct vcdr_next_block next = {.bytes = 0};
    struct vcdr_track track = {.block_type = 0};
    uint8_t *data;
    int rc;

    if (open != 0)
        MUST(vcdr_disc_track(disc, open, &track) == VCDR_OK);
    if (vcdr_disc_next_block(disc, &next) == VCDR_OK)
        MUST(next.bytes > 0 && next.blocks > 0);
    else
        next.bytes = (uint16_t)vcdr_block_bytes(track.block_type);
    data = calloc(blocks + 1, next.bytes);
    MUST(data != NULL);
    take_bytes(in, data, blocks > 0 ? 16 : 0);
    rc = vcdr_disc_write(disc, data, blocks);
    free(data);
    return rc;
}

static int read_blocks(struct vcdr_disc *disc, struct input *in)
{
    uint8_t how = take_u8(in);
    uint32_t blocks = how >> 1 & 0x07, done = UINT32_MAX;
    unsigned tracks = vcdr_disc_info(disc)->tracks, n = take_u8(in);
    int32_t lba = (int8_t)take_u8(in);
    size_t bytes = how & 1 ? 2352 : 2048;
    struct vcdr_track track;
    uint8_t *buf = malloc(blocks * bytes + (blocks == 0));
    int rc;

    MUST(buf != NULL);
    if (how & 0x80)
        lba = (int32_t)take_be32(in);
    else if (tracks > 0 && vcdr_disc_track(disc, n % tracks + 1, &track) == VCDR_OK)
        lba += n & 0x80 ? track.start_lba + (int32_t)track.written : track.start_lba;
    if (how & 1)
        rc = vcdr_disc_read_raw(disc, lba, blocks, buf, &done);
    else
        rc = vcdr_disc_read_user(disc, lba, blocks, buf, &done);
    MUST(done <= blocks && (rc != VCDR_OK || done == blocks));
    free(buf);
    vcdr_disc_track_at(disc, lba, &track);
    return rc;
}

static int end_track(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_close_track(disc);
}

static int close_reserved(struct vcdr_disc *disc, struct input *in)
{
    return vcdr_disc_close_reserved(disc, take_u8(in) & 0x7F);
}

static int reserve(struct vcdr_disc *disc, struct input *in)
{
    uint8_t choice = take_u8(in);

    return vcdr_disc_reserve(disc, choice == 0xFF ? take_be32(in) : 299 + choice * 20U);
}

static int close_session(struct vcdr_disc *disc, struct input *in)
{
    uint8_t choice = take_u8(in);

    return vcdr_disc_close_session(disc, choice & 1, choice & 2);
}

static int flush(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_flush(disc);
}

static int blank(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_blank(disc);
}

static int reset(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_reset(disc);
}

/* ---- sessions at once ---- */

/* Stretches of the input's choice, mostly as they have to be; most of what they hold the disc
 * makes. */
static unsigned take_stretches(const struct vcdr_disc *disc, struct input *in,
                               struct vcdr_stretch stretches[16], int32_t *lba)
{
    static const uint8_t forms[] = {0x01, 0x14, 0x24, 0x00, 0x10, 0x41, 0xD4, 0x20};
    static const uint16_t lengths[] = {150, 300, 0, 301, 1, 75, 299, 1000};
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    uint8_t track = info->tracks, index = 1;
    unsigned count = take_u8(in) % 16;
    struct vcdr_session session;

    MUST(vcdr_disc_session(disc, info->sessions, &session) == VCDR_OK);
    *lba = session.first_lba - 150;
    for (unsigned i = 0; i < count; i++) {
        uint8_t how = take_u8(in), what = take_u8(in);

        if (i == 0 || how & 0x80) {
            track++;
            index = how & 0x40 ? 1 : 0;
        } else {
            index++;
        }
        stretches[i] = (struct vcdr_stretch){
            .track = track,
            .index = what == 0xFF ? take_u8(in) : index,
            .form = forms[how % 8],
            .control = how % 8 == 0 || how % 8 == 3 || how % 8 == 5 ? 0 : 4,
            .lba = *lba,
        };
        *lba += what & 0x80 ? (int8_t)what : lengths[what % 8];
    }
    return count;
}

static int with_layout(struct vcdr_disc *disc, struct input *in, bool raw)
{
    static const char isrc[16][13] = {"DEABC0012345", "", "x"};
    static const uint8_t packs[300][18];
    uint8_t choice = take_u8(in);
    struct vcdr_stretch stretches[16];
    struct vcdr_session_layout layout = {
        .format = choice & 0x08 ? 0x20 : 0x00,
        .stretches = stretches,
        .mcn = maybe("1234567890123", choice),
        .isrc = choice & 2 ? isrc : NULL,
        .packs = packs[0],
        .pack_count = choice & 4 ? choice + 45U : 0,
    };
    int rc, expected;

    layout.count = take_stretches(disc, in, stretches, &layout.lead_out_lba);
    if (raw)
        return vcdr_disc_close_raw(disc, &layout, choice & 0x10, choice & 0x20);
    expected = vcdr_disc_check_layout(disc, &layout);
    rc = vcdr_disc_open_session(disc, &layout);
    MUST(rc == expected || rc == VCDR_EIO);
    return rc;
}

static int open_session(struct vcdr_disc *disc, struct input *in)
{
    return with_layout(disc, in, false);
}

static int open_raw(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_open_raw(disc);
}

static int close_raw(struct vcdr_disc *disc, struct input *in)
{
    return with_layout(disc, in, true);
}

static int interrupt(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_interrupt_session(disc);
}

/* Many blocks at once, as a session needs them. */
static int write_many(struct vcdr_disc *disc, struct input *in)
{
    static const uint8_t data[256 * 2448];
    uint32_t blocks = take_u8(in);

    return vcdr_disc_write(disc, data, blocks);
}

static int read_sub(struct vcdr_disc *disc, struct input *in)
{
    uint8_t how = take_u8(in), pw[3 * 96], packs[18];
    int32_t lba = (int32_t)take_be32(in) >> (how & 0x1F), at;
    struct vcdr_position position;
    uint32_t done = UINT32_MAX;
    int rc = vcdr_disc_read_sub(disc, lba, how % 4, pw, &done);

    MUST(done <= how % 4 && (rc != VCDR_OK || done == how % 4));
    /* in a rehearsal a position is one of what is recorded, and an index of what is told */
    if (vcdr_disc_position(disc, lba, &position) == VCDR_OK && !vcdr_disc_info(disc)->rehearsal) {
        MUST(vcdr_disc_index(disc, position.track, position.index, &at) == VCDR_OK && at <= lba);
        MUST(vcdr_disc_index(disc, position.track, 1, &at) == VCDR_OK);
        MUST(position.relative == lba - at);
    }
    vcdr_disc_cd_text(disc, how % 8, 0, 1, packs);
    return rc;
}

/* ---- packets ---- */

static int open_packets(struct vcdr_disc *disc, struct input *in)
{
    uint8_t number = take_u8(in), choice = take_u8(in);
    const struct vcdr_track_parameters parameters = {
        .control = choice & 0x80 ? 7 : 5,
        .block_type = choice & 0x40 ? BLOCK_TYPE_XA_FORM1 : BLOCK_TYPE_MODE1,
        .session_format = choice & 0x40 ? 0x20 : 0x00,
        .packets = true,
        .packet_size = choice & 1 ? take_be16(in) % 1100 : 0,
    };
    unsigned next = vcdr_disc_info(disc)->tracks + 1U;

    return vcdr_disc_open_track(disc, number & 0x80 ? number & 0x7F : next, &parameters);
}

static int end_packet(struct vcdr_disc *disc, struct input *in)
{
    (void)in;
    return vcdr_disc_end_packet(disc);
}

/* ---- rehearsals, of which nothing is left ---- */

static struct view rehearsed;

static int rehearse(struct vcdr_disc *disc, struct input *in)
{
    static struct view before;
    int rc;

    (void)in;
    view_take(disc, &before);
    rc = vcdr_disc_rehearse(disc);
    if (rc == VCDR_OK)
        rehearsed = before;
    return rc;
}

static int rehearsal_end(struct vcdr_disc *disc, struct input *in)
{
    static struct view now;
    bool was = vcdr_disc_info(disc)->rehearsal;

    (void)in;
    vcdr_disc_rehearsal_end(disc);
    if (was) {
        view_take(disc, &now);
        MUST(view_same(&rehearsed, &now));
    }
    return VCDR_OK;
}

/* ---- what a CD-RW loses ---- */

static int erase(struct vcdr_disc *disc, struct input *in)
{
    uint8_t choice = take_u8(in);

    switch (choice % 5) {
    case 0:
        return vcdr_disc_erase_track(disc, choice / 5);
    case 1:
        return vcdr_disc_unreserve(disc, choice / 5);
    case 2:
        return vcdr_disc_erase_tail(disc, take_be16(in));
    case 3:
        return vcdr_disc_unclose_session(disc);
    default:
        return vcdr_disc_erase_session(disc);
    }
}

/* Fills the log: a record for each block that is flushed. */
static int churn(struct vcdr_disc *disc, struct input *in)
{
    static const uint8_t block[2448];
    unsigned times = take_u8(in);
    int rc = VCDR_OK;

    while (times-- > 0 && rc == VCDR_OK && vcdr_disc_info(disc)->open_track != 0) {
        rc = vcdr_disc_write(disc, block, 1);
        if (rc == VCDR_OK)
            rc = vcdr_disc_flush(disc);
    }
    return rc == VCDR_ENOSPACE ? VCDR_OK : rc; /* some were written before that */
}

/* What the disc was at its snapshot, if that was made since it was opened. */
struct kept {
    bool known;
    struct view view;
};
static struct kept kept;

static int snapshot(struct vcdr_disc *disc, struct input *in)
{
    int rc;

    (void)in;
    if (vcdr_disc_info(disc)->rehearsal)
        return vcdr_disc_snapshot(disc);
    rc = vcdr_disc_end_packet(disc); /* a restored disc begins a new one */
    if (rc != VCDR_OK)
        return rc;
    kept.known = false;
    view_take(disc, &kept.view);
    rc = vcdr_disc_snapshot(disc);
    /* A session at once that is open now will be damaged. */
    kept.known = rc == VCDR_OK && !view_at_once(&kept.view);
    return rc;
}

static int restore(struct vcdr_disc *disc, struct input *in)
{
    static struct view now;
    int rc = vcdr_disc_restore(disc);

    (void)in;
    if (rc == VCDR_OK && kept.known) {
        view_take(disc, &now);
        kept.view.info.snapshot = true;
        MUST(view_same(&kept.view, &now));
    }
    return rc;
}

/* One call; one that fails leaves the disc as it was, but for a store that failed. */
static void step(struct vcdr_disc *disc, struct platter *platter, struct input *in)
{
    static int (*const steps[])(struct vcdr_disc *, struct input *) = {
        open_track, write_blocks, end_track,    close_reserved, reserve,   close_session,
        flush,      blank,        read_blocks,  snapshot,       restore,   reset,
        churn,      open_session, open_raw,     close_raw,      interrupt, read_sub,
        erase,      write_many,   open_packets, end_packet,     rehearse,  rehearsal_end,
    };
    static struct view before, after;
    uint8_t choice = take_u8(in);
    int rc;

    if (choice == 0xFF) {
        platter_fail_from(platter, take_u8(in));
        return;
    }
    view_take(disc, &before);
    rc = steps[choice % (sizeof(steps) / sizeof(steps[0]))](disc, in);
    MUST(rc <= VCDR_OK && rc >= VCDR_EMODE && rc != VCDR_ENOMEM);
    view_take(disc, &after);
    if (rc != VCDR_OK && rc != VCDR_EIO)
        MUST(view_same(&before, &after));
}

static void use(struct vcdr_disc *disc, struct platter *platter, struct input *in)
{
    unsigned steps = take_u8(in) % 64;

    kept.known = false;
    while (steps-- > 0 && in->left > 0)
        step(disc, platter, in);
}

/* ---- the bytes ---- */

static void store_read(struct platter *platter, uint64_t at, void *buf, size_t len)
{
    struct vcdr_store store = platter_store(platter);

    MUST(store.ops->read(store.ctx, at, buf, len) == VCDR_OK);
}

static void store_write(struct platter *platter, uint64_t at, const void *buf, size_t len)
{
    struct vcdr_store store = platter_store(platter);

    store.ops->write(store.ctx, at, buf, len);
    store.ops->flush(store.ctx);
}

static void put_crc(uint8_t *at, uint32_t crc)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(crc >> (24 - 8 * i));
}

/* Makes the check words of a header or record right, and that of an area over its first records. */
static void mend(uint8_t *piece)
{
    put_crc(piece + CRC_AT, crc32_of(piece, CRC_AT));
}

static void mend_area(struct platter *platter, unsigned area)
{
    uint64_t at = AREA_AT + (uint64_t)area * AREA_BYTES;
    static uint8_t bytes[AREA_BYTES];
    unsigned records;

    store_read(platter, at, bytes, sizeof(bytes));
    records = (unsigned)(bytes[12] << 8 | bytes[13]);
    if (bytes[0] != 1 || records >= AREA_BYTES / PIECE)
        return;
    put_crc(bytes + 16, crc32_of(bytes + PIECE, (size_t)records * PIECE));
    mend(bytes);
    store_write(platter, at, bytes, PIECE);
}

/* Changes some bytes of one record, or of the header. */
static void patch(struct platter *platter, struct input *in)
{
    uint8_t where = take_u8(in), how = take_u8(in), bytes = take_u8(in) % 8;
    uint64_t at = where == 0 ? 0 : AREA_AT + (uint64_t)(how & 1) * AREA_BYTES + (where - 1) * 128U;
    uint8_t piece[PIECE];

    store_read(platter, at, piece, sizeof(piece));
    if (how & 0x10) { /* the record before it, once more */
        store_read(platter, at >= AREA_AT + PIECE ? at - PIECE : at, piece, sizeof(piece));
        piece[3]++;
    }
    while (bytes-- > 0) {
        uint8_t offset = take_u8(in);

        piece[offset % PIECE] =
            offset & 0x80 ? (uint8_t)(piece[offset % PIECE] + take_u8(in)) : take_u8(in);
    }
    if (!(how & 2))
        mend(piece);
    store_write(platter, at, piece, sizeof(piece));
    if (!(how & 4))
        mend_area(platter, how & 1);
}

/* A platter whose header and first records are the input's, check words made right. */
static struct platter *wild_bytes(struct input *in)
{
    struct platter *platter = platter_new();
    static const uint8_t beginning[] = {0x89, 0x56, 0x43, 0x44, 0x52, 0x0D, 0x0A, 0x1A, 0, 1};
    uint8_t how = take_u8(in), piece[PIECE];
    uint64_t at = AREA_AT;

    take_bytes(in, piece, sizeof(piece));
    if (how & 1)
        memcpy(piece, beginning, sizeof(beginning));
    if (how & 2)
        mend(piece);
    store_write(platter, 0, piece, how & 4 ? PIECE : how % PIECE);
    for (uint8_t n = 0; in->left > 0 && n < 64; n++, at += PIECE) {
        take_bytes(in, piece, sizeof(piece));
        if (how & 8)
            piece[3] = n;
        mend(piece);
        store_write(platter, at, piece, sizeof(piece));
    }
    mend_area(platter, 0);
    if (how & 0x10)
        store_write(platter, DATA_AT - 1, "", 1);
    return platter;
}

/* The power is cut, perhaps in the middle of a call that a failing store has ended: the disc opens,
 * and what was complete is so still. */
static void cut(struct vcdr_disc *disc, struct platter *platter, struct input *in)
{
    static struct view before, after;
    uint8_t surviving = take_u8(in), torn = take_u8(in);
    bool whole = !platter_failed(platter);

    vcdr_disc_rehearsal_end(disc);
    view_take(disc, &before);
    vcdr_disc_abandon(disc);
    platter_cut(platter, surviving, torn);
    MUST(vcdr_disc_open(platter_store(platter), &disc) == VCDR_OK);
    view_take(disc, &after);
    if (whole)
        MUST(view_keeps(&before, &after));
    vcdr_disc_abandon(disc);
}

static struct platter *burned(struct input *in)
{
    static const int32_t ends[] = {302, 760, 1500, 12400, 30000, 79 * 4500, 359849, 404849};
    uint8_t choice = take_u8(in);
    const struct vcdr_geometry geometry = {
        .medium = choice & 0x80 ? VCDR_MEDIUM_CD_RW : VCDR_MEDIUM_CD_R,
        .lead_in_lba = -11634,
        .last_lead_out_lba = ends[choice % 8],
    };
    struct platter *platter = platter_blank(&geometry);
    struct vcdr_disc *disc;

    MUST(vcdr_disc_open(platter_store(platter), &disc) == VCDR_OK);
    use(disc, platter, in);
    if (take_u8(in) & 1)
        cut(disc, platter, in);
    else
        vcdr_disc_close(disc);
    platter_mend(platter);
    return platter;
}

/* ---- a disc, after what was done to its bytes ---- */

static void use_what_opens(struct platter *platter, struct input *in)
{
    static struct view before, after;
    struct vcdr_disc *disc = NULL;
    bool failed;
    int rc = vcdr_disc_open(platter_store(platter), &disc);

    if (rc != VCDR_OK) {
        MUST(disc == NULL);
        MUST(rc == VCDR_ENOTDISC || rc == VCDR_ECUTSHORT || rc == VCDR_ENEWER ||
             rc == VCDR_EDAMAGED);
        return;
    }
    use(disc, platter, in);
    vcdr_disc_rehearsal_end(disc); /* as closing does */
    vcdr_disc_interrupt_session(disc);
    vcdr_disc_end_packet(disc);
    view_take(disc, &before);
    rc = vcdr_disc_close(disc);
    failed = platter_failed(platter);
    MUST(rc == VCDR_OK || failed);
    platter_mend(platter);
    MUST(vcdr_disc_open(platter_store(platter), &disc) == VCDR_OK);
    view_take(disc, &after);
    MUST(failed || view_same(&before, &after));
    vcdr_disc_abandon(disc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct platter *platter;
    unsigned patches;

    if (take_u8(&in) == 0xFF) {
        platter = wild_bytes(&in);
    } else {
        platter = burned(&in);
        patches = take_u8(&in) % 8;
        while (patches-- > 0)
            patch(platter, &in);
    }
    use_what_opens(platter, &in);
    platter_free(platter);
    return 0;
}
