/* SPDX-License-Identifier: MIT */
#include "scenario/result.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/scenario.h"

#define UNSEEN "unseen results"

const char *push_hresult(lua_State *L, HRESULT hr)
{
    const char *name = imapi2_hresult_name(hr);
    char number[16];

    snprintf(number, sizeof(number), "0x%08X", (unsigned)hr);
    return lua_pushstring(L, name ? name : number);
}

bool hresult_of(const char *text, HRESULT *hr)
{
    char *end;
    unsigned long number;

    if (imapi2_hresult_by_name(text, hr) == S_OK)
        return true;
    if (strncmp(text, "0x", 2) != 0 || strlen(text) != 10)
        return false;
    number = strtoul(text + 2, &end, 16);
    *hr = (HRESULT)number;
    return *end == '\0';
}

/* The value is on top; where it was made is remembered for a failure that nobody looks at. */
void result_push(lua_State *L, HRESULT hr, const char *text, bool refused)
{
    struct result *result = lua_newuserdatauv(L, sizeof(*result), 1);
    char where[SLATE_LINE];

    *result = (struct result){.hr = hr, .refused = refused};
    luaL_setmetatable(L, KIND_RESULT);
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, 1);
    result->text = strdup(text);
    if (!result->text)
        luaL_error(L, "out of memory");
    if (SUCCEEDED(hr))
        return;
    scenario_where(L, where, sizeof(where));
    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNSEEN);
    lua_pushvalue(L, -2);
    lua_pushstring(L, where);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

const struct result *result_look(lua_State *L, int index)
{
    const struct result *result = luaL_testudata(L, index, KIND_RESULT);

    if (!result)
        return NULL;
    index = lua_absindex(L, index);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNSEEN);
    lua_pushvalue(L, index);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    return result;
}

bool result_push_unseen(lua_State *L)
{
    const struct result *result;

    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNSEEN);
    lua_pushnil(L);
    if (!lua_next(L, -2)) {
        lua_pop(L, 1);
        return false;
    }
    result_forget(L); /* it is told once */
    result = luaL_testudata(L, -2, KIND_RESULT);
    push_hresult(L, result->hr);
    lua_pushfstring(L, "%s: %s: expected success, as nothing looks at what came, got %s",
                    lua_tostring(L, -2), result->text, lua_tostring(L, -1));
    return true;
}

void result_forget(lua_State *L)
{
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, UNSEEN);
}

static int result_index(lua_State *L)
{
    const struct result *result = result_look(L, 1);
    const char *key = luaL_checkstring(L, 2);

    if (strcmp(key, "hr") == 0)
        push_hresult(L, result->hr);
    else if (strcmp(key, "ok") == 0)
        lua_pushboolean(L, SUCCEEDED(result->hr));
    else if (strcmp(key, "value") == 0)
        lua_getiuservalue(L, 1, 1);
    else if (strcmp(key, "refused") == 0)
        lua_pushboolean(L, result->refused);
    else
        return luaL_error(L, "a result has no \"%s\"; it has hr, ok, value, refused", key);
    return 1;
}

static int result_text(lua_State *L)
{
    const struct result *result = luaL_checkudata(L, 1, KIND_RESULT);

    lua_getiuservalue(L, 1, 1);
    if (lua_isnil(L, -1)) {
        push_hresult(L, result->hr);
        return 1;
    }
    push_shown(L, -1);
    push_hresult(L, result->hr);
    lua_pushfstring(L, "%s with %s", lua_tostring(L, -1), lua_tostring(L, -2));
    return 1;
}

static int result_gc(lua_State *L)
{
    struct result *result = luaL_checkudata(L, 1, KIND_RESULT);

    free(result->text);
    result->text = NULL;
    return 0;
}

void result_install(lua_State *L)
{
    kind_create(L, KIND_RESULT, result_gc);
    luaL_getmetatable(L, KIND_RESULT);
    lua_pushcfunction(L, result_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, result_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
