/* SPDX-License-Identifier: MIT */
/*
 * PERSISTENT RESERVE OUT (SPC-3 6.12, 5.6): registering, reserving, and taking away.
 *
 * PREEMPT AND ABORT is PREEMPT: what it aborts are the tasks of the preempted, and a command of
 * this drive is over when it is answered. What goes on behind the answer of an Immed command is no
 * task any more (SAM-3 5.5.1) and goes on.
 */
#include "persistent.h"

enum {
    SERVICE_ACTION = 0x1F,
    SCOPE = 0xF0, /* of byte 2; 0 is the logical unit */
    TYPE = 0x0F,
    LIST_BYTES = 24,
    LIST_SERVICE_KEY = 8,
    LIST_FLAGS = 20,
    SPEC_I_PT = 0x08,
    ALL_TG_PT = 0x04,
    APTPL = 0x01,
};

/* One PERSISTENT RESERVE OUT, its list checked. */
struct request {
    struct registration *own; /* of the asker's port, or NULL */
    const uint8_t *key;       /* RESERVATION KEY */
    const uint8_t *service_key;
    uint8_t scope, type;
};
typedef uint32_t action(struct command *c, const struct request *r);

static uint32_t conflict(struct command *c)
{
    c->conflict = c->conflict_persistent = true;
    return SENSE_NONE;
}

static bool may_act(const struct request *r)
{
    return r->own != NULL && persistent_key_equal(r->own->key, r->key);
}

/* ---- registering ---- */

static uint32_t take_key(struct command *c, const struct request *r)
{
    bool none = persistent_key_is_zero(r->service_key);
    uint32_t sense = SENSE_NONE;

    if (r->own == NULL && none)
        return SENSE_NONE;
    if (r->own == NULL)
        sense = persistent_register(c->drive, c->nexus, r->service_key);
    else if (none)
        persistent_unregister(c->drive, c->nexus, r->own, "register", SENSE_NONE);
    else
        persistent_change_key(c->drive, c->nexus, r->own, r->service_key);
    if (sense == SENSE_NONE)
        c->drive->persistent.generation++;
    return sense;
}

static uint32_t register_key(struct command *c, const struct request *r)
{
    if (r->own != NULL ? !may_act(r) : !persistent_key_is_zero(r->key))
        return conflict(c);
    return take_key(c, r);
}

/* ---- reserving and releasing ---- */

static bool can_reserve(const struct request *r)
{
    return r->scope == 0 && persistent_type_valid(r->type);
}

static uint32_t reserve_unit(struct command *c, const struct request *r)
{
    const struct persistent *p = &c->drive->persistent;

    if (!can_reserve(r))
        return SENSE_INVALID_FIELD_IN_CDB;
    if (!may_act(r))
        return conflict(c);
    if (p->type == 0)
        persistent_reserve(c->drive, c->nexus, r->own, r->type);
    else if (!persistent_holds(p, r->own) || p->type != r->type)
        return conflict(c);
    return SENSE_NONE;
}

static uint32_t release_unit(struct command *c, const struct request *r)
{
    const struct persistent *p = &c->drive->persistent;

    if (!may_act(r))
        return conflict(c);
    if (!persistent_holds(p, r->own))
        return SENSE_NONE;
    if (r->scope != 0 || r->type != p->type)
        return SENSE_INVALID_RELEASE_OF_RESERVATION;
    persistent_release(c->drive, c->nexus, "release",
                       persistent_type_is_for_registrants(p->type) ? SENSE_RESERVATIONS_RELEASED
                                                                   : SENSE_NONE);
    return SENSE_NONE;
}

static uint32_t clear(struct command *c, const struct request *r)
{
    struct persistent *p = &c->drive->persistent;

    if (!may_act(r))
        return conflict(c);
    if (p->type != 0)
        persistent_release(c->drive, c->nexus, "clear", SENSE_NONE);
    while (p->registrations != NULL)
        persistent_unregister(c->drive, c->nexus, p->registrations, "clear",
                              SENSE_RESERVATIONS_PREEMPTED);
    p->generation++;
    return SENSE_NONE;
}

/* ---- preempting (SPC-3 5.6.10.4) ---- */

