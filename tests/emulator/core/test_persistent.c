/* SPDX-License-Identifier: MIT */
/* PERSISTENT RESERVE IN and OUT (SPC-3 5.6, 6.11, 6.12): registrations, the reservation, who hears
 * of its end. */
#include "persist.h"

#include <string.h>

#define KEY_A "00 00 00 00 00 00 00 0A"
#define KEY_B "00 00 00 00 00 00 00 0B"
#define KEY_C "00 00 00 00 00 00 00 0C"

static const unsigned all_types[] = {WE, EA, WE_RO, EA_RO, WE_AR, EA_AR};
enum { TYPES = sizeof(all_types) / sizeof(all_types[0]) };

/* ONE, TWO and THREE registered with A, B and C. */
static struct harness *registered(void)
{
    struct harness *h = harness_ready("80min");

    register_key(h, ONE, 0xA);
    register_key(h, TWO, 0xB);
    register_key(h, THREE, 0xC);
    return h;
}

/* ---- what is told ---- */

static void a_drive_begins_without_keys_at_generation_0(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 00 00 00 00 00"); /* generation, no bytes */
    assert_hex(run(h, ONE, READ_RESERVATION), "00 00 00 00 00 00 00 00");
    assert_hex(run(h, ONE, READ_FULL_STATUS), "00 00 00 00 00 00 00 00");
    harness_free(h);
}

static void the_capabilities_are_all_six_types_and_nothing_through_power_loss(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    /* 8 bytes; CRH alone; TMV; types: WR_EX_AR EX_AC_RO WR_EX_RO EX_AC WR_EX, EX_AC_AR */
    assert_hex(run(h, ONE, "5E 02 00 00 00 00 00 00 08 00"), "00 08 10 80 EA 01 00 00");
    harness_free(h);
}

static void keys_are_listed_as_they_came_and_cut_at_the_allocation_length(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_hex(run(h, TWO, READ_KEYS), "00 00 00 03 00 00 00 18" KEY_A KEY_B KEY_C);
    assert_hex(run(h, TWO, "5E 00 00 00 00 00 00 00 0C 00"), "00 00 00 03 00 00 00 18 00 00 00 00");
    assert_hex(run(h, TWO, "5E 00 00 00 00 00 00 00 00 00"), "");
    harness_free(h);
}

static void the_reservation_shows_its_holders_key_and_type(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_good(prout(h, TWO, RESERVE, EA_RO, 0xB, 0));
    /* generation 3, 16 bytes: key, 4 obsolete, reserved, scope 0 and type 6, 2 obsolete */
    assert_hex(run(h, ONE, READ_RESERVATION),
               "00 00 00 03 00 00 00 10" KEY_B "00 00 00 00 00 06 00 00");
    harness_free(h);
}

static void an_all_registrants_reservation_shows_no_key(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_good(prout(h, TWO, RESERVE, WE_AR, 0xB, 0));
    assert_hex(run(h, ONE, READ_RESERVATION),
               "00 00 00 03 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 00");
    harness_free(h);
}

static void the_full_status_names_initiator_ports(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    nexus_open_port(h, 7, "iqn.a", "00023d000001");
    clear_attention(h, 7);
    register_key(h, 7, 0xA);
    register_key(h, ONE, 0xB);
    assert_good(prout(h, 7, RESERVE, WE, 0xA, 0));
    /* generation 2, 104 bytes; key, R_HOLDER, type 1, port 1, 28 more: TransportID of an iSCSI
     * port, 24 bytes: "iqn.a,i,0x00023d000001" and a NUL, padded to a multiple of 4 */
    assert_hex(
        run(h, TWO, READ_FULL_STATUS),
        "00 00 00 02 00 00 00 68" KEY_A "00 00 00 00 01 01 00 00 00 00 00 01 00 00 00 1C"
        "45 00 00 18 69 71 6E 2E 61 2C 69 2C 30 78 30 30 30 32 33 64 30 30 30 30 30 31 00 00"
        /* not the holder, so no type; an initiator without a port, 24 bytes:
         * "iqn.2026-01.example:one" */
        KEY_B "00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 1C"
        "05 00 00 18 69 71 6E 2E 32 30 32 36 2D 30 31 2E 65 78 61 6D 70 6C 65 3A 6F 6E 65 00");
    harness_free(h);
}

