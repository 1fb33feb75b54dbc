/* SPDX-License-Identifier: MIT */
/* Q, CD-Text packs and packed R-W as bytes; and the sub-channel that a disc makes for its blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <vcdr/subchannel.h>

#include "fixture.h"

/* ---- bytes ---- */

static void the_crc_has_its_check_values(void **state)
{
    /* Q of track 1 index 1 at 00:02:00, and a pack of CD-Text's size information */
    static const uint8_t q[10] = {0x01, 0x01, 0x01, 0, 0, 0, 0, 0x00, 0x02, 0x00};
    static const uint8_t pack[16] = {0x8F, 0x00, 0x2A, 0x00, 0x01, 0x01, 0x03, 0x00,
                                     0x06, 0x05, 0x04, 0x05, 0x07, 0x06, 0x01, 0x02};

    (void)state;
    assert_int_equal(vcdr_sub_crc(q, sizeof(q)), 0x5A28);
    assert_int_equal(vcdr_sub_crc(pack, sizeof(pack)), 0x4865);
}

static void position_says_track_index_and_both_times(void **state)
{
    static const uint8_t start[12] = {0x01, 0x01, 0x01, 0x00, 0x00, 0x00,
                                      0x00, 0x00, 0x02, 0x00, 0x5A, 0x28};
    /* the first block of a pre-gap of two seconds, 00:00:00: 00:01:74 to go */
    static const uint8_t first[12] = {0x01, 0x01, 0x00, 0x00, 0x01, 0x74,
                                      0x00, 0x00, 0x00, 0x00, 0xAA, 0xB9};
    /* the last one of track 2's, 00:12:49: nothing to go */
    static const uint8_t last[12] = {0x01, 0x02, 0x00, 0x00, 0x00, 0x00,
                                     0x00, 0x00, 0x12, 0x49, 0xEA, 0x21};
    uint8_t q[12];

    (void)state;
    vcdr_sub_q_position(q, 0, 1, 1, 0, 0);
    assert_memory_equal(q, start, 12);
    vcdr_sub_q_position(q, 0, 1, 0, -150, -150);
    assert_memory_equal(q, first, 12);
    vcdr_sub_q_position(q, 0, 2, 0, -1, 12 * 75 + 49 - 150);
    assert_memory_equal(q, last, 12);
    /* control 6, track 99, index 12 in BCD */
    vcdr_sub_q_position(q, 6, 99, 12, 61 * 75 + 3, 0);
    assert_int_equal(q[0], 0x61);
    assert_int_equal(q[1], 0x99);
    assert_int_equal(q[2], 0x12);
    assert_int_equal(q[3], 0x01);
    assert_int_equal(q[4], 0x01);
    assert_int_equal(q[5], 0x03);
}

static void numbers_have_their_codes_and_come_back(void **state)
{
    /* 13 BCD digits, a zero nibble, zero, the frame 20 */
    static const uint8_t mcn[12] = {0x02, 0x01, 0x23, 0x45, 0x67, 0x89,
                                    0x01, 0x20, 0x00, 0x20, 0x14, 0xE5};
    /* D E A B C = 14 15 11 12 13 in six bits each, two zero bits, 7 BCD digits, frame 45 */
    static const uint8_t isrc[12] = {0x43, 0x51, 0x54, 0x52, 0x4C, 0x24,
                                     0x00, 0x00, 0x10, 0x45, 0x6E, 0x00};
    uint8_t q[12];
    char text[14];

    (void)state;
    vcdr_sub_q_mcn(q, 0, "0123456789012", 20 - 150);
    assert_memory_equal(q, mcn, 12);
    assert_true(vcdr_sub_q_get_mcn(q, text));
    assert_string_equal(text, "0123456789012");
    assert_false(vcdr_sub_q_get_isrc(q, text));
    vcdr_sub_q_isrc(q, 4, "DEABC2400001", 45 - 150);
    assert_memory_equal(q, isrc, 12);
    assert_true(vcdr_sub_q_get_isrc(q, text));
    assert_string_equal(text, "DEABC2400001");
    assert_false(vcdr_sub_q_get_mcn(q, text));
    q[8] |= 0xA0; /* no digit */
    assert_false(vcdr_sub_q_get_isrc(q, text));
    vcdr_sub_q_isrc(q, 4, "0Z9A82400001", 45 - 150);
    assert_true(vcdr_sub_q_get_isrc(q, text));
    assert_string_equal(text, "0Z9A82400001");
    q[1] = 0x28; /* 0Ah: between the digits and the letters */
    assert_false(vcdr_sub_q_get_isrc(q, text));
    q[1] = 0xAC; /* 2Bh: behind them */
    assert_false(vcdr_sub_q_get_isrc(q, text));
}

