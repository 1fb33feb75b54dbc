/* SPDX-License-Identifier: MIT */
/* The exclusive access page 39h, byte by byte (docs/wire-extension.md). */
#include "log_page.h"

#include <stdio.h>
#include <string.h>

#define SENSE_39 "5A 00 39 00 00 00 00 00 FF 00" /* MODE SENSE(10), page 39h, 255 bytes */
#define ZERO8 "00 00 00 00 00 00 00 00"
#define ZERO64 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
#define ONES8 "FF FF FF FF FF FF FF FF"
#define ONES64 ONES8 ONES8 ONES8 ONES8 ONES8 ONES8 ONES8 ONES8
/* "Burner 1" and zeros to 64 bytes */
#define BURNER "42 75 72 6E 65 72 20 31" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8
#define TUR "00 00 00 00 00 00"

static void discovery_says_vcdr_version_1_and_both_pages(void **state)
{
    struct harness *h = harness_new(NULL);

    (void)state;
    /* GET CONFIGURATION, RT 2, feature FF56h: header (length 16), then FF56, version 0, persistent
     * and current, 8 more: "VCDR", version 1, 63 characters, mode page 39, log page 39 */
    assert_hex(run(h, ONE, "46 02 FF 56 00 00 00 00 FF 00"),
               "00 00 00 10 00 00 00 00  FF 56 03 08  56 43 44 52 01 3F 39 39");
    harness_free(h);
}

static void a_free_drive_shows_zeros(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* header: 78 bytes follow; page 39h, 70 more */
    assert_hex(run(h, ONE, SENSE_39), "00 4E 00 00 00 00 00 00  39 46 00 00 00 00 00 00" ZERO64);
    harness_free(h);
}

static void the_changeable_and_default_values_are_as_documented(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "Burner 1"));
    assert_hex(run(h, ONE, "5A 00 79 00 00 00 00 00 FF 00"),
               "00 4E 00 00 00 00 00 00  39 46 FF FF 00 00 00 00" ONES64);
    assert_hex(run(h, ONE, "5A 00 B9 00 00 00 00 00 FF 00"),
               "00 4E 00 00 00 00 00 00  39 46 00 00 00 00 00 00" ZERO64);
    assert_sense(run(h, ONE, "5A 00 F9 00 00 00 00 00 FF 00"), 0x053900); /* saved */
    harness_free(h);
}

static void a_lock_shows_its_name_to_everybody(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00",
                        "00 00 00 00 00 00 00 00  39 46 01 01 00 00 00 00" BURNER));
    /* byte 2 zero, flags 1, state 1, held by the asker */
    assert_hex(run(h, ONE, SENSE_39), "00 4E 00 00 00 00 00 00  39 46 00 01 01 01 00 00" BURNER);
    /* held by another */
    assert_hex(run(h, TWO, SENSE_39), "00 4E 00 00 00 00 00 00  39 46 00 01 01 00 00 00" BURNER);
    /* MODE SENSE(6): 75 bytes follow */
    assert_hex(run(h, THREE, "1A 00 39 00 FF 00"), "4B 00 00 00  39 46 00 01 01 00 00 00" BURNER);
    harness_free(h);
}

static void mode_select_6_locks_as_well(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(
        run_out(h, ONE, "15 10 00 00 4C 00", "00 00 00 00  39 46 01 00 00 00 00 00" BURNER));
    assert_conflict(run(h, TWO, TUR));
    assert_good(
        run_out(h, ONE, "15 10 00 00 4C 00", "00 00 00 00  39 46 02 00 00 00 00 00" ZERO64));
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void the_lock_is_not_counted_even_for_its_owner(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "Burner 1"));
    assert_conflict(lock(h, ONE, "Burner 1"));
    assert_conflict(lock(h, ONE, "Another"));
    assert_conflict(lock(h, TWO, "Another"));
    assert_int_equal(log_counter(h, 4), 3);
    assert_hex_at(run(h, ONE, SENSE_39), 16, BURNER);
    assert_good(unlock(h, ONE, 0));
    assert_sense(unlock(h, ONE, 0), 0x052C00);
    harness_free(h);
}

static void a_bad_name_is_refused_before_a_held_lock(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(lock(h, ONE, "a/b"), 0x052600);
    assert_good(lock(h, ONE, "Burner 1"));
    assert_sense(lock(h, ONE, "a/b"), 0x052600);
    assert_conflict(lock(h, TWO, "a/b")); /* a stranger does not get as far as its name */
    assert_sense(exclusive(h, ONE, 3, 0, NULL), 0x052600);
    assert_sense(exclusive(h, ONE, 0xFF, 0, NULL), 0x052600);
    assert_hex_at(run(h, ONE, SENSE_39), 16, BURNER);
    harness_free(h);
}

static void an_unknown_flag_is_refused_and_known_ones_are_shown(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned flags = 4; flags < 256; flags++) {
        assert_sense(exclusive(h, ONE, 1, (uint8_t)flags, "A"), 0x052600);
        assert_sense(exclusive(h, ONE, 0, (uint8_t)flags, NULL), 0x052600);
    }
    for (unsigned flags = 0; flags < 4; flags++) {
        assert_good(exclusive(h, ONE, 1, (uint8_t)flags, "A"));
        assert_int_equal(run(h, TWO, SENSE_39)->data[11], flags);
        assert_good(unlock(h, ONE, (uint8_t)flags));
    }
    harness_free(h);
}

static void reserved_bytes_must_be_zero_and_shown_ones_are_ignored(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", ZERO8 "39 46 01 00 00 00 00 01" BURNER),
        0x052600);
    assert_sense(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", ZERO8 "39 46 01 00 00 00 80 00" BURNER),
        0x052600);
    assert_good(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", ZERO8 "39 46 01 00 FF FF 00 00" BURNER));
    harness_free(h);
}

