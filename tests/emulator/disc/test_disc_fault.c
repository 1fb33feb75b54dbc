/* SPDX-License-Identifier: MIT */
/* The store fails, once or for good, at each operation; memory ends at each allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/store/alloc_fault.h"
#include "emulator/store/cut_store.h"
#include "fixture.h"
#include "script.h"

static void new_disc(struct cut_store *cut)
{
    struct vcdr_geometry geometry;

    cut_init(cut);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(cut_store(cut), &geometry, 1), VCDR_OK);
    cut->ops = 0;
}

static void opening_without_memory_fails_and_leaves_the_store(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc = NULL;

    (void)state;
    new_disc(&cut);
    alloc_fail_at(1);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_ENOMEM);
    alloc_fail_at(0);
    assert_null(disc);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

/* Once open, a disc takes no memory: nothing that a drive asks of it can fail for want of it. */
static void a_whole_burn_takes_no_memory_of_the_disc(void **state)
{
    struct vcdr_disc *disc = *state;
    uint8_t sector[2352];

    burn_track(disc, 0, 600, 1); /* the memory store gets its chunks */
    alloc_fail_at(1);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_OK);
        assert_int_equal(vcdr_disc_close_reserved(disc, vcdr_disc_info(disc)->tracks), VCDR_OK);
    }
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    assert_int_equal(vcdr_disc_read_raw(disc, 0, 1, sector, NULL), VCDR_OK);
    alloc_fail_at(0);
}

static void neither_does_a_session_at_once(void **state)
{
    struct vcdr_disc *disc = *state;

    assert_int_equal(script_open_session(disc), VCDR_OK); /* the memory store gets its chunks */
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_blank(disc), VCDR_OK);
    alloc_fail_at(1);
    assert_int_equal(script_open_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    alloc_fail_at(0);
    script_check_data(disc);
}

/* Whatever the layout has elsewhere: 99 indexes in the way cost nothing. */
static void a_write_within_a_stretch_is_one_operation(void **state)
{
    struct vcdr_stretch stretches[100];
    const struct vcdr_session_layout layout = {
        .stretches = stretches,
        .count = 100,
        .lead_out_lba = 2000,
    };
    static const uint8_t data[200 * 2352];
    struct cut_store cut;
    struct vcdr_disc *disc;
    unsigned ops;

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        stretches[i] =
            (struct vcdr_stretch){1, (uint8_t)i, 0, 0x00, i == 0 ? -150 : (int32_t)i * 10 - 10};
    new_disc(&cut);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    ops = cut.ops;
    assert_int_equal(vcdr_disc_write(disc, data, 150), VCDR_OK);
    assert_int_equal(cut.ops, ops + 1);
    assert_int_equal(vcdr_disc_write(disc, data, 5), VCDR_OK);
    assert_int_equal(cut.ops, ops + 2);
    assert_int_equal(vcdr_disc_write(disc, data, 15), VCDR_OK); /* two of them touched */
    assert_int_equal(cut.ops, ops + 4);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

static void opening_reports_a_store_that_cannot_be_read(void **state)
{
    struct cut_store cut;

    (void)state;
    new_disc(&cut);
    cut.count_reads = true;
    cut.fail_once = true;
    for (unsigned at = 1;; at++) {
        struct vcdr_disc *disc = NULL;
        int rc;

        cut.ops = 0;
        cut.dies_at = at;
        rc = vcdr_disc_open(cut_store(&cut), &disc);
        if (rc == VCDR_OK) {
            assert_true(at > 3); /* header and two areas */
            vcdr_disc_abandon(disc);
            break;
        }
        assert_int_equal(rc, VCDR_EIO);
        assert_null(disc);
    }
    cut_free(&cut);
}

/* Each step of a burn in turn meets an I/O error: it fails with VCDR_EIO and leaves the disc's
 * memory as it was; what is reopened is sound. */
static void check_io_error(const struct script_step *steps, unsigned count, unsigned at, bool *met)
{
    struct cut_store cut, after;
    struct vcdr_disc *disc;
    char *before = NULL, *now;

    new_disc(&cut);
    cut.fail_once = true;
    cut.dies_at = at;
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    for (unsigned i = 0; i < count; i++) {
        int rc;

        before = script_state(disc);
        rc = steps[i].run(disc);
        if (rc == VCDR_OK) {
            free(before);
            continue;
        }
        *met = true;
        assert_int_equal(rc, VCDR_EIO);
        now = script_state(disc);
        if (steps[i].durable) /* write_some is several calls */
            assert_string_equal(now, before);
        free(now);
        free(before);
        break;
    }
    script_check_data(disc); /* reading goes on */
    vcdr_disc_close(disc);
    cut_after(&after, &cut, 0);
    assert_int_equal(vcdr_disc_open(cut_store(&after), &disc), VCDR_OK);
    script_check_data(disc);
    vcdr_disc_abandon(disc);
    cut_free(&after);
    cut_free(&cut);
}

static void an_io_error_at_each_operation_is_reported_and_harms_nothing(void **state)
{
    bool met = true;
    unsigned at;

    (void)state;
    for (at = 1; met; at++) {
        met = false;
        check_io_error(burn_script, burn_script_steps, at, &met);
    }
    assert_true(at > 40);
}

static void so_it_is_in_sessions_at_once(void **state)
{
    bool met = true;
    unsigned at;

    (void)state;
    for (at = 1; met; at++) {
        met = false;
        check_io_error(at_once_script, at_once_script_steps, at, &met);
    }
    assert_true(at > 20);
}

static void after_a_failed_flush_nothing_more_is_written(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc;
    size_t writes;

    (void)state;
    new_disc(&cut);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(write_fill(disc, 5, 1), VCDR_OK);
    cut.fail_once = true;
    cut.dies_at = cut.ops + 1;
    assert_int_equal(vcdr_disc_flush(disc), VCDR_EIO);
    writes = cut.count;
    assert_int_equal(write_fill(disc, 1, 1), VCDR_EIO);
    assert_int_equal(vcdr_disc_flush(disc), VCDR_EIO);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_EIO);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_EIO);
    assert_int_equal(vcdr_disc_reserve(disc, 300), VCDR_EIO);
    assert_int_equal(vcdr_disc_close_reserved(disc, 1), VCDR_EIO);
    assert_int_equal(vcdr_disc_blank(disc), VCDR_EIO);
    assert_int_equal(open_next_track(disc, 0), VCDR_EIO);
    assert_int_equal(cut.count, writes);
    assert_int_equal(track_of_disc(disc, 1).written, 5);
    assert_int_equal(vcdr_disc_close(disc), VCDR_EIO);
    cut_free(&cut);
}

