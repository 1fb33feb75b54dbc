/* SPDX-License-Identifier: MIT */
#include "scenario/stage.h"
#include <errno.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/drive.h"
#include "scenario/events.h"
#include "scenario/expect.h"
#include "scenario/initiator.h"
#include "scenario/object.h"
#include "scenario/process.h"
#include "scenario/result.h"
#include "scenario/stream.h"
#include "scenario/threads.h"
#include "scenario/value.h"
#include "scenario/vocabulary.h"

enum { HOOK_INSTRUCTIONS = 100000 };
#define MOST_MEMORY ((size_t)512 * 1024 * 1024)
#define MOST_FILE ((size_t)1024 * 1024)

/* ---- what a scenario has of Lua ---- */

static void copy_globals(lua_State *L, int env)
{
    static const char *const names[] = {"assert", "error",    "ipairs",   "next", "pairs",
                                        "select", "tonumber", "tostring", "type", "math",
                                        "string", "table",    "utf8"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        lua_getglobal(L, names[i]);
        lua_setfield(L, env, names[i]);
    }
}

static void remove_field(lua_State *L, int env, const char *table, const char *name)
{
    lua_getfield(L, env, table);
    lua_pushnil(L);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

static int unknown_global(lua_State *L)
{
    return luaL_error(L, "unknown verb or variable \"%s\"", luaL_tolstring(L, 2, NULL));
}

static int new_global(lua_State *L)
{
    return luaL_error(L, "\"%s\" is a global: write local %s", luaL_tolstring(L, 2, NULL),
                      luaL_tolstring(L, 2, NULL));
}

/* The same numbers each time. */
static void seed_random(lua_State *L, int env)
{
    lua_getfield(L, env, "math");
    lua_getfield(L, -1, "randomseed");
    lua_pushinteger(L, 1);
    lua_call(L, 1, 0);
    lua_pop(L, 1);
    remove_field(L, env, "math", "randomseed");
}

/* Pushes the table that the scenario takes for all there is. */
static void push_environment(lua_State *L)
{
    static const luaL_Reg libraries[] = {{"_G", luaopen_base},
                                         {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_STRLIBNAME, luaopen_string},
                                         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_UTF8LIBNAME, luaopen_utf8}};
    int env;

    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        luaL_requiref(L, libraries[i].name, libraries[i].func, 1);
        lua_pop(L, 1);
    }
    vocabulary_push_rows(L, NULL);
    env = lua_gettop(L);
    copy_globals(L, env);
    remove_field(L, env, "string", "dump");
    seed_random(L, env);
    lua_newtable(L);
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, new_global);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, env);
}

static void install_kinds(lua_State *L)
{
    value_install(L);
    object_install(L);
    result_install(L);
    stream_install(L);
    threads_install(L);
    process_install(L);
    initiator_install(L);
    drive_install(L);
    expect_install(L);
}

/* ---- the file ---- */

