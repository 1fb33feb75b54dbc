/* SPDX-License-Identifier: MIT */
/* READ SUB-CHANNEL, and READ CD with sub-channel and C2 (MMC-6). */
#include "burn.h"

#include <string.h>
#include <vcdr/subchannel.h>

/* Page 05h for audio by track-at-once, with an MCN and an ISRC. */
static void select_codes(struct harness *h)
{
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 3C 00",
                        "00 00 00 00 00 00 00 00"
                        "05 32 01 C0 00 00 00 00 00 00 00 00 00 00 00 96"
                        /* MCVal, "1234567890123" */
                        "80 31 32 33 34 35 36 37 38 39 30 31 32 33 00 00"
                        /* TCVal, "DEABC0512345" */
                        "80 44 45 41 42 43 30 35 31 32 33 34 35 00 00 00 00 00 00 00"));
}

/* Audio track 1 at 0 and 2 at 452, ended at 752; the second has the codes. */
static struct harness *two_tracks(void)
{
    struct harness *h = harness_ready("80min");

    burn_audio(h, 300);
    select_codes(h);
    write_good(h, 452, 300, 2352);
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    return h;
}

/* ---- READ SUB-CHANNEL ---- */

static void without_subq_there_is_the_header_alone(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    assert_hex(run(h, ONE, "42 00 00 FF 00 00 00 00 FF 00"), "00 15 00 00"); /* nothing is played */
    harness_free(h);
}

static void the_position_is_that_of_the_block_read_last(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    assert_good(run(h, ONE, "BE 04 00 00 01 C4 00 00 03 F8 00 00")); /* 452 to 454 */
    /* 12 bytes: position, ADR 1 and audio, track 2, index 1, LBA 454, 2 from the index */
    assert_hex(run(h, ONE, "42 00 40 01 00 00 00 00 FF 00"),
               "00 15 00 0C 01 10 02 01 00 00 01 C6 00 00 00 02");
    /* 00:08:04, 00:00:02 */
    assert_hex(run(h, ONE, "42 02 40 01 00 00 00 00 FF 00"),
               "00 15 00 0C 01 10 02 01 00 00 08 04 00 00 00 02");
    harness_free(h);
}

static void a_seek_into_a_pregap_is_index_0_counting_down(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    assert_good(run(h, ONE, "2B 00 00 00 01 90 00 00 00 00")); /* 400: 52 before 452 */
    assert_hex(run(h, ONE, "42 00 40 01 00 00 00 00 FF 00"),
               "00 15 00 0C 01 10 02 00 00 00 01 90 FF FF FF CC");
    assert_hex(run(h, ONE, "42 02 40 01 00 00 00 00 FF 00"),
               "00 15 00 0C 01 10 02 00 00 00 07 19 00 00 00 34");
    harness_free(h);
}

static void the_mcn_is_the_discs(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    /* 20 bytes: MCN; MCVal, 13 digits, zero, AFRAME */
    assert_hex(run(h, ONE, "42 02 40 02 00 00 00 00 18 00"),
               "00 15 00 14 02 00 00 00 80 31 32 33 34 35 36 37 38 39 30 31 32 33 00 00");
    harness_free(h);
}

static void the_isrc_is_the_tracks(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    /* 20 bytes: ISRC, ADR 3 and audio, track 2; TCVal, 12 characters, zero, AFRAME, reserved */
    assert_hex(run(h, ONE, "42 00 40 03 00 00 02 00 18 00"),
               "00 15 00 14 03 30 02 00 80 44 45 41 42 43 30 35 31 32 33 34 35 00 00 00");
    assert_hex(run(h, ONE, "42 00 40 03 00 00 01 00 18 00"), /* track 1 has none */
               "00 15 00 14 03 30 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    assert_sense(run(h, ONE, "42 00 40 03 00 00 00 00 18 00"), 0x052400);
    assert_sense(run(h, ONE, "42 00 40 03 00 00 03 00 18 00"), 0x052400);
    harness_free(h);
}

static void other_formats_are_refused(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    for (unsigned format = 0; format < 256; format++) {
        if (format < 1 || format > 3)
            assert_sense(run(h, ONE, cdbf("42 00 40 %02X 00 00 01 00 18 00", format)), 0x052400);
    }
    harness_free(h);
}

static void a_blank_disc_has_no_position_and_no_mcn(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "42 00 40 01 00 00 00 00 18 00"), 0x056400);
    assert_hex_at(run(h, ONE, "42 00 40 02 00 00 00 00 18 00"), 4, "02 00 00 00 00");
    assert_sense(run(h, ONE, "42 00 40 03 00 00 01 00 18 00"), 0x052400);
    harness_free(h);
    h = harness_ready(NULL);
    assert_sense(run(h, ONE, "42 00 40 01 00 00 00 00 18 00"), 0x023A01);
    harness_free(h);
}

/* ---- READ CD ---- */

