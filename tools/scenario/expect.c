/* SPDX-License-Identifier: MIT */
#include "scenario/expect.h"
#include <string.h>
#include "scenario/compare.h"
#include "scenario/initiator.h"
#include "scenario/result.h"
#include "scenario/scenario.h"

#define UNSAID "unsaid expectations"

/* User value 1: what is expected of. */
struct expectation {
    bool hr_said; /* an HRESULT has been expected of it already */
};

int scene_expect(lua_State *L)
{
    struct expectation *self;
    char where[SLATE_LINE];

    luaL_checkany(L, 1);
    lua_settop(L, 1);
    (void)result_look(L, 1);
    self = lua_newuserdatauv(L, sizeof(*self), 1);
    *self = (struct expectation){.hr_said = false};
    luaL_setmetatable(L, KIND_EXPECTATION);
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNSAID);
    lua_pushvalue(L, -2);
    scenario_where(L, where, sizeof(where));
    lua_pushstring(L, where);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    return 1;
}

bool expect_push_unsaid(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNSAID);
    lua_pushnil(L);
    if (!lua_next(L, -2)) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushfstring(L, "%s: expect(...) expects nothing: a word like :is has to follow",
                    lua_tostring(L, -1));
    return true;
}

void expect_forget(lua_State *L)
{
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, UNSAID);
}

/* Stack afterwards: expectation, what the word was given, [3] the value. Counts it. */
static struct expectation *begin(lua_State *L)
{
    struct expectation *self = luaL_checkudata(L, 1, KIND_EXPECTATION);

    lua_settop(L, 2);
    lua_getiuservalue(L, 1, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, UNSAID);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
    world_of(L)->expectations++;
    return self;
}

/* The call as its result knows it, otherwise the scenario's line as it stands. */
static void push_call(lua_State *L)
{
    const struct result *result = result_look(L, 3);
    char line[SLATE_LINE];

    scenario_line(L, line, sizeof(line));
    lua_pushstring(L, result ? result->text : line);
}

static int end(lua_State *L, bool good, const char *how)
{
    if (good) {
        lua_settop(L, 1);
        return 1;
    }
    push_call(L);
    push_shown(L, 2);
    lua_pushfstring(L, "%s%s", how, lua_tostring(L, -1));
    push_shown(L, 3);
    return scenario_fail(L, lua_tostring(L, 4), lua_tostring(L, -2), lua_tostring(L, -1));
}

/* Names stand without quotes in messages. */
static int end_name(lua_State *L, bool good, const char *how)
{
    if (good) {
        lua_settop(L, 1);
        return 1;
    }
    push_call(L);
    lua_pushfstring(L, "%s%s", how, lua_tostring(L, 2));
    luaL_tolstring(L, 3, NULL);
    return scenario_fail(L, lua_tostring(L, 4), lua_tostring(L, -2), lua_tostring(L, -1));
}

/* ---- is ---- */

static bool hr_is(lua_State *L, const struct result *result, int index)
{
    const char *name = luaL_checkstring(L, index);
    HRESULT hr = S_OK;

    if (!hresult_of(name, &hr))
        luaL_error(L, "\"%s\" is the name of no HRESULT", name);
    return result->hr == hr;
}

/* A word that no answer can have would never be met. */
static bool word_is(lua_State *L, const char *word, int index)
{
    static const char *const words[] = {"GOOD",         "BUSY", "RESERVATION CONFLICT",
                                        "TASK ABORTED", "LOST", "TIMEOUT"};
    const char *expected = luaL_checkstring(L, index);
    bool known = strlen(expected) == 8 && expected[2] == '/' && expected[5] == '/';

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        known = known || strcmp(words[i], expected) == 0;
    if (!known)
        luaL_error(L, "\"%s\" is no status and no sense", expected);
    return strcmp(word, expected) == 0;
}

/* Whether [3] is what lies at the index. */
static bool value_is(lua_State *L, struct expectation *self, int index)
{
    const struct result *result = result_look(L, 3);
    const char *word = answer_word(L, 3);

    index = lua_absindex(L, index);
    if (result)
        self->hr_said = true;
    if (result)
        return hr_is(L, result, index);
    return word ? word_is(L, word, index) : compare_same(L, 3, index);
}

static bool has_name(lua_State *L)
{
    return luaL_testudata(L, 3, KIND_RESULT) || answer_word(L, 3);
}

static int is(lua_State *L, bool wanted)
{
    struct expectation *self = begin(L);
    bool good = value_is(L, self, 2) == wanted;
    const char *how = wanted ? "" : "anything but ";

    return has_name(L) ? end_name(L, good, how) : end(L, good, how);
}

int scene_is(lua_State *L)
{
    return is(L, true);
}

int scene_is_not(lua_State *L)
{
    return is(L, false);
}

/* ---- values of results and answers ---- */

