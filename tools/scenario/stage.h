/* SPDX-License-Identifier: MIT */
/* One scenario's life, in a process of its own: a Lua state without a way out, its file, its end.
 */
#ifndef VCDR_TOOLS_SCENARIO_STAGE_H
#define VCDR_TOOLS_SCENARIO_STAGE_H

#include <lua.h>
#include "scenario/scenario.h"

struct stage {
    const char *file;
    const char *folder; /* exists, empty */
    const struct drive_wish *wish;
    unsigned time_limit_s;
    struct slate *slate;
};

/* What came of it is on the slate. */
void stage_run(const struct stage *stage);

int scene_title(lua_State *L);
int scene_note(lua_State *L);

#endif
