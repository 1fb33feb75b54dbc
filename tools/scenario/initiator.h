/* SPDX-License-Identifier: MIT */
/* Raw CDBs over a nexus of their own, and what a drive answers. */
#ifndef VCDR_TOOLS_SCENARIO_INITIATOR_H
#define VCDR_TOOLS_SCENARIO_INITIATOR_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>
#include "api/transport/transport.h"

#define KIND_INITIATOR "initiator"
#define KIND_ANSWER "answer"

struct drive;

/* Opens one and pushes it; the power-on attention is passed over unless it is to be kept. */
void initiator_push(lua_State *L, struct drive *drive, const char *name, bool keep_attention);

/* A command without data, or with data-in, over the initiator at `index`, unit attentions passed
 * over; an error of the scenario for anything but GOOD. The bytes that came. */
size_t initiator_read(lua_State *L, int index, const uint8_t cdb[16], uint8_t cdb_len, void *in,
                      size_t in_size);

/* What an answer is compared by: "GOOD", "05/24/00", "LOST"; NULL for anything else. */
const char *answer_word(lua_State *L, int index);
/* Its bytes, on the stack. */
const char *answer_data(lua_State *L, int index, size_t *length);
/* Whether bytes are as a pattern has them: hex digits, ".." any byte, "..." at the end: and more.
 * An error of the scenario where it is no pattern. */
bool answer_matches(lua_State *L, const char *pattern, const char *data, size_t length);
/* Bytes in hex, pushed. */
const char *push_hex(lua_State *L, const char *data, size_t length);

/* The local port of its connection; 0: none. */
int initiator_port(lua_State *L, int index);

int scene_send(lua_State *L); /* of an initiator and of a drive */
int scene_initiator_close(lua_State *L);
void initiator_install(lua_State *L);

#endif
