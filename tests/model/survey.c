/* SPDX-License-Identifier: MIT */
/* The whole disc: where everything lies, and what stands there. */
#include "rig_parts.h"

/* Some nexus that may ask, its attentions taken. */
bool rig_surveyor(struct rig *rig, unsigned *nexus)
{
    int holder = model_holder(&rig->model);

    *nexus = holder == NOBODY ? 0 : (unsigned)holder;
    for (unsigned i = 0; holder == NOBODY && i < NEXUSES; i++)
        if (rig->model.reserved_by == (int)i ||
            (rig->model.reserved_type >= 7 && rig->model.key[i] != 0))
            *nexus = i;
    for (unsigned i = 0; i < 8 && rig->model.nexus[*nexus].attention[0] != 0; i++) {
        struct ask ask = {.kind = ASK_TEST_UNIT_READY, .nexus = *nexus};

        if (!rig_ask(rig, &ask))
            return false;
    }
    return true;
}

/* Where everything lies. */
bool rig_survey(struct rig *rig, unsigned nexus)
{
    static const struct ask asks[] = {
        {.kind = ASK_DISC_INFORMATION}, {.kind = ASK_TRACK_INFORMATION, .by = 1, .number = 0xFF},
        {.kind = ASK_TOC, .number = 0}, {.kind = ASK_TOC, .number = 1},
        {.kind = ASK_CAPACITY},
    };
    struct ask track = {.kind = ASK_TRACK_INFORMATION, .by = 1, .nexus = nexus};

    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        struct ask ask = asks[i];

        ask.nexus = nexus;
        if (!rig_ask(rig, &ask))
            return false;
    }
    for (track.number = 1; track.number <= rig->model.disc.tracks; track.number++)
        if (!rig_ask(rig, &track))
            return false;
    return true;
}

static bool read_track(struct rig *rig, unsigned nexus, unsigned number)
{
    const struct track *t = &rig->model.disc.track[number];
    bool raw = t->type == 0 || number % 8 == 0;
    struct ask ask = {.kind = raw ? ASK_READ_CD : ASK_READ, .nexus = nexus};
    uint32_t end = t->state == COMPLETE ? t->length : t->stored;

    for (uint32_t at = 0; at < t->stored; at += ask.blocks) {
        ask.lba = t->start + (int32_t)at;
        ask.blocks = t->stored - at < AT_ONCE ? t->stored - at : AT_ONCE;
        if (!rig_ask(rig, &ask))
            return false;
    }
    ask.blocks = 1;
    ask.lba = t->start + (int32_t)end - 1; /* padding, perhaps */
    if (end > 0 && !rig_ask(rig, &ask))
        return false;
    ask.lba++; /* no more */
    return rig_ask(rig, &ask);
}

bool rig_read_all(struct rig *rig, unsigned nexus)
{
    for (unsigned n = 1; n <= rig->model.disc.tracks; n++)
        if (rig->model.disc.track[n].state != RESERVED && !read_track(rig, nexus, n))
            return false;
    return true;
}

bool rig_look_at_all(struct rig *rig)
{
    unsigned nexus;

    if (rig->model.tray_open)
        return true;
    return rig_surveyor(rig, &nexus) && rig_survey(rig, nexus) && rig_read_all(rig, nexus);
}
