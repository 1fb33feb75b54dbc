/* SPDX-License-Identifier: MIT */
#include "scenario/hands.h"
#include <stdio.h>
#include <string.h>
#include <vcdr/embedded.h>
#include "drive_state.h"
#include "scenario/drive.h"

#define MICROSECONDS 1e6
#define MOST_SECONDS 1e6

static struct drive *within_reach(lua_State *L, const char *verb)
{
    struct drive *drive = drive_check(L, 1);

    if (!drive->power)
        scenario_skip(L, "%s: the drive is not in reach of a hand (needs { \"hands\" })", verb);
    return drive;
}

/* What a hand has come to is a word, for a scenario to expect. */
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

int scene_drive_insert(lua_State *L)
{
    struct drive *drive = within_reach(L, "insert");
    char path[sizeof(drive->disc)];
    int error;

    lua_remove(L, 1);
    drive_new_disc(L, path, sizeof(path));
    scenario_doing(L, "drive:insert(...)");
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
    error = vcdr_embedded_eject(drive->power);
    if (error == VCDR_OK)
        drive->url[0] = '\0';
    return push_outcome(L, "eject", error);
}

int scene_drive_button(lua_State *L)
{
    const struct drive *drive = within_reach(L, "button");

    scenario_doing(L, "drive:button()");
    return push_outcome(L, "button", vcdr_embedded_button(drive->power));
}

static void set_boolean(lua_State *L, const char *key, bool value)
{
    lua_pushboolean(L, value);
    lua_setfield(L, -2, key);
}

int scene_drive_look(lua_State *L)
{
    const struct drive *drive = within_reach(L, "look");
    struct vcdr_look seen;
    int error;

    scenario_doing(L, "drive:look()");
    error = vcdr_embedded_look(drive->power, &seen);
    if (error != VCDR_OK)
        return luaL_error(L, "look: %s", vcdr_strerror(error));
    lua_newtable(L);
    set_boolean(L, "open", seen.tray_open);
    set_boolean(L, "disc", seen.has_disc);
    set_boolean(L, "locked", seen.prevented);
    set_boolean(L, "busy", seen.busy);
    lua_pushstring(L, drive_state_write_text(seen.write_state));
    lua_setfield(L, -2, "write_state");
    lua_pushnumber(L, seen.progress / 65535.0);
    lua_setfield(L, -2, "progress");
    return 1;
}

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
