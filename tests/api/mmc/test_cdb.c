/* SPDX-License-Identifier: MIT */
/* Every builder against the bytes of its command in the standard. */
#include "hex.h"

#include <string.h>
#include "api/mmc/cdb.h"

static uint8_t cdb[16];

static void start(void)
{
    memset(cdb, 0xEE, sizeof(cdb)); /* what was there before must not shine through */
}

#define CHECK(call, expected) (start(), assert_cdb((call), cdb, (expected)))

static void the_primary_commands(void **state)
{
    (void)state;
    CHECK(mmc_cdb_test_unit_ready(cdb), "00 00 00 00 00 00");
    CHECK(mmc_cdb_request_sense(cdb, 18), "03 00 00 00 12 00");
    CHECK(mmc_cdb_inquiry(cdb, 0x124), "12 00 00 01 24 00");
    CHECK(mmc_cdb_inquiry_vpd(cdb, 0x80, 64), "12 01 80 00 40 00");
    CHECK(mmc_cdb_log_sense(cdb, 0x39, 0x10, 0x800), "4D 00 79 00 00 00 10 08 00 00");
    CHECK(mmc_cdb_mode_sense(cdb, 0, 0x05, 60), "5A 08 05 00 00 00 00 00 3C 00");
    CHECK(mmc_cdb_mode_sense(cdb, 1, 0x3F, 0xFFFF), "5A 08 7F 00 00 00 00 FF FF 00");
    CHECK(mmc_cdb_mode_select(cdb, 60), "55 10 00 00 00 00 00 00 3C 00");
    CHECK(mmc_cdb_reserve(cdb), "56 00 00 00 00 00 00 00 00 00");
    CHECK(mmc_cdb_release(cdb), "57 00 00 00 00 00 00 00 00 00");
}

static void commands_that_ask_about_drive_and_disc(void **state)
{
    (void)state;
    CHECK(mmc_cdb_get_configuration(cdb, MMC_CONFIGURATION_ALL, 0, 4096),
          "46 00 00 00 00 00 00 10 00 00");
    CHECK(mmc_cdb_get_configuration(cdb, MMC_CONFIGURATION_ONE, 0xFF56, 16),
          "46 02 FF 56 00 00 00 00 10 00");
    CHECK(mmc_cdb_get_event_status(cdb, 0x10, 8), "4A 01 00 00 10 00 00 00 08 00");
    CHECK(mmc_cdb_read_disc_information(cdb, 34), "51 00 00 00 00 00 00 00 22 00");
    CHECK(mmc_cdb_read_track_information(cdb, MMC_TRACK_BY_NUMBER, MMC_TRACK_INVISIBLE, 36),
          "52 01 00 00 00 FF 00 00 24 00");
    CHECK(mmc_cdb_read_track_information(cdb, MMC_TRACK_BY_LBA, 0x12345678, 36),
          "52 00 12 34 56 78 00 00 24 00");
    CHECK(mmc_cdb_read_toc(cdb, MMC_TOC, false, 1, 804), "43 00 00 00 00 00 01 03 24 00");
    CHECK(mmc_cdb_read_toc(cdb, MMC_TOC_ATIP, true, 0, 28), "43 02 04 00 00 00 00 00 1C 00");
    CHECK(mmc_cdb_read_capacity(cdb), "25 00 00 00 00 00 00 00 00 00");
    CHECK(mmc_cdb_read_buffer_capacity(cdb, true, 12), "5C 01 00 00 00 00 00 00 0C 00");
    CHECK(mmc_cdb_mechanism_status(cdb, 8), "BD 00 00 00 00 00 00 00 00 08 00 00");
    CHECK(mmc_cdb_get_write_speeds(cdb, 8), "AC 00 00 00 00 00 00 00 00 08 03 00");
}

