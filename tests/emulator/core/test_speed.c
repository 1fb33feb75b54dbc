/* SPDX-License-Identifier: MIT */
/* SET CD SPEED, SET STREAMING, GET PERFORMANCE, READ BUFFER CAPACITY. */
#include "burn.h"

#define PAGE_2A "5A 08 2A 00 00 00 00 01 00 00"

/* Bytes 14-15 and 28-29 of page 2Ah, behind 8 bytes of header: the selected speeds. */
static void assert_speeds(struct harness *h, unsigned read_kbs, unsigned write_kbs)
{
    struct reply *r = run(h, ONE, PAGE_2A);

    assert_good(r);
    assert_int_equal(be16_at(r->data + 8 + 14), read_kbs);
    assert_int_equal(be16_at(r->data + 8 + 28), write_kbs);
    assert_int_equal(be16_at(r->data + 8 + 20), write_kbs);
}

static void a_new_drive_is_at_its_fastest(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_speeds(h, 8467, 8467);
    harness_free(h);
}

struct wish {
    unsigned asked, got;
};

static void a_speed_is_rounded_down_to_one_that_exists(void **state)
{
    static const struct wish wishes[] = {
        {177, 176},     {354, 353},     {708, 706},   {1416, 1411}, {2832, 2822},
        {4248, 4234},   {5664, 5645},   {8496, 8467}, /* N x 177, as wodim and the kernel ask */
        {176, 176},     {352, 353},     {705, 706},   {1411, 1411}, {4233, 4234},
        {5644, 5645},   {8467, 8467}, /* N x 176.4, its fraction dropped, as libburn asks */
        {1, 176},       {175, 176},     {351, 176},   {704, 353},   {9173, 8467},
        {0xFFFE, 8467}, {0xFFFF, 8467},
    };
    struct harness *h = harness_ready("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
        assert_good(run(h, ONE, cdbf("BB 00 FF FF %04X 00 00 00 00 00 00", wishes[i].asked)));
        assert_speeds(h, 8467, wishes[i].got);
        assert_good(run(h, ONE, cdbf("BB 00 %04X FF FF 00 00 00 00 00 00", wishes[i].asked)));
        assert_speeds(h, wishes[i].got, 8467);
    }
    harness_free(h);
}

static void set_cd_speed_never_fails(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    for (unsigned rotation = 0; rotation < 4; rotation++)
        assert_good(run(h, ONE, cdbf("BB %02X 00 00 00 B1 00 00 00 00 00 00", rotation)));
    assert_speeds(h, 8467, 176); /* 0 leaves a speed as it is */
    assert_good(run(h, ONE, "BB 00 00 00 00 00 00 00 00 00 00 00"));
    assert_speeds(h, 8467, 176);
    harness_free(h);
}

static void a_reset_restores_the_speed(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "BB 00 00 B1 00 B1 00 00 00 00 00 00"));
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_speeds(h, 8467, 8467);
    harness_free(h);
}

/* ---- SET STREAMING ---- */

#define STREAMING "B6 00 00 00 00 00 00 00 00 00 1C 00"
#define RANGE "00 00 00 00 00 05 7D A8" /* 0 to 359848 */

static void streaming_chooses_a_speed_by_size_and_time(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* read 5645 kB in 1000 ms; write 2822 kB in 2000 ms: 1411 kB/s */
    assert_good(run_out(h, ONE, STREAMING,
                        "00 00 00 00" RANGE "00 00 16 0D 00 00 03 E8"
                        "00 00 0B 06 00 00 07 D0"));
    assert_speeds(h, 5645, 1411);
    assert_good(run_out(h, ONE, STREAMING,
                        "04 00 00 00" RANGE "00 00 00 00 00 00 00 00"
                        "00 00 00 00 00 00 00 00")); /* RDD */
    assert_speeds(h, 8467, 8467);
    /* no size leaves a speed; no list leaves both */
    assert_good(run_out(h, ONE, STREAMING,
                        "00 00 00 00" RANGE "00 00 00 00 00 00 03 E8"
                        "00 00 05 83 00 00 03 E8"));
    assert_speeds(h, 8467, 1411);
    assert_good(run(h, ONE, "B6 00 00 00 00 00 00 00 00 00 00 00"));
    assert_speeds(h, 8467, 1411);
    harness_free(h);
}

