/* SPDX-License-Identifier: MIT */
/* Track-at-once: what WRITE takes, what it refuses, and what is on the disc then. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define LAST_LEAD_OUT 359849

/* ---- the life of a track ---- */

static void writing_goes_on_at_the_next_writable_address(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 27, 2352));
    assert_sense(write_once(h, 0, 27, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, 28, 27, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, -150, 27, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_good(write_once(h, 27, 27, 2352));
    assert_int_equal(next_address(h), 54);
    harness_free(h);
}

static void audio_comes_back_as_it_was_written(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    burn_audio(h, 310);
    r = run(h, ONE, "BE 04 00 00 00 00 00 01 36 F8 00 00");
    assert_good(r);
    assert_int_equal(r->len, 310 * 2352);
    for (int32_t lba = 0; lba < 310; lba++) {
        pattern(expected, lba, 2352);
        assert_memory_equal(r->data + lba * 2352, expected, 2352);
    }
    harness_free(h);
}

static void a_short_track_is_padded_with_silence(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint8_t silence[2352];
    struct reply *r;

    (void)state;
    burn_audio(h, 2);
    r = run(h, ONE, "BE 04 00 00 00 02 00 01 2A F8 00 00"); /* 2 to 299 */
    assert_good(r);
    for (unsigned i = 0; i < 298; i++)
        assert_memory_equal(r->data + i * 2352, silence, 2352);
    r = run(h, ONE, "BE 04 00 00 01 2C 00 00 02 F8 00 00"); /* 300, 301: its run-out */
    assert_good(r);
    assert_memory_equal(r->data, silence, 2352);
    assert_memory_equal(r->data + 2352, silence, 2352);
    harness_free(h);
}

static void page_05_is_taken_at_the_first_write_and_multi_session_at_the_close(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 2, 0, 0)); /* copy permitted, finalize */
    assert_good(write_once(h, 0, 300, 2352));
    assert_good(run(h, ONE, SYNC));
    assert_good(select_page_05(h, 3, 0, 0, 0)); /* appendable */
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "01");
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 00 04 00 00"), 4, "00 12 01");
    harness_free(h);
}

static void mcn_and_isrc_of_page_05_go_onto_the_track(void **state)
{
    struct vcdr_disc *disc = blank_disc("80min");
    struct harness *h = harness_with(disc, false);
    struct vcdr_track track;

    (void)state;
    clear_attention(h, ONE);
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 3C 00",
                        "00 00 00 00 00 00 00 00"
                        "05 32 41 00 00 00 00 00 00 00 00 00 00 00 00 96"
                        "80 34 30 30 36 33 38 31 33 33 33 39 33 31 00 00" /* 4006381333931 */
                        "80 44 45 41 42 43 31 32 30 30 30 30 31 00 00 00" /* DEABC1200001 */
                        "00 00 08 00"));
    assert_good(write_once(h, 0, 1, 2352));
    assert_string_equal(vcdr_disc_info(disc)->mcn, "4006381333931");
    assert_int_equal(vcdr_disc_track(disc, 1, &track), VCDR_OK);
    assert_string_equal(track.isrc, "DEABC1200001");
    harness_free(h);
}

/* ---- block types ---- */

struct block_type_case {
    unsigned mode, type, format;
    size_t bytes;
};

static void every_block_type_takes_blocks_of_its_own_size_only(void **state)
{
    static const struct block_type_case cases[] = {
        {0, 0, 0x00, 2352}, {4, 8, 0x00, 2048}, {4, 10, 0x20, 2048}, {4, 13, 0x20, 2332}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct harness *h = harness_ready("80min");
        const struct block_type_case *t = &cases[i];

        assert_good(select_page_05(h, 0, t->mode, t->type, t->format));
        for (size_t bytes = 2040; bytes <= 2360; bytes++) {
            if (bytes != t->bytes)
                assert_sense(write_once(h, 0, 4, bytes), SENSE_INVALID_FIELD_IN_CDB);
        }
        assert_hex_at(run(h, ONE, RDI), 2, "00"); /* still blank */
        assert_good(write_once(h, 0, 4, t->bytes));
        assert_int_equal(next_address(h), 4);
        harness_free(h);
    }
}

