/* SPDX-License-Identifier: MIT */
/*
 * What came of a command, as an HRESULT: one table for each of a transport's results, a drive's
 * sense and a parser's verdict. Pure; any thread.
 */
#ifndef VCDR_API_IMAPI_OUTCOME_H
#define VCDR_API_IMAPI_OUTCOME_H

#include <imapi2.h>
#include <imapi2error.h>
#include "api/mmc/result.h"
#include "api/transport/transport.h"

/* HRESULT_FROM_WIN32 of the three Win32 errors that the pages name by number */
#define OUTCOME_INVALID_HANDLE ((HRESULT)0x80070006)   /* ERROR_INVALID_HANDLE */
#define OUTCOME_HANDLE_EOF ((HRESULT)0x80070026)       /* ERROR_HANDLE_EOF */
#define OUTCOME_DEVICE_NOT_EXIST ((HRESULT)0x80070037) /* ERROR_DEV_NOT_EXIST */

HRESULT outcome_of_transport(enum transport_result result);
/* `sense` is KKAAQQh. Meaning depends on the command: 05/24/00 of a MODE SENSE is a missing page.
 */
HRESULT outcome_of_sense(uint8_t opcode, uint32_t sense);
/* A reply that cannot be read; MMC_ABSENT and MMC_OK are the caller's to judge before. */
HRESULT outcome_of_parse(enum mmc_result result);

#endif
