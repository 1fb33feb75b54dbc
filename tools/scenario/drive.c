/* SPDX-License-Identifier: MIT */
/* A drive comes to be, and ends. What is asked of it is in drive_verbs.c. */
#include "scenario/drive.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>
#include <vcdr/embedded.h>
#include "api/mmc/mmc.h"
#include "scenario/initiator.h"

#define IQN "iqn.2026-11.local.vcdr:scenario"
#define SERIAL "SCENARIO0001"
#define SOCKET_PATH_MOST 107

/* A track's run-out lies before the last lead-out, which lies before 90:00:00. */
enum { RUN_OUT_BLOCKS = 2, MOST_SECTORS = 404847 };

struct disc_wish {
    const char *capacity;
    int32_t sectors; /* of one track that fills it, instead of a capacity; 0: not said */
    bool rewritable;
    const char *timing; /* NULL: none */
};

/* ---- the disc ---- */

static void make_disc(lua_State *L, const char *path, const struct disc_wish *wish, uint32_t serial)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    enum vcdr_medium medium = wish->rewritable ? VCDR_MEDIUM_CD_RW : VCDR_MEDIUM_CD_R;
    int error = vcdr_geometry_by_name(wish->capacity, medium, &geometry);

    if (error)
        luaL_error(L, "blank_disc: \"%s\" is not \"74min\", \"80min\" or \"90min\"",
                   wish->capacity);
    if (wish->sectors > 0)
        geometry.last_lead_out_lba = wish->sectors + RUN_OUT_BLOCKS;
    error = vcdr_store_file(path, VCDR_STORE_CREATE, &store);
    if (!error) {
        error = vcdr_disc_create(store, &geometry, serial);
        store.ops->close(store.ctx);
    }
    if (error)
        luaL_error(L, "blank_disc: %s: %s", path, vcdr_strerror(error));
}

static int port_of_url(const char *url)
{
    const char *host = strncmp(url, "iscsi://", 8) == 0 ? url + 8 : NULL;
    const char *end = host ? strchr(host, '/') : NULL;
    const char *colon = end;

    while (colon && colon > host && *colon != ':' && *colon != ']')
        colon--;
    if (!host)
        return 0;
    return colon && *colon == ':' ? atoi(colon + 1) : 3260;
}

bool drive_in_daemon(const struct world *world)
{
    const struct drive_wish *wish = world->wish;

    return wish->kind == DRIVE_DAEMON || (wish->kind == DRIVE_URL && port_of_url(wish->url) != 0);
}

/* ---- the drive ---- */

static struct drive *drive_push(lua_State *L)
{
    struct world *world = world_of(L);
    struct drive **handle = lua_newuserdatauv(L, sizeof(struct drive *), 1);
    struct drive *drive = calloc(1, sizeof(*drive));

    if (!drive) {
        luaL_error(L, "out of memory");
        return NULL;
    }
    drive->next = world->drives;
    world->drives = drive;
    *handle = drive;
    luaL_setmetatable(L, KIND_DRIVE);
    return drive;
}

struct drive *drive_test(lua_State *L, int index)
{
    struct drive **handle = luaL_testudata(L, index, KIND_DRIVE);

    return handle ? *handle : NULL;
}

struct drive *drive_check(lua_State *L, int index)
{
    struct drive **handle = luaL_checkudata(L, index, KIND_DRIVE);

    return *handle;
}

static void power_on_embedded(lua_State *L, struct drive *drive, const char *disc)
{
    struct vcdr_embedded_options options = {
        .disc = disc,
        .record = drive->record,
        .initiator = "scenario",
        .timing = drive->timing[0] ? drive->timing : NULL,
    };
    int error = vcdr_embedded_open(&options, &drive->power);

    if (error)
        luaL_error(L, "%s: %s", disc, vcdr_strerror(error));
    snprintf(drive->url, sizeof(drive->url), "embedded:%s", disc);
}

