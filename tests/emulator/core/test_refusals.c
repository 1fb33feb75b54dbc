/* SPDX-License-Identifier: MIT */
/* What is refused leaves the drive as it was: every question is answered the same after it. */
#include "burn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything observable that nothing but a command changes; microseconds are masked. */
static const char *const questions[] = {
    "00 00 00 00 00 00",             /* TEST UNIT READY */
    "46 00 00 00 00 00 00 04 00 00", /* GET CONFIGURATION */
    "51 00 00 00 00 00 00 00 22 00", /* READ DISC INFORMATION */
    "52 01 00 00 00 01 00 00 24 00", /* READ TRACK INFORMATION 1, 2, FF */
    "52 01 00 00 00 02 00 00 24 00",
    "52 01 00 00 00 FF 00 00 24 00",
    "43 02 00 00 00 00 00 04 00 00", /* READ TOC 0, 1, 2, 3 */
    "43 02 01 00 00 00 00 04 00 00",
    "43 02 02 00 00 00 00 04 00 00",
    "43 02 03 00 00 00 00 04 00 00",
    "25 00 00 00 00 00 00 00 00 00", /* READ CAPACITY */
    "5A 08 3F 00 00 00 00 04 00 00", /* every mode page, and 39h */
    "5A 08 39 00 00 00 00 04 00 00",
    "5C 00 00 00 00 00 00 00 0C 00",       /* READ BUFFER CAPACITY */
    "AC 10 00 00 00 00 00 00 00 01 00 00", /* GET PERFORMANCE */
    "BD 00 00 00 00 00 00 00 00 08 00 00", /* MECHANISM STATUS */
    "4A 01 00 00 02 00 00 00 08 00",       /* events */
    "4A 01 00 00 04 00 00 00 08 00",
    "4A 01 00 00 10 00 00 00 08 00",
};

static void add(uint64_t *digest, const void *data, size_t len)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < len; i++)
        *digest = (*digest ^ p[i]) * UINT64_C(0x100000001B3);
}

static uint64_t digest_of(struct harness *h)
{
    uint64_t digest = UINT64_C(0xCBF29CE484222325);
    size_t lines = json_array_size(h->events);

    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        for (uint64_t nexus = ONE; nexus <= TWO; nexus++) {
            struct reply *r = run(h, nexus, questions[i]);

            add(&digest, &r->status, 1);
            add(&digest, r->sense_data, sizeof(r->sense_data));
            add(&digest, r->data, r->len);
        }
    }
    run(h, ONE, "4D 00 79 00 00 00 00 00 28 00"); /* LOG SENSE: write state, blocks, time ... */
    add(&digest, h->reply.data, 4 + 4 + 8 + 4 + 8);
    assert_int_equal(json_array_size(h->events), lines);
    add(&digest, &lines, sizeof(lines));
    return digest;
}

enum disc_state {
    NO_MEDIUM,
    BLANK,
    OPEN_TRACK,
    BETWEEN_TRACKS,
    APPENDABLE,
    FINALISED,
    TRAY_OPEN,
    DISC_STATES
};

static struct harness *in_state(enum disc_state disc_state)
{
    struct harness *h = harness_ready(disc_state == NO_MEDIUM ? NULL : "80min");

    switch (disc_state) {
    case NO_MEDIUM:
    case BLANK:
    case DISC_STATES:
        break;
    case OPEN_TRACK:
        assert_good(select_page_05(h, 0, 4, 8, 0));
        write_good(h, 0, 10, 2048);
        break;
    case BETWEEN_TRACKS:
        burn_data(h, 300);
        break;
    case APPENDABLE:
        burn_data(h, 300);
        close_session(h, 3);
        break;
    case FINALISED:
        burn_data(h, 300);
        close_session(h, 0);
        break;
    case TRAY_OPEN:
        burn_data(h, 300);
        assert_good(run(h, ONE, "1B 00 00 00 02 00"));
        break;
    }
    for (uint64_t nexus = ONE; nexus <= THREE; nexus++)
        clear_attention(h, nexus);
    digest_of(h); /* events are told once */
    return h;
}

