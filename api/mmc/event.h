/* SPDX-License-Identifier: MIT */
/* GET EVENT STATUS NOTIFICATION (MMC-6 6.6). */
#ifndef VCDR_API_MMC_EVENT_H
#define VCDR_API_MMC_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "api/mmc/result.h"

#define MMC_EVENT_BYTES 8
#define MMC_EVENT_MASK_OPERATIONAL 0x02
#define MMC_EVENT_MASK_POWER 0x04
#define MMC_EVENT_MASK_EXTERNAL 0x08
#define MMC_EVENT_MASK_MEDIA 0x10
#define MMC_EVENT_MASK_MULTI_HOST 0x20
#define MMC_EVENT_MASK_BUSY 0x40

enum mmc_media_event {
    MMC_MEDIA_NO_CHANGE = 0,
    MMC_MEDIA_EJECT_REQUEST = 1,
    MMC_MEDIA_NEW = 2,
    MMC_MEDIA_REMOVAL = 3,
    MMC_MEDIA_CHANGED = 4,
};

struct mmc_event {
    uint8_t supported;   /* mask of the classes that the drive has */
    bool none_available; /* NEA: no class that was asked for is one that it has */
    uint8_t
        notification_class; /* 1 operational, 2 power, 3 external, 4 media, 6 busy; 0 with NEA */
    uint8_t code;           /* low nibble of the descriptor's first byte */
    uint8_t status[3];      /* the rest of the descriptor */
    bool medium_present, tray_open; /* class 4 only */
};
enum mmc_result mmc_event_parse(const void *data, size_t len, struct mmc_event *out);

#endif
