/* SPDX-License-Identifier: MIT */
/* Power cuts: what the disc may be afterwards, and that it is one of these. */
#include "scenario.h"

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

unsigned rig_possible_states(const struct disc *before, const struct disc *after, bool flushes,
                             struct disc states[RIG_STATES])
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

static bool find(struct rig *rig, const struct disc *states, unsigned count, bool read)
{
    char whys[480] = "";
    size_t len = 0;
    unsigned nexus;

    if (!rig_surveyor(rig, &nexus))
        return false;
    for (unsigned i = 0; i < count; i++) {
        bool found;

        rig->model.disc = states[i];
        rig->searching = true;
        found = rig_survey(rig, nexus);
        rig->searching = false;
        if (found)
            return !read || rig_read_all(rig, nexus);
        if (len < sizeof(whys))
            len += (size_t)snprintf(whys + len, sizeof(whys) - len, "%s%.70s", i > 0 ? "; " : "",
                                    rig->failure->why);
    }
    return rig_fail(rig, "the disc is in none of the %u states that it may be in: %s", count, whys);
}

bool rig_find_state(struct rig *rig, const struct disc *states, unsigned count)
{
    return find(rig, states, count, true);
}

static bool back_after_cut(struct rig *rig, const struct disc *states, unsigned count,
                           uint32_t seed)
{
    struct cut_store after;

    if (rig->options->trace)
        fprintf(rig->options->trace, "    power cut, seed %lu\n", (unsigned long)seed);
    if (rig->options->scenario)
        scenario_power(rig,
                       "In the walk a power cut, after which unflushed writes survive in part.");
    rig->store.dies_at = 1; /* what power_off wants to write comes too late */
    rig_power_off(rig);
    cut_after(&after, &rig->store, seed);
    cut_free(&rig->store);
    rig->store = after;
    return rig_power_on(rig) && rig_find_state(rig, states, count);
}

bool rig_power_cut(struct rig *rig, uint32_t seed)
{
    struct disc states[2];
    unsigned count;

    model_rehearsal_over(&rig->model);
    count = disc_after_cut(&rig->model.disc, states);
    return back_after_cut(rig, states, count, seed);
}

unsigned rig_drop_lies(const struct rig *rig, const struct before *before, struct disc *states,
                       unsigned count)
{
    unsigned tracks = complete_tracks(&before->disc) + rig->record.closed - before->closed;
    unsigned sessions = closed_sessions(&before->disc) + rig->record.sessions - before->sessions;
    unsigned n = 0;

    for (unsigned i = 0; i < count; i++)
        if (complete_tracks(&states[i]) >= tracks && closed_sessions(&states[i]) >= sessions)
            states[n++] = states[i];
    return n;
}

bool rig_flushes(const struct ask *ask)
{
    return ask->kind == ASK_SYNCHRONIZE || ask->kind == ASK_CLOSE_TRACK ||
           ask->kind == ASK_CLOSE_SESSION;
}

void rig_before(const struct rig *rig, struct before *before)
{
    before->disc = rig->model.disc;
    before->closed = rig->record.closed;
    before->sessions = rig->record.sessions;
}

bool rig_ask_and_cut(struct rig *rig, const struct ask *ask, const struct step *step)
{
    struct disc states[RIG_STATES];
    struct before before;
    unsigned count;
    struct vcdr_command command;
    bool dead;

    rig_before(rig, &before);
    rig_tick(rig);
    model_ask(&rig->model, ask, &rig->answer);
    rig->store.dies_at = rig->store.ops + step->cut;
    rig_execute(rig, ask, &command);
    dead = rig->store.ops >= rig->store.dies_at;
    rig->store.dies_at = 0;
    if (!dead) /* it had no need of so many */
        return rig_check_status(rig, &command) && rig_check_data(rig, ask, &command) &&
               rig_check_record(rig);
    if (rig->options->scenario)
        scenario_cut(rig);
    if (rig->options->cut)
        *rig->options->cut = true;
    if (rig->record.why[0] != '\0')
        return rig_fail(rig, "the record: %s", rig->record.why);
    if (command.status != 2 || (command.sense[2] != 3 && command.sense[2] != 4))
        return rig_fail(rig, "the power went, and the answer is status %02X sense %06X",
                        command.status, (unsigned)rig_sense(&command));
    count = rig_possible_states(&before.disc, &rig->model.disc, rig_flushes(ask), states);
    count = rig_drop_lies(rig, &before, states, count);
    return back_after_cut(rig, states, count, step->seed);
}

/* A clean power-off notes how far the open track has got; or the power goes while it does. */
bool rig_power_cycle(struct rig *rig, const struct step *step)
{
    struct disc states[3];
    struct cut_store after;
    unsigned count = 0;

    if (rig->options->trace)
        fprintf(rig->options->trace, "    power off and on\n");
    if (rig->options->scenario)
        scenario_power(rig, "In the walk a clean power-off.");
    model_rehearsal_over(&rig->model);
    rig->store.dies_at = step->cut > 0 ? rig->store.ops + step->cut : 0;
    rig_power_off(rig);
    if (rig->store.dies_at > 0 && rig->store.ops >= rig->store.dies_at) {
        count = disc_after_cut(&rig->model.disc, states);
        cut_after(&after, &rig->store, step->seed);
        cut_free(&rig->store);
        rig->store = after;
    }
    rig->store.dies_at = 0;
    states[count] = rig->model.disc;
    if (states[count].open != 0)
        states[count].track[states[count].open].durable =
            states[count].track[states[count].open].stored;
    return rig_power_on(rig) && find(rig, states, count + 1, count > 0 || step->seed % 32 == 0);
}
