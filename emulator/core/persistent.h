/* SPDX-License-Identifier: MIT */
/*
 * Who is registered and what is reserved (SPC-3 5.6), for the two commands that tell and change it.
 * Knows no CDB and no parameter list.
 */
#ifndef VCDR_CORE_PERSISTENT_H
#define VCDR_CORE_PERSISTENT_H

#include "core.h"

enum { REGISTRATIONS_MAX = 64 }; /* registrations outlive sessions: not as many as anyone likes */

struct registration {
    struct registration *next;
    char initiator[INITIATOR_ROOM];
    char port[PORT_ROOM]; /* "": the port is `nexus` alone */
    uint64_t nexus;
    uint8_t key[PERSISTENT_KEY_BYTES];
};

bool persistent_type_valid(uint8_t type);
/* Every registrant holds it. */
bool persistent_type_is_all(uint8_t type);
/* Every registrant has the access that it gives: a registrants only or an all registrants type. */
bool persistent_type_is_for_registrants(uint8_t type);
bool persistent_key_is_zero(const uint8_t *key);
bool persistent_key_equal(const uint8_t *one, const uint8_t *two);

/* The registration of this nexus' port, NULL when it has none. */
struct registration *persistent_find(struct vcdr_drive *drive, const struct nexus *nexus);
/* This registration holds what is reserved. */
bool persistent_holds(const struct persistent *p, const struct registration *registration);

/* In the following `by` is whose command it is; it is told nothing by unit attentions. */

/* Registers the port, which is not yet. SENSE_NONE or 05/55/04. */
uint32_t persistent_register(struct vcdr_drive *drive, const struct nexus *by, const uint8_t *key);
void persistent_change_key(struct vcdr_drive *drive, const struct nexus *by,
                           struct registration *registration, const uint8_t *key);
/* Ends a registration and what it alone reserves; `cause` is for the record. `attention` for its
 * nexuses, SENSE_NONE for none. */
void persistent_unregister(struct vcdr_drive *drive, const struct nexus *by,
                           struct registration *registration, const char *cause,
                           uint32_t attention);
/* Nothing is reserved: it is from now on. */
void persistent_reserve(struct vcdr_drive *drive, const struct nexus *by,
                        struct registration *holder, uint8_t type);
/* Ends the reservation; the other registrants get `attention`, SENSE_NONE for none. */
void persistent_release(struct vcdr_drive *drive, const struct nexus *by, const char *cause,
                        uint32_t attention);

/* A unit attention for every registrant. */
void persistent_tell(struct vcdr_drive *drive, const struct nexus *by, uint32_t attention);

#endif
