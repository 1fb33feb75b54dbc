/* SPDX-License-Identifier: MIT */
/* The mode pages: their bytes, and what of them can change (SPC-3 7.4, MMC-6 7). */
#include "mode.h"

#include <string.h>

/* No field is a promise that nothing keeps: error recovery and audio have no effect on a disc
 * without errors and a drive without an audio port, but hosts set them; timers that the drive does
 * not have cannot be set. */

/* clang-format off */
static const uint8_t read_error_recovery_default[12] = {
    PAGE_READ_ERROR_RECOVERY, 10, 0, 1, /* read retries */
    0, 0, 0, 0, 1,                      /* write retries */
};
static const uint8_t read_error_recovery_changeable[12] = {
    PAGE_READ_ERROR_RECOVERY, 10, 0x37, 0xFF, /* TB, RC, PER, DTE, DCR; read retries */
    0, 0, 0, 0, 0xFF,
};

static const uint8_t cd_device_parameters_default[8] = {
    PAGE_CD_DEVICE_PARAMETERS, 6, 0, 0, 0, 60, 0, 75, /* S an M, F an S */
};
static const uint8_t cd_device_parameters_changeable[8] = {
    PAGE_CD_DEVICE_PARAMETERS, 6, 0, 0x0F, /* inactivity timer multiplier */
};

static const uint8_t cd_audio_control_default[16] = {
    PAGE_CD_AUDIO_CONTROL, 14, 0x04, 0, 0, 0, 0, 0, /* Immed */
    0x01, 0xFF, 0x02, 0xFF,                         /* ports 0 and 1: channel, volume */
};
static const uint8_t cd_audio_control_changeable[16] = {
    PAGE_CD_AUDIO_CONTROL, 14, 0x02, 0, 0, 0, 0, 0, /* SOTC */
    0x0F, 0xFF, 0x0F, 0xFF,
};

/* clang-format on */
static const uint8_t power_condition_default[12] = {PAGE_POWER_CONDITION, 10};
static const uint8_t power_condition_changeable[12] = {PAGE_POWER_CONDITION, 10};

static const uint8_t timeout_and_protect_default[10] = {
    PAGE_TIMEOUT_AND_PROTECT, 8, 0, 0, 0, 0, 0, 10, 0, 60, /* group 1 and 2 minimum, seconds */
};
static const uint8_t timeout_and_protect_changeable[10] = {PAGE_TIMEOUT_AND_PROTECT, 8};

/* Page 2Ah (MMC-3 5.5.10): nothing of it can be set by MODE SELECT. */
static size_t capabilities_sense(const struct command *c, unsigned page_control, uint8_t *page)
{
    const struct vcdr_drive *drive = c->drive;
    bool current = page_control == PAGE_CONTROL_CURRENT;
    const uint16_t *speeds;
    size_t count = speed_table(drive, &speeds), length = 32 + 4 * count;

    memset(page, 0, length);
    page[0] = PAGE_CAPABILITIES;
    page[1] = (uint8_t)(length - 2);
    if (page_control == PAGE_CONTROL_CHANGEABLE)
        return length;
    page[2] = 0x07; /* reads fixed packets by method 2, CD-RW, CD-R */
    page[3] = 0x07; /* Test Write; writes CD-RW, CD-R */
    page[4] = 0xF0; /* BUF, multi-session, mode 2 form 2, mode 2 form 1 */
    /* UPC, ISRC, C2, R-W de-interleaved, R-W, CD-DA is accurate, CD-DA commands */
    page[5] = 0x7F;
    page[6] = 0x29; /* tray, eject, lock */
    if (current && button_locked(drive))
        page[6] |= 0x02;
    put_be16(page + 8, SPEED_FASTEST);
    put_be16(page + 12, BUFFER_BYTES / 1024);
    put_be16(page + 14, current ? drive->read_kbs : SPEED_FASTEST);
    put_be16(page + 18, speeds[0]);
    put_be16(page + 20, current ? drive->write_kbs : speeds[0]);
    put_be16(page + 28, current ? drive->write_kbs : speeds[0]);
    put_be16(page + 30, (uint16_t)count);
    for (size_t i = 0; i < count; i++)
        put_be16(page + 32 + 4 * i + 2, speeds[i]);
    return length;
}

#define PLAIN(field, page_code)                                                                    \
    .code = page_code, .listed = true, .length = sizeof(((struct mode_values *)0)->field),         \
    .values = offsetof(struct mode_values, field), .defaults = field##_default,                    \
    .changeable = field##_changeable

const struct mode_page mode_pages[] = {
    {PLAIN(read_error_recovery, PAGE_READ_ERROR_RECOVERY)},
    {PLAIN(write_parameters, PAGE_WRITE_PARAMETERS), .check = write_parameters_check,
     .applied = write_parameters_applied},
    {PLAIN(cd_device_parameters, PAGE_CD_DEVICE_PARAMETERS)},
    {PLAIN(cd_audio_control, PAGE_CD_AUDIO_CONTROL)},
    {PLAIN(power_condition, PAGE_POWER_CONDITION)},
    {PLAIN(timeout_and_protect, PAGE_TIMEOUT_AND_PROTECT)},
    {.code = PAGE_CAPABILITIES, .listed = true, .sense = capabilities_sense},
    {
        .code = PAGE_EXCLUSIVE_ACCESS,
        .length = EXCLUSIVE_PAGE_LENGTH,
        .sense = exclusive_page_sense,
        .check = exclusive_page_check,
        .apply = exclusive_page_apply,
    },
};
const size_t mode_pages_count = sizeof(mode_pages) / sizeof(mode_pages[0]);

const struct mode_page *mode_page_find(uint8_t code)
{
    for (size_t i = 0; i < mode_pages_count; i++) {
        if (mode_pages[i].code == code)
            return &mode_pages[i];
    }
    return NULL;
}

size_t mode_page_sense(const struct mode_page *row, const struct command *c, unsigned page_control,
                       uint8_t *page)
{
    const uint8_t *from;

    if (row->sense != NULL)
        return row->sense(c, page_control, page);
    if (page_control == PAGE_CONTROL_CHANGEABLE)
        from = row->changeable;
    else if (page_control == PAGE_CONTROL_DEFAULT)
        from = row->defaults;
    else
        from = (const uint8_t *)&c->drive->mode + row->values;
    memcpy(page, from, row->length);
    return row->length;
}

uint32_t mode_page_check_fixed(const struct mode_page *row, const struct command *c,
                               const uint8_t *page)
{
    uint8_t current[MODE_PAGE_ROOM], changeable[MODE_PAGE_ROOM];
    size_t length = mode_page_sense(row, c, PAGE_CONTROL_CURRENT, current);

    mode_page_sense(row, c, PAGE_CONTROL_CHANGEABLE, changeable);
    for (size_t i = 2; i < length; i++) {
        if ((page[i] ^ current[i]) & ~changeable[i] & 0xFF)
            return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    }
    return SENSE_NONE;
}

void mode_reset(struct vcdr_drive *drive)
{
    for (size_t i = 0; i < mode_pages_count; i++) {
        if (mode_pages[i].defaults != NULL)
            memcpy((uint8_t *)&drive->mode + mode_pages[i].values, mode_pages[i].defaults,
                   mode_pages[i].length);
    }
}
