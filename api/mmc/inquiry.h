/* SPDX-License-Identifier: MIT */
/* INQUIRY data (SPC-3 6.4.2) and the vital product data that a recorder has (7.6). */
#ifndef VCDR_API_MMC_INQUIRY_H
#define VCDR_API_MMC_INQUIRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_INQUIRY_BYTES 36
#define MMC_DEVICE_TYPE_CD 5
#define MMC_VPD_SUPPORTED 0x00
#define MMC_VPD_SERIAL 0x80
#define MMC_VPD_IDENTIFICATION 0x83

struct mmc_inquiry {
    uint8_t qualifier; /* 0: a device is there; 3: this logical unit does not exist */
    uint8_t device_type;
    bool removable;
    uint8_t version; /* SPC version, byte 2 */
    size_t total;    /* bytes of the whole reply as it announces itself */
    char vendor[9];  /* trailing spaces removed; what is not printable ASCII is '?' */
    char product[17];
    char revision[5];
};

/* Needs the first 36 bytes. */
enum mmc_result mmc_inquiry_parse(const void *data, size_t len, struct mmc_inquiry *out);

/* VPD 80h: the serial number, spaces at both ends removed; MMC_NO_ROOM when `size` cannot hold it
 * with its NUL. */
enum mmc_result mmc_vpd_serial(const void *data, size_t len, char *out, size_t size);
/* VPD 00h: whether `page` is listed: MMC_OK or MMC_ABSENT. */
enum mmc_result mmc_vpd_supports(const void *data, size_t len, uint8_t page);

#endif
