/* SPDX-License-Identifier: MIT */
/* The verb `audio`: a stream made from a description. */
#include <errno.h>
#include <string.h>
#include "scenario/handler.h"
#include "scenario/result.h"
#include "scenario/scenario.h"
#include "scenario/stream.h"

enum { SECTOR = 2352, FRAME = 4, SECOND = 75 * SECTOR };
#define MOST_BYTES ((lua_Integer)1 << 40)

/* The handle; it lives in the Lua state, which outlives every reader. */
struct audio {
    IStream *stream;
    struct stream_shape shape;
    struct world *world;
    int handler; /* on_read; LUA_NOREF: none */
    pthread_mutex_t lock;
    pthread_cond_t news;
    bool held, go;
};

/* ---- what a Read does besides reading ---- */

static int push_offset(lua_State *L, void *ctx)
{
    lua_pushinteger(L, (lua_Integer) * (const uint64_t *)ctx);
    return 1;
}

static void reads(void *ctx, uint64_t offset)
{
    struct audio *audio = ctx;

    if (audio->handler != LUA_NOREF)
        handler_call(audio->world, audio->handler, push_offset, &offset);
}

static void holds(void *ctx)
{
    struct audio *audio = ctx;

    pthread_mutex_lock(&audio->lock);
    audio->held = true;
    pthread_cond_broadcast(&audio->news);
    while (!audio->go)
        pthread_cond_wait(&audio->news, &audio->lock);
    pthread_mutex_unlock(&audio->lock);
}

/* ---- the description ---- */

static const char *const keys[] = {"sectors", "frames",  "bytes",      "seconds",    "sound",
                                   "seed",    "hertz",   "ends_after", "fail_after", "fail_with",
                                   "hold_at", "no_stat", "no_seek",    "on_read",    NULL};

static uint64_t take_length(lua_State *L)
{
    static const struct {
        const char *key;
        lua_Integer bytes;
    } units[] = {{"sectors", SECTOR}, {"frames", FRAME}, {"bytes", 1}, {"seconds", SECOND}};
    lua_Integer length = -1;

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        lua_Integer value =
            option_integer(L, 1, "audio", units[i].key, MOST_BYTES / units[i].bytes, -1);

        if (value >= 0 && length >= 0)
            luaL_error(L, "audio: one of sectors, frames, seconds and bytes, not two");
        if (value >= 0)
            length = value * units[i].bytes;
    }
    return (uint64_t)(length >= 0 ? length : 300 * SECTOR);
}

static enum stream_sound take_sound(lua_State *L)
{
    const char *word = option_string(L, 1, "audio", "sound", "noise");

    if (strcmp(word, "noise") == 0)
        return STREAM_NOISE;
    if (strcmp(word, "tone") == 0)
        return STREAM_TONE;
    if (strcmp(word, "silence") != 0)
        luaL_error(L, "audio: sound is \"noise\", \"tone\" or \"silence\", not \"%s\"", word);
    return STREAM_SILENCE;
}

static void take_shape(lua_State *L, struct stream_shape *shape)
{
    const char *fail_with = option_string(L, 1, "audio", "fail_with", "E_FAIL");

    *shape = (struct stream_shape){
        .sound = take_sound(L),
        .seed = (uint32_t)option_integer(L, 1, "audio", "seed", UINT32_MAX, 1),
        .hertz = (uint32_t)option_integer(L, 1, "audio", "hertz", 22050, 440),
        .bytes = take_length(L),
        .ends_after = (uint64_t)option_integer(L, 1, "audio", "ends_after", MOST_BYTES, -1),
        .fail_after = (uint64_t)option_integer(L, 1, "audio", "fail_after", MOST_BYTES, -1),
        .hold_at = (uint64_t)option_integer(L, 1, "audio", "hold_at", MOST_BYTES, -1),
        .no_stat = option_boolean(L, 1, "audio", "no_stat"),
        .no_seek = option_boolean(L, 1, "audio", "no_seek"),
    };
    if (!hresult_of(fail_with, &shape->fail_with) || SUCCEEDED(shape->fail_with))
        luaL_error(L, "audio: fail_with: %s is no HRESULT of a failure", fail_with);
}

int scene_audio(lua_State *L)
{
    struct stream_shape shape;
    struct audio *audio;

    options_check(L, 1, "audio", keys);
    take_shape(L, &shape);
    audio = lua_newuserdatauv(L, sizeof(*audio), 0);
    *audio = (struct audio){.shape = shape, .world = world_of(L), .handler = LUA_NOREF};
    pthread_mutex_init(&audio->lock, NULL);
    pthread_cond_init(&audio->news, NULL);
    luaL_setmetatable(L, KIND_STREAM);
    if (lua_getfield(L, 1, "on_read") != LUA_TNIL)
        audio->handler = handler_keep(L);
    else
        lua_pop(L, 1);
    audio->stream =
        stream_new(&shape, &(struct stream_watch){.reads = reads, .holds = holds, .ctx = audio});
    return audio->stream ? 1 : luaL_error(L, "out of memory");
}

/* ---- on a stream that is there ---- */

IStream *stream_test(lua_State *L, int index)
{
    struct audio *audio = luaL_testudata(L, index, KIND_STREAM);

    return audio ? audio->stream : NULL;
}

const struct stream_shape *stream_shape_check(lua_State *L, int index)
{
    return &((struct audio *)luaL_checkudata(L, index, KIND_STREAM))->shape;
}

bool stream_has_handler(lua_State *L, int index)
{
    struct audio *audio = luaL_testudata(L, index, KIND_STREAM);

    return audio && audio->handler != LUA_NOREF;
}

/* A reader that never comes is found by the time limit. */
int scene_stream_await(lua_State *L)
{
    struct audio *audio = luaL_checkudata(L, 1, KIND_STREAM);

    if (audio->shape.hold_at == UINT64_MAX)
        return luaL_error(L, "await: this stream has no hold_at");
    scenario_doing(L, "stream:await()");
    pthread_mutex_lock(&audio->lock);
    while (!audio->held)
        pthread_cond_wait(&audio->news, &audio->lock);
    pthread_mutex_unlock(&audio->lock);
    return 0;
}

int scene_stream_go(lua_State *L)
{
    struct audio *audio = luaL_checkudata(L, 1, KIND_STREAM);

    pthread_mutex_lock(&audio->lock);
    audio->go = true;
    pthread_cond_broadcast(&audio->news);
    pthread_mutex_unlock(&audio->lock);
    return 0;
}

/* References that the API kept outlive the handle only as long as nothing reads any more. */
static int audio_gc(lua_State *L)
{
    struct audio *audio = luaL_checkudata(L, 1, KIND_STREAM);

    if (audio->stream)
        IStream_Release(audio->stream);
    audio->stream = NULL;
    return 0;
}

static int audio_text(lua_State *L)
{
    const struct stream_shape *shape = stream_shape_check(L, 1);

    lua_pushfstring(L, "audio of %I bytes", (lua_Integer)shape->bytes);
    return 1;
}

void stream_install(lua_State *L)
{
    kind_create(L, KIND_STREAM, audio_gc);
    luaL_getmetatable(L, KIND_STREAM);
    lua_pushcfunction(L, audio_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
