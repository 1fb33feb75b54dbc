/* SPDX-License-Identifier: MIT */
/* Values in messages, as a scenario would write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/scenario.h"

enum { MOST_DEPTH = 4, MOST_STRING = 200, MOST_ITEMS = 40 };

static void show_string(const char *text, size_t length, FILE *to)
{
    fputc('"', to);
    for (size_t i = 0; i < length && i < MOST_STRING; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            fprintf(to, "\\x%02X", c);
        else
            fputc(c, to);
    }
    fputc('"', to);
    if (length > MOST_STRING)
        fprintf(to, "... (%zu bytes)", length);
}

static bool is_name(const char *key)
{
    return key[0] != '\0' && strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                         "0123456789") == strlen(key);
}

static void show(lua_State *L, int index, int depth, FILE *to);

/* Items of the list without their numbers. */
static void show_key(lua_State *L, int key, lua_Integer length, FILE *to)
{
    if (lua_isinteger(L, key) && lua_tointeger(L, key) >= 1 && lua_tointeger(L, key) <= length)
        return;
    if (lua_type(L, key) == LUA_TSTRING && is_name(lua_tostring(L, key))) {
        fprintf(to, "%s=", lua_tostring(L, key));
        return;
    }
    fputc('[', to);
    show(L, key, MOST_DEPTH, to);
    fputs("]=", to);
}

static void show_table(lua_State *L, int index, int depth, FILE *to)
{
    lua_Integer length = (lua_Integer)lua_rawlen(L, index);
    unsigned shown = 0;

    fputc('{', to);
    luaL_checkstack(L, 8, "a value to show");
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), shown++) {
        int key = lua_gettop(L) - 1;

        if (shown > MOST_ITEMS)
            continue;
        fputs(shown ? ", " : "", to);
        if (shown == MOST_ITEMS) {
            fputs("...", to);
            continue;
        }
        show_key(L, key, length, to);
        show(L, key + 1, depth + 1, to);
    }
    fputc('}', to);
}

static void show(lua_State *L, int index, int depth, FILE *to)
{
    size_t length;
    const char *text;

    if (lua_type(L, index) == LUA_TSTRING) {
        text = lua_tolstring(L, index, &length);
        show_string(text, length, to);
    } else if (lua_type(L, index) == LUA_TTABLE && depth < MOST_DEPTH) {
        show_table(L, index, depth, to);
    } else if (lua_type(L, index) == LUA_TTABLE) {
        fputs("{...}", to);
    } else {
        fputs(luaL_tolstring(L, index, NULL), to);
        lua_pop(L, 1);
    }
}

const char *push_shown(lua_State *L, int index)
{
    char *text = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&text, &length);

    if (!to) {
        luaL_error(L, "out of memory");
        return NULL;
    }
    show(L, lua_absindex(L, index), 0, to);
    fclose(to);
    lua_pushlstring(L, text, length);
    free(text);
    return lua_tostring(L, -1);
}
