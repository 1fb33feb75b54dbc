/* SPDX-License-Identifier: MIT */
/* The filter as a target: which rule acts, and what then becomes of the command. */
#include "filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

enum { NAME_ROOM = 1400, RULE_ROOM = 2000, SERIAL_ROOM = 17 };

struct armed {
    struct armed *next;
    struct vcdr_fault_rule rule;
    uint64_t met; /* commands that it meant */
};

struct vcdr_faults {
    struct vcdr_target behind; /* ops NULL: its power has failed */
    struct vcdr_record record;
    char serial[SERIAL_ROOM];
    uint64_t power_on_us;
    struct fault_nexus *nexuses;
    struct armed *rules, **rules_end;
    struct stale *stale;
    uint64_t fired;
};

/* ---- the record's line ---- */

static void say(const struct vcdr_faults *faults, const struct vcdr_fault_rule *rule,
                const struct vcdr_command *command, const struct fault_nexus *nexus,
                struct vcdr_time now)
{
    char initiator[NAME_ROOM + 3], alias[NAME_ROOM + 3], text[RULE_ROOM + 3];
    char members[2 * NAME_ROOM + RULE_ROOM + 256];
    struct vcdr_event event = {
        .name = "fault",
        .drive = faults->serial,
        .time_us = now.us - faults->power_on_us,
        .wall_us = now.wall_us,
        .members = members,
    };
    int n;

    if (faults->record.emit == NULL)
        return;
    vcdr_record_string(rule->text, RULE_ROOM, text);
    n = snprintf(members, sizeof(members), ",\"rule\":%s,\"action\":\"%s\",\"opcode\":%u", text,
                 rule_action_word(rule), command->cdb[0]);
    if (nexus == NULL) {
        snprintf(members + n, sizeof(members) - (size_t)n, ",\"nexus\":null");
    } else {
        vcdr_record_string(nexus->initiator, NAME_ROOM, initiator);
        vcdr_record_string(nexus->alias != NULL ? nexus->alias : "", NAME_ROOM, alias);
        snprintf(members + n, sizeof(members) - (size_t)n,
                 ",\"nexus\":{\"initiator\":%s,\"alias\":%s,\"id\":%llu}", initiator, alias,
                 (unsigned long long)nexus->id);
    }
    faults->record.emit(faults->record.ctx, &event);
}

/* ---- nexuses: the record and the rules want their names ---- */

static struct fault_nexus **nexus_link(struct vcdr_faults *faults, uint64_t id)
{
    struct fault_nexus **link = &faults->nexuses;

    while (*link != NULL && (*link)->id != id)
        link = &(*link)->next;
    return link;
}

static void nexus_forget(struct vcdr_faults *faults, uint64_t id)
{
    struct fault_nexus **link = nexus_link(faults, id), *nexus = *link;

    if (nexus == NULL)
        return;
    *link = nexus->next;
    free(nexus->initiator);
    free(nexus->alias);
    free(nexus);
}

static int nexus_remember(struct vcdr_faults *faults, uint64_t id, const char *initiator,
                          const char *alias)
{
    struct fault_nexus *nexus;

    if (*nexus_link(faults, id) != NULL)
        return VCDR_OK;
    nexus = calloc(1, sizeof(*nexus));
    if (nexus == NULL)
        return VCDR_ENOMEM;
    nexus->id = id;
    nexus->next = faults->nexuses;
    faults->nexuses = nexus;
    nexus->initiator = strdup(initiator != NULL ? initiator : "");
    nexus->alias = alias != NULL ? strdup(alias) : NULL;
    if (nexus->initiator == NULL || (alias != NULL && nexus->alias == NULL)) {
        nexus_forget(faults, id);
        return VCDR_ENOMEM;
    }
    return VCDR_OK;
}