static void a_page_written_back_changes_nothing(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t page[80];

    (void)state;
    assert_good(exclusive(h, ONE, 1, 3, "Burner 1"));
    memcpy(page, run(h, ONE, SENSE_39)->data, sizeof(page));
    memset(page, 0, 2);
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 50 00", page, sizeof(page), 0));
    assert_hex(run(h, TWO, SENSE_39), "00 4E 00 00 00 00 00 00  39 46 00 03 01 00 00 00" BURNER);
    assert_int_equal(log_counter(h, 3), 1);
    harness_free(h);
}

static void every_byte_value_is_judged_in_a_name(void **state)
{
    static const char good[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-_";
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned byte = 1; byte < 256; byte++) {
        char alone[] = {(char)byte, '\0'}, last[] = {'x', (char)byte, '\0'};
        bool allowed = strchr(good, (int)byte) != NULL;

        assert_int_equal(vcdr_caller_name_valid(alone), allowed);
        for (int form = 0; form < 2; form++) {
            struct reply *r = lock(h, ONE, form == 0 ? alone : last);

            if (!allowed) {
                assert_sense(r, 0x052600);
                continue;
            }
            assert_good(r);
            assert_good(unlock(h, ONE, 0));
        }
    }
    harness_free(h);
}

static void a_name_has_1_to_63_characters(void **state)
{
    struct harness *h = harness_ready("80min");
    char name[71];

    (void)state;
    for (size_t len = 0; len <= 70; len++) {
        struct reply *r;

        memset(name, 'n', len);
        name[len] = '\0';
        assert_int_equal(vcdr_caller_name_valid(name), len >= 1 && len <= 63);
        r = lock(h, ONE, name);
        if (len < 1 || len > 63) {
            assert_sense(r, 0x052600);
            continue;
        }
        assert_good(r);
        assert_string_equal(log_owner(h, 0x10), name);
        assert_good(unlock(h, ONE, 0));
    }
    assert_false(vcdr_caller_name_valid(NULL));
    harness_free(h);
}

static void bytes_behind_the_names_end_are_not_kept(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00",
                        ZERO8 "39 46 01 00 00 00 00 00 41 00 2F 42 FF 43 44 45" ONES8 ONES8 ONES8
                            ONES8 ONES8 ONES8 ONES8));
    assert_hex_at(run(h, ONE, SENSE_39), 16,
                  "41 00 00 00 00 00 00 00" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8);
    harness_free(h);
}

static void a_page_of_another_length_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* page length 45h, one byte short */
    assert_sense(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", ZERO8 "39 45 01 00 00 00 00 00" BURNER),
        0x052600);
    /* the list ends within the page */
    assert_sense(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 4F 00", ZERO8 "39 46 01 00 00 00 00 00" BURNER),
        0x051A00);
    /* the data ends before the list does */
    assert_sense(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", ZERO8 "39 46 01 00 00 00 00 00 41 00"),
        0x051A00);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void lock_and_unlock_in_one_list_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 98 00",
                         ZERO8 "39 46 01 00 00 00 00 00" BURNER "39 46 02 00 00 00 00 00" ZERO64),
                 0x052600);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void a_refused_page_keeps_the_others_of_its_list_out(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "Burner 1"));
    /* page 01h with 5 retries, then a lock that conflicts: 8 + 12 + 72 bytes */
    assert_conflict(run_out(h, ONE, "55 10 00 00 00 00 00 00 5C 00",
                            ZERO8 "01 0A 00 05 00 00 00 00 01 00 00 00"
                                  "39 46 01 00 00 00 00 00" BURNER));
    assert_hex_at(run(h, ONE, "5A 00 01 00 00 00 00 00 FF 00"), 8, "01 0A 00 01");
    harness_free(h);
}

static void page_3f_does_not_list_it_and_nobody_is_told_of_its_change(void **state)
{
    struct harness *h = harness_ready("80min");
    struct reply *r;

    (void)state;
    r = run(h, ONE, "5A 00 3F 00 00 00 00 10 00 00");
    assert_good(r);
    for (size_t at = 8; at < r->len; at += 2u + r->data[at + 1])
        assert_int_not_equal(r->data[at] & 0x3F, 0x39);
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR)); /* no 2A/01 */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(discovery_says_vcdr_version_1_and_both_pages),
        cmocka_unit_test(a_free_drive_shows_zeros),
        cmocka_unit_test(the_changeable_and_default_values_are_as_documented),
        cmocka_unit_test(a_lock_shows_its_name_to_everybody),
        cmocka_unit_test(mode_select_6_locks_as_well),
        cmocka_unit_test(the_lock_is_not_counted_even_for_its_owner),
        cmocka_unit_test(a_bad_name_is_refused_before_a_held_lock),
        cmocka_unit_test(an_unknown_flag_is_refused_and_known_ones_are_shown),
        cmocka_unit_test(reserved_bytes_must_be_zero_and_shown_ones_are_ignored),
        cmocka_unit_test(a_page_written_back_changes_nothing),
        cmocka_unit_test(every_byte_value_is_judged_in_a_name),
        cmocka_unit_test(a_name_has_1_to_63_characters),
        cmocka_unit_test(bytes_behind_the_names_end_are_not_kept),
        cmocka_unit_test(a_page_of_another_length_is_refused),
        cmocka_unit_test(lock_and_unlock_in_one_list_are_refused),
        cmocka_unit_test(a_refused_page_keeps_the_others_of_its_list_out),
        cmocka_unit_test(page_3f_does_not_list_it_and_nobody_is_told_of_its_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
