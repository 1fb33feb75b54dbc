/* SPDX-License-Identifier: MIT */
#include "find.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"

#define MODULE "bs_sgvcdr.so"

bool find_beside_program(const char *relative, char *buf, size_t size)
{
    char program[PATH_MAX], joined[2 * PATH_MAX], resolved[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    if (len < 0)
        return false;
    program[len] = '\0';
    slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    snprintf(joined, sizeof(joined), "%s/%s", program, relative);
    if (!realpath(joined, resolved) || access(resolved, R_OK) != 0)
        return false;
    return (size_t)snprintf(buf, size, "%s", resolved) < size;
}

bool daemon_find_module(char *buf, size_t size)
{
    static const char *const places[] = {
        "../lib/vcdr/" MODULE,           /* installed */
        "../emulator/front/tgt/" MODULE, /* build tree, programs one folder deep */
        "../../emulator/front/tgt/" MODULE,
        "../../../emulator/front/tgt/" MODULE,
        "../../../../emulator/front/tgt/" MODULE,
    };
    const char *override = getenv("VCDR_TGT_MODULE");

    if (override)
        return (size_t)snprintf(buf, size, "%s", override) < size;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (find_beside_program(places[i], buf, size))
            return true;
    }
    return false;
}

bool daemon_find_tgtd(char *buf, size_t size)
{
    const char *path = getenv("PATH");
    char all[4096], *at = all, *folder;

    snprintf(all, sizeof(all), "%s:/usr/sbin:/usr/local/sbin:/sbin", path ? path : "");
    while ((folder = strsep(&at, ":")) != NULL) {
        if (folder[0] == '/' && (size_t)snprintf(buf, size, "%s/tgtd", folder) < size &&
            access(buf, X_OK) == 0)
            return true;
    }
    return false;
}
