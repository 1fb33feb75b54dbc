/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Compiles where the module's facts are those of tgt's own headers; check_facts does so. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "list.h"
#include "tgtd.h"
#include "driver.h"
#include "target.h"
#include "scsi.h"
#include "tgtadm.h"
#include "iscsi/iscsid.h"

#include "tgt_numbers.h" /* made by check_facts: our enum, which no header of tgt's may meet */

#define TGT_SIZE(ours, theirs, size) _Static_assert(sizeof(struct theirs) == (size), #theirs);
#define TGT_FACT(ours, our_member, theirs, their_member, offset)                                   \
    _Static_assert(__builtin_offsetof(struct theirs, their_member) == (offset),                    \
                   #theirs "." #their_member);
#define TGT_NUMBER(ours, theirs) _Static_assert((ours) == (int)(theirs), #theirs);
#include "facts.def"