static int gives_value(lua_State *L, const struct expectation *self, const struct result *result)
{
    if (!self->hr_said && result->hr != S_OK) {
        push_call(L);
        push_shown(L, 2);
        lua_pushfstring(L, "S_OK with %s", lua_tostring(L, -1));
        luaL_tolstring(L, 3, NULL);
        return scenario_fail(L, lua_tostring(L, 4), lua_tostring(L, -2), lua_tostring(L, -1));
    }
    lua_getiuservalue(L, 3, 1);
    if (compare_same(L, 4, 2)) {
        lua_settop(L, 1);
        return 1;
    }
    push_call(L);
    push_shown(L, 2);
    push_shown(L, 4);
    return scenario_fail(L, lua_tostring(L, 5), lua_tostring(L, 6), lua_tostring(L, 7));
}

static int gives_data(lua_State *L)
{
    size_t length;
    const char *pattern = luaL_checkstring(L, 2), *data = answer_data(L, 3, &length);

    return end_name(
        L, strcmp(answer_word(L, 3), "GOOD") == 0 && answer_matches(L, pattern, data, length),
        "GOOD with ");
}

int scene_gives(lua_State *L)
{
    const struct expectation *self = begin(L);
    const struct result *result = result_look(L, 3);

    if (result)
        return gives_value(L, self, result);
    if (answer_word(L, 3))
        return gives_data(L);
    return luaL_error(L, "gives is for what call, get and send return");
}

static int outcome(lua_State *L, bool success)
{
    struct expectation *self = begin(L);
    const struct result *result = result_look(L, 3);

    if (!result)
        return luaL_error(L, "%s is for what call, put and get return",
                          success ? "succeeds" : "fails");
    self->hr_said = true;
    lua_pushstring(L, success ? "a success code" : "a failure");
    lua_replace(L, 2);
    return end_name(L, SUCCEEDED(result->hr) == success, "");
}

int scene_succeeds(lua_State *L)
{
    return outcome(L, true);
}

int scene_fails(lua_State *L)
{
    return outcome(L, false);
}

/* Each as `is` has it. */
int scene_one_of(lua_State *L)
{
    struct expectation *self = begin(L);
    bool good = false;

    luaL_checktype(L, 2, LUA_TTABLE);
    for (lua_Integer i = 1; !good && lua_rawgeti(L, 2, i) != LUA_TNIL; i++) {
        good = value_is(L, self, -1);
        lua_pop(L, 1);
    }
    lua_settop(L, 3);
    return end(L, good, "one of ");
}

/* ---- plain values ---- */

static int bound(lua_State *L, bool least)
{
    lua_Number limit, value;

    begin(L);
    limit = luaL_checknumber(L, 2);
    if (lua_type(L, 3) != LUA_TNUMBER)
        return end(L, false, least ? "a number of at least " : "a number of at most ");
    value = lua_tonumber(L, 3);
    return end(L, least ? value >= limit : value <= limit, least ? "at least " : "at most ");
}

int scene_at_least(lua_State *L)
{
    return bound(L, true);
}

int scene_at_most(lua_State *L)
{
    return bound(L, false);
}

static bool list_contains(lua_State *L)
{
    bool good = false;

    for (lua_Integer i = 1; !good && lua_rawgeti(L, 3, i) != LUA_TNIL; i++) {
        good = compare_same(L, -1, 2);
        lua_pop(L, 1);
    }
    lua_settop(L, 3);
    return good;
}

int scene_contains(lua_State *L)
{
    begin(L);
    if (lua_type(L, 3) == LUA_TTABLE)
        return end(L, list_contains(L), "a list with ");
    if (lua_type(L, 3) != LUA_TSTRING || lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "contains is for strings and lists");
    return end(L, strstr(lua_tostring(L, 3), lua_tostring(L, 2)) != NULL, "a string with ");
}

/* ---- tables and lists of them ---- */

static void check_tables(lua_State *L, const char *verb)
{
    luaL_checktype(L, 2, LUA_TTABLE);
    if (lua_type(L, 3) != LUA_TTABLE)
        luaL_error(L, "%s is for tables, such as lines of a record", verb);
}

/* A list is matched whole: as many items, each as its pattern. */
int scene_matches(lua_State *L)
{
    begin(L);
    check_tables(L, "matches");
    return end(L, lua_rawlen(L, 2) == lua_rawlen(L, 3) && compare_like(L, 3, 2), "");
}

/* The patterns are met in this order; other items may stand between them. */
int scene_includes(lua_State *L)
{
    lua_Integer wanted = 1, count;

    begin(L);
    check_tables(L, "includes");
    count = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 1; wanted <= count && lua_rawgeti(L, 3, i) != LUA_TNIL; i++) {
        lua_rawgeti(L, 2, wanted);
        wanted += compare_like(L, -2, -1);
        lua_settop(L, 3);
    }
    lua_settop(L, 3);
    return end(L, wanted > count, "in this order ");
}

void expect_install(lua_State *L)
{
    kind_create(L, KIND_EXPECTATION, NULL);
}
