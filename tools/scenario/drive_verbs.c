/* SPDX-License-Identifier: MIT */
/* Recorders and formats on a drive, its initiators, its resets and cut connections. */
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/embedded.h>
#include "scenario/drive.h"
#include "scenario/initiator.h"
#include "scenario/object.h"
#include "scenario/process.h"
#include "scenario/result.h"
#include "scenario/sockets.h"

/* An embedded drive is found by its disc. */
void drive_check_url(lua_State *L, const struct drive *drive)
{
    if (!drive->url[0])
        luaL_error(L, "there is no disc in the drive, by which it could be found: open what needs "
                      "it before drive:eject()");
}

int scene_drive_url(lua_State *L)
{
    drive_check_url(L, drive_check(L, 1));
    lua_pushstring(L, drive_check(L, 1)->url);
    return 1;
}

/* ---- initiators ---- */

/* User value 1 of the drive: a table of process and initiator, for a fork has none of its own. */
void drive_push_initiator(lua_State *L, int index)
{
    struct drive *drive = drive_check(L, index);

    index = lua_absindex(L, index);
    if (lua_getiuservalue(L, index, 1) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, 1);
    }
    if (lua_rawgeti(L, -1, getpid()) == LUA_TNIL) {
        lua_pop(L, 1);
        initiator_push(L, drive, "observer", false);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, getpid());
    }
    lua_remove(L, -2);
}

static const char *const initiator_keys[] = {"name", "keep_attention", NULL};

int scene_drive_initiator(lua_State *L)
{
    struct drive *drive = drive_check(L, 1);

    if (lua_type(L, 2) == LUA_TSTRING) {
        initiator_push(L, drive, lua_tostring(L, 2), false);
        return 1;
    }
    options_check(L, 2, "initiator", initiator_keys);
    initiator_push(L, drive, option_string(L, 2, "initiator", "name", "initiator"),
                   option_boolean(L, 2, "initiator", "keep_attention"));
    return 1;
}

/* ---- recorders and formats ---- */

void drive_must(lua_State *L, lua_CFunction verb, int index, const char *member, int arguments)
{
    const struct result *result;

    index = lua_absindex(L, index);
    lua_pushcfunction(L, verb);
    lua_pushvalue(L, index);
    lua_pushstring(L, member);
    lua_rotate(L, -3 - arguments, 3);
    lua_call(L, 2 + arguments, 1);
    result = result_look(L, -1);
    if (FAILED(result->hr)) {
        push_hresult(L, result->hr);
        luaL_error(L, "%s: %s", member, lua_tostring(L, -1));
    }
    lua_getiuservalue(L, -1, 1);
    lua_remove(L, -2);
}

/* The initiator's name is the environment's to give. */
static void push_recorder(lua_State *L, struct drive *drive, const char *initiator)
{
    struct sockets before, after;

    drive_check_url(L, drive);
    object_create(L, "IMAPI2.MsftDiscRecorder2");
    if (initiator)
        setenv("VCDR_INITIATOR", initiator, 1);
    sockets_list(drive->port, &before);
    lua_pushstring(L, drive->url);
    drive_must(L, scene_call, -2, "InitializeDiscRecorder", 1);
    lua_pop(L, 1);
    sockets_list(drive->port, &after);
    unsetenv("VCDR_INITIATOR");
    object_set_port(L, -1, sockets_new(&before, &after));
}

static const char *const recorder_keys[] = {"initiator", NULL};

int scene_drive_recorder(lua_State *L)
{
    struct drive *drive = drive_check(L, 1);

    options_check(L, 2, "recorder", recorder_keys);
    push_recorder(L, drive, option_string(L, 2, "recorder", "initiator", NULL));
    return 1;
}

