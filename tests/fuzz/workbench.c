/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/workbench.h"

#include <jansson.h>
#include <string.h>
#include <vcdr/codes.h>
#include "tests/fuzz/must.h"

enum { MOST_BLOCKS = 24, LINE = 16384 };

/* ---- the record: every event is one line of JSON, and time does not run back ---- */

static void check_event(void *ctx, const struct vcdr_event *event)
{
    struct workbench *bench = ctx;
    char line[LINE];
    size_t len = vcdr_record_line(event, 1, line, sizeof(line));
    json_t *json;

    MUST(len > 0 && len < sizeof(line) && strlen(line) == len);
    MUST(strchr(line, '\n') == line + len - 1);
    json = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
    MUST(json_is_object(json));
    json_decref(json);
    MUST(event->time_us >= bench->record_us);
    bench->record_us = event->time_us;
}

/* ---- power ---- */

static void choose_geometry(struct input *in, struct vcdr_geometry *geometry)
{
    static const char *const names[] = {"74min", "80min", "90min"};
    static const int32_t ends[] = {302, 760, 1500, 12400, 30000};
    uint8_t choice = take_u8(in);
    enum vcdr_medium medium = choice & 0x80 ? VCDR_MEDIUM_CD_RW : VCDR_MEDIUM_CD_R;

    choice &= 0x7F;
    MUST(vcdr_geometry_by_name(names[choice % 3], medium, geometry) == VCDR_OK);
    if (choice >= 3) /* a short disc, so that its end is met */
        geometry->last_lead_out_lba = ends[choice % 5];
}

static void new_platter(struct workbench *bench, struct input *in)
{
    struct vcdr_geometry geometry;

    choose_geometry(in, &geometry);
    bench->platter = platter_blank(&geometry);
}

static void power_on(struct workbench *bench, bool medium)
{
    struct vcdr_drive_config config = {
        .disc_name = "a \"disc\"",
        .record = {check_event, bench},
        .record_commands = true,
        .timing = bench->timing,
    };
    struct vcdr_faults_config faults = {.record = config.record, .serial = "VCDR00000001"};

    bench->disc = NULL;
    bench->record_us = 0;
    bench->powerless = false;
    if (medium)
        MUST(vcdr_disc_open(platter_store(bench->platter), &bench->disc) == VCDR_OK);
    config.disc = bench->disc;
    MUST(vcdr_drive_new(&config, bench->now, &bench->target) == VCDR_OK);
    if (bench->with_filter)
        MUST(vcdr_faults_new(bench->target, &faults, bench->now, &bench->target, &bench->faults) ==
             VCDR_OK);
}

/* After it the disc is as it was, unless the store failed or the power was cut before. */
static void power_off(struct workbench *bench)
{
    struct view before, after;
    bool medium = bench->disc != NULL && !bench->powerless;
    struct vcdr_disc *disc;

    if (medium)
        view_take(bench->disc, &before);
    bench->target.ops->power_off(bench->target.ctx, bench->now);
    memset(bench->nexus, 0, sizeof(bench->nexus));
    MUST(vcdr_disc_open(platter_store(bench->platter), &disc) == VCDR_OK);
    view_take(disc, &after);
    if (medium && before.info.rehearsal) /* which is over, and was for show */
        medium = false;
    if (medium && !platter_failed(bench->platter) && !view_at_once(&before))
        MUST(view_same(&before, &after));
    else if (medium)
        MUST(view_keeps(&before, &after) || platter_failed(bench->platter));
    vcdr_disc_abandon(disc);
    platter_mend(bench->platter);
}

/* After it what was complete is so still. */
static void power_cut(struct workbench *bench, struct input *in)
{
    struct view before, after;
    bool medium = bench->disc != NULL && !bench->powerless;
    uint8_t kept = take_u8(in), torn = take_u8(in);
    struct vcdr_disc *disc;

    if (medium)
        view_take(bench->disc, &before);
    bench->target.ops->power_cut(bench->target.ctx, bench->now);
    memset(bench->nexus, 0, sizeof(bench->nexus));
    platter_cut(bench->platter, kept, torn);
    MUST(vcdr_disc_open(platter_store(bench->platter), &disc) == VCDR_OK);
    view_take(disc, &after);
    if (medium && !before.info.rehearsal && !platter_failed(bench->platter))
        MUST(view_keeps(&before, &after));
    vcdr_disc_abandon(disc);
    platter_mend(bench->platter);
}

