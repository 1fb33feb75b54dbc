/* SPDX-License-Identifier: MIT */
/* The parameters of the write state log page 39h, for tests of what they count and name. */
#ifndef TESTS_CORE_LOG_PAGE_H
#define TESTS_CORE_LOG_PAGE_H

#include "harness.h"

/* The value of a parameter and its length, valid until the next command; NULL: there is none. */
const uint8_t *log_parameter(struct harness *h, uint64_t nexus, unsigned code, size_t *len);
/* Of four bytes. */
unsigned log_counter(struct harness *h, unsigned code);
/* Of a name; NULL: there is none. */
const char *log_owner(struct harness *h, unsigned code);

#endif
