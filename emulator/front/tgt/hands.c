/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "hands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

#include "clock.h"
#include "loop.h"
#include "unit_private.h"

/* ---- which drive ---- */

static bool is_meant(const struct unit *unit, const struct control_request *request)
{
    if (request->drive_number != 0)
        return unit->number == request->drive_number;
    if (!request->drive_name)
        return true;
    return strcmp(unit->seen.serial, request->drive_name) == 0 ||
           strcmp(unit->tgt->target->name, request->drive_name) == 0;
}

static json_t *no_drive(const struct control_request *request)
{
    char number[16];

    if (request->drive_name)
        return control_error(request->drive_name, "there is no such drive");
    snprintf(number, sizeof(number), "%u", request->drive_number);
    return control_error(request->drive_number ? number : "drive", "there is no such drive");
}

/* ---- status ---- */

static const char *const write_states[] = {
    [WRITE_STATE_IDLE] = "idle",
    [WRITE_STATE_WRITING] = "writing",
    [WRITE_STATE_FLUSHING] = "flushing",
    [WRITE_STATE_CLOSING_TRACK] = "closing-track",
    [WRITE_STATE_CLOSING_SESSION] = "closing-session",
    [WRITE_STATE_BLANKING] = "blanking",
};

static json_t *text_or_null(const char *text)
{
    json_t *value = text && text[0] ? json_string(text) : NULL;

    return value ? value : json_null(); /* a path that is no UTF-8 */
}

static json_t *status_of(struct unit *unit)
{
    const struct unit_seen *seen = &unit->seen;
    bool free = lane_is_free(&unit->lane),
         power = unit->drive.machine.target.ops && !unit->powerless;
    char url[320];

    if (free)
        unit_see(unit);
    power = power && !unit->leaving;
    snprintf(url, sizeof(url), "iscsi://%s/%s/0", units_portal(), unit->tgt->target->name);
    return json_pack("{s:i, s:s, s:s, s:o, s:b, s:b, s:o, s:b, s:s, s:b, s:o, s:s, s:b, s:i}",
                     "drive", (int)unit->number, "serial", seen->serial, "target",
                     unit->tgt->target->name, "url",
                     units_portal() ? text_or_null(url) : json_null(), "power", power, "working",
                     !free, "disc", text_or_null(seen->disc), "has_disc", seen->has_disc, "tray",
                     seen->tray_open ? "open" : "closed", "prevented", seen->prevented, "owner",
                     text_or_null(seen->owner), "write_state", write_states[seen->write_state % 6u],
                     "busy", seen->busy, "progress", seen->progress);
}

static json_t *status(const struct control_request *request)
{
    json_t *drives = json_array(), *one;
    size_t met = 0;

    for (struct unit *unit = units_first(); unit; unit = unit->next) {
        if (!is_meant(unit, request))
            continue;
        met++;
        one = status_of(unit);
        if (!one || json_array_append_new(drives, one) != 0) {
            json_decref(drives);
            return control_error("request", vcdr_strerror(VCDR_ENOMEM));
        }
    }
    if (met == 0 && (request->drive_name || request->drive_number)) {
        json_decref(drives);
        return no_drive(request);
    }
    return json_pack("{s:b, s:o}", "ok", 1, "drives", drives);
}

/* ---- what is done to drives ---- */

enum { NO_POWER = 1 };

/* One request, for one drive or several; answered when the last of them is through with it. */
struct order {
    enum control_verb verb;
    struct control_ticket ticket;
    char *disc;
    struct vcdr_fault_rule rule;
    unsigned left; /* drives still to come */
    unsigned done;
    int error; /* of the last that failed */
    char serial[sizeof(((struct unit_seen *)0)->serial)];
};

struct hand {
    struct errand errand; /* the first member */
    struct unit *unit;
    struct order *order;
    int error;
};

static const char *reason_of(const struct order *order)
{
    switch (order->error) {
    case NO_POWER:
        return "has no power";
    case VCDR_ESTATE:
        return order->verb == CONTROL_INSERT ? "there is a disc in it already"
                                             : "there is no disc in it";
    case VCDR_ENOENT:
        return order->verb == CONTROL_RESTORE ? "its disc has no snapshot"
                                              : vcdr_strerror(VCDR_ENOENT);
    default:
        return vcdr_strerror(order->error);
    }
}

/* The disc's file, or the drive. */
static const char *thing_of(const struct order *order)
{
    bool drive = order->error == NO_POWER || order->error == VCDR_ESTATE ||
                 order->error == VCDR_ELOCKED || order->error == VCDR_ENOMEM;

    return order->disc && !drive ? order->disc : order->serial;
}

static void order_through(struct order *order, const struct unit *unit, int error)
{
    if (error == VCDR_OK) {
        order->done++;
    } else {
        order->error = error;
        strcpy(order->serial, unit->seen.serial);
    }
    if (--order->left > 0)
        return;
    if (order->done > 0 && order->error != VCDR_ENOMEM)
        control_answer(&order->ticket, control_done());
    else
        control_answer(&order->ticket, control_error(thing_of(order), reason_of(order)));
    free(order->disc);
    free(order);
}

