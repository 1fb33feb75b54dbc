/* SPDX-License-Identifier: MIT */
/* Mode page 05h, write parameters (MMC-6 7.5.4). */
#ifndef VCDR_API_MMC_WRITE_PARAMETERS_H
#define VCDR_API_MMC_WRITE_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_WRITE_PARAMETERS_BYTES 52

struct mmc_write_parameters {
    bool buffer_underrun_free, test_write;
    uint8_t write_type;    /* WRITE_TYPE_ of codes.h */
    uint8_t multi_session; /* MULTISESSION_ */
    bool fixed_packet, copy;
    uint8_t track_mode;     /* Q control nibble, CONTROL_ */
    uint8_t block_type;     /* BLOCK_TYPE_ */
    uint8_t session_format; /* SESSION_FORMAT_ */
    uint16_t audio_pause_blocks;
    char mcn[14];  /* 13 digits, or "" */
    char isrc[13]; /* 12 characters, or "" */
};

/* `page` from its code byte on, as mmc_mode_page_find returns it; 52 bytes or longer. */
enum mmc_result mmc_write_parameters_parse(const uint8_t *page, size_t len,
                                           struct mmc_write_parameters *out);
/* Puts the fields into a page that was read before, leaving what the struct does not name (link
 * size, packet size, sub-header, application code...) as it is. MMC_RANGE for a value that does
 * not fit its field or an MCN or ISRC of a wrong length; the page is then untouched. */
enum mmc_result mmc_write_parameters_put(const struct mmc_write_parameters *parameters,
                                         uint8_t *page, size_t len);

#endif