/* ---- nexuses ---- */

static void open_nexus(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in) % SLOTS;
    char *initiator = take_text(in, 300);
    char *alias = take_text(in, 300);

    if (bench->nexus[slot] == 0) {
        bench->nexus[slot] = ++bench->last_nexus;
        MUST(
            bench->target.ops->nexus_open(bench->target.ctx, bench->nexus[slot], initiator,
                                          alias[0] == '#' ? alias : NULL, /* a port, now and then */
                                          alias[0] ? alias : NULL, bench->now) == VCDR_OK);
    }
    free(initiator);
    free(alias);
}

static void close_nexus(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in) % SLOTS;

    bench->target.ops->nexus_close(bench->target.ctx, bench->nexus[slot], bench->now);
    bench->nexus[slot] = 0;
}

/* The nexus of a slot, opened if it is not there. */
static uint64_t nexus_of(struct workbench *bench, unsigned slot)
{
    slot %= SLOTS;
    if (bench->nexus[slot] == 0) {
        bench->nexus[slot] = ++bench->last_nexus;
        MUST(bench->target.ops->nexus_open(bench->target.ctx, bench->nexus[slot], "iqn.test", NULL,
                                           NULL, bench->now) == VCDR_OK);
    }
    return bench->nexus[slot];
}

/* ---- one command, and what vcdr/target.h says of its answer ---- */

static void check_answer(struct workbench *bench, const struct vcdr_command *command)
{
    bool failed = platter_failed(bench->platter);
    struct view after;

    MUST(command->in_len <= command->in_size);
    MUST(command->status == SAM_GOOD || command->in_len == 0);
    MUST(command->sense_len == 0 || command->sense_len == VCDR_SENSE_BYTES);
    if (bench->with_filter)
        return; /* it may lie */
    MUST(command->outcome == VCDR_ANSWERED ||
         (command->outcome == VCDR_DELAYED && bench->timing == VCDR_TIMING_REAL));
    MUST(command->status == SAM_GOOD || command->status == SAM_CHECK_CONDITION ||
         command->status == SAM_RESERVATION_CONFLICT);
    MUST((command->sense_len > 0) == (command->status == SAM_CHECK_CONDITION));
    if (command->sense_len > 0)
        MUST((command->sense[0] & 0x7F) == 0x70 && (command->sense[2] & 0xF0) == 0 &&
             (command->sense[2] & 0x0F) != 0);
    if (bench->disc == NULL)
        return;
    view_take(bench->disc, &after);
    /* a refused command leaves the disc as it was; a medium error tells what has become of it (a
     * session at once that ends early is damaged) */
    if (command->status != SAM_GOOD && !failed &&
        (command->sense_len == 0 || (command->sense[2] & 0x0F) != SENSE_KEY_MEDIUM_ERROR))
        MUST(view_same(&bench->last, &after));
    bench->last = after;
}

static void check_outcome(struct workbench *bench, uint64_t nexus,
                          const struct vcdr_command *command)
{
    MUST((unsigned)command->outcome <= VCDR_POWERLESS);
    if (command->outcome == VCDR_POWERLESS)
        bench->powerless = true; /* the disc is gone with the drive */
    if (command->outcome == VCDR_CUT)
        for (unsigned slot = 0; slot < SLOTS; slot++)
            if (bench->nexus[slot] == nexus) {
                bench->target.ops->nexus_close(bench->target.ctx, nexus, bench->now);
                bench->nexus[slot] = 0;
            }
    if (command->outcome == VCDR_ANSWERED || command->outcome == VCDR_DELAYED)
        check_answer(bench, command);
}

/* Executes a command; up to `keep_size` bytes of its data-in are copied to `keep` (may be NULL).
 * The answer's room is a block of its own size, so that a byte too many is seen. */
