/* SPDX-License-Identifier: MIT */
/* The record of a drive as a list of tables. */
#ifndef VCDR_TOOLS_SCENARIO_RECORD_H
#define VCDR_TOOLS_SCENARIO_RECORD_H

#include <lua.h>

int scene_record_lines(lua_State *L);
int scene_record_mark(lua_State *L);
int scene_record_await(lua_State *L);

#endif
