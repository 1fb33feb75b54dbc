/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "module.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/error.h>

#include "abi.h"
#include "control.h"
#include "daemon.h"
#include "list.h"
#include "loop.h"
#include "parameters.h"
#include "unit.h"

#define NO_DISC "none" /* the path of an empty drive */

__attribute__((visibility("default"))) void register_bs_module(void);

/* The unit that tgt is making right now: tgt_device_create calls init and then open or offline. */
static struct {
    struct tgt_unit *unit;
    char *text; /* its options, cut into pieces */
    struct power_settings power;
    const char *control; /* where a control socket is wanted; NULL: nowhere */
} making;

static bool refused; /* said so already */
static pid_t owner;  /* children that tgtd forks are none of ours */
static int settings_fd = -1;

/* ---- units ---- */

/* bsopts: "record=FILE;commands=1;name=...;serial=...;timing=real;control=PATH" */
static int parse_options(const char *text)
{
    char *at, *part;

    free(making.text);
    making.power = (struct power_settings){.disc = NULL};
    making.control = NULL;
    making.text = at = strdup(text ? text : "");
    if (!at)
        return TGT_ERROR_NO_MEMORY;
    while ((part = strsep(&at, ";")) != NULL) {
        char *value = strchr(part, '=');

        if (value)
            *value++ = '\0';
        if (value && strcmp(part, "record") == 0)
            making.power.record = value;
        else if (value && strcmp(part, "commands") == 0)
            making.power.record_commands = strcmp(value, "1") == 0;
        else if (value && strcmp(part, "name") == 0)
            making.power.name = value;
        else if (value && strcmp(part, "serial") == 0)
            making.power.serial = value;
        else if (value && strcmp(part, "timing") == 0)
            making.power.timing = value;
        else if (value && strcmp(part, "control") == 0)
            making.control = value;
        else if (*part) {
            fprintf(stderr, "vcdr: bsopts: unknown option %s\n", part);
            return TGT_ERROR_INVALID_REQUEST;
        }
    }
    return TGT_SUCCESS;
}

/* tgt's own controller is the only other unit that a target of ours may have. */
static bool target_is_free(const struct tgt_target *target)
{
    const struct tgt_list *at = target->units.next;

    if (at == &target->units)
        return true;
    return at->next == &target->units && LIST_OWNER(at, struct tgt_unit, target_link)->lun == 0 &&
           LIST_OWNER(at, struct tgt_unit, target_link)->perform == target_cmd_perform;
}

static int refuse_configure(struct tgt_unit *unit, char *parameters)
{
    (void)unit;
    (void)parameters;
    return TGT_ERROR_INVALID_REQUEST;
}

static int accept_online(struct tgt_unit *unit)
{
    (void)unit;
    return TGT_SUCCESS;
}

/* Burners look for a drive at LUN 0 only, and tgtadm can neither delete tgt's controller there nor
 * give its place away. */
static void take_lun_0(struct tgt_unit *unit)
{
    int tid = unit->target->tid;

    if (unit->lun == 0 || !unit_is_on(unit))
        return;
    if (tgt_device_destroy(tid, 0, 1) != TGT_SUCCESS) {
        fprintf(stderr, "vcdr: target %d: tgtd keeps its own unit at LUN 0\n", tid);
        return;
    }
    unit->lun = 0;
    (void)parameters_set(unit->target->driver, tid, 0);
}

static void take_places(struct tgt_event *event)
{
    (void)event;
    units_each(take_lun_0);
}

static int power_on_made(struct tgt_unit *unit, char *path)
{
    static struct tgt_event event;
    const char *thing, *refusal;
    int error;

    making.power.disc = path;
    refusal = making.control ? control_open(making.control) : NULL;
    if (refusal) {
        fprintf(stderr, "vcdr: %s: %s\n", making.control, refusal);
        return VCDR_EINVAL;
    }
    error = unit_power_on(unit, &making.power, &thing);
    making.power.disc = NULL;
    if (error) {
        fprintf(stderr, "vcdr: %s: %s\n", thing, vcdr_strerror(error));
        return error;
    }
    if (!event.handler)
        tgt_init_sched_event(&event, take_places, NULL);
    tgt_add_sched_event(&event);
    return 0;
}