static uint8_t execute(struct workbench *bench, unsigned slot, const uint8_t cdb[12],
                       const void *out, size_t out_len, size_t in_size, void *keep,
                       size_t keep_size)
{
    struct vcdr_command command = {
        .nexus = nexus_of(bench, slot),
        .out = out,
        .out_len = out_len,
        .in = malloc(in_size),
        .in_size = in_size,
    };

    MUST(command.in != NULL || in_size == 0);
    memcpy(command.cdb, cdb, 12);
    bench->target.ops->execute(bench->target.ctx, &command, bench->now);
    check_outcome(bench, command.nexus, &command);
    if (keep != NULL && command.status == SAM_GOOD && command.in_len > 0)
        memcpy(keep, command.in, keep_size < command.in_len ? keep_size : command.in_len);
    free(command.in);
    return command.status;
}

/* ---- commands, from wild to well-formed ---- */

static size_t take_in_size(struct input *in)
{
    static const size_t sizes[] = {0, 1, 4, 8, 18, 36, 252, 2048, 2352, 4704, 65536};
    uint8_t choice = take_u8(in);

    return choice < sizeof(sizes) / sizeof(sizes[0]) ? sizes[choice] : choice;
}

static void execute_with_data(struct workbench *bench, unsigned slot, const uint8_t *cdb,
                              struct input *in)
{
    size_t in_size = take_in_size(in);
    size_t out_len = take_u8(in);
    uint8_t *out = out_len > 0 ? take_block(in, out_len) : NULL;

    execute(bench, slot, cdb, out, out_len, in_size, NULL, 0);
    free(out);
}

static void any_command(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in);
    uint8_t cdb[12];

    take_bytes(in, cdb, sizeof(cdb));
    execute_with_data(bench, slot, cdb, in);
}

