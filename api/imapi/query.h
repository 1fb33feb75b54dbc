/* SPDX-License-Identifier: MIT */
/*
 * Questions to a drive and their parsed answers, a function each: a CDB of api/mmc, its reply read
 * by api/mmc. A reply that contradicts itself is E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE.
 */
#ifndef VCDR_API_IMAPI_QUERY_H
#define VCDR_API_IMAPI_QUERY_H

#include "api/imapi/drive.h"
#include "api/mmc/mmc.h"

HRESULT query_inquiry(struct drive *drive, struct mmc_inquiry *out);
/* Whether the drive speaks the wire extension; a drive without GET CONFIGURATION does not. */
HRESULT query_extension(struct drive *drive, bool *out);
HRESULT query_exclusive_state(struct drive *drive, struct mmc_exclusive_state *out);

/* The whole reply of GET CONFIGURATION; *data is the caller's, freed by CoTaskMemFree. */
HRESULT query_configuration(struct drive *drive, enum mmc_configuration_request request,
                            uint8_t **data, size_t *len);
/* The current profile; PROFILE_NONE without a medium. */
HRESULT query_profile(struct drive *drive, uint16_t *profile);

/* Whether the drive closes its own tray: feature 0003h. */
HRESULT query_can_load(struct drive *drive, bool *out);

/* Current values of a mode page, from its code byte on. *len is the page's whole length. */
#define QUERY_PAGE_BYTES 257 /* the longest page: a length byte of FFh */
HRESULT query_mode_page(struct drive *drive, uint8_t code, uint8_t page[QUERY_PAGE_BYTES],
                        size_t *len);
/* All pages' codes, at most `room` of them. */
HRESULT query_mode_page_codes(struct drive *drive, uint8_t *codes, size_t room, size_t *count);
HRESULT query_select_page(struct drive *drive, const uint8_t *page, size_t len);
HRESULT query_capabilities(struct drive *drive, struct mmc_capabilities *out);

/* These repeat while the drive is busy with something long. */
HRESULT query_disc(struct drive *drive, struct mmc_disc_information *out);
HRESULT query_track(struct drive *drive, uint32_t number, struct mmc_track_information *out);
/* The track that would be written next; S_FALSE where there is none: the disc is full or finished.
 */
HRESULT query_next_track(struct drive *drive, struct mmc_track_information *out);
HRESULT query_toc(struct drive *drive, struct mmc_toc *out);
HRESULT query_atip(struct drive *drive, struct mmc_atip *out);

/* GET PERFORMANCE of type 03h, at most `room` speeds. */
HRESULT query_write_speeds(struct drive *drive, struct mmc_performance_speed *out, size_t room,
                           size_t *count);

#endif
