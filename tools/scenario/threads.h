/* SPDX-License-Identifier: MIT */
/* Calls on another thread: one prepared call a thread; Lua's state is not shared. */
#ifndef VCDR_TOOLS_SCENARIO_THREADS_H
#define VCDR_TOOLS_SCENARIO_THREADS_H

#include <lua.h>

int scene_in_thread(lua_State *L);
int scene_start(lua_State *L);
int scene_finish(lua_State *L);
void threads_install(lua_State *L);

#endif
