/* SPDX-License-Identifier: MIT */
/* Incremental writing: packets of variable and fixed length by raw CDBs. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_TRACK "5B 00 01 00 00 FF 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RTI_1 "52 01 00 00 00 01 00 00 24 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define READ_1(lba) "28 00 " lba " 00 00 01 00"
#define EJECT "1B 00 00 00 02 00"
#define LOAD "1B 00 00 00 03 00"

enum { BUFE = 0x40, TEST_WRITE = 0x10 };

/* Page 05h: packets of mode 1 data, track mode 5; of `size` blocks, or variable for 0. */
static struct reply *select_packets(struct harness *h, uint8_t flags, uint32_t size)
{
    uint8_t list[8 + 52] = {[8] = 0x05, [9] = 0x32, [11] = 5, [12] = 8, [23] = 150, [58] = 8};

    list[10] = flags;
    if (size > 0)
        list[11] |= 0x20; /* FP */
    list[20] = (uint8_t)(size >> 8);
    list[21] = (uint8_t)size;
    return run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0);
}

static void assert_block(struct harness *h, int32_t lba)
{
    uint8_t expected[2048];

    pattern(expected, lba, sizeof(expected));
    assert_good(run(h, ONE, cdbf("28 00 %08X 00 00 01 00", (unsigned)lba)));
    assert_memory_equal(h->reply.data, expected, sizeof(expected));
}

static void a_packet_is_what_comes_before_synchronize_cache(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    assert_int_equal(next_address(h), 0);
    write_good(h, 0, 16, 2048);
    assert_int_equal(next_address(h), 16); /* the same packet */
    write_good(h, 16, 84, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(next_address(h), 107);
    assert_sense(write_once(h, 100, 1, 2048), SENSE_INVALID_ADDRESS_FOR_WRITE);
    write_good(h, 107, 250, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, SYNC)); /* of nothing */
    assert_int_equal(next_address(h), 364);
    for (int32_t lba = 0; lba < 100; lba += 33)
        assert_block(h, lba);
    for (int32_t lba = 107; lba < 357; lba += 83)
        assert_block(h, lba);
    assert_sense(run(h, ONE, READ_1("00 00 00 64")), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_sense(run(h, ONE, READ_1("00 00 00 6A")), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_sense(run(h, ONE, READ_1("00 00 01 65")), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

static void track_information_tells_packets(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    /* nothing written: track mode 5; Blank, no Packet bit; NWA 0 valid */
    assert_hex_at(run(h, ONE, RTI_1), 5, "05 4F 01 00 00 00 00 00 00 00 00 00 05 7D A7");
    write_good(h, 0, 100, 2048);
    assert_good(run(h, ONE, SYNC));
    /* Packet, variable, mode 1; NWA 107; 359847 - 107 free; no packet size */
    assert_hex_at(run(h, ONE, RTI_1), 5,
                  "05 21 01 00 00 00 00 00 00 00 6B 00 05 7D 3C 00 00 00 00 00 05 7D A7");
    assert_good(run(h, ONE, CLOSE_TRACK));
    /* closed: no NWA; 300 and 2 blocks; last recorded 299 */
    assert_hex_at(
        run(h, ONE, RTI_1), 5,
        "05 21 02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 2E 00 00 01 2B");
    harness_free(h);
}

static void fixed_packets_go_on_without_linking_in_their_addresses(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 32));
    write_good(h, 0, 32, 2048);
    assert_int_equal(next_address(h), 32); /* method 2 */
    write_good(h, 32, 288, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(next_address(h), 320);
    /* Packet, FP, mode 1; packet size 32 */
    assert_hex_at(run(h, ONE, RTI_1), 6, "31 01");
    assert_hex_at(run(h, ONE, RTI_1), 20, "00 00 00 20");
    assert_good(run(h, ONE, CLOSE_TRACK));
    for (int32_t lba = 0; lba < 320; lba += 29)
        assert_block(h, lba);
    assert_int_equal(next_address(h), 320 + 9 * 7 + 152);
    harness_free(h);
}

static void a_closed_track_in_packets_stands_in_the_toc_as_incremental_data(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 0, 320, 2048);
    assert_good(run(h, ONE, CLOSE_SESSION)); /* closes the track too */
    assert_hex(run(h, ONE, "43 00 00 00 00 00 00 00 FF 00"),
               "00 12 01 01 00 15 01 00 00 00 00 00 00 15 AA 00 00 00 01 42");
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 01");
    assert_hex(run(h, ONE, "25 00 00 00 00 00 00 00 00 00"), "00 00 01 3F 00 00 08 00");
    harness_free(h);
}

static void the_track_stays_open_over_a_reload(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 0, 20, 2048);
    assert_sense(run(h, ONE, EJECT), SENSE_COMMAND_SEQUENCE_ERROR); /* it is being written */
    assert_good(run(h, ONE, SYNC));
    assert_good(run(h, ONE, EJECT));
    assert_good(run(h, ONE, LOAD));
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, RDI), 2, "05 01 01 01 01");
    assert_int_equal(next_address(h), 27);
    write_good(h, 27, 300, 2048);
    assert_good(run(h, ONE, CLOSE_TRACK));
    assert_block(h, 0);
    assert_block(h, 326);
    harness_free(h);
}

