/* SPDX-License-Identifier: MIT */
/* A whole track through a transport onto the real drive, as many commands in flight as it allows;
 * the same program over iSCSI and embedded (VCDR_URL, see on_drive.sh). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "api/transport/transport.h"

#define BLOCKS 16 /* a command; of 2048 bytes */
#define COMMANDS 3000
#define BYTES (BLOCKS * 2048)
#define MOST_DEPTH 64

static struct transport *drive;

static int open_drive(void **state)
{
    char *why = NULL;
    struct transport_task task = {.cdb_len = 6};

    (void)state;
    assert_non_null(getenv("VCDR_URL"));
    if (transport_open(getenv("VCDR_URL"), "transport test", &drive, &why) != TRANSPORT_OK) {
        fail_msg("%s", why);
    }
    for (int i = 0; i < 3; i++) { /* the unit attentions of power-on and medium */
        mmc_cdb_test_unit_ready(task.cdb);
        assert_int_equal(transport_execute(drive, &task), TRANSPORT_OK);
    }
    assert_int_equal(task.status, SAM_GOOD);
    return 0;
}

static int close_drive(void **state)
{
    (void)state;
    transport_close(drive);
    return 0;
}

static void good(struct transport_task *task)
{
    task->timeout_ms = 30000;
    assert_int_equal(transport_execute(drive, task), TRANSPORT_OK);
    if (task->status != SAM_GOOD) {
        fail_msg("opcode %02X: status %02X, sense %02X/%02X/%02X", task->cdb[0], task->status,
                 task->sense[2], task->sense[12], task->sense[13]);
    }
}

static uint8_t byte_of(int32_t lba, size_t i)
{
    return (uint8_t)(lba * 7 + i * 13 + i / 2048);
}

static void choose_data_at_once(void)
{
    uint8_t reply[128], list[128];
    struct transport_task sense = {.in = reply, .in_size = sizeof(reply)};
    struct transport_task select = {.out = list};
    struct mmc_write_parameters parameters;
    struct mmc_mode_page page;

    sense.cdb_len = mmc_cdb_mode_sense(sense.cdb, 0, PAGE_WRITE_PARAMETERS, sizeof(reply));
    good(&sense);
    assert_int_equal(mmc_mode_page_find(reply, sense.in_len, PAGE_WRITE_PARAMETERS, &page), MMC_OK);
    assert_int_equal(mmc_write_parameters_parse(page.bytes, page.len, &parameters), MMC_OK);
    parameters.write_type = WRITE_TYPE_TAO;
    parameters.track_mode = CONTROL_DATA;
    parameters.block_type = BLOCK_TYPE_MODE1;
    assert_int_equal(mmc_write_parameters_put(&parameters, reply + (page.bytes - reply), page.len),
                     MMC_OK);
    assert_int_equal(
        mmc_mode_select_list(page.bytes, page.len, list, sizeof(list), &select.out_len), MMC_OK);
    select.cdb_len = mmc_cdb_mode_select(select.cdb, (uint16_t)select.out_len);
    good(&select);
}

/* The drive takes a WRITE only at its next writable address: one that overtook another would be
 * refused, and so would all behind it. */
static void a_track_written_in_pipeline_arrives_in_order(void **state)
{
    static struct transport_task tasks[MOST_DEPTH];
    static uint8_t data[MOST_DEPTH][BYTES];
    unsigned depth = transport_depth(drive);
    struct transport_task sync = {.cdb_len = 0};

    (void)state;
    assert_in_range(depth, 1, MOST_DEPTH);
    assert_true(BYTES <= transport_ordered_bytes(drive));
    choose_data_at_once();
    for (unsigned i = 0; i < COMMANDS + depth; i++) {
        struct transport_task *task = &tasks[i % depth];

        if (i >= depth) {
            transport_wait(drive, task);
            assert_int_equal(task->result, TRANSPORT_OK);
            assert_int_equal(task->status, SAM_GOOD);
        }
        if (i < COMMANDS) {
            int32_t lba = (int32_t)i * BLOCKS;

            for (size_t at = 0; at < BYTES; at++) {
                data[i % depth][at] = byte_of(lba, at);
            }
            *task = (struct transport_task){.out = data[i % depth], .out_len = BYTES};
            task->cdb_len = mmc_cdb_write_10(task->cdb, lba, BLOCKS);
            transport_submit(drive, task);
        }
    }
    sync.cdb_len = mmc_cdb_synchronize_cache(sync.cdb, false);
    good(&sync);
}

