/* SPDX-License-Identifier: MIT */
#include "walk.h"

uint32_t chance(struct chance *c, uint32_t below)
{
    c->state ^= c->state >> 12;
    c->state ^= c->state << 25;
    c->state ^= c->state >> 27;
    return (uint32_t)((c->state * UINT64_C(0x2545F4914F6CDD1D)) >> 32) % below;
}

/* ---- what a walk is made of ---- */

/* How often, of all steps: one column a mood. */
static const struct {
    uint8_t kind;
    uint16_t plain, many, locks, cuts, log;
} weights[] = {
    {ASK_WRITE, 220, 330, 60, 240, 40},
    {ASK_SYNCHRONIZE, 50, 230, 15, 60, 15},
    {ASK_WRITE_PAGE, 50, 4, 15, 40, 0},
    {ASK_CLOSE_TRACK, 25, 10, 5, 25, 0},
    {ASK_CLOSE_SESSION, 18, 1, 6, 25, 0},
    {ASK_CLOSE_WRONG, 3, 0, 1, 0, 0},
    {ASK_RESERVE_TRACK, 14, 12, 4, 20, 3},
    {ASK_READ, 60, 10, 20, 10, 0},
    {ASK_READ_CD, 60, 10, 20, 10, 0},
    {ASK_DISC_INFORMATION, 25, 10, 5, 5, 0},
    {ASK_TRACK_INFORMATION, 60, 20, 10, 5, 0},
    {ASK_TOC, 20, 4, 5, 5, 0},
    {ASK_CAPACITY, 8, 2, 3, 2, 0},
    {ASK_LOCK, 25, 3, 80, 10, 0},
    {ASK_UNLOCK, 25, 3, 60, 10, 0},
    {ASK_PAGE_UNCHANGED, 4, 0, 10, 0, 0},
    {ASK_PAGE_WRONG, 4, 0, 12, 0, 0},
    {ASK_RESERVE, 10, 1, 40, 3, 0},
    {ASK_RELEASE, 12, 1, 40, 3, 0},
    {ASK_TEST_UNIT_READY, 30, 10, 60, 10, 40},
    {ASK_REQUEST_SENSE, 10, 2, 25, 2, 0},
    {ASK_UNKNOWN, 4, 1, 8, 1, 0},
    {ASK_CONFIGURATION, 5, 1, 12, 1, 0},
    {ASK_MEDIA_EVENT, 10, 2, 30, 2, 0},
    {ASK_LOG, 10, 4, 20, 4, 0},
    {ASK_OWNER, 10, 4, 25, 4, 0},
    {ASK_PERSIST, 14, 1, 70, 4, 0},
    {ASK_PERSIST_KEYS, 3, 0, 10, 1, 0},
    {ASK_PERSIST_RESERVATION, 3, 0, 10, 1, 0},
    {ASK_PREVENT, 5, 0, 10, 0, 0},
    {ASK_ALLOW, 5, 0, 12, 0, 0},
    {ASK_EJECT, 6, 0, 12, 0, 0},
    {ASK_LOAD, 12, 2, 25, 2, 0},
    {STEP_NEXUS_LOST, 10, 2, 30, 4, 0},
    {STEP_RESET, 8, 1, 20, 4, 0},
    {STEP_POWER_CYCLE, 4, 10, 2, 25, 380},
    {STEP_POWER_CUT, 8, 2, 2, 40, 2},
};
enum { ROWS = sizeof(weights) / sizeof(weights[0]) };
enum mood { PLAIN, MANY_TRACKS, LOCKS, CUTS, LONG_LOG, MOODS };

static uint16_t weight(unsigned row, enum mood mood)
{
    switch (mood) {
    case PLAIN:
        return weights[row].plain;
    case MANY_TRACKS:
        return weights[row].many;
    case LOCKS:
        return weights[row].locks;
    case CUTS:
        return weights[row].cuts;
    case LONG_LOG: /* every power-off notes where the open track is, until an area is full */
        return weights[row].log;
    case MOODS:
        break;
    }
    return 0;
}