/* Refused in every state of the disc; with an unknown opcode, a bad field or a bad address. */
static const struct {
    const char *cdb;
    size_t out_len;
} refused[] = {
    /* opcodes that this drive does not have */
    {"01 00 00 00 00 00", 0},
    {"04 11 00 00 00 00", 12},
    {"0B 00 00 00 00 00", 0},
    {"23 00 00 00 00 00 00 00 0C 00", 0},
    {"2E 00 00 00 00 00 00 00 01 00", 2048},
    {"2F 00 00 00 00 00 00 00 01 00", 0},
    {"45 00 00 00 00 00 00 00 01 00", 0},
    {"4B 00 00 00 00 00 00 00 00 00", 0},
    {"58 00 00 00 00 63 00 00 00 00", 0},
    {"5D 00 00 00 00 00 00 00 18 00", 24},
    {"5E 1F 00 00 00 00 00 00 08 00", 0},
    {"5F 1F 00 00 00 00 00 00 18 00", 24},
    {"A1 00 00 00 00 00 00 00 00 00 00 00", 0},
    {"AD 00 00 00 00 00 00 00 00 08 00 00", 0},
    {"BA 00 00 00 00 00 00 00 00 00 00 00", 0},
    {"D8 00 00 00 00 00 00 00 00 01 00 00", 0},
    {"E9 00 00 00 00 00 00 00 00 00 00 00", 0},
    {"FF 00 00 00 00 00 00 00 00 00 00 00", 0},
    /* CONTROL: NACA, link */
    {"2A 00 00 00 00 00 00 00 01 04", 2048},
    {"35 00 00 00 00 00 00 00 00 01", 0},
    /* WRITE: relative, wrong address, wrong length of data */
    {"2A 01 00 00 00 00 00 00 01 00", 2048},
    {"2A 00 7F FF FF FF 00 00 01 00", 2048},
    {"2A 00 FF FF FF 6A 00 00 01 00", 2048},
    {"2A 00 00 00 00 05 00 00 01 00", 2048},
    {"2A 00 00 00 00 0A 00 00 01 00", 2352},
    {"2A 00 00 00 01 C4 00 00 02 00", 2048},
    {"2A 00 00 00 2D B6 00 00 01 00", 0},
    {"2A 00 00 00 00 00 00 00 02 00", 2048},
    {"AA 00 00 00 00 0A 00 00 00 01 80 00", 2048},
    {"AA 00 00 00 01 C4 FF FF FF FF 00 00", 2048},
    /* CLOSE TRACK/SESSION */
    {"5B 00 00 00 00 00 00 00 00 00", 0},
    {"5B 00 03 00 00 00 00 00 00 00", 0},
    {"5B 00 06 00 00 01 00 00 00 00", 0},
    {"5B 00 01 00 00 00 00 00 00 00", 0},
    {"5B 00 01 00 00 40 00 00 00 00", 0},
    {"5B 00 01 00 FF FF 00 00 00 00", 0},
    /* RESERVE TRACK, SEND OPC */
    {"53 00 00 00 00 00 00 00 01 00", 0},
    {"53 00 00 00 00 7F FF FF FF 00", 0},
    {"53 01 00 00 00 00 00 03 E8 00", 0},
    {"54 00 00 00 00 00 00 00 08 00", 8},
    /* READ and READ CD */
    {"28 01 00 00 00 00 00 00 01 00", 0},
    {"28 00 00 10 00 00 00 00 01 00", 0},
    {"A8 00 00 00 00 00 00 10 00 00 00 00", 0},
    {"BE 00 00 00 00 00 00 00 01 FE 00 00", 0},
    {"BE 00 00 00 00 00 00 00 01 F8 03 00", 0},
    {"BE 18 00 00 00 00 00 00 01 F8 00 00", 0},
    {"BE 00 00 00 00 00 00 00 01 90 00 00", 0},
    {"B9 00 00 00 02 4B 00 03 00 F8 00 00", 0},
    {"B9 00 00 00 03 00 00 02 00 F8 00 00", 0},
    {"2B 00 00 10 00 00 00 00 00 00", 0},
    /* questions */
    {"25 00 00 00 00 00 00 00 01 00", 0},
    {"43 00 06 00 00 00 00 04 00 00", 0},
    {"46 03 00 00 00 00 00 04 00 00", 0},
    {"4A 00 00 00 10 00 00 00 08 00", 0},
    {"51 01 00 00 00 00 00 00 22 00", 0},
    {"52 03 00 00 00 01 00 00 24 00", 0},
    {"52 01 00 00 00 00 00 00 24 00", 0},
    {"AC 00 00 00 00 00 00 00 00 01 05 00", 0},
    {"5A 08 30 00 00 00 00 01 00 00", 0},
    {"4D 00 7A 00 00 00 00 01 00 00", 0},
    /* tray and power */
    {"1B 00 00 00 50 00", 0},
    {"1B 00 00 00 04 00", 0},
    /* parameter lists */
    {"55 10 00 00 00 00 00 00 3C 00", 60},
    {"55 11 00 00 00 00 00 00 3C 00", 60},
    {"B6 00 00 00 00 00 00 00 00 00 1C 00", 28},
    {"B6 00 00 00 00 00 00 00 00 00 10 00", 16},
};

static void a_refused_command_changes_nothing(void **state)
{
    static const uint8_t zeros[4096];

    (void)state;
    for (int s = NO_MEDIUM; s < DISC_STATES; s++) {
        struct harness *h = in_state((enum disc_state)s);
        uint64_t before = digest_of(h);

        for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
            struct reply *r = run_data(h, ONE, refused[i].cdb, zeros, refused[i].out_len, 65536);

            if (r->status != SAM_CHECK_CONDITION)
                fail_msg("state %d: %s is not refused", s, refused[i].cdb);
            if (digest_of(h) != before)
                fail_msg("state %d: %s changed something", s, refused[i].cdb);
        }
        harness_free(h);
    }
}

static void a_refusal_for_the_opcode_comes_before_one_for_the_medium(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, ONE, "23 00 00 00 00 00 00 00 0C 00"), SENSE_INVALID_OPCODE);
    assert_sense(run(h, ONE, "45 00 00 00 00 00 00 00 00 00"), SENSE_INVALID_OPCODE);
    assert_sense(run(h, ONE, "2A 01 00 00 00 00 00 00 01 00"), SENSE_NO_MEDIUM_TRAY_CLOSED);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_command_changes_nothing),
        cmocka_unit_test(a_refusal_for_the_opcode_comes_before_one_for_the_medium),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
