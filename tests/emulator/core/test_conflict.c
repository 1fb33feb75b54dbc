/* SPDX-License-Identifier: MIT */
/* Who is kept out while the drive is held: all 256 operation codes, and RESERVE beside the page. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"
#define RESERVE_6 "16 00 00 00 00 00"
#define RELEASE_6 "17 00 00 00 00 00"
#define RESERVE_10 "56 00 00 00 00 00 00 00 00 00"
#define RELEASE_10 "57 00 00 00 00 00 00 00 00 00"
#define SENSE_39 "5A 00 39 00 00 00 00 00 FF 00"

/* What this drive knows (docs/wire-extension.md lists the exemptions). */
static const uint8_t known[] = {
    0x00, 0x03, 0x12, 0x15, 0x16, 0x17, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x2A, 0x2B,
    0x35, 0x42, 0x43, 0x46, 0x4A, 0x4D, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x5A,
    0x5B, 0x5C, 0x5D, 0x5E, 0x5F, 0xA0, 0xA1, 0xA3, 0xA8, 0xAA, 0xAC, 0xB6, 0xB9, 0xBB, 0xBD, 0xBE,
};
static const uint8_t exempt[] = {0x03, 0x12, 0x17, 0x46, 0x4A, 0x57, 0xA0};
/* With a zero CDB these two fall on the exempt side: prevent 0, log page 00h. */
static const uint8_t exempt_as_zeros[] = {0x1E, 0x4D};

static bool among(uint8_t opcode, const uint8_t *list, size_t n)
{
    return memchr(list, opcode, n) != NULL;
}

enum hold { BY_PAGE, BY_RESERVE_6, BY_RESERVE_10, BY_BOTH };

static void take(struct harness *h, enum hold hold)
{
    if (hold == BY_PAGE || hold == BY_BOTH)
        assert_good(lock(h, ONE, "Holder"));
    if (hold == BY_RESERVE_6 || hold == BY_BOTH)
        assert_good(run(h, ONE, RESERVE_6));
    if (hold == BY_RESERVE_10)
        assert_good(run(h, ONE, RESERVE_10));
}

static void every_opcode_is_unknown_conflicts_or_is_exempt(void **state)
{
    (void)state;
    for (enum hold hold = BY_PAGE; hold <= BY_BOTH; hold++) {
        struct harness *h = harness_ready("80min");

        take(h, hold);
        for (unsigned opcode = 0; opcode < 256; opcode++) {
            char cdb[64];
            struct reply *r;

            snprintf(cdb, sizeof(cdb), "%02X 00 00 00 00 00 00 00 00 00 00 00", opcode);
            r = run(h, TWO, cdb);
            if (!among((uint8_t)opcode, known, sizeof(known)))
                assert_sense(r, 0x052000);
            else if (among((uint8_t)opcode, exempt, sizeof(exempt)) ||
                     among((uint8_t)opcode, exempt_as_zeros, sizeof(exempt_as_zeros)))
                assert_int_not_equal(r->status, 0x18);
            else
                assert_conflict(r);
        }
        harness_free(h);
    }
}

static void the_holder_meets_no_conflict_with_any_opcode(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    take(h, BY_BOTH);
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        char cdb[64];

        snprintf(cdb, sizeof(cdb), "%02X 00 00 00 00 00 00 00 00 00 00 00", opcode);
        assert_int_not_equal(run(h, ONE, cdb)->status, 0x18);
    }
    harness_free(h);
}

static void the_exempt_commands_work_for_a_stranger(void **state)
{
    (void)state;
    for (enum hold hold = BY_PAGE; hold <= BY_BOTH; hold++) {
        struct harness *h = harness_ready("80min");

        take(h, hold);
        assert_good(run(h, TWO, "12 00 00 00 24 00"));
        assert_good(run(h, TWO, "12 01 83 00 FF 00"));
        assert_good(run(h, TWO, "A0 00 00 00 00 00 00 00 00 10 00 00"));
        assert_good(run(h, TWO, "03 00 00 00 12 00"));
        assert_good(run(h, TWO, "46 00 00 00 00 00 00 04 00 00"));
        assert_good(run(h, TWO, "4A 01 00 00 10 00 00 00 08 00"));
        assert_good(run(h, TWO, SENSE_39));
        assert_good(run(h, TWO, "1A 00 39 00 FF 00"));
        assert_good(run(h, TWO, "5A 00 2A 00 00 00 00 00 FF 00"));
        assert_good(run(h, TWO, "1A 08 2A 00 80 00")); /* as Linux sr probes, with DBD */
        assert_good(run(h, TWO, "4D 00 40 00 00 00 00 00 FF 00"));
        assert_good(run(h, TWO, "4D 00 79 00 00 00 00 00 FF 00"));
        assert_good(run(h, TWO, "1E 00 00 00 00 00"));
        assert_good(run(h, TWO, RELEASE_6));
        assert_good(run(h, TWO, RELEASE_10));
        assert_conflict(run(h, TWO, TUR)); /* and the release was nobody's */
        harness_free(h);
    }
}

