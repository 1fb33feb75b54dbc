/* SPDX-License-Identifier: MIT */
/*
 * What the vocabulary's modules share: the world of one scenario, which lives in a process of its
 * own, and how a verb reports. The slate is all that the runner sees of it.
 */
#ifndef VCDR_TOOLS_SCENARIO_SCENARIO_H
#define VCDR_TOOLS_SCENARIO_SCENARIO_H

#include <lauxlib.h>
#include <lua.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "com.h"
#include "scenario/memory.h"

enum { SLATE_LINE = 1024, SLATE_TEXT = 16384 };

enum outcome {
    OUTCOME_RUNNING, /* also of one that died */
    OUTCOME_PASSED,
    OUTCOME_FAILED,
    OUTCOME_SKIPPED,
};

/* Shared memory: written by the scenario's process, read by the runner once that has ended. */
struct slate {
    enum outcome outcome;
    char title[SLATE_LINE];
    char where[SLATE_LINE];   /* file:line of the call that is being made */
    char call[SLATE_LINE];    /* its text */
    char message[SLATE_TEXT]; /* of a failure: one line a thing */
    char reason[SLATE_LINE];  /* of a skip */
    char notes[SLATE_TEXT];   /* lines of the verb `note` */
};

struct drive;
struct sink;

enum drive_kind {
    DRIVE_EMBEDDED, /* each disc is the disc of a new drive in the scenario's process */
    DRIVE_DAEMON,   /* ... in a tgtd of its own */
    DRIVE_URL,      /* one drive that is there already */
};

struct drive_wish {
    enum drive_kind kind;
    const char *url; /* of DRIVE_URL */
};

struct world {
    lua_State *L;
    pthread_t thread; /* the only one that may touch L */
    const struct drive_wish *wish;
    struct slate *slate;
    const char *file;   /* as it was given */
    const char *folder; /* the scenario's own; its discs and records are there */
    unsigned time_limit_s;
    uint64_t deadline_ms;
    struct drive *drives; /* made so far, the last one first */
    unsigned drive_count;
    struct sink *sinks; /* the last one first */
    unsigned expectations;
    unsigned pending; /* calls that were started and not finished */
    bool skipping;
    int to_parent;     /* in a process of the verb `process`: its way to the scenario; or -1 */
    bool event_failed; /* a handler's error waits for its call to return */
    struct memory_spy spy;
};

static inline struct world *world_of(lua_State *L)
{
    return *(struct world **)lua_getextraspace(L);
}

/* Monotonic. */
uint64_t scenario_now_ms(void);

/* "file:line" of the scenario's innermost own line, into text. */
void scenario_where(lua_State *L, char *text, size_t size);
/* Says on the slate what is about to be done, for the case that it never ends. */
void scenario_doing(lua_State *L, const char *call);
/* The text of the scenario's line that is being executed, trimmed. */
void scenario_line(lua_State *L, char *text, size_t size);

/* A message handler for lua_pcall: whole paths, and who called. */
int scenario_message(lua_State *L);

/* Ends the scenario: "file:line: CALL: expected EXPECTED, got GOT". */
int scenario_fail(lua_State *L, const char *call, const char *expected, const char *got);
/* Ends it as skipped. */
int scenario_skip(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Options of a verb: a table, or nothing, at `index`. `keys` ends in NULL; any other key is an
 * error that names it. Leaves a table at `index`.
 */
void options_check(lua_State *L, int index, const char *verb, const char *const *keys);
/* The values of a checked table; what is absent takes the default, a wrong type is an error. */
lua_Integer option_integer(lua_State *L, int index, const char *verb, const char *key,
                           lua_Integer most, lua_Integer otherwise);
bool option_boolean(lua_State *L, int index, const char *verb, const char *key);
const char *option_string(lua_State *L, int index, const char *verb, const char *key,
                          const char *otherwise);

/* Pushes any value as a scenario would write it. */
const char *push_shown(lua_State *L, int index);

/* A metatable named `kind` whose objects answer the rows that the vocabulary has for them, and
 * whose other keys are errors. */
void kind_create(lua_State *L, const char *kind, lua_CFunction gc);

#endif
