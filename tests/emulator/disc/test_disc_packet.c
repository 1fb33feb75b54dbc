/* SPDX-License-Identifier: MIT */
/* Tracks in packets: where packets and their linking lie, and that each block comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/bytes.h"
#include "emulator/disc/crc32.h"
#include "emulator/store/cut_store.h"
#include "fixture.h"
#include "script.h"

enum { BLOCK = 2048 };

/* A block that says which one it is. */
static void fill_block(uint8_t *to, uint32_t n)
{
    for (unsigned i = 0; i < BLOCK; i++)
        to[i] = (uint8_t)(n * 7 + i + (i >> 8) * n);
}

static int open_packets(struct vcdr_disc *disc, uint32_t size)
{
    const struct vcdr_track_parameters parameters = {
        .control = 5, .block_type = 8, .packets = true, .packet_size = size};

    return vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks + 1U, &parameters);
}

/* Blocks `first` and so on, in calls of at most 11. */
static int append(struct vcdr_disc *disc, uint32_t first, uint32_t blocks)
{
    uint8_t data[11 * BLOCK];
    int rc = VCDR_OK;

    while (rc == VCDR_OK && blocks > 0) {
        uint32_t n = blocks < 11 ? blocks : 11;

        for (uint32_t i = 0; i < n; i++)
            fill_block(data + i * BLOCK, first + i);
        rc = vcdr_disc_write(disc, data, n);
        first += n;
        blocks -= n;
    }
    return rc;
}

static int packet(struct vcdr_disc *disc, uint32_t first, uint32_t blocks)
{
    int rc = append(disc, first, blocks);

    return rc == VCDR_OK ? vcdr_disc_end_packet(disc) : rc;
}

static void assert_blocks(struct vcdr_disc *disc, int32_t lba, uint32_t first, uint32_t blocks)
{
    uint8_t got[BLOCK], expected[BLOCK];

    for (uint32_t i = 0; i < blocks; i++) {
        assert_int_equal(vcdr_disc_read_user(disc, lba + (int32_t)i, 1, got, NULL), VCDR_OK);
        fill_block(expected, first + i);
        assert_memory_equal(got, expected, BLOCK);
    }
}

static void assert_zeros(struct vcdr_disc *disc, int32_t lba, uint32_t blocks)
{
    static const uint8_t zeros[BLOCK];
    uint8_t got[BLOCK];

    for (uint32_t i = 0; i < blocks; i++) {
        assert_int_equal(vcdr_disc_read_user(disc, lba + (int32_t)i, 1, got, NULL), VCDR_OK);
        assert_memory_equal(got, zeros, BLOCK);
    }
}

static void assert_linking(struct vcdr_disc *disc, int32_t lba)
{
    uint8_t sector[2352];

    for (int32_t i = 0; i < 7; i++) {
        assert_int_equal(vcdr_disc_read_user(disc, lba + i, 1, sector, NULL), VCDR_EUNREADABLE);
        assert_int_equal(vcdr_disc_read_raw(disc, lba + i, 1, sector, NULL), VCDR_EUNREADABLE);
    }
}

/* ---- variable ---- */

static void seven_blocks_of_linking_lie_between_two_packets(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 0);
    assert_int_equal(packet(disc, 0, 200), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 207);
    assert_int_equal(packet(disc, 200, 1), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 215);
    assert_int_equal(packet(disc, 201, 150), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_blocks(disc, 0, 0, 200);
    assert_linking(disc, 200);
    assert_blocks(disc, 207, 200, 1);
    assert_linking(disc, 208);
    assert_blocks(disc, 215, 201, 150);
    assert_int_equal(track_of_disc(disc, 1).recording, VCDR_RECORDING_PACKET);
    assert_int_equal(track_of_disc(disc, 1).written, 365);
    assert_int_equal(track_of_disc(disc, 1).size, 367);
    assert_int_equal(nwa_of(disc, 2), 365 + 152);
}

static void writes_belong_to_one_packet_until_it_is_ended(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_end_packet(disc), VCDR_OK); /* of none */
    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(append(disc, 0, 100), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 100);
    assert_int_equal(vcdr_disc_flush(disc), VCDR_OK); /* ends nothing by itself */
    assert_int_equal(append(disc, 100, 250), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 350);
    assert_int_equal(vcdr_disc_end_packet(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_end_packet(disc), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 357);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_blocks(disc, 0, 0, 350);
    assert_int_equal(track_of_disc(disc, 1).written, 350);
}

