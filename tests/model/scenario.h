/* SPDX-License-Identifier: MIT */
/* A walk as a scenario (docs/scenarios.md): what was asked, and what the model expects. */
#ifndef TESTS_MODEL_SCENARIO_H
#define TESTS_MODEL_SCENARIO_H

#include "rig_parts.h"

void scenario_begin(FILE *f, const struct walk *walk, unsigned long seed, const char *why);
/* Before the command is executed, the answer is the model's. */
void scenario_ask(const struct rig *rig, const struct ask *ask, const struct vcdr_command *command,
                  size_t cdb_len);
/* The command before was cut short. */
void scenario_cut(const struct rig *rig);
void scenario_nexus_lost(const struct rig *rig, unsigned nexus);
void scenario_reset(const struct rig *rig);
/* Off and on again; all nexuses log in anew. */
void scenario_power(const struct rig *rig, const char *how);

#endif
