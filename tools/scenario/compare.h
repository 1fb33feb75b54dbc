/* SPDX-License-Identifier: MIT */
/* Whether values are the same, or what was expected of them. */
#ifndef VCDR_TOOLS_SCENARIO_COMPARE_H
#define VCDR_TOOLS_SCENARIO_COMPARE_H

#include <lua.h>
#include <stdbool.h>

/* The same through and through. */
bool compare_same(lua_State *L, int a, int b);
/* As the pattern has it: a table's keys are those that it names (others may be there), the verb
 * `null` stands for a value that is not there, a string for an event of that name. */
bool compare_like(lua_State *L, int value, int pattern);

#endif
