/* SPDX-License-Identifier: MIT */
/*
 * Faults: a target in front of a target that answers some commands otherwise, by rules. Pure like
 * the drive: it is told the time, keeps no clock, opens nothing. docs/faults.md has the grammar of
 * a rule and what the fronts make of each action.
 *
 * Whoever has a drive of the embedded front needs only vcdr_embedded_fault (vcdr/embedded.h): one
 * call, the text of one or several rules. A daemon takes the same text by `vcdr serve --fault RULE`
 * and, while it runs, by its control socket (docs/control-socket.md).
 */
#ifndef VCDR_FAULT_H
#define VCDR_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vcdr/error.h>
#include <vcdr/record.h>
#include <vcdr/target.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { VCDR_FAULT_TEXT = 256, VCDR_FAULT_PATTERN = 224, VCDR_FAULT_MESSAGE = 256 };

enum vcdr_fault_action {
    VCDR_FAULT_SENSE,    /* CHECK CONDITION with `sense` */
    VCDR_FAULT_DEFERRED, /* the same as a deferred error (SPC-3 4.5.5): response code 71h */
    VCDR_FAULT_STATUS,   /* `status`, no data, no sense */
    VCDR_FAULT_LIE,      /* GOOD, no data */
    VCDR_FAULT_DELAY,    /* the answer comes `delay_us` later */
    VCDR_FAULT_CUT,      /* no answer, the connection is cut */
    VCDR_FAULT_SILENCE,  /* no answer ever */
    VCDR_FAULT_POWER,    /* the power fails */
    VCDR_FAULT_SHORT,    /* with GOOD, no more than `bytes` of data-in */
    VCDR_FAULT_STALE,    /* the answer of before: see docs/faults.md */
};

/* One rule. A program may fill it by hand instead of having it parsed. */
struct vcdr_fault_rule {
    char text[VCDR_FAULT_TEXT]; /* what the record calls it */

    /* which commands */
    uint8_t opcodes[32]; /* bit opcode % 8 of byte opcode / 8 */
    bool has_lba;        /* only those that touch a block of first_lba to last_lba */
    int32_t first_lba, last_lba;
    uint64_t nexus; /* only of this nexus id; 0: of any */
    char
        initiator[VCDR_FAULT_PATTERN]; /* only of such a name, `*` for any characters; "": of any */
    uint32_t nth;                      /* the first of them that it acts on, from 1 */
    uint32_t count;                    /* how many it acts on; 0: all from there on */
    unsigned drive; /* the drive's number at its front end, from 1; 0: each. Not looked at here. */

    /* what becomes of them */
    enum vcdr_fault_action action;
    bool executes; /* the drive executes the command before; always true of DELAY, SHORT, STALE */
    uint8_t status;
    uint32_t sense; /* KKAAQQh */
    uint64_t delay_us;
    uint32_t bytes;
};

struct vcdr_fault_error {
    char message[VCDR_FAULT_MESSAGE]; /* "lba=9-1: the range ends before it begins", one line */
    size_t at, len;                   /* the part meant, within the text given */
};

/* One rule: `len` bytes, no NUL needed. 0, or VCDR_EINVAL with *error (may be NULL) filled. Any
 * thread. */
int vcdr_fault_parse(const char *text, size_t len, struct vcdr_fault_rule *out,
                     struct vcdr_fault_error *error);

struct vcdr_faults; /* the filter */

struct vcdr_faults_config {
    struct vcdr_record record; /* the drive's: `fault` events go there; emit NULL: none */
    const char *serial;        /* the drive's, as the record has it; copied */
};

/*
 * Puts a filter without rules in front of `behind`, which it owns from then on (not on failure).
 * The target given out is the filter; its power_off and power_cut free both. *out and `behind` may
 * be the same variable. VCDR_ENOMEM.
 */
int vcdr_faults_new(struct vcdr_target behind, const struct vcdr_faults_config *config,
                    struct vcdr_time now, struct vcdr_target *out, struct vcdr_faults **faults);

/* All of these are serialized with the calls on the target by whoever owns it. Rules are asked in
 * the order in which they were added; the first that acts wins. */
int vcdr_faults_add(struct vcdr_faults *faults,
                    const struct vcdr_fault_rule *rule); /* VCDR_ENOMEM */
/* Parses and adds rules, one a line or with ; between; all or none of them. Empty ones are passed
 * over. VCDR_EINVAL with *error (may be NULL), VCDR_ENOMEM. */
int vcdr_faults_add_text(struct vcdr_faults *faults, const char *text, size_t len,
                         struct vcdr_fault_error *error);
void vcdr_faults_clear(struct vcdr_faults *faults);
/* How often rules have acted since the filter was made. */
uint64_t vcdr_faults_fired(const struct vcdr_faults *faults);

#ifdef __cplusplus
}
#endif
#endif
