/* SPDX-License-Identifier: MIT */
/* The write engine, command by command: order, depth, what is sent again, how it ends. */
#include <time.h>
#include "api/imapi/engine.h"
#include "tests/api/imapi/script.h"

/* WRITE(10) of n blocks at an LBA */
#define WRITE(lba, n) "2A 00 00 00 " lba " 00 00 " n " 00"
#define BYTES(n) ((size_t)(n)*SECTOR)

static bool cancel_now;

static bool cancelled(void *ctx)
{
    (void)ctx;
    return cancel_now;
}

/* Ten blocks from LBA 256 (0100h) of a stream that has `bytes`. */
static struct engine_job job_of(struct drive *drive, struct test_stream *stream, uint64_t bytes)
{
    stream_init(stream, bytes, 1);
    stream->position = 0;
    cancel_now = false;
    return (struct engine_job){
        .drive = drive,
        .stream = &stream->iface,
        .stream_bytes = bytes,
        .start_lba = 0x100,
        .block_bytes = SECTOR,
        .blocks = 10,
        .minimum_blocks = 5,
        .cancelled = cancelled,
    };
}

static void writes_go_out_in_order_as_many_as_the_transport_allows(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "03"), .out_len = BYTES(3)},
        {WRITE("01 03", "03"), .out_len = BYTES(3)},
        {WRITE("01 06", "03"), .out_len = BYTES(3)},
        {WRITE("01 09", "01"), .out_len = BYTES(1)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 3, BYTES(3) + 100);
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), S_OK);
    assert_int_equal(result.written, 10);
    assert_int_equal(script_most_in_flight(), 3);
    script_end();
    drive_unref(drive);
}

static void chunks_that_could_be_overtaken_go_one_at_a_time(void **state)
{
    static const struct line lines[] = {{WRITE("01 00", "0A"), .out_len = BYTES(10)}};
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 8, SECTOR - 1);
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), S_OK);
    script_end();
    drive_unref(drive);
}

static void what_the_stream_does_not_fill_is_zero(void **state)
{
    static const char zeros[] = "00 00 00 00 00 00 00 00";
    static const struct line lines[] = {
        {WRITE("01 00", "05"), .out_len = BYTES(5)},
        {WRITE("01 05", "05"), .out = zeros, .out_len = BYTES(5)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 2, BYTES(5));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(4) + 4);
    assert_hr(engine_write(&job, &result), S_OK);
    assert_int_equal(result.written, 10);
    script_end();
    drive_unref(drive);
}

static void a_full_buffer_sends_again_what_was_not_taken_in_order(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "03"), .out_len = BYTES(3)},
        {WRITE("01 03", "03"), .out_len = BYTES(3), CHECK(0x020408)},
        {WRITE("01 06", "03"), .out_len = BYTES(3), CHECK(0x052102)}, /* its turn had not come */
        {WRITE("01 09", "01"), .out_len = BYTES(1), CHECK(0x052102)},
        {WRITE("01 03", "03"), .out_len = BYTES(3), CHECK(0x020408)},
        {WRITE("01 03", "03"), .out_len = BYTES(3)},
        {WRITE("01 06", "03"), .out_len = BYTES(3)},
        {WRITE("01 09", "01"), .out_len = BYTES(1)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 4, BYTES(3));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), S_OK);
    assert_int_equal(result.written, 10);
    script_end();
    drive_unref(drive);
}

/* The clock stands but for pauses. */
static uint64_t paused_ms, longest_ms;

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    *now = (struct timespec){(time_t)(paused_ms / 1000), (long)(paused_ms % 1000) * 1000000};
    return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *pause,
                           struct timespec *rest);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *pause,
                           struct timespec *rest)
{
    uint64_t ms = (uint64_t)pause->tv_sec * 1000 + (uint64_t)pause->tv_nsec / 1000000;

    (void)clock;
    (void)flags;
    (void)rest;
    paused_ms += ms;
    longest_ms = ms > longest_ms ? ms : longest_ms;
    return 0;
}

/* A buffer that is full for long is empty a quarter of a second after it has begun to drain. */
static void the_pauses_before_a_full_buffer_stay_short(void **state)
{
    static struct line lines[82];
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    for (size_t i = 0; i < 82; i++)
        lines[i] = (struct line){WRITE("01 00", "0A"), .out_len = BYTES(10), CHECK(0x020408)};
    lines[81] = (struct line){WRITE("01 00", "0A"), .out_len = BYTES(10)};
    SCRIPT(lines, 8, SECTOR - 1);
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    paused_ms = longest_ms = 0;
    assert_hr(engine_write(&job, &result), S_OK);
    assert_true(paused_ms > 2000);
    assert_in_range(longest_ms, 10, 60);
    script_end();
    drive_unref(drive);
}

static void what_has_to_be_sent_again_goes_before_anything_new(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "03"), .out_len = BYTES(3), CHECK(0x020408)},
        {WRITE("01 03", "03"), .out_len = BYTES(3), CHECK(0x052102)},
        {WRITE("01 00", "03"), .out_len = BYTES(3)},
        {WRITE("01 03", "03"), .out_len = BYTES(3)}, /* there is room for 106 before it */
        {WRITE("01 06", "03"), .out_len = BYTES(3)},
        {WRITE("01 09", "01"), .out_len = BYTES(1)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 2, BYTES(3));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), S_OK);
    assert_int_equal(result.written, 10);
    script_end();
    drive_unref(drive);
}