static void put_be32_at(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* Addresses at which something ends or begins. */
static int32_t take_address(struct workbench *bench, struct input *in)
{
    uint8_t choice = take_u8(in);
    int32_t delta = (int8_t)take_u8(in);
    const struct view *view = &bench->last;

    if (view->track_count == 0 || choice == 0xFF)
        return (int32_t)take_be32(in);
    if (choice == 0xFE)
        return view->info.geometry.last_lead_out_lba + delta;
    if (choice & 1)
        return view->tracks[choice / 2 % view->track_count].start_lba + delta;
    return view->tracks[choice / 2 % view->track_count].start_lba +
           (int32_t)view->tracks[choice / 2 % view->track_count].written + delta;
}

/* A command that the drive knows, some of its bytes zero, its address near something. */
static void known_command(struct workbench *bench, struct input *in)
{
    uint8_t opcode = take_u8(in);
    unsigned slot = take_u8(in);
    uint16_t kept = take_be16(in); /* bit n: byte n comes from the input */
    uint8_t cdb[12] = {0};

    while (vcdr_command_name(opcode) == NULL)
        opcode++;
    cdb[0] = opcode;
    for (unsigned i = 1; i < 12; i++)
        if (kept >> i & 1)
            cdb[i] = take_u8(in);
    if (kept & 1)
        put_be32_at(cdb + 2, (uint32_t)take_address(bench, in));
    execute_with_data(bench, slot, cdb, in);
}

static unsigned block_bytes(unsigned block_type)
{
    unsigned bytes = vcdr_block_bytes(block_type);

    return bytes > 0 ? bytes : 2352;
}

/* WRITE(10) where the next one belongs, in the size that page 05h says or another. */
static void write_next(struct workbench *bench, struct input *in)
{
    static const uint8_t types[] = {0, 8, 10, 13};
    unsigned slot = take_u8(in), type = types[take_u8(in) % 4];
    unsigned blocks = take_u8(in) % (MOST_BLOCKS + 1), track = take_u8(in);
    const struct view *view = &bench->last;
    uint8_t cdb[12] = {OP_WRITE_10, [8] = (uint8_t)blocks}, *data;
    int32_t lba = 0;

    if (view->track_count > 0) {
        track = track >= view->track_count ? view->track_count : track + 1;
        lba = view->next_writable[track - 1];
    }
    put_be32_at(cdb + 2, (uint32_t)lba);
    data = calloc(blocks + 1, block_bytes(type));
    MUST(data != NULL);
    take_bytes(in, data, blocks > 0 ? 32 : 0);
    execute(bench, slot, cdb, data, blocks * block_bytes(type), 0, NULL, 0);
    free(data);
}

/* MODE SELECT(10) of page 05h as it stands, with some bytes changed. */
static void change_page_05(struct workbench *bench, struct input *in)
{
    static const uint8_t sense[12] = {OP_MODE_SENSE_10, 0x08, 0x05, [8] = 60};
    static const uint8_t select[12] = {OP_MODE_SELECT_10, 0x10, [8] = 60};
    static const uint8_t multi_session[] = {0x00, 0x40, 0xC0};
    unsigned slot = take_u8(in), patches = take_u8(in) % 4;
    uint8_t track_mode = take_u8(in);
    uint8_t list[60] = {0};

    execute(bench, slot, sense, NULL, 0, sizeof(list), list, sizeof(list));
    memset(list, 0, 8);
    list[8] &= 0x3F;
    list[8 + 2] = (uint8_t)((list[8 + 2] & 0xF0) | 1); /* track at once */
    list[8 + 3] = multi_session[(track_mode >> 4) % 3] | (track_mode & 0x0F);
    list[8 + 4] = take_u8(in) & 0x0F;
    while (patches-- > 0) {
        uint8_t at = take_u8(in);

        list[at % sizeof(list)] = take_u8(in);
    }
    execute(bench, slot, select, list, sizeof(list), 0, NULL, 0);
}

/* MODE SELECT(10) of page 39h: docs/wire-extension.md. */
static void change_page_39(struct workbench *bench, struct input *in)
{
    static const uint8_t select[12] = {OP_MODE_SELECT_10, 0x10, [8] = 80};
    unsigned slot = take_u8(in);
    uint8_t list[80] = {[8] = 0x39, [9] = 0x46};
    char *name;

    list[8 + 2] = take_u8(in) % 4;
    list[8 + 3] = take_u8(in) % 8;
    name = take_text(in, 64);
    memcpy(list + 16, name, strlen(name));
    free(name);
    execute(bench, slot, select, list, sizeof(list), 0, NULL, 0);
}

static void end_something(struct workbench *bench, struct input *in)
{
    static const uint8_t cdbs[][12] = {
        {OP_SYNCHRONIZE_CACHE},
        {OP_CLOSE_TRACK_SESSION, 0, 1, 0, 0, 0xFF},
        {OP_CLOSE_TRACK_SESSION, 0, 2},
        {OP_START_STOP_UNIT, 0, 0, 0, 0x02}, /* eject */
        {OP_START_STOP_UNIT, 0, 0, 0, 0x03}, /* load */
        {OP_PREVENT_ALLOW, 0, 0, 0, 1},
        {OP_PREVENT_ALLOW, 0, 0, 0, 0},
        {OP_RESERVE_10},
        {OP_RELEASE_10},
        {OP_RESERVE_TRACK, 0, 0, 0, 0, 0, 0, 0x01, 0x2C}, /* 300 blocks */
        {OP_TEST_UNIT_READY},
    };
    unsigned slot = take_u8(in);
    uint8_t cdb[12];

    memcpy(cdb, cdbs[take_u8(in) % (sizeof(cdbs) / sizeof(cdbs[0]))], sizeof(cdb));
    if (cdb[0] == OP_CLOSE_TRACK_SESSION && cdb[2] == 1 && slot & 0x80)
        cdb[5] = slot >> 2 & 0x1F;
    execute(bench, slot, cdb, NULL, 0, 0, NULL, 0);
}

/* ---- the ways of writing beside track-at-once; reservations that outlive their nexus ---- */

static void select_write_type(struct workbench *bench, unsigned slot, uint8_t byte_2, uint8_t type)
{
    static const uint8_t select[12] = {OP_MODE_SELECT_10, 0x10, [8] = 60};
    uint8_t list[60] = {[8] = 0x05, [9] = 0x32, [23] = 150, [58] = 0x08};

    list[10] = byte_2; /* BUFE, Test Write, write type */
    list[11] = 0xC0 | (type >= 8 ? 4 : 0);
    list[12] = type;
    execute(bench, slot, select, list, sizeof(list), 0, NULL, 0);
}

static void put_msf_at(uint8_t *p, uint32_t blocks)
{
    p[0] = (uint8_t)(blocks / 4500);
    p[1] = (uint8_t)(blocks / 75 % 60);
    p[2] = (uint8_t)(blocks % 75);
}

/* A sheet as a host may send it, and then some of its bytes changed. */
static void announce(struct workbench *bench, struct input *in)
{
    static const uint8_t forms[] = {0x00, 0x10, 0x20, 0x30, 0x11, 0x40, 0xC0, 0x50};
    static const uint8_t ends[] = {0x01, 0x14, 0x24, 0x34};
    unsigned slot = take_u8(in), tracks = 1 + take_u8(in) % 4, patches = take_u8(in) % 3;
    uint8_t sheet[8 * 16] = {0}, cdb[12] = {OP_SEND_CUE_SHEET}, what = take_u8(in);
    uint8_t *entry = sheet;
    uint32_t at = 150, first = bench->last.info.tracks + 1U;

    select_write_type(bench, slot, (uint8_t)(0x42 | (what & 0x10)), 0);
    *entry = 0x41;
    entry[3] = ends[what % 4];
    entry += 8;
    for (unsigned i = 0; i < tracks; i++) {
        uint8_t form = forms[take_u8(in) % sizeof(forms)];
        uint32_t gap = i == 0 ? 150 : take_u8(in) % 3 * 75U;

        for (unsigned index = i == 0 || gap > 0 ? 0 : 1; index <= 1; index++, entry += 8) {
            memcpy(
                entry,
                (uint8_t[]){form & 0x30 ? 0x41 : 0x01, (uint8_t)(first + i), (uint8_t)index, form},
                4);
            put_msf_at(entry + 5, i == 0 && index == 0 ? 0 : index == 0 ? at : at + (i > 0) * gap);
        }
        at += (i > 0) * gap + 300U + take_u8(in);
    }
    memcpy(entry, (uint8_t[]){0x41, 0xAA, 1, ends[what % 4]}, 4);
    put_msf_at(entry + 5, at);
    entry += 8;
    while (patches-- > 0) {
        uint8_t where = take_u8(in);

        sheet[where % sizeof(sheet)] = take_u8(in);
    }
    cdb[8] = (uint8_t)(entry - sheet);
    execute(bench, slot, cdb, sheet, (size_t)(entry - sheet), 0, NULL, 0);
}

/* WRITE(10) of what a session at once or raw expects next. */
static void write_at_once(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in);
    uint32_t blocks = 1 + take_u8(in) % (4 * MOST_BLOCKS);
    uint8_t cdb[12] = {OP_WRITE_10}, *data;
    struct vcdr_next_block next;

    if (bench->disc == NULL || vcdr_disc_next_block(bench->disc, &next) != VCDR_OK)
        next = (struct vcdr_next_block){.lba = -150, .bytes = 2352, .blocks = 150};
    if (blocks > next.blocks)
        blocks = next.blocks;
    put_be32_at(cdb + 2, (uint32_t)next.lba);
    cdb[8] = (uint8_t)blocks;
    data = calloc(blocks, next.bytes);
    MUST(data != NULL);
    take_bytes(in, data, 32);
    execute(bench, slot, cdb, data, (size_t)blocks * next.bytes, 0, NULL, 0);
    free(data);
}

