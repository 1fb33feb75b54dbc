/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/disc.h>
#include <vcdr/drive.h>

#include "scenario.h"

static const char *const initiators[NEXUSES] = {
    "iqn.2026-01.example:one",
    "two/with@signs",
    "iqn.2026-01.example:a-name-that-is-longer-than-sixty-three-characters-and-is-cut",
};

/* The second and the third are ports that come back; docs/wire-extension.md. */
static const char *port_of(const struct rig *rig, unsigned nexus)
{
    static const char *const ports[NEXUSES] = {NULL, "00023d000001", "00023d000002"};

    return rig->model.ports ? ports[nexus] : NULL;
}

bool rig_fail(struct rig *rig, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(rig->failure->why, sizeof(rig->failure->why), format, args);
    va_end(args);
    return false;
}

/* ---- power ---- */

static void take_line(void *ctx, const char *line, size_t len)
{
    struct rig *rig = ctx;

    record_check_line(&rig->record, line, len);
}

static struct vcdr_store store_of(struct rig *rig)
{
    return rig->options->store ? *rig->options->store : cut_store(&rig->store);
}

bool rig_power_on(struct rig *rig)
{
    struct vcdr_drive_config config = {
        .disc_name = "disc",
        .record = vcdr_record_lines_sink(rig->lines),
        .record_commands = rig->walk->commands,
    };
    int error;

    memset(&rig->target, 0, sizeof(rig->target));
    error = vcdr_disc_open(store_of(rig), &config.disc);
    if (error != VCDR_OK)
        return rig_fail(rig, "the disc does not open: error %d", error);
    if (vcdr_drive_new(&config, rig->now, &rig->target) != VCDR_OK)
        abort();
    if (rig->options->in_front)
        rig->target = rig->options->in_front(rig->target);
    rig->powered_on_us = rig->now.us;
    for (unsigned i = 0; i < NEXUSES; i++) {
        rig->id[i] = rig->next_id++;
        if (rig->target.ops->nexus_open(rig->target.ctx, rig->id[i], initiators[i], port_of(rig, i),
                                        "", rig->now))
            abort();
    }
    model_power_on(&rig->model);
    return true;
}

void rig_power_off(struct rig *rig)
{
    if (rig->target.ctx != NULL)
        rig->target.ops->power_off(rig->target.ctx, rig->now);
    rig->target.ctx = NULL;
}

bool rig_begin(struct rig *rig, const struct walk *walk, const struct rig_options *options,
               struct failure *failure)
{
    struct vcdr_geometry geometry = {
        .medium = VCDR_MEDIUM_CD_R,
        .lead_in_lba = -11634,
        .last_lead_out_lba = walk->last_lead_out,
    };

    rig->options = options;
    rig->walk = walk;
    rig->failure = failure;
    rig->tag = 1;
    rig->now = (struct vcdr_time){.us = 1000, .wall_us = INT64_C(1767225600000000)};
    rig->next_id = 1;
    record_check_begin(&rig->record);
    model_init(&rig->model, rig->walk->last_lead_out, initiators);
    rig->model.ports = options->ports && options->scenario == NULL;
    cut_init(&rig->store);
    if (vcdr_disc_create(store_of(rig), &geometry, 7) != VCDR_OK ||
        vcdr_record_lines_new(take_line, rig, &rig->lines) != VCDR_OK)
        abort();
    rig->store.flushed = rig->store.count; /* a disc from the shop */
    return rig_power_on(rig);
}

void rig_end(struct rig *rig)
{
    rig->store.dies_at = 0;
    rig_power_off(rig);
    vcdr_record_lines_free(rig->lines);
    cut_free(&rig->store);
    model_free(&rig->model);
}

/* ---- the walk ---- */

static bool watch(struct rig *rig, uint8_t what)
{
    struct ask ask = {.kind = what <= NEXUSES ? ASK_LOG : ASK_OWNER,
                      .nexus = (unsigned)(what - 1) % NEXUSES};

    return what == 0 || rig_ask(rig, &ask);
}

static bool do_step(struct rig *rig, const struct step *step)
{
    struct ask ask;

    switch (step->kind) {
    case STEP_NEXUS_LOST:
        rig_tick(rig);
        rig->target.ops->nexus_close(rig->target.ctx, rig->id[step->nexus], rig->now);
        rig->id[step->nexus] = rig->next_id++;
        if (rig->target.ops->nexus_open(rig->target.ctx, rig->id[step->nexus],
                                        initiators[step->nexus], port_of(rig, step->nexus), "",
                                        rig->now))
            abort();
        model_nexus_lost(&rig->model, step->nexus);
        if (rig->options->trace)
            fprintf(rig->options->trace, "    nexus %u is lost and logs in\n", step->nexus + 1u);
        if (rig->options->scenario)
            scenario_nexus_lost(rig, step->nexus);
        return rig_check_record(rig);
    case STEP_RESET:
        rig_tick(rig);
        rig->target.ops->reset(rig->target.ctx, rig->id[step->nexus], rig->now);
        model_reset(&rig->model);
        if (rig->options->trace)
            fprintf(rig->options->trace, "    LOGICAL UNIT RESET by nexus %u\n", step->nexus + 1u);
        if (rig->options->scenario)
            scenario_reset(rig);
        return rig_check_record(rig);
    case STEP_POWER_CYCLE:
        return rig_power_cycle(rig, step);
    case STEP_POWER_CUT:
        return rig_power_cut(rig, step->seed);
    default:
        walk_resolve(&rig->model, step, rig->tag, &ask);
        rig->tag += ask.blocks;
        /* a rehearsal has no use for the store, and a cut of it is a power cut */
        if (step->cut > 0 && !rig->model.page.test)
            return rig_ask_and_cut(rig, &ask, step);
        return rig_ask(rig, &ask);
    }
}

bool walk_run(const struct walk *walk, const struct rig_options *options, struct failure *failure)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    bool held;

    if (!rig)
        abort();
    *failure = (struct failure){.step = 0};
    held = rig_begin(rig, walk, options, failure);
    for (unsigned i = 0; held && i < walk->steps; i++) {
        failure->step = i;
        held = do_step(rig, &walk->step[i]) && watch(rig, walk->step[i].watch);
    }
    if (held)
        held = rig_look_at_all(rig);
    rig_end(rig);
    free(rig);
    return held;
}
