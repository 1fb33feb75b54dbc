/* SPDX-License-Identifier: MIT */
/* The exclusive access page 39h and its log page, byte by byte (docs/wire-extension.md). */
#include "harness.h"

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

/* Track 1: 300 blocks of mode 1, left open. The page's default is TAO, data, 2048 bytes. */
static void write_something(struct harness *h, uint64_t nexus)
{
    static const uint8_t blocks[16 * 2048];

    assert_good(run_data(h, nexus, "2A 00 00 00 00 00 00 00 10 00", blocks, sizeof(blocks), 0));
}

/* Parameter `code` of log page 39h: its value, and its length. */
static const uint8_t *parameter(struct harness *h, uint64_t nexus, unsigned code, size_t *len)
{
    struct reply *r = run(h, nexus, "4D 00 79 00 00 00 00 FF FF 00");
    size_t at = 4;

    assert_good(r);
    while (at + 4 <= r->len) {
        if ((unsigned)(r->data[at] << 8 | r->data[at + 1]) == code) {
            *len = r->data[at + 3];
            return r->data + at + 4;
        }
        at += 4u + r->data[at + 3];
    }
    return NULL;
}

static unsigned counter(struct harness *h, unsigned code)
{
    size_t len = 0;
    const uint8_t *p = parameter(h, ONE, code, &len);

    assert_non_null(p);
    assert_int_equal(len, 4);
    return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

static const char *owner_parameter(struct harness *h, unsigned code)
{
    size_t len = 0;
    const uint8_t *p = parameter(h, ONE, code, &len);

    if (p == NULL)
        return NULL;
    assert_int_equal(len, 64);
    return (const char *)p;
}

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
    assert_int_equal(counter(h, 4), 3);
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
    assert_int_equal(counter(h, 3), 1);
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
        assert_string_equal(owner_parameter(h, 0x10), name);
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

static void an_unlock_tells_the_others_only_what_has_changed(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR));
    /* GESN, media class: no event, medium present */
    assert_hex(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 00 02 00 00");
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, ONE, TUR)); /* the owner knows */
    for (uint64_t id = TWO; id <= THREE; id++) {
        assert_hex(run(h, id, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 02 02 00 00");
        assert_sense(run(h, id, TUR), 0x062800);
        assert_good(run(h, id, TUR));
        assert_hex(run(h, id, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 00 02 00 00");
    }
    harness_free(h);
}

static void flag_bit_1_of_the_unlock_keeps_it_quiet(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    assert_good(unlock(h, ONE, 2));
    assert_good(run(h, TWO, TUR));
    assert_hex(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 00 02 00 00");
    /* and is forgotten then */
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR));
    /* the flag of the lock does not count */
    assert_good(exclusive(h, ONE, 1, 2, "A"));
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, TUR), 0x062800);
    harness_free(h);
}

static void a_change_outside_the_lock_is_not_told_by_it(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    write_something(h, ONE);
    assert_good(lock(h, ONE, "A"));
    assert_good(unlock(h, ONE, 0));
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void repeated_changes_give_one_attention(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (int i = 0; i < 3; i++) {
        static const uint8_t blocks[300 * 2048];
        char write[64];

        assert_good(lock(h, ONE, "A"));
        snprintf(write, sizeof(write), "2A 00 00 00 %02X %02X 00 01 2C 00", i * 452 >> 8,
                 i * 452 & 0xFF); /* 300 blocks, 2 run-out, 150 pre-gap each */
        assert_good(run_data(h, ONE, write, blocks, sizeof(blocks), 0));
        assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
        assert_good(unlock(h, ONE, 0));
    }
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void the_owner_is_lost_with_its_nexus_a_hundred_times(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        uint64_t id = 1000 + i;

        nexus_open(h, id, "iqn.2026-01.example:mortal");
        clear_attention(h, id);
        assert_good(lock(h, id, "Mortal"));
        assert_conflict(run(h, TWO, TUR));
        nexus_close(h, id);
        assert_good(run(h, TWO, TUR)); /* nothing was written: no attention */
        assert_int_equal(counter(h, 5), i + 1);
        assert_int_equal(count_events(h, "exclusive-lost"), i + 1);
        assert_string_equal(member(last_event(h, "exclusive-lost"), "cause"), "nexus-lost");
        assert_string_equal(member(last_event(h, "exclusive-lost"), "owner"), "Mortal");
        assert_hex_at(run(h, TWO, SENSE_39), 8, "39 46 00 00 00 00 00 00");
    }
    harness_free(h);
}

static void the_owner_is_lost_by_a_reset_a_hundred_times(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        assert_good(lock(h, ONE, "Reset"));
        assert_conflict(run(h, TWO, TUR));
        reset(h, TWO);
        for (uint64_t id = ONE; id <= THREE; id++) {
            assert_sense(run(h, id, TUR), 0x062900);
            assert_good(run(h, id, TUR));
        }
        assert_int_equal(counter(h, 5), i + 1);
        assert_string_equal(member(last_event(h, "exclusive-lost"), "cause"), "reset");
        assert_sense(unlock(h, ONE, 0), 0x052C00);
    }
    harness_free(h);
}

