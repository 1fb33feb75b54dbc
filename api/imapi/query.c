/* SPDX-License-Identifier: MIT */
#include "api/imapi/query.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/imapi/command.h"
#include "api/imapi/outcome.h"

/* How long a question waits for a drive that closes or writes (reference: mmc-cdr 1.3, Windows). */
#define PATIENCE_MS 4000
#define MODE_REPLY_BYTES 512

static HRESULT ask(struct drive *drive, struct drive_command *command, void *in, size_t in_size)
{
    command->in = in;
    command->in_size = in_size;
    return drive_execute(drive, command);
}

HRESULT query_inquiry(struct drive *drive, struct mmc_inquiry *out)
{
    struct drive_command command = {0};
    uint8_t reply[MMC_INQUIRY_BYTES];
    HRESULT hr;

    command.cdb_len = mmc_cdb_inquiry(command.cdb, sizeof(reply));
    hr = ask(drive, &command, reply, sizeof(reply));
    return FAILED(hr) ? hr : outcome_of_parse(mmc_inquiry_parse(reply, command.in_len, out));
}

/* 05/20 or 05/24: what was asked for is not there. */
static bool knows_no_such(const struct drive_command *command)
{
    return command->sense == SENSE_INVALID_OPCODE || command->sense == SENSE_INVALID_FIELD_IN_CDB;
}

static HRESULT configuration(struct drive *drive, enum mmc_configuration_request request,
                             void *reply, size_t size, size_t *len)
{
    struct drive_command command = {0};
    HRESULT hr;

    command.cdb_len = mmc_cdb_get_configuration(command.cdb, request, 0, (uint16_t)size);
    hr = ask(drive, &command, reply, size);
    *len = command.in_len;
    return hr;
}

HRESULT query_extension(struct drive *drive, bool *out)
{
    struct mmc_exclusive_feature extension;
    struct mmc_feature feature;
    uint8_t reply[MMC_CONFIGURATION_HEADER_BYTES + 256 + 4];
    struct drive_command command = {0};
    HRESULT hr;

    command.cdb_len =
        mmc_cdb_get_configuration(command.cdb, MMC_CONFIGURATION_ONE, FEATURE_VCDR, sizeof(reply));
    hr = ask(drive, &command, reply, sizeof(reply));
    if (FAILED(hr) && !knows_no_such(&command)) {
        return hr;
    }
    *out = SUCCEEDED(hr) &&
           mmc_feature_find(reply, command.in_len, FEATURE_VCDR, &feature) == MMC_OK &&
           mmc_exclusive_feature_parse(&feature, &extension) == MMC_OK;
    return S_OK;
}

HRESULT query_configuration(struct drive *drive, enum mmc_configuration_request request,
                            uint8_t **data, size_t *len)
{
    uint8_t head[MMC_CONFIGURATION_HEADER_BYTES];
    struct mmc_configuration_header header;
    uint8_t *reply;
    HRESULT hr = configuration(drive, request, head, sizeof(head), len);

    if (SUCCEEDED(hr)) {
        hr = outcome_of_parse(mmc_configuration_header(head, *len, &header));
    }
    if (FAILED(hr)) {
        return hr;
    }
    if (header.total > UINT16_MAX) {
        header.total = UINT16_MAX;
    }
    reply = CoTaskMemAlloc(header.total);
    if (reply == NULL) {
        return E_OUTOFMEMORY;
    }
    hr = configuration(drive, request, reply, header.total, len);
    if (FAILED(hr)) {
        CoTaskMemFree(reply);
        return hr;
    }
    *data = reply;
    return S_OK;
}

HRESULT query_profile(struct drive *drive, uint16_t *profile)
{
    uint8_t head[MMC_CONFIGURATION_HEADER_BYTES];
    struct mmc_configuration_header header;
    size_t len;
    HRESULT hr = configuration(drive, MMC_CONFIGURATION_ALL, head, sizeof(head), &len);

    if (SUCCEEDED(hr)) {
        hr = outcome_of_parse(mmc_configuration_header(head, len, &header));
    }
    if (SUCCEEDED(hr)) {
        *profile = header.profile;
    }
    return hr;
}

