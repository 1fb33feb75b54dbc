/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "parameters.h"

#include <stdio.h>
#include <string.h>

#include "tgt_facts.h"

/*
 * tgt offers 8192 bytes a PDU and asks for R2T, which costs a 128 KiB WRITE sixteen PDUs and a
 * round trip. With these a WRITE comes with its command, and several outstanding cannot overtake
 * one another (tgt executes a WRITE when its data are complete).
 */
static const struct {
    const char *name, *value;
} for_speed[] = {
    {"MaxRecvDataSegmentLength", "1048576"},
    {"InitialR2T", "No"},
    {"ImmediateData", "Yes"},
    {"FirstBurstLength", "1048576"},
    {"MaxBurstLength", "1048576"},
    {"MaxOutstandingR2T", "8"},
};

/* Unanswered NOP-Ins before the one that closes; the first goes out one interval after login. */
enum { SILENT_NOPS = 3 };

static int set(int driver, int tid, const char *name, const char *value)
{
    char text[64]; /* tgt wants name and value as two strings in one buffer, and may write in it */
    size_t name_len = strlen(name) + 1;

    memcpy(text, name, name_len);
    snprintf(text + name_len, sizeof(text) - name_len, "%s", value);
    return tgt_drivers[driver]->update(TGT_MODE_TARGET, TGT_OP_UPDATE, tid, 0, 0, 0, text);
}

const char *parameters_set(int driver, int tid, unsigned silent_peer_seconds)
{
    unsigned interval = 0;
    char number[16];

    for (size_t i = 0; i < sizeof(for_speed) / sizeof(for_speed[0]); i++) {
        if (set(driver, tid, for_speed[i].name, for_speed[i].value) != TGT_SUCCESS)
            return for_speed[i].name;
    }
    if (silent_peer_seconds > 0)
        interval = (silent_peer_seconds + SILENT_NOPS) / (SILENT_NOPS + 1);
    snprintf(number, sizeof(number), "%d", SILENT_NOPS);
    if (set(driver, tid, "nop_count", number) != TGT_SUCCESS)
        return "nop_count";
    snprintf(number, sizeof(number), "%u", interval);
    if (set(driver, tid, "nop_interval", number) != TGT_SUCCESS)
        return "nop_interval";
    return NULL;
}