static void a_short_track_gets_a_packet_of_zeros(void **state)
{
    static const struct {
        uint32_t blocks, written;
        int32_t zeros_at;
    } cases[] = {{0, 300, 0}, {1, 300, 8}, {292, 300, 299}, {293, 301, 300}, {299, 307, 306}};
    struct vcdr_disc *disc = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
        assert_int_equal(open_packets(disc, 0), VCDR_OK);
        assert_int_equal(append(disc, 0, cases[i].blocks), VCDR_OK);
        assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
        assert_int_equal(track_of_disc(disc, 1).written, cases[i].written);
        assert_blocks(disc, 0, 0, cases[i].blocks);
        if (cases[i].blocks > 0)
            assert_linking(disc, (int32_t)cases[i].blocks);
        assert_zeros(disc, cases[i].zeros_at, cases[i].written - (uint32_t)cases[i].zeros_at);
        assert_int_equal(nwa_of(disc, 2), (int32_t)cases[i].written + 152);
    }
}

static void a_track_that_is_open_cannot_be_read_beyond_its_last_packet(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(packet(disc, 0, 20), VCDR_OK);
    assert_int_equal(packet(disc, 20, 30), VCDR_OK);
    assert_blocks(disc, 27, 20, 30);
    assert_int_equal(vcdr_disc_read_raw(disc, 57, 1, sector, NULL), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_read_raw(disc, 64, 1, sector, NULL), VCDR_EADDRESS);
}

/* ---- fixed ---- */

static void fixed_packets_have_no_linking_in_their_addresses(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];

    assert_int_equal(open_packets(disc, 32), VCDR_OK);
    assert_int_equal(append(disc, 0, 320), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 320);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_blocks(disc, 0, 0, 320);
    assert_int_equal(track_of_disc(disc, 1).packet_size, 32);
    assert_int_equal(track_of_disc(disc, 1).written, 320);
    /* ten packets and the linking between them lie on the disc */
    assert_int_equal(nwa_of(disc, 2), 320 + 9 * 7 + 152);
    /* block 33 lies in the second packet: 33 + 7 + 150 frames is 00:02:40 */
    assert_int_equal(vcdr_disc_read_raw(disc, 33, 1, sector, NULL), VCDR_OK);
    assert_memory_equal(sector + 12, "\x00\x02\x40\x01", 4);
}

static void a_fixed_packet_is_filled_with_zeros(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 16), VCDR_OK);
    assert_int_equal(append(disc, 0, 20), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 20);
    assert_int_equal(vcdr_disc_end_packet(disc), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 32);
    assert_int_equal(append(disc, 32, 3), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_blocks(disc, 0, 0, 20);
    assert_zeros(disc, 20, 12);
    assert_blocks(disc, 32, 32, 3);
    /* fourteen packets are 300 blocks with their linking, at least */
    assert_int_equal(track_of_disc(disc, 1).written, 14 * 16);
    assert_zeros(disc, 35, 14 * 16 - 35);
    assert_int_equal(nwa_of(disc, 2), 14 * 16 + 13 * 7 + 152);
}

/* ---- room ---- */

static void packets_end_where_a_track_ends(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 359847);
    assert_int_equal(packet(disc, 0, 100), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 359847 - 107);
    assert_int_equal(write_fill(disc, 359847 - 107, 9), VCDR_OK);
    assert_int_equal(append(disc, 0, 1), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_end_packet(disc), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 0);
    assert_int_equal(append(disc, 0, 1), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(session_of_disc(disc, 1).lead_out_lba, 359849);
}

static void only_whole_fixed_packets_fit(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(vcdr_disc_read_raw(disc, INT32_MAX, 1, (uint8_t[2352]){0}, NULL),
                     VCDR_EADDRESS);
    assert_int_equal(open_packets(disc, 1000), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 357 * 1000); /* (359847 + 7) / 1007 */
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 1).written, 1000);
}

static void packets_go_into_a_reservation(void **state)
{
    struct vcdr_disc *disc = *state;
    const struct vcdr_track_parameters parameters = {
        .control = 5, .block_type = 8, .packets = true};

    assert_int_equal(vcdr_disc_reserve(disc, 500), VCDR_OK);
    assert_int_equal(vcdr_disc_open_track(disc, 1, &parameters), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 500);
    assert_int_equal(packet(disc, 0, 100), VCDR_OK);
    assert_int_equal(free_of(disc, 1), 393);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 1).written, 500);
    assert_linking(disc, 100);
    assert_zeros(disc, 107, 393);
    assert_int_equal(nwa_of(disc, 2), 500 + 152);
}

