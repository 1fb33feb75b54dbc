/* SPDX-License-Identifier: MIT */
/*
 * A part of the scenario that runs in a process of its own: a function, in a copy of the state. It
 * and the scenario tell each other words. It can be killed, or cut off.
 */
#ifndef VCDR_TOOLS_SCENARIO_PROCESS_H
#define VCDR_TOOLS_SCENARIO_PROCESS_H

#include <lua.h>
#include <stdbool.h>

#define KIND_PROCESS "process"

bool process_test(lua_State *L, int index);
/* Breaks the connections of one that runs; how many. */
unsigned process_cut(lua_State *L, int index);

int scene_process(lua_State *L);
int scene_tell(lua_State *L); /* in the process */
int scene_hear(lua_State *L);
int scene_stay(lua_State *L);
int scene_kill(lua_State *L);
int scene_process_tell(lua_State *L); /* from outside */
int scene_process_hear(lua_State *L);
int scene_process_finish(lua_State *L);

/* An error of the scenario if one is neither finished nor killed. */
void process_check_all(lua_State *L);
void process_install(lua_State *L);

#endif