static void a_failed_data_write_can_be_tried_again(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc;

    (void)state;
    new_disc(&cut);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    cut.fail_once = true;
    cut.dies_at = cut.ops + 1;
    assert_int_equal(write_fill(disc, 5, 1), VCDR_EIO);
    assert_int_equal(track_of_disc(disc, 1).written, 0);
    assert_int_equal(write_fill(disc, 5, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    cut_free(&cut);
}

static void a_read_error_gives_the_blocks_before_it(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc;
    uint8_t buf[301 * 2352];
    uint32_t done = 99;

    (void)state;
    new_disc(&cut);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    burn_track(disc, 0, 300, 1);
    cut.count_reads = true;
    cut.fail_once = true;
    cut.dies_at = cut.ops + 1;
    assert_int_equal(vcdr_disc_read_raw(disc, -1, 301, buf, &done), VCDR_EIO);
    assert_int_equal(done, 1);
    vcdr_disc_abandon(disc);
    cut_free(&cut);
}

static void closing_an_open_track_s_disc_keeps_its_blocks(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc;

    (void)state;
    new_disc(&cut);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(script_write(disc, 33), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    assert_int_equal(cut.flushed, cut.count);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 1);
    assert_int_equal(nwa_of(disc, 1), 33);
    script_check_data(disc);
    assert_int_equal(script_write(disc, 300), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    script_check_data(disc);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close(NULL), VCDR_OK);
    cut_free(&cut);
}

static void flushing_again_writes_nothing(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc;
    size_t writes;

    (void)state;
    new_disc(&cut);
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(script_write(disc, 3), VCDR_OK);
    assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    writes = cut.count;
    assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    assert_int_equal(cut.count, writes);
    cut_free(&cut);
}

static void a_disc_that_was_only_looked_at_is_not_written(void **state)
{
    struct cut_store cut;
    struct vcdr_disc *disc;
    size_t writes;

    (void)state;
    new_disc(&cut);
    writes = cut.count;
    assert_int_equal(vcdr_disc_open(cut_store(&cut), &disc), VCDR_OK);
    assert_int_equal(nwa_of(disc, 1), 0);
    assert_int_equal(vcdr_disc_flush(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
    assert_int_equal(cut.count, writes);
    cut_free(&cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_without_memory_fails_and_leaves_the_store),
        cmocka_unit_test_setup_teardown(a_whole_burn_takes_no_memory_of_the_disc, blank_cd_r,
                                        put_away),
        cmocka_unit_test_setup_teardown(neither_does_a_session_at_once, blank_cd_rw, put_away),
        cmocka_unit_test(a_write_within_a_stretch_is_one_operation),
        cmocka_unit_test(opening_reports_a_store_that_cannot_be_read),
        cmocka_unit_test(an_io_error_at_each_operation_is_reported_and_harms_nothing),
        cmocka_unit_test(so_it_is_in_sessions_at_once),
        cmocka_unit_test(after_a_failed_flush_nothing_more_is_written),
        cmocka_unit_test(a_failed_data_write_can_be_tried_again),
        cmocka_unit_test(a_read_error_gives_the_blocks_before_it),
        cmocka_unit_test(closing_an_open_track_s_disc_keeps_its_blocks),
        cmocka_unit_test(flushing_again_writes_nothing),
        cmocka_unit_test(a_disc_that_was_only_looked_at_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