static void start_daemon(lua_State *L, struct drive *drive)
{
    struct daemon_drive one = {
        .iqn = IQN,
        .disc = drive->disc,
        .record = drive->record,
        .serial = SERIAL,
        .timing = drive->timing[0] ? drive->timing : NULL,
    };
    struct daemon_options options = {
        .dead_peer_seconds = -1,
        .control_socket = drive->control[0] ? drive->control : NULL,
        .drives = &one,
        .drive_count = 1,
    };
    struct daemon *daemon = calloc(1, sizeof(*daemon));
    bool cannot_run;

    if (!daemon) {
        luaL_error(L, "out of memory");
        return;
    }
    scenario_doing(L, "the start of a daemon");
    if (!daemon_start(&options, daemon)) {
        lua_pushfstring(L, "%s: %s", daemon->thing, daemon->reason);
        cannot_run = daemon->cannot_run;
        free(daemon);
        if (cannot_run)
            scenario_skip(L, "%s", lua_tostring(L, -1));
        luaL_error(L, "%s", lua_tostring(L, -1));
        return;
    }
    drive->daemon = daemon;
    snprintf(drive->url, sizeof(drive->url), "iscsi://127.0.0.1:%d/%s/0", daemon->port, IQN);
    drive->port = daemon->port;
}

static void name_files(struct world *world, struct drive *drive)
{
    unsigned number = ++world->drive_count;
    char suffix[16] = "";

    if (number > 1)
        snprintf(suffix, sizeof(suffix), "-%u", number);
    snprintf(drive->disc, sizeof(drive->disc), "%s/disc%s", world->folder, suffix);
    snprintf(drive->record, sizeof(drive->record), "%s/record%s", world->folder, suffix);
    snprintf(drive->control, sizeof(drive->control), "%s/faults%s", world->folder, suffix);
}

/* ---- a drive that is there ---- */

/* A blank disc has to be there already; otherwise this is no place for the scenario. */
static void demand_blank(lua_State *L, struct drive *drive)
{
    uint8_t cdb[16], data[MMC_DISC_INFORMATION_BYTES];
    struct mmc_disc_information disc;
    uint8_t length = mmc_cdb_read_disc_information(cdb, sizeof(data));
    size_t got;

    drive_push_initiator(L, -1);
    got = initiator_read(L, lua_gettop(L), cdb, length, data, sizeof(data));
    if (mmc_disc_information_parse(data, got, &disc) != MMC_OK)
        luaL_error(L, "%s: READ DISC INFORMATION makes no sense", drive->url);
    if (disc.status != MMC_DISC_EMPTY)
        scenario_skip(L, "the disc in %s is not blank", drive->url);
    lua_pop(L, 1);
}

static void use_url(lua_State *L, struct drive *drive, const char *url)
{
    if (world_of(L)->drive_count > 1)
        scenario_skip(L, "one drive is given, and more than one is wanted");
    drive->disc[0] = '\0';
    if (strncmp(url, "embedded:", 9) == 0) {
        power_on_embedded(L, drive, url + 9);
    } else {
        drive->record[0] = '\0';
        snprintf(drive->url, sizeof(drive->url), "%s", url);
        drive->port = port_of_url(url);
    }
    demand_blank(L, drive);
}

/* ---- the verb ---- */

static const char *const keys[] = {"capacity", "sectors", "rewritable", "timing", NULL};

static void take_wish(lua_State *L, struct disc_wish *wish)
{
    *wish = (struct disc_wish){.capacity = "80min"};
    if (lua_type(L, 1) == LUA_TSTRING) {
        wish->capacity = lua_tostring(L, 1);
        return;
    }
    options_check(L, 1, "blank_disc", keys);
    wish->capacity = option_string(L, 1, "blank_disc", "capacity", "80min");
    wish->sectors =
        (int32_t)option_integer(L, 1, "blank_disc", "sectors", MOST_SECTORS, wish->sectors);
    wish->rewritable = option_boolean(L, 1, "blank_disc", "rewritable");
    wish->timing = option_string(L, 1, "blank_disc", "timing", NULL);
}