static void other_forms_of_the_exempt_commands_conflict(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    take(h, BY_PAGE);
    for (unsigned page = 0; page < 64; page++) {
        char cdb[64];

        if (page == 0x39 || page == 0x2A)
            continue;
        snprintf(cdb, sizeof(cdb), "5A 00 %02X 00 00 00 00 00 FF 00", page);
        assert_conflict(run(h, TWO, cdb));
        snprintf(cdb, sizeof(cdb), "1A 00 %02X 00 FF 00", page);
        assert_conflict(run(h, TWO, cdb));
    }
    for (unsigned page = 1; page < 64; page++) {
        char cdb[64];

        if (page == 0x39)
            continue;
        snprintf(cdb, sizeof(cdb), "4D 00 %02X 00 00 00 00 00 FF 00", page | 0x40);
        assert_conflict(run(h, TWO, cdb));
    }
    for (unsigned prevent = 1; prevent < 4; prevent++) {
        char cdb[64];

        snprintf(cdb, sizeof(cdb), "1E 00 00 00 %02X 00", prevent);
        assert_conflict(run(h, TWO, cdb));
    }
    harness_free(h);
}

static void a_conflict_has_no_sense_and_leaves_the_attention_pending(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    clear_attention(h, ONE);
    take(h, BY_PAGE);
    assert_conflict(run(h, TWO, TUR));
    assert_conflict(run(h, TWO, "1B 00 00 00 02 00"));
    assert_good(unlock(h, ONE, 0));
    assert_sense(run(h, TWO, TUR), 0x062900);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void an_unknown_opcode_is_told_before_the_conflict_and_the_attention(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    clear_attention(h, ONE);
    take(h, BY_PAGE);
    assert_sense(run(h, TWO, "FF 00 00 00 00 00"), 0x052000);
    assert_sense(run(h, THREE, "C0 00 00 00 00 00"), 0x052000);
    harness_free(h);
}

static void a_conflict_is_told_before_the_missing_medium_and_bad_fields(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, TWO, TUR), 0x023A01);
    take(h, BY_PAGE);
    assert_conflict(run(h, TWO, TUR));
    assert_conflict(run(h, TWO, "51 07 00 00 00 00 00 00 22 00"));
    assert_conflict(run(h, TWO, "00 00 00 00 00 04")); /* NACA */
    harness_free(h);
}

static void opening_and_closing_sessions_is_never_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    take(h, BY_BOTH);
    nexus_open(h, 44, "iqn.2026-01.example:late");
    assert_conflict(run(h, 44, TUR));
    nexus_close(h, 44);
    harness_free(h);
}

/* ---- RESERVE and RELEASE ---- */

static void a_reservation_shows_the_initiators_name(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RESERVE_6));
    /* held by the asker, by RESERVE: "iqn.2026-01.example:one" */
    assert_hex_at(run(h, ONE, SENSE_39), 8,
                  "39 46 00 00 01 03 00 00"
                  "69 71 6E 2E 32 30 32 36 2D 30 31 2E 65 78 61 6D 70 6C 65 3A 6F 6E 65 00");
    assert_hex_at(run(h, TWO, SENSE_39), 8, "39 46 00 00 01 02 00 00 69 71 6E");
    assert_string_equal(member(last_event(h, "exclusive-lock"), "via"), "reserve");
    assert_string_equal(member(last_event(h, "exclusive-lock"), "owner"),
                        "iqn.2026-01.example:one");
    harness_free(h);
}

static void an_initiators_name_is_made_a_caller_name(void **state)
{
    struct harness *h = harness_ready("80min");
    char wild[224], expected[64];

    (void)state;
    memset(wild, 'a', sizeof(wild));
    memcpy(wild, "iqn/\xC3\xBC+\t\"x", 10); /* six characters that no caller name has */
    wild[sizeof(wild) - 1] = '\0';
    memset(expected, 'a', sizeof(expected));
    memcpy(expected, "iqn------x", 10);
    expected[63] = '\0';
    nexus_open(h, 9, wild);
    clear_attention(h, 9);
    assert_good(run(h, 9, RESERVE_10));
    assert_string_equal(member(last_event(h, "exclusive-lock"), "owner"), expected);
    assert_true(vcdr_caller_name_valid(expected));
    nexus_close(h, 9);
    nexus_open(h, 10, ""); /* no initiator of iSCSI is without a name */
    clear_attention(h, 10);
    assert_good(run(h, 10, RESERVE_6));
    assert_string_equal(member(last_event(h, "exclusive-lock"), "owner"), "-");
    harness_free(h);
}

