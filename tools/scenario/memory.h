/* SPDX-License-Identifier: MIT */
/* The verb fail_allocation: an IMallocSpy that refuses one allocation of the next call. */
#ifndef VCDR_TOOLS_SCENARIO_MEMORY_H
#define VCDR_TOOLS_SCENARIO_MEMORY_H

#include <lua.h>
#include <stdbool.h>
#include "com.h"

struct memory_spy {
    IMallocSpy iface;
    bool registered;
    unsigned fail_at; /* of the next call; 0: none */
    unsigned seen;    /* allocations of the call that is being made */
    bool watching;    /* a call with a refusal is being made */
    bool refused;
};

void memory_spy_init(struct memory_spy *spy);
/* Around one call into the API: true if a refusal is due in it, and then memory_end says whether
 * the refusal was reached. */
bool memory_begin(struct memory_spy *spy);
bool memory_end(struct memory_spy *spy);
/* Around a handler of the scenario, which is no part of the call: what it was before. */
bool memory_suspend(void);
void memory_resume(bool before);

int scene_fail_allocation(lua_State *L);

#endif