static void wrong_performance_descriptors_change_nothing(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run_out(h, ONE, STREAMING,
                         "00 00 00 00" RANGE "00 00 16 0D 00 00 03 E8"
                         "00 00 0B 06 00 00 00 00"), /* no time */
                 SENSE_INVALID_FIELD_IN_PARAMETER_LIST);
    assert_sense(run_out(h, ONE, STREAMING,
                         "00 00 00 00 00 00 00 02 00 00 00 01"
                         "00 00 16 0D 00 00 03 E8 00 00 0B 06 00 00 03 E8"),
                 SENSE_INVALID_FIELD_IN_PARAMETER_LIST); /* ends before it starts */
    assert_sense(run_out(h, ONE, STREAMING,
                         "02 00 00 00" RANGE "00 00 00 50 00 00 03 E8"
                         "00 00 0B 06 00 00 03 E8"), /* exactly 80 kB/s */
                 SENSE_INVALID_FIELD_IN_PARAMETER_LIST);
    assert_sense(run_out(h, ONE, STREAMING, "00 00 00 00" RANGE),
                 SENSE_PARAMETER_LIST_LENGTH_ERROR);
    assert_sense(run(h, ONE, STREAMING), SENSE_PARAMETER_LIST_LENGTH_ERROR);
    assert_sense(run_out(h, ONE, "B6 00 00 00 00 00 00 00 00 00 04 00", "00 00 00 00"),
                 SENSE_PARAMETER_LIST_LENGTH_ERROR);
    assert_sense(run(h, ONE, "B6 00 00 00 00 00 00 00 05 00 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_speeds(h, 8467, 8467);
    harness_free(h);
}

/* ---- GET PERFORMANCE ---- */

#define TYPE_03(n) "AC 00 00 00 00 00 00 00 " n " 03 00"

static void write_speeds_come_fastest_first(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* 8 x 16 + 4 = 132; end 359848; read 8467; write 48x ... 1x */
    assert_hex(run(h, ONE, TYPE_03("00 40")), "00 00 00 84 00 00 00 00"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 21 13"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 16 0D"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 10 8A"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 0B 06"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 05 83"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 02 C2"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 01 61"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 00 B0");
    harness_free(h);
}

static void few_descriptors_do_not_shorten_the_length_field(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, TYPE_03("00 00")), "00 00 00 84 00 00 00 00");
    assert_hex(run(h, ONE, TYPE_03("00 01")), "00 00 00 84 00 00 00 00"
                                              "00 00 00 00 00 05 7D A8 00 00 21 13 00 00 21 13");
    assert_hex(run(h, ONE, "AC 10 00 00 00 00 00 00 00 00 00 00"), "00 00 00 14 00 00 00 00");
    harness_free(h);
}

static void performance_is_the_selected_speed_over_the_disc(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "BB 00 16 20 05 88 00 00 00 00 00 00")); /* 32x, 8x */
    /* read, tolerance 10b; a blank disc has its groove */
    assert_hex(run(h, ONE, "AC 10 00 00 00 00 00 00 00 01 00 00"),
               "00 00 00 14 00 00 00 00 00 00 00 00 00 00 16 0D 00 05 7D A8 00 00 16 0D");
    /* write: the header says so */
    assert_hex(run(h, ONE, "AC 14 00 00 00 00 00 00 00 01 00 00"),
               "00 00 00 14 02 00 00 00 00 00 00 00 00 00 05 83 00 05 7D A8 00 00 05 83");
    burn_data(h, 300); /* the last is 299 */
    assert_hex(run(h, ONE, "AC 10 00 00 00 00 00 00 00 01 00 00"),
               "00 00 00 14 00 00 00 00 00 00 00 00 00 00 16 0D 00 00 01 2B 00 00 16 0D");
    harness_free(h);
}

