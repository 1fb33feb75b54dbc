/* SPDX-License-Identifier: MIT */
/* Status and sense in the standards' words (SAM-3 5.3, SPC-3 4.5.6 and annex D, MMC-6 annex F). */
#ifndef VCDR_TOOLS_SENSE_TEXT_H
#define VCDR_TOOLS_SENSE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Never NULL; static storage. */
const char *status_text(uint8_t status);
const char *sense_key_text(uint8_t key);

/* NULL for a code that the table does not know. */
const char *sense_code_text(uint8_t asc, uint8_t ascq);

#endif
