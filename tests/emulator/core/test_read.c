/* SPDX-License-Identifier: MIT */
/* READ(10/12), READ CAPACITY, SEEK(10). */
#include "burn.h"

#define CAPACITY "25 00 00 00 00 00 00 00 00 00"

/* Data at 0 to 299, audio at 452 to 851. */
static struct harness *data_and_audio(void)
{
    struct harness *h = harness_ready("80min");

    burn_data(h, 300);
    burn_audio(h, 400);
    return h;
}

static void user_data_comes_back(void **state)
{
    struct harness *h = data_and_audio();
    uint8_t expected[2048];
    struct reply *r = run(h, ONE, "28 00 00 00 00 00 00 01 2C 00");

    (void)state;
    assert_good(r);
    assert_int_equal(r->len, 300 * 2048);
    for (int32_t lba = 0; lba < 300; lba++) {
        pattern(expected, lba, 2048);
        assert_memory_equal(r->data + lba * 2048, expected, 2048);
    }
    r = run(h, ONE, "A8 00 00 00 00 07 00 00 00 01 80 00"); /* streaming */
    assert_good(r);
    assert_int_equal(r->len, 2048);
    pattern(expected, 7, 2048);
    assert_memory_equal(r->data, expected, 2048);
    harness_free(h);
}

