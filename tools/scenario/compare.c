/* SPDX-License-Identifier: MIT */
#include "scenario/compare.h"
#include <lauxlib.h>
#include "scenario/value.h"

/* Every key of a is in b, with the same value. */
static bool within(lua_State *L, int a, int b)
{
    bool good = true;

    for (lua_pushnil(L); good && lua_next(L, a); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_gettable(L, b);
        good = compare_same(L, lua_gettop(L) - 1, lua_gettop(L));
        lua_pop(L, 1);
    }
    if (!good)
        lua_pop(L, 1); /* the key */
    return good;
}

bool compare_same(lua_State *L, int a, int b)
{
    a = lua_absindex(L, a);
    b = lua_absindex(L, b);
    luaL_checkstack(L, 8, "a value to compare");
    if (lua_type(L, a) != LUA_TTABLE || lua_type(L, b) != LUA_TTABLE)
        return lua_compare(L, a, b, LUA_OPEQ);
    return within(L, a, b) && within(L, b, a);
}

static bool keys_like(lua_State *L, int value, int pattern)
{
    bool good = true;

    for (lua_pushnil(L); good && lua_next(L, pattern); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_rawget(L, value);
        good = compare_like(L, lua_gettop(L), lua_gettop(L) - 1);
        lua_pop(L, 1);
    }
    if (!good)
        lua_pop(L, 1);
    return good;
}

bool compare_like(lua_State *L, int value, int pattern)
{
    bool same;

    value = lua_absindex(L, value);
    pattern = lua_absindex(L, pattern);
    luaL_checkstack(L, 8, "a value to compare");
    if (lua_tocfunction(L, pattern) == scene_null)
        return lua_isnil(L, value);
    if (lua_type(L, value) != LUA_TTABLE)
        return compare_same(L, value, pattern);
    if (lua_type(L, pattern) == LUA_TTABLE)
        return keys_like(L, value, pattern);
    lua_pushliteral(L, "event");
    lua_rawget(L, value);
    same = lua_type(L, pattern) == LUA_TSTRING && lua_rawequal(L, -1, pattern);
    lua_pop(L, 1);
    return same;
}
