/* SPDX-License-Identifier: MIT */
/* The write state log page 39h, byte by byte (docs/wire-extension.md). */
#include "log_page.h"

#include <stdio.h>
#include <string.h>

#define ZERO8 "00 00 00 00 00 00 00 00"
#define ZERO64 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
#define ONES8 "FF FF FF FF FF FF FF FF"
/* "Burner 1" and zeros to 64 bytes */
#define BURNER "42 75 72 6E 65 72 20 31" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
#define TUR "00 00 00 00 00 00"

/* Track 1: 300 blocks of mode 1, left open. The page's default is TAO, data, 2048 bytes. */
static void write_something(struct harness *h, uint64_t nexus)
{
    static const uint8_t blocks[16 * 2048];

    assert_good(run_data(h, nexus, "2A 00 00 00 00 00 00 00 10 00", blocks, sizeof(blocks), 0));
}

static void the_history_is_newest_first_and_fifteen_long(void **state)
{
    struct harness *h = harness_ready("80min");
    char name[16];

    (void)state;
    assert_null(log_owner(h, 0x11));
    for (int i = 1; i <= 20; i++) {
        snprintf(name, sizeof(name), "Owner %d", i);
        assert_good(lock(h, ONE, name));
        assert_string_equal(log_owner(h, 0x10), name);
        assert_good(unlock(h, ONE, 0));
        assert_string_equal(log_owner(h, 0x10), "");
        assert_string_equal(log_owner(h, 0x11), name);
        assert_int_equal(log_owner(h, 0x10u + (unsigned)i) != NULL, i <= 15);
    }
    assert_string_equal(log_owner(h, 0x12), "Owner 19");
    assert_string_equal(log_owner(h, 0x1F), "Owner 6");
    assert_null(log_owner(h, 0x20));
    harness_free(h);
}

static void the_log_page_counts_grants_refusals_and_losses(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    assert_conflict(lock(h, TWO, "B"));
    assert_conflict(run(h, TWO, TUR)); /* a refused command, but no refused lock */
    assert_good(unlock(h, ONE, 0));
    assert_good(lock(h, TWO, "B"));
    nexus_close(h, TWO);
    assert_int_equal(log_counter(h, 3), 2);
    assert_int_equal(log_counter(h, 4), 1);
    assert_int_equal(log_counter(h, 5), 1);
    harness_free(h);
}

static void the_log_page_tells_the_write_state_byte_by_byte(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "Burner 1"));
    /* 00h: pages 00h and 39h */
    assert_hex(run(h, TWO, "4D 00 40 00 00 00 00 00 FF 00"), "00 00 00 02 00 39");
    /* page 39h, 128 + 4 bytes of parameters: idle, TAO, track 1, LBA 0; no blocks; some time */
    assert_hex(run(h, TWO, "4D 00 79 00 00 00 00 FF FF 00"), "39 00 00 80"
                                                             "00 00 03 08  00 01 00 01 00 00 00 00"
                                                             "00 01 03 08  00 00 00 00 00 00 00 00"
                                                             "00 02 03 08  00 00 00 00 .. .. .. .."
                                                             "00 03 03 04  00 00 00 01"
                                                             "00 04 03 04  00 00 00 00"
                                                             "00 05 03 04  00 00 00 00"
                                                             "00 10 03 40" BURNER);
    write_something(h, ONE);
    /* writing, TAO, track 1, next LBA 16; 16 blocks */
    assert_hex_at(run(h, TWO, "4D 00 79 00 00 00 00 FF FF 00"), 4,
                  "00 00 03 08  01 01 00 01 00 00 00 10"
                  "00 01 03 08  00 00 00 00 00 00 00 10");
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    /* idle; track 2 begins at 300 + 2 + 150 = 1C4h */
    assert_hex_at(run(h, TWO, "4D 00 79 00 00 00 00 FF FF 00"), 4,
                  "00 00 03 08  00 01 00 02 00 00 01 C4");
    harness_free(h);
}

static void without_a_medium_the_log_page_has_no_track(void **state)
{
    struct harness *h = harness_new(NULL);

    (void)state;
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, "4D 00 79 00 00 00 00 00 10 00"), 4,
                  "00 00 03 08  00 01 00 00 FF FF FF FF");
    harness_free(h);
}

static void time_since_power_on_is_in_microseconds(void **state)
{
    struct harness *h = harness_ready("80min");
    const uint8_t *p;
    size_t len;

    (void)state;
    h->now.us = 5000000 + 0x123456789A - 1000; /* power-on was at 5 s; the command takes 1 ms */
    p = log_parameter(h, ONE, 2, &len);
    assert_memory_equal(p, "\x00\x00\x00\x12\x34\x56\x78\x9A", 8);
    harness_free(h);
}

static void the_parameter_pointer_skips_and_other_log_fields_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, "4D 00 79 00 00 00 05 00 FF 00"),
               "39 00 00 4C  00 05 03 04 00 00 00 00  00 10 03 40" ZERO64);
    assert_sense(run(h, ONE, "4D 00 79 00 00 00 11 00 FF 00"), 0x052400); /* beyond the last */
    assert_sense(run(h, ONE, "4D 01 79 00 00 00 00 00 FF 00"), 0x052400); /* SP */
    assert_sense(run(h, ONE, "4D 02 79 00 00 00 00 00 FF 00"), 0x052400); /* PPC */
    assert_sense(run(h, ONE, "4D 00 39 00 00 00 00 00 FF 00"), 0x052400); /* thresholds */
    assert_sense(run(h, ONE, "4D 00 B9 00 00 00 00 00 FF 00"), 0x052400);
    assert_sense(run(h, ONE, "4D 00 79 01 00 00 00 00 FF 00"), 0x052400); /* subpage */
    assert_sense(run(h, ONE, "4D 00 42 00 00 00 00 00 FF 00"), 0x052400); /* page 02h */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_history_is_newest_first_and_fifteen_long),
        cmocka_unit_test(the_log_page_counts_grants_refusals_and_losses),
        cmocka_unit_test(the_log_page_tells_the_write_state_byte_by_byte),
        cmocka_unit_test(without_a_medium_the_log_page_has_no_track),
        cmocka_unit_test(time_since_power_on_is_in_microseconds),
        cmocka_unit_test(the_parameter_pointer_skips_and_other_log_fields_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
