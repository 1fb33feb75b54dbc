/* SPDX-License-Identifier: MIT */
/* Any CDB with any data: the harness finds out an answer that breaks the target's contract, the
 * sanitizers one that breaks memory. The dice are the same in every run. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

static uint32_t seed;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static const uint8_t known[] = {
    0x00, 0x03, 0x12, 0x15, 0x16, 0x17, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x2A, 0x2B,
    0x35, 0x43, 0x46, 0x4A, 0x4D, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x5A,
    0x5B, 0x5C, 0xA0, 0xA8, 0xAA, 0xAC, 0xB6, 0xB9, 0xBB, 0xBD, 0xBE,
};

/* A byte as it occurs in commands: mostly zero, often small. */
static uint8_t likely_byte(void)
{
    switch (dice(4)) {
    case 0:
        return (uint8_t)dice(256);
    case 1:
        return (uint8_t)dice(8);
    default:
        return 0;
    }
}

static void roll(struct harness *h, bool with_pages)
{
    static uint8_t out[8192];
    static const size_t rooms[] = {0, 1, 4, 7, 36, 255, 4096, 70000};
    uint8_t cdb[12];
    char text[64] = "";
    size_t out_len = dice(4) == 0 ? dice(sizeof(out)) : 0;

    cdb[0] = dice(16) == 0 ? (uint8_t)dice(256) : known[dice(sizeof(known))];
    for (size_t i = 1; i < sizeof(cdb); i++)
        cdb[i] = likely_byte();
    for (size_t i = 0; i < out_len; i++)
        out[i] = likely_byte();
    if (with_pages && dice(2) == 0) { /* a list that has a chance */
        static const uint8_t heads[][2] = {{0x01, 10}, {0x05, 50}, {0x0D, 6},  {0x0E, 14},
                                           {0x1A, 10}, {0x1D, 8},  {0x2A, 62}, {0x39, 70}};
        unsigned page = dice(8);

        memcpy(cdb, (uint8_t[]){0x55, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, sizeof(cdb));
        out_len = 8u + 2u + heads[page][1];
        cdb[8] = (uint8_t)(out_len - dice(20) / 19);
        memset(out, 0, 8);
        memcpy(out + 8, heads[page], 2);
    }
    for (size_t i = 0; i < sizeof(cdb); i++)
        snprintf(text + 3 * i, sizeof(text) - 3 * i, "%02X ", cdb[i]);
    run_data(h, ONE + dice(3), text, out, out_len, rooms[dice(8)]);
    if (dice(50) == 0)
        reset(h, 0);
}

static void any_command_is_answered_by_the_contract(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 6; round++) {
        struct harness *h = harness_with(round == 5 ? NULL : blank_disc("74min"), round == 4);

        seed = round;
        for (int i = 0; i < 17000; i++)
            roll(h, round % 2 == 0);
        assert_good(run(h, ONE, "12 00 00 00 24 00")); /* it lives */
        harness_free(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_command_is_answered_by_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
