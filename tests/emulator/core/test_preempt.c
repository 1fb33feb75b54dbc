/* SPDX-License-Identifier: MIT */
/* PREEMPT and PREEMPT AND ABORT (SPC-3 5.6.10.4): taking registrations and reservations away. */
#include "persist.h"

#define KEY_A "00 00 00 00 00 00 00 0A"
#define KEY_B "00 00 00 00 00 00 00 0B"
#define KEY_C "00 00 00 00 00 00 00 0C"

/* ONE, TWO and THREE registered with A, B and C; ONE has reserved, unless type is 0. */
static struct harness *reserved(unsigned type)
{
    struct harness *h = harness_ready("80min");

    register_key(h, ONE, 0xA);
    register_key(h, TWO, 0xB);
    register_key(h, THREE, 0xC);
    if (type != 0)
        assert_good(prout(h, ONE, RESERVE, type, 0xA, 0));
    return h;
}

static void only_a_registrant_with_its_key_preempts(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    assert_conflict(prout(h, TWO, PREEMPT, WE, 0, 0xA));
    register_key(h, TWO, 0xB);
    assert_conflict(prout(h, TWO, PREEMPT, WE, 0xA, 0xA));
    assert_hex_at(run(h, ONE, READ_KEYS), 8, KEY_A KEY_B);
    harness_free(h);
}

static void a_registration_is_removed_and_told(void **state)
{
    static const unsigned actions[] = {PREEMPT, PREEMPT_AND_ABORT};

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct harness *h = reserved(WE_RO);

        /* C holds nothing: the type is not looked at, and the reservation stays */
        assert_good(prout(h, TWO, actions[i], 0xF, 0xB, 0xC));
        assert_attention(h, THREE, 0x062A05); /* REGISTRATIONS PREEMPTED */
        assert_no_attention(h, ONE);
        assert_hex(run(h, ONE, READ_KEYS), "00 00 00 04 00 00 00 10" KEY_A KEY_B);
        assert_hex_at(run(h, ONE, READ_RESERVATION), 8, KEY_A "00 00 00 00 00 05 00 00");
        harness_free(h);
    }
}

static void a_key_that_nobody_has_is_a_conflict_and_key_0_is_refused(void **state)
{
    struct harness *h = reserved(EA);

    (void)state;
    assert_conflict(prout(h, TWO, PREEMPT, EA, 0xB, 0xD));
    assert_sense(prout(h, TWO, PREEMPT, EA, 0xB, 0), 0x052600);
    assert_hex_at(run(h, ONE, READ_KEYS), 0, "00 00 00 03 00 00 00 18");
    harness_free(h);
}

static void all_with_that_key_go_the_asker_too_where_nothing_is_reserved(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    register_key(h, ONE, 0xA);
    register_key(h, TWO, 0xA);
    register_key(h, THREE, 0xC);
    assert_good(prout(h, ONE, PREEMPT, 0, 0xA, 0xA));
    assert_hex(run(h, ONE, READ_KEYS), "00 00 00 04 00 00 00 08" KEY_C);
    assert_attention(h, TWO, 0x062A05);
    assert_no_attention(h, ONE);
    harness_free(h);
}

static void the_holders_reservation_becomes_the_askers(void **state)
{
    struct harness *h = reserved(EA);

    (void)state;
    assert_good(prout(h, TWO, PREEMPT, EA, 0xB, 0xA));
    assert_attention(h, ONE, 0x062A05);
    assert_no_attention(h, THREE); /* the type is as it was */
    assert_hex(run(h, TWO, READ_KEYS), "00 00 00 04 00 00 00 10" KEY_B KEY_C);
    assert_hex_at(run(h, TWO, READ_RESERVATION), 8, KEY_B "00 00 00 00 00 03 00 00");
    assert_conflict(run(h, ONE, "1B 00 00 00 00 00"));
    assert_good(run(h, TWO, "1B 00 00 00 00 00"));
    harness_free(h);
}

static void another_type_is_told_to_those_who_stay(void **state)
{
    struct harness *h = reserved(EA_RO);

    (void)state;
    assert_sense(prout(h, TWO, PREEMPT, 0xF, 0xB, 0xA), 0x052400); /* now the type is looked at */
    assert_good(prout(h, TWO, PREEMPT, WE, 0xB, 0xA));
    assert_attention(h, ONE, 0x062A05);
    assert_attention(h, THREE, 0x062A04);
    assert_no_attention(h, TWO);
    harness_free(h);
}