static void packets_are_data_and_say_so(void **state)
{
    static const struct vcdr_track_parameters bad[] = {
        {.control = 4, .block_type = 8, .packets = true},
        {.control = 0, .block_type = 0, .packets = true},
        {.control = 5, .block_type = 0, .packets = true},
        {.control = 5, .block_type = 8},
        {.control = 5, .block_type = 8, .packets = true, .packet_size = 1025},
    };
    const struct vcdr_track_parameters copy = {.control = 7, .block_type = 10, .packets = true};
    struct vcdr_disc *disc = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(vcdr_disc_open_track(disc, 1, &bad[i]), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_open_track(disc, 1, &copy), VCDR_OK);
}

static void a_reservation_behind_packets_is_filled_with_plain_data(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(append(disc, 0, 310), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_reserve(disc, 400), VCDR_OK);
    assert_int_equal(vcdr_disc_close_reserved(disc, 2), VCDR_OK);
    assert_int_equal(track_of_disc(disc, 2).control, 4);
    assert_int_equal(track_of_disc(disc, 2).recording, VCDR_RECORDING_TAO);
}

/* ---- the file ---- */

static struct vcdr_disc *new_disc(struct cut_store *cut)
{
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc = NULL;

    cut_init(cut);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_RW, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(cut_store(cut), &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(cut_store(cut), &disc), VCDR_OK);
    return disc;
}

static void open_again(struct cut_store *cut, struct vcdr_disc **disc)
{
    assert_int_equal(vcdr_disc_close(*disc), VCDR_OK);
    assert_int_equal(vcdr_disc_open(cut_store(cut), disc), VCDR_OK);
}

static void a_track_goes_on_with_a_new_packet_when_the_disc_is_opened_again(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut);

    (void)state;
    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(packet(disc, 0, 100), VCDR_OK);
    assert_int_equal(append(disc, 100, 50), VCDR_OK);
    open_again(&cut, &disc);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 1);
    assert_int_equal(nwa_of(disc, 1), 157 + 7);
    assert_int_equal(append(disc, 150, 200), VCDR_OK);
    open_again(&cut, &disc);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    open_again(&cut, &disc);
    assert_blocks(disc, 0, 0, 100);
    assert_linking(disc, 100);
    assert_blocks(disc, 107, 100, 50);
    assert_linking(disc, 157);
    assert_blocks(disc, 164, 150, 200);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

static void an_unfinished_fixed_packet_is_filled_by_the_next_to_write(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut);

    (void)state;
    assert_int_equal(open_packets(disc, 32), VCDR_OK);
    assert_int_equal(append(disc, 0, 40), VCDR_OK);
    open_again(&cut, &disc);
    assert_int_equal(nwa_of(disc, 1), 64);
    assert_int_equal(append(disc, 64, 32), VCDR_OK);
    open_again(&cut, &disc);
    assert_blocks(disc, 0, 0, 40);
    assert_zeros(disc, 40, 24);
    assert_blocks(disc, 64, 64, 32);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