static uint8_t choose_kind(struct chance *c, enum mood mood)
{
    uint32_t sum = 0, at;
    unsigned row = 0;

    for (unsigned i = 0; i < ROWS; i++)
        sum += weight(i, mood);
    at = chance(c, sum);
    while (at >= weight(row, mood))
        at -= weight(row++, mood);
    return weights[row].kind;
}

static bool touches_disc(uint8_t kind)
{
    return kind == ASK_WRITE || kind == ASK_SYNCHRONIZE || kind == ASK_CLOSE_TRACK ||
           kind == ASK_CLOSE_SESSION || kind == ASK_RESERVE_TRACK || kind == STEP_POWER_CYCLE;
}

static uint16_t choose_blocks(struct chance *c, uint8_t kind)
{
    if (kind == ASK_RESERVE_TRACK)
        return (uint16_t)(chance(c, 8) == 0 ? chance(c, 5000) : 295 + chance(c, 30));
    if (chance(c, 12) == 0)
        return (uint16_t)(chance(c, 2) == 0 ? 0 : 24 + chance(c, 9));
    return (uint16_t)(1 + chance(c, 6));
}

/* One in so many commands is cut short. */
static uint32_t cut_odds(enum mood mood)
{
    if (mood == CUTS)
        return 9;
    return mood == LONG_LOG ? 6 : 200;
}

static void make_step(struct step *s, struct chance *c, enum mood mood, unsigned speaker)
{
    *s = (struct step){.kind = choose_kind(c, mood)};
    /* most of the time one nexus burns; the others come in between */
    s->nexus = (uint8_t)(mood != LONG_LOG && chance(c, 4) == 0 ? chance(c, NEXUSES) : speaker);
    s->target = (uint8_t)(chance(c, 3) == 0 ? chance(c, 256) : 0);
    s->choice = (uint8_t)chance(c, 256);
    s->delta = (int16_t)(chance(c, 10) == 0 ? (int)chance(c, 700) - 350 : 0);
    s->blocks = choose_blocks(c, s->kind);
    s->watch = (uint8_t)(chance(c, 3) == 0 ? 1 + chance(c, 2 * NEXUSES) : 0);
    s->seed = chance(c, 6) == 0 ? chance(c, 2) : chance(c, UINT32_MAX);
    if (touches_disc(s->kind) && chance(c, cut_odds(mood)) == 0)
        s->cut = (uint8_t)(1 + chance(c, 10));
}

void walk_make(struct walk *walk, uint64_t seed, unsigned steps)
{
    /* last possible lead-outs: the smallest disc, small ones that fill up, room for 99 tracks */
    static const int32_t sizes[] = {302, 1000, 2500, 6000, 14000, 40000, 336075, 359849};
    struct chance c = {.state = seed * UINT64_C(0x9E3779B97F4A7C15) | 1};
    enum mood mood;
    unsigned speaker = 0;

    for (unsigned i = 0; i < 8; i++)
        (void)chance(&c, 2); /* neighbouring seeds part */
    mood = (enum mood)chance(&c, chance(&c, 4) == 0 ? MOODS : LONG_LOG); /* which is slow */
    walk->steps = mood == LONG_LOG ? WALK_STEPS : steps < WALK_STEPS ? steps : WALK_STEPS;
    walk->last_lead_out =
        sizes[mood == MANY_TRACKS || mood == LONG_LOG ? 5 + chance(&c, 3) : chance(&c, 8)];
    walk->commands = chance(&c, 4) == 0;
    for (unsigned i = 0; i < walk->steps; i++) {
        if (mood != LONG_LOG && chance(&c, 40) == 0)
            speaker = chance(&c, NEXUSES);
        make_step(&walk->step[i], &c, mood, speaker);
        if (mood == LONG_LOG && i % 2 == 0) { /* something new to note at every power-off */
            walk->step[i].kind = ASK_WRITE;
            walk->step[i].blocks = 1;
        }
    }
}

