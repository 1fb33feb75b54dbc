/* SPDX-License-Identifier: MIT */
/* The drive as a logical unit, seen by an initiator. */
#include "world.h"

#include <string.h>

/* Any command of an expected data-in length. */
static struct reply send_in(struct initiator *initiator, unsigned lun, const uint8_t *cdb,
                            size_t cdb_len, uint8_t *in, size_t in_size)
{
    memset(in, 0xEE, in_size);
    return initiator_execute(initiator, lun, cdb, cdb_len, NULL, 0, in, in_size);
}

static void lun_0_is_a_cd_drive(void **state)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[36];

    assert_int_equal(send_in(initiator, 0, inquiry, 6, data, 36).status, 0);
    assert_int_equal(data[0], 0x05); /* qualifier 0, type 5 */
    assert_int_equal(data[1], 0x80); /* removable */
    initiator_logout(initiator);
}

static void there_is_one_unit(void **state)
{
    static const uint8_t report_luns[12] = {0xA0, [9] = 64};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[64];
    struct reply reply = send_in(initiator, 0, report_luns, 12, data, 64);

    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.in_len, 16); /* a header and one LUN */
    assert_memory_equal(data, ((uint8_t[16]){0, 0, 0, 8}), 16);
    initiator_logout(initiator);
}

static void an_absent_unit_says_so_to_inquiry(void **state)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 96, 0};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[96];
    struct reply reply = send_in(initiator, 1, inquiry, 6, data, 96);

    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.in_len, 36);
    assert_int_equal(data[0], 0x7F); /* qualifier 3, type 1Fh */
    initiator_logout(initiator);
}

static void an_absent_unit_reports_the_units(void **state)
{
    static const uint8_t report_luns[12] = {0xA0, [9] = 64};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[64];
    struct reply reply = send_in(initiator, 7, report_luns, 12, data, 64);

    assert_int_equal(reply.status, 0);
    assert_memory_equal(data, ((uint8_t[16]){0, 0, 0, 8}), 16);
    initiator_logout(initiator);
}

static void an_absent_unit_refuses_the_rest(void **state)
{
    static const uint8_t ready[6] = {0x00}, sense[6] = {0x03, 0, 0, 0, 18, 0};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[18];
    struct reply reply = initiator_execute(initiator, 1, ready, 6, NULL, 0, NULL, 0);

    assert_int_equal(reply.status, 0x02);
    assert_int_equal(reply.sense, 0x052500);
    /* REQUEST SENSE gives it as data */
    reply = send_in(initiator, 1, sense, 6, data, 18);
    assert_int_equal(reply.status, 0);
    assert_memory_equal(data, ((uint8_t[18]){0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x25}), 18);
    initiator_logout(initiator);
}

static void the_first_attention_is_the_drives_and_comes_once(void **state)
{
    struct initiator *initiator = log_in(*state, 0, "unit");
    struct reply reply = test_unit_ready(initiator);

    assert_int_equal(reply.status, 0x02);
    assert_int_equal(reply.sense, 0x062900);
    assert_int_not_equal(test_unit_ready(initiator).sense >> 16, 0x06);
    initiator_logout(initiator);
}

static void the_residual_is_what_did_not_come(void **state)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 96, 0};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[96];
    struct reply reply = send_in(initiator, 0, inquiry, 6, data, 96);

    assert_int_equal(reply.residual, 60); /* 36 bytes of 96 */
    assert_int_equal(data[36], 0xEE);
    initiator_logout(initiator);
}

static void the_residual_of_an_odd_allocation_length(void **state)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 7, 0};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[96];
    struct reply reply = send_in(initiator, 0, inquiry, 6, data, 96);

    assert_int_equal(reply.in_len, 7);
    assert_int_equal(data[7], 0xEE);
    initiator_logout(initiator);
}

static void what_the_initiator_has_no_room_for_is_an_overflow(void **state)
{
    /* 36 bytes asked for, 20 awaited; then 20 asked for and awaited */
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0}, less[6] = {0x12, 0, 0, 0, 20, 0};
    struct initiator *initiator = log_in(*state, 0, "unit");
    uint8_t data[20];
    struct reply reply = send_in(initiator, 0, inquiry, 6, data, sizeof(data));

    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.in_len, 20);
    assert_int_equal(reply.residual, -16);
    assert_int_equal(send_in(initiator, 0, less, 6, data, sizeof(data)).residual, 0);
    initiator_logout(initiator);
}

