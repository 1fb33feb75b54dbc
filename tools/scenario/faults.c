/* SPDX-License-Identifier: MIT */
#include "scenario/faults.h"
#include <string.h>
#include <vcdr/embedded.h>
#include "scenario/drive.h"
#include "serve/control_client.h"

/* NULL takes all rules away. */
static void give_embedded(lua_State *L, const struct drive *drive, const char *rule)
{
    struct vcdr_fault_error error = {.message = "the drive has no power"};

    if (vcdr_embedded_fault(drive->power, rule, &error) != 0)
        luaL_error(L, "fault: %s", error.message);
}

static void give_daemon(lua_State *L, const struct drive *drive, const char *rule)
{
    char why[CONTROL_WHY];

    if (!drive->control[0])
        luaL_error(L, "fault: the path of this scenario's folder is too long for a socket");
    if (!control_fault(drive->control, rule ? rule : "clear", why))
        luaL_error(L, "fault: %s", why);
}

static void give(lua_State *L, const char *rule)
{
    const struct drive *drive = drive_check(L, 1);

    if (drive->daemon)
        give_daemon(L, drive, rule);
    else if (drive->power)
        give_embedded(L, drive, rule);
    else
        scenario_skip(L, "a drive that is given takes no rules of faults");
}

int scene_drive_fault(lua_State *L)
{
    const char *rule = luaL_checkstring(L, 2);

    if (strpbrk(rule, ";\n"))
        luaL_error(L, "fault: one rule at a time");
    scenario_doing(L, "drive:fault");
    give(L, rule);
    return 0;
}

int scene_drive_clear_faults(lua_State *L)
{
    scenario_doing(L, "drive:clear_faults");
    give(L, NULL);
    return 0;
}