static void there_are_no_exceptions(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_hex(run(h, ONE, "AC 11 00 00 00 00 00 00 00 10 00 00"), "00 00 00 04 01 00 00 00");
    assert_hex(run(h, ONE, "AC 16 00 00 00 00 00 00 00 10 00 00"), "00 00 00 04 03 00 00 00");
    harness_free(h);
}

static void performance_without_a_medium_is_empty(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    assert_hex(run(h, ONE, TYPE_03("00 40")), "00 00 00 04 00 00 00 00");
    assert_hex(run(h, ONE, "AC 10 00 00 00 00 00 00 00 01 00 00"), "00 00 00 04 00 00 00 00");
    harness_free(h);
}

static void other_types_and_tolerances_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    for (unsigned type = 1; type <= 255; type++) {
        if (type != 3)
            assert_sense(run(h, ONE, cdbf("AC 00 00 00 00 00 00 00 00 01 %02X 00", type)),
                         SENSE_INVALID_FIELD_IN_CDB);
    }
    assert_sense(run(h, ONE, "AC 00 00 00 00 00 00 00 00 01 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "AC 13 00 00 00 00 00 00 00 01 00 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "AC 04 00 00 00 00 00 00 00 01 03 00"), SENSE_INVALID_FIELD_IN_CDB);
    assert_sense(run(h, ONE, "AC 10 00 05 7D A9 00 00 00 01 00 00"), SENSE_LBA_OUT_OF_RANGE);
    harness_free(h);
}

/* ---- READ BUFFER CAPACITY ---- */

#define CAPACITY "5C 00 00 00 00 00 00 00 0C 00"

static void an_idle_buffer_is_free(void **state)
{
    struct harness *h = harness_ready(NULL);

    (void)state;
    /* 2 MiB of 2 MiB; 1024 blocks of 2048 bytes */
    assert_hex(run(h, ONE, CAPACITY), "00 0A 00 00 00 20 00 00 00 20 00 00");
    assert_hex(run(h, ONE, "5C 01 00 00 00 00 00 00 0C 00"), "00 0A 00 01 00 00 00 00 00 00 04 00");
    assert_hex(run(h, ONE, "5C 00 00 00 00 00 00 00 02 00"), "00 0A");
    assert_hex_at(run(h, ONE, PAGE_2A), 8 + 12, "08 00"); /* KiB: page 2Ah agrees */
    harness_free(h);
}

static void the_buffer_holds_what_is_not_flushed_up_to_its_half(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    write_good(h, 0, 10, 2352);
    /* 2097152 - 23520 = 2073632 = 1FA420h, 881 blocks of 2352 bytes */
    assert_hex(run(h, ONE, CAPACITY), "00 0A 00 00 00 20 00 00 00 1F A4 20");
    assert_hex(run(h, ONE, "5C 01 00 00 00 00 00 00 0C 00"), "00 0A 00 01 00 00 00 00 00 00 03 71");
    write_good(h, 10, 990, 2352);
    assert_hex(run(h, ONE, CAPACITY), "00 0A 00 00 00 20 00 00 00 10 00 00");
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_hex(run(h, ONE, CAPACITY), "00 0A 00 00 00 20 00 00 00 20 00 00");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_drive_is_at_its_fastest),
        cmocka_unit_test(a_speed_is_rounded_down_to_one_that_exists),
        cmocka_unit_test(set_cd_speed_never_fails),
        cmocka_unit_test(a_reset_restores_the_speed),
        cmocka_unit_test(streaming_chooses_a_speed_by_size_and_time),
        cmocka_unit_test(wrong_performance_descriptors_change_nothing),
        cmocka_unit_test(write_speeds_come_fastest_first),
        cmocka_unit_test(few_descriptors_do_not_shorten_the_length_field),
        cmocka_unit_test(performance_is_the_selected_speed_over_the_disc),
        cmocka_unit_test(there_are_no_exceptions),
        cmocka_unit_test(performance_without_a_medium_is_empty),
        cmocka_unit_test(other_types_and_tolerances_are_refused),
        cmocka_unit_test(an_idle_buffer_is_free),
        cmocka_unit_test(the_buffer_holds_what_is_not_flushed_up_to_its_half),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
