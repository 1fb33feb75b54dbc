/* SPDX-License-Identifier: MIT */
/*
 * Sinks: a handler of the scenario for each Update. Events of another thread's call wait until the
 * scenario finishes that call.
 */
#ifndef VCDR_TOOLS_SCENARIO_EVENTS_H
#define VCDR_TOOLS_SCENARIO_EVENTS_H

#include <lua.h>

int scene_on_update(lua_State *L);
int scene_off_update(lua_State *L);
/* Calls the handlers for the events that came on other threads, in their order. */
void events_deliver(lua_State *L);

#endif