static void sectors_without_room_are_an_overflow(void **state)
{
    /* READ CD: any sector type, 4 blocks from LBA 10, user data: 9408 bytes */
    static const uint8_t sync[10] = {0x35}, read_cd[12] = {0xBE, 0, 0, 0, 0, 10, 0, 0, 4, 0x10};
    struct initiator *initiator = log_in_ready(*state, 0, "unit");
    uint8_t data[3000];
    struct reply reply;

    write_audio(initiator, 300);
    assert_int_equal(initiator_execute(initiator, 0, sync, 10, NULL, 0, NULL, 0).status, 0);
    reply = send_in(initiator, 0, read_cd, 12, data, 3000);
    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.residual, -6408);
    assert_int_equal(data[2352], 11);
    assert_int_equal(send_in(initiator, 0, read_cd, 12, data, 200).residual, -9208);
    initiator_logout(initiator);
}

static void a_refused_command_transfers_nothing(void **state)
{
    static const uint8_t unknown[10] = {0xC1};
    struct initiator *initiator = log_in_ready(*state, 0, "unit");
    uint8_t data[64];
    struct reply reply = send_in(initiator, 0, unknown, 10, data, 64);

    assert_int_equal(reply.status, 0x02);
    assert_int_equal(reply.sense, 0x052000);
    assert_int_equal(data[0], 0xEE);
    initiator_logout(initiator);
}

static void a_reset_is_told_to_every_nexus(void **state)
{
    struct initiator *one = log_in_ready(*state, 0, "one");
    struct initiator *two = log_in_ready(*state, 0, "two");

    assert_true(initiator_reset_unit(one));
    assert_int_equal(test_unit_ready(one).sense, 0x062900);
    assert_int_equal(test_unit_ready(two).sense, 0x062900);
    assert_int_not_equal(test_unit_ready(two).sense >> 16, 0x06);
    initiator_logout(one);
    initiator_logout(two);
}

static void a_reset_among_commands_in_flight_ends_them_all(void **state)
{
    struct initiator *initiator = log_in_ready(*state, 0, "unit");

    assert_true(initiator_flood_and_reset(initiator, 64));
    assert_int_equal(test_unit_ready(initiator).sense, 0x062900);
    initiator_logout(initiator);
}

static void what_was_written_is_read_back(void **state)
{
    /* READ CD: any sector type, 4 blocks from LBA 10, user data */
    static const uint8_t sync[10] = {0x35}, read_cd[12] = {0xBE, 0, 0, 0, 0, 10, 0, 0, 4, 0x10};
    struct initiator *initiator = log_in_ready(*state, 0, "unit");
    uint8_t data[4 * 2352];

    write_audio(initiator, 300);
    assert_int_equal(initiator_execute(initiator, 0, sync, 10, NULL, 0, NULL, 0).status, 0);
    assert_int_equal(send_in(initiator, 0, read_cd, 12, data, sizeof(data)).status, 0);
    for (size_t i = 0; i < sizeof(data); i++)
        assert_int_equal(data[i], 10 + i / 2352);
    initiator_logout(initiator);
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, world_of_one, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(lun_0_is_a_cd_drive),
        ALONE(there_is_one_unit),
        ALONE(an_absent_unit_says_so_to_inquiry),
        ALONE(an_absent_unit_reports_the_units),
        ALONE(an_absent_unit_refuses_the_rest),
        ALONE(the_first_attention_is_the_drives_and_comes_once),
        ALONE(the_residual_is_what_did_not_come),
        ALONE(the_residual_of_an_odd_allocation_length),
        ALONE(what_the_initiator_has_no_room_for_is_an_overflow),
        ALONE(sectors_without_room_are_an_overflow),
        ALONE(a_refused_command_transfers_nothing),
        ALONE(a_reset_is_told_to_every_nexus),
        ALONE(a_reset_among_commands_in_flight_ends_them_all),
        ALONE(what_was_written_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
