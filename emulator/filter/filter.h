/* SPDX-License-Identifier: MIT */
/*
 * The inside of the faults' filter: which commands a rule means (match.c), what their text says
 * (rule.c), the answers of before (stale.c), and the target itself (faults.c). It knows CDBs only
 * as far as rules speak of them: an opcode and, in some, an address.
 */
#ifndef VCDR_FILTER_H
#define VCDR_FILTER_H

#include <vcdr/fault.h>

/* ---- match.c ---- */

/* Who sends a command. */
struct fault_nexus {
    struct fault_nexus *next;
    uint64_t id;
    char *initiator;
    char *alias; /* NULL: none */
};

/* The blocks that a CDB touches; false when it names none. */
bool cdb_blocks(const uint8_t cdb[16], int64_t *first, int64_t *last);
/* Some command of that opcode names blocks. */
bool opcode_has_blocks(uint8_t opcode);
bool rule_matches(const struct vcdr_fault_rule *rule, const struct vcdr_command *command,
                  const struct fault_nexus *nexus);

/* ---- rule.c ---- */

/* The word of the grammar for what a rule does: "then-sense". */
const char *rule_action_word(const struct vcdr_fault_rule *rule);

/* ---- stale.c: what a drive answered before to the same CDB ---- */

struct stale;
void stale_free(struct stale *stale); /* all of them; NULL is allowed */
/* Remembers an answer just given. Out of memory it is not remembered. */
void stale_learn(struct stale **stale, const struct vcdr_command *command);
/* The same, and replaces it by the newest one that was different, if there is one. */
void stale_answer(struct stale **stale, struct vcdr_command *command);

#endif