/* All registrations with that key, or with any (NULL); `but` stays. How many there were. */
static unsigned remove_registrations(struct command *c, const uint8_t *key,
                                     const struct registration *but)
{
    struct registration *at = c->drive->persistent.registrations;
    unsigned removed = 0;

    while (at != NULL) {
        struct registration *next = at->next;

        if (at != but && (key == NULL || persistent_key_equal(at->key, key))) {
            persistent_unregister(c->drive, c->nexus, at, "preempt", SENSE_REGISTRATIONS_PREEMPTED);
            removed++;
        }
        at = next;
    }
    return removed;
}

/* The reservation becomes the asker's; those who stay registered hear of another type. */
static uint32_t take_over(struct command *c, const struct request *r, const uint8_t *key)
{
    struct persistent *p = &c->drive->persistent;
    bool other_type = p->type != r->type;

    if (!can_reserve(r))
        return SENSE_INVALID_FIELD_IN_CDB;
    persistent_release(c->drive, c->nexus, "preempt", SENSE_NONE);
    remove_registrations(c, key, r->own);
    if (other_type)
        persistent_tell(c->drive, c->nexus, SENSE_RESERVATIONS_RELEASED);
    persistent_reserve(c->drive, c->nexus, r->own, r->type);
    p->generation++;
    return SENSE_NONE;
}

static uint32_t preempt(struct command *c, const struct request *r)
{
    struct persistent *p = &c->drive->persistent;
    bool all = persistent_type_is_all(p->type);

    if (!may_act(r))
        return conflict(c);
    if (persistent_key_is_zero(r->service_key))
        return all ? take_over(c, r, NULL) : SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    if (p->holder != NULL && persistent_key_equal(p->holder->key, r->service_key))
        return take_over(c, r, r->service_key);
    /* nobody who alone holds the reservation has that key: type and scope are not looked at */
    if (remove_registrations(c, r->service_key, NULL) == 0)
        return conflict(c);
    p->generation++;
    return SENSE_NONE;
}

/* ---- the command ---- */

static bool registers(uint8_t service_action)
{
    return service_action == PERSISTENT_REGISTER ||
           service_action == PERSISTENT_REGISTER_AND_IGNORE;
}

/* No other ports are registered by the way, and nothing outlives the power. */
static uint32_t check_list(const struct command *c, uint8_t service_action)
{
    uint32_t length = get_be32(c->cdb + 5);
    uint8_t refused = registers(service_action) ? SPEC_I_PT | ALL_TG_PT | APTPL : SPEC_I_PT;

    if (length < LIST_BYTES || c->out_len < LIST_BYTES)
        return SENSE_PARAMETER_LIST_LENGTH_ERROR;
    if (c->out[LIST_FLAGS] & refused)
        return SENSE_INVALID_FIELD_IN_PARAMETER_LIST;
    return length == LIST_BYTES ? SENSE_NONE : SENSE_PARAMETER_LIST_LENGTH_ERROR;
}

uint32_t persistent_reserve_out(struct command *c)
{
    static action *const actions[] = {
        [PERSISTENT_REGISTER] = register_key,
        [PERSISTENT_RESERVE] = reserve_unit,
        [PERSISTENT_RELEASE] = release_unit,
        [PERSISTENT_CLEAR] = clear,
        [PERSISTENT_PREEMPT] = preempt,
        [PERSISTENT_PREEMPT_AND_ABORT] = preempt,
        [PERSISTENT_REGISTER_AND_IGNORE] = take_key,
    };
    uint8_t service_action = c->cdb[1] & SERVICE_ACTION;
    struct request r = {
        .own = persistent_find(c->drive, c->nexus),
        .key = c->out,
        .scope = c->cdb[2] & SCOPE,
        .type = c->cdb[2] & TYPE,
    };
    uint32_t sense;

    if (service_action >= sizeof(actions) / sizeof(actions[0]))
        return SENSE_INVALID_FIELD_IN_CDB;
    if (c->drive->exclusive.reserver != NULL) { /* SPC-2 7.11: be it by the asker itself */
        c->conflict = true;
        return SENSE_NONE;
    }
    sense = check_list(c, service_action);
    if (sense != SENSE_NONE)
        return sense;
    r.service_key = c->out + LIST_SERVICE_KEY;
    return actions[service_action](c, &r);
}
