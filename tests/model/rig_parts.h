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
    /* Before the record is looked at: brings the lines that are there; NULL: they come by
     * themselves. */
    void (*bring_lines)(struct rig *rig);
    void *ctx;
    bool searching; /* for the state that the disc is in: what is expected is not yet known */
    struct vcdr_time now;
    uint64_t powered_on_us, id[NEXUSES], next_id;
    uint32_t tag;
    struct answer answer;
    uint8_t out[ROOM], in[ROOM], expected[SECTOR];
};

/* Says why the walk has failed; false. */
bool rig_fail(struct rig *rig, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* rig.c */
/* A rig of zeros becomes one with a blank disc in a drive. False: it failed; end it all the same.
 */
bool rig_begin(struct rig *rig, const struct walk *walk, const struct rig_options *options,
               struct failure *failure);
void rig_end(struct rig *rig); /* what rig_begin made; not the rig */
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
enum { RIG_STATES = 6 };
/* How it was before a command that was cut short. */
struct before {
    struct disc disc;
    unsigned closed, sessions; /* lines of the record */
};
void rig_before(const struct rig *rig, struct before *before);
/* May a part of what it does be durable? */
bool rig_flushes(const struct ask *ask);
/* What may be there after the power went, or the program was killed, within a command that leads
 * from one state to another. Returns how many. */
unsigned rig_possible_states(const struct disc *before, const struct disc *after, bool flushes,
                             struct disc states[RIG_STATES]);
/* Takes out those in which something is missing that the record says is closed. */
unsigned rig_drop_lies(const struct rig *rig, const struct before *before, struct disc *states,
                       unsigned count);
/* Goes on from the state that the disc shows, if that is one of these, and reads everything. */
bool rig_find_state(struct rig *rig, const struct disc *states, unsigned count);
bool rig_power_cut(struct rig *rig, uint32_t seed);
bool rig_power_cycle(struct rig *rig, const struct step *step);
/* A command in which the power goes. It may not say GOOD, and the record may not say of a track or
 * a session that it is closed, unless it is there afterwards. */
bool rig_ask_and_cut(struct rig *rig, const struct ask *ask, const struct step *step);

#endif