/* Keeps the text, for messages show lines of it. */
static void load_file(lua_State *L, const char *path)
{
    FILE *file = fopen(path, "rbe");
    luaL_Buffer buffer;
    size_t length;
    char *text;

    if (!file)
        luaL_error(L, "%s: %s", path, strerror(errno));
    text = luaL_buffinitsize(L, &buffer, MOST_FILE);
    length = fread(text, 1, MOST_FILE, file);
    fclose(file);
    if (length == MOST_FILE)
        luaL_error(L, "%s: longer than a scenario may be", path);
    luaL_pushresultsize(&buffer, length);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "source");
    lua_pushfstring(L, "@%s", path);
    if (luaL_loadbufferx(L, lua_tostring(L, -2), length, lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
}

/* ---- places ---- */

/* Lua cuts long paths short in its own messages. */
static void whole_path(lua_State *L, const char *message)
{
    const char *file = world_of(L)->file;
    char source[LUA_IDSIZE];
    size_t length = strlen(file);
    const char *rest = NULL;

    /* luaO_chunkid's rule for "@name" */
    if (length < LUA_IDSIZE)
        snprintf(source, sizeof(source), "%s", file);
    else
        snprintf(source, sizeof(source), "...%s", file + length - (LUA_IDSIZE - 4));
    if (strncmp(message, source, strlen(source)) == 0 && message[strlen(source)] == ':')
        rest = message + strlen(source);
    if (rest)
        lua_pushfstring(L, "%s%s", file, rest);
    else
        lua_pushstring(L, message);
}

static bool has_place(lua_State *L, const char *message)
{
    const char *file = world_of(L)->file;

    return strncmp(message, file, strlen(file)) == 0;
}

int scenario_message(lua_State *L)
{
    char where[SLATE_LINE];
    bool first = true;
    lua_Debug frame;

    whole_path(L, luaL_tolstring(L, 1, NULL));
    if (!has_place(L, lua_tostring(L, -1))) {
        scenario_where(L, where, sizeof(where));
        lua_pushfstring(L, "%s: %s", where, lua_tostring(L, -1));
    }
    for (int level = 1; lua_getstack(L, level, &frame); level++) {
        if (!lua_getinfo(L, "Sl", &frame) || frame.currentline <= 0)
            continue;
        if (!first)
            lua_pushfstring(L, "%s\n  called from %s:%d", lua_tostring(L, -1), world_of(L)->file,
                            frame.currentline);
        first = false;
    }
    return 1;
}

/* ---- one life ---- */

static void limit(lua_State *L, lua_Debug *frame)
{
    const struct world *world = world_of(L);

    (void)frame;
    if (scenario_now_ms() >= world->deadline_ms)
        luaL_error(L, "the time limit of %d s is over", (int)world->time_limit_s);
}

static int play(lua_State *L)
{
    struct world *world = world_of(L);
    int chunk;

    install_kinds(L);
    load_file(L, world->file);
    chunk = lua_gettop(L);
    push_environment(L);
    lua_setupvalue(L, chunk, 1);
    lua_sethook(L, limit, LUA_MASKCOUNT, HOOK_INSTRUCTIONS);
    lua_call(L, 0, 0);
    lua_sethook(L, NULL, 0, 0);
    if (world->slate->title[0] == '\0')
        luaL_error(L, "%s: there is no scenario \"title\"", world->file);
    if (result_push_unseen(L) || expect_push_unsaid(L))
        lua_error(L);
    process_check_all(L);
    if (world->pending > 0)
        luaL_error(L, "%s: a started call was not finished", world->file);
    if (world->expectations == 0)
        luaL_error(L, "%s: nothing is expected", world->file);
    return 0;
}

static void add_message(struct slate *slate, const char *text)
{
    size_t used = strlen(slate->message);

    snprintf(slate->message + used, sizeof(slate->message) - used, "%s%s", used ? "\n" : "", text);
}

static int push_unseen(lua_State *L)
{
    if (!result_push_unseen(L))
        lua_pushstring(L, "");
    return 1;
}

/* The message is on top; a failure that nobody looked at is likely to be its cause. */
static void tell_failure(lua_State *L, struct slate *slate)
{
    add_message(slate, lua_tostring(L, -1));
    lua_pushcfunction(L, push_unseen);
    if (lua_pcall(L, 0, 1, 0) == LUA_OK && lua_tostring(L, -1)[0] != '\0') {
        lua_pushfstring(L, "  before that: %s", lua_tostring(L, -1));
        add_message(slate, lua_tostring(L, -1));
    }
}

static void *allocate(void *ctx, void *block, size_t old, size_t size)
{
    size_t *used = ctx;

    if (!block)
        old = 0;
    if (size == 0) {
        *used -= old;
        free(block);
        return NULL;
    }
    if (size > old && *used + (size - old) > MOST_MEMORY)
        return NULL;
    block = realloc(block, size);
    if (block)
        *used += size - old;
    return block;
}

/* In a build with LeakSanitizer; it tells the rest on stderr. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static bool has_leaked(void)
{
    return __lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check() != 0;
}

/* Objects go before their drives, threads before both. A failed scenario's may hang: they stay. */
static enum outcome end(struct world *world, int status)
{
    struct slate *slate = world->slate;
    char why[DAEMON_TEXT_ROOM + 8];

    if (status == LUA_OK) {
        snprintf(slate->where, sizeof(slate->where), "%s", world->file);
        snprintf(slate->call, sizeof(slate->call), "the end of the scenario");
        lua_close(world->L);
    } else if (!world->skipping) {
        if (status == LUA_ERRMEM)
            snprintf(slate->message, sizeof(slate->message), "%s: out of memory:", slate->where);
        tell_failure(world->L, slate);
    }
    if (!drives_stop(world, why, sizeof(why))) {
        add_message(slate, why);
        return OUTCOME_FAILED;
    }
    if (status == LUA_OK && has_leaked()) {
        add_message(slate, "memory has been leaked");
        return OUTCOME_FAILED;
    }
    if (status == LUA_OK)
        return OUTCOME_PASSED;
    return world->skipping ? OUTCOME_SKIPPED : OUTCOME_FAILED;
}

void stage_run(const struct stage *stage)
{
    size_t used = 0;
    struct world world = {
        .thread = pthread_self(),
        .wish = stage->wish,
        .slate = stage->slate,
        .file = stage->file,
        .folder = stage->folder,
        .time_limit_s = stage->time_limit_s,
        .deadline_ms = scenario_now_ms() + (uint64_t)stage->time_limit_s * 1000,
        .to_parent = -1,
        .L = lua_newstate(allocate, &used),
    };
    int status;

    if (!world.L || FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED))) {
        add_message(stage->slate, "out of memory");
        stage->slate->outcome = OUTCOME_FAILED;
        return;
    }
    memory_spy_init(&world.spy);
    *(struct world **)lua_getextraspace(world.L) = &world;
    snprintf(stage->slate->where, sizeof(stage->slate->where), "%s", stage->file);
    lua_pushcfunction(world.L, scenario_message);
    lua_pushcfunction(world.L, play);
    status = lua_pcall(world.L, 0, 0, 1);
    stage->slate->outcome = end(&world, status);
}

/* ---- the verbs ---- */

int scene_title(lua_State *L)
{
    struct slate *slate = world_of(L)->slate;
    const char *title = luaL_checkstring(L, 1);

    if (slate->title[0] != '\0')
        return luaL_error(L, "scenario: one title a file; this one has \"%s\"", slate->title);
    if (title[0] == '\0' || strchr(title, '\n'))
        return luaL_error(L, "scenario: a title is one line");
    snprintf(slate->title, sizeof(slate->title), "%s", title);
    return 0;
}

int scene_note(lua_State *L)
{
    struct slate *slate = world_of(L)->slate;
    size_t used = strlen(slate->notes);
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : push_shown(L, 1);

    snprintf(slate->notes + used, sizeof(slate->notes) - used, "%s\n", text);
    return 0;
}
