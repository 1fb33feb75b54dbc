/* SPDX-License-Identifier: MIT */
/*
 * Tracks of known samples: an IStream whose bytes are computed from their place, so that a length
 * costs no memory and any part can be compared later. It can end early, fail, hold, and call back.
 */
#ifndef VCDR_TOOLS_SCENARIO_STREAM_H
#define VCDR_TOOLS_SCENARIO_STREAM_H

#include <lua.h>
#include <stdbool.h>
#include <stdint.h>
#include "com.h"

#define KIND_STREAM "stream"

enum stream_sound { STREAM_NOISE, STREAM_TONE, STREAM_SILENCE };

/* What a stream is, in full. */
struct stream_shape {
    enum stream_sound sound;
    uint32_t seed;       /* of noise */
    uint32_t hertz;      /* of a tone */
    uint64_t bytes;      /* that it announces */
    uint64_t ends_after; /* bytes that it has; UINT64_MAX: all */
    uint64_t fail_after; /* UINT64_MAX: never */
    HRESULT fail_with;
    uint64_t hold_at; /* UINT64_MAX: never */
    bool no_stat, no_seek;
};

/* Called by Read before it hands out the bytes from `offset` on; on the thread that reads. */
struct stream_watch {
    void (*reads)(void *ctx, uint64_t offset);
    void (*holds)(void *ctx); /* returns when it may go on; once in a stream's life */
    void *ctx;
};

/* One reference; NULL without memory. The watch may be NULL. */
IStream *stream_new(const struct stream_shape *shape, const struct stream_watch *watch);
/* The byte at a place of the sound, beyond its end 0. */
void stream_bytes(const struct stream_shape *shape, uint64_t at, uint8_t *to, size_t length);

/* The stream, or NULL for anything else. */
IStream *stream_test(lua_State *L, int index);
const struct stream_shape *stream_shape_check(lua_State *L, int index);
/* Whether a handler of the scenario is called by it: then only the scenario's thread may read. */
bool stream_has_handler(lua_State *L, int index);

int scene_audio(lua_State *L);
int scene_stream_await(lua_State *L);
int scene_stream_go(lua_State *L);
void stream_install(lua_State *L);

#endif
