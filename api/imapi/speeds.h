/* SPDX-License-Identifier: MIT */
/*
 * Write speeds of a CD in sectors a second (75 is 1x), as IMAPI counts; drives count kB/s. Asked of
 * the drive each time. Any thread.
 */
#ifndef VCDR_API_IMAPI_SPEEDS_H
#define VCDR_API_IMAPI_SPEEDS_H

#include <stdbool.h>
#include <stdint.h>
#include "api/imapi/drive.h"

#define SPEEDS_MOST 32
#define SPEED_FASTEST (-1)

struct speed {
    LONG sectors_per_second;
    bool cav;      /* rotation is pure CAV */
    uint16_t kb_s; /* as the drive counts; of a wish: not looked at */
};

/* What the drive offers for writing, in its own order: fastest first. */
HRESULT speeds_supported(struct drive *drive, struct speed out[SPEEDS_MOST], size_t *count);
/* What it has selected. */
HRESULT speeds_current(struct drive *drive, struct speed *out);

/* Selects the supported speed nearest to the wish (SPEED_FASTEST: no wish). S_OK, or which of the
 * two differs from the wish: S_IMAPI_SPEEDADJUSTED, ROTATIONADJUSTED, BOTHADJUSTED. */
HRESULT speeds_select(struct drive *drive, struct speed wish);

#endif