static int faults_nexus_open(void *ctx, uint64_t id, const char *initiator, const char *port,
                             const char *alias, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;
    bool known = *nexus_link(faults, id) != NULL;
    int error = nexus_remember(faults, id, initiator, alias);

    if (error == VCDR_OK && faults->behind.ops != NULL)
        error = faults->behind.ops->nexus_open(faults->behind.ctx, id, initiator, port, alias, now);
    if (error != VCDR_OK && !known)
        nexus_forget(faults, id);
    return error;
}

static void faults_nexus_close(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;

    nexus_forget(faults, id);
    if (faults->behind.ops != NULL)
        faults->behind.ops->nexus_close(faults->behind.ctx, id, now);
}

/* ---- one command ---- */

static void execute_behind(struct vcdr_faults *faults, struct vcdr_command *command,
                           struct vcdr_time now)
{
    faults->behind.ops->execute(faults->behind.ctx, command, now);
}

/* The first rule whose turn it is. Each counts all that it means, whether or not it acts. */
static const struct vcdr_fault_rule *choose(struct vcdr_faults *faults,
                                            const struct vcdr_command *command,
                                            const struct fault_nexus *nexus)
{
    const struct vcdr_fault_rule *chosen = NULL;

    for (struct armed *armed = faults->rules; armed != NULL; armed = armed->next) {
        const struct vcdr_fault_rule *rule = &armed->rule;

        if (!rule_matches(rule, command, nexus))
            continue;
        armed->met++;
        if (chosen == NULL && armed->met >= rule->nth &&
            (rule->count == 0 || armed->met - rule->nth < rule->count))
            chosen = rule;
    }
    return chosen;
}

/* Some rule wants to know what was answered before it acts. */
static bool wants_answers(const struct vcdr_faults *faults, const struct vcdr_command *command,
                          const struct fault_nexus *nexus)
{
    for (const struct armed *armed = faults->rules; armed != NULL; armed = armed->next) {
        if (armed->rule.action == VCDR_FAULT_STALE && rule_matches(&armed->rule, command, nexus))
            return true;
    }
    return false;
}

static void answer_status(struct vcdr_command *command, uint8_t status)
{
    command->outcome = VCDR_ANSWERED;
    command->status = status;
    command->in_len = 0;
    command->sense_len = 0;
}

/* Fixed format (SPC-3 4.5.3) */
static void answer_sense(struct vcdr_command *command, uint8_t response_code, uint32_t sense)
{
    answer_status(command, SAM_CHECK_CONDITION);
    memset(command->sense, 0, VCDR_SENSE_BYTES);
    command->sense[0] = response_code;
    command->sense[2] = (uint8_t)(sense >> 16);
    command->sense[7] = VCDR_SENSE_BYTES - 8;
    command->sense[12] = (uint8_t)(sense >> 8);
    command->sense[13] = (uint8_t)sense;
    command->sense_len = VCDR_SENSE_BYTES;
}

/* A caller that does not look at the outcome shall not take this for an answer. */
static void no_answer(struct vcdr_command *command, enum vcdr_outcome outcome)
{
    answer_status(command, SAM_TASK_ABORTED);
    command->outcome = outcome;
}

static void fail_power(struct vcdr_faults *faults, struct vcdr_time now)
{
    struct vcdr_target behind = faults->behind;

    faults->behind.ops = NULL;
    behind.ops->power_cut(behind.ctx, now);
}

