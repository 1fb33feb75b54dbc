/* SPDX-License-Identifier: MIT */
/*
 * The verbs: one const table. A verb is a row here, its function in the module of its noun, and its
 * line in docs/scenarios.md, which a test compares with this table.
 */
#ifndef VCDR_TOOLS_SCENARIO_VOCABULARY_H
#define VCDR_TOOLS_SCENARIO_VOCABULARY_H

#include <lua.h>
#include <stdio.h>

/* Pushes a table of the verbs of a kind of object, or for NULL of those that stand alone. */
void vocabulary_push_rows(lua_State *L, const char *kind);
/* One line a verb: how it is written, and what it does. */
void vocabulary_print(FILE *to);

#endif
