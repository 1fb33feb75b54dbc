/* SPDX-License-Identifier: MIT */
/* What is on a drive's disc, and who holds the drive, read over the wire. */
#ifndef VCDR_TOOLS_SCENARIO_DISC_H
#define VCDR_TOOLS_SCENARIO_DISC_H

#include <lua.h>

int scene_drive_owner(lua_State *L);
int scene_drive_write_state(lua_State *L);
int scene_drive_disc(lua_State *L);
int scene_drive_tracks(lua_State *L);
int scene_drive_read(lua_State *L);
int scene_drive_compare(lua_State *L);

#endif
