/* SPDX-License-Identifier: MIT */
/*
 * The parsers of api/mmc: any bytes as any reply. The reply lies in a block of its own size, so
 * that a read beyond it is seen; out-parameters are written on success only; a walk ends.
 */
#include <stdbool.h>
#include <string.h>

#include "api/mmc/mmc.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"

struct reply {
    const uint8_t *data;
    size_t len;
    uint8_t argument;
};

/* Calls a parser with an out-parameter of `type`, filled with a pattern. */
#define PARSE(type, call)                                                                          \
    do {                                                                                           \
        type out, was;                                                                             \
        enum mmc_result result;                                                                    \
        memset(&out, 0x5A, sizeof(out));                                                           \
        memset(&was, 0x5A, sizeof(was));                                                           \
        result = (call);                                                                           \
        check(result, memcmp(&out, &was, sizeof(out)) == 0);                                       \
    } while (0)

static void check(enum mmc_result result, bool untouched)
{
    MUST(result <= MMC_OK && result >= MMC_RANGE);
    MUST(result == MMC_OK || untouched);
}

static bool inside(const struct reply *r, const uint8_t *at, size_t len)
{
    return at >= r->data && len <= r->len && at <= r->data + (r->len - len);
}

static void plain_replies(const struct reply *r)
{
    PARSE(struct mmc_capacity, mmc_capacity_parse(r->data, r->len, &out));
    PARSE(struct mmc_buffer_capacity, mmc_buffer_capacity_parse(r->data, r->len, &out));
    PARSE(struct mmc_mechanism_status, mmc_mechanism_status_parse(r->data, r->len, &out));
    PARSE(struct mmc_disc_information, mmc_disc_information_parse(r->data, r->len, &out));
    PARSE(struct mmc_track_information, mmc_track_information_parse(r->data, r->len, &out));
    PARSE(struct mmc_event, mmc_event_parse(r->data, r->len, &out));
    PARSE(struct mmc_configuration_header, mmc_configuration_header(r->data, r->len, &out));
}

static void identity(const struct reply *r)
{
    char *serial = malloc(r->argument + 1U);

    MUST(serial != NULL);
    PARSE(struct mmc_inquiry, mmc_inquiry_parse(r->data, r->len, &out));
    if (mmc_vpd_serial(r->data, r->len, serial, r->argument) == MMC_OK)
        MUST(memchr(serial, '\0', r->argument) != NULL);
    mmc_vpd_supports(r->data, r->len, r->argument);
    free(serial);
}

static void pages(const struct reply *r)
{
    PARSE(struct mmc_capabilities, mmc_capabilities_parse(r->data, r->len, &out));
    PARSE(struct mmc_exclusive_state, mmc_exclusive_state_parse(r->data, r->len, &out));
    PARSE(struct mmc_write_parameters, mmc_write_parameters_parse(r->data, r->len, &out));
}

/* What was read from page 05h and put back into it reads the same. */
static void write_parameters(const struct reply *r)
{
    struct mmc_write_parameters first, second;
    uint8_t *page = malloc(r->len + 1);

    MUST(page != NULL);
    if (r->len > 0)
        memcpy(page, r->data, r->len);
    if (mmc_write_parameters_parse(r->data, r->len, &first) == MMC_OK &&
        mmc_write_parameters_put(&first, page, r->len) == MMC_OK) {
        MUST(mmc_write_parameters_parse(page, r->len, &second) == MMC_OK);
        MUST(first.write_type == second.write_type && first.block_type == second.block_type &&
             first.track_mode == second.track_mode && strcmp(first.mcn, second.mcn) == 0 &&
             strcmp(first.isrc, second.isrc) == 0);
    }
    free(page);
}

static void mode_pages(const struct reply *r)
{
    struct mmc_mode_page page;
    uint8_t list[64];
    size_t offset = 0, last, len;

    PARSE(size_t, mmc_mode_total(r->data, r->len, &out));
    PARSE(struct mmc_mode_page, mmc_mode_page_find(r->data, r->len, r->argument, &out));
    do {
        last = offset;
        if (mmc_mode_page_next(r->data, r->len, &offset, &page) != MMC_OK)
            break;
        MUST(offset > last && inside(r, page.bytes, page.len) && page.len >= 2);
        if (mmc_mode_select_list(page.bytes, page.len, list, sizeof(list), &len) == MMC_OK)
            MUST(len == page.len + 8 && len <= sizeof(list));
    } while (offset <= r->len);
}

