/* SPDX-License-Identifier: MIT */
/* What a call came to: HRESULT and value together. A failure that nobody looks at is found. */
#ifndef VCDR_TOOLS_SCENARIO_RESULT_H
#define VCDR_TOOLS_SCENARIO_RESULT_H

#include <lua.h>
#include <stdbool.h>
#include "com.h"

#define KIND_RESULT "result"

struct result {
    HRESULT hr;
    bool refused; /* fail_allocation was reached */
    char *text;   /* of the call */
};

/* Pushes a result with the value on top of the stack, which it takes. */
void result_push(lua_State *L, HRESULT hr, const char *text, bool refused);
/* NULL for anything else. Its value is user value 1. Looked at from now on. */
const struct result *result_look(lua_State *L, int index);

/* "E_FAIL", or "0x80070026" for one without a name, pushed. */
const char *push_hresult(lua_State *L, HRESULT hr);
/* The HRESULT of a name or of 0x and eight digits. */
bool hresult_of(const char *text, HRESULT *hr);

/* Pushes what is wrong with a failure that nobody looked at; false, with nothing pushed, if there
 * is none. */
bool result_push_unseen(lua_State *L);
/* What nobody looked at so far is somebody else's: a fork's parent's. */
void result_forget(lua_State *L);
void result_install(lua_State *L);

#endif