static void xa_form_1_is_user_data_and_form_2_is_not(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t blocks[2][2332];
    struct reply *r;

    (void)state;
    for (int i = 0; i < 2; i++)
        pattern(blocks[i], i, 2332);
    blocks[0][2] = blocks[0][6] = 0x08; /* form 1 */
    blocks[1][2] = blocks[1][6] = 0x20; /* form 2 */
    assert_good(select_page_05(h, 0, 4, 13, 0x20));
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 02 00", blocks, sizeof(blocks), 0));
    r = run(h, ONE, "28 00 00 00 00 00 00 00 01 00");
    assert_good(r);
    assert_memory_equal(r->data, blocks[0] + 8, 2048);
    r = run(h, ONE, "28 00 00 00 00 00 00 00 02 00");
    assert_sense(r, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_int_equal(r->sense_data[0], 0xF0); /* VALID */
    assert_int_equal(be32_at(r->sense_data + 3), 1);
    harness_free(h);
}

static void a_track_can_be_read_while_its_session_is_open(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 10, 2048);
    assert_good(run(h, ONE, "28 00 00 00 00 00 00 00 0A 00"));
    assert_sense(run(h, ONE, "28 00 00 00 00 00 00 00 0B 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void audio_and_gaps_cannot_be_read_and_their_address_is_told(void **state)
{
    struct harness *h = data_and_audio();
    struct reply *r;

    (void)state;
    r = run(h, ONE, "28 00 00 00 01 C4 00 00 01 00"); /* 452: audio */
    assert_sense(r, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_int_equal(be32_at(r->sense_data + 3), 452);
    r = run(h, ONE, "28 00 00 00 01 2A 00 00 04 00"); /* 298 to 301: into the run-out */
    assert_sense(r, SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_int_equal(r->sense_data[0], 0xF0);
    assert_int_equal(be32_at(r->sense_data + 3), 300);
    harness_free(h);
}

static void addresses_beyond_the_recording_are_out_of_range(void **state)
{
    struct harness *h = data_and_audio();

    (void)state;
    assert_sense(run(h, ONE, "28 00 00 00 03 56 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE); /* 854 */
    assert_sense(run(h, ONE, "28 00 7F FF FF FF 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "28 00 80 00 00 00 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "28 00 FF FF FF FF 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "28 00 FF FF FF 6A 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    assert_sense(run(h, ONE, "A8 00 00 00 00 00 FF FF FF FF 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void a_blank_disc_has_nothing_to_read(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "28 00 00 00 00 00 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void a_length_of_zero_is_good_where_there_is_something(void **state)
{
    struct harness *h = data_and_audio();

    (void)state;
    assert_int_equal(run(h, ONE, "28 00 00 00 00 00 00 00 00 00")->len, 0);
    assert_good(&h->reply);
    assert_good(run(h, ONE, "A8 00 00 00 00 00 00 00 00 00 00 00"));
    assert_sense(run(h, ONE, "28 00 7F FF FF FF 00 00 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void a_small_room_is_filled_and_no_more(void **state)
{
    struct harness *h = data_and_audio();
    uint8_t expected[2048];
    struct reply *r;

    (void)state;
    r = run_data(h, ONE, "28 00 00 00 00 00 00 00 03 00", NULL, 0, 2048 + 100);
    assert_good(r);
    assert_int_equal(r->len, 2148);
    pattern(expected, 1, 2048);
    assert_memory_equal(r->data + 2048, expected, 100);
    r = run_data(h, ONE, "28 00 00 00 00 00 00 00 03 00", NULL, 0, 0);
    assert_good(r);
    assert_int_equal(r->len, 0);
    harness_free(h);
}

static void relative_addresses_are_refused(void **state)
{
    struct harness *h = data_and_audio();

    (void)state;
    assert_sense(run(h, ONE, "28 01 00 00 00 00 00 00 01 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "A8 01 00 00 00 00 00 00 00 01 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "2B 01 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "25 01 00 00 00 00 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_good(run(h, ONE, "28 18 00 00 00 00 00 00 01 00")); /* DPO, FUA */
    harness_free(h);
}

static void capacity_ends_with_the_last_user_block_of_the_last_complete_session(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, CAPACITY), "00 00 00 00 00 00 08 00"); /* blank */
    burn_data(h, 400);
    assert_hex(run(h, ONE, CAPACITY), "00 00 00 00 00 00 08 00"); /* no session yet */
    close_session(h, 3);
    assert_hex(run(h, ONE, CAPACITY), "00 00 01 8F 00 00 08 00"); /* 399; lead-out 402 */
    burn_data(h, 300);                                            /* 402 + 11400 = 11802 */
    assert_hex(run(h, ONE, CAPACITY), "00 00 01 8F 00 00 08 00");
    close_session(h, 0);
    assert_hex(run(h, ONE, CAPACITY), "00 00 2F 45 00 00 08 00"); /* 12101 */
    assert_sense(run(h, ONE, "25 00 00 00 00 00 00 00 01 00"),
                 SENSE_INVALID_FIELD_IN_CDB); /* PMI */
    harness_free(h);
    h = harness_ready(NULL);
    assert_sense(run(h, ONE, CAPACITY), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

static void every_block_inside_the_capacity_of_a_data_disc_can_be_read(void **state)
{
    struct harness *h = harness_ready("80min");
    struct reply *r;

    (void)state;
    burn_data(h, 777);
    close_session(h, 0);
    r = run(h, ONE, CAPACITY);
    assert_int_equal(be32_at(r->data), 776);
    assert_good(run(h, ONE, "28 00 00 00 00 00 00 03 09 00"));
    r = run(h, ONE, "28 00 00 00 00 01 00 03 09 00"); /* 1 to 777 */
    assert_sense(r, SENSE_LBA_OUT_OF_RANGE);
    assert_int_equal(r->sense_data[0], 0xF0); /* VALID */
    assert_int_equal(be32_at(r->sense_data + 3), 777);
    assert_sense(run(h, ONE, "28 00 00 00 03 09 00 00 01 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void seek_stays_inside_the_recording(void **state)
{
    struct harness *h = data_and_audio();

    (void)state;
    assert_good(run(h, ONE, "2B 00 00 00 00 00 00 00 00 00"));
    assert_good(run(h, ONE, "2B 00 00 00 03 53 00 00 00 00"));
    assert_sense(run(h, ONE, "2B 00 00 00 03 55 00 00 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_data_comes_back),
        cmocka_unit_test(xa_form_1_is_user_data_and_form_2_is_not),
        cmocka_unit_test(a_track_can_be_read_while_its_session_is_open),
        cmocka_unit_test(audio_and_gaps_cannot_be_read_and_their_address_is_told),
        cmocka_unit_test(addresses_beyond_the_recording_are_out_of_range),
        cmocka_unit_test(a_blank_disc_has_nothing_to_read),
        cmocka_unit_test(a_length_of_zero_is_good_where_there_is_something),
        cmocka_unit_test(a_small_room_is_filled_and_no_more),
        cmocka_unit_test(relative_addresses_are_refused),
        cmocka_unit_test(capacity_ends_with_the_last_user_block_of_the_last_complete_session),
        cmocka_unit_test(every_block_inside_the_capacity_of_a_data_disc_can_be_read),
        cmocka_unit_test(seek_stays_inside_the_recording),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