static void sixteen_bytes_of_q_follow_the_main_channel(void **state)
{
    struct harness *h = two_tracks();
    uint8_t expected[2352];
    struct reply *r = run(h, ONE, "BE 04 00 00 01 C4 00 00 02 F8 02 00"); /* 452, 453 */

    (void)state;
    assert_good(r);
    assert_int_equal(r->len, 2 * 2368);
    pattern(expected, 453, 2352);
    assert_memory_equal(r->data + 2368, expected, 2352);
    /* audio and ADR 1, track 2, index 1, 00:00:01, zero, 00:08:03 in BCD; CRC; P is 0 */
    assert_hex_at(r, 2368 + 2352, "01 02 01 00 00 01 00 00 08 03");
    assert_hex_at(r, 2368 + 2352 + 12, "00 00 00 00");
    assert_true(vcdr_sub_q_good(r->data + 2368 + 2352));
    harness_free(h);
}

static void the_q_of_the_very_first_block_is_known(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    /* computed by the standard's polynomial: 5A 28 */
    assert_hex(run(h, ONE, "BE 00 00 00 00 00 00 00 01 00 02 00"),
               "01 01 01 00 00 00 00 00 02 00 5A 28 00 00 00 00");
    harness_free(h);
}

static void p_is_set_in_a_pregap(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    /* 400: index 0; 51 more before index 1, as the pause counts down to 0; 00:07:25 */
    assert_hex_at(run(h, ONE, "BE 00 00 00 01 90 00 00 01 00 02 00"), 0,
                  "01 02 00 00 00 51 00 00 07 25");
    assert_hex_at(&h->reply, 12, "00 00 00 80");
    harness_free(h);
}

static void raw_sub_channel_has_p_in_bit_7_and_q_in_bit_6(void **state)
{
    struct harness *h = two_tracks();
    struct reply *r = run(h, ONE, "BE 04 00 00 00 00 00 00 01 F8 01 00");
    uint8_t q[12];

    (void)state;
    assert_good(r);
    assert_int_equal(r->len, 2352 + 96);
    assert_hex_at(r, 2352, "00 00 00 00 00 00 00 40"); /* Q begins with 01: audio, ADR 1 */
    vcdr_sub_get_q(r->data + 2352, q);
    assert_memory_equal(q, "\x01\x01\x01\x00\x00\x00\x00\x00\x02\x00\x5A\x28", 12);
    assert_good(run(h, ONE, "BE 04 00 00 01 90 00 00 01 F8 01 00"));
    assert_hex_at(&h->reply, 2352, "80 80 80 80 80 80 80 C0");
    harness_free(h);
}

static void mcn_and_isrc_come_once_in_a_hundred_blocks_at_least(void **state)
{
    struct harness *h = two_tracks();
    struct reply *r = run(h, ONE, "BE 00 00 00 01 C4 00 00 64 00 02 00"); /* 452 to 551 */
    unsigned adr[16] = {0};
    char text[14];

    (void)state;
    assert_good(r);
    assert_int_equal(r->len, 100 * 16);
    for (unsigned i = 0; i < 100; i++) {
        const uint8_t *q = r->data + 16 * i;

        assert_true(vcdr_sub_q_good(q));
        adr[q[0] & 0x0F]++;
        if ((q[0] & 0x0F) == 2) {
            assert_true(vcdr_sub_q_get_mcn(q, text));
            assert_string_equal(text, "1234567890123");
        } else if ((q[0] & 0x0F) == 3) {
            assert_true(vcdr_sub_q_get_isrc(q, text));
            assert_string_equal(text, "DEABC0512345");
        }
    }
    assert_true(adr[2] >= 1 && adr[3] >= 1 && adr[1] + adr[2] + adr[3] == 100);
    harness_free(h);
}

static void the_run_out_of_audio_has_the_tracks_q(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    assert_hex_at(run(h, ONE, "BE 04 00 00 01 2C 00 00 01 F8 02 00"), 2352, /* 300 */
                  "01 01 01 00 04 00 00 00 06 00");
    assert_good(run(h, ONE, "BE 04 00 00 01 2C 00 00 01 F8 01 00"));
    assert_good(run(h, ONE, "BE 04 00 00 01 2C 00 00 01 F8 04 00"));
    assert_int_equal(h->reply.len, 2352 + 96);
    harness_free(h);
}

static void c2_pointers_are_between_main_and_sub_channel_and_zero(void **state)
{
    struct harness *h = two_tracks();
    static const uint8_t zero[296];
    struct reply *r;

    (void)state;
    r = run(h, ONE, "BE 04 00 00 00 00 00 00 02 FA 02 00"); /* 01b: 294 bytes */
    assert_good(r);
    assert_int_equal(r->len, 2 * (2352 + 294 + 16));
    assert_memory_equal(r->data + 2352, zero, 294);
    assert_hex_at(r, 2352 + 294, "01 01 01 00 00 00 00 00 02 00 5A 28");
    r = run(h, ONE, "BE 04 00 00 00 00 00 00 02 FC 00 00"); /* 10b: 296 */
    assert_int_equal(r->len, 2 * (2352 + 296));
    assert_memory_equal(r->data + 2352, zero, 296);
    r = run(h, ONE, "BE 00 00 00 00 00 00 00 02 02 00 00"); /* the pointers alone */
    assert_int_equal(r->len, 2 * 294);
    harness_free(h);
}