static void everybody_holds_an_all_registrants_reservation(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_good(prout(h, ONE, RESERVE, EA_AR, 0xA, 0));
    assert_hex_at(run(h, ONE, READ_FULL_STATUS), 8 + 12, "01 08");
    assert_hex_at(run(h, ONE, READ_FULL_STATUS), 8 + 52 + 12, "01 08");
    assert_hex_at(run(h, ONE, READ_FULL_STATUS), 8 + 104 + 12, "01 08");
    harness_free(h);
}

static void other_service_actions_are_refused(void **state)
{
    struct harness *h = registered();

    (void)state;
    for (unsigned action = 0; action < 32; action++) {
        char cdb[] = "5E 00 00 00 00 00 00 00 FF 00";

        cdb[3] = "01"[action >> 4];
        cdb[4] = "0123456789ABCDEF"[action & 15];
        if (action <= 3)
            assert_good(run(h, ONE, cdb));
        else
            assert_sense(run(h, ONE, cdb), 0x052400);
        if (action > 6)
            assert_sense(prout(h, ONE, action, WE, 0xA, 0xA), 0x052400);
    }
    harness_free(h);
}

/* ---- registering ---- */

static void registering_wants_the_key_that_one_has(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_conflict(prout(h, ONE, REGISTER, 0, 0x5, 0xA)); /* not registered: only key 0 */
    register_key(h, ONE, 0xA);
    assert_conflict(prout(h, ONE, REGISTER, 0, 0, 0xB));
    assert_good(prout(h, ONE, REGISTER, 0, 0xA, 0xB));
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 02 00 00 00 08" KEY_B);
    assert_good(prout(h, ONE, REGISTER, 0, 0xB, 0));
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 03 00 00 00 00");
    assert_good(prout(h, ONE, REGISTER, 0, 0, 0)); /* nothing to end: nothing happens */
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 03 00 00 00 00");
    harness_free(h);
}

static void register_and_ignore_asks_for_no_key(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(prout(h, ONE, REGISTER_AND_IGNORE, 0, 0x5, 0xA));
    assert_good(prout(h, ONE, REGISTER_AND_IGNORE, 0, 0x6, 0xB));
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 02 00 00 00 08" KEY_B);
    assert_good(prout(h, ONE, REGISTER_AND_IGNORE, 0, 0x7, 0));
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 03 00 00 00 00");
    harness_free(h);
}

static void lists_of_another_length_and_what_is_not_offered_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t list[28] = {[15] = 0xA};

    (void)state;
    assert_sense(run_data(h, ONE, "5F 00 00 00 00 00 00 00 17 00", list, 23, 0), 0x051A00);
    assert_sense(run_data(h, ONE, "5F 00 00 00 00 00 00 00 1C 00", list, 28, 0), 0x051A00);
    assert_sense(run_data(h, ONE, "5F 00 00 00 00 00 00 00 18 00", list, 20, 0), 0x051A00);
    assert_sense(run_data(h, ONE, "5F 00 00 00 00 00 00 00 18 00", NULL, 0, 0), 0x051A00);
    for (unsigned bit = 0; bit < 4; bit++) {
        list[20] = (uint8_t)(1 << bit); /* APTPL, reserved, ALL_TG_PT, SPEC_I_PT */
        if (bit != 1)
            assert_sense(run_data(h, ONE, "5F 00 00 00 00 00 00 00 18 00", list, 24, 0), 0x052600);
    }
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 00 00 00 00 00");
    harness_free(h);
}

static void the_sixty_fifth_port_finds_no_room(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned i = 0; i < 65; i++) {
        char port[] = "000000000000";

        port[10] = (char)('a' + i / 16);
        port[11] = "0123456789abcdef"[i % 16];
        nexus_open_port(h, 100 + i, "iqn.many", port);
        clear_attention(h, 100 + i);
        if (i < 64)
            register_key(h, 100 + i, i + 1);
        else /* INSUFFICIENT REGISTRATION RESOURCES */
            assert_sense(prout(h, 100 + i, REGISTER, 0, 0, 0xA), 0x055504);
        nexus_close(h, 100 + i);
    }
    assert_hex_at(run(h, ONE, READ_KEYS), 0, "00 00 00 40 00 00 02 00");
    harness_free(h);
}

/* ---- ports and their nexuses ---- */