static void q_is_a_bit_of_each_of_96_bytes(void **state)
{
    static const uint8_t q[12] = {0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03};
    uint8_t pw[96], back[12];

    (void)state;
    memset(pw, 0xFF, sizeof(pw));
    vcdr_sub_put_pq(pw, false, q);
    assert_int_equal(pw[0], 0x7F);
    assert_int_equal(pw[1], 0x3F);
    assert_int_equal(pw[7], 0x7F);
    assert_int_equal(pw[94], 0x7F);
    assert_int_equal(pw[95], 0x7F);
    vcdr_sub_put_pq(pw, true, q);
    assert_int_equal(pw[0], 0xFF);
    assert_int_equal(pw[1], 0xBF);
    vcdr_sub_get_q(pw, back);
    assert_memory_equal(back, q, 12);
    assert_false(vcdr_sub_q_good(back));
    vcdr_sub_q_position(back, 0, 1, 1, 0, 0);
    assert_true(vcdr_sub_q_good(back));
}

static void sixteen_bytes_of_p_and_q_are_96_and_back(void **state)
{
    static const uint8_t expected[16] = {0x01, 0x01, 0x01, 0,    0, 0, 0, 0,
                                         0x02, 0x00, 0x5A, 0x28, 0, 0, 0, 0x80};
    uint8_t pq[16] = {0x01, 0x01, 0x01, 0, 0, 0, 0, 0, 0x02, 0x00, 0xFF, 0xFF, 0, 0, 0, 0x80};
    uint8_t pw[96];

    (void)state;
    vcdr_sub_of_pq16(pq, pw);
    assert_int_equal(pw[0], 0x80);
    assert_int_equal(pw[7], 0xC0);
    vcdr_sub_to_pq16(pw, pq);
    assert_memory_equal(pq, expected, 16);
}

static void four_packs_are_96_symbols(void **state)
{
    /* 80 00 00 -> 20 00 00 00; FF FF FF -> 3F 3F 3F 3F; 01 02 03 -> 00 10 08 03 */
    uint8_t packs[72] = {0x80, 0, 0, 0xFF, 0xFF, 0xFF, 0x01, 0x02, 0x03}, back[72];
    static const uint8_t symbols[12] = {0x20, 0,    0,    0,    0x3F, 0x3F,
                                        0x3F, 0x3F, 0x00, 0x10, 0x08, 0x03};
    uint8_t rw[96];

    (void)state;
    memset(rw, 0xC0, sizeof(rw));
    vcdr_sub_put_packs(rw, packs);
    for (unsigned i = 0; i < 12; i++)
        assert_int_equal(rw[i], 0xC0 | symbols[i]);
    packs[71] = 0x5A;
    vcdr_sub_put_packs(rw, packs);
    vcdr_sub_get_packs(rw, back);
    assert_memory_equal(back, packs, 72);
}

/* GF(64) by x^6+x+1, written for clarity. */
static unsigned times(unsigned a, unsigned b)
{
    unsigned product = 0;

    for (; b != 0; b >>= 1, a = a << 1 ^ (a & 0x20 ? 0x43 : 0))
        product ^= b & 1 ? a : 0;
    return product & 0x3F;
}

