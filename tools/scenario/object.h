/* SPDX-License-Identifier: MIT */
/* COM objects and calls of them, by name through their own IDispatch. A handle counts one
 * reference. */
#ifndef VCDR_TOOLS_SCENARIO_OBJECT_H
#define VCDR_TOOLS_SCENARIO_OBJECT_H

#include <lua.h>
#include <stdbool.h>
#include "com.h"

#define KIND_OBJECT "object"

/* Pushes a handle that takes over the reference. */
void object_push(lua_State *L, IDispatch *object);
/* The object of a handle that is alive; an error of the scenario for anything else. */
IDispatch *object_check(lua_State *L, int index);
/* The handle's local TCP port, 0 for none: what cut() needs to know of a recorder. */
void object_set_port(lua_State *L, int index, int port);
int object_port(lua_State *L, int index);

/* A call that is ready to be made, by any thread. */
enum { CALL_MOST_ARGUMENTS = 8 };
struct prepared_call {
    IDispatch *object;
    OLECHAR member[64];
    WORD flags;
    VARIANT arguments[CALL_MOST_ARGUMENTS]; /* the last one first */
    UINT count;
};
/* Takes a verb's arguments, object and member and values, from the stack at `first` on. */
void call_prepare(lua_State *L, int first, WORD flags, struct prepared_call *call);
/* The HRESULT of the call itself, as a script gets it; DISP_E_UNKNOWNNAME for no such member. */
HRESULT call_make(const struct prepared_call *call, VARIANT *value);
void call_free(struct prepared_call *call);
/* The call as a scenario would write it, pushed: `put(tao, "ClientName", "x")`. */
const char *call_push_text(lua_State *L, const char *verb, int first);

/* DISPATCH_ flag and name of the verb call, put or get at `index`; an error for anything else. */
WORD call_verb(lua_State *L, int index, const char **name);

int scene_call(lua_State *L);
int scene_put(lua_State *L);
int scene_get(lua_State *L);
int scene_object(lua_State *L);
int scene_release(lua_State *L);
void object_install(lua_State *L);

/* "IMAPI2.MsftDiscRecorder2" made and pushed; an error of the scenario if it cannot be. */
void object_create(lua_State *L, const char *progid);

#endif
