/* SPDX-License-Identifier: MIT */
/*
 * A function of the scenario that the API calls, through a stream or a sink, while a call is being
 * made. Its error is kept until that call has returned, and ends the scenario there.
 */
#ifndef VCDR_TOOLS_SCENARIO_HANDLER_H
#define VCDR_TOOLS_SCENARIO_HANDLER_H

#include <lua.h>
#include <stdbool.h>
#include "scenario/scenario.h"

/* Takes the function on top of the stack into the registry; its number. */
int handler_keep(lua_State *L);

/*
 * Calls it with what `push` pushes (the number of values is its result). Only on the scenario's
 * thread. Does nothing once a handler has failed.
 */
void handler_call(struct world *world, int handler, int (*push)(lua_State *L, void *ctx),
                  void *ctx);

#endif