/* A word of a code with n parity symbols is zero at the first n powers of alpha. */
static void assert_code_word(const uint8_t *word, unsigned len, unsigned parity)
{
    for (unsigned i = 0, x = 1; i < parity; i++, x = times(x, 2)) {
        unsigned sum = 0;

        for (unsigned k = 0; k < len; k++)
            sum = times(sum, x) ^ word[k];
        assert_int_equal(sum, 0);
    }
}

static void packed_symbols_get_their_parity(void **state)
{
    uint8_t packed[96];

    (void)state;
    for (unsigned i = 0; i < 96; i++)
        packed[i] = (uint8_t)(i * 37 % 64);
    vcdr_sub_pack_parity(packed);
    for (unsigned pack = 0; pack < 4; pack++) {
        assert_code_word(packed + 24 * pack, 4, 2);
        assert_code_word(packed + 24 * pack, 24, 4);
        assert_int_equal(packed[24 * pack], 24 * pack * 37 % 64);
        assert_int_equal(packed[24 * pack + 10], (24 * pack + 10) * 37 % 64);
    }
}

static void packed_symbols_are_spread_over_eight_packs(void **state)
{
    /* Where readers of CD-G look for the 24 symbols of a pack, from its first byte on. */
    static const unsigned offsets[24] = {
        0,   66,  125, 191, 100, 50, 150, 175, 8,   33,  58,  83,
        108, 133, 158, 183, 16,  41, 25,  91,  116, 141, 166, 75,
    };
    uint8_t packed[5][96], pw[3][96];

    (void)state;
    for (unsigned i = 0; i < sizeof(packed); i++)
        packed[i / 96][i % 96] = (uint8_t)((i * 31 + i / 61) % 64);
    memset(pw, 0xC0, sizeof(pw));
    for (unsigned i = 0; i < 3; i++)
        vcdr_sub_of_packed(packed[i], pw[i]);
    /* The packs of the third block can be read from it and the two that follow. */
    for (unsigned pack = 0; pack < 4; pack++)
        for (unsigned symbol = 0; symbol < 24; symbol++)
            assert_int_equal(((const uint8_t *)pw)[24 * pack + offsets[symbol]],
                             0xC0 | packed[2][24 * pack + symbol]);
}

/* ---- of a disc ---- */

static int burn(void **state)
{
    static const struct vcdr_track_parameters audio = {.mcn = "0123456789012",
                                                       .isrc = "DEABC2400001"};
    int rc = blank_cd_r(state);
    struct vcdr_disc *disc = *state;

    if (rc != 0 || vcdr_disc_open_track(disc, 1, &audio) != VCDR_OK ||
        write_fill(disc, 400, 1) != VCDR_OK || vcdr_disc_close_track(disc) != VCDR_OK)
        return -1;
    burn_track(disc, 8, 300, 2);
    return 0;
}

static void a_block_says_where_it_lies(void **state)
{
    static const uint8_t first[12] = {0x01, 0x01, 0x00, 0x00, 0x01, 0x74,
                                      0x00, 0x00, 0x00, 0x00, 0xAA, 0xB9};
    struct vcdr_disc *disc = *state;
    uint8_t q[12], expected[12];

    assert_int_equal(vcdr_disc_read_q(disc, -150, q), VCDR_OK);
    assert_memory_equal(q, first, 12);
    assert_int_equal(vcdr_disc_read_q(disc, 399, q), VCDR_OK);
    vcdr_sub_q_position(expected, 0, 1, 1, 399, 399);
    assert_memory_equal(q, expected, 12);
    assert_int_equal(vcdr_disc_read_q(disc, 400, q), VCDR_EUNREADABLE); /* run-out */
    assert_int_equal(vcdr_disc_read_q(disc, 402, q), VCDR_OK);
    vcdr_sub_q_position(expected, 4, 2, 0, -150, 402);
    assert_memory_equal(q, expected, 12);
    assert_int_equal(vcdr_disc_read_q(disc, 552, q), VCDR_OK);
    vcdr_sub_q_position(expected, 4, 2, 1, 0, 552);
    assert_memory_equal(q, expected, 12);
    assert_int_equal(vcdr_disc_read_q(disc, 5000, q), VCDR_EADDRESS);
}

