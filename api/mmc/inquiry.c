/* SPDX-License-Identifier: MIT */
#include "api/mmc/inquiry.h"

#include <string.h>
#include "api/mmc/bytes.h"

void mmc_text(const uint8_t *field, size_t len, char *out)
{
    while (len > 0 && (field[len - 1] == ' ' || field[len - 1] == 0)) {
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = field[i] >= 0x20 && field[i] < 0x7F ? (char)field[i] : '?';
    }
    out[len] = '\0';
}

enum mmc_result mmc_inquiry_parse(const void *data, size_t len, struct mmc_inquiry *out)
{
    const uint8_t *p = data;

    if (len < MMC_INQUIRY_BYTES || p[4] + 5 < MMC_INQUIRY_BYTES) {
        return MMC_SHORT;
    }
    memset(out, 0, sizeof(*out));
    out->qualifier = p[0] >> 5;
    out->device_type = p[0] & 0x1F;
    out->removable = p[1] & 0x80;
    out->version = p[2];
    out->total = (size_t)p[4] + 5;
    mmc_text(p + 8, 8, out->vendor);
    mmc_text(p + 16, 16, out->product);
    mmc_text(p + 32, 4, out->revision);
    return MMC_OK;
}

/* SPC-3 7.6.1: every VPD page begins with device type, page code and its length. */
static enum mmc_result vpd_body(const uint8_t *p, size_t len, uint8_t page, const uint8_t **body,
                                size_t *body_len)
{
    if (len < 4) {
        return MMC_SHORT;
    }
    if (p[1] != page) {
        return MMC_CONTRADICTORY;
    }
    if (len - 4 < get_be16(p + 2)) {
        return MMC_SHORT;
    }
    *body = p + 4;
    *body_len = get_be16(p + 2);
    return MMC_OK;
}

enum mmc_result mmc_vpd_serial(const void *data, size_t len, char *out, size_t size)
{
    const uint8_t *body;
    size_t body_len;
    enum mmc_result result = vpd_body(data, len, MMC_VPD_SERIAL, &body, &body_len);

    if (result != MMC_OK) {
        return result;
    }
    while (body_len > 0 && body[0] == ' ') {
        body++;
        body_len--;
    }
    while (body_len > 0 && (body[body_len - 1] == ' ' || body[body_len - 1] == 0)) {
        body_len--;
    }
    if (body_len >= size) {
        return MMC_NO_ROOM;
    }
    mmc_text(body, body_len, out);
    return MMC_OK;
}

enum mmc_result mmc_vpd_supports(const void *data, size_t len, uint8_t page)
{
    const uint8_t *body;
    size_t body_len;
    enum mmc_result result = vpd_body(data, len, MMC_VPD_SUPPORTED, &body, &body_len);

    if (result != MMC_OK) {
        return result;
    }
    return body_len > 0 && memchr(body, page, body_len) ? MMC_OK : MMC_ABSENT;
}
