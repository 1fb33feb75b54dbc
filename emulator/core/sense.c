/* SPDX-License-Identifier: MIT */
#include "core.h"

#include <string.h>

void sense_put(uint8_t *p, uint32_t sense, const uint32_t *information)
{
    memset(p, 0, VCDR_SENSE_BYTES);
    p[0] = information != NULL ? 0xF0 : 0x70; /* VALID, current, fixed format */
    p[2] = (uint8_t)(sense >> 16);
    if (information != NULL)
        put_be32(p + 3, *information);
    p[7] = VCDR_SENSE_BYTES - 8;
    p[12] = (uint8_t)(sense >> 8);
    p[13] = (uint8_t)sense;
}
