/* SPDX-License-Identifier: MIT */
#include "api/mmc/write_parameters.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/bytes.h"

#define MCN_AT 16
#define MCN_LETTERS 13
#define ISRC_AT 32
#define ISRC_LETTERS 12

static bool is_page(const uint8_t *page, size_t len)
{
    return (page[0] & 0x3F) == PAGE_WRITE_PARAMETERS && (size_t)page[1] + 2 <= len &&
           page[1] + 2 >= MMC_WRITE_PARAMETERS_BYTES;
}

static bool letter(uint8_t c, bool digits_only)
{
    return (c >= '0' && c <= '9') || (!digits_only && c >= 'A' && c <= 'Z');
}

/* A valid bit and a code of letters: the MCN and the ISRC. False when it is valid and no such code.
 */
static bool get_code(const uint8_t *field, size_t letters, bool digits_only, char *out)
{
    out[0] = '\0';
    if (!(field[0] & 0x80)) {
        return true;
    }
    for (size_t i = 0; i < letters; i++) {
        if (!letter(field[1 + i], digits_only)) {
            return false;
        }
    }
    memcpy(out, field + 1, letters);
    out[letters] = '\0';
    return true;
}

static bool code_fits(const char *code, size_t size, size_t letters, bool digits_only)
{
    size_t len = strnlen(code, size);

    for (size_t i = 0; i < len; i++) {
        if (!letter((uint8_t)code[i], digits_only)) {
            return false;
        }
    }
    return len == 0 || len == letters;
}

/* The field is 16 bytes: valid bit, letters, a zero, and a frame number that the drive fills in. */
static void put_code(const char *code, size_t letters, uint8_t field[16])
{
    memset(field, 0, 16);
    if (code[0] != '\0') {
        field[0] = 0x80;
        memcpy(field + 1, code, letters);
    }
}

enum mmc_result mmc_write_parameters_parse(const uint8_t *page, size_t len,
                                           struct mmc_write_parameters *out)
{
    struct mmc_write_parameters w = {0};

    if (len < MMC_WRITE_PARAMETERS_BYTES) {
        return MMC_SHORT;
    }
    if (!is_page(page, len) || !get_code(page + MCN_AT, MCN_LETTERS, true, w.mcn) ||
        !get_code(page + ISRC_AT, ISRC_LETTERS, false, w.isrc)) {
        return MMC_CONTRADICTORY;
    }
    w.buffer_underrun_free = page[2] & 0x40;
    w.test_write = page[2] & 0x10;
    w.write_type = page[2] & 0x0F;
    w.multi_session = page[3] >> 6;
    w.fixed_packet = page[3] & 0x20;
    w.copy = page[3] & 0x10;
    w.track_mode = page[3] & 0x0F;
    w.block_type = page[4] & 0x0F;
    w.session_format = page[8];
    w.audio_pause_blocks = get_be16(page + 14);
    *out = w;
    return MMC_OK;
}

enum mmc_result mmc_write_parameters_put(const struct mmc_write_parameters *w, uint8_t *page,
                                         size_t len)
{
    if (len < MMC_WRITE_PARAMETERS_BYTES) {
        return MMC_SHORT;
    }
    if (!is_page(page, len)) {
        return MMC_CONTRADICTORY;
    }
    if (w->write_type > 0x0F || w->multi_session > 3 || w->track_mode > 0x0F ||
        w->block_type > 0x0F || !code_fits(w->mcn, sizeof(w->mcn), MCN_LETTERS, true) ||
        !code_fits(w->isrc, sizeof(w->isrc), ISRC_LETTERS, false)) {
        return MMC_RANGE;
    }
    page[2] = (uint8_t)((page[2] & 0xA0) | (w->buffer_underrun_free ? 0x40 : 0) |
                        (w->test_write ? 0x10 : 0) | w->write_type);
    page[3] = (uint8_t)(w->multi_session << 6 | (w->fixed_packet ? 0x20 : 0) |
                        (w->copy ? 0x10 : 0) | w->track_mode);
    page[4] = (uint8_t)((page[4] & 0xF0) | w->block_type);
    page[8] = w->session_format;
    put_be16(page + 14, w->audio_pause_blocks);
    put_code(w->mcn, MCN_LETTERS, page + MCN_AT);
    put_code(w->isrc, ISRC_LETTERS, page + ISRC_AT);
    return MMC_OK;
}
