/* SPDX-License-Identifier: MIT */
/* The verb `needs`: what a scenario cannot do without. */
#ifndef VCDR_TOOLS_SCENARIO_NEEDS_H
#define VCDR_TOOLS_SCENARIO_NEEDS_H

#include <lua.h>

int scene_needs(lua_State *L);

#endif
