/* SPDX-License-Identifier: MIT */
#include "scenario/hands.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <vcdr/embedded.h>
#include "drive_state.h"
#include "scenario/drive.h"
#include "serve/control_client.h"

#define MICROSECONDS 1e6
#define MOST_SECONDS 1e6

/* A drive of this process or of a daemon of ours. */
static struct drive *within_reach(lua_State *L, const char *verb)
{
    struct drive *drive = drive_check(L, 1);

    if (!drive->power && !drive->daemon)
        scenario_skip(L, "%s: the drive is not in reach of a hand (needs { \"hands\" })", verb);
    if (!drive->power && !drive->control[0])
        luaL_error(L, "%s: the path of this scenario's folder is too long for a socket", verb);
    return drive;
}

/* ---- what a hand has come to is a word, for a scenario to expect ---- */

static int push_outcome(lua_State *L, const char *verb, int error)
{
    switch (error) {
    case VCDR_OK:
        lua_pushliteral(L, "done");
        return 1;
    case VCDR_ELOCKED:
        lua_pushliteral(L, "locked");
        return 1;
    case VCDR_ESTATE:
        lua_pushliteral(L, "refused");
        return 1;
    default:
        return luaL_error(L, "%s: %s", verb, vcdr_strerror(error));
    }
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* A daemon gives its reasons in words (docs/control-socket.md). */
static int error_of_reason(lua_State *L, const char *verb, const char *why)
{
    if (ends_with(why, vcdr_strerror(VCDR_ELOCKED)))
        return VCDR_ELOCKED;
    if (ends_with(why, " there is a disc in it already") ||
        ends_with(why, " there is no disc in it"))
        return VCDR_ESTATE;
    return luaL_error(L, "%s: %s", verb, why);
}

static int ask_daemon(lua_State *L, const struct drive *drive, const char *verb, const char *disc)
{
    struct control_place place = {.socket = drive->control};
    json_t *request = json_pack("{s:s, s:s*}", "do", verb, "disc", disc);
    char why[CONTROL_WHY];

    if (!request)
        return luaL_error(L, "out of memory");
    if (control_ask(&place, request, NULL, why))
        return VCDR_OK;
    return error_of_reason(L, verb, why);
}

/* ---- discs and the button ---- */

int scene_drive_insert(lua_State *L)
{
    struct drive *drive = within_reach(L, "insert");
    char path[sizeof(drive->disc)];
    int error;

    lua_remove(L, 1);
    drive_new_disc(L, path, sizeof(path));
    scenario_doing(L, "drive:insert(...)");
    if (!drive->power)
        return push_outcome(L, "insert", ask_daemon(L, drive, "insert", path));
    error = vcdr_embedded_insert(drive->power, path);
    if (error == VCDR_OK) /* an embedded drive is found by the disc in it */
        snprintf(drive->url, sizeof(drive->url), "embedded:%s", path);
    return push_outcome(L, "insert", error);
}

int scene_drive_eject(lua_State *L)
{
    struct drive *drive = within_reach(L, "eject");
    int error;

    scenario_doing(L, "drive:eject()");
    if (!drive->power)
        return push_outcome(L, "eject", ask_daemon(L, drive, "eject", NULL));
    error = vcdr_embedded_eject(drive->power);
    if (error == VCDR_OK)
        drive->url[0] = '\0';
    return push_outcome(L, "eject", error);
}

int scene_drive_button(lua_State *L)
{
    const struct drive *drive = within_reach(L, "button");

    scenario_doing(L, "drive:button()");
    return push_outcome(L, "button",
                        drive->power ? vcdr_embedded_button(drive->power)
                                     : ask_daemon(L, drive, "button", NULL));
}

/* ---- a look ---- */

static void set_boolean(lua_State *L, const char *key, bool value)
{
    lua_pushboolean(L, value);
    lua_setfield(L, -2, key);
}

static void push_look(lua_State *L, const struct vcdr_look *seen, const char *write_state)
{
    lua_newtable(L);
    set_boolean(L, "open", seen->tray_open);
    set_boolean(L, "disc", seen->has_disc);
    set_boolean(L, "locked", seen->prevented);
    set_boolean(L, "busy", seen->busy);
    lua_pushstring(L, write_state);
    lua_setfield(L, -2, "write_state");
    lua_pushnumber(L, seen->progress / 65535.0);
    lua_setfield(L, -2, "progress");
}

static int look_at_daemon(lua_State *L, const struct drive *drive)
{
    struct control_place place = {.socket = drive->control};
    json_t *request = json_pack("{s:s}", "do", "status"), *answer = NULL;
    int open = 0, disc = 0, locked = 0, busy = 0, progress = 0;
    const char *tray = "", *state = "";
    char why[CONTROL_WHY];

    if (!request || !control_ask(&place, request, &answer, why))
        return luaL_error(L, "look: %s", request ? why : "out of memory");
    if (json_unpack(answer, "{s:[{s:s, s:b, s:b, s:b, s:i, s:s}]}", "drives", "tray", &tray,
                    "has_disc", &disc, "prevented", &locked, "busy", &busy, "progress", &progress,
                    "write_state", &state) == 0) {
        open = strcmp(tray, "open") == 0;
        push_look(L,
                  &(struct vcdr_look){.tray_open = open,
                                      .has_disc = disc,
                                      .prevented = locked,
                                      .busy = busy,
                                      .progress = (uint16_t)progress},
                  state);
    } else {
        lua_pushnil(L);
    }
    json_decref(answer);
    return lua_isnil(L, -1) ? luaL_error(L, "look: the daemon's status makes no sense") : 1;
}

int scene_drive_look(lua_State *L)
{
    const struct drive *drive = within_reach(L, "look");
    struct vcdr_look seen;
    int error;

    scenario_doing(L, "drive:look()");
    if (!drive->power)
        return look_at_daemon(L, drive);
    error = vcdr_embedded_look(drive->power, &seen);
    if (error != VCDR_OK)
        return luaL_error(L, "look: %s", vcdr_strerror(error));
    push_look(L, &seen, drive_state_write_text(seen.write_state));
    return 1;
}

/* ---- time ---- */

int scene_drive_pass_time(lua_State *L)
{
    const struct drive *drive = drive_check(L, 1);
    lua_Number seconds = luaL_checknumber(L, 2);

    luaL_argcheck(L, seconds >= 0 && seconds <= MOST_SECONDS, 2, "from 0 to 1000000 seconds");
    scenario_doing(L, "drive:pass_time(...)");
    if (!drive->power)
        scenario_skip(L, "pass_time: the drive's time is that of its daemon (needs { \"time\" })");
    vcdr_embedded_pass_time(drive->power, (uint64_t)(seconds * MICROSECONDS));
    return 0;
}
