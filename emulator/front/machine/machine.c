/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <string.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>

int machine_open_disc(const char *path, struct vcdr_disc **out)
{
    struct vcdr_store store;
    int error = vcdr_store_file(path, 0, &store);

    if (error)
        return error;
    error = vcdr_disc_open(store, out);
    if (error)
        store.ops->close(store.ctx);
    return error;
}

/* The drive with its filter in front; the disc is its own from then on, also on failure. */
static int new_target(const struct vcdr_drive_config *config, const char *rules,
                      struct vcdr_time now, struct machine *out, struct vcdr_fault_error *wrong)
{
    struct vcdr_faults_config faults = {.record = config->record, .serial = config->serial};
    struct vcdr_target bare;
    int error = vcdr_drive_new(config, now, &bare);

    if (error) {
        (void)vcdr_disc_close(config->disc);
        return error;
    }
    error = vcdr_faults_new(bare, &faults, now, &out->target, &out->faults);
    if (error) {
        bare.ops->power_off(bare.ctx, now);
        return error;
    }
    if (rules)
        error = vcdr_faults_add_text(out->faults, rules, strlen(rules), wrong);
    if (error)
        out->target.ops->power_off(out->target.ctx, now);
    return error;
}

int machine_on(const struct machine_parts *parts, struct vcdr_time now, struct machine *out,
               struct vcdr_fault_error *wrong)
{
    struct vcdr_drive_config config = parts->drive;
    struct machine machine;
    int error = VCDR_OK;

    if (wrong)
        wrong->message[0] = '\0';
    config.disc = NULL;
    config.disc_name = parts->disc;
    if (parts->disc)
        error = machine_open_disc(parts->disc, &config.disc);
    if (!error)
        error = new_target(&config, parts->faults, now, &machine, wrong);
    if (!error)
        *out = machine;
    return error;
}

int machine_insert(struct machine *machine, const char *path, struct vcdr_time now)
{
    struct vcdr_disc *disc;
    int error = machine_open_disc(path, &disc);

    if (error)
        return error;
    error = machine->target.ops->hand(machine->target.ctx, VCDR_HAND_INSERT, disc, path, now);
    if (error)
        (void)vcdr_disc_close(disc);
    return error;
}

int machine_hand(struct machine *machine, enum vcdr_hand what, struct vcdr_time now)
{
    return machine->target.ops->hand(machine->target.ctx, what, NULL, NULL, now);
}
