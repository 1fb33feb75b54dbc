/* SPDX-License-Identifier: MIT */
#include "scenario/record.h"
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>
#include "record_text.h"
#include "scenario/compare.h"
#include "scenario/drive.h"
#include "scenario/scenario.h"

/* ---- JSON as Lua has it; null is a value that is not there ---- */

static void push_json(lua_State *L, const json_t *value);

static void push_object(lua_State *L, const json_t *object)
{
    const char *key;
    json_t *member;

    lua_newtable(L);
    json_object_foreach((json_t *)object, key, member)
    {
        push_json(L, member);
        lua_setfield(L, -2, key);
    }
}

static void push_list(lua_State *L, const json_t *list)
{
    lua_newtable(L);
    for (size_t i = 0; i < json_array_size(list); i++) {
        push_json(L, json_array_get(list, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_json(lua_State *L, const json_t *value)
{
    luaL_checkstack(L, 8, "a line of the record");
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        push_object(L, value);
        break;
    case JSON_ARRAY:
        push_list(L, value);
        break;
    case JSON_STRING:
        lua_pushlstring(L, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        lua_pushinteger(L, json_integer_value(value));
        break;
    case JSON_REAL:
        lua_pushnumber(L, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(L, json_is_true(value));
        break;
    case JSON_NULL:
        lua_pushnil(L);
        break;
    }
}

/* ---- which lines ---- */

/* A filter is nothing, an event's name, or a table: its key `since` is a mark, the others are what
 * the line has. Replaces it by the pattern; the mark. */
static lua_Integer take_filter(lua_State *L, int index)
{
    lua_Integer since = 0;

    if (lua_isnoneornil(L, index)) {
        lua_settop(L, index);
        lua_newtable(L);
        lua_replace(L, index);
        return 0;
    }
    if (lua_type(L, index) == LUA_TSTRING) {
        lua_newtable(L);
        lua_pushvalue(L, index);
        lua_setfield(L, -2, "event");
        lua_replace(L, index);
    }
    luaL_checktype(L, index, LUA_TTABLE);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING && strcmp(lua_tostring(L, -2), "since") == 0) {
            since = luaL_checkinteger(L, -1);
            continue;
        }
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    lua_replace(L, index);
    if (lua_getfield(L, index, "event") == LUA_TSTRING && !record_text_known(lua_tostring(L, -1)))
        luaL_error(L, "there is no event \"%s\"", lua_tostring(L, -1));
    lua_pop(L, 1);
    return since;
}

static const char *path_of(lua_State *L)
{
    const struct drive *drive = drive_check(L, 1);

    if (drive->record[0] == '\0')
        luaL_error(L, "the record of %s cannot be read here (needs { \"record\" })", drive->url);
    return drive->record;
}

/* Pushes the line as a table; false, nothing pushed: it is not wanted. */
static bool push_line(lua_State *L, const char *text, int pattern, lua_Integer since)
{
    json_error_t why;
    json_t *line = json_loads(text, 0, &why);
    bool wanted;

    if (!line)
        luaL_error(L, "a line of the record is no JSON: %s", text);
    push_json(L, line);
    json_decref(line);
    lua_getfield(L, -1, "seq");
    wanted = lua_tointeger(L, -1) > since;
    lua_pop(L, 1);
    if (wanted && compare_like(L, -1, pattern))
        return true;
    lua_pop(L, 1);
    return false;
}

/* Pushes a list of those that are wanted; `most` of them. A line that is being written is left out.
 */
static lua_Integer push_lines(lua_State *L, const char *path, int pattern, lua_Integer since,
                              lua_Integer most)
{
    FILE *file = fopen(path, "re");
    lua_Integer count = 0;
    char *text = NULL;
    size_t room = 0;
    ssize_t length;

    lua_newtable(L);
    if (!file)
        return errno == ENOENT ? 0 : luaL_error(L, "%s: %s", path, strerror(errno));
    while (count < most && (length = getline(&text, &room, file)) > 0 && text[length - 1] == '\n') {
        if (push_line(L, text, pattern, since))
            lua_rawseti(L, -2, ++count);
    }
    free(text);
    fclose(file);
    return count;
}

/* ---- the verbs ---- */

int scene_record_lines(lua_State *L)
{
    const char *path = path_of(L);
    lua_Integer since = take_filter(L, 2);

    push_lines(L, path, 2, since, LUA_MAXINTEGER);
    return 1;
}

int scene_record_mark(lua_State *L)
{
    const char *path = path_of(L);
    lua_Integer count;

    lua_settop(L, 1);
    lua_newtable(L);
    count = push_lines(L, path, 2, 0, LUA_MAXINTEGER);
    if (count == 0)
        return lua_pushinteger(L, 0), 1;
    lua_rawgeti(L, -1, count);
    lua_getfield(L, -1, "seq");
    return 1;
}

/* Woken by the kernel at each append. */
int scene_record_await(lua_State *L)
{
    const char *path = path_of(L);
    lua_Integer since = take_filter(L, 2);
    int watch = inotify_init1(IN_CLOEXEC);

    luaL_argcheck(L, lua_gettop(L) == 2, 2, "an event");
    push_shown(L, 2);
    lua_pushfstring(L, "drive:await %s", lua_tostring(L, -1));
    scenario_doing(L, lua_tostring(L, -1));
    lua_settop(L, 2);
    if (watch < 0 || inotify_add_watch(watch, path, IN_MODIFY) < 0)
        return luaL_error(L, "%s cannot be watched: %s", path, strerror(errno));
    while (push_lines(L, path, 2, since, 1) == 0) {
        struct pollfd fd = {.fd = watch, .events = POLLIN};
        char events[4096];

        lua_settop(L, 2);
        if (poll(&fd, 1, -1) > 0 && read(watch, events, sizeof(events)) < 0)
            break;
    }
    close(watch);
    lua_rawgeti(L, 3, 1);
    return 1;
}