static void reserving_again_and_releasing_what_is_not_held_is_good(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RELEASE_6));
    assert_good(run(h, ONE, RESERVE_6));
    assert_good(run(h, ONE, RESERVE_10));
    assert_int_equal(count_events(h, "exclusive-lock"), 1);
    assert_good(run(h, TWO, RELEASE_6));
    assert_conflict(run(h, TWO, RESERVE_6));
    assert_conflict(run(h, TWO, RESERVE_10));
    assert_good(run(h, ONE, RELEASE_10)); /* either form releases */
    assert_good(run(h, ONE, RELEASE_6));
    assert_int_equal(count_events(h, "exclusive-unlock"), 1);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void a_release_raises_no_attention_whatever_was_written(void **state)
{
    static const uint8_t block[2048];
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RESERVE_6));
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 01 00", block, sizeof(block), 0));
    assert_good(run(h, ONE, RELEASE_6));
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void page_and_reservation_of_one_nexus_end_each_by_its_own_command(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RESERVE_6));
    assert_good(lock(h, ONE, "Both"));
    assert_hex_at(run(h, ONE, SENSE_39), 8, "39 46 00 00 01 01 00 00 42 6F 74 68 00"); /* Both */
    assert_good(run(h, ONE, RELEASE_6));
    assert_conflict(run(h, TWO, TUR));
    assert_good(run(h, ONE, RESERVE_10));
    assert_good(unlock(h, ONE, 0));
    assert_conflict(run(h, TWO, TUR));
    assert_hex_at(run(h, ONE, SENSE_39), 8, "39 46 00 00 01 03 00 00 69 71 6E");
    assert_sense(unlock(h, ONE, 0), 0x052C00); /* not locked by this page */
    assert_good(run(h, ONE, RELEASE_6));
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

static void each_is_refused_while_another_nexus_holds_the_other(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RESERVE_6));
    assert_conflict(lock(h, TWO, "Two"));
    assert_string_equal(member(last_event(h, "exclusive-denied"), "wanted"), "Two");
    assert_good(run(h, ONE, RELEASE_6));
    assert_good(lock(h, ONE, "One"));
    assert_conflict(run(h, TWO, RESERVE_6));
    assert_true(json_is_null(json_object_get(last_event(h, "exclusive-denied"), "wanted")));
    assert_conflict(run(h, THREE, RESERVE_10));
    harness_free(h);
}

static void losing_the_nexus_ends_both(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, RESERVE_6));
    assert_good(lock(h, ONE, "Both"));
    nexus_close(h, ONE);
    assert_good(run(h, TWO, TUR));
    assert_int_equal(count_events(h, "exclusive-lost"), 2);
    harness_free(h);
}

static void a_reservation_is_lost_by_reset_and_by_nexus_loss_a_hundred_times(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        nexus_open(h, 1000 + i, "iqn.2026-01.example:mortal");
        clear_attention(h, 1000 + i);
        assert_good(run(h, 1000 + i, RESERVE_6));
        assert_conflict(run(h, TWO, TUR));
        nexus_close(h, 1000 + i);
        assert_good(run(h, ONE, RESERVE_10));
        reset(h, ONE);
        clear_attention(h, TWO);
        assert_good(run(h, TWO, TUR));
        clear_attention(h, ONE);
        assert_int_equal(count_events(h, "exclusive-lost"), 2 * (i + 1));
    }
    harness_free(h);
}

static void third_party_and_extent_reservations_are_refused(void **state)
{
    static const char *const cdbs[] = {
        "16 10 00 00 00 00",
        "16 01 00 00 00 00",
        "56 10 00 00 00 00 00 00 00 00",
        "56 02 00 00 00 00 00 00 00 00",
        "17 10 00 00 00 00",
        "57 10 00 00 00 00 00 00 00 00",
    };
    struct harness *h = harness_ready("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(cdbs) / sizeof(cdbs[0]); i++)
        assert_sense(run(h, ONE, cdbs[i]), 0x052400);
    assert_good(run(h, TWO, TUR));
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_opcode_is_unknown_conflicts_or_is_exempt),
        cmocka_unit_test(the_holder_meets_no_conflict_with_any_opcode),
        cmocka_unit_test(the_exempt_commands_work_for_a_stranger),
        cmocka_unit_test(other_forms_of_the_exempt_commands_conflict),
        cmocka_unit_test(a_conflict_has_no_sense_and_leaves_the_attention_pending),
        cmocka_unit_test(an_unknown_opcode_is_told_before_the_conflict_and_the_attention),
        cmocka_unit_test(a_conflict_is_told_before_the_missing_medium_and_bad_fields),
        cmocka_unit_test(opening_and_closing_sessions_is_never_refused),
        cmocka_unit_test(a_reservation_shows_the_initiators_name),
        cmocka_unit_test(an_initiators_name_is_made_a_caller_name),
        cmocka_unit_test(reserving_again_and_releasing_what_is_not_held_is_good),
        cmocka_unit_test(a_release_raises_no_attention_whatever_was_written),
        cmocka_unit_test(page_and_reservation_of_one_nexus_end_each_by_its_own_command),
        cmocka_unit_test(each_is_refused_while_another_nexus_holds_the_other),
        cmocka_unit_test(losing_the_nexus_ends_both),
        cmocka_unit_test(a_reservation_is_lost_by_reset_and_by_nexus_loss_a_hundred_times),
        cmocka_unit_test(third_party_and_extent_reservations_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
