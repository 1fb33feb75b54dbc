/* SPDX-License-Identifier: MIT */
/*
 * How the parsers of api/mmc fail. Nothing here does I/O, allocates or keeps state: every function
 * may be called by any thread. A parser reads nothing beyond the length that it is given, and
 * writes its out-parameters on success only.
 */
#ifndef VCDR_API_MMC_RESULT_H
#define VCDR_API_MMC_RESULT_H

enum mmc_result {
    MMC_OK = 0,
    MMC_SHORT = -1,         /* fewer bytes than the reply announces or its fields need */
    MMC_CONTRADICTORY = -2, /* the reply does not agree with itself or with what was asked */
    MMC_ABSENT = -3,        /* a whole reply, in which what was asked for does not occur */
    MMC_NO_ROOM = -4,       /* the caller's array or buffer is too small */
    MMC_RANGE = -5,         /* an argument cannot be put into its field */
};

#endif