static void reading_and_writing(void **state)
{
    (void)state;
    CHECK(mmc_cdb_read_10(cdb, 0x00057E4A, 16), "28 00 00 05 7E 4A 00 00 10 00");
    CHECK(mmc_cdb_read_12(cdb, 1, 0x10000), "A8 00 00 00 00 01 00 01 00 00 00 00");
    CHECK(mmc_cdb_write_10(cdb, 300, 27), "2A 00 00 00 01 2C 00 00 1B 00");
    CHECK(mmc_cdb_write_10(cdb, -150, 27), "2A 00 FF FF FF 6A 00 00 1B 00"); /* the pre-gap */
    CHECK(mmc_cdb_write_12(cdb, -150, 27), "AA 00 FF FF FF 6A 00 00 00 1B 00 00");
    CHECK(mmc_cdb_read_cd(cdb, 452, 24, MMC_SECTOR_CD_DA, MMC_READ_USER_DATA, MMC_SUB_NONE),
          "BE 04 00 00 01 C4 00 00 18 10 00 00");
    CHECK(mmc_cdb_read_cd(cdb, 0, 0xFFFFFF, MMC_SECTOR_ANY, MMC_READ_WHOLE_SECTOR, MMC_SUB_R_W),
          "BE 00 00 00 00 00 FF FF FF F8 04 00");
}

static void commands_that_change_drive_and_disc(void **state)
{
    (void)state;
    CHECK(mmc_cdb_synchronize_cache(cdb, false), "35 00 00 00 00 00 00 00 00 00");
    CHECK(mmc_cdb_synchronize_cache(cdb, true), "35 02 00 00 00 00 00 00 00 00");
    CHECK(mmc_cdb_close(cdb, MMC_CLOSE_TRACK, 0xFF, true), "5B 01 01 00 00 FF 00 00 00 00");
    CHECK(mmc_cdb_close(cdb, MMC_CLOSE_SESSION, 0, false), "5B 00 02 00 00 00 00 00 00 00");
    CHECK(mmc_cdb_reserve_track(cdb, 0x01020304), "53 00 00 00 00 01 02 03 04 00");
    CHECK(mmc_cdb_send_opc(cdb), "54 01 00 00 00 00 00 00 00 00");
    CHECK(mmc_cdb_set_cd_speed(cdb, MMC_ROTATION_CAV, MMC_SPEED_MAXIMUM, 7056),
          "BB 01 FF FF 1B 90 00 00 00 00 00 00");
    CHECK(mmc_cdb_start_stop(cdb, MMC_EJECT, false), "1B 00 00 00 02 00");
    CHECK(mmc_cdb_start_stop(cdb, MMC_LOAD, true), "1B 01 00 00 03 00");
    CHECK(mmc_cdb_start_stop(cdb, MMC_START, false), "1B 00 00 00 01 00");
    CHECK(mmc_cdb_start_stop(cdb, MMC_STOP, false), "1B 00 00 00 00 00");
    CHECK(mmc_cdb_prevent_allow(cdb, true, false), "1E 00 00 00 01 00");
    CHECK(mmc_cdb_prevent_allow(cdb, false, true), "1E 00 00 00 02 00");
}

static void what_does_not_fit_its_field_is_refused(void **state)
{
    (void)state;
    CHECK(mmc_cdb_read_cd(cdb, 0, 0x1000000, MMC_SECTOR_ANY, 0x10, MMC_SUB_NONE), "");
    CHECK(mmc_cdb_read_cd(cdb, 0, 1, MMC_SECTOR_ANY, 0x11, MMC_SUB_NONE), "");
    CHECK(mmc_cdb_mode_sense(cdb, 4, 0x05, 60), "");
    CHECK(mmc_cdb_mode_sense(cdb, 0, 0x45, 60), "");
    CHECK(mmc_cdb_log_sense(cdb, 0x40, 0, 60), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_primary_commands),
        cmocka_unit_test(commands_that_ask_about_drive_and_disc),
        cmocka_unit_test(reading_and_writing),
        cmocka_unit_test(commands_that_change_drive_and_disc),
        cmocka_unit_test(what_does_not_fit_its_field_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
