/* SPDX-License-Identifier: MIT */
#include "api/mmc/log.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/bytes.h"

#define HEADER_BYTES 4
#define NAME_BYTES 64

static enum mmc_result whole(const uint8_t *p, size_t len, uint8_t page, size_t *total)
{
    if (len < HEADER_BYTES) {
        return MMC_SHORT;
    }
    if ((p[0] & 0x3F) != page || (p[0] & 0x40)) {
        return MMC_CONTRADICTORY;
    }
    if (len - HEADER_BYTES < get_be16(p + 2)) {
        return MMC_SHORT;
    }
    *total = HEADER_BYTES + (size_t)get_be16(p + 2);
    return MMC_OK;
}

enum mmc_result mmc_log_parameter_next(const void *data, size_t len, uint8_t page, size_t *offset,
                                       struct mmc_log_parameter *out)
{
    const uint8_t *p = data;
    size_t at = *offset ? *offset : HEADER_BYTES;
    size_t total;
    enum mmc_result result = whole(data, len, page, &total);

    if (result != MMC_OK) {
        return result;
    }
    if (at >= total) {
        return MMC_ABSENT;
    }
    if (total - at < 4 || total - at - 4 < p[at + 3]) {
        return MMC_CONTRADICTORY;
    }
    out->code = get_be16(p + at);
    out->control = p[at + 2];
    out->len = p[at + 3];
    out->value = p + at + 4;
    *offset = at + 4 + out->len;
    return MMC_OK;
}

enum mmc_result mmc_log_supports(const void *data, size_t len, uint8_t page)
{
    const uint8_t *p = data;
    size_t total;
    enum mmc_result result = whole(data, len, LOG_PAGE_SUPPORTED, &total);

    if (result != MMC_OK) {
        return result;
    }
    for (size_t at = HEADER_BYTES; at < total; at++) {
        if ((p[at] & 0x3F) == page) {
            return MMC_OK;
        }
    }
    return MMC_ABSENT;
}

static void take_state(const uint8_t *v, struct mmc_write_state *out)
{
    out->state = v[0];
    out->write_type = v[1];
    out->track = get_be16(v + 2);
    out->next_writable_lba = get_be32s(v + 4);
}

static void take_blocks(const uint8_t *v, struct mmc_write_state *out)
{
    out->blocks_written = get_be64(v);
}

static void take_time(const uint8_t *v, struct mmc_write_state *out)
{
    out->powered_us = get_be64(v);
}

static void take_granted(const uint8_t *v, struct mmc_write_state *out)
{
    out->locks_granted = get_be32(v);
}

static void take_refused(const uint8_t *v, struct mmc_write_state *out)
{
    out->locks_refused = get_be32(v);
}

static void take_lost(const uint8_t *v, struct mmc_write_state *out)
{
    out->locks_lost = get_be32(v);
}

static void take_owner(const uint8_t *v, struct mmc_write_state *out)
{
    memcpy(out->owner, v, NAME_BYTES);
}

/* The parameters that must be there, once each. */
static const struct {
    uint16_t code;
    uint8_t len;
    void (*take)(const uint8_t *value, struct mmc_write_state *out);
} parameters[] = {
    {0x0000, 8, take_state},          {0x0001, 8, take_blocks},  {0x0002, 8, take_time},
    {0x0003, 4, take_granted},        {0x0004, 4, take_refused}, {0x0005, 4, take_lost},
    {0x0010, NAME_BYTES, take_owner},
};
#define PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

static bool is_name(const struct mmc_log_parameter *parameter)
{
    return parameter->len == NAME_BYTES && parameter->value[NAME_BYTES - 1] == 0;
}

static enum mmc_result take(const struct mmc_log_parameter *parameter, unsigned *seen,
                            struct mmc_write_state *out)
{
    if (parameter->code >= 0x0011 && parameter->code <= 0x001F) {
        /* newest first: the codes have no holes */
        if (!is_name(parameter) || parameter->code - 0x0011 != out->previous_count) {
            return MMC_CONTRADICTORY;
        }
        memcpy(out->previous[out->previous_count++], parameter->value, NAME_BYTES);
        return MMC_OK;
    }
    for (unsigned i = 0; i < PARAMETERS; i++) {
        if (parameters[i].code != parameter->code) {
            continue;
        }
        if (parameters[i].len != parameter->len || (*seen & 1u << i) ||
            (parameter->len == NAME_BYTES && !is_name(parameter))) {
            return MMC_CONTRADICTORY;
        }
        *seen |= 1u << i;
        parameters[i].take(parameter->value, out);
    }
    return MMC_OK;
}

enum mmc_result mmc_write_state_parse(const void *data, size_t len, struct mmc_write_state *out)
{
    struct mmc_write_state state = {0};
    struct mmc_log_parameter parameter;
    size_t offset = 0;
    unsigned seen = 0;
    enum mmc_result result;

    while ((result = mmc_log_parameter_next(data, len, LOG_PAGE_WRITE_STATE, &offset,
                                            &parameter)) == MMC_OK) {
        result = take(&parameter, &seen, &state);
        if (result != MMC_OK) {
            return result;
        }
    }
    if (result != MMC_ABSENT) {
        return result;
    }
    if (seen != (1u << PARAMETERS) - 1) {
        return MMC_CONTRADICTORY;
    }
    *out = state;
    return MMC_OK;
}
