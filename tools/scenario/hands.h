/* SPDX-License-Identifier: MIT */
/* What people do to the drives of a scenario, and the time that passes for them. */
#ifndef VCDR_TOOLS_SCENARIO_HANDS_H
#define VCDR_TOOLS_SCENARIO_HANDS_H

#include <lua.h>

int scene_drive_insert(lua_State *L);
int scene_drive_eject(lua_State *L);
int scene_drive_button(lua_State *L);
int scene_drive_look(lua_State *L);
int scene_drive_pass_time(lua_State *L);

#endif
