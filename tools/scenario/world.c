/* SPDX-License-Identifier: MIT */
/* Places, errors and options: what every verb says in the same way. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "scenario/scenario.h"
#include "scenario/vocabulary.h"

uint64_t scenario_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The innermost function that is the scenario's own. */
static bool own_frame(lua_State *L, lua_Debug *frame)
{
    for (int level = 0; lua_getstack(L, level, frame); level++) {
        if (lua_getinfo(L, "Sl", frame) && frame->currentline > 0)
            return true;
    }
    return false;
}

void scenario_where(lua_State *L, char *text, size_t size)
{
    lua_Debug frame;
    const char *file = world_of(L)->file;

    if (own_frame(L, &frame))
        snprintf(text, size, "%s:%d", file, frame.currentline);
    else
        snprintf(text, size, "%s", file);
}

void scenario_line(lua_State *L, char *text, size_t size)
{
    const char *at;
    lua_Debug frame;
    size_t length;

    text[0] = '\0';
    if (!own_frame(L, &frame) || lua_getfield(L, LUA_REGISTRYINDEX, "source") != LUA_TSTRING) {
        lua_settop(L, -2);
        return;
    }
    at = lua_tostring(L, -1);
    for (int line = 1; line < frame.currentline && at; line++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    if (at) {
        at += strspn(at, " \t");
        length = strcspn(at, "\r\n");
        while (length > 0 && isspace((unsigned char)at[length - 1]))
            length--;
        snprintf(text, size, "%.*s", (int)length, at);
    }
    lua_pop(L, 1);
}

void scenario_doing(lua_State *L, const char *call)
{
    struct slate *slate = world_of(L)->slate;

    scenario_where(L, slate->where, sizeof(slate->where));
    snprintf(slate->call, sizeof(slate->call), "%s", call);
}

int scenario_fail(lua_State *L, const char *call, const char *expected, const char *got)
{
    char where[SLATE_LINE];

    scenario_where(L, where, sizeof(where));
    lua_pushfstring(L, "%s: %s: expected %s, got %s", where, call, expected, got);
    return lua_error(L);
}

int scenario_skip(lua_State *L, const char *format, ...)
{
    struct world *world = world_of(L);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(world->slate->reason, sizeof(world->slate->reason), format, arguments);
    va_end(arguments);
    world->skipping = true;
    lua_pushstring(L, "skipped");
    return lua_error(L);
}

/* ---- options ---- */

void options_check(lua_State *L, int index, const char *verb, const char *const *keys)
{
    if (lua_isnoneornil(L, index)) {
        lua_settop(L, index > lua_gettop(L) ? index : lua_gettop(L));
        lua_newtable(L);
        lua_replace(L, index);
        return;
    }
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        size_t i = 0;

        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "%s: unknown key [%s]", verb, push_shown(L, -2));
        while (keys[i] && strcmp(keys[i], lua_tostring(L, -2)) != 0)
            i++;
        if (!keys[i])
            luaL_error(L, "%s: unknown key \"%s\"", verb, lua_tostring(L, -2));
    }
}

lua_Integer option_integer(lua_State *L, int index, const char *verb, const char *key,
                           lua_Integer most, lua_Integer otherwise)
{
    lua_Integer value = otherwise;
    int is_integer = 1;

    if (lua_getfield(L, index, key) != LUA_TNIL) {
        value = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &is_integer) : -1;
        if (!is_integer || value < 0 || value > most)
            luaL_error(L, "%s: %s wants a whole number from 0 to %I", verb, key, most);
    }
    lua_pop(L, 1);
    return value;
}

bool option_boolean(lua_State *L, int index, const char *verb, const char *key)
{
    bool value = false;

    if (lua_getfield(L, index, key) != LUA_TNIL) {
        if (lua_type(L, -1) != LUA_TBOOLEAN)
            luaL_error(L, "%s: %s wants true or false", verb, key);
        value = lua_toboolean(L, -1);
    }
    lua_pop(L, 1);
    return value;
}

const char *option_string(lua_State *L, int index, const char *verb, const char *key,
                          const char *otherwise)
{
    const char *value = otherwise;

    if (lua_getfield(L, index, key) != LUA_TNIL) {
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "%s: %s wants a string", verb, key);
        value = lua_tostring(L, -1); /* the table keeps it */
    }
    lua_pop(L, 1);
    return value;
}

/* ---- kinds of objects ---- */

static int unknown_key(lua_State *L)
{
    const char *kind = lua_tostring(L, lua_upvalueindex(1));

    if (lua_type(L, 2) == LUA_TSTRING)
        return luaL_error(L, "%s has no \"%s\"", kind, lua_tostring(L, 2));
    return luaL_error(L, "%s has no [%s]", kind, push_shown(L, 2));
}

/* An address would be another one each time. */
static int kind_text(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    return 1;
}

/* The rows of the vocabulary first; then an error. */
void kind_create(lua_State *L, const char *kind, lua_CFunction gc)
{
    luaL_newmetatable(L, kind);
    vocabulary_push_rows(L, kind);
    lua_newtable(L);
    lua_pushstring(L, kind);
    lua_pushcclosure(L, unknown_key, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, kind);
    lua_pushcclosure(L, kind_text, 1);
    lua_setfield(L, -2, "__tostring");
    lua_pushstring(L, "protected");
    lua_setfield(L, -2, "__metatable");
    if (gc) {
        lua_pushcfunction(L, gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_pop(L, 1);
}
