/* SPDX-License-Identifier: MIT */
/* Drives: made fresh with a disc of their own, embedded or in a daemon, or one that is there. */
#ifndef VCDR_TOOLS_SCENARIO_DRIVE_H
#define VCDR_TOOLS_SCENARIO_DRIVE_H

#include <lua.h>
#include <stdbool.h>
#include <sys/types.h>
#include "scenario/scenario.h"
#include "serve/daemon.h"

#define KIND_DRIVE "drive"

struct vcdr_embedded;

/* Outlives the Lua state, whose objects have to go first. */
struct drive {
    struct drive *next;
    char url[600];
    char disc[400];              /* "" : none of ours */
    char record[400];            /* "" : none that we could read */
    char control[400];           /* of its daemon; "": it has none */
    char timing[8];              /* "": none */
    int port;                    /* of its daemon; 0: embedded */
    struct daemon *daemon;       /* ours, or NULL */
    struct vcdr_embedded *power; /* keeps a drive of this process on; or NULL */
};

/* A new blank disc as the value at 1 of the stack says (blank_disc's argument, without timing); its
 * path. */
void drive_new_disc(lua_State *L, char *path, size_t size);
/* Whether this run's drives can be reached from other processes. */
bool drive_in_daemon(const struct world *world);
struct drive *drive_test(lua_State *L, int index);
struct drive *drive_check(lua_State *L, int index);
/* An error when nothing could be opened by the drive's URL. */
void drive_check_url(lua_State *L, const struct drive *drive);
/* A method on whatever lies at `index`, which must succeed: its arguments are on top of the stack
 * and are taken, its value is left instead. */
void drive_must(lua_State *L, lua_CFunction verb, int index, const char *member, int arguments);
/* The drive's initiator for looking at it, opened at its first use in a process. */
void drive_push_initiator(lua_State *L, int index);

int scene_blank_disc(lua_State *L);
/* SIGKILL to the daemon of the drive at 1. */
int drive_kill(lua_State *L);
int scene_drive_start(lua_State *L);
int scene_drive_url(lua_State *L);
int scene_drive_recorder(lua_State *L);
int scene_drive_track_at_once(lua_State *L);
int scene_drive_initiator(lua_State *L);
int scene_drive_reset(lua_State *L);
int scene_cut(lua_State *L);
void drive_install(lua_State *L);

/* Powers them all off, in order. False: a daemon ended badly, as `why` says. */
bool drives_stop(struct world *world, char *why, size_t size);

#endif
