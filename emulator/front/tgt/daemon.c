/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "daemon.h"

#include <libgen.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/error.h>

#include "abi.h"
#include "control.h"
#include "loop.h"
#include "module.h"
#include "parameters.h"
#include "portal.h"
#include "settings.h"
#include "tgt_facts.h"
#include "unit.h"

/* The starter reads one line from the status descriptor; a person reads stderr. */
static void __attribute__((noreturn, format(printf, 3, 4)))
refuse(int status, const char *thing, const char *format, ...)
{
    char reason[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    units_power_off();
    if (status >= 0)
        dprintf(status, "error %s\t%s\n", thing, reason);
    else
        fprintf(stderr, "vcdr: %s: %s\n", thing, reason);
    exit(EXIT_FAILURE);
}

/* Not a thing that failed but a machine that cannot run this. */
static void __attribute__((noreturn)) refuse_tgtd(int status, const char *difference)
{
    if (status >= 0)
        dprintf(status, "cannot tgtd\t" MODULE_REFUSAL "\n", difference);
    else
        fprintf(stderr, "vcdr: tgtd: " MODULE_REFUSAL "\n", difference);
    exit(EXIT_FAILURE);
}

static void add_drive(const struct settings *settings, const struct settings_drive *drive,
                      int driver, int tid)
{
    char text[300];
    const char *thing, *bad;
    struct tgt_unit *unit;
    int error;

    snprintf(text, sizeof(text), "targetname=%s", drive->iqn);
    if (tgt_target_create(driver, tid, text) != TGT_SUCCESS)
        refuse(settings->status, drive->iqn, "tgtd does not take this target name");
    /* tgt's own controller at LUN 0 makes way: burners look for a drive at LUN 0 only */
    if (tgt_device_destroy(tid, 0, 1) != TGT_SUCCESS)
        refuse(settings->status, drive->iqn, "tgtd keeps its own unit at LUN 0");
    unit = module_make_unit(tid);
    if (!unit)
        refuse(settings->status, drive->iqn, "tgtd does not take our unit");
    error = unit_power_on(unit, &drive->power, &thing);
    if (error)
        refuse(settings->status, thing, "%s", vcdr_strerror(error));
    bad = parameters_set(driver, tid, settings->silent_peer_seconds);
    if (bad)
        refuse(settings->status, drive->iqn, "tgtd does not take the parameter %s", bad);
    if (settings->user &&
        account_ctl(tid, TGT_ACCOUNT_INCOMING, (char *)settings->user, 1) != TGT_SUCCESS)
        refuse(settings->status, drive->iqn, "tgtd does not take the account");
    snprintf(text, sizeof(text), "ALL");
    if (acl_add(tid, text) != TGT_SUCCESS)
        refuse(settings->status, drive->iqn, "tgtd does not take the access list");
}

/* Nobody shall command this daemon by tgtadm, and nothing shall be left behind on a kill. */
static void remove_control_socket(void)
{
    static const char *const suffixes[] = {".0", ".0.lock"};
    const char *base = getenv("TGT_IPC_SOCKET");
    char path[256];

    if (!base)
        return;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        snprintf(path, sizeof(path), "%s%s", base, suffixes[i]);
        (void)unlink(path);
    }
    snprintf(path, sizeof(path), "%s", base);
    (void)rmdir(dirname(path));
}

/* tgtd allocates a page-aligned buffer for each command: keep them in the heap, or every WRITE of
 * 128 KiB and more pays for fresh pages. */
static void keep_buffers(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
    mallopt(M_TOP_PAD, 8 << 20);
}

/* The one by the portal is found by whoever has a drive's URL. */
static void open_control(const struct settings *settings, int port)
{
    char portal[80];
    const char *host = settings->address ? settings->address : settings->portal;
    const char *end = settings->address ? NULL : strrchr(host, ':');
    const char *bad;

    snprintf(portal, sizeof(portal), "%.*s:%d", end ? (int)(end - host) : (int)strlen(host), host,
             port);
    units_set_portal(portal);
    bad = control_open_portal(portal);
    if (bad) /* somebody else has that name; the drives can do without */
        fprintf(stderr, "vcdr: %s: no control socket goes by this name: %s\n", portal, bad);
    bad = settings->control_socket ? control_open(settings->control_socket) : NULL;
    if (bad)
        refuse(settings->status, settings->control_socket, "%s", bad);
}

void daemon_set_up(int fd, const char *refusal)
{
    struct settings settings;
    const char *bad = settings_read(fd, &settings);
    int driver, port;

    if (bad)
        refuse(settings.status, "settings", "%s", bad);
    bad = refusal ? refusal : abi_mismatch();
    if (bad)
        refuse_tgtd(settings.status, bad);
    if (loop_catch_signals() || loop_start() || module_register())
        refuse(settings.status, "tgtd", "no timer, no signals or no registration");
    keep_buffers();
    driver = get_driver_index("iscsi");
    if (settings.user &&
        account_add((char *)settings.user, (char *)(settings.secret ? settings.secret : "")) !=
            TGT_SUCCESS)
        refuse(settings.status, settings.user, "tgtd does not take the account");
    for (size_t i = 0; i < settings.drive_count; i++)
        add_drive(&settings, &settings.drives[i], driver, (int)i + 1);
    bad = portal_open(driver, settings.portal, &port);
    if (bad)
        refuse(settings.status, settings.portal, "%s", bad);
    open_control(&settings, port);
    portal_expect_answers(port, settings.dead_peer_seconds);
    if (!settings.keep_control)
        remove_control_socket();
    if (settings.status >= 0) {
        dprintf(settings.status, "ready %d\n", port);
        close(settings.status);
    }
    settings_free(&settings);
}