static void end(struct hand *hand)
{
    struct hand last = *hand;

    free(hand);
    order_through(last.order, last.unit, last.error);
}

static bool hand_begin(struct errand *errand)
{
    struct hand *hand = (struct hand *)errand;
    struct machine *machine = &hand->unit->drive.machine;

    if (!unit_is_usable(hand->unit)) {
        hand->error = NO_POWER;
    } else if (hand->order->verb == CONTROL_FAULT) {
        hand->error = vcdr_faults_add(machine->faults, &hand->order->rule);
    } else if (hand->order->verb == CONTROL_CLEAR_FAULTS) {
        vcdr_faults_clear(machine->faults);
    } else {
        unit_see(hand->unit);
        return true;
    }
    end(hand);
    return false;
}

static void hand_work(struct errand *errand)
{
    struct hand *hand = (struct hand *)errand;
    struct machine *machine = &hand->unit->drive.machine;
    struct vcdr_time now = clock_now();

    switch (hand->order->verb) {
    case CONTROL_INSERT:
        hand->error = machine_insert(machine, hand->order->disc, now);
        break;
    case CONTROL_EJECT:
        hand->error = machine_hand(machine, VCDR_HAND_REMOVE, now);
        break;
    case CONTROL_BUTTON:
        hand->error = machine_hand(machine, VCDR_HAND_BUTTON, now);
        break;
    case CONTROL_SNAPSHOT:
        hand->error = machine_hand(machine, VCDR_HAND_SNAPSHOT, now);
        break;
    case CONTROL_RESTORE:
        hand->error = machine_hand(machine, VCDR_HAND_RESTORE, now);
        break;
    case CONTROL_RESET:
        hand->error = machine_hand(machine, VCDR_HAND_RESET, now);
        break;
    case CONTROL_STATUS:
    case CONTROL_SUBSCRIBE:
    case CONTROL_UNSUBSCRIBE:
    case CONTROL_FAULT:
    case CONTROL_CLEAR_FAULTS:
        break; /* nothing that waits */
    }
}

static void hand_end(struct errand *errand)
{
    struct hand *hand = (struct hand *)errand;
    struct vcdr_target target = hand->unit->drive.machine.target;

    loop_wake_by(target.ops->next_deadline(target.ctx));
    end(hand);
}

/* Rules go to every drive that is meant; hands to one. */
static bool is_for_all(enum control_verb verb)
{
    return verb == CONTROL_FAULT || verb == CONTROL_CLEAR_FAULTS;
}

/* One more drive for the order, which `begin` may end at once: so all are counted before. */
static void put(struct order *order, struct unit *unit)
{
    struct hand *hand = calloc(1, sizeof(*hand));

    if (!hand) {
        order_through(order, unit, VCDR_ENOMEM);
        return;
    }
    hand->errand = (struct errand){.begin = hand_begin, .work = hand_work, .end = hand_end};
    hand->unit = unit;
    hand->order = order;
    lane_put(&unit->lane, &hand->errand);
}

static bool is_for(const struct unit *unit, const struct control_request *request,
                   const struct vcdr_fault_rule *rule)
{
    return is_meant(unit, request) && (rule->drive == 0 || rule->drive == unit->number);
}

static json_t *place(const struct control_request *request, const struct vcdr_fault_rule *rule,
                     struct control_ticket ticket)
{
    struct order *order;
    unsigned count = 0;

    for (struct unit *unit = units_first(); unit; unit = unit->next)
        count += is_for(unit, request, rule);
    if (count == 0)
        return no_drive(request);
    if (count > 1 && !is_for_all(request->verb))
        return control_error("drive", "there are several: which one is wanted");
    order = calloc(1, sizeof(*order));
    if (order && request->disc)
        order->disc = strdup(request->disc);
    if (!order || (request->disc && !order->disc)) {
        free(order);
        return control_error("request", vcdr_strerror(VCDR_ENOMEM));
    }
    order->verb = request->verb;
    order->rule = *rule;
    order->ticket = ticket;
    order->left = count;
    for (struct unit *unit = units_first(), *next; unit && count > 0; unit = next) {
        next = unit->next;
        if (is_for(unit, request, rule)) {
            count--;
            put(order, unit);
        }
    }
    return NULL;
}

void hands_obey(const struct control_request *request, struct control_ticket ticket)
{
    struct vcdr_fault_rule rule = {.drive = 0};
    struct vcdr_fault_error error;
    json_t *answer;

    if (request->verb == CONTROL_STATUS)
        answer = status(request);
    else if (request->rule &&
             vcdr_fault_parse(request->rule, strlen(request->rule), &rule, &error) != VCDR_OK)
        answer = control_error("", error.message);
    else
        answer = place(request, &rule, ticket);
    if (answer)
        control_answer(&ticket, answer);
}
