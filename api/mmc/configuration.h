/* SPDX-License-Identifier: MIT */
/* The reply to GET CONFIGURATION: header, features, profile list (MMC-6 5.2, 5.3, 6.5). */
#ifndef VCDR_API_MMC_CONFIGURATION_H
#define VCDR_API_MMC_CONFIGURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_CONFIGURATION_HEADER_BYTES 8

/* The header alone, as from an allocation of 8. `total` is the length of the whole reply. */
struct mmc_configuration_header {
    size_t total;
    uint16_t profile; /* the current one; PROFILE_NONE without a medium */
};
enum mmc_result mmc_configuration_header(const void *data, size_t len,
                                         struct mmc_configuration_header *out);

struct mmc_feature {
    uint16_t code;
    uint8_t version;
    bool persistent, current;
    const uint8_t *data; /* what follows the feature's 4-byte header; inside the reply's buffer */
    uint8_t len;         /* bytes of it */
};

/* Walks a whole reply. Start with *offset = 0; each MMC_OK fills `out` and moves on; MMC_ABSENT at
 * the end. MMC_SHORT: not the whole reply; MMC_CONTRADICTORY: a feature runs past the end. */
enum mmc_result mmc_feature_next(const void *data, size_t len, size_t *offset,
                                 struct mmc_feature *out);
/* One feature of a whole reply; MMC_ABSENT when it is not there. */
enum mmc_result mmc_feature_find(const void *data, size_t len, uint16_t code,
                                 struct mmc_feature *out);

struct mmc_profile {
    uint16_t profile;
    bool current;
};
/* The profile list (feature 0000h) in the drive's own order: *count of them into `out`. */
enum mmc_result mmc_profiles(const struct mmc_feature *profile_list, struct mmc_profile *out,
                             size_t room, size_t *count);

/* Feature 0003h: what the mechanism can do. */
struct mmc_removable_medium {
    uint8_t mechanism; /* 0 caddy, 1 tray, 2 pop-up, 4 and 5 changers */
    bool can_load, can_eject, can_lock;
};
enum mmc_result mmc_removable_medium(const struct mmc_feature *feature,
                                     struct mmc_removable_medium *out);

/* Feature 002Dh: track at once. */
struct mmc_track_at_once {
    bool buffer_underrun_free, test_write, cd_rw, r_w_sub_code;
    uint16_t block_types; /* bit n: data block type n */
};
enum mmc_result mmc_track_at_once(const struct mmc_feature *feature, struct mmc_track_at_once *out);

/* Feature 0107h: real-time streaming. */
struct mmc_real_time_streaming {
    bool read_buffer_capacity, set_cd_speed, page_2a_speeds, write_speed_performance,
        stream_writing;
};
enum mmc_result mmc_real_time_streaming(const struct mmc_feature *feature,
                                        struct mmc_real_time_streaming *out);

#endif