static void one_feature(const struct mmc_feature *feature)
{
    struct mmc_profile profiles[4];
    size_t count = SIZE_MAX;

    PARSE(struct mmc_removable_medium, mmc_removable_medium(feature, &out));
    PARSE(struct mmc_track_at_once, mmc_track_at_once(feature, &out));
    PARSE(struct mmc_real_time_streaming, mmc_real_time_streaming(feature, &out));
    PARSE(struct mmc_exclusive_feature, mmc_exclusive_feature_parse(feature, &out));
    if (mmc_profiles(feature, profiles, 4, &count) == MMC_OK)
        MUST(count <= 4);
    else
        MUST(count == SIZE_MAX);
}

static void features(const struct reply *r)
{
    struct mmc_feature feature;
    size_t offset = 0, last;

    PARSE(struct mmc_feature, mmc_feature_find(r->data, r->len, r->argument, &out));
    do {
        last = offset;
        if (mmc_feature_next(r->data, r->len, &offset, &feature) != MMC_OK)
            break;
        MUST(offset > last && inside(r, feature.data, feature.len));
        one_feature(&feature);
    } while (offset <= r->len);
}

static void log_pages(const struct reply *r)
{
    struct mmc_log_parameter parameter;
    size_t offset = 0, last;

    PARSE(struct mmc_write_state, mmc_write_state_parse(r->data, r->len, &out));
    mmc_log_supports(r->data, r->len, r->argument);
    do {
        last = offset;
        if (mmc_log_parameter_next(r->data, r->len, r->argument, &offset, &parameter) != MMC_OK)
            break;
        MUST(offset > last && inside(r, parameter.value, parameter.len));
    } while (offset <= r->len);
}

static void toc(const struct reply *r)
{
    struct mmc_full_toc_entry entry;
    bool msf = r->argument & 1;
    size_t offset = 0, last;

    PARSE(size_t, mmc_toc_total(r->data, r->len, &out));
    PARSE(struct mmc_toc, mmc_toc_parse(r->data, r->len, msf, &out));
    PARSE(struct mmc_session_information,
          mmc_session_information_parse(r->data, r->len, msf, &out));
    PARSE(struct mmc_atip, mmc_atip_parse(r->data, r->len, &out));
    do {
        last = offset;
        if (mmc_full_toc_next(r->data, r->len, &offset, &entry) != MMC_OK)
            break;
        MUST(offset > last && offset <= r->len);
    } while (offset <= r->len);
    if (r->len >= 3) {
        PARSE(int32_t, mmc_msf_to_lba(r->data, &out));
        PARSE(int32_t, mmc_lead_out_to_lba(r->data, &out));
    }
}

static void performance(const struct reply *r)
{
    PARSE(size_t, mmc_performance_count(r->data, r->len, &out));
    PARSE(struct mmc_performance_speed, mmc_performance_speed(r->data, r->len, r->argument, &out));
}

static void sense(const struct reply *r)
{
    struct mmc_sense out;

    if (mmc_sense_parse(r->data, r->len, &out) != MMC_OK)
        return;
    MUST(out.code == ((uint32_t)out.key << 16 | (uint32_t)out.asc << 8 | out.ascq));
    MUST(mmc_sense_key_text(out.key) != NULL);
    mmc_sense_text(out.code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const parsers[])(const struct reply *) = {
        plain_replies, identity,  pages, write_parameters, mode_pages,
        features,      log_pages, toc,   performance,      sense,
    };
    struct input in = {data, size};
    unsigned which = take_u8(&in) % (sizeof(parsers) / sizeof(parsers[0]));
    uint8_t argument = take_u8(&in);
    size_t len = in.left;
    uint8_t *block = take_block(&in, len);
    const struct reply reply = {block, len, argument};

    parsers[which](&reply);
    free(block);
    return 0;
}