/* ---- a step in a state ---- */

static const char *const names[] = {
    "Burner 1",
    "b",
    "A name of sixty-three: 0123456789 abcdefghijklmnopqrstuvwxyz .,-",
    " ,;_ ",
    "", /* refused from here on */
    "A name of sixty-four: 0123456789 abcdefghijklmnopqrstuvwxyz .,--_",
    "Burner/1",
    "B\xC3\xBC",
};
enum { NAMES = sizeof(names) / sizeof(names[0]), GOOD_NAMES = 4 };

static const struct {
    uint8_t control, type;
} modes[] = {{4, 8}, {0, 0}, {4, 10}, {2, 0}, {6, 8}};

/* Where a host may be expected to write next. */
static int32_t write_address(const struct disc *d, const struct step *s)
{
    unsigned reserved = 0;

    if (d->open != 0 && s->target % 8 != 1)
        return d->track[d->open].start + (int32_t)d->track[d->open].stored;
    for (unsigned n = 1; n <= d->tracks && reserved == 0; n++)
        if (d->track[n].state == RESERVED)
            reserved = n;
    if (reserved != 0 && s->choice % 2 == 0)
        return d->track[reserved].start;
    return disc_next_start(d);
}

static unsigned some_track(const struct disc *d, const struct step *s)
{
    if (s->target == 0)
        return 0xFF;
    if (s->choice % 16 == 0)
        return s->target; /* anything */
    return 1 + s->target % (d->tracks + 1);
}

/* Within some track that is there: its beginning, its end, anywhere. */
static int32_t read_address(const struct disc *d, const struct step *s)
{
    const struct track *t;
    uint32_t length;

    if (d->tracks == 0)
        return s->delta;
    t = &d->track[1 + (s->target == 0 ? d->tracks - 1 : s->target % d->tracks)];
    length = t->state == COMPLETE ? t->length : t->stored;
    switch (s->choice % 4) {
    case 0:
        return t->start + s->delta;
    case 1:
        return t->start + (int32_t)length - s->blocks + s->delta;
    case 2:
        return t->start + (int32_t)t->stored - s->blocks / 2 + s->delta;
    default:
        return t->start + (int32_t)(length == 0 ? 0 : s->seed % length);
    }
}

/* As many as make a difference: all that is left or one more; just below the shortest track. */
static uint32_t telling_blocks(const struct disc *d, const struct step *s)
{
    unsigned number = d->open != 0 ? d->open : d->tracks + 1;
    uint32_t stored = d->open != 0 ? d->track[number].stored : 0;
    uint32_t blocks = disc_free(d, number) + s->choice % 2;

    if (s->target % 2 == 0)
        blocks = SHORTEST - 1 + s->choice % 3 - (stored < SHORTEST - 1 ? stored : 0);
    return blocks <= WRITE_BLOCKS ? blocks : s->blocks;
}

static void choose_page(const struct step *s, struct write_page *page)
{
    static const uint8_t multis[] = {3, 3, 3, 3, 3, 0, 1, 3};
    static const uint8_t formats[] = {0, 0, 0, 0, 0, 0, 0, 0x20};
    unsigned mode = s->choice % 5;

    *page = (struct write_page){
        .multi = multis[s->seed % 8],
        .control = modes[mode].control,
        .type = modes[mode].type,
        .format = formats[s->seed / 8 % 8],
        .test = s->seed / 64 % 4 == 3,
    };
}

