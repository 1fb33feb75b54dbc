/* SPDX-License-Identifier: MIT */
#include "api/mmc/event.h"

#include <string.h>
#include "api/mmc/bytes.h"

#define HEADER_BYTES 4
#define CLASS_MEDIA 4

enum mmc_result mmc_event_parse(const void *data, size_t len, struct mmc_event *out)
{
    const uint8_t *p = data;
    struct mmc_event event = {0};

    if (len < HEADER_BYTES) {
        return MMC_SHORT;
    }
    event.supported = p[3];
    event.none_available = p[2] & 0x80;
    if (!event.none_available) {
        if (get_be16(p) < 2 + 4) {
            return MMC_CONTRADICTORY;
        }
        if (len < MMC_EVENT_BYTES) {
            return MMC_SHORT;
        }
        event.notification_class = p[2] & 0x07;
        event.code = p[4] & 0x0F;
        memcpy(event.status, p + 5, 3);
        if (event.notification_class == CLASS_MEDIA) {
            event.medium_present = p[5] & 0x02;
            event.tray_open = p[5] & 0x01;
        }
    }
    *out = event;
    return MMC_OK;
}
