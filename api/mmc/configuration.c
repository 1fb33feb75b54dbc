/* SPDX-License-Identifier: MIT */
#include "api/mmc/configuration.h"

#include <vcdr/codes.h>
#include "api/mmc/bytes.h"

enum mmc_result mmc_configuration_header(const void *data, size_t len,
                                         struct mmc_configuration_header *out)
{
    const uint8_t *p = data;

    if (len < MMC_CONFIGURATION_HEADER_BYTES) {
        return MMC_SHORT;
    }
    /* the data length counts what follows it: at least the rest of the header */
    if (get_be32(p) < 4 || get_be32(p) > 0xFFFFFF) {
        return MMC_CONTRADICTORY;
    }
    out->total = (size_t)get_be32(p) + 4;
    out->profile = get_be16(p + 6);
    return MMC_OK;
}

enum mmc_result mmc_feature_next(const void *data, size_t len, size_t *offset,
                                 struct mmc_feature *out)
{
    const uint8_t *p = data;
    struct mmc_configuration_header header;
    enum mmc_result result = mmc_configuration_header(data, len, &header);
    size_t at = *offset ? *offset : MMC_CONFIGURATION_HEADER_BYTES;

    if (result != MMC_OK) {
        return result;
    }
    if (len < header.total) {
        return MMC_SHORT;
    }
    if (at >= header.total) {
        return MMC_ABSENT;
    }
    if (header.total - at < 4 || header.total - at - 4 < p[at + 3]) {
        return MMC_CONTRADICTORY;
    }
    out->code = get_be16(p + at);
    out->version = p[at + 2] >> 2 & 0x0F;
    out->persistent = p[at + 2] & 0x02;
    out->current = p[at + 2] & 0x01;
    out->len = p[at + 3];
    out->data = p + at + 4;
    *offset = at + 4 + out->len;
    return MMC_OK;
}

enum mmc_result mmc_feature_find(const void *data, size_t len, uint16_t code,
                                 struct mmc_feature *out)
{
    struct mmc_feature feature;
    size_t offset = 0;
    enum mmc_result result;

    while ((result = mmc_feature_next(data, len, &offset, &feature)) == MMC_OK) {
        if (feature.code == code) {
            *out = feature;
            return MMC_OK;
        }
    }
    return result;
}

/* A feature's data of at least `least` bytes. */
static enum mmc_result expect(const struct mmc_feature *feature, uint16_t code, uint8_t least)
{
    if (feature->code != code) {
        return MMC_CONTRADICTORY;
    }
    return feature->len < least ? MMC_SHORT : MMC_OK;
}

enum mmc_result mmc_profiles(const struct mmc_feature *profile_list, struct mmc_profile *out,
                             size_t room, size_t *count)
{
    enum mmc_result result = expect(profile_list, FEATURE_PROFILE_LIST, 0);

    if (result != MMC_OK) {
        return result;
    }
    if (profile_list->len % 4 != 0) {
        return MMC_CONTRADICTORY;
    }
    if (profile_list->len / 4u > room) {
        return MMC_NO_ROOM;
    }
    for (size_t i = 0; i < profile_list->len / 4u; i++) {
        out[i].profile = get_be16(profile_list->data + 4 * i);
        out[i].current = profile_list->data[4 * i + 2] & 0x01;
    }
    *count = profile_list->len / 4u;
    return MMC_OK;
}

enum mmc_result mmc_removable_medium(const struct mmc_feature *feature,
                                     struct mmc_removable_medium *out)
{
    enum mmc_result result = expect(feature, FEATURE_REMOVABLE_MEDIUM, 4);

    if (result != MMC_OK) {
        return result;
    }
    out->mechanism = feature->data[0] >> 5;
    /* the Load bit came with version 1; before, a tray loads and a caddy (0) does not */
    out->can_load = feature->version >= 1 ? feature->data[0] & 0x10 : out->mechanism != 0;
    out->can_eject = feature->data[0] & 0x08;
    out->can_lock = feature->data[0] & 0x01;
    return MMC_OK;
}

enum mmc_result mmc_track_at_once(const struct mmc_feature *feature, struct mmc_track_at_once *out)
{
    enum mmc_result result = expect(feature, FEATURE_CD_TRACK_AT_ONCE, 4);

    if (result != MMC_OK) {
        return result;
    }
    out->buffer_underrun_free = feature->data[0] & 0x40;
    out->test_write = feature->data[0] & 0x04;
    out->cd_rw = feature->data[0] & 0x02;
    out->r_w_sub_code = feature->data[0] & 0x01;
    out->block_types = get_be16(feature->data + 2);
    return MMC_OK;
}

enum mmc_result mmc_real_time_streaming(const struct mmc_feature *feature,
                                        struct mmc_real_time_streaming *out)
{
    enum mmc_result result = expect(feature, FEATURE_REAL_TIME_STREAMING, 4);

    if (result != MMC_OK) {
        return result;
    }
    out->read_buffer_capacity = feature->data[0] & 0x10;
    out->set_cd_speed = feature->data[0] & 0x08;
    out->page_2a_speeds = feature->data[0] & 0x04;
    out->write_speed_performance = feature->data[0] & 0x02;
    out->stream_writing = feature->data[0] & 0x01;
    return MMC_OK;
}