static void read_cd_msf_has_them_too(void **state)
{
    struct harness *h = two_tracks();

    (void)state;
    assert_good(run(h, ONE, "B9 04 00 00 02 00 00 02 01 FC 01 00"));
    assert_int_equal(h->reply.len, 2352 + 296 + 96);
    harness_free(h);
}

static void only_the_sub_channel_alone_goes_from_audio_to_data(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    burn_data(h, 300);                                               /* 452; its pre-gap from 302 */
    assert_good(run(h, ONE, "BE 00 00 00 01 28 00 00 14 00 02 00")); /* 296 to 315 */
    assert_int_equal(h->reply.len, 20 * 16);
    assert_hex_at(&h->reply, 5 * 16, "01 01 01");
    assert_hex_at(&h->reply, 6 * 16, "41 02 00");
    assert_sense(run(h, ONE, "BE 00 00 00 01 28 00 00 14 F8 02 00"), 0x056400);
    assert_sense(run(h, ONE, "BE 04 00 00 01 28 00 00 14 00 02 00"), 0x056400); /* CD-DA expected */
    harness_free(h);
}

static void a_room_too_small_is_filled_with_whole_and_cut_blocks(void **state)
{
    struct harness *h = two_tracks();
    struct reply *r = run_data(h, ONE, "BE 04 00 00 00 00 00 00 03 F8 02 00", NULL, 0, 2368 + 2360);

    (void)state;
    assert_good(r);
    assert_int_equal(r->len, 2368 + 2360);
    assert_hex_at(r, 2368 + 2352, "01 01 01 00 00 01 00 00");
    harness_free(h);
}

/* ---- R-W: what a host sent in pack form comes back in pack form ---- */

static void r_w_packs_come_back_without_their_interleave(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t blocks[10][2448];

    (void)state;
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    /* lead-in; track 1 from -150 as audio with packed R-W (C0h) to 00:06:00; lead-out */
    assert_good(send_cue(h, "01 00 00 01 00 00 00 00  01 01 00 C0 00 00 00 00"
                            "01 01 01 C0 00 00 02 00  01 AA 01 01 00 00 06 00"));
    for (int32_t lba = -150; lba < 300; lba += 10) {
        for (int i = 0; i < 10; i++) {
            pattern(blocks[i], lba + i, 2448);
            for (int k = 0; k < 96; k++)
                blocks[i][2352 + k] &= 0x3F;
            vcdr_sub_pack_parity(blocks[i] + 2352);
        }
        assert_good(run_data(h, ONE, cdbf("2A 00 %08X 00 00 0A 00", (unsigned)lba), blocks,
                             sizeof(blocks), 0));
    }
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    pattern(blocks[0], 100, 2448);
    for (int k = 0; k < 96; k++)
        blocks[0][2352 + k] &= 0x3F;
    vcdr_sub_pack_parity(blocks[0] + 2352);
    assert_good(run(h, ONE, "BE 04 00 00 00 64 00 00 01 F8 04 00"));
    assert_memory_equal(h->reply.data, blocks[0], 2448);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_subq_there_is_the_header_alone),
        cmocka_unit_test(the_position_is_that_of_the_block_read_last),
        cmocka_unit_test(a_seek_into_a_pregap_is_index_0_counting_down),
        cmocka_unit_test(the_mcn_is_the_discs),
        cmocka_unit_test(the_isrc_is_the_tracks),
        cmocka_unit_test(other_formats_are_refused),
        cmocka_unit_test(a_blank_disc_has_no_position_and_no_mcn),
        cmocka_unit_test(sixteen_bytes_of_q_follow_the_main_channel),
        cmocka_unit_test(the_q_of_the_very_first_block_is_known),
        cmocka_unit_test(p_is_set_in_a_pregap),
        cmocka_unit_test(raw_sub_channel_has_p_in_bit_7_and_q_in_bit_6),
        cmocka_unit_test(mcn_and_isrc_come_once_in_a_hundred_blocks_at_least),
        cmocka_unit_test(the_run_out_of_audio_has_the_tracks_q),
        cmocka_unit_test(c2_pointers_are_between_main_and_sub_channel_and_zero),
        cmocka_unit_test(read_cd_msf_has_them_too),
        cmocka_unit_test(only_the_sub_channel_alone_goes_from_audio_to_data),
        cmocka_unit_test(a_room_too_small_is_filled_with_whole_and_cut_blocks),
        cmocka_unit_test(r_w_packs_come_back_without_their_interleave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
