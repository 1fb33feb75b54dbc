/* SPDX-License-Identifier: MIT */
/* REPORT SUPPORTED OPERATION CODES (SPC-3 6.23): what it says of each command is what the drive
 * does. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define REPORT_ALL "A3 0C 00 00 00 00 00 00 40 00 00 00"

/* One command's report: option, code and service action. */
static struct reply *ask(struct harness *h, unsigned option, unsigned opcode, unsigned action)
{
    char cdb[64];

    snprintf(cdb, sizeof(cdb), "A3 0C %02X %02X %02X %02X 00 00 00 FF 00 00", option, opcode,
             action >> 8, action & 0xFF);
    return run(h, ONE, cdb);
}

static bool has_actions(unsigned opcode)
{
    return opcode == 0x5E || opcode == 0x5F || opcode == 0xA3;
}

static void the_list_has_every_command_and_each_service_action(void **state)
{
    struct harness *h = harness_ready(NULL);
    struct reply *r = run(h, ONE, REPORT_ALL);
    unsigned found[256] = {0};

    (void)state;
    assert_good(r);
    assert_int_equal((unsigned)r->data[2] << 8 | r->data[3], r->len - 4);
    assert_int_equal(r->len % 8, 4);
    for (size_t at = 4; at < r->len; at += 8) {
        found[r->data[at]]++;
        assert_int_equal(r->data[at + 5], has_actions(r->data[at])); /* SERVACTV */
    }
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        unsigned wanted = vcdr_command_name((uint8_t)opcode) != NULL;

        if (opcode == 0x5E)
            wanted = 4;
        if (opcode == 0x5F)
            wanted = 7;
        assert_int_equal(found[opcode], wanted);
    }
    harness_free(h);
}

static void the_list_begins_with_test_unit_ready(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    /* code 00, no service action, 6 bytes; code 03, 6 bytes; code 12, 6 bytes */
    assert_hex_at(run(h, ONE, REPORT_ALL), 4,
                  "00 00 00 00 00 00 00 06  03 00 00 00 00 00 00 06  12 00 00 00 00 00 00 06");
    harness_free(h);
}

static void with_rctd_each_command_has_a_timeouts_descriptor_without_a_promise(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    /* CTDP; 10 more bytes: nominal and recommended time 0 */
    assert_hex_at(run(h, ONE, "A3 0C 80 00 00 00 00 00 40 00 00 00"), 4,
                  "00 00 00 00 00 02 00 06  00 0A 00 00 00 00 00 00 00 00 00 00");
    assert_hex(ask(h, 0x81, 0x00, 0),
               "00 83 00 06 00 00 00 00 00 00  00 0A 00 00 00 00 00 00 00 00 00 00");
    harness_free(h);
}

static void one_command_shows_which_bits_of_its_cdb_count(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    /* standard, 10 bytes: address and length */
    assert_hex(ask(h, 1, 0x28, 0), "00 03 00 0A 28 00 FF FF FF FF 00 FF FF 00");
    /* 12 bytes: expected type; address, length; fields and C2; sub-channel */
    assert_hex(ask(h, 1, 0xBE, 0), "00 03 00 0C BE 1C FF FF FF FF FF FF FF FE 07 00");
    /* the service action stands in byte 1 */
    assert_hex(ask(h, 2, 0x5E, 3), "00 03 00 0A 5E 03 00 00 00 00 00 FF FF 00");
    assert_hex(ask(h, 2, 0xA3, 0x0C), "00 03 00 0C A3 0C 87 FF FF FF FF FF FF FF 00 00");
    harness_free(h);
}

static void every_command_has_its_bits_and_its_length(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        unsigned length = opcode < 0x20 ? 6 : opcode < 0x60 ? 10 : 12;
        struct reply *r = ask(h, 3, opcode, opcode == 0xA3 ? 0x0C : 0);

        assert_good(r);
        assert_int_equal(r->data[1], vcdr_command_name((uint8_t)opcode) != NULL ? 3 : 1);
        if (r->data[1] == 1)
            continue;
        assert_int_equal(r->len, 4 + length);
        assert_int_equal(r->data[3], length);
        assert_int_equal(r->data[4], opcode);
    }
    harness_free(h);
}

static void what_is_not_known_is_not_supported(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(ask(h, 1, 0x8A, 0), "00 01 00 00");
    assert_hex(ask(h, 2, 0x8A, 1), "00 01 00 00");
    assert_hex(ask(h, 2, 0x5E, 4), "00 01 00 00");
    assert_hex(ask(h, 2, 0x5F, 7), "00 01 00 00"); /* REGISTER AND MOVE */
    assert_hex(ask(h, 3, 0x28, 1), "00 01 00 00");
    harness_free(h);
}

static void options_that_do_not_suit_the_code_are_refused(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(ask(h, 1, 0x5E, 0), 0x052400); /* it has service actions */
    assert_sense(ask(h, 2, 0x28, 0), 0x052400); /* it has none */
    for (unsigned option = 4; option < 8; option++)
        assert_sense(ask(h, option, 0x28, 0), 0x052400);
    for (unsigned action = 0; action < 32; action++) {
        char cdb[64];

        snprintf(cdb, sizeof(cdb), "A3 %02X 00 00 00 00 00 00 40 00 00 00", action);
        if (action != 0x0C)
            assert_sense(run(h, ONE, cdb), 0x052400);
    }
    harness_free(h);
}

static void the_allocation_length_cuts(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(run(h, ONE, "A3 0C 01 28 00 00 00 00 00 05 00 00"), "00 03 00 0A 28");
    assert_hex(run(h, ONE, "A3 0C 01 28 00 00 00 00 00 00 00 00"), "");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_every_command_and_each_service_action),
        cmocka_unit_test(the_list_begins_with_test_unit_ready),
        cmocka_unit_test(with_rctd_each_command_has_a_timeouts_descriptor_without_a_promise),
        cmocka_unit_test(one_command_shows_which_bits_of_its_cdb_count),
        cmocka_unit_test(every_command_has_its_bits_and_its_length),
        cmocka_unit_test(what_is_not_known_is_not_supported),
        cmocka_unit_test(options_that_do_not_suit_the_code_are_refused),
        cmocka_unit_test(the_allocation_length_cuts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
