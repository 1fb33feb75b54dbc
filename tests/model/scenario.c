/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <string.h>

static const char helpers[] =
    "-- A block that can be told from all others: xorshift64, eight bytes at a time.\n"
    "local function block(tag, bytes)\n"
    "  local state, hex = (tag * 0x9E3779B97F4A7C15) | 1, {}\n"
    "  for i = 1, bytes // 8 do\n"
    "    state = state ~ (state >> 12)\n"
    "    state = state ~ (state << 25)\n"
    "    state = state ~ (state >> 27)\n"
    "    hex[i] = string.format(\"%016X\", string.unpack(\">i8\", string.pack(\"<i8\", state)))\n"
    "  end\n"
    "  return table.concat(hex)\n"
    "end\n"
    "\n"
    "local function blocks(tag, count, bytes)\n"
    "  local hex = {}\n"
    "  for i = 1, count do\n"
    "    hex[i] = block(tag + i - 1, bytes)\n"
    "  end\n"
    "  return table.concat(hex)\n"
    "end\n\n";

static void log_in(FILE *f, const char *before)
{
    for (unsigned i = 0; i < NEXUSES; i++)
        fprintf(f, "%snexus%u = drive:initiator { name = \"nexus%u\", keep_attention = true }\n",
                before, i + 1, i + 1);
}

/* The title is one line without quotes. */
static void put_title(FILE *f, const char *why)
{
    for (; *why != '\0' && *why != '\n'; why++)
        fputc(*why == '"' || *why == '\\' ? '\'' : *why, f);
}

void scenario_begin(FILE *f, const struct walk *walk, unsigned long seed, const char *why)
{
    bool power = false;

    for (unsigned i = 0; i < walk->steps; i++)
        power = power || walk->step[i].kind >= STEP_POWER_CYCLE || walk->step[i].cut > 0;
    fprintf(f, "scenario \"model walk, seed %lu: ", seed);
    put_title(f, why);
    fprintf(f, "\"\nneeds { \"extension\", \"fresh\"%s }\n\n", power ? ", \"daemon\"" : "");
    fputs(helpers, f);
    fprintf(f, "local drive = blank_disc { sectors = %ld }\n", (long)walk->last_lead_out - RUN_OUT);
    log_in(f, "local ");
    fputc('\n', f);
}

/* ---- one command ---- */

static void put_hex(FILE *f, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fprintf(f, i > 0 ? " %02X" : "%02X", p[i]);
}

static void put_out(const struct rig *rig, const struct ask *ask,
                    const struct vcdr_command *command)
{
    FILE *f = rig->options->scenario;
    unsigned bytes = block_bytes(ask->block_type);

    if (ask->kind != ASK_WRITE) {
        fputs(", { out = \"", f);
        put_hex(f, rig->out, command->out_len);
        fputs("\" }", f);
    } else if (ask->short_data) {
        fprintf(f, ", { out = blocks(%u, %u, %u):sub(1, -3) }", (unsigned)ask->tag,
                (unsigned)ask->blocks, bytes);
    } else {
        fprintf(f, ", { out = blocks(%u, %u, %u) }", (unsigned)ask->tag, (unsigned)ask->blocks,
                bytes);
    }
}

static void put_sense(FILE *f, uint32_t sense)
{
    fprintf(f, "\"%02X/%02X/%02X\"", (unsigned)sense >> 16, (unsigned)sense >> 8 & 0xFF,
            (unsigned)sense & 0xFF);
}

static void put_refusal(FILE *f, const struct answer *a)
{
    if (a->reasons == 1) {
        fputs(":is ", f);
        put_sense(f, a->reason[0]);
        fputc('\n', f);
        return;
    }
    fputs(":one_of { ", f);
    for (unsigned i = 0; i < a->reasons; i++) {
        put_sense(f, a->reason[i]);
        fputs(i + 1 < a->reasons ? ", " : " }\n", f);
    }
}

static void put_blocks(const struct rig *rig, const struct ask *ask)
{
    FILE *f = rig->options->scenario;

    for (uint32_t i = 0; i < ask->blocks; i++) {
        struct block block = model_block(&rig->model, ask->lba + (int32_t)i);
        unsigned bytes = ask->kind == ASK_READ ? 2048 : 2352;

        fputs(i > 0 ? "\n    .. " : ":gives(", f);
        if (ask->kind == ASK_READ_CD && block.kind != AUDIO)
            fprintf(f, "string.rep(\"..\", %u)", bytes); /* the user data is compared by READ */
        else if (block.empty)
            fprintf(f, "string.rep(\"00\", %u)", bytes);
        else
            fprintf(f, "block(%u, %u)", (unsigned)block.tag, bytes);
    }
    fputs(")\n", f);
}

/* The names of initiators are others there, and so is the time. */
static bool shown(const struct rig *rig, const struct ask *ask, size_t at)
{
    bool names = rig->model.page_owner == NOBODY && rig->model.reserver != NOBODY;

    if (rig->answer.mask[at] != 0xFF)
        return false;
    if (ask->kind == ASK_LOG)
        return (at < 32 || at >= 40) && (at < 68 || (at < 132 && !names));
    return ask->kind != ASK_OWNER || at < 16 || !names;
}

static void put_data(const struct rig *rig, const struct ask *ask)
{
    FILE *f = rig->options->scenario;

    fputs(":gives(\"", f);
    for (size_t i = 0; i < rig->answer.len; i++) {
        if (i > 0 && i % 24 == 0)
            fputs("\"\n    .. \"", f);
        if (shown(rig, ask, i))
            fprintf(f, "%02X ", rig->answer.in[i]);
        else
            fputs(".. ", f);
    }
    fputs("\")\n", f);
}

void scenario_ask(const struct rig *rig, const struct ask *ask, const struct vcdr_command *command,
                  size_t cdb_len)
{
    const struct answer *a = &rig->answer;
    FILE *f = rig->options->scenario;

    fprintf(f, "expect(nexus%u:send(\"", ask->nexus + 1);
    put_hex(f, command->cdb, cdb_len);
    fputc('"', f);
    if (command->out_len > 0)
        put_out(rig, ask, command);
    else if (a->blocks)
        fprintf(f, ", { room = %u }", (unsigned)ask->blocks * 2352);
    fputs("))", f);
    if (a->status == 0x18)
        fputs(":is \"RESERVATION CONFLICT\"\n", f);
    else if (a->reasons > 0)
        put_refusal(f, a);
    else if (a->blocks)
        put_blocks(rig, ask);
    else if (a->len > 0)
        put_data(rig, ask);
    else
        fputs(":is \"GOOD\"\n", f);
}

/* ---- the rest ---- */

void scenario_cut(const struct rig *rig)
{
    fputs("-- In the walk the power went within the last command, and it failed.\n",
          rig->options->scenario);
}

void scenario_nexus_lost(const struct rig *rig, unsigned nexus)
{
    FILE *f = rig->options->scenario;

    fprintf(f, "nexus%u:close()\n", nexus + 1);
    fprintf(f, "nexus%u = drive:initiator { name = \"nexus%u\", keep_attention = true }\n",
            nexus + 1, nexus + 1);
}

void scenario_reset(const struct rig *rig)
{
    fputs("drive:reset()\n", rig->options->scenario);
}

void scenario_power(const struct rig *rig, const char *how)
{
    FILE *f = rig->options->scenario;

    fprintf(f, "-- %s\nkill(drive)\ndrive:start()\n", how);
    log_in(f, "");
}
