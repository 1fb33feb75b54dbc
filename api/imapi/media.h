/* SPDX-License-Identifier: MIT */
/*
 * The disc in a drive: its physical type, whether it is blank, and how much audio goes onto it.
 * Everything is asked of the drive each time; nothing is kept. Any thread.
 */
#ifndef VCDR_API_IMAPI_MEDIA_H
#define VCDR_API_IMAPI_MEDIA_H

#include <stdbool.h>
#include <stdint.h>
#include "api/imapi/drive.h"

/* IMAPI_MEDIA_TYPE_UNKNOWN for an empty drive. A closed CD-R that calls itself a CD-ROM is known by
 * its ATIP. Succeeds also while another nexus holds the drive, if the profile tells enough. */
HRESULT media_physical_type(struct drive *drive, IMAPI_MEDIA_PHYSICAL_TYPE *out);
/* The profile's physical type, as far as the profile alone tells. */
IMAPI_MEDIA_PHYSICAL_TYPE media_type_of_profile(uint16_t profile);

/* What READ DISC INFORMATION says. MEDIA_NO_MEDIA for an empty drive. */
HRESULT media_blank(struct drive *drive, bool *out);

/* In blocks; a track's two run-out blocks and the 150 of the gap before it are taken off. */
struct media_space {
    int32_t next_lba; /* where the next track begins; meaningless when `free` is 0 */
    LONG total;       /* for one track that fills the blank disc */
    LONG free;        /* for one more track */
    LONG used;        /* total - free: tracks and what lies between them */
};
HRESULT media_space(struct drive *drive, struct media_space *out);

#endif
