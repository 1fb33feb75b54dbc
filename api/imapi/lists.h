/* SPDX-License-Identifier: MIT */
/*
 * What a drive says it can, as the arrays of VT_I4 that IDiscRecorder2 hands out: feature codes,
 * profiles, mode pages, in the drive's own order. Any thread.
 */
#ifndef VCDR_API_IMAPI_LISTS_H
#define VCDR_API_IMAPI_LISTS_H

#include <stdbool.h>
#include "api/imapi/drive.h"

/* `current`: those alone that the medium that is in makes current. */
HRESULT list_features(struct drive *drive, bool current, SAFEARRAY **out);
HRESULT list_profiles(struct drive *drive, bool current, SAFEARRAY **out);
/* All pages that page 3Fh returns; `current` means nothing here. */
HRESULT list_mode_pages(struct drive *drive, bool current, SAFEARRAY **out);

#endif
