/* SPDX-License-Identifier: MIT */
/* PERSISTENT RESERVE IN and OUT in few words, for the tests of persistent reservations. */
#ifndef TESTS_CORE_PERSIST_H
#define TESTS_CORE_PERSIST_H

#include "harness.h"

/* Service actions and types of SPC-3 6.12, as the standard numbers them. */
enum { REGISTER, RESERVE, RELEASE, CLEAR, PREEMPT, PREEMPT_AND_ABORT, REGISTER_AND_IGNORE };
enum { WE = 1, EA = 3, WE_RO = 5, EA_RO = 6, WE_AR = 7, EA_AR = 8 };

#define READ_KEYS "5E 00 00 00 00 00 00 02 00 00"
#define READ_RESERVATION "5E 01 00 00 00 00 00 02 00 00"
#define READ_FULL_STATUS "5E 03 00 00 00 00 00 40 00 00"

/* Keys are 64-bit numbers: 0xA is 00 00 00 00 00 00 00 0A. */
struct reply *prout(struct harness *h, uint64_t nexus, unsigned action, unsigned type, uint64_t key,
                    uint64_t service_key);
/* REGISTER of a nexus that has no key yet. */
void register_key(struct harness *h, uint64_t nexus, uint64_t key);
/* TEST UNIT READY brings this unit attention, and then none. */
void assert_attention(struct harness *h, uint64_t nexus, uint32_t sense);
void assert_no_attention(struct harness *h, uint64_t nexus);

#endif
