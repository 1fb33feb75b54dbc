/* SPDX-License-Identifier: MIT */
/*
 * Discs burned at random from three nexuses: commands that are nearly right, so that they get to
 * the disc, among some of anything. Nothing is expected of an answer but that it is one; the
 * sanitizers watch the memory, and now and then the drive must say what state it is in. The seeds
 * are fixed, so a failure comes again.
 */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

enum { DISCS = 12, COMMANDS = 8000, LONGEST_OUT = 64 * 2352, LONGEST_IN = 70000 };
enum { WATCHER = THREE + 1 };

struct random {
    uint64_t state;
};

/* xorshift64* (Vigna 2016) */
static uint32_t next(struct random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return (uint32_t)((random->state * UINT64_C(0x2545F4914F6CDD1D)) >> 32);
}

static uint32_t below(struct random *random, uint32_t limit)
{
    return next(random) % limit;
}

/* Opcodes that the drive knows, writing more often, and some that it does not. */
static const uint8_t opcodes[] = {0x00, 0x03, 0x12, 0x15, 0x16, 0x17, 0x1A, 0x1B, 0x1E, 0x25, 0x28,
                                  0x2A, 0x2A, 0x2A, 0x2B, 0x35, 0x42, 0x43, 0x43, 0x46, 0x4A, 0x4D,
                                  0x51, 0x52, 0x52, 0x53, 0x54, 0x55, 0x55, 0x56, 0x57, 0x5A, 0x5B,
                                  0x5C, 0x5D, 0xA0, 0xA8, 0xAA, 0xAC, 0xB6, 0xB9, 0xBB, 0xBD, 0xBE};

static uint8_t field(struct random *random)
{
    switch (below(random, 8)) {
    case 0:
        return (uint8_t)next(random);
    case 1:
        return (uint8_t)(1u << below(random, 8));
    case 2:
        return (uint8_t)below(random, 8);
    case 3:
        return 0xFF;
    default:
        return 0;
    }
}

static unsigned control_at(uint8_t opcode)
{
    if (opcode < 0x20)
        return 5;
    return opcode < 0xA0 ? 9 : 11;
}

/* WRITE to where it may go, CLOSE of a function and a track that may be there, READ near the start.
 */
static void correct(struct random *random, uint8_t *cdb, int32_t next_writable)
{
    switch (cdb[0]) {
    case 0x2A:
    case 0xAA:
        cdb[1] = 0;
        for (unsigned i = 0; i < 4; i++)
            cdb[2 + i] = (uint8_t)((uint32_t)next_writable >> (24 - 8 * i));
        cdb[6] = cdb[7] = 0;
        cdb[8] = cdb[0] == 0x2A ? (uint8_t)below(random, 65) : 0;
        cdb[9] = cdb[0] == 0x2A ? 0 : (uint8_t)below(random, 65);
        break;
    case 0x5B:
        cdb[2] = (uint8_t)(1 + below(random, 2));
        cdb[4] = 0;
        cdb[5] = (uint8_t)(1 + below(random, 100));
        break;
    case 0x28:
    case 0xBE:
        cdb[2] = cdb[3] = 0;
        break;
    }
}

static void make_cdb(struct random *random, uint8_t *cdb, int32_t next_writable)
{
    cdb[0] =
        below(random, 32) == 0 ? (uint8_t)next(random) : opcodes[below(random, sizeof(opcodes))];
    for (unsigned i = 1; i < 12; i++)
        cdb[i] = field(random);
    if (below(random, 8) != 0)
        cdb[control_at(cdb[0])] = 0;
    if (below(random, 4) != 0)
        correct(random, cdb, next_writable);
}

/* A write parameters or exclusive access page as a client sends it, now and then a byte wrong. */
static void make_mode_select(struct random *random, uint8_t *cdb, uint8_t *out)
{
    static const uint8_t modes[][2] = {{0, 0}, {4, 8}, {4, 10}, {4, 13}};
    const uint8_t *mode = modes[below(random, 4)];
    bool write_parameters = below(random, 4) != 0;
    uint8_t length = write_parameters ? 0x32 : 0x46;

    memset(out, 0, 128);
    out[8] = write_parameters ? 0x05 : 0x39;
    out[9] = length;
    if (write_parameters) {
        out[10] = 0x41;
        out[11] = (uint8_t)(below(random, 4) << 6 | mode[0]);
        out[12] = mode[1];
        out[58] = 0x08;
    } else {
        out[10] = (uint8_t)below(random, 4);
        out[16] = 'A';
    }
    if (below(random, 4) == 0)
        out[8 + below(random, 60)] = field(random);
    memset(cdb, 0, 12);
    cdb[0] = 0x55;
    cdb[1] = 0x10;
    cdb[8] = (uint8_t)(10 + length);
}

