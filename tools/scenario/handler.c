/* SPDX-License-Identifier: MIT */
#include "scenario/handler.h"

int handler_keep(lua_State *L)
{
    luaL_checktype(L, -1, LUA_TFUNCTION);
    return luaL_ref(L, LUA_REGISTRYINDEX);
}

struct pushing {
    int (*push)(lua_State *L, void *ctx);
    void *ctx;
    int handler;
};

/* Protected: what is pushed may want memory. */
static int run(lua_State *L)
{
    struct pushing *pushing = lua_touserdata(L, 1);
    int values;

    lua_rawgeti(L, LUA_REGISTRYINDEX, pushing->handler);
    values = pushing->push(L, pushing->ctx);
    lua_call(L, values, 0);
    return 0;
}

/* Foreign frames lie between the call and us, so no error of Lua's may pass: it waits on the stack.
 */
void handler_call(struct world *world, int handler, int (*push)(lua_State *L, void *ctx), void *ctx)
{
    struct pushing pushing = {push, ctx, handler};
    bool counted;

    if (world->event_failed || !lua_checkstack(world->L, LUA_MINSTACK))
        return;
    counted = memory_suspend();
    lua_pushcfunction(world->L, run);
    lua_pushlightuserdata(world->L, &pushing);
    if (lua_pcall(world->L, 1, 0, 0) != LUA_OK)
        world->event_failed = true;
    memory_resume(counted);
}