static void a_reset_ends_the_packet_and_not_the_track(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 0, 20, 2048);
    reset(h, TWO);
    clear_attention(h, ONE);
    assert_int_equal(next_address(h), 27);
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 27, 20, 2048);
    harness_free(h);
}

/* A burner that was killed, over a network. */
static void a_packet_ends_with_its_writer(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 0, 20, 2048);
    nexus_close(h, ONE);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    nexus_open(h, ONE, "iqn.2026-01.example:one");
    clear_attention(h, ONE);
    assert_int_equal(next_address(h), 27);
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "0E");
    harness_free(h);
}

/* And behind a kernel, where the next burner is the same nexus; a stranger's probe ends nothing. */
static void another_write_type_ends_a_packet_of_ones_own(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t list[8 + 52] = {[8] = 0x05, [9] = 0x32, [10] = 0x41, [11] = 4, [12] = 8, [58] = 8};

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 0, 20, 2048);
    clear_attention(h, TWO);
    assert_sense(run_data(h, TWO, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0),
                 SENSE_COMMAND_SEQUENCE_ERROR);
    assert_int_equal(next_address(h), 20);
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0));
    assert_int_equal(next_address(h), 27);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_good(run(h, ONE, CLOSE_SESSION));
    harness_free(h);
}

static void an_open_track_goes_on_as_it_began(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 16));
    write_good(h, 0, 16, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_good(select_packets(h, BUFE, 0));
    assert_sense(write_once(h, 16, 16, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_good(select_packets(h, BUFE, 32));
    assert_sense(write_once(h, 16, 16, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_good(select_page_05(h, 0, 4, 8, 0)); /* track-at-once */
    assert_sense(write_once(h, 16, 16, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_good(select_packets(h, BUFE, 16));
    write_good(h, 16, 16, 2048);
    harness_free(h);
}

static void a_track_at_once_does_not_go_on_in_packets(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    write_good(h, 0, 16, 2048);
    reset(h, ONE); /* idle, the track open */
    clear_attention(h, ONE);
    assert_good(select_packets(h, BUFE, 0));
    assert_sense(write_once(h, 16, 16, 2048), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    harness_free(h);
}

/* 359000 blocks are reserved before, so that the test needs not write them. */
static void what_does_not_fit_is_said_by_its_own_name(void **state)
{
    struct harness *h = harness_ready("80min");
    int32_t start = 359000 + 152;

    (void)state;
    assert_good(run(h, ONE, "53 00 00 00 00 00 05 7A 58 00"));
    assert_good(select_packets(h, BUFE, 500));
    assert_int_equal(next_address(h), start);
    assert_sense(write_once(h, start, 600, 2048), SENSE_PACKET_DOES_NOT_FIT); /* 500 fit */
    assert_hex_at(run(h, ONE, RDI), 6, "02"); /* and no track was opened */
    write_good(h, start, 500, 2048);
    assert_sense(write_once(h, start + 500, 1, 2048), SENSE_END_OF_USER_AREA);
    harness_free(h);
}

static void a_track_in_packets_is_rehearsed(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE | TEST_WRITE, 0));
    write_good(h, 0, 100, 2048);
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(next_address(h), 107);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_good(select_packets(h, BUFE, 0));
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01");
    assert_int_equal(next_address(h), 0);
    harness_free(h);
}

static void repair_track_ends_an_open_packet(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_packets(h, BUFE, 0));
    write_good(h, 0, 20, 2048);
    assert_sense(run(h, ONE, "58 00 00 00 00 02 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_good(run(h, ONE, "58 00 00 00 00 01 00 00 00 00"));
    assert_int_equal(next_address(h), 27);
    assert_good(run(h, ONE, CLOSE_TRACK));
    assert_sense(run(h, ONE, "58 00 00 00 00 01 00 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void incremental_streaming_is_a_feature(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* version 1, current; block types 8 to 13; BUF; one link size, 7 */
    assert_hex(run(h, ONE, "46 02 00 21 00 00 00 00 20 00"),
               "00 00 00 10 00 00 00 09 00 21 05 08 3F 00 01 01 07 00 00 00");
    burn_data(h, 300);
    close_session(h, 0);
    assert_hex_at(run(h, ONE, "46 02 00 21 00 00 00 00 20 00"), 10, "04");
    harness_free(h);
}

static void the_record_tells_packets(void **state)
{
    struct harness *h = harness_ready("80min");
    json_t *line;

    (void)state;
    assert_good(select_packets(h, BUFE, 16));
    write_good(h, 0, 16, 2048);
    line = last_event(h, "track-opened");
    assert_int_equal(json_integer_value(json_object_get(line, "packets")), 16);
    assert_good(run(h, ONE, SYNC));
    line = last_event(h, "write-state");
    assert_string_equal(member(line, "from"), "flushing");
    assert_string_equal(member(line, "to"), "idle");
    assert_int_equal(json_integer_value(json_object_get(line, "lba")), 16);
    assert_int_equal(count_events(h, "track-closed"), 0);
    assert_good(run(h, ONE, CLOSE_TRACK));
    assert_int_equal(json_integer_value(json_object_get(last_event(h, "track-closed"), "packets")),
                     16);
    burn_data(h, 300);
    assert_null(json_object_get(last_event(h, "track-closed"), "packets"));
    harness_free(h);
}

/* Without BUFE a buffer that runs empty ends the packet, and that is no loss. */
static void a_packet_ends_when_the_buffer_runs_empty(void **state)
{
    struct harness *h = harness_timed(blank_disc("80min"));

    (void)state;
    assert_good(select_packets(h, 0, 0));
    write_good(h, 0, 100, 2048);
    pass_time(h, UINT64_C(60000000));
    assert_int_equal(next_address(h), 107);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    write_good(h, 107, 100, 2048);
    pass_time(h, UINT64_C(60000000));
    assert_int_equal(next_address(h), 214);
    assert_block(h, 107);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_is_what_comes_before_synchronize_cache),
        cmocka_unit_test(track_information_tells_packets),
        cmocka_unit_test(fixed_packets_go_on_without_linking_in_their_addresses),
        cmocka_unit_test(a_closed_track_in_packets_stands_in_the_toc_as_incremental_data),
        cmocka_unit_test(the_track_stays_open_over_a_reload),
        cmocka_unit_test(a_reset_ends_the_packet_and_not_the_track),
        cmocka_unit_test(a_packet_ends_with_its_writer),
        cmocka_unit_test(another_write_type_ends_a_packet_of_ones_own),
        cmocka_unit_test(an_open_track_goes_on_as_it_began),
        cmocka_unit_test(a_track_at_once_does_not_go_on_in_packets),
        cmocka_unit_test(what_does_not_fit_is_said_by_its_own_name),
        cmocka_unit_test(a_track_in_packets_is_rehearsed),
        cmocka_unit_test(repair_track_ends_an_open_packet),
        cmocka_unit_test(incremental_streaming_is_a_feature),
        cmocka_unit_test(the_record_tells_packets),
        cmocka_unit_test(a_packet_ends_when_the_buffer_runs_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