static void the_track_reads_back_identical(void **state)
{
    enum { MANY = 128 };
    static uint8_t data[MANY * 2048];

    (void)state;
    for (int32_t lba = 0; lba < COMMANDS * BLOCKS; lba += MANY) {
        struct transport_task task = {.in = data, .in_size = sizeof(data)};
        int32_t left = COMMANDS * BLOCKS - lba;
        uint16_t blocks = left < MANY ? (uint16_t)left : MANY;

        task.cdb_len = mmc_cdb_read_10(task.cdb, lba, blocks);
        good(&task);
        assert_int_equal(task.in_len, blocks * 2048);
        for (size_t at = 0; at < task.in_len; at++) {
            int32_t first = (lba + (int32_t)(at / 2048)) / BLOCKS * BLOCKS;

            if (data[at] != byte_of(first, at + (size_t)(lba - first) * 2048)) {
                fail_msg("block %d differs", lba + (int32_t)(at / 2048));
            }
        }
    }
}

static void a_refusal_brings_its_sense(void **state)
{
    static uint8_t data[2048];
    struct transport_task task = {.out = data, .out_len = sizeof(data)};
    struct mmc_sense sense;

    (void)state;
    task.cdb_len = mmc_cdb_write_10(task.cdb, 5, 1); /* not the next writable address */
    assert_int_equal(transport_execute(drive, &task), TRANSPORT_OK);
    assert_int_equal(task.status, SAM_CHECK_CONDITION);
    assert_int_equal(mmc_sense_parse(task.sense, task.sense_len, &sense), MMC_OK);
    assert_int_equal(sense.code, SENSE_INVALID_ADDRESS_FOR_WRITE);
}

static void two_transports_are_two_nexuses(void **state)
{
    struct transport *other;
    uint8_t page[72], list[128], reply[128];
    struct transport_task lock = {.out = list};
    struct transport_task ask = {.in = reply, .in_size = sizeof(reply)};
    struct transport_task conflict = {.cdb_len = 6};
    struct mmc_mode_page found;
    struct mmc_exclusive_state owner;

    (void)state;
    assert_int_equal(transport_open(getenv("VCDR_URL"), "other", &other, NULL), TRANSPORT_OK);
    assert_int_equal(mmc_exclusive_lock_page("Transport Test", 0, page), MMC_OK);
    assert_int_equal(mmc_mode_select_list(page, 72, list, sizeof(list), &lock.out_len), MMC_OK);
    lock.cdb_len = mmc_cdb_mode_select(lock.cdb, (uint16_t)lock.out_len);
    good(&lock);
    mmc_cdb_test_unit_ready(conflict.cdb);
    assert_int_equal(transport_execute(other, &conflict), TRANSPORT_OK);
    assert_int_equal(conflict.status, SAM_RESERVATION_CONFLICT);
    ask.cdb_len = mmc_cdb_mode_sense(ask.cdb, 0, PAGE_EXCLUSIVE_ACCESS, sizeof(reply));
    /* its power-on unit attention waited behind the conflict */
    assert_int_equal(transport_execute(other, &ask), TRANSPORT_OK);
    assert_int_equal(ask.status, SAM_CHECK_CONDITION);
    assert_int_equal(transport_execute(other, &ask), TRANSPORT_OK);
    assert_int_equal(mmc_mode_page_find(reply, ask.in_len, PAGE_EXCLUSIVE_ACCESS, &found), MMC_OK);
    assert_int_equal(mmc_exclusive_state_parse(found.bytes, found.len, &owner), MMC_OK);
    assert_true(owner.locked && !owner.mine);
    assert_string_equal(owner.owner, "Transport Test");
    transport_close(other);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_track_written_in_pipeline_arrives_in_order),
        cmocka_unit_test(the_track_reads_back_identical),
        cmocka_unit_test(a_refusal_brings_its_sense),
        cmocka_unit_test(two_transports_are_two_nexuses),
    };

    return cmocka_run_group_tests(tests, open_drive, close_drive);
}