/* Track-at-once, packets, raw; Test Write or not. */
static void choose_write_type(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in);
    uint8_t how = take_u8(in);

    select_write_type(bench, slot, (uint8_t)(how & 0x53), take_u8(in) % 16);
}

static void blank(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in);
    uint8_t cdb[12] = {OP_BLANK, take_u8(in) & 0x17};

    put_be32_at(cdb + 2, (uint32_t)take_address(bench, in));
    if (take_u8(in) % 2)
        put_be32_at(cdb + 2, take_u8(in) % 8); /* a track */
    execute(bench, slot, cdb, NULL, 0, 0, NULL, 0);
}

static void reserve_persistently(struct workbench *bench, struct input *in)
{
    unsigned slot = take_u8(in);
    uint8_t keys = take_u8(in), list[24] = {[7] = keys & 3, [15] = keys >> 2 & 3};
    uint8_t cdb[12] = {OP_PERSISTENT_RESERVE_OUT, take_u8(in) % 8, take_u8(in) % 10, [8] = 24};

    list[20] = keys >> 4 == 0xF ? take_u8(in) : 0;
    execute(bench, slot, cdb, list, sizeof(list), 0, NULL, 0);
}

/* ---- other things that happen to a drive ---- */

static void use_hand(struct workbench *bench, struct input *in)
{
    enum vcdr_hand what = (enum vcdr_hand)(take_u8(in) % (VCDR_HAND_RESET + 1));
    struct vcdr_disc *disc = NULL;
    struct vcdr_look look;
    int error;

    if (what == VCDR_HAND_INSERT &&
        (bench->disc != NULL || vcdr_disc_open(platter_store(bench->platter), &disc) != VCDR_OK))
        return;
    error = bench->target.ops->hand(bench->target.ctx, what, disc, "another", bench->now);
    MUST(error == VCDR_OK || error == VCDR_ESTATE || error == VCDR_ELOCKED ||
         error == VCDR_ENOENT || (error == VCDR_EIO && platter_failed(bench->platter)));
    if (what == VCDR_HAND_INSERT && error == VCDR_OK)
        bench->disc = disc;
    else if (what == VCDR_HAND_INSERT)
        vcdr_disc_abandon(disc);
    if (what == VCDR_HAND_REMOVE && (error == VCDR_OK || error == VCDR_EIO))
        bench->disc = NULL;
    MUST(bench->target.ops->look(bench->target.ctx, &look, bench->now) == VCDR_OK);
}