/* Only a drive that we power on can be given time. */
static void check_timing(lua_State *L, const char *timing)
{
    enum vcdr_timing known;

    if (!timing)
        return;
    if (vcdr_timing_parse(timing, &known) != VCDR_OK)
        luaL_error(L, "blank_disc: timing is \"none\" or \"real\"");
    if (world_of(L)->wish->kind == DRIVE_URL)
        scenario_skip(L, "blank_disc: a drive that is given has the time that it has");
}

void drive_new_disc(lua_State *L, char *path, size_t size)
{
    struct world *world = world_of(L);
    struct disc_wish wish;

    take_wish(L, &wish);
    if (wish.timing)
        luaL_error(L, "a disc has no timing");
    snprintf(path, size, "%s/disc-%u", world->folder, ++world->drive_count);
    make_disc(L, path, &wish, 0x53430000 + world->drive_count);
}

int scene_blank_disc(lua_State *L)
{
    struct world *world = world_of(L);
    struct disc_wish wish;
    struct drive *drive;

    take_wish(L, &wish);
    check_timing(L, wish.timing);
    scenario_doing(L, "blank_disc");
    drive = drive_push(L);
    name_files(world, drive);
    if (wish.timing)
        snprintf(drive->timing, sizeof(drive->timing), "%s", wish.timing);
    if (world->wish->kind == DRIVE_URL) {
        use_url(L, drive, world->wish->url);
        return 1;
    }
    make_disc(L, drive->disc, &wish, 0x53430000 + world->drive_count);
    if (world->wish->kind == DRIVE_DAEMON)
        start_daemon(L, drive);
    else
        power_on_embedded(L, drive, drive->disc);
    return 1;
}

/* ---- a daemon dies, and another one takes its place ---- */

static struct drive *own_daemon_check(lua_State *L, const char *verb)
{
    struct drive *drive = drive_check(L, 1);

    if (drive->power || drive->disc[0] == '\0')
        luaL_error(L, "%s: the drive is in no daemon of ours (needs { \"daemon\", \"fresh\" })",
                   verb);
    return drive;
}

int drive_kill(lua_State *L)
{
    struct drive *drive = own_daemon_check(L, "kill");
    int status = 0;

    if (!drive->daemon)
        return luaL_error(L, "kill: this drive's daemon is dead already");
    kill(drive->daemon->pid, SIGKILL);
    while (waitpid(drive->daemon->pid, &status, 0) < 0 && errno == EINTR)
        ;
    daemon_ended(drive->daemon, status);
    free(drive->daemon);
    drive->daemon = NULL;
    (void)unlink(drive->control); /* what it left of itself */
    return 0;
}

int scene_drive_start(lua_State *L)
{
    struct drive *drive = own_daemon_check(L, "start");

    if (drive->daemon)
        return luaL_error(L, "start: this drive's daemon runs");
    lua_pushnil(L); /* its observer's connection is gone */
    lua_setiuservalue(L, 1, 1);
    start_daemon(L, drive);
    return 0;
}

/* ---- the end ---- */

static bool stop(struct drive *drive, char *why, size_t size)
{
    struct daemon *daemon = drive->daemon;
    int status;

    vcdr_embedded_close(drive->power);
    drive->power = NULL;
    if (!daemon)
        return true;
    drive->daemon = NULL;
    status = daemon_stop(daemon);
    if (status != 0) {
        char end[DAEMON_TEXT_ROOM];

        daemon_describe_end(daemon, status, end, sizeof(end));
        snprintf(why, size, "tgtd: %s", end);
    }
    free(daemon);
    return status == 0;
}

bool drives_stop(struct world *world, char *why, size_t size)
{
    bool good = true;

    for (struct drive *drive = world->drives; drive; drive = drive->next)
        good = stop(drive, why, size) && good;
    return good;
}

void drive_install(lua_State *L)
{
    kind_create(L, KIND_DRIVE, NULL);
}