HRESULT query_can_load(struct drive *drive, bool *out)
{
    struct mmc_removable_medium medium;
    struct mmc_feature feature;
    enum mmc_result result;
    uint8_t *reply;
    size_t len;
    HRESULT hr = query_configuration(drive, MMC_CONFIGURATION_ALL, &reply, &len);

    if (FAILED(hr)) {
        return hr;
    }
    result = mmc_feature_find(reply, len, FEATURE_REMOVABLE_MEDIUM, &feature);
    if (result == MMC_OK) {
        result = mmc_removable_medium(&feature, &medium);
    }
    CoTaskMemFree(reply);
    if (result != MMC_OK && result != MMC_ABSENT) {
        return outcome_of_parse(result);
    }
    *out = result == MMC_OK && medium.can_load;
    return S_OK;
}

static HRESULT mode_sense(struct drive *drive, uint8_t code, uint8_t *reply, size_t size,
                          size_t *len)
{
    struct drive_command command = {0};
    HRESULT hr;

    command.cdb_len = mmc_cdb_mode_sense(command.cdb, PAGE_CONTROL_CURRENT, code, (uint16_t)size);
    hr = ask(drive, &command, reply, size);
    *len = command.in_len;
    return hr;
}

HRESULT query_mode_page(struct drive *drive, uint8_t code, uint8_t page[QUERY_PAGE_BYTES],
                        size_t *len)
{
    uint8_t reply[MODE_REPLY_BYTES];
    struct mmc_mode_page found;
    size_t got;
    HRESULT hr = mode_sense(drive, code, reply, sizeof(reply), &got);

    if (SUCCEEDED(hr)) {
        hr = outcome_of_parse(mmc_mode_page_find(reply, got, code, &found));
    }
    if (SUCCEEDED(hr)) {
        memcpy(page, found.bytes, found.len);
        *len = found.len;
    }
    return hr;
}

HRESULT query_mode_page_codes(struct drive *drive, uint8_t *codes, size_t room, size_t *count)
{
    uint8_t reply[4096];
    struct mmc_mode_page page;
    enum mmc_result result;
    size_t got, offset = 0, n = 0;
    HRESULT hr = mode_sense(drive, PAGE_ALL, reply, sizeof(reply), &got);

    if (FAILED(hr)) {
        return hr;
    }
    while ((result = mmc_mode_page_next(reply, got, &offset, &page)) == MMC_OK) {
        if (n < room) {
            codes[n++] = page.code;
        }
    }
    if (result != MMC_ABSENT) {
        return outcome_of_parse(result);
    }
    *count = n;
    return S_OK;
}

HRESULT query_select_page(struct drive *drive, const uint8_t *page, size_t len)
{
    struct drive_command command = {0};
    uint8_t list[MMC_MODE_HEADER_BYTES + QUERY_PAGE_BYTES];
    HRESULT hr =
        outcome_of_parse(mmc_mode_select_list(page, len, list, sizeof(list), &command.out_len));

    if (FAILED(hr)) {
        return hr;
    }
    command.cdb_len = mmc_cdb_mode_select(command.cdb, (uint16_t)command.out_len);
    command.out = list;
    return drive_execute(drive, &command);
}

HRESULT query_exclusive_state(struct drive *drive, struct mmc_exclusive_state *out)
{
    uint8_t page[QUERY_PAGE_BYTES];
    size_t len;
    HRESULT hr = query_mode_page(drive, PAGE_EXCLUSIVE_ACCESS, page, &len);

    return FAILED(hr) ? hr : outcome_of_parse(mmc_exclusive_state_parse(page, len, out));
}

HRESULT query_capabilities(struct drive *drive, struct mmc_capabilities *out)
{
    uint8_t page[QUERY_PAGE_BYTES];
    size_t len;
    HRESULT hr = query_mode_page(drive, PAGE_CAPABILITIES, page, &len);

    return FAILED(hr) ? hr : outcome_of_parse(mmc_capabilities_parse(page, len, out));
}