static void reset(struct workbench *bench, struct input *in)
{
    bench->target.ops->reset(bench->target.ctx, bench->nexus[take_u8(in) % SLOTS], bench->now);
}

static void move_time(struct workbench *bench, struct input *in)
{
    uint64_t us = take_be32(in), deadline;

    bench->now.us += us;
    bench->now.wall_us += (int64_t)us - 1000; /* that clock may run back */
    deadline = bench->target.ops->next_deadline(bench->target.ctx);
    if (bench->now.us >= deadline)
        bench->target.ops->advance(bench->target.ctx, bench->now);
    MUST(bench->target.ops->next_deadline(bench->target.ctx) > bench->now.us);
}

static void power_cycle(struct workbench *bench, struct input *in)
{
    uint8_t how = take_u8(in);

    if (how & 1)
        power_cut(bench, in);
    else
        power_off(bench);
    if (how & 2) { /* another disc */
        platter_free(bench->platter);
        new_platter(bench, in);
    }
    bench->timing = how & 8 ? VCDR_TIMING_REAL : VCDR_TIMING_NONE;
    power_on(bench, !(how & 4));
}

static void break_store(struct workbench *bench, struct input *in)
{
    platter_fail_from(bench->platter, take_u8(in));
}

static void add_fault(struct workbench *bench, struct input *in)
{
    struct vcdr_fault_error error = {.at = SIZE_MAX};
    char *text = take_text(in, 600);

    if (!bench->with_filter) {
        free(text);
        return;
    }
    if (text[0] == '!')
        vcdr_faults_clear(bench->faults);
    else if (vcdr_faults_add_text(bench->faults, text, strlen(text), &error) != VCDR_OK)
        MUST(error.at + error.len <= strlen(text));
    free(text);
}

void workbench_up(struct workbench *bench, bool with_filter, struct input *in)
{
    memset(bench, 0, sizeof(*bench));
    bench->with_filter = with_filter;
    bench->now = (struct vcdr_time){.us = 1000, .wall_us = 1700000000000000};
    new_platter(bench, in);
    power_on(bench, true);
}

void workbench_step(struct workbench *bench, struct input *in)
{
    static void (*const steps[])(struct workbench *, struct input *) = {
        any_command,       known_command,  write_next,
        change_page_05,    change_page_39, end_something,
        open_nexus,        close_nexus,    reset,
        move_time,         power_cycle,    break_store,
        add_fault,         announce,       write_at_once,
        choose_write_type, blank,          reserve_persistently,
        use_hand,
    };

    if (bench->powerless)
        power_cycle(bench, in);
    if (bench->disc != NULL)
        view_take(bench->disc, &bench->last);
    else
        memset(&bench->last, 0, sizeof(bench->last));
    bench->now.us++;
    steps[take_u8(in) % (sizeof(steps) / sizeof(steps[0]))](bench, in);
}

void workbench_down(struct workbench *bench)
{
    power_off(bench);
    platter_free(bench->platter);
}
