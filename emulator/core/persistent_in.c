/* SPDX-License-Identifier: MIT */
/* PERSISTENT RESERVE IN (SPC-3 6.11): who is registered with which key, and what is reserved. */
#include "persistent.h"

#include <string.h>

enum {
    SERVICE_ACTION = 0x1F,
    CAPABILITIES_CRH = 0x10, /* RESERVE and RELEASE of those who may are GOOD (SPC-3 5.6.3) */
    CAPABILITIES_TMV = 0x80,
    R_HOLDER = 0x01,
    TARGET_PORT = 1,
    PROTOCOL_ISCSI = 0x05,
    FORMAT_DEVICE = 0x00, /* the initiator's name alone */
    FORMAT_PORT = 0x40,   /* name, ",i,0x", ISID */
    TRANSPORT_ID_HEADER = 4,
    TRANSPORT_ID_LEAST = 20,
};

/* All scopes are 0: the logical unit. */
static uint8_t scope_and_type(const struct persistent *p)
{
    return p->type;
}

static void read_keys(struct command *c)
{
    const struct persistent *p = &c->drive->persistent;

    writer_be32(&c->in, p->generation);
    writer_be32(&c->in, p->registered * PERSISTENT_KEY_BYTES);
    for (const struct registration *at = p->registrations; at != NULL; at = at->next)
        writer_put(&c->in, at->key, PERSISTENT_KEY_BYTES);
}

static void read_reservation(struct command *c)
{
    const struct persistent *p = &c->drive->persistent;

    writer_be32(&c->in, p->generation);
    writer_be32(&c->in, p->type != 0 ? 16 : 0);
    if (p->type == 0)
        return;
    if (p->holder != NULL)
        writer_put(&c->in, p->holder->key, PERSISTENT_KEY_BYTES);
    else
        writer_zero(&c->in, PERSISTENT_KEY_BYTES); /* an all registrants type has no one key */
    writer_zero(&c->in, 5);                        /* obsolete, reserved */
    writer_u8(&c->in, scope_and_type(p));
    writer_zero(&c->in, 2);
}

static void report_capabilities(struct command *c)
{
    static const uint8_t data[8] = {
        0, 8, CAPABILITIES_CRH, CAPABILITIES_TMV, 0xEA, 0x01, /* all six types */
    };

    writer_put(&c->in, data, sizeof(data));
}

/* SPC-3 7.5.4.6 */
static void put_transport_id(struct writer *w, const struct registration *registration)
{
    static const char separator[] = ",i,0x";
    bool port = registration->port[0] != '\0';
    size_t len = strlen(registration->initiator) + 1;
    size_t padded;

    if (port)
        len += strlen(separator) + strlen(registration->port);
    padded = (len + 3) / 4 * 4;
    if (padded < TRANSPORT_ID_LEAST)
        padded = TRANSPORT_ID_LEAST;
    writer_u8(w, PROTOCOL_ISCSI | (port ? FORMAT_PORT : FORMAT_DEVICE));
    writer_u8(w, 0);
    writer_be16(w, (uint16_t)padded);
    writer_put(w, registration->initiator, strlen(registration->initiator));
    if (port) {
        writer_put(w, separator, strlen(separator));
        writer_put(w, registration->port, strlen(registration->port));
    }
    writer_zero(w, padded - len + 1);
}

static void put_full_status(struct writer *w, const struct persistent *p,
                            const struct registration *registration)
{
    bool holds = persistent_holds(p, registration);
    size_t length_at;

    writer_put(w, registration->key, PERSISTENT_KEY_BYTES);
    writer_zero(w, 4);
    writer_u8(w, holds ? R_HOLDER : 0);
    writer_u8(w, holds ? scope_and_type(p) : 0);
    writer_zero(w, 4);
    writer_be16(w, TARGET_PORT);
    length_at = w->len;
    writer_be32(w, 0);
    put_transport_id(w, registration);
    writer_patch32(w, length_at, (uint32_t)(w->len - length_at - 4));
}

static void read_full_status(struct command *c)
{
    const struct persistent *p = &c->drive->persistent;

    writer_be32(&c->in, p->generation);
    writer_be32(&c->in, 0);
    for (const struct registration *at = p->registrations; at != NULL; at = at->next)
        put_full_status(&c->in, p, at);
    writer_patch32(&c->in, 4, (uint32_t)(c->in.len - 8));
}

uint32_t persistent_reserve_in(struct command *c)
{
    static void (*const actions[])(struct command * c) = {
        [PERSISTENT_READ_KEYS] = read_keys,
        [PERSISTENT_READ_RESERVATION] = read_reservation,
        [PERSISTENT_REPORT_CAPABILITIES] = report_capabilities,
        [PERSISTENT_READ_FULL_STATUS] = read_full_status,
    };
    uint8_t action = c->cdb[1] & SERVICE_ACTION;

    if (action >= sizeof(actions) / sizeof(actions[0]))
        return SENSE_INVALID_FIELD_IN_CDB;
    if (c->drive->exclusive.reserver != NULL) { /* SPC-2 7.10: be it by the asker itself */
        c->conflict = true;
        return SENSE_NONE;
    }
    limit_in(c, get_be16(c->cdb + 7));
    actions[action](c);
    return SENSE_NONE;
}
