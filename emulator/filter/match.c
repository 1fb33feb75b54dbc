/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <string.h>
#include <vcdr/codes.h>

enum { MSF_OFFSET = 150 }; /* blocks before LBA 0 (MMC-6 table 646) */

/* Where a CDB has its address, a signed number of 4 bytes, and the number of blocks. */
static const struct blocks_row {
    uint8_t opcode, lba_at, count_at, count_bytes; /* no bytes: one block */
} blocks_rows[] = {
    {OP_READ_10, 2, 7, 2},     {OP_WRITE_10, 2, 7, 2}, {OP_SEEK_10, 2, 0, 0},
    {OP_READ_12, 2, 6, 4},     {OP_WRITE_12, 2, 6, 4}, {OP_READ_CD, 2, 6, 3},
    {OP_READ_CD_MSF, 0, 0, 0},
};

static int64_t be(const uint8_t *p, unsigned bytes)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

static int64_t lba_of_msf(const uint8_t *p)
{
    return ((int64_t)p[0] * 60 + p[1]) * CD_BLOCKS_PER_SECOND + p[2] - MSF_OFFSET;
}

static const struct blocks_row *row_of(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof(blocks_rows) / sizeof(blocks_rows[0]); i++) {
        if (blocks_rows[i].opcode == opcode)
            return &blocks_rows[i];
    }
    return NULL;
}

bool opcode_has_blocks(uint8_t opcode)
{
    return row_of(opcode) != NULL;
}

bool cdb_blocks(const uint8_t cdb[16], int64_t *first, int64_t *last)
{
    const struct blocks_row *row = row_of(cdb[0]);

    if (row == NULL)
        return false;
    if (row->opcode == OP_READ_CD_MSF) { /* the end is the first block not wanted */
        *first = lba_of_msf(cdb + 3);
        *last = lba_of_msf(cdb + 6) - 1;
    } else {
        *first = (int32_t)(uint32_t)be(cdb + row->lba_at, 4);
        *last = *first + (row->count_bytes ? be(cdb + row->count_at, row->count_bytes) : 1) - 1;
    }
    if (*last < *first) /* a transfer of nothing is still at its address */
        *last = *first;
    return true;
}

/* `*` stands for any characters; nothing else is special. */
static bool glob(const char *pattern, const char *text)
{
    const char *star = NULL, *again = NULL;

    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            again = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool rule_matches(const struct vcdr_fault_rule *rule, const struct vcdr_command *command,
                  const struct fault_nexus *nexus)
{
    uint8_t opcode = command->cdb[0];
    int64_t first, last;

    if (!(rule->opcodes[opcode / 8] & 1U << opcode % 8))
        return false;
    if (rule->nexus != 0 && rule->nexus != command->nexus)
        return false;
    if (rule->initiator[0] != '\0' && (nexus == NULL || !glob(rule->initiator, nexus->initiator)))
        return false;
    if (!rule->has_lba)
        return true;
    return cdb_blocks(command->cdb, &first, &last) && first <= rule->last_lba &&
           last >= rule->first_lba;
}