static void p_marks_the_pre_gap_and_r_to_w_are_silent(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t pw[2][96];
    uint32_t done = 0;

    assert_int_equal(vcdr_disc_read_sub(disc, -1, 2, pw, &done), VCDR_OK);
    assert_int_equal(done, 2);
    for (unsigned i = 0; i < 96; i++) {
        assert_int_equal(pw[0][i] & 0xBF, 0x80);
        assert_int_equal(pw[1][i] & 0xBF, 0x00);
    }
    assert_int_equal(vcdr_disc_read_sub(disc, 399, 2, pw, &done), VCDR_EUNREADABLE);
    assert_int_equal(done, 1);
}

static void both_numbers_come_once_in_a_hundred_blocks(void **state)
{
    struct vcdr_disc *disc = *state;
    int32_t seen[4] = {0, -151, -151, -151};
    uint8_t q[12];
    char text[14];

    for (int32_t lba = -150; lba < 400; lba++) {
        unsigned adr;

        assert_int_equal(vcdr_disc_read_q(disc, lba, q), VCDR_OK);
        assert_true(vcdr_sub_q_good(q));
        adr = q[0] & 15;
        assert_in_range(adr, 1, 3);
        if (adr == 2 && vcdr_sub_q_get_mcn(q, text))
            assert_string_equal(text, "0123456789012");
        if (adr == 3 && vcdr_sub_q_get_isrc(q, text))
            assert_string_equal(text, "DEABC2400001");
        if (lba == 0 || lba == -150)
            assert_int_equal(adr, 1); /* an index begins */
        if (lba - seen[adr] > 100)
            fail_msg("%d blocks without ADR %u", lba - seen[adr], adr);
        seen[adr] = lba;
    }
    /* The second track has no ISRC, but the disc has its number. */
    seen[2] = 402;
    for (int32_t lba = 402; lba < 852; lba++) {
        assert_int_equal(vcdr_disc_read_q(disc, lba, q), VCDR_OK);
        assert_int_not_equal(q[0] & 15, 3);
        if ((q[0] & 15) == 2)
            seen[2] = lba;
        assert_in_range(lba - seen[2], 0, 99);
    }
}

static void r_to_w_of_the_host_are_kept_and_p_and_q_made(void **state)
{
    static const struct vcdr_track_parameters with_sub = {.block_type = 3};
    static uint8_t blocks[300][2448];
    struct vcdr_disc *disc = *state;
    uint8_t pw[96], sector[2352], q[12], expected[12];

    for (unsigned i = 0; i < 300; i++)
        memset(blocks[i], (int)i, 2448);
    assert_int_equal(vcdr_disc_open_track(disc, 3, &with_sub), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, blocks, 300), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, 1004 + 0x95, 1, sector, NULL), VCDR_OK);
    assert_memory_equal(sector, blocks[0x95], 2352);
    assert_int_equal(vcdr_disc_read_sub(disc, 1004 + 0x95, 1, pw, NULL), VCDR_OK);
    for (unsigned i = 0; i < 96; i++)
        assert_int_equal(pw[i] & 0xBF, 0x95 & 0x3F);
    vcdr_sub_get_q(pw, q);
    vcdr_sub_q_position(expected, 0, 3, 1, 0x95, 1004 + 0x95);
    assert_memory_equal(q, expected, 12);
    assert_int_equal(vcdr_disc_read_sub(disc, 1003, 1, pw, NULL), VCDR_OK); /* the pre-gap */
    assert_int_equal(pw[50] & 0x3F, 0);
}