static void act(struct vcdr_faults *faults, const struct vcdr_fault_rule *rule,
                struct vcdr_command *command, struct vcdr_time now)
{
    switch (rule->action) {
    case VCDR_FAULT_SENSE:
        answer_sense(command, 0x70, rule->sense);
        break;
    case VCDR_FAULT_DEFERRED:
        answer_sense(command, 0x71, rule->sense);
        break;
    case VCDR_FAULT_STATUS:
        answer_status(command, rule->status);
        break;
    case VCDR_FAULT_LIE:
        answer_status(command, SAM_GOOD);
        break;
    case VCDR_FAULT_DELAY:
        if (command->outcome != VCDR_DELAYED) /* by the drive itself */
            command->delay_us = 0;
        command->outcome = VCDR_DELAYED;
        command->delay_us += rule->delay_us;
        break;
    case VCDR_FAULT_CUT:
        no_answer(command, VCDR_CUT);
        break;
    case VCDR_FAULT_SILENCE:
        no_answer(command, VCDR_UNANSWERED);
        break;
    case VCDR_FAULT_POWER:
        fail_power(faults, now);
        no_answer(command, VCDR_POWERLESS);
        break;
    case VCDR_FAULT_SHORT:
        if (command->in_len > rule->bytes)
            command->in_len = rule->bytes;
        break;
    case VCDR_FAULT_STALE:
        stale_answer(&faults->stale, command);
        break;
    }
}

static bool must_execute(const struct vcdr_fault_rule *rule)
{
    return rule->executes || rule->action == VCDR_FAULT_DELAY || rule->action == VCDR_FAULT_SHORT ||
           rule->action == VCDR_FAULT_STALE;
}

static void faults_execute(void *ctx, struct vcdr_command *command, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;
    const struct fault_nexus *nexus;
    const struct vcdr_fault_rule *rule;

    if (faults->behind.ops == NULL) {
        no_answer(command, VCDR_POWERLESS);
        return;
    }
    if (faults->rules == NULL) {
        execute_behind(faults, command, now);
        return;
    }
    nexus = *nexus_link(faults, command->nexus);
    rule = choose(faults, command, nexus);
    if (rule == NULL) {
        execute_behind(faults, command, now);
        if (wants_answers(faults, command, nexus) &&
            (command->outcome == VCDR_ANSWERED || command->outcome == VCDR_DELAYED))
            stale_learn(&faults->stale, command);
        return;
    }
    faults->fired++;
    say(faults, rule, command, nexus, now);
    if (must_execute(rule)) {
        execute_behind(faults, command, now);
        if (command->outcome != VCDR_ANSWERED && command->outcome != VCDR_DELAYED)
            return; /* another filter behind this one was faster */
    }
    act(faults, rule, command, now);
}

/* ---- the rest of a target ---- */

static bool faults_may_wait(void *ctx, const struct vcdr_command *command)
{
    struct vcdr_faults *faults = ctx;

    return faults->behind.ops != NULL && faults->behind.ops->may_wait(faults->behind.ctx, command);
}

static void faults_reset(void *ctx, uint64_t id, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;

    if (faults->behind.ops != NULL)
        faults->behind.ops->reset(faults->behind.ctx, id, now);
}

/* What was answered of another disc is nothing that this one could be mistaken for. */
static int faults_hand(void *ctx, enum vcdr_hand what, struct vcdr_disc *disc, const char *name,
                       struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;
    int error;

    if (faults->behind.ops == NULL)
        return VCDR_ESTATE;
    error = faults->behind.ops->hand(faults->behind.ctx, what, disc, name, now);
    if (error == VCDR_OK && what == VCDR_HAND_INSERT) {
        stale_free(faults->stale);
        faults->stale = NULL;
    }
    return error;
}

static int faults_look(void *ctx, struct vcdr_look *out, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;

    if (faults->behind.ops == NULL)
        return VCDR_ESTATE;
    return faults->behind.ops->look(faults->behind.ctx, out, now);
}

static uint64_t faults_next_deadline(void *ctx)
{
    struct vcdr_faults *faults = ctx;

    if (faults->behind.ops == NULL)
        return VCDR_NO_DEADLINE;
    return faults->behind.ops->next_deadline(faults->behind.ctx);
}

static void faults_advance(void *ctx, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;

    if (faults->behind.ops != NULL)
        faults->behind.ops->advance(faults->behind.ctx, now);
}

static void faults_free(struct vcdr_faults *faults)
{
    vcdr_faults_clear(faults);
    while (faults->nexuses != NULL)
        nexus_forget(faults, faults->nexuses->id);
    free(faults);
}

