/* SPDX-License-Identifier: MIT */
#include "api/imapi/lists.h"

#include <imapi2error.h>
#include <vcdr/codes.h>
#include "api/imapi/arrays.h"
#include "api/imapi/outcome.h"
#include "api/imapi/query.h"

#define MOST_CODES 256

struct codes {
    LONG values[MOST_CODES];
    ULONG count;
};

static void add(struct codes *codes, LONG value)
{
    if (codes->count < MOST_CODES) {
        codes->values[codes->count++] = value;
    }
}

static HRESULT add_features(struct codes *codes, const uint8_t *reply, size_t len, bool current)
{
    struct mmc_feature feature;
    enum mmc_result result;
    size_t offset = 0;

    while ((result = mmc_feature_next(reply, len, &offset, &feature)) == MMC_OK) {
        if (!current || feature.current) {
            add(codes, feature.code);
        }
    }
    return result == MMC_ABSENT ? S_OK : outcome_of_parse(result);
}

static HRESULT add_profiles(struct codes *codes, const uint8_t *reply, size_t len, bool current)
{
    struct mmc_profile profiles[MOST_CODES];
    struct mmc_feature list;
    size_t count;
    enum mmc_result result = mmc_feature_find(reply, len, FEATURE_PROFILE_LIST, &list);

    if (result == MMC_OK) {
        result = mmc_profiles(&list, profiles, MOST_CODES, &count);
    }
    if (result != MMC_OK) {
        return result == MMC_ABSENT ? E_IMAPI_RECORDER_NO_SUCH_FEATURE : outcome_of_parse(result);
    }
    for (size_t i = 0; i < count; i++) {
        if (!current || profiles[i].current) {
            add(codes, profiles[i].profile);
        }
    }
    return S_OK;
}

typedef HRESULT (*add_fn)(struct codes *codes, const uint8_t *reply, size_t len, bool current);

static HRESULT of_configuration(struct drive *drive, add_fn add_all, bool current, SAFEARRAY **out)
{
    struct codes codes = {.count = 0};
    uint8_t *reply;
    size_t len;
    HRESULT hr = query_configuration(drive, MMC_CONFIGURATION_ALL, &reply, &len);

    if (SUCCEEDED(hr)) {
        hr = add_all(&codes, reply, len, current);
        CoTaskMemFree(reply);
    }
    return FAILED(hr) ? hr : array_of_longs(codes.values, codes.count, VT_I4, out);
}

HRESULT list_features(struct drive *drive, bool current, SAFEARRAY **out)
{
    return of_configuration(drive, add_features, current, out);
}

HRESULT list_profiles(struct drive *drive, bool current, SAFEARRAY **out)
{
    return of_configuration(drive, add_profiles, current, out);
}

HRESULT list_mode_pages(struct drive *drive, bool current, SAFEARRAY **out)
{
    struct codes codes = {.count = 0};
    uint8_t pages[64];
    size_t count;
    HRESULT hr = query_mode_page_codes(drive, pages, sizeof(pages), &count);

    (void)current;
    for (size_t i = 0; SUCCEEDED(hr) && i < count; i++) {
        add(&codes, pages[i]);
    }
    return FAILED(hr) ? hr : array_of_longs(codes.values, codes.count, VT_I4, out);
}
