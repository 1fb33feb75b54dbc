/* SPDX-License-Identifier: MIT */
/* READ TOC/PMA/ATIP and the arithmetic of times. */
#include "hex.h"
#include "replies.h"

#include <string.h>
#include "api/mmc/toc.h"

static void times_and_addresses_are_those_of_the_standard(void **state)
{
    static const struct {
        uint8_t msf[3];
        int32_t lba;
    } anchors[] = {
        {{0, 0, 0}, -150},      {{0, 2, 0}, 0},         {{99, 59, 74}, -151},
        {{97, 26, 66}, -11634}, {{79, 59, 74}, 359849}, {{90, 0, 0}, -45150},
    };
    int32_t lba;

    (void)state;
    for (unsigned i = 0; i < sizeof(anchors) / sizeof(anchors[0]); i++) {
        assert_int_equal(mmc_msf_to_lba(anchors[i].msf, &lba), MMC_OK);
        assert_int_equal(lba, anchors[i].lba);
    }
    assert_int_equal(mmc_lead_out_to_lba((const uint8_t[]){90, 0, 0}, &lba), MMC_OK);
    assert_int_equal(lba, 404850);
    assert_int_equal(mmc_msf_to_lba((const uint8_t[]){0, 60, 0}, &lba), MMC_RANGE);
    assert_int_equal(mmc_msf_to_lba((const uint8_t[]){0, 0, 75}, &lba), MMC_RANGE);
    assert_int_equal(mmc_msf_to_lba((const uint8_t[]){100, 0, 0}, &lba), MMC_RANGE);
}

static void a_toc_has_its_tracks_and_its_lead_out(void **state)
{
    struct bytes r = hex(reply_toc_two_tracks);
    struct mmc_toc toc;
    size_t total;

    (void)state;
    assert_int_equal(mmc_toc_total(r.data, 4, &total), MMC_OK);
    assert_int_equal(total, r.len);
    assert_int_equal(mmc_toc_parse(r.data, r.len, false, &toc), MMC_OK);
    assert_int_equal(toc.first_track, 1);
    assert_int_equal(toc.last_track, 2);
    assert_int_equal(toc.count, 3);
    assert_true(toc.entries[0].track == 1 && toc.entries[0].control == 0 &&
                toc.entries[0].adr == 1 && toc.entries[0].lba == 0);
    assert_true(toc.entries[1].track == 2 && toc.entries[1].control == 4 &&
                toc.entries[1].lba == 452);
    assert_true(toc.entries[2].track == MMC_TOC_LEAD_OUT && toc.entries[2].lba == 754);
    hex_free(r);
}

static void a_toc_in_times_says_the_same(void **state)
{
    /* 00:02:00, 00:08:02 (452), lead-out 00:12:04 (754) */
    struct bytes r = hex("00 1A 01 02"
                         "00 10 01 00 00 00 02 00"
                         "00 14 02 00 00 00 08 02"
                         "00 10 AA 00 00 00 0C 04");
    struct mmc_toc toc;

    (void)state;
    assert_int_equal(mmc_toc_parse(r.data, r.len, true, &toc), MMC_OK);
    assert_int_equal(toc.entries[0].lba, 0);
    assert_int_equal(toc.entries[1].lba, 452);
    assert_int_equal(toc.entries[2].lba, 754);
    r.data[10] = 75; /* no such frame */
    r.data[11] = 75;
    assert_int_equal(mmc_toc_parse(r.data, r.len, true, &toc), MMC_CONTRADICTORY);
    hex_free(r);
}

static void a_toc_that_contradicts_itself_is_refused(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } lies[] = {
        {1, 0x19}, /* no whole number of entries */
        {2, 0},    /* no track 0 */
        {3, 1},    /* track 2 beyond the last */
        {14, 1},   /* track 1 twice */
        {22, 3},   /* a track 3 beyond the last */
        {26, 0},   /* the lead-out before track 2 */
    };
    struct mmc_toc toc;

    (void)state;
    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct bytes r = hex(reply_toc_two_tracks);

        r.data[lies[i].at] = lies[i].value;
        if (mmc_toc_parse(r.data, r.len, false, &toc) != MMC_CONTRADICTORY) {
            fail_msg("byte %zu = %02X was believed", lies[i].at, lies[i].value);
        }
        hex_free(r);
    }
}

static void session_information_names_the_last_sessions_first_track(void **state)
{
    struct bytes r = hex(reply_session_information);
    struct mmc_session_information s;

    (void)state;
    assert_int_equal(mmc_session_information_parse(r.data, r.len, false, &s), MMC_OK);
    assert_true(s.first_session == 1 && s.last_session == 2 && s.track == 4 && s.control == 4);
    assert_int_equal(s.lba, 0xACAF);
    hex_free(r);
}

static void a_full_toc_is_walked_entry_by_entry(void **state)
{
    struct bytes r = hex(reply_full_toc);
    struct mmc_full_toc_entry e;
    unsigned count = 0, tracks = 0;
    size_t offset = 0;

    (void)state;
    while (mmc_full_toc_next(r.data, r.len, &offset, &e) == MMC_OK) {
        count++;
        tracks += e.adr == 1 && e.point < 100;
        if (e.point ==
            0xB0) { /* next program area 09:49:32, 2 points of mode 5, lead-out 15:32:53 */
            assert_int_equal(e.adr, 5);
            assert_memory_equal(e.msf, "\x09\x31\x20", 3);
            assert_int_equal(e.zero, 2);
            assert_memory_equal(e.pmsf, "\x0F\x20\x35", 3);
        }
    }
    assert_int_equal(count, 12);
    assert_int_equal(tracks, 4);
    assert_int_equal(e.session, 2);
    assert_int_equal(e.control, 4);
    assert_int_equal(mmc_full_toc_next(r.data, r.len, &offset, &e), MMC_ABSENT);
    hex_free(r);
}

static void atip_tells_the_capacity(void **state)
{
    struct bytes r = hex(reply_atip_80);
    struct bytes none = hex("00 02 00 00");
    struct mmc_atip a;

    (void)state;
    assert_int_equal(mmc_atip_parse(r.data, r.len, &a), MMC_OK);
    assert_int_equal(a.indicative_power, 5);
    assert_int_equal(a.sub_type, 3);
    assert_false(a.rewritable || a.unrestricted_use);
    assert_int_equal(a.lead_in_lba, -11634);
    assert_int_equal(a.last_lead_out_lba, 359846);
    r.data[6] = 0xC4; /* CD-RW */
    assert_int_equal(mmc_atip_parse(r.data, r.len, &a), MMC_OK);
    assert_true(a.rewritable);
    r.data[8] = 10; /* a lead-in at ten minutes */
    assert_int_equal(mmc_atip_parse(r.data, r.len, &a), MMC_CONTRADICTORY);
    assert_int_equal(mmc_atip_parse(none.data, none.len, &a), MMC_ABSENT);
    hex_free(r);
    hex_free(none);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_and_addresses_are_those_of_the_standard),
        cmocka_unit_test(a_toc_has_its_tracks_and_its_lead_out),
        cmocka_unit_test(a_toc_in_times_says_the_same),
        cmocka_unit_test(a_toc_that_contradicts_itself_is_refused),
        cmocka_unit_test(session_information_names_the_last_sessions_first_track),
        cmocka_unit_test(a_full_toc_is_walked_entry_by_entry),
        cmocka_unit_test(atip_tells_the_capacity),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
