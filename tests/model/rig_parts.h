/* SPDX-License-Identifier: MIT */
/* What the parts of the rig say to each other. */
#ifndef TESTS_MODEL_RIG_PARTS_H
#define TESTS_MODEL_RIG_PARTS_H

#include <vcdr/record.h>

#include "emulator/store/cut_store.h"
#include "record_check.h"
#include "rig.h"

enum { AT_ONCE = 40, SECTOR = 2352, ROOM = WRITE_BLOCKS * SECTOR };

struct rig {
    const struct rig_options *options;
    const struct walk *walk;
    struct failure *failure;
    struct model model;
    struct cut_store store;
    struct vcdr_target target;
    struct vcdr_record_lines *lines;
    struct record_check record;
    struct vcdr_time now;
    uint64_t powered_on_us, id[NEXUSES], next_id;
    uint32_t tag;
    struct answer answer;
    uint8_t out[ROOM], in[ROOM], expected[SECTOR];
};

/* Says why the walk has failed; false. */
bool rig_fail(struct rig *rig, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* rig.c */
bool rig_power_on(struct rig *rig);
void rig_power_off(struct rig *rig);

/* check.c: one command, and whether its answer is what the model says. False: it is not. */
void rig_tick(struct rig *rig);
void rig_execute(struct rig *rig, const struct ask *ask, struct vcdr_command *command);
uint32_t rig_sense(const struct vcdr_command *command); /* KKAAQQh, 0 without */
bool rig_check_status(struct rig *rig, const struct vcdr_command *command);
bool rig_check_data(struct rig *rig, const struct ask *ask, const struct vcdr_command *command);
bool rig_check_record(struct rig *rig);
bool rig_ask(struct rig *rig, const struct ask *ask);

/* survey.c: the whole disc */
bool rig_surveyor(struct rig *rig, unsigned *nexus); /* a nexus that may ask, without attentions */
bool rig_survey(struct rig *rig, unsigned nexus);    /* where everything lies */
bool rig_read_all(struct rig *rig, unsigned nexus);
bool rig_look_at_all(struct rig *rig);

/* cut.c */
bool rig_power_cut(struct rig *rig, uint32_t seed);
/* A command in which the power goes. It may not say GOOD, and the record may not say of a track or
 * a session that it is closed, unless it is there afterwards. */
bool rig_ask_and_cut(struct rig *rig, const struct ask *ask, const struct step *step);

#endif