static void a_lost_owner_who_wrote_is_told_as_29_before_28_after_a_reset(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    reset(h, 0);
    assert_sense(run(h, TWO, TUR), 0x062900);
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_good(run(h, TWO, TUR));
    assert_sense(run(h, ONE, TUR), 0x062900); /* the owner of then */
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void a_lost_nexus_who_wrote_is_told_to_the_others(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    write_something(h, ONE);
    nexus_close(h, ONE);
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_good(run(h, TWO, TUR));
    /* the track that was open still is: READ DISC INFORMATION, session 1 incomplete, appendable */
    assert_hex_at(run(h, TWO, "51 00 00 00 00 00 00 00 22 00"), 0, "00 20 05");
    harness_free(h);
}

static void a_stranger_lost_does_not_free_the_drive(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    nexus_close(h, TWO);
    nexus_close(h, 999); /* unknown: ignored */
    assert_conflict(run(h, THREE, TUR));
    assert_int_equal(counter(h, 5), 0);
    harness_free(h);
}

static void ejecting_keeps_the_lock_and_a_prevent_from_before_stays(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, "1E 00 00 00 01 00"));
    assert_good(lock(h, ONE, "A"));
    assert_sense(run(h, ONE, "1B 00 00 00 02 00"), 0x055302); /* eject: prevented by TWO */
    assert_good(run(h, TWO, "1E 00 00 00 00 00"));
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_conflict(run(h, TWO, TUR));
    assert_good(run(h, ONE, "1B 00 00 00 03 00"));
    assert_conflict(run(h, TWO, TUR));
    assert_sense(run(h, ONE, TUR), 0x062800); /* a medium came in: its owner is told at once */
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, TUR), 0x062800); /* the others once, whatever told them */
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void an_unlock_without_a_medium_tells_of_its_removal(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_good(unlock(h, ONE, 0));
    /* media class: removal; tray open, no medium */
    assert_hex(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"), "00 06 04 .. 03 01 00 00");
    assert_sense(run(h, TWO, TUR), 0x062800);
    assert_sense(run(h, TWO, TUR), 0x023A02);
    harness_free(h);
}

static void the_history_is_newest_first_and_fifteen_long(void **state)
{
    struct harness *h = harness_ready("80min");
    char name[16];

    (void)state;
    assert_null(owner_parameter(h, 0x11));
    for (int i = 1; i <= 20; i++) {
        snprintf(name, sizeof(name), "Owner %d", i);
        assert_good(lock(h, ONE, name));
        assert_string_equal(owner_parameter(h, 0x10), name);
        assert_good(unlock(h, ONE, 0));
        assert_string_equal(owner_parameter(h, 0x10), "");
        assert_string_equal(owner_parameter(h, 0x11), name);
        assert_int_equal(owner_parameter(h, 0x10u + (unsigned)i) != NULL, i <= 15);
    }
    assert_string_equal(owner_parameter(h, 0x12), "Owner 19");
    assert_string_equal(owner_parameter(h, 0x1F), "Owner 6");
    assert_null(owner_parameter(h, 0x20));
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
    assert_int_equal(counter(h, 3), 2);
    assert_int_equal(counter(h, 4), 1);
    assert_int_equal(counter(h, 5), 1);
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
    p = parameter(h, ONE, 2, &len);
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
        cmocka_unit_test(an_unlock_tells_the_others_only_what_has_changed),
        cmocka_unit_test(flag_bit_1_of_the_unlock_keeps_it_quiet),
        cmocka_unit_test(a_change_outside_the_lock_is_not_told_by_it),
        cmocka_unit_test(repeated_changes_give_one_attention),
        cmocka_unit_test(the_owner_is_lost_with_its_nexus_a_hundred_times),
        cmocka_unit_test(the_owner_is_lost_by_a_reset_a_hundred_times),
        cmocka_unit_test(a_lost_owner_who_wrote_is_told_as_29_before_28_after_a_reset),
        cmocka_unit_test(a_lost_nexus_who_wrote_is_told_to_the_others),
        cmocka_unit_test(a_stranger_lost_does_not_free_the_drive),
        cmocka_unit_test(ejecting_keeps_the_lock_and_a_prevent_from_before_stays),
        cmocka_unit_test(an_unlock_without_a_medium_tells_of_its_removal),
        cmocka_unit_test(the_history_is_newest_first_and_fifteen_long),
        cmocka_unit_test(the_log_page_counts_grants_refusals_and_losses),
        cmocka_unit_test(the_log_page_tells_the_write_state_byte_by_byte),
        cmocka_unit_test(without_a_medium_the_log_page_has_no_track),
        cmocka_unit_test(time_since_power_on_is_in_microseconds),
        cmocka_unit_test(the_parameter_pointer_skips_and_other_log_fields_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
