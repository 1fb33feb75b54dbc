/* SPDX-License-Identifier: MIT */
/*
 * A drive in real time, used in any order by three nexuses and by hands: what is due has happened,
 * nothing happens before its time or out of order, and the record tells one story. The dice are the
 * same in every run.
 */
#include "burn.h"

#include <stdio.h>
#include <string.h>

enum { SECOND = 1000000, STEPS = 2500, ROUNDS = 8 };

static uint32_t seed;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static struct vcdr_disc *any_disc(void)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    struct vcdr_disc *disc;
    enum vcdr_medium medium = dice(2) == 0 ? VCDR_MEDIUM_CD_R : VCDR_MEDIUM_CD_RW;

    assert_int_equal(vcdr_geometry_by_name("74min", medium, &geometry), VCDR_OK);
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    return disc;
}

static void write_somewhere(struct harness *h, uint64_t nexus)
{
    static uint8_t blocks[128 * 2048];
    uint32_t count = 1 + dice(128), lba;
    struct reply *r = run(h, nexus, "52 01 00 00 00 FF 00 00 24 00");

    if (r->status != SAM_GOOD)
        return;
    lba = be32_at(r->data + 12);
    run_data(h, nexus, cdbf("2A 00 %08X 00 %04X 00", (unsigned)lba, (unsigned)count), blocks,
             count * 2048u, 0);
}

/* Track-at-once or packets, with or without BUFE and Test Write, any multi-session. */
static void select_any(struct harness *h, uint64_t nexus)
{
    uint8_t list[60] = {0};

    list[8] = 0x05;
    list[9] = 0x32;
    list[10] = (uint8_t)(dice(2) << 6 | (dice(6) == 0) << 4 | (dice(5) != 0));
    list[11] = (uint8_t)((dice(2) ? 0xC0 : 0x00) | 0x04);
    list[12] = 8;
    list[23] = 150;
    list[58] = 0x08;
    run_data(h, nexus, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0);
}

static void use_hand(struct harness *h)
{
    struct vcdr_disc *disc;

    switch (dice(3)) {
    case 0:
        (void)hand(h, VCDR_HAND_BUTTON, NULL, NULL);
        break;
    case 1:
        (void)hand(h, VCDR_HAND_REMOVE, NULL, NULL);
        break;
    case 2:
        disc = any_disc();
        if (hand(h, VCDR_HAND_INSERT, disc, "other") != VCDR_OK)
            assert_int_equal(vcdr_disc_close(disc), VCDR_OK);
        break;
    }
}

static void send_any(struct harness *h, uint64_t nexus)
{
    static const char *const commands[] = {
        "00 00 00 00 00 00",
        "03 00 00 00 12 00",
        "1B 00 00 00 02 00",
        "1B 00 00 00 03 00",
        "1B 01 00 00 03 00",
        "1B 00 00 00 01 00",
        "1E 00 00 00 00 00",
        "1E 00 00 00 01 00",
        "1E 00 00 00 02 00",
        "1E 00 00 00 03 00",
        "35 00 00 00 00 00 00 00 00 00",
        "35 02 00 00 00 00 00 00 00 00",
        "4A 01 00 00 7E 00 00 00 08 00",
        "5B 01 01 00 00 FF 00 00 00 00",
        "5B 00 02 00 00 00 00 00 00 00",
        "5B 01 02 00 00 00 00 00 00 00",
        "53 00 00 00 00 00 00 01 90 00",
        "54 01 00 00 00 00 00 00 00 00",
        "5C 00 00 00 00 00 00 00 0C 00",
        "A1 11 00 00 00 00 00 00 00 00 00 00",
        "A1 01 00 00 00 00 00 00 00 00 00 00",
        "BB 00 FF FF 00 B0 00 00 00 00 00 00",
        "BB 00 FF FF FF FF 00 00 00 00 00 00",
    };

    run(h, nexus, commands[dice(sizeof(commands) / sizeof(commands[0]))]);
}

static void step(struct harness *h)
{
    uint64_t nexus = ONE + dice(3);

    switch (dice(16)) {
    case 0:
        use_hand(h);
        break;
    case 1:
        select_any(h, nexus);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        write_somewhere(h, nexus);
        break;
    case 7:
        pass_time(h, dice(SECOND));
        break;
    case 8:
        pass_time(h, (uint64_t)dice(400) * SECOND);
        break;
    case 9:
        if (dice(20) == 0)
            reset(h, nexus);
        break;
    default:
        send_any(h, nexus);
        break;
    }
}

/* Before the next call, whatever is due has happened. */
static void check_deadline(struct harness *h)
{
    h->target.ops->advance(h->target.ctx, h->now);
    assert_true(h->target.ops->next_deadline(h->target.ctx) > h->now.us);
}

static void check_record(struct harness *h)
{
    char state[32] = "idle";
    json_int_t before = 0;
    json_t *event;
    size_t i;

    json_array_foreach(h->events, i, event)
    {
        json_int_t at = json_integer_value(json_object_get(event, "time_us"));

        if (at < before)
            fail_msg("line %zu was told after a later one", i);
        before = at;
        if (strcmp(member(event, "event"), "write-state") != 0)
            continue;
        assert_string_equal(member(event, "from"), state);
        snprintf(state, sizeof(state), "%s", member(event, "to"));
    }
    assert_string_equal(state, "idle");
}

static void whatever_is_done_the_record_tells_one_story(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct harness *h;

        seed = round;
        h = harness_timed(any_disc());
        for (int i = 0; i < STEPS; i++) {
            step(h);
            check_deadline(h);
        }
        reset(h, ONE); /* what is being written is not any more */
        check_record(h);
        assert_good(run(h, ONE, "12 00 00 00 24 00"));
        harness_free(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_done_the_record_tells_one_story),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
