/* SPDX-License-Identifier: MIT */
/* GET CONFIGURATION: every state of the disc, every form of the request. */
#include "burn.h"

#define ALL "46 00 00 00 00 00 00 02 00 00" /* RT 00 from feature 0000h, 512 bytes */

/* What never changes: from core to removable medium, from power management to time-out, the end. */
#define FIRST_FEATURES                                                                             \
    "00 01 0B 08 00 00 00 01 00 00 00 00" /* core v2: SCSI family, no DBE */                       \
    "00 02 07 04 02 00 00 00"             /* morphing v1: OCEvent */                               \
    "00 03 03 04 29 00 00 00"             /* removable: tray, eject, lock */
#define MIDDLE_FEATURES                                                                            \
    "01 00 03 00"             /* power management */                                               \
    "01 05 07 04 00 00 00 00" /* time-out v1 */
#define LAST_FEATURES                                                                              \
    "01 08 03 10 56 43 44 52 30 30 30 30 30 30 30 31 20 20 20 20" /* VCDR00000001 */               \
    "FF 56 03 08 56 43 44 52 01 3F 39 39" /* VCDR, protocol 1, 63 characters, pages 39h */

static void no_medium_has_no_current_profile(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(run(h, ONE, ALL),
               "00 00 00 A0 00 00 00 00"
               "00 00 03 0C 00 0A 00 00 00 09 00 00 00 08 00 00" FIRST_FEATURES
               "00 10 00 08 00 00 08 00 00 01 01 00"
               "00 1D 00 00"
               "00 1E 08 04 03 00 00 00"
               "00 21 04 08 3F 00 01 01 07 00 00 00"
               "00 2D 08 04 46 00 3F 01"
               "00 2E 00 04 7F 01 00 00"
               "00 37 04 04 00 01 00 00" MIDDLE_FEATURES "01 07 0C 04 1E 00 00 00" LAST_FEATURES);
    harness_free(h);
}

static void a_blank_disc_can_be_written_but_not_read(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, ALL),
               "00 00 00 A0 00 00 00 09"
               "00 00 03 0C 00 0A 00 00 00 09 01 00 00 08 00 00" FIRST_FEATURES
               "00 10 00 08 00 00 08 00 00 01 01 00"
               "00 1D 00 00"
               "00 1E 09 04 03 00 00 00"
               "00 21 05 08 3F 00 01 01 07 00 00 00"
               "00 2D 09 04 46 00 3F 01"
               "00 2E 01 04 7F 01 00 00"
               "00 37 04 04 00 01 00 00" MIDDLE_FEATURES "01 07 0D 04 1E 00 00 00" LAST_FEATURES);
    harness_free(h);
}

static void an_appendable_disc_can_be_written_and_read(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    assert_hex(run(h, ONE, ALL),
               "00 00 00 A0 00 00 00 09"
               "00 00 03 0C 00 0A 00 00 00 09 01 00 00 08 00 00" FIRST_FEATURES
               "00 10 01 08 00 00 08 00 00 01 01 00"
               "00 1D 01 00"
               "00 1E 09 04 03 00 00 00"
               "00 21 05 08 3F 00 01 01 07 00 00 00"
               "00 2D 09 04 46 00 3F 01"
               "00 2E 01 04 7F 01 00 00"
               "00 37 04 04 00 01 00 00" MIDDLE_FEATURES "01 07 0D 04 1E 00 00 00" LAST_FEATURES);
    harness_free(h);
}

static void a_finalised_disc_can_only_be_read(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    close_session(h, 0);
    assert_hex_at(run(h, ONE, ALL), 6, "00 09");
    assert_hex(run(h, ONE, "46 02 00 10 00 00 00 02 00 00"),
               "00 00 00 10 00 00 00 09 00 10 01 08 00 00 08 00 00 01 01 00");
    assert_hex(run(h, ONE, "46 02 00 2D 00 00 00 02 00 00"),
               "00 00 00 0C 00 00 00 09 00 2D 08 04 46 00 3F 01");
    harness_free(h);
}

static void only_current_features_come_by_rt_1(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(run(h, ONE, "46 01 00 03 00 00 00 02 00 00"),
               "00 00 00 38 00 00 00 00"
               "00 03 03 04 29 00 00 00" MIDDLE_FEATURES LAST_FEATURES);
    harness_free(h);
}

static void rt_2_answers_with_one_feature_or_none(void **state)
{
    struct harness *h = harness_ready("80min");
    static const uint16_t present[] = {0x0000, 0x0001, 0x0002, 0x0003, 0x0010, 0x001D, 0x001E,
                                       0x0021, 0x002D, 0x002E, 0x0037, 0x0100, 0x0105, 0x0107, 0x0108, 0xFF56};
    unsigned found = 0;

    (void)state;
    for (unsigned code = 0; code <= 0xFFFF; code++) {
        struct reply *r =
            run_data(h, ONE, cdbf("46 02 %04X 00 00 00 01 00 00", code), NULL, 0, 256);

        assert_good(r);
        assert_int_equal(be32_at(r->data), r->len - 4);
        if (r->len == 8)
            continue;
        assert_true(found < sizeof(present) / sizeof(present[0]));
        assert_int_equal(present[found++], code);
        assert_int_equal(be16_at(r->data + 8), code);
        assert_int_equal(r->data[11] % 4, 0);
        assert_int_equal(r->len, 8u + 4 + r->data[11]);
    }
    assert_int_equal(found, sizeof(present) / sizeof(present[0]));
    harness_free(h);
}

static void rt_3_is_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "46 03 00 00 00 00 00 02 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

static void a_start_beyond_the_last_feature_leaves_the_header(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, "46 00 FF 57 00 00 00 02 00 00"), "00 00 00 04 00 00 00 09");
    harness_free(h);
}

static void the_allocation_length_cuts_data_but_not_its_length_field(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, "46 00 00 00 00 00 00 00 08 00"), "00 00 00 A0 00 00 00 09");
    assert_hex(run(h, ONE, "46 00 00 00 00 00 00 00 03 00"), "00 00 00");
    assert_int_equal(run(h, ONE, "46 00 00 00 00 00 00 00 00 00")->len, 0);
    assert_good(&h->reply);
    harness_free(h);
}

static void a_pending_unit_attention_stays_pending(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_good(run(h, ONE, ALL));
    assert_sense(run(h, ONE, "00 00 00 00 00 00"), SENSE_POWER_ON_OR_RESET);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_medium_has_no_current_profile),
        cmocka_unit_test(a_blank_disc_can_be_written_but_not_read),
        cmocka_unit_test(an_appendable_disc_can_be_written_and_read),
        cmocka_unit_test(a_finalised_disc_can_only_be_read),
        cmocka_unit_test(only_current_features_come_by_rt_1),
        cmocka_unit_test(rt_2_answers_with_one_feature_or_none),
        cmocka_unit_test(rt_3_is_refused),
        cmocka_unit_test(a_start_beyond_the_last_feature_leaves_the_header),
        cmocka_unit_test(the_allocation_length_cuts_data_but_not_its_length_field),
        cmocka_unit_test(a_pending_unit_attention_stays_pending),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
