/* SPDX-License-Identifier: MIT */
/* Rules of faults for the drives of a scenario (docs/faults.md). */
#ifndef VCDR_TOOLS_SCENARIO_FAULTS_H
#define VCDR_TOOLS_SCENARIO_FAULTS_H

#include <lua.h>

int scene_drive_fault(lua_State *L);
int scene_drive_clear_faults(lua_State *L);

#endif