HRESULT query_disc(struct drive *drive, struct mmc_disc_information *out)
{
    struct drive_command command = {.patience_ms = PATIENCE_MS};
    uint8_t reply[MMC_DISC_INFORMATION_BYTES];
    HRESULT hr;

    command.cdb_len = mmc_cdb_read_disc_information(command.cdb, sizeof(reply));
    hr = ask(drive, &command, reply, sizeof(reply));
    return FAILED(hr) ? hr
                      : outcome_of_parse(mmc_disc_information_parse(reply, command.in_len, out));
}

static HRESULT track_information(struct drive *drive, struct drive_command *command,
                                 uint32_t number, struct mmc_track_information *out)
{
    uint8_t reply[MMC_TRACK_INFORMATION_BYTES];
    HRESULT hr;

    command->patience_ms = PATIENCE_MS;
    command->cdb_len =
        mmc_cdb_read_track_information(command->cdb, MMC_TRACK_BY_NUMBER, number, sizeof(reply));
    hr = ask(drive, command, reply, sizeof(reply));
    return FAILED(hr) ? hr
                      : outcome_of_parse(mmc_track_information_parse(reply, command->in_len, out));
}

HRESULT query_track(struct drive *drive, uint32_t number, struct mmc_track_information *out)
{
    struct drive_command command = {0};

    return track_information(drive, &command, number, out);
}

HRESULT query_next_track(struct drive *drive, struct mmc_track_information *out)
{
    struct drive_command command = {0};
    HRESULT hr = track_information(drive, &command, MMC_TRACK_INVISIBLE, out);

    if (knows_no_such(&command) || hr == E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE) {
        return S_FALSE;
    }
    return hr;
}

HRESULT query_toc(struct drive *drive, struct mmc_toc *out)
{
    struct drive_command command = {.patience_ms = PATIENCE_MS};
    uint8_t reply[MMC_TOC_BYTES];
    HRESULT hr;

    command.cdb_len = mmc_cdb_read_toc(command.cdb, MMC_TOC, false, 0, sizeof(reply));
    hr = ask(drive, &command, reply, sizeof(reply));
    return FAILED(hr) ? hr : outcome_of_parse(mmc_toc_parse(reply, command.in_len, false, out));
}

HRESULT query_atip(struct drive *drive, struct mmc_atip *out)
{
    struct drive_command command = {.patience_ms = PATIENCE_MS};
    uint8_t reply[MMC_ATIP_BYTES];
    HRESULT hr;

    command.cdb_len = mmc_cdb_read_toc(command.cdb, MMC_TOC_ATIP, true, 0, sizeof(reply));
    hr = ask(drive, &command, reply, sizeof(reply));
    return FAILED(hr) ? hr : outcome_of_parse(mmc_atip_parse(reply, command.in_len, out));
}

HRESULT query_write_speeds(struct drive *drive, struct mmc_performance_speed *out, size_t room,
                           size_t *count)
{
    struct drive_command command = {0};
    uint8_t reply[MMC_PERFORMANCE_BYTES(MMC_CAPABILITIES_MOST_SPEEDS)];
    size_t n;
    HRESULT hr;

    command.cdb_len = mmc_cdb_get_write_speeds(command.cdb, MMC_CAPABILITIES_MOST_SPEEDS);
    hr = ask(drive, &command, reply, sizeof(reply));
    if (SUCCEEDED(hr)) {
        hr = outcome_of_parse(mmc_performance_count(reply, command.in_len, &n));
    }
    if (FAILED(hr)) {
        return hr;
    }
    n = n < room ? n : room;
    n = n < MMC_CAPABILITIES_MOST_SPEEDS ? n : MMC_CAPABILITIES_MOST_SPEEDS;
    for (size_t i = 0; i < n; i++) {
        hr = outcome_of_parse(mmc_performance_speed(reply, command.in_len, i, &out[i]));
        if (FAILED(hr)) {
            return hr;
        }
    }
    *count = n;
    return S_OK;
}