/* docs/disc-format.md */
static void the_packets_are_as_documented(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut);
    uint8_t record[128], slot[7], all[12] = {0};

    (void)state;
    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(packet(disc, 0, 200), VCDR_OK);
    assert_int_equal(packet(disc, 200, 150), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    /* area 0: header, the track opened, the track complete */
    assert_int_equal(cut.live.ops->read(cut.live.ctx, 4096 + 2 * 128, record, 128), VCDR_OK);
    assert_int_equal(record[0], 6);
    assert_int_equal(record[14], 3);
    assert_int_equal(record[16], 5);
    assert_int_equal(get_be32(record + 28), 357);
    assert_int_equal(get_be32(record + 68), 0);
    assert_int_equal(get_be32(record + 72), 2);
    assert_int_equal(get_be32(record + 76), 207);
    /* the table: 360448 bytes before block 0, which lies at 40000h + roundup(150 * 2448, 4096) */
    assert_int_equal(cut.live.ops->read(cut.live.ctx, 0x40000 + 368640 - 360448 + 7, slot, 7),
                     VCDR_OK);
    assert_memory_equal(slot, "\x00\x00\xCF", 3);
    put_be32(all + 4, 1);
    put_be32(all + 8, 207);
    assert_int_equal(get_be32(slot + 3), crc32_of(all, 12));
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

static void a_damaged_table_is_a_read_error(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut);
    uint8_t sector[2352];

    (void)state;
    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(packet(disc, i * 120, 120), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(cut.live.ops->write(cut.live.ctx, 0x40000 + 368640 - 360448 + 7 + 2, "\0", 1),
                     VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, 130, 1, sector, NULL), VCDR_EIO);
    assert_blocks(disc, 254, 240, 120); /* the last packet stands in the log */
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

/* Thousands of packets of all lengths: each block is found, in few reads. */
static void a_block_among_many_packets_is_found_in_few_reads(void **state)
{
    enum { PACKETS = 6000 };
    struct cut_store cut;
    struct vcdr_disc *disc = new_disc(&cut);
    static int32_t lba[PACKETS];
    uint32_t first = 0;
    uint8_t got[BLOCK], expected[BLOCK];

    (void)state;
    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    for (uint32_t i = 0; i < PACKETS; i++) {
        lba[i] = nwa_of(disc, 1);
        assert_int_equal(packet(disc, first, 1 + i % 3), VCDR_OK);
        first += 1 + i % 3;
    }
    open_again(&cut, &disc);
    cut.count_reads = true;
    first = 0;
    for (uint32_t i = 0; i < PACKETS; first += 1 + i % 3, i++) {
        unsigned ops = cut.ops;

        assert_int_equal(vcdr_disc_read_user(disc, lba[i], 1, got, NULL), VCDR_OK);
        fill_block(expected, first);
        assert_memory_equal(got, expected, BLOCK);
        assert_true(cut.ops - ops <= 13 + 3); /* 2 to the 13th is more than 6000 */
        assert_int_equal(vcdr_disc_read_user(disc, lba[i] - 1, 1, got, NULL), VCDR_EUNREADABLE);
    }
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

/* ---- erasing, snapshots, rehearsals ---- */

static void a_tail_is_erased_from_the_beginning_of_a_packet(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(packet(disc, i * 100, 100), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_erase_tail(disc, 150), VCDR_EADDRESS);
    assert_int_equal(vcdr_disc_erase_tail(disc, 213), VCDR_EADDRESS); /* linking */
    assert_int_equal(vcdr_disc_erase_tail(disc, 214), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 214);
    assert_int_equal(packet(disc, 900, 50), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 271);
    assert_int_equal(append(disc, 950, 50), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_blocks(disc, 107, 100, 100);
    assert_blocks(disc, 214, 900, 50);
    assert_linking(disc, 264);
    assert_blocks(disc, 271, 950, 50);
    assert_int_equal(vcdr_disc_erase_tail(disc, 0), VCDR_OK); /* all of it */
    assert_int_equal(nwa_of(disc, 1), 0);
    assert_int_equal(packet(disc, 5, 300), VCDR_OK);
    assert_blocks(disc, 0, 5, 300);
}

static void a_snapshot_keeps_its_packets(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(packet(disc, 0, 100), VCDR_OK);
    assert_int_equal(append(disc, 100, 100), VCDR_OK);
    assert_int_equal(vcdr_disc_snapshot(disc), VCDR_OK);
    for (uint32_t round = 1; round < 4; round++) {
        assert_int_equal(packet(disc, 1000 * round, 70), VCDR_OK);
        assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
        assert_int_equal(vcdr_disc_erase_tail(disc, 107), VCDR_OK); /* the snapshot's too */
        assert_int_equal(packet(disc, 1000 * round, 300), VCDR_OK);
        assert_blocks(disc, 0, 0, 100); /* moved away from the snapshot, with its table */
        assert_linking(disc, 100);
        assert_blocks(disc, 107, 1000 * round, 300);
        assert_int_equal(vcdr_disc_restore(disc), VCDR_OK);
        assert_int_equal(nwa_of(disc, 1), 214);
        assert_blocks(disc, 0, 0, 100);
        assert_linking(disc, 100);
        assert_blocks(disc, 107, 100, 100);
    }
}

static void packets_are_rehearsed(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(open_packets(disc, 0), VCDR_OK);
    assert_int_equal(packet(disc, 0, 100), VCDR_OK);
    assert_int_equal(vcdr_disc_rehearse(disc), VCDR_OK);
    assert_int_equal(packet(disc, 7, 100), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 214);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    vcdr_disc_rehearsal_end(disc);
    assert_int_equal(nwa_of(disc, 1), 107);
    assert_int_equal(packet(disc, 100, 200), VCDR_OK);
    assert_blocks(disc, 0, 0, 100);
    assert_blocks(disc, 107, 100, 200);
}

/* ---- power cuts ---- */

static int burn(struct vcdr_disc *disc, uint32_t size)
{
    int rc = open_packets(disc, size);

    for (uint32_t i = 0; rc == VCDR_OK && i < 4; i++) {
        rc = packet(disc, i * 64, 64);
        if (rc == VCDR_OK && i % 2 == 0)
            rc = vcdr_disc_flush(disc);
    }
    if (rc == VCDR_OK)
        rc = append(disc, 256, 32);
    if (rc == VCDR_OK)
        rc = vcdr_disc_close_track(disc);
    return rc;
}

/* What is there is whole packets of what was written, in order, or zeros behind it. */
static void check_burned(struct vcdr_disc *disc, uint32_t size)
{
    struct vcdr_track track;
    uint32_t step = size > 0 ? 64 : 71;

    if (vcdr_disc_info(disc)->tracks == 0)
        return;
    track = track_of_disc(disc, 1);
    for (uint32_t at = 0; at < track.written; at++) {
        uint8_t got[BLOCK];
        uint32_t n = at / step, in = at % step;

        if (in >= 64)
            assert_int_equal(vcdr_disc_read_user(disc, (int32_t)at, 1, got, NULL),
                             VCDR_EUNREADABLE);
        else if (n * 64 + in < 288)
            assert_blocks(disc, (int32_t)at, n * 64 + in, 1);
    }
}

static void a_cut_at_any_operation_leaves_packets_that_are_whole(void **state)
{
    (void)state;
    for (uint32_t size = 0; size <= 32; size += 32)
        for (unsigned seed = 0; seed < 4; seed++) {
            bool died = true;

            for (unsigned at = 1; died; at++) {
                struct cut_store cut, after;
                struct vcdr_disc *disc = new_disc(&cut);
                int32_t next;

                cut.ops = 0;
                cut.dies_at = at;
                died = burn(disc, size) != VCDR_OK;
                cut_after(&after, &cut, seed);
                vcdr_disc_abandon(disc);
                assert_int_equal(vcdr_disc_open(cut_store(&after), &disc), VCDR_OK);
                check_burned(disc, size);
                if (vcdr_disc_info(disc)->open_track == 1) { /* and it goes on */
                    next = nwa_of(disc, 1);
                    assert_int_equal(packet(disc, 5000, 64), VCDR_OK);
                    assert_blocks(disc, next, 5000, 64);
                    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
                }
                vcdr_disc_abandon(disc);
                cut_free(&after);
                cut_free(&cut);
            }
        }
}

/* An I/O error of the blocks, not of the log, can be tried again. */
static void a_write_that_failed_is_repeated(void **state)
{
    (void)state;
    for (unsigned at = 1; at <= 2; at++) {
        struct cut_store cut;
        struct vcdr_disc *disc = new_disc(&cut);

        assert_int_equal(open_packets(disc, 0), VCDR_OK);
        assert_int_equal(packet(disc, 0, 10), VCDR_OK);
        cut.ops = 0;
        cut.dies_at = at; /* the slot of the table, the blocks */
        cut.fail_once = true;
        assert_int_equal(append(disc, 10, 10), VCDR_EIO);
        assert_int_equal(nwa_of(disc, 1), 17);
        assert_int_equal(append(disc, 10, 10), VCDR_OK);
        assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
        assert_blocks(disc, 0, 0, 10);
        assert_blocks(disc, 17, 10, 10);
        vcdr_disc_abandon(disc);
        cut_free(&cut);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, blank_cd_rw, put_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(seven_blocks_of_linking_lie_between_two_packets),
        TEST(writes_belong_to_one_packet_until_it_is_ended),
        TEST(a_short_track_gets_a_packet_of_zeros),
        TEST(a_track_that_is_open_cannot_be_read_beyond_its_last_packet),
        TEST(fixed_packets_have_no_linking_in_their_addresses),
        TEST(a_fixed_packet_is_filled_with_zeros),
        TEST(packets_end_where_a_track_ends),
        TEST(only_whole_fixed_packets_fit),
        TEST(packets_go_into_a_reservation),
        TEST(packets_are_data_and_say_so),
        TEST(a_reservation_behind_packets_is_filled_with_plain_data),
        cmocka_unit_test(a_track_goes_on_with_a_new_packet_when_the_disc_is_opened_again),
        cmocka_unit_test(an_unfinished_fixed_packet_is_filled_by_the_next_to_write),
        cmocka_unit_test(the_packets_are_as_documented),
        cmocka_unit_test(a_damaged_table_is_a_read_error),
        cmocka_unit_test(a_block_among_many_packets_is_found_in_few_reads),
        TEST(a_tail_is_erased_from_the_beginning_of_a_packet),
        TEST(a_snapshot_keeps_its_packets),
        TEST(packets_are_rehearsed),
        cmocka_unit_test(a_cut_at_any_operation_leaves_packets_that_are_whole),
        cmocka_unit_test(a_write_that_failed_is_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
