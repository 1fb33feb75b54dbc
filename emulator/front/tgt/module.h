/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The module as tgt sees it: the backing store type "sgvcdr". It comes to tgtd in one of two ways:
 * preloaded (LD_PRELOAD, with VCDR_TGT_SETTINGS in the environment: a private daemon, daemon.h), or
 * found in tgt's module folder (register_bs_module: targets and units are made by tgtadm).
 */
#ifndef VCDR_FRONT_TGT_MODULE_H
#define VCDR_FRONT_TGT_MODULE_H

#include "tgt_facts.h"

#define MODULE_REFUSAL "%s: this tgtd is not one that the module knows (64 bit, 1.0.46 to 1.0.97)"

/* Registers the type, once. 0, or -1 when another copy of the module has done it. */
int module_register(void);

/* Our unit at LUN 0 of a target that has none, not powered on. NULL when tgt refuses. */
struct tgt_unit *module_make_unit(int tid);

#endif