/* Mostly what may be meant: one's own key, and a key that somebody has. */
static void choose_persist(const struct model *m, const struct step *s, struct ask *ask)
{
    static const uint8_t actions[] = {0, 0, 6, 1, 1, 1, 2, 2, 3, 4, 4, 5};
    static const uint8_t types[] = {1, 3, 5, 6, 7, 8, 1, 3, 5, 6, 7, 8, 0, 2, 4, 9};

    ask->by = actions[s->choice % sizeof(actions)];
    ask->number = types[s->seed % sizeof(types)];
    if (ask->by == 2 && m->reserved_type != 0 && s->seed % 4 != 0)
        ask->number = m->reserved_type;
    ask->key = s->seed / 16 % 8 == 0 ? s->seed / 128 % 4 : m->key[s->nexus];
    ask->service_key = s->target != 0 ? s->seed / 512 % 4 : m->key[s->seed / 512 % NEXUSES];
    if (ask->by != 4 && ask->by != 5 && ask->service_key == 0 && s->seed / 4096 % 4 != 0)
        ask->service_key = 1 + s->seed / 512 % 3;
}

void walk_resolve(const struct model *m, const struct step *s, uint32_t tag, struct ask *ask)
{
    const struct disc *d = &m->disc;

    *ask = (struct ask){.kind = (enum ask_kind)s->kind, .nexus = s->nexus, .blocks = s->blocks};
    ask->by = s->choice & 1;
    switch (ask->kind) {
    case ASK_LOCK:
        ask->name = names[s->target == 0 ? s->choice % GOOD_NAMES : s->choice % NAMES];
        ask->flags = (uint8_t)(s->seed % 4);
        break;
    case ASK_UNLOCK:
        ask->flags = s->choice % 8 < 2 ? (uint8_t)(s->choice % 8 + 1) : 0;
        break;
    case ASK_PAGE_WRONG:
    case ASK_CLOSE_WRONG:
        ask->flags = s->choice;
        break;
    case ASK_WRITE_PAGE:
        choose_page(s, &ask->page);
        break;
    case ASK_WRITE:
        ask->lba = write_address(d, s) + s->delta;
        ask->tag = tag;
        ask->block_type = m->page.type;
        if (s->target % 64 == 63)
            ask->block_type = m->page.type == 0 ? 8 : 0;
        ask->short_data = s->target % 64 == 62;
        if (s->target % 64 >= 58 && s->target % 64 < 62)
            ask->blocks = telling_blocks(d, s);
        break;
    case ASK_CLOSE_TRACK:
        ask->number = some_track(d, s);
        break;
    case ASK_RESERVE_TRACK:
        ask->number = s->blocks;
        if (s->target % 4 == 1) /* all that is left, or one more */
            ask->number = disc_room_at(d, disc_next_start(d)) + s->choice % 2;
        break;
    case ASK_TRACK_INFORMATION:
        ask->by = s->choice % 3;
        ask->number = ask->by == 1 ? some_track(d, s) : 1 + s->target % (d->sessions + 1);
        if (ask->by == 1 && ask->number == 0)
            ask->number = 0xFF;
        ask->lba = read_address(d, s);
        break;
    case ASK_TOC:
        ask->number = s->choice % 2;
        break;
    case ASK_READ:
    case ASK_READ_CD:
        ask->lba = read_address(d, s);
        if (ask->blocks == 0)
            ask->blocks = 1;
        break;
    case ASK_PERSIST:
        choose_persist(m, s, ask);
        break;
    case ASK_PERSIST_KEYS:
    case ASK_PERSIST_RESERVATION:
    case ASK_TEST_UNIT_READY:
    case ASK_REQUEST_SENSE:
    case ASK_UNKNOWN:
    case ASK_CONFIGURATION:
    case ASK_MEDIA_EVENT:
    case ASK_LOG:
    case ASK_OWNER:
    case ASK_PAGE_UNCHANGED:
    case ASK_RESERVE:
    case ASK_RELEASE:
    case ASK_PREVENT:
    case ASK_ALLOW:
    case ASK_EJECT:
    case ASK_LOAD:
    case ASK_SYNCHRONIZE:
    case ASK_CLOSE_SESSION:
    case ASK_DISC_INFORMATION:
    case ASK_CAPACITY:
    case ASK_KINDS:
        break;
    }
}