static void another_block_type_inside_an_open_track_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");
    struct reply *r;

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 10, 2352));
    r = select_page_05(h, 0, 4, 8, 0);
    if (r->status == SAM_GOOD) /* a drive may refuse here already */
        assert_sense(write_once(h, 10, 10, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    else
        assert_sense(r, SENSE_COMMAND_SEQUENCE_ERROR);
    harness_free(h);
}

static void another_session_format_inside_a_session_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, 300);
    assert_good(select_page_05(h, 0, 4, 10, 0x20));
    assert_sense(write_once(h, 452, 10, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_int_equal(next_address(h), 452);
    harness_free(h);
}

static void missing_and_surplus_data_writes_nothing(void **state)
{
    struct harness *h = harness_ready("80min");
    static uint8_t data[3 * 2352];

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_sense(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", data, 0, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", data, 2 * 2352 - 1, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", data, 3 * 2352, 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    harness_free(h);
}

static void a_transfer_length_of_zero_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "2A 00 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "AA 00 00 00 00 00 00 00 00 00 00 00"));
    assert_hex_at(run(h, ONE, RDI), 2, "00");
    harness_free(h);
}

static void write_12_writes_too(void **state)
{
    struct harness *h = harness_ready("80min");
    static uint8_t data[2 * 2048];

    (void)state;
    assert_good(run_data(h, ONE, "AA 00 00 00 00 00 00 00 00 02 00 00", data, sizeof(data), 0));
    assert_int_equal(next_address(h), 2);
    /* streaming writes are not claimed */
    assert_sense(run_data(h, ONE, "AA 00 00 00 00 02 00 00 00 02 80 00", data, sizeof(data), 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run_data(h, ONE, "AA 00 00 00 00 02 FF FF FF FF 00 00", data, sizeof(data), 0),
                 SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

/* ---- the ends of a disc ---- */

static void a_disc_is_full_at_the_last_block_and_still_good(void **state)
{
    struct harness *h = harness_ready("80min");
    int32_t free_blocks = LAST_LEAD_OUT - 2;

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, (uint32_t)free_blocks - 1, 2048);
    assert_sense(write_once(h, free_blocks - 1, 2, 2048), SENSE_END_OF_USER_AREA);
    assert_int_equal(next_address(h), free_blocks - 1); /* nothing of it was written */
    assert_good(write_once(h, free_blocks - 1, 1, 2048));
    assert_sense(write_once(h, free_blocks, 1, 2048), SENSE_END_OF_USER_AREA);
    /* no address is left: NWA_V 0 */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 FF 00 00 24 00"), 6, "01 00");
    assert_good(run(h, ONE, SYNC));
    assert_sense(write_once(h, free_blocks + 152, 1, 2048), SENSE_END_OF_USER_AREA);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, "25 00 00 00 00 00 00 00 00 00"), 0, "00 05 7D A6"); /* 359846 */
    assert_hex_at(run(h, ONE, "43 00 00 00 00 00 AA 04 00 00"), 8, "00 05 7D A9"); /* 359849 */
    assert_good(run(h, ONE, "28 00 00 05 7D A6 00 00 01 00"));
    harness_free(h);
}

static void a_track_that_does_not_fit_is_not_opened(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_data(h, LAST_LEAD_OUT - 2 - 152 - 299); /* 299 blocks are left behind it */
    assert_hex_at(run(h, ONE, "52 01 00 00 00 FF 00 00 24 00"), 6, "4F 00");
    assert_sense(write_once(h, LAST_LEAD_OUT - 2 - 299, 1, 2048), SENSE_END_OF_USER_AREA);
    assert_int_equal(count_events(h, "track-opened"), 1);
    harness_free(h);
}

static void without_a_medium_nothing_is_written(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(write_once(h, 0, 1, 2048), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_sense(run(h, ONE, SYNC), SENSE_NO_MEDIUM_TRAY_CLOSED);
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

/* ---- SEND OPC INFORMATION ---- */

static void opc_is_done_at_once(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "54 01 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "54 00 00 00 00 00 00 00 00 00"));
    assert_sense(run_out(h, ONE, "54 00 00 00 00 00 00 00 08 00", "06 E4 00 00 00 00 00 00"),
                 SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_goes_on_at_the_next_writable_address),
        cmocka_unit_test(audio_comes_back_as_it_was_written),
        cmocka_unit_test(a_short_track_is_padded_with_silence),
        cmocka_unit_test(page_05_is_taken_at_the_first_write_and_multi_session_at_the_close),
        cmocka_unit_test(mcn_and_isrc_of_page_05_go_onto_the_track),
        cmocka_unit_test(every_block_type_takes_blocks_of_its_own_size_only),
        cmocka_unit_test(another_block_type_inside_an_open_track_is_refused),
        cmocka_unit_test(another_session_format_inside_a_session_is_refused),
        cmocka_unit_test(missing_and_surplus_data_writes_nothing),
        cmocka_unit_test(a_transfer_length_of_zero_is_good),
        cmocka_unit_test(write_12_writes_too),
        cmocka_unit_test(a_disc_is_full_at_the_last_block_and_still_good),
        cmocka_unit_test(a_track_that_does_not_fit_is_not_opened),
        cmocka_unit_test(without_a_medium_nothing_is_written),
        cmocka_unit_test(opc_is_done_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
