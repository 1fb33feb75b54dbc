/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Is this process a tgtd, and one whose structures are the ones that tgt_facts.h describes? */
#ifndef VCDR_FRONT_TGT_ABI_H
#define VCDR_FRONT_TGT_ABI_H

#include <stdbool.h>

/* tgtd's symbols are there at all; false in any other program that preloads the module. */
bool abi_is_tgtd(void);

/* NULL when the facts hold, else one clause that names what differs (static storage). The first
 * part holds at any time; the whole only when tgtd's own constructors have run. Nothing of tgtd's
 * is to be touched before. */
const char *abi_mismatch_early(void);
const char *abi_mismatch(void);

#endif
