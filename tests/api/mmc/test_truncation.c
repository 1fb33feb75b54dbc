/* SPDX-License-Identifier: MIT */
/*
 * Every parser on every reply cut at every length, and on replies with bytes changed at random (a
 * fixed seed): it answers MMC_OK or a refusal, changes nothing when it refuses, and reads nothing
 * beyond the end, which AddressSanitizer watches, each buffer being exactly as long as it says.
 */
#include "hex.h"
#include "replies.h"

#include <stdlib.h>
#include <string.h>
#include "api/mmc/mmc.h"

#define OUT_BYTES 4096

typedef int (*parser)(const uint8_t *data, size_t len, void *out);

static int p_inquiry(const uint8_t *d, size_t n, void *o)
{
    return mmc_inquiry_parse(d, n, o);
}

static int p_serial(const uint8_t *d, size_t n, void *o)
{
    return mmc_vpd_serial(d, n, o, 256);
}

static int p_vpd(const uint8_t *d, size_t n, void *o)
{
    (void)o;
    return mmc_vpd_supports(d, n, 0x77);
}

static int p_sense(const uint8_t *d, size_t n, void *o)
{
    return mmc_sense_parse(d, n, o);
}

/* A walk, and whatever each feature says; `out` is not watched: it is filled as the walk goes. */
static int p_features(const uint8_t *d, size_t n, void *o)
{
    struct mmc_feature f;
    struct mmc_profile profiles[64];
    struct mmc_removable_medium removable;
    struct mmc_track_at_once tao;
    struct mmc_real_time_streaming streaming;
    struct mmc_exclusive_feature exclusive;
    size_t offset = 0, count;
    int result;

    (void)o;
    while ((result = mmc_feature_next(d, n, &offset, &f)) == MMC_OK) {
        assert_true(offset <= n);
        mmc_profiles(&f, profiles, 64, &count);
        mmc_removable_medium(&f, &removable);
        mmc_track_at_once(&f, &tao);
        mmc_real_time_streaming(&f, &streaming);
        mmc_exclusive_feature_parse(&f, &exclusive);
    }
    return result == MMC_ABSENT ? MMC_OK : result;
}

static int p_disc(const uint8_t *d, size_t n, void *o)
{
    return mmc_disc_information_parse(d, n, o);
}

static int p_track(const uint8_t *d, size_t n, void *o)
{
    return mmc_track_information_parse(d, n, o);
}

static int p_toc(const uint8_t *d, size_t n, void *o)
{
    return mmc_toc_parse(d, n, n & 1, o);
}

static int p_sessions(const uint8_t *d, size_t n, void *o)
{
    return mmc_session_information_parse(d, n, false, o);
}

static int p_full_toc(const uint8_t *d, size_t n, void *o)
{
    struct mmc_full_toc_entry e;
    size_t offset = 0;
    int result;

    (void)o;
    while ((result = mmc_full_toc_next(d, n, &offset, &e)) == MMC_OK) {
        assert_true(offset <= n);
    }
    return result == MMC_ABSENT ? MMC_OK : result;
}

static int p_atip(const uint8_t *d, size_t n, void *o)
{
    return mmc_atip_parse(d, n, o);
}

static int p_mode(const uint8_t *d, size_t n, void *o)
{
    struct mmc_mode_page page;
    struct mmc_write_parameters write;
    struct mmc_capabilities capabilities;
    struct mmc_exclusive_state exclusive;
    size_t offset = 0;
    int result;

    (void)o;
    while ((result = mmc_mode_page_next(d, n, &offset, &page)) == MMC_OK) {
        assert_true(offset <= n && page.bytes + page.len <= d + n);
        mmc_write_parameters_parse(page.bytes, page.len, &write);
        mmc_capabilities_parse(page.bytes, page.len, &capabilities);
        mmc_exclusive_state_parse(page.bytes, page.len, &exclusive);
    }
    return result == MMC_ABSENT ? MMC_OK : result;
}

/* the page itself, cut */
static int p_page_05(const uint8_t *d, size_t n, void *o)
{
    return n < 8 ? MMC_SHORT : mmc_write_parameters_parse(d + 8, n - 8, o);
}

static int p_page_2a(const uint8_t *d, size_t n, void *o)
{
    return n < 8 ? MMC_SHORT : mmc_capabilities_parse(d + 8, n - 8, o);
}

static int p_page_39(const uint8_t *d, size_t n, void *o)
{
    return n < 8 ? MMC_SHORT : mmc_exclusive_state_parse(d + 8, n - 8, o);
}

