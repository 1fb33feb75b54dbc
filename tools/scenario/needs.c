/* SPDX-License-Identifier: MIT */
#include "scenario/needs.h"
#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "scenario/drive.h"
#include "wire.h"

/* Each: NULL, or why not. */

static bool has_extension(const char *url)
{
    uint8_t cdb[16], data[64];
    struct mmc_configuration_header header;
    struct wire_answer answer;
    struct wire wire;
    uint8_t length =
        mmc_cdb_get_configuration(cdb, MMC_CONFIGURATION_ONE, FEATURE_VCDR, sizeof(data));
    int got;

    if (wire_open(url, &wire) != 0)
        return false;
    got = wire_read(&wire, cdb, length, data, sizeof(data), &answer);
    wire_close(&wire);
    /* the header, and the feature's own header and its 8 bytes */
    return got >= 20 && mmc_configuration_header(data, (size_t)got, &header) == MMC_OK &&
           memcmp(data + 12, "VCDR", 4) == 0;
}

static const char *extension(const struct world *world)
{
    if (world->wish->kind == DRIVE_URL && !has_extension(world->wish->url))
        return "the drive does not have the wire extension";
    return NULL;
}

static const char *daemon_drive(const struct world *world)
{
    return drive_in_daemon(world) ? NULL : "the drive is not in a daemon (--drive daemon)";
}

static const char *embedded(const struct world *world)
{
    return drive_in_daemon(world) ? "the drive is not embedded" : NULL;
}

static const char *record(const struct world *world)
{
    if (world->wish->kind == DRIVE_URL && drive_in_daemon(world))
        return "the record of a drive that is given cannot be read";
    return NULL;
}

static const char *fresh(const struct world *world)
{
    return world->wish->kind == DRIVE_URL ? "the drive is one that is given" : NULL;
}

static const char *hands(const struct world *world)
{
    return world->wish->kind == DRIVE_URL ? "no hand reaches a drive that is given" : NULL;
}

/* An embedded drive's clock is ours, a daemon's is its machine's. */
static const char *time_that_moves(const struct world *world)
{
    return world->wish->kind == DRIVE_EMBEDDED ? NULL : "the drive's time cannot be moved";
}

static const struct {
    const char *name;
    const char *(*lacks)(const struct world *world);
} rows[] = {
    {"extension", extension}, /* the wire extension: owner, write state */
    {"daemon", daemon_drive}, /* other processes reach the drive, connections can be cut */
    {"embedded", embedded},   /* the drive is in the scenario's process */
    {"record", record},       /* its record can be read */
    {"hands", hands},         /* discs are inserted and ejected, the button is pressed */
    {"time", time_that_moves}, /* the drive is given time, which the scenario moves */
    {"fresh", fresh},         /* each disc is new, of the capacity asked for, in a new drive */
};

static void check(lua_State *L, const char *need)
{
    size_t i = 0, count = sizeof(rows) / sizeof(rows[0]);
    const char *reason;

    while (i < count && strcmp(rows[i].name, need) != 0)
        i++;
    if (i == count)
        luaL_error(L, "needs: unknown need \"%s\"", need);
    reason = rows[i].lacks(world_of(L));
    if (reason)
        scenario_skip(L, "needs %s: %s", need, reason);
}

int scene_needs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    for (lua_Integer i = 1; lua_rawgeti(L, 1, i) != LUA_TNIL; i++) {
        check(L, luaL_checkstring(L, -1));
        lua_pop(L, 1);
    }
    return 0;
}