/* Called at the end of making a unit without a path (daemon.c powers it on), and by tgtadm to take
 * a disc out: that is the drive's own business, never done behind its back. */
static int offline(struct tgt_unit *unit)
{
    return unit_is_on(unit) ? TGT_ERROR_UNSUPPORTED : TGT_SUCCESS;
}

static struct tgt_backing_store store_type;

static int store_init(struct tgt_unit *unit, char *options)
{
    int error;

    if (unit->perform != target_cmd_perform || unit->store != &store_type) {
        fprintf(stderr, "vcdr: tgtd: " MODULE_REFUSAL "\n", "struct scsi_lu has another layout");
        return TGT_ERROR_INVALID_REQUEST;
    }
    if (!target_is_free(unit->target)) {
        fprintf(stderr, "vcdr: target %d: has a unit already; a drive wants a target of its own\n",
                unit->target->tid);
        return TGT_ERROR_INVALID_REQUEST;
    }
    error = parse_options(options);
    if (error)
        return error;
    if (loop_start() || unit_attach(unit))
        return TGT_ERROR_NO_MEMORY;
    unit->type.online = accept_online;
    unit->type.offline = offline;
    unit->type.configure = refuse_configure;
    making.unit = unit;
    return TGT_SUCCESS;
}

static void store_exit(struct tgt_unit *unit)
{
    unit_detach(unit);
}

static int store_open(struct tgt_unit *unit, char *path, int *fd, uint64_t *size)
{
    /* tgtadm insists on a path */
    if (power_on_made(unit, strcmp(path, NO_DISC) == 0 ? NULL : path))
        return -EINVAL;
    *fd = 0; /* tgt's own use of it is for stores that are files */
    *size = 0;
    return 0;
}

static void store_close(struct tgt_unit *unit)
{
    unit_power_off(unit);
}

static int store_submit(struct tgt_cmd *cmd)
{
    (void)cmd; /* commands never come this way: unit.c takes them before */
    return -EINVAL;
}

static struct tgt_backing_store store_type = {
    .name = "sgvcdr", /* tgt lets only names that begin with "sg" or "bsg" take every CDB */
    .open = store_open,
    .close = store_close,
    .init = store_init,
    .exit = store_exit,
    .submit = store_submit,
};

struct tgt_unit *module_make_unit(int tid)
{
    char text[] = "bstype=sgvcdr";

    making.unit = NULL;
    if (tgt_device_create(tid, TGT_TYPE_PASSTHROUGH, 0, text, 1) != TGT_SUCCESS)
        return NULL;
    return making.unit;
}

/* ---- coming into tgtd ---- */

int module_register(void)
{
    if (get_backingstore_template(store_type.name))
        return -1;
    return register_backingstore_template(&store_type);
}

static void say_refusal(const char *why)
{
    if (!refused)
        fprintf(stderr, "vcdr: tgtd: " MODULE_REFUSAL "\n", why);
    refused = true;
}

/* tgtd calls this for a module in its module folder. */
void register_bs_module(void)
{
    const char *why = abi_mismatch();

    if (why)
        say_refusal(why);
    else if (module_register() == 0)
        (void)loop_catch_signals();
}

static void first_turn(struct tgt_event *event)
{
    (void)event;
    if (settings_fd >= 0)
        daemon_set_up(settings_fd, NULL);
    else
        register_bs_module();
}

/* Preloaded, this runs before tgtd's own constructors, in each program on the way to tgtd too. */
__attribute__((constructor)) static void loaded(void)
{
    static struct tgt_event event;
    const char *settings = getenv("VCDR_TGT_SETTINGS"), *why;

    if (!abi_is_tgtd())
        return;
    owner = getpid();
    if (settings) {
        settings_fd = atoi(settings);
        unsetenv("VCDR_TGT_SETTINGS");
        unsetenv("LD_PRELOAD");
        loop_hold_signals();
    }
    why = abi_mismatch_early();
    if (why && settings)
        daemon_set_up(settings_fd, why);
    if (why) {
        say_refusal(why);
        return;
    }
    tgt_init_sched_event(&event, first_turn, NULL);
    tgt_add_sched_event(&event);
}

/* tgtd can end in ways that the module does not see coming (tgtadm --op delete --mode system). */
__attribute__((destructor)) static void unloaded(void)
{
    if (owner != 0 && owner == getpid())
        units_power_off();
}
