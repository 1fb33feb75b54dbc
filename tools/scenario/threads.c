/* SPDX-License-Identifier: MIT */
#include "scenario/threads.h"
#include <pthread.h>
#include "scenario/events.h"
#include "scenario/object.h"
#include "scenario/result.h"
#include "scenario/scenario.h"
#include "scenario/stream.h"
#include "scenario/value.h"

#define KIND_PENDING "pending call"

struct pending {
    struct prepared_call call;
    pthread_t thread;
    bool running;
    HRESULT hr;
    VARIANT value;
};

static void *make(void *argument)
{
    struct pending *pending = argument;

    pending->hr = call_make(&pending->call, &pending->value);
    return NULL;
}

static void check_streams(lua_State *L)
{
    for (int i = 1; i <= lua_gettop(L); i++)
        if (stream_has_handler(L, i))
            luaL_error(L, "a stream with on_read can only be read by the scenario's own thread");
}

/* Stack: verb, object, member, values... Leaves the pending call; its text is user value 1, the
 * values, which the thread uses, user value 2. */
int scene_start(lua_State *L)
{
    const char *name;
    WORD flags = call_verb(L, 1, &name);
    struct pending *pending;
    int last = lua_gettop(L);

    check_streams(L);
    pending = lua_newuserdatauv(L, sizeof(*pending), 2);
    *pending = (struct pending){.running = false};
    luaL_setmetatable(L, KIND_PENDING);
    lua_insert(L, 1);
    call_push_text(L, name, 3);
    scenario_doing(L, lua_tostring(L, -1));
    lua_setiuservalue(L, 1, 1);
    lua_createtable(L, last, 0);
    for (int i = 2; i <= last + 1; i++) {
        lua_pushvalue(L, i);
        lua_rawseti(L, -2, i);
    }
    lua_setiuservalue(L, 1, 2);
    call_prepare(L, 3, flags, &pending->call);
    if (pthread_create(&pending->thread, NULL, make, pending) != 0)
        return luaL_error(L, "start: no thread could be made");
    pending->running = true;
    world_of(L)->pending++;
    lua_settop(L, 1);
    return 1;
}

static int finish(lua_State *L, bool deliver)
{
    struct pending *pending = luaL_checkudata(L, 1, KIND_PENDING);

    if (!pending->running)
        return luaL_error(L, "finish: this call has been finished already");
    lua_settop(L, 1);
    lua_getiuservalue(L, 1, 1);
    scenario_doing(L, lua_tostring(L, 2));
    pthread_join(pending->thread, NULL);
    pending->running = false;
    world_of(L)->pending--;
    call_free(&pending->call);
    if (deliver)
        events_deliver(L);
    if (pending->hr == DISP_E_UNKNOWNNAME)
        return luaL_error(L, "%s: the object has no such member", lua_tostring(L, 2));
    value_push_variant(L, &pending->value);
    result_push(L, pending->hr, lua_tostring(L, 2), false);
    return 1;
}

int scene_finish(lua_State *L)
{
    return finish(L, true);
}

/* Events that wait are those of a call that goes on. */
int scene_in_thread(lua_State *L)
{
    scene_start(L);
    return finish(L, false);
}

/* The state is being closed: a thread that still runs uses what goes now. */
static int pending_gc(lua_State *L)
{
    struct pending *pending = luaL_checkudata(L, 1, KIND_PENDING);

    if (pending->running)
        pthread_join(pending->thread, NULL);
    pending->running = false;
    call_free(&pending->call);
    return 0;
}

void threads_install(lua_State *L)
{
    kind_create(L, KIND_PENDING, pending_gc);
}
