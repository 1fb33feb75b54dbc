/* SPDX-License-Identifier: MIT */
/* One command: its answer, its data and what the record says of it. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

static void make_block(uint32_t tag, uint8_t *p, size_t bytes)
{
    struct chance c = {.state = tag * UINT64_C(0x9E3779B97F4A7C15) | 1};

    for (size_t i = 0; i < bytes; i += 8) {
        c.state ^= c.state >> 12;
        c.state ^= c.state << 25;
        c.state ^= c.state >> 27;
        memcpy(p + i, &c.state, 8);
    }
}

static unsigned bytes_of(uint8_t type)
{
    return type == 0 ? SECTOR : 2048;
}

/* Sync, and the address in BCD (IEC 10149). */
static void put_header(uint8_t *sector, int32_t lba, uint8_t mode)
{
    uint32_t frames = (uint32_t)(lba + 150);
    uint8_t msf[3] = {(uint8_t)(frames / 4500), (uint8_t)(frames / 75 % 60),
                      (uint8_t)(frames % 75)};

    memset(sector, 0xFF, 12);
    sector[0] = sector[11] = 0;
    for (unsigned i = 0; i < 3; i++)
        sector[12 + i] = (uint8_t)(msf[i] / 10 << 4 | msf[i] % 10);
    sector[15] = mode;
}

/* How much of a block is checked, from which byte on. EDC and ECC have tests of their own. */
static size_t expect_block(struct rig *rig, const struct ask *ask, int32_t lba)
{
    static const uint8_t sub_headers[8] = {0, 0, 8, 0, 0, 0, 8, 0};
    struct block block = model_block(&rig->model, lba);
    uint8_t *data = rig->expected;
    size_t bytes = block.kind == AUDIO ? SECTOR : 2048;

    if (ask->kind == ASK_READ_CD && block.kind != AUDIO) {
        put_header(rig->expected, lba, block.kind == MODE_1 ? 1 : 2);
        memcpy(rig->expected + 16, sub_headers, 8);
        data += block.kind == MODE_1 ? 16 : 24;
    }
    if (block.empty)
        memset(data, 0, bytes);
    else
        make_block(block.tag, data, bytes);
    return (size_t)(data - rig->expected) + bytes;
}

static bool check_blocks(struct rig *rig, const struct ask *ask, const struct vcdr_command *command)
{
    size_t each = ask->kind == ASK_READ ? 2048 : SECTOR;

    if (command->in_len != each * ask->blocks)
        return rig_fail(rig, "data-in has %zu bytes, not %u blocks of %zu", command->in_len,
                        (unsigned)ask->blocks, each);
    for (uint32_t i = 0; i < ask->blocks; i++) {
        size_t len = expect_block(rig, ask, ask->lba + (int32_t)i);

        if (memcmp(rig->in + i * each, rig->expected, len) != 0)
            return rig_fail(rig, "block %ld does not hold what was written there",
                            (long)ask->lba + (long)i);
    }
    return true;
}

/* ---- one command ---- */

static void trace(const struct rig *rig, const struct ask *ask, const struct vcdr_command *command,
                  size_t cdb_len)
{
    FILE *f = rig->options->trace;

    fprintf(f, "    nexus %u ", ask->nexus + 1);
    for (size_t i = 0; i < cdb_len; i++)
        fprintf(f, " %02X", command->cdb[i]);
    if (command->out_len > 0)
        fprintf(f, "  out %zu", command->out_len);
    if (command->out_len > 10 && command->out_len <= 80)
        for (size_t i = 8; i < 20; i++)
            fprintf(f, " %02X", rig->out[i]);
    if (command->status == 2)
        fprintf(f, "  -> %02X/%02X/%02X\n", command->sense[2], command->sense[12],
                command->sense[13]);
    else
        fprintf(f, "  -> %s\n", command->status == 0 ? "GOOD" : "RESERVATION CONFLICT");
}

void rig_execute(struct rig *rig, const struct ask *ask, struct vcdr_command *command)
{
    size_t cdb_len;

    *command = (struct vcdr_command){
        .nexus = rig->id[ask->nexus],
        .in = rig->in,
        .in_size = sizeof(rig->in),
        .status = 0xEE,
        .in_len = SIZE_MAX,
        .sense_len = SIZE_MAX,
    };
    cdb_len = walk_cdb(ask, command->cdb, rig->out, &command->out_len);
    if (ask->kind == ASK_WRITE) {
        unsigned bytes = bytes_of(ask->block_type);

        for (uint32_t i = 0; i < ask->blocks; i++)
            make_block(ask->tag + i, rig->out + i * bytes, bytes);
        command->out_len = ask->blocks * bytes;
        command->out_len -= ask->short_data && command->out_len > 0;
    }
    command->out = command->out_len > 0 ? rig->out : NULL;
    if (rig->options->scenario && !rig->searching)
        scenario_ask(rig, ask, command, cdb_len);
    rig->target.ops->execute(rig->target.ctx, command, rig->now);
    if (rig->options->trace)
        trace(rig, ask, command, cdb_len);
    if (rig->options->commands)
        ++*rig->options->commands;
}