static void packed_r_to_w_are_interleaved_with_their_parity(void **state)
{
    static const struct vcdr_track_parameters with_packs = {.block_type = 2};
    static uint8_t blocks[300][2448];
    struct vcdr_disc *disc = *state;
    uint8_t packed[3][96], pw[96], expected[96] = {0};

    for (unsigned i = 0; i < 300; i++)
        for (unsigned k = 0; k < 96; k++)
            blocks[i][2352 + k] = (uint8_t)((i * 5 + k * 11) % 64);
    assert_int_equal(vcdr_disc_open_track(disc, 3, &with_packs), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, blocks, 300), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    for (unsigned i = 0; i < 3; i++) {
        memcpy(packed[i], blocks[100 + i] + 2352, 96);
        vcdr_sub_pack_parity(packed[i]);
    }
    vcdr_sub_of_packed(packed[0], expected);
    assert_int_equal(vcdr_disc_read_sub(disc, 1004 + 102, 1, pw, NULL), VCDR_OK);
    for (unsigned i = 0; i < 96; i++)
        assert_int_equal(pw[i] & 0x3F, expected[i]);
}

/* Before the first block of a session there is none: its packs begin with silence. */
static void packed_r_to_w_begin_with_the_session(void **state)
{
    static const struct vcdr_stretch stretches[] = {{1, 0, 0, 0xC0, -150}, {1, 1, 0, 0xC0, 0}};
    const struct vcdr_session_layout layout = {
        .stretches = stretches,
        .count = 2,
        .lead_out_lba = 300,
    };
    static uint8_t blocks[450][2448];
    struct vcdr_disc *disc = *state;
    uint8_t packed[3][96] = {{0}}, pw[96], expected[96] = {0};

    for (unsigned i = 0; i < 450; i++)
        for (unsigned k = 0; k < 96; k++)
            blocks[i][2352 + k] = (uint8_t)((i * 5 + k * 11 + 1) % 64);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, blocks, 450), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    memcpy(packed[2], blocks[0] + 2352, 96);
    vcdr_sub_pack_parity(packed[2]);
    vcdr_sub_of_packed(packed[0], expected);
    assert_int_equal(vcdr_disc_read_sub(disc, -150, 1, pw, NULL), VCDR_OK);
    for (unsigned i = 0; i < 96; i++)
        assert_int_equal(pw[i], expected[i] | 0x80 | (pw[i] & 0x40));
    /* and they go on from index to index */
    for (unsigned i = 0; i < 3; i++) {
        memcpy(packed[i], blocks[148 + i] + 2352, 96);
        vcdr_sub_pack_parity(packed[i]);
    }
    memset(expected, 0, sizeof(expected));
    vcdr_sub_of_packed(packed[0], expected);
    assert_int_equal(vcdr_disc_read_sub(disc, 0, 1, pw, NULL), VCDR_OK);
    for (unsigned i = 0; i < 96; i++)
        assert_int_equal(pw[i] & 0x3F, expected[i]);
}

#define OF_DISC(function) cmocka_unit_test_setup_teardown(function, burn, put_away)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crc_has_its_check_values),
        cmocka_unit_test(position_says_track_index_and_both_times),
        cmocka_unit_test(numbers_have_their_codes_and_come_back),
        cmocka_unit_test(q_is_a_bit_of_each_of_96_bytes),
        cmocka_unit_test(sixteen_bytes_of_p_and_q_are_96_and_back),
        cmocka_unit_test(four_packs_are_96_symbols),
        cmocka_unit_test(packed_symbols_get_their_parity),
        cmocka_unit_test(packed_symbols_are_spread_over_eight_packs),
        OF_DISC(a_block_says_where_it_lies),
        OF_DISC(p_marks_the_pre_gap_and_r_to_w_are_silent),
        OF_DISC(both_numbers_come_once_in_a_hundred_blocks),
        OF_DISC(r_to_w_of_the_host_are_kept_and_p_and_q_made),
        cmocka_unit_test_setup_teardown(packed_r_to_w_begin_with_the_session, blank_cd_r, put_away),
        OF_DISC(packed_r_to_w_are_interleaved_with_their_parity),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
