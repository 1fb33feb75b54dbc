/* SPDX-License-Identifier: MIT */
/* The books of nexuses alone, over lists made here instead of in tgtd: what the drive is told, in
 * which order, and what happens without memory. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulator/front/tgt/list.h"
#include "emulator/front/tgt/nexuses.h"

/* ---- what tgtd has ---- */

struct tgt_driver *tgt_drivers[1];

/* As tgt makes it, and for the second nexus without an ISID. */
static int transport_id(int tid, uint64_t nexus, char *buf, int size)
{
    static const char rest[] = "\0,i,0x\x00\x02\x3D\xAB\x00\x07";
    int len = 4 + snprintf(buf + 4, (size_t)size - 4, "iqn.%u", (unsigned)nexus);

    (void)tid;
    if (nexus == 2)
        return len + 1;
    memcpy(buf + len, rest, sizeof(rest));
    return len + (int)sizeof(rest);
}

struct tgt_nexus *it_nexus_lookup(int tid, uint64_t id)
{
    static char info[64];
    static struct tgt_nexus nexus = {.info = info};

    (void)tid;
    snprintf(info, sizeof(info), "\t\t\tInitiator: iqn.%u alias: %s\n\t\t\tConnection: 0\n",
             (unsigned)id, id == 1 ? "first" : "none");
    return &nexus;
}

static struct tgt_driver driver = {.name = "iscsi", .transport_id = transport_id};
static struct tgt_target target = {.tid = 1};
static struct tgt_unit unit = {.target = &target};

static struct tgt_nexus_unit *add_pair(uint64_t id)
{
    struct tgt_nexus_unit *pair = calloc(1, sizeof(*pair));

    assert_non_null(pair);

    pair->nexus_id = id;
    list_insert_after(unit.nexuses.prev, &pair->unit_link);
    return pair;
}

static void remove_pair(struct tgt_nexus_unit *pair)
{
    list_remove(&pair->unit_link);
    free(pair);
}

/* ---- what the drive is told: a text ---- */

static char told[1024];
static bool no_memory;

static int drive_opens(void *ctx, uint64_t id, const char *initiator, const char *port,
                       const char *alias, struct vcdr_time now)
{
    (void)ctx;
    (void)now;
    if (no_memory)
        return VCDR_ENOMEM;
    snprintf(told + strlen(told), sizeof(told) - strlen(told), "open %u %s %s %s;", (unsigned)id,
             initiator, port ? port : "-", alias ? alias : "-");
    return 0;
}

static void drive_closes(void *ctx, uint64_t id, struct vcdr_time now)
{
    (void)ctx;
    (void)now;
    snprintf(told + strlen(told), sizeof(told) - strlen(told), "close %u;", (unsigned)id);
}

static void drive_resets(void *ctx, uint64_t id, struct vcdr_time now)
{
    (void)ctx;
    (void)now;
    snprintf(told + strlen(told), sizeof(told) - strlen(told), "reset %u;", (unsigned)id);
}

static struct nexuses nexuses;

static void assert_scan_tells(const char *expected)
{
    static const struct vcdr_target_ops ops = {
        .nexus_open = drive_opens, .nexus_close = drive_closes, .reset = drive_resets};
    struct vcdr_target drive = {.ops = &ops};

    told[0] = '\0';
    if (nexuses_scan(&nexuses, &unit))
        nexuses_tell(&nexuses, drive, (struct vcdr_time){.us = 1});
    nexuses_announce(&nexuses, &unit, drive, (struct vcdr_time){.us = 1});
    assert_false(nexuses_scan(&nexuses, &unit)); /* nothing is told twice */
    assert_string_equal(told, expected);
}

static int begin(void **state)
{
    (void)state;
    tgt_drivers[0] = &driver;
    unit.nexuses.next = unit.nexuses.prev = &unit.nexuses;
    no_memory = false;
    nexuses_clear(&nexuses);
    nexuses.ids = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    while (!list_is_empty(&unit.nexuses))
        remove_pair(LIST_OWNER(unit.nexuses.next, struct tgt_nexus_unit, unit_link));
    nexuses_clear(&nexuses);
    return 0;
}

static void a_new_nexus_is_told_once_with_its_names_and_its_port(void **state)
{
    (void)state;
    (void)add_pair(1);
    (void)add_pair(2);
    assert_scan_tells("open 1 iqn.1 00023dab0007 first;open 2 iqn.2 - -;");
    assert_scan_tells("");
}

static void the_bits_of_tgt_stay_as_they_are(void **state)
{
    struct tgt_nexus_unit *pair = add_pair(1);

    (void)state;
    pair->prevent = 1;
    assert_scan_tells("open 1 iqn.1 00023dab0007 first;");
    assert_int_equal(pair->prevent & 3, 1);
    pair->prevent ^= 3;
    assert_scan_tells("");
}

static void a_lost_nexus_is_told_before_a_new_one(void **state)
{
    struct tgt_nexus_unit *pair = add_pair(1);

    (void)state;
    assert_scan_tells("open 1 iqn.1 00023dab0007 first;");
    remove_pair(pair);
    (void)add_pair(2);
    assert_scan_tells("close 1;open 2 iqn.2 - -;");
}

static void a_word_set_to_zero_is_a_reset(void **state)
{
    struct tgt_nexus_unit *one = add_pair(1), *two = add_pair(2);

    (void)state;
    assert_scan_tells("open 1 iqn.1 00023dab0007 first;open 2 iqn.2 - -;");
    one->prevent = two->prevent = 0;
    assert_scan_tells("reset 0;");
    assert_scan_tells("");
    assert_int_equal(nexuses_id(&nexuses, two), 2);
}

static void loss_reset_and_a_new_nexus_come_in_this_order(void **state)
{
    struct tgt_nexus_unit *one = add_pair(1), *two = add_pair(2);

    (void)state;
    assert_scan_tells("open 1 iqn.1 00023dab0007 first;open 2 iqn.2 - -;");
    remove_pair(one);
    two->prevent = 0;
    (void)add_pair(3);
    assert_scan_tells("close 1;reset 0;open 3 iqn.3 00023dab0007 -;");
}

static void an_id_is_never_given_twice(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= 100; i++) {
        struct tgt_nexus_unit *pair = add_pair(i + 10);
        char expected[64];

        snprintf(expected, sizeof(expected), "open %u iqn.%u 00023dab0007 -;", i, i + 10);
        assert_scan_tells(expected);
        assert_int_equal(nexuses_id(&nexuses, pair), i);
        remove_pair(pair);
        snprintf(expected, sizeof(expected), "close %u;", i);
        assert_scan_tells(expected);
    }
    assert_int_equal(nexuses.room, 8); /* the slots are */
}

static void a_nexus_that_finds_no_memory_is_tried_again(void **state)
{
    struct tgt_nexus_unit *pair = add_pair(1);

    (void)state;
    no_memory = true;
    assert_scan_tells("");
    assert_int_equal(nexuses_id(&nexuses, pair), 0);
    no_memory = false;
    assert_scan_tells("open 1 iqn.1 00023dab0007 first;");
}

#define TOLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOLD(a_new_nexus_is_told_once_with_its_names_and_its_port),
        TOLD(the_bits_of_tgt_stay_as_they_are),
        TOLD(a_lost_nexus_is_told_before_a_new_one),
        TOLD(a_word_set_to_zero_is_a_reset),
        TOLD(loss_reset_and_a_new_nexus_come_in_this_order),
        TOLD(an_id_is_never_given_twice),
        TOLD(a_nexus_that_finds_no_memory_is_tried_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
