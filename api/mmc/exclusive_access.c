/* SPDX-License-Identifier: MIT */
#include "api/mmc/exclusive_access.h"

#include <string.h>
#include <vcdr/codes.h>

#define PAGE_LENGTH_FIELD (EXCLUSIVE_PAGE_LENGTH - 2)
#define NAME_AT 8

enum mmc_result mmc_exclusive_feature_parse(const struct mmc_feature *feature,
                                            struct mmc_exclusive_feature *out)
{
    const uint8_t *d = feature->data;

    if (feature->code != FEATURE_VCDR) {
        return MMC_CONTRADICTORY;
    }
    if (feature->len < 8) {
        return MMC_SHORT;
    }
    if (memcmp(d, "VCDR", 4) != 0 || d[4] != 1) {
        return MMC_CONTRADICTORY;
    }
    out->protocol = d[4];
    out->longest_name = d[5];
    out->mode_page = d[6];
    out->log_page = d[7];
    return MMC_OK;
}

enum mmc_result mmc_exclusive_state_parse(const uint8_t *page, size_t len,
                                          struct mmc_exclusive_state *out)
{
    struct mmc_exclusive_state state = {0};

    if (len < EXCLUSIVE_PAGE_LENGTH) {
        return MMC_SHORT;
    }
    if ((page[0] & 0x3F) != PAGE_EXCLUSIVE_ACCESS || page[1] != PAGE_LENGTH_FIELD || page[4] > 1 ||
        page[NAME_AT + EXCLUSIVE_NAME_FIELD - 1] != 0) {
        return MMC_CONTRADICTORY;
    }
    state.flags = page[3];
    state.locked = page[4];
    state.mine = page[5] & 0x01;
    state.by_reserve = page[5] & 0x02;
    memcpy(state.owner, page + NAME_AT, EXCLUSIVE_NAME_FIELD);
    if (state.locked != (state.owner[0] != '\0') || (!state.locked && page[5] != 0)) {
        return MMC_CONTRADICTORY;
    }
    *out = state;
    return MMC_OK;
}

static void begin(uint8_t request, uint8_t flags, uint8_t page[72])
{
    memset(page, 0, EXCLUSIVE_PAGE_LENGTH);
    page[0] = PAGE_EXCLUSIVE_ACCESS;
    page[1] = PAGE_LENGTH_FIELD;
    page[2] = request;
    page[3] = flags;
}

enum mmc_result mmc_exclusive_lock_page(const char *name, uint8_t flags, uint8_t page[72])
{
    size_t len = strnlen(name, EXCLUSIVE_NAME_FIELD);

    if (len == 0 || len >= EXCLUSIVE_NAME_FIELD) {
        return MMC_RANGE;
    }
    begin(EXCLUSIVE_REQUEST_LOCK, flags, page);
    memcpy(page + NAME_AT, name, len);
    return MMC_OK;
}

void mmc_exclusive_unlock_page(uint8_t flags, uint8_t page[72])
{
    begin(EXCLUSIVE_REQUEST_UNLOCK, flags, page);
}
