/* SPDX-License-Identifier: MIT */
/* Power cuts: what the disc may be afterwards, and that it is one of these. */
#include <string.h>

#include "rig_parts.h"

static unsigned complete_tracks(const struct disc *d)
{
    unsigned n = 0;

    for (unsigned i = 1; i <= d->tracks; i++)
        n += d->track[i].state == COMPLETE;
    return n;
}

static unsigned closed_sessions(const struct disc *d)
{
    return d->sessions - !d->session[d->sessions].closed;
}

enum { STATES = 6 };

/* What may be there after the power went within a command that leads from one state to another. */
static unsigned possible_states(const struct disc *before, const struct disc *after, bool flushes,
                                struct disc states[STATES])
{
    unsigned n = disc_after_cut(before, states);

    if (flushes && before->open != 0) {
        struct track *t;

        states[n] = *before;
        t = &states[n].track[before->open];
        t->durable = t->stored;
        n++;
        states[n] = *before;
        disc_end_track(&states[n]);
        n++;
    }
    return n + disc_after_cut(after, states + n);
}

/* Goes on from the state that the disc shows, if that is one of these. */
static bool find_state(struct rig *rig, const struct disc *states, unsigned count)
{
    char last[400] = "";
    unsigned nexus;

    if (!rig_surveyor(rig, &nexus))
        return false;
    for (unsigned i = 0; i < count; i++) {
        rig->model.disc = states[i];
        if (rig_survey(rig, nexus))
            return rig_read_all(rig, nexus);
    }
    memcpy(last, rig->failure->why, sizeof(last) - 1);
    return rig_fail(rig,
                    "after the power cut the disc is in none of the %u states that it may be in: "
                    "%s",
                    count, last);
}

static bool back_after_cut(struct rig *rig, const struct disc *states, unsigned count,
                           uint32_t seed)
{
    struct cut_store after;

    if (rig->options->trace)
        fprintf(rig->options->trace, "    power cut, seed %lu\n", (unsigned long)seed);
    rig->store.dies_at = 1; /* what power_off wants to write comes too late */
    rig_power_off(rig);
    cut_after(&after, &rig->store, seed);
    cut_free(&rig->store);
    rig->store = after;
    return rig_power_on(rig) && find_state(rig, states, count);
}

bool rig_power_cut(struct rig *rig, uint32_t seed)
{
    struct disc states[2];
    unsigned count = disc_after_cut(&rig->model.disc, states);

    return back_after_cut(rig, states, count, seed);
}

/* States in which something is missing that was said to be done. */
static unsigned drop_lies(struct disc *states, unsigned count, unsigned tracks, unsigned sessions)
{
    unsigned n = 0;

    for (unsigned i = 0; i < count; i++)
        if (complete_tracks(&states[i]) >= tracks && closed_sessions(&states[i]) >= sessions)
            states[n++] = states[i];
    return n;
}

bool rig_ask_and_cut(struct rig *rig, const struct ask *ask, const struct step *step)
{
    struct disc before = rig->model.disc, states[STATES];
    unsigned closed = rig->record.closed, sessions = rig->record.sessions, count;
    struct vcdr_command command;
    bool dead;

    rig_tick(rig);
    model_ask(&rig->model, ask, &rig->answer);
    rig->store.dies_at = rig->store.ops + step->cut;
    rig_execute(rig, ask, &command);
    dead = rig->store.ops >= rig->store.dies_at;
    rig->store.dies_at = 0;
    if (!dead) /* it had no need of so many */
        return rig_check_status(rig, &command) && rig_check_data(rig, ask, &command) &&
               rig_check_record(rig);
    if (rig->record.why[0] != '\0')
        return rig_fail(rig, "the record: %s", rig->record.why);
    if (command.status != 2 || (command.sense[2] != 3 && command.sense[2] != 4))
        return rig_fail(rig, "the power went, and the answer is status %02X sense %06X",
                        command.status, (unsigned)rig_sense(&command));
    count = possible_states(&before, &rig->model.disc,
                            ask->kind != ASK_WRITE && ask->kind != ASK_RESERVE_TRACK, states);
    count = drop_lies(states, count, complete_tracks(&before) + rig->record.closed - closed,
                      closed_sessions(&before) + rig->record.sessions - sessions);
    return back_after_cut(rig, states, count, step->seed);
}