static void a_unit_attention_sends_again(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "05"), .out_len = BYTES(5), CHECK(0x062A01)},
        {WRITE("01 05", "05"), .out_len = BYTES(5), CHECK(0x052102)},
        {WRITE("01 00", "05"), .out_len = BYTES(5)},
        {WRITE("01 05", "05"), .out_len = BYTES(5)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 2, BYTES(5));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), S_OK);
    assert_int_equal(result.written, 10);
    script_end();
    drive_unref(drive);
}

static void a_write_error_ends_it_and_nothing_more_is_sent(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "02"), .out_len = BYTES(2)},
        {WRITE("01 02", "02"), .out_len = BYTES(2), CHECK(0x030C00)},
        {WRITE("01 04", "02"), .out_len = BYTES(2), CHECK(0x052102)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 2, BYTES(2));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), 0xC0AA0301);
    assert_int_equal(result.written, 2);
    assert_int_equal(result.sense, 0x030C00);
    script_end();
    drive_unref(drive);
}

static void the_end_of_the_disc_is_told_by_its_sense(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "0A"), .out_len = BYTES(10), CHECK(0x056300)}};
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 1, BYTES(10));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), 0xC0AA0301);
    assert_int_equal(result.written, 0);
    assert_int_equal(result.sense, 0x056300);
    script_end();
    drive_unref(drive);
}

static void a_lost_connection_ends_it_and_the_others_in_flight_come_back(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "02"), .out_len = BYTES(2)},
        {WRITE("01 02", "02"), .out_len = BYTES(2), .result = TRANSPORT_LOST},
        {WRITE("01 04", "02"), .out_len = BYTES(2), .result = TRANSPORT_LOST},
        {WRITE("01 06", "02"), .out_len = BYTES(2), .result = TRANSPORT_LOST},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 3, BYTES(2));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), 0x80070037);
    assert_int_equal(result.written, 2);
    script_end();
    drive_unref(drive);
}

static void a_drive_that_somebody_else_holds_takes_nothing(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "0A"), .out_len = BYTES(10), .status = 0x18}};
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 1, BYTES(10));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    assert_hr(engine_write(&job, &result), 0xC0AA0210);
    script_end();
    drive_unref(drive);
}

static void a_failing_stream_writes_what_came_and_pads_to_the_minimum(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "02"), .out_len = BYTES(2)}, /* one block and 4 bytes came */
        {WRITE("01 02", "03"), .out = "00 00 00 00", .out_len = BYTES(3)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 2, BYTES(4));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    stream.fail_at = SECTOR + 4;
    stream.failure = 0x8003001E;
    assert_hr(engine_write(&job, &result), 0x8003001E);
    assert_int_equal(result.written, 5);
    script_end();
    drive_unref(drive);
}

static void cancelled_before_the_first_write_nothing_goes_out(void **state)
{
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    script_begin(NULL, 0, 2, BYTES(4));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    cancel_now = true;
    assert_hr(engine_write(&job, &result), 0xC0AA0002);
    assert_int_equal(result.written, 0);
    script_end();
    drive_unref(drive);
}

static void cancel_after_first_read(void *ctx, const char *method, uint64_t position)
{
    (void)ctx, (void)position;
    cancel_now = strcmp(method, "Read") == 0;
}

static void cancelled_on_the_way_it_is_padded_to_the_minimum(void **state)
{
    static const struct line lines[] = {
        {WRITE("01 00", "02"), .out_len = BYTES(2)},
        {WRITE("01 02", "02"), .out = "00 00 00 00", .out_len = BYTES(2)},
        {WRITE("01 04", "01"), .out = "00 00 00 00", .out_len = BYTES(1)},
    };
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    SCRIPT(lines, 2, BYTES(2));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    stream.hook = cancel_after_first_read;
    assert_hr(engine_write(&job, &result), 0xC0AA0002);
    assert_int_equal(result.written, 5);
    script_end();
    drive_unref(drive);
}

static void without_memory_nothing_goes_out(void **state)
{
    struct drive *drive;
    struct test_stream stream;
    struct engine_job job;
    struct engine_result result;

    (void)state;
    script_begin(NULL, 0, 2, BYTES(4));
    drive = script_drive(true);
    job = job_of(drive, &stream, BYTES(10));
    for (unsigned n = 1; n <= 2; n++) {
        memory_fail_nth(n);
        assert_hr(engine_write(&job, &result), 0x8007000E);
        memory_restore();
        assert_int_equal(result.written, 0);
    }
    script_end();
    drive_unref(drive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_go_out_in_order_as_many_as_the_transport_allows),
        cmocka_unit_test(chunks_that_could_be_overtaken_go_one_at_a_time),
        cmocka_unit_test(what_the_stream_does_not_fill_is_zero),
        cmocka_unit_test(a_full_buffer_sends_again_what_was_not_taken_in_order),
        cmocka_unit_test(the_pauses_before_a_full_buffer_stay_short),
        cmocka_unit_test(what_has_to_be_sent_again_goes_before_anything_new),
        cmocka_unit_test(a_unit_attention_sends_again),
        cmocka_unit_test(a_write_error_ends_it_and_nothing_more_is_sent),
        cmocka_unit_test(the_end_of_the_disc_is_told_by_its_sense),
        cmocka_unit_test(a_lost_connection_ends_it_and_the_others_in_flight_come_back),
        cmocka_unit_test(a_drive_that_somebody_else_holds_takes_nothing),
        cmocka_unit_test(a_failing_stream_writes_what_came_and_pads_to_the_minimum),
        cmocka_unit_test(cancelled_before_the_first_write_nothing_goes_out),
        cmocka_unit_test(cancelled_on_the_way_it_is_padded_to_the_minimum),
        cmocka_unit_test(without_memory_nothing_goes_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