/* As much as the CDB says, mostly; anything, sometimes. */
static size_t out_length(struct random *random, const uint8_t *cdb, size_t block)
{
    if (below(random, 16) == 0)
        return below(random, LONGEST_OUT);
    switch (cdb[0]) {
    case 0x2A:
        return cdb[8] % 65 * block;
    case 0xAA:
        return cdb[9] % 65 * block;
    case 0x15:
        return cdb[4];
    case 0x55:
        return be16_at(cdb + 7) % 256;
    case 0xB6:
        return 28;
    default:
        return 0;
    }
}

static void check_reply(const struct vcdr_command *command)
{
    assert_true(command->in_len <= command->in_size);
    if (command->status != SAM_CHECK_CONDITION) {
        assert_true(command->status == SAM_GOOD || command->status == SAM_RESERVATION_CONFLICT);
        assert_int_equal(command->sense_len, 0);
        return;
    }
    assert_int_equal(command->sense_len, VCDR_SENSE_BYTES);
    assert_int_equal(command->sense[0] & 0x7F, 0x70);
    assert_int_equal(command->sense[7], 0x0A);
    /* nothing here breaks, so neither key 3 nor key 4 */
    assert_true(command->sense[2] == SENSE_KEY_NOT_READY ||
                command->sense[2] == SENSE_KEY_ILLEGAL_REQUEST ||
                command->sense[2] == SENSE_KEY_UNIT_ATTENTION);
    assert_int_equal(command->in_len, 0);
}

static void one_command(struct harness *h, struct random *random, struct vcdr_disc *disc,
                        uint8_t *out)
{
    struct vcdr_command command = {.nexus = ONE + below(random, 3)};
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    static const size_t sizes[] = {2048, 2352, 2332};
    struct vcdr_track track = {.block_type = 0xFF};
    size_t block = sizes[below(random, 3)];
    int32_t next_writable = 0;

    vcdr_disc_next_writable(disc, info->open_track != 0 ? info->open_track : info->tracks + 1u,
                            &next_writable);
    if (info->open_track != 0 && vcdr_disc_track(disc, info->open_track, &track) == VCDR_OK)
        block = vcdr_block_bytes(track.block_type);
    make_cdb(random, command.cdb, next_writable);
    if (command.cdb[0] == 0x55 && below(random, 4) != 0)
        make_mode_select(random, command.cdb, out);
    command.out_len = out_length(random, command.cdb, block);
    command.out = command.out_len > 0 ? out : NULL;
    command.in_size = below(random, 4) == 0 ? below(random, 100) : LONGEST_IN;
    command.in = malloc(command.in_size + 1); /* its end is watched */
    assert_non_null(command.in);
    h->now.us += below(random, 100);
    h->target.ops->execute(h->target.ctx, &command, h->now);
    check_reply(&command);
    free(command.in);
}

/* Whoever holds the drive, these are answered, and in full. */
static void check_state(struct harness *h)
{
    struct reply *r = run_data(h, WATCHER, "46 00 00 00 00 00 00 10 00 00", NULL, 0, 4096);

    assert_good(r);
    assert_int_equal(r->len, be32_at(r->data) + 4);
    r = run_data(h, WATCHER, "4A 01 00 00 10 00 00 00 08 00", NULL, 0, 8);
    assert_good(r);
    assert_int_equal(r->len, 8);
}

static void lose_or_reset(struct harness *h, struct random *random)
{
    uint64_t nexus = ONE + below(random, 3);

    if (below(random, 2) == 0) {
        nexus_close(h, nexus);
        nexus_open(h, nexus, "iqn.2026-01.example:again");
    } else {
        reset(h, nexus);
    }
}

/* Returns how many sessions were closed. */
static unsigned burn_at_random(uint64_t seed, const char *name)
{
    struct vcdr_disc *disc = blank_disc(name);
    struct harness *h = harness_with(disc, false);
    struct random random = {.state = seed};
    uint8_t *out = calloc(1, LONGEST_OUT);
    unsigned sessions;

    assert_non_null(out);
    nexus_open(h, WATCHER, "iqn.2026-01.example:watcher");
    for (unsigned i = 0; i < COMMANDS; i++) {
        if (below(&random, 16) == 0)
            out[below(&random, 64)] = (uint8_t)next(&random);
        one_command(h, &random, disc, out);
        if (below(&random, 500) == 0)
            lose_or_reset(h, &random);
        if (i % 64 == 0)
            check_state(h);
    }
    assert_true(vcdr_disc_info(disc)->tracks > 0); /* otherwise nothing got through */
    sessions = vcdr_disc_info(disc)->complete_sessions;
    free(out);
    harness_free(h);
    return sessions;
}

static void random_burns_leave_a_drive_that_answers(void **state)
{
    unsigned sessions = 0;

    (void)state;
    for (unsigned i = 0; i < DISCS; i++)
        sessions +=
            burn_at_random(UINT64_C(0x9E3779B97F4A7C15) * (i + 1), i % 2 == 0 ? "74min" : "80min");
    assert_true(sessions > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_burns_leave_a_drive_that_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