static int p_log(const uint8_t *d, size_t n, void *o)
{
    return mmc_write_state_parse(d, n, o);
}

static int p_log_pages(const uint8_t *d, size_t n, void *o)
{
    (void)o;
    return mmc_log_supports(d, n, 0x11);
}

static int p_performance(const uint8_t *d, size_t n, void *o)
{
    return mmc_performance_speed(d, n, 1, o);
}

static int p_capacity(const uint8_t *d, size_t n, void *o)
{
    return mmc_capacity_parse(d, n, o);
}

static int p_buffer(const uint8_t *d, size_t n, void *o)
{
    return mmc_buffer_capacity_parse(d, n, o);
}

static int p_mechanism(const uint8_t *d, size_t n, void *o)
{
    return mmc_mechanism_status_parse(d, n, o);
}

static int p_event(const uint8_t *d, size_t n, void *o)
{
    return mmc_event_parse(d, n, o);
}

static const struct {
    parser parse;
    const char *reply;
    size_t least; /* bytes below which it must refuse */
} rows[] = {
    {p_inquiry, reply_inquiry, 36},
    {p_serial, reply_serial, 16},
    {p_vpd, "05 00 00 03 00 80 77", 7},
    {p_sense, "F0 00 03 01 02 03 04 0A 00 00 00 00 11 05 00 00 00 00", 3},
    {p_sense, "72 03 11 05 00 00 00 0C 00 0A 80 00 00 00 00 00 01 02 03 04", 8},
    {p_features, reply_configuration, 76},
    {p_disc, reply_disc_blank, 34},
    {p_disc, reply_disc_finalized, 34},
    {p_track, reply_track_invisible, 36},
    {p_track, reply_track_complete, 36},
    {p_toc, reply_toc_two_tracks, 28},
    {p_sessions, reply_session_information, 12},
    {p_full_toc, reply_full_toc, 136},
    {p_atip, reply_atip_80, 28},
    {p_mode, reply_mode_05, 60},
    {p_mode, reply_mode_2a, 48},
    {p_mode, reply_mode_39_locked, 80},
    {p_page_05, reply_mode_05, 60},
    {p_page_2a, reply_mode_2a, 48},
    {p_page_39, reply_mode_39_locked, 80},
    {p_log, reply_log_39, 208},
    {p_log_pages, "00 00 00 02 00 11", 6},
    {p_performance, reply_performance, 40},
    {p_capacity, "00 00 01 2B 00 00 08 00", 8},
    {p_buffer, "00 0A 00 00 00 20 00 00 00 1F 80 00", 12},
    {p_mechanism, "80 F0 00 00 00 01 00 00", 8},
    {p_event, "00 06 04 5E 02 02 00 00", 8},
};

static uint8_t out[OUT_BYTES], untouched[OUT_BYTES];

static int parse_watched(unsigned row, struct bytes bytes)
{
    int result;

    memset(out, 0xA5, sizeof(out));
    result = rows[row].parse(bytes.data, bytes.len, out);
    if (result != MMC_OK) {
        assert_true(result < 0);
        assert_memory_equal(out, untouched, sizeof(out));
    }
    return result;
}

static void a_reply_cut_anywhere_is_refused_below_its_length(void **state)
{
    (void)state;
    for (unsigned row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
        struct bytes whole = hex(rows[row].reply);

        assert_true(whole.len >= rows[row].least);
        for (size_t len = 0; len <= whole.len; len++) {
            struct bytes cut = hex_cut(whole, len);
            int result = parse_watched(row, cut);

            if ((result == MMC_OK) != (len >= rows[row].least)) {
                fail_msg("row %u cut to %zu bytes: %d", row, len, result);
            }
            hex_free(cut);
        }
        hex_free(whole);
    }
}

static void a_reply_with_random_bytes_harms_nobody(void **state)
{
    (void)state;
    srandom(20260101);
    for (unsigned row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
        for (unsigned round = 0; round < 400; round++) {
            struct bytes whole = hex(rows[row].reply);
            struct bytes cut;

            for (unsigned n = (unsigned)random() % 8; n > 0; n--) {
                whole.data[(size_t)random() % whole.len] = (uint8_t)random();
            }
            cut = hex_cut(whole, round % 2 ? whole.len : (size_t)random() % (whole.len + 1));
            parse_watched(row, cut);
            hex_free(cut);
            hex_free(whole);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_cut_anywhere_is_refused_below_its_length),
        cmocka_unit_test(a_reply_with_random_bytes_harms_nobody),
    };

    memset(untouched, 0xA5, sizeof(untouched));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