static void faults_power_off(void *ctx, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;

    if (faults->behind.ops != NULL)
        faults->behind.ops->power_off(faults->behind.ctx, now);
    faults_free(faults);
}

static void faults_power_cut(void *ctx, struct vcdr_time now)
{
    struct vcdr_faults *faults = ctx;

    if (faults->behind.ops != NULL)
        fail_power(faults, now);
    faults_free(faults);
}

static const struct vcdr_target_ops faults_ops = {
    .nexus_open = faults_nexus_open,
    .nexus_close = faults_nexus_close,
    .reset = faults_reset,
    .execute = faults_execute,
    .may_wait = faults_may_wait,
    .hand = faults_hand,
    .look = faults_look,
    .next_deadline = faults_next_deadline,
    .advance = faults_advance,
    .power_off = faults_power_off,
    .power_cut = faults_power_cut,
};

/* ---- the door ---- */

int vcdr_faults_new(struct vcdr_target behind, const struct vcdr_faults_config *config,
                    struct vcdr_time now, struct vcdr_target *out, struct vcdr_faults **handle)
{
    struct vcdr_faults *faults = calloc(1, sizeof(*faults));

    if (faults == NULL)
        return VCDR_ENOMEM;
    faults->behind = behind;
    faults->record = config->record;
    snprintf(faults->serial, sizeof(faults->serial), "%s", config->serial);
    faults->power_on_us = now.us;
    faults->rules_end = &faults->rules;
    out->ops = &faults_ops;
    out->ctx = faults;
    *handle = faults;
    return VCDR_OK;
}

static struct armed *armed_new(const struct vcdr_fault_rule *rule)
{
    struct armed *armed = calloc(1, sizeof(*armed));

    if (armed != NULL)
        armed->rule = *rule;
    return armed;
}

static void armed_free(struct armed *armed)
{
    while (armed != NULL) {
        struct armed *next = armed->next;

        free(armed);
        armed = next;
    }
}

int vcdr_faults_add(struct vcdr_faults *faults, const struct vcdr_fault_rule *rule)
{
    struct armed *armed = armed_new(rule);

    if (armed == NULL)
        return VCDR_ENOMEM;
    *faults->rules_end = armed;
    faults->rules_end = &armed->next;
    return VCDR_OK;
}

static bool is_blank(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != ' ' && text[i] != '\t')
            return false;
    }
    return true;
}

int vcdr_faults_add_text(struct vcdr_faults *faults, const char *text, size_t len,
                         struct vcdr_fault_error *error)
{
    struct armed *first = NULL, **end = &first;
    int result = VCDR_OK;

    for (size_t at = 0, next; at < len && result == VCDR_OK; at = next + 1) {
        struct vcdr_fault_rule rule;

        for (next = at; next < len && text[next] != ';' && text[next] != '\n'; next++)
            continue;
        if (is_blank(text + at, next - at))
            continue;
        result = vcdr_fault_parse(text + at, next - at, &rule, error);
        if (result == VCDR_EINVAL && error != NULL)
            error->at += at;
        if (result == VCDR_OK && (*end = armed_new(&rule)) == NULL)
            result = VCDR_ENOMEM;
        if (result == VCDR_OK)
            end = &(*end)->next;
    }
    if (result != VCDR_OK) {
        armed_free(first);
        return result;
    }
    if (first != NULL) {
        *faults->rules_end = first;
        faults->rules_end = end;
    }
    return VCDR_OK;
}

void vcdr_faults_clear(struct vcdr_faults *faults)
{
    armed_free(faults->rules);
    faults->rules = NULL;
    faults->rules_end = &faults->rules;
    stale_free(faults->stale);
    faults->stale = NULL;
}

uint64_t vcdr_faults_fired(const struct vcdr_faults *faults)
{
    return faults->fired;
}
