/* SPDX-License-Identifier: MIT */
/* A store that fails: which sense the initiator sees, and what can still be done. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"

/* Passes everything on to a store in memory, but for what it is told to fail. */
struct faulty {
    struct vcdr_store below;
    bool fail_read, fail_write, fail_flush;
};

static int faulty_size(void *ctx, uint64_t *size)
{
    struct faulty *f = ctx;

    return f->below.ops->size(f->below.ctx, size);
}

static int faulty_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    struct faulty *f = ctx;

    return f->fail_read ? VCDR_EIO : f->below.ops->read(f->below.ctx, offset, buf, len);
}

static int faulty_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    struct faulty *f = ctx;

    return f->fail_write ? VCDR_EIO : f->below.ops->write(f->below.ctx, offset, buf, len);
}

static int faulty_flush(void *ctx)
{
    struct faulty *f = ctx;

    return f->fail_flush ? VCDR_EIO : f->below.ops->flush(f->below.ctx);
}

static void faulty_close(void *ctx)
{
    struct faulty *f = ctx;

    f->below.ops->close(f->below.ctx);
}

static const struct vcdr_store_ops faulty_ops = {
    .size = faulty_size,
    .read = faulty_read,
    .write = faulty_write,
    .flush = faulty_flush,
    .close = faulty_close,
};

/* A drive with a blank disc on it; `f` outlives the drive. */
static struct harness *drive_on(struct faulty *f)
{
    struct vcdr_store store = {&faulty_ops, f};
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc;
    struct harness *h;

    memset(f, 0, sizeof(*f));
    assert_int_equal(vcdr_store_memory(&f->below), VCDR_OK);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    h = harness_with(disc, false);
    clear_attention(h, ONE);
    return h;
}

static void a_write_that_fails_is_a_write_error_and_can_be_repeated(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);

    (void)state;
    assert_good(select_page_05(h, 0, 4, 8, 0));
    assert_good(write_once(h, 0, 10, 2048));
    f.fail_write = true;
    assert_sense(write_once(h, 10, 10, 2048), SENSE_WRITE_ERROR);
    f.fail_write = false;
    assert_int_equal(next_address(h), 10);
    assert_good(write_once(h, 10, 300, 2048));
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(next_address(h), 462);
    harness_free(h);
}

static void a_first_write_that_fails_leaves_no_write_state(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);

    (void)state;
    f.fail_write = true;
    assert_sense(write_once(h, 0, 10, 2048), SENSE_WRITE_ERROR);
    assert_int_equal(count_events(h, "write-state"), 0);
    assert_int_equal(count_events(h, "track-opened"), 0);
    harness_free(h);
}

static void a_flush_that_fails_ends_idle_and_is_told(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);

    (void)state;
    assert_good(write_once(h, 0, 10, 2048));
    f.fail_flush = true;
    assert_sense(run(h, ONE, SYNC), SENSE_WRITE_ERROR);
    assert_string_equal(member(last_event(h, "write-state"), "from"), "flushing");
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_int_equal(count_events(h, "track-closed"), 0);
    assert_sense(run(h, ONE, "5B 00 02 00 00 00 00 00 00 00"), SENSE_WRITE_ERROR);
    assert_int_equal(count_events(h, "session-closed"), 0);
    assert_good(run(h, ONE, "00 00 00 00 00 00"));
    harness_free(h);
}

static void a_session_that_cannot_be_closed_stays_open(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);

    (void)state;
    burn_data(h, 300);
    f.fail_flush = true;
    assert_sense(run(h, ONE, "5B 00 02 00 00 00 00 00 00 00"), SENSE_WRITE_ERROR);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_hex_at(run(h, ONE, "51 00 00 00 00 00 00 00 22 00"), 2, "05");
    assert_good(run(h, ONE, "28 00 00 00 00 00 00 00 01 00")); /* what is there can be read */
    harness_free(h);
}

static void a_read_that_fails_tells_where(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);
    static const char *const reads[] = {
        "28 00 00 00 00 05 00 00 02 00",
        "BE 00 00 00 00 05 00 00 02 F8 00 00",
        "BE 00 00 00 00 05 00 00 02 10 00 00",
    };

    (void)state;
    burn_data(h, 300);
    f.fail_read = true;
    for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
        struct reply *r = run(h, ONE, reads[i]);

        assert_sense(r, SENSE_UNRECOVERED_READ_ERROR);
        assert_int_equal(r->sense_data[0], 0xF0); /* VALID */
        assert_int_equal(be32_at(r->sense_data + 3), 5);
    }
    f.fail_read = false;
    assert_good(run(h, ONE, reads[0]));
    harness_free(h);
}

/* ---- session-at-once ---- */

static void announce(struct harness *h)
{
    assert_good(select_write_type(h, 2, 0, 0, 0, 0));
    assert_good(send_cue(h, "01 00 00 01 00 00 00 00 01 01 00 00 00 00 00 00 "
                            "01 01 01 00 00 00 02 00 01 AA 01 01 00 00 06 00 "));
}

static void blocks_of_a_session_at_once_that_fail_can_be_repeated(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);

    (void)state;
    announce(h);
    f.fail_write = true; /* not even begun */
    assert_sense(write_once(h, -150, 10, 2352), SENSE_WRITE_ERROR);
    assert_int_equal(next_address(h), -150);
    f.fail_write = false;
    write_good(h, -150, 150, 2352);
    f.fail_write = true;
    assert_sense(write_once(h, 0, 10, 2352), SENSE_WRITE_ERROR);
    assert_int_equal(next_address(h), 0);
    f.fail_write = false;
    write_good(h, 0, 300, 2352);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, "51 00 00 00 00 00 00 00 22 00"), 2, "0E 01 01 01 01");
    harness_free(h);
}

static void a_session_at_once_that_cannot_be_ended_is_over(void **state)
{
    struct faulty f;
    struct harness *h = drive_on(&f);

    (void)state;
    announce(h);
    write_good(h, -150, 450, 2352);
    f.fail_flush = true;
    assert_sense(run(h, ONE, SYNC), SENSE_SESSION_FIXATION_ERROR);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    assert_int_equal(count_events(h, "session-closed"), 0);
    f.fail_flush = false;
    assert_good(run(h, ONE, "1B 00 00 00 02 00")); /* nothing holds the tray */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_fails_is_a_write_error_and_can_be_repeated),
        cmocka_unit_test(a_first_write_that_fails_leaves_no_write_state),
        cmocka_unit_test(a_flush_that_fails_ends_idle_and_is_told),
        cmocka_unit_test(a_session_that_cannot_be_closed_stays_open),
        cmocka_unit_test(a_read_that_fails_tells_where),
        cmocka_unit_test(blocks_of_a_session_at_once_that_fail_can_be_repeated),
        cmocka_unit_test(a_session_at_once_that_cannot_be_ended_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