static void a_port_that_comes_back_is_registered_still_and_holds_still(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    nexus_open_port(h, 7, "iqn.a", "00023d000001");
    clear_attention(h, 7);
    register_key(h, 7, 0xA);
    assert_good(prout(h, 7, RESERVE, EA, 0xA, 0));
    nexus_close(h, 7);
    assert_conflict(run(h, ONE, "1B 00 00 00 00 00"));
    nexus_open_port(h, 8, "iqn.a", "00023d000002"); /* another port of that initiator */
    clear_attention(h, 8);
    assert_conflict(run(h, 8, "1B 00 00 00 00 00"));
    nexus_open_port(h, 9, "iqn.a", "00023d000001");
    clear_attention(h, 9);
    assert_good(run(h, 9, "1B 00 00 00 00 00"));
    assert_good(prout(h, 9, RELEASE, EA, 0xA, 0));
    harness_free(h);
}

static void a_port_that_ends_with_its_nexus_takes_its_registration_with_it(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_good(prout(h, ONE, RESERVE, EA_RO, 0xA, 0));
    nexus_close(h, ONE);
    assert_attention(h, TWO, 0x062A04); /* its access was for registrants */
    assert_hex(run(h, TWO, READ_KEYS), "00 00 00 03 00 00 00 10" KEY_B KEY_C);
    assert_hex(run(h, TWO, READ_RESERVATION), "00 00 00 03 00 00 00 00");
    harness_free(h);
}

static void a_reset_ends_nothing_of_it(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_good(prout(h, ONE, RESERVE, WE, 0xA, 0));
    reset(h, TWO);
    assert_attention(h, TWO, 0x062900);
    assert_hex(run(h, TWO, READ_RESERVATION),
               "00 00 00 03 00 00 00 10" KEY_A "00 00 00 00 00 01 00 00");
    harness_free(h);
}

/* ---- reserving and releasing ---- */

static void only_a_registrant_with_its_key_reserves(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_conflict(prout(h, ONE, RESERVE, WE, 0, 0));
    register_key(h, ONE, 0xA);
    assert_conflict(prout(h, ONE, RESERVE, WE, 0xB, 0));
    assert_good(prout(h, ONE, RESERVE, WE, 0xA, 0));
    harness_free(h);
}

static void other_scopes_and_types_are_refused(void **state)
{
    struct harness *h = registered();

    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        bool known = type == 1 || type == 3 || (type >= 5 && type <= 8);

        if (!known)
            assert_sense(prout(h, ONE, RESERVE, type, 0xA, 0), 0x052400);
    }
    assert_hex(run(h, ONE, READ_RESERVATION), "00 00 00 03 00 00 00 00");
    harness_free(h);
}

static void reserving_again_is_good_for_a_holder_with_the_same_type(void **state)
{
    struct harness *h = registered();

    (void)state;
    for (unsigned i = 0; i < TYPES; i++) {
        bool all = all_types[i] >= WE_AR;

        assert_good(prout(h, ONE, RESERVE, all_types[i], 0xA, 0));
        assert_good(prout(h, ONE, RESERVE, all_types[i], 0xA, 0));
        assert_conflict(prout(h, ONE, RESERVE, all_types[(i + 1) % TYPES], 0xA, 0));
        if (all)
            assert_good(prout(h, TWO, RESERVE, all_types[i], 0xB, 0));
        else
            assert_conflict(prout(h, TWO, RESERVE, all_types[i], 0xB, 0));
        assert_good(prout(h, ONE, RELEASE, all_types[i], 0xA, 0));
        clear_attention(h, TWO);
        clear_attention(h, THREE);
    }
    harness_free(h);
}

static void releasing_wants_the_holder_its_key_and_the_type(void **state)
{
    struct harness *h = registered();

    (void)state;
    assert_good(prout(h, ONE, RELEASE, WE, 0xA, 0)); /* nothing is reserved */
    assert_good(prout(h, ONE, RESERVE, WE, 0xA, 0));
    assert_conflict(prout(h, ONE, RELEASE, WE, 0xB, 0));
    assert_good(prout(h, TWO, RELEASE, WE, 0xB, 0)); /* not its: nothing happens */
    assert_sense(prout(h, ONE, RELEASE, EA, 0xA, 0), 0x052604);
    assert_sense(prout(h, ONE, RELEASE, 0x10 | WE, 0xA, 0), 0x052604); /* scope 1 */
    assert_hex_at(run(h, ONE, READ_RESERVATION), 8, KEY_A);
    assert_good(prout(h, ONE, RELEASE, WE, 0xA, 0));
    assert_hex(run(h, ONE, READ_RESERVATION), "00 00 00 03 00 00 00 00");
    harness_free(h);
}