static void put_option(lua_State *L, const char *key, const char *member)
{
    if (lua_getfield(L, 2, key) == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    drive_must(L, scene_put, -2, member, 1);
    lua_pop(L, 1);
}

static const char *const format_keys[] = {"client_name",     "recorder",
                                          "do_not_finalize", "buffer_underrun_free_disabled",
                                          "initiator",       NULL};

/* The recorder that is made for the format is the format's alone. */
int scene_drive_track_at_once(lua_State *L)
{
    struct drive *drive = drive_check(L, 1);
    int port;

    options_check(L, 2, "track_at_once", format_keys);
    object_create(L, "IMAPI2.MsftDiscFormat2TrackAtOnce");
    if (lua_getfield(L, 2, "recorder") != LUA_TNIL) {
        port = object_port(L, -1);
        drive_must(L, scene_put, -2, "Recorder", 1);
        lua_pop(L, 1);
    } else {
        lua_pop(L, 1);
        push_recorder(L, drive, option_string(L, 2, "track_at_once", "initiator", NULL));
        port = object_port(L, -1);
        lua_pushvalue(L, -1);
        drive_must(L, scene_put, -3, "Recorder", 1);
        lua_pop(L, 1);
        lua_pushcfunction(L, scene_release);
        lua_insert(L, -2);
        lua_call(L, 1, 0);
    }
    object_set_port(L, -1, port);
    put_option(L, "client_name", "ClientName");
    put_option(L, "do_not_finalize", "DoNotFinalizeMedia");
    put_option(L, "buffer_underrun_free_disabled", "BufferUnderrunFreeDisabled");
    return 1;
}

/* ---- reset ---- */

static void reset_embedded(lua_State *L, const struct drive *drive)
{
    struct vcdr_embedded *nexus;

    if (vcdr_embedded_open(
            &(struct vcdr_embedded_options){.disc = drive->url + 9, .initiator = "resetter"},
            &nexus) != 0)
        luaL_error(L, "reset: no nexus");
    vcdr_embedded_reset(nexus);
    vcdr_embedded_close(nexus);
}

static void reset_iscsi(lua_State *L, const struct drive *drive)
{
    struct iscsi_context *iscsi = iscsi_create_context("iqn.2026-11.local.vcdr:resetter");
    struct iscsi_url *url = iscsi ? iscsi_parse_full_url(iscsi, drive->url) : NULL;
    int error = -1;

    if (url) {
        iscsi_set_targetname(iscsi, url->target);
        iscsi_set_session_type(iscsi, ISCSI_SESSION_NORMAL);
        error = iscsi_full_connect_sync(iscsi, url->portal, url->lun);
        if (!error)
            error = iscsi_task_mgmt_lun_reset_sync(iscsi, (uint32_t)url->lun);
        iscsi_logout_sync(iscsi);
        iscsi_destroy_url(url);
    }
    if (iscsi)
        iscsi_destroy_context(iscsi);
    if (error)
        luaL_error(L, "reset: LOGICAL UNIT RESET failed");
}

int scene_drive_reset(lua_State *L)
{
    const struct drive *drive = drive_check(L, 1);

    scenario_doing(L, "drive:reset()");
    drive_check_url(L, drive);
    if (drive->port == 0)
        reset_embedded(L, drive);
    else
        reset_iscsi(L, drive);
    return 0;
}

/* ---- cut connections ---- */

/* Of this process's connections the one with that local port. */
static unsigned cut_own(const struct world *world, int local)
{
    unsigned cut = 0;

    for (const struct drive *drive = world->drives; drive && local != 0; drive = drive->next)
        if (drive->port != 0)
            cut += sockets_cut(drive->port, local);
    return cut;
}

int scene_cut(lua_State *L)
{
    struct world *world = world_of(L);
    unsigned cut;

    scenario_doing(L, "cut(...)");
    if (process_test(L, 1))
        cut = process_cut(L, 1);
    else if (luaL_testudata(L, 1, KIND_INITIATOR))
        cut = cut_own(world, initiator_port(L, 1));
    else
        cut = cut_own(world, object_port(L, 1));
    if (cut == 0)
        return luaL_error(L, "cut: there is no connection (needs { \"daemon\" })");
    return 0;
}