static void a_holder_changes_its_type_by_preempting_itself(void **state)
{
    struct harness *h = reserved(WE);

    (void)state;
    assert_good(prout(h, ONE, PREEMPT, EA_RO, 0xA, 0xA));
    assert_hex_at(run(h, ONE, READ_KEYS), 8, KEY_A KEY_B KEY_C);
    assert_hex_at(run(h, ONE, READ_RESERVATION), 8, KEY_A "00 00 00 00 00 06 00 00");
    assert_attention(h, TWO, 0x062A04);
    harness_free(h);
}

static void key_0_takes_an_all_registrants_reservation_from_all_others(void **state)
{
    struct harness *h = reserved(WE_AR);

    (void)state;
    assert_good(prout(h, TWO, PREEMPT, WE, 0xB, 0));
    assert_attention(h, ONE, 0x062A05);
    assert_attention(h, THREE, 0x062A05);
    assert_hex(run(h, TWO, READ_KEYS), "00 00 00 04 00 00 00 08" KEY_B);
    assert_hex_at(run(h, TWO, READ_RESERVATION), 8, KEY_B "00 00 00 00 00 01 00 00");
    harness_free(h);
}

static void a_key_leaves_an_all_registrants_reservation_to_the_rest(void **state)
{
    struct harness *h = reserved(EA_AR);

    (void)state;
    assert_good(prout(h, TWO, PREEMPT, EA_AR, 0xB, 0xA));
    assert_attention(h, ONE, 0x062A05);
    assert_hex_at(run(h, TWO, READ_RESERVATION), 16, "00 00 00 00 00 08 00 00");
    assert_good(prout(h, TWO, PREEMPT, EA_AR, 0xB, 0xC));
    assert_good(prout(h, TWO, PREEMPT, EA_AR, 0xB, 0xB)); /* the last one goes, with it all */
    assert_hex_at(run(h, TWO, READ_RESERVATION), 4, "00 00 00 00");
    harness_free(h);
}

static void who_loses_its_registration_hears_that_and_nothing_else(void **state)
{
    static const uint64_t orders[2][2] = {{ONE, TWO}, {TWO, ONE}};

    (void)state;
    for (unsigned i = 0; i < 2; i++) { /* whichever of the two came first */
        struct harness *h = harness_ready("80min");

        register_key(h, orders[i][0], 0xA);
        register_key(h, orders[i][1], 0xA);
        assert_good(prout(h, ONE, RESERVE, EA_AR, 0xA, 0));
        assert_good(prout(h, ONE, PREEMPT, 0, 0xA, 0xA));
        assert_attention(h, TWO, 0x062A05);
        assert_no_attention(h, ONE);
        assert_hex_at(run(h, ONE, READ_RESERVATION), 4, "00 00 00 00");
        harness_free(h);
    }
}

static void a_port_that_is_not_there_can_be_preempted(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    nexus_open_port(h, 7, "iqn.gone", "00023d000001");
    clear_attention(h, 7);
    register_key(h, 7, 0xA);
    assert_good(prout(h, 7, RESERVE, EA, 0xA, 0));
    nexus_close(h, 7);
    register_key(h, ONE, 0xB);
    assert_good(prout(h, ONE, PREEMPT_AND_ABORT, WE, 0xB, 0xA));
    assert_hex_at(run(h, ONE, READ_RESERVATION), 8, KEY_B "00 00 00 00 00 01 00 00");
    nexus_open_port(h, 8, "iqn.gone", "00023d000001");
    clear_attention(h, 8);
    assert_conflict(prout(h, 8, RELEASE, EA, 0xA, 0)); /* it is registered no more */
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_registrant_with_its_key_preempts),
        cmocka_unit_test(a_registration_is_removed_and_told),
        cmocka_unit_test(a_key_that_nobody_has_is_a_conflict_and_key_0_is_refused),
        cmocka_unit_test(all_with_that_key_go_the_asker_too_where_nothing_is_reserved),
        cmocka_unit_test(the_holders_reservation_becomes_the_askers),
        cmocka_unit_test(another_type_is_told_to_those_who_stay),
        cmocka_unit_test(a_holder_changes_its_type_by_preempting_itself),
        cmocka_unit_test(key_0_takes_an_all_registrants_reservation_from_all_others),
        cmocka_unit_test(a_key_leaves_an_all_registrants_reservation_to_the_rest),
        cmocka_unit_test(who_loses_its_registration_hears_that_and_nothing_else),
        cmocka_unit_test(a_port_that_is_not_there_can_be_preempted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