static const char *reasons_text(const struct answer *a, char *text, size_t size)
{
    size_t n = (size_t)snprintf(text, size, "status %02X", a->status);

    for (unsigned i = 0; i < a->reasons && n < size; i++)
        n += (size_t)snprintf(text + n, size - n, " %06X", (unsigned)a->reason[i]);
    return text;
}

uint32_t rig_sense(const struct vcdr_command *command)
{
    if (command->status != 2)
        return 0;
    return (uint32_t)command->sense[2] << 16 | (uint32_t)command->sense[12] << 8 |
           command->sense[13];
}

bool rig_check_status(struct rig *rig, const struct vcdr_command *command)
{
    const struct answer *a = &rig->answer;
    bool same = command->status == a->status;
    char text[80];

    if (same && a->status == 2) {
        same = false;
        for (unsigned i = 0; i < a->reasons; i++)
            same = same || a->reason[i] == rig_sense(command);
    }
    if (!same)
        return rig_fail(rig, "expected %s, got status %02X sense %06X",
                        reasons_text(a, text, sizeof(text)), command->status,
                        (unsigned)rig_sense(command));
    if (command->sense_len != (command->status == 2 ? VCDR_SENSE_BYTES : 0))
        return rig_fail(rig, "%zu bytes of sense", command->sense_len);
    if (command->status != 0 && command->in_len != 0)
        return rig_fail(rig, "data-in beside status %02X", command->status);
    return true;
}

/* A read that fails tells where: at a block of those asked for that cannot be read so. */
static bool check_information(struct rig *rig, const struct ask *ask,
                              const struct vcdr_command *command)
{
    const uint8_t *p = command->sense + 3;
    int32_t lba =
        (int32_t)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);

    if (command->sense[2] != 5 || !(command->sense[0] & 0x80))
        return true;
    if (lba < ask->lba || lba >= ask->lba + (int32_t)ask->blocks)
        return rig_fail(rig, "INFORMATION %ld lies outside of what was asked for", (long)lba);
    if (ask->kind == ASK_READ && lba >= 0 && model_block(&rig->model, lba).kind > AUDIO)
        return rig_fail(rig, "INFORMATION %ld is a block that can be read", (long)lba);
    return true;
}

bool rig_check_data(struct rig *rig, const struct ask *ask, const struct vcdr_command *command)
{
    const struct answer *a = &rig->answer;

    if (command->status == 2 && (ask->kind == ASK_READ || ask->kind == ASK_READ_CD))
        return check_information(rig, ask, command);
    if (command->status != 0)
        return true;
    if (a->blocks)
        return check_blocks(rig, ask, command);
    if (command->in_len != a->len)
        return rig_fail(rig, "data-in has %zu bytes, not %zu", command->in_len, a->len);
    for (size_t i = 0; i < a->len; i++)
        if ((rig->in[i] ^ a->in[i]) & a->mask[i])
            return rig_fail(rig, "byte %zu of data-in: expected %02X, got %02X", i, a->in[i],
                            rig->in[i]);
    return true;
}

/* What the record's lines add up to is what happened. */
bool rig_check_record(struct rig *rig)
{
    const struct record_check *r = &rig->record;
    const struct model *m = &rig->model;
    const char *owner = model_owner(m);

    if (rig->bring_lines)
        rig->bring_lines(rig);
    if (r->why[0] != '\0')
        return rig_fail(rig, "the record: %s", r->why);
    if (strcmp(r->owner, owner != NULL ? owner : "") != 0)
        return rig_fail(rig, "the record says that \"%s\" holds the drive, not \"%s\"", r->owner,
                        owner != NULL ? owner : "");
    if (r->opened != m->tracks_opened || r->closed != m->tracks_closed ||
        r->sessions != m->sessions_closed)
        return rig_fail(rig,
                        "the record has %u tracks opened, %u closed, %u sessions closed, not %u, "
                        "%u, %u",
                        r->opened, r->closed, r->sessions, (unsigned)m->tracks_opened,
                        (unsigned)m->tracks_closed, (unsigned)m->sessions_closed);
    if (strcmp(r->write_state, m->writing ? "writing" : "idle") != 0)
        return rig_fail(rig, "the record's write state is %s", r->write_state);
    return true;
}

void rig_tick(struct rig *rig)
{
    rig->now.us += 100;
    rig->now.wall_us += 100;
    rig->model.since_power_on_us = rig->now.us - rig->powered_on_us;
}

bool rig_ask(struct rig *rig, const struct ask *ask)
{
    struct vcdr_command command;
    unsigned lines;

    if (rig->bring_lines) /* a check that failed may have left some */
        rig->bring_lines(rig);
    lines = rig->record.commands;
    rig_tick(rig);
    model_ask(&rig->model, ask, &rig->answer);
    rig_execute(rig, ask, &command);
    if (!rig_check_status(rig, &command) || !rig_check_data(rig, ask, &command) ||
        !rig_check_record(rig))
        return false;
    if (rig->record.commands != lines + rig->walk->commands)
        return rig_fail(rig, "the record has %u command lines for one command",
                        rig->record.commands - lines);
    return true;
}