/* 2A/04 RESERVATIONS RELEASED: to those who have lost an access that they had. */
static void a_release_is_told_the_other_registrants_of_four_types(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TYPES; i++) {
        struct harness *h = harness_ready("80min");

        register_key(h, ONE, 0xA);
        register_key(h, TWO, 0xB);
        assert_good(prout(h, ONE, RESERVE, all_types[i], 0xA, 0));
        assert_good(prout(h, ONE, RELEASE, all_types[i], 0xA, 0));
        if (all_types[i] >= WE_RO)
            assert_attention(h, TWO, 0x062A04);
        else
            assert_no_attention(h, TWO);
        assert_no_attention(h, ONE);
        assert_no_attention(h, THREE);
        harness_free(h);
    }
}

static void a_holder_that_unregisters_releases(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TYPES; i++) {
        struct harness *h = harness_ready("80min");
        bool all = all_types[i] >= WE_AR;

        register_key(h, ONE, 0xA);
        register_key(h, TWO, 0xB);
        assert_good(prout(h, ONE, RESERVE, all_types[i], 0xA, 0));
        assert_good(prout(h, ONE, REGISTER, 0, 0xA, 0));
        if (all_types[i] == WE_RO || all_types[i] == EA_RO)
            assert_attention(h, TWO, 0x062A04);
        assert_hex_at(run(h, TWO, READ_RESERVATION), 4, all ? "00 00 00 10" : "00 00 00 00");
        assert_good(prout(h, TWO, REGISTER, 0, 0xB, 0)); /* the last of all registrants */
        assert_hex_at(run(h, TWO, READ_RESERVATION), 4, "00 00 00 00");
        harness_free(h);
    }
}

static void a_clear_ends_everything_and_tells_the_other_registrants(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    register_key(h, TWO, 0xB);
    assert_good(prout(h, ONE, RESERVE, WE_RO, 0xA, 0));
    assert_conflict(prout(h, THREE, CLEAR, 0, 0, 0));
    assert_conflict(prout(h, TWO, CLEAR, 0, 0xA, 0));
    assert_good(prout(h, TWO, CLEAR, 0, 0xB, 0));
    assert_attention(h, ONE, 0x062A03); /* RESERVATIONS PREEMPTED */
    assert_no_attention(h, TWO);
    assert_no_attention(h, THREE);
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 03 00 00 00 00");
    assert_hex(run(h, ONE, READ_RESERVATION), "00 00 00 03 00 00 00 00");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drive_begins_without_keys_at_generation_0),
        cmocka_unit_test(the_capabilities_are_all_six_types_and_nothing_through_power_loss),
        cmocka_unit_test(keys_are_listed_as_they_came_and_cut_at_the_allocation_length),
        cmocka_unit_test(the_reservation_shows_its_holders_key_and_type),
        cmocka_unit_test(an_all_registrants_reservation_shows_no_key),
        cmocka_unit_test(the_full_status_names_initiator_ports),
        cmocka_unit_test(everybody_holds_an_all_registrants_reservation),
        cmocka_unit_test(other_service_actions_are_refused),
        cmocka_unit_test(registering_wants_the_key_that_one_has),
        cmocka_unit_test(register_and_ignore_asks_for_no_key),
        cmocka_unit_test(lists_of_another_length_and_what_is_not_offered_are_refused),
        cmocka_unit_test(the_sixty_fifth_port_finds_no_room),
        cmocka_unit_test(a_port_that_comes_back_is_registered_still_and_holds_still),
        cmocka_unit_test(a_port_that_ends_with_its_nexus_takes_its_registration_with_it),
        cmocka_unit_test(a_reset_ends_nothing_of_it),
        cmocka_unit_test(only_a_registrant_with_its_key_reserves),
        cmocka_unit_test(other_scopes_and_types_are_refused),
        cmocka_unit_test(reserving_again_is_good_for_a_holder_with_the_same_type),
        cmocka_unit_test(releasing_wants_the_holder_its_key_and_the_type),
        cmocka_unit_test(a_release_is_told_the_other_registrants_of_four_types),
        cmocka_unit_test(a_holder_that_unregisters_releases),
        cmocka_unit_test(a_clear_ends_everything_and_tells_the_other_registrants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
