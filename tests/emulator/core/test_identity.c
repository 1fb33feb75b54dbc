/* SPDX-License-Identifier: MIT */
/* INQUIRY and its vital product data, REPORT LUNS, REQUEST SENSE, TEST UNIT READY. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"

/* type 5, removable, SPC-3, format 2, 31 more, CmdQue; VCDR, CD-R RECORDER, revision */
#define INQUIRY_DATA                                                                               \
    "05 80 05 02 1F 00 00 02  56 43 44 52 20 20 20 20"                                             \
    "43 44 2D 52 20 52 45 43  4F 52 44 45 52 20 20 20  .. .. .. .."

static void inquiry_is_a_removable_mmc_unit(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_hex(run(h, ONE, "12 00 00 00 60 00"), INQUIRY_DATA);
    assert_hex(run(h, ONE, "12 00 00 01 00 00"), INQUIRY_DATA); /* 256 bytes: two-byte length */
    /* the revision is the program's version as far as it fits, and ends with no dot */
    assert_memory_equal(h->reply.data + 32, VCDR_VERSION, 3);
    assert_int_not_equal(h->reply.data[35], '.');
    harness_free(h);
}

static void inquiry_is_cut_by_the_allocation_length(void **state)
{
    static const unsigned lengths[] = {0, 2, 4, 8, 10, 12, 16, 20, 28, 30, 34, 35, 36};
    struct harness *h = harness_new("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char cdb[32];

        snprintf(cdb, sizeof(cdb), "12 00 00 00 %02X 00", lengths[i]);
        assert_good(run(h, ONE, cdb));
        assert_int_equal(h->reply.len, lengths[i]);
        if (lengths[i] > 4)
            assert_int_equal(h->reply.data[4], 0x1F);
    }
    harness_free(h);
}

static void inquiry_refuses_pages_without_evpd_and_unknown_ones(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_sense(run(h, ONE, "12 00 80 00 FF 00"), 0x052400);
    assert_sense(run(h, ONE, "12 02 00 00 FF 00"), 0x052400); /* CmdDt */
    assert_sense(run(h, ONE, "12 01 B1 00 FF 00"), 0x052400);
    harness_free(h);
}

static void vital_product_data_names_the_unit(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_hex(run(h, ONE, "12 01 00 00 FF 00"), "05 00 00 03  00 80 83");
    /* serial VCDR00000001 */
    assert_hex(run(h, ONE, "12 01 80 00 FF 00"),
               "05 80 00 0C  56 43 44 52 30 30 30 30 30 30 30 31");
    /* one designator: ASCII, T10 vendor, 36 bytes: vendor, product, serial */
    assert_hex(run(h, ONE, "12 01 83 00 FF 00"), "05 83 00 28  02 01 00 24  56 43 44 52 20 20 20 20"
                                                 "43 44 2D 52 20 52 45 43 4F 52 44 45 52 20 20 20"
                                                 "56 43 44 52 30 30 30 30 30 30 30 31");
    assert_hex(run(h, ONE, "12 01 80 00 06 00"), "05 80 00 0C 56 43");
    harness_free(h);
}

static void report_luns_reports_lun_0(void **state)
{
    struct harness *h = harness_new("80min");
    const char *one_unit = "00 00 00 08 00 00 00 00  00 00 00 00 00 00 00 00";

    (void)state;
    assert_hex(run(h, ONE, "A0 00 00 00 00 00 00 00 10 00 00 00"), one_unit);
    assert_hex(run(h, ONE, "A0 00 02 00 00 00 00 00 00 10 00 00"), one_unit);
    assert_hex(run(h, ONE, "A0 00 01 00 00 00 00 00 00 10 00 00"), "00 00 00 00 00 00 00 00");
    assert_hex(run(h, ONE, "A0 00 00 00 00 00 00 00 00 04 00 00"), "00 00 00 08");
    assert_sense(run(h, ONE, "A0 00 03 00 00 00 00 00 00 10 00 00"), 0x052400);
    harness_free(h);
}

static void request_sense_returns_and_clears_the_attention(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_hex(run(h, ONE, "03 00 00 00 12 00"),
               "70 00 06 00 00 00 00 0A 00 00 00 00 29 00 00 00 00 00");
    assert_hex(run(h, ONE, "03 00 00 00 FF 00"),
               "70 00 00 00 00 00 00 0A 00 00 00 00 00 00 00 00 00 00");
    assert_good(run(h, ONE, TUR));
    assert_sense(run(h, TWO, TUR), 0x062900); /* the other nexus has its own */
    harness_free(h);
}

static void request_sense_has_no_descriptor_format(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_sense(run(h, ONE, "03 01 00 00 FF 00"), 0x052400);
    assert_sense(run(h, ONE, TUR), 0x062900); /* still there */
    harness_free(h);
}

static void test_unit_ready_follows_tray_and_medium(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_sense(run(h, ONE, TUR), 0x023A01); /* closed and empty */
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_sense(run(h, ONE, TUR), 0x023A02); /* open */
    harness_free(h);
    h = harness_ready("80min");
    assert_good(run(h, ONE, TUR));
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_sense(run(h, ONE, TUR), 0x023A02);
    assert_good(run(h, ONE, "1B 00 00 00 03 00"));
    assert_sense(run(h, ONE, TUR), 0x062800);
    assert_good(run(h, ONE, TUR));
    harness_free(h);
}

static void a_drive_takes_its_identity_from_the_configuration(void **state)
{
    struct vcdr_drive_config config = {
        .vendor = "ACME", .product = "Burner", .revision = "9.9", .serial = "S 1"};
    struct vcdr_time now = {0, 0};
    struct vcdr_command command = {.nexus = 7, .cdb = {0x12, 0, 0, 0, 36}};
    uint8_t in[36];
    struct vcdr_target target;

    (void)state;
    assert_int_equal(vcdr_drive_new(&config, now, &target), VCDR_OK);
    assert_int_equal(target.ops->nexus_open(target.ctx, 7, "iqn", NULL, NULL, now), VCDR_OK);
    command.in = in;
    command.in_size = sizeof(in);
    target.ops->execute(target.ctx, &command, now);
    assert_int_equal(command.in_len, 36);
    assert_memory_equal(in + 8, "ACME    Burner          9.9 ", 28);
    target.ops->power_off(target.ctx, now);
}

static void an_identity_outside_its_field_is_refused(void **state)
{
    static const struct vcdr_drive_config bad[] = {
        {.vendor = "123456789"}, {.vendor = ""},         {.product = "12345678901234567"},
        {.revision = "12345"},   {.serial = ""},         {.serial = "12345678901234567"},
        {.serial = "a\tb"},      {.vendor = "\xC3\xBC"}, {.product = "a\x7F"},
    };
    struct vcdr_time now = {0, 0};
    struct vcdr_target target = {NULL, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(vcdr_drive_new(&bad[i], now, &target), VCDR_EINVAL);
    assert_null(target.ops);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inquiry_is_a_removable_mmc_unit),
        cmocka_unit_test(inquiry_is_cut_by_the_allocation_length),
        cmocka_unit_test(inquiry_refuses_pages_without_evpd_and_unknown_ones),
        cmocka_unit_test(vital_product_data_names_the_unit),
        cmocka_unit_test(report_luns_reports_lun_0),
        cmocka_unit_test(request_sense_returns_and_clears_the_attention),
        cmocka_unit_test(request_sense_has_no_descriptor_format),
        cmocka_unit_test(test_unit_ready_follows_tray_and_medium),
        cmocka_unit_test(a_drive_takes_its_identity_from_the_configuration),
        cmocka_unit_test(an_identity_outside_its_field_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
