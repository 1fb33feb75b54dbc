/* SPDX-License-Identifier: MIT */
/* What docs/record.md promises, held against each line as it comes, and what the lines add up to.
 */
#ifndef TESTS_MODEL_RECORD_CHECK_H
#define TESTS_MODEL_RECORD_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record_check {
    uint64_t seq;
    bool on; /* between power-on and power-off */
    bool locked, reserved;
    char write_state[24];
    char owner[80]; /* as the locks and their ends say; "" when free */
    char locker[80], reserver[80];
    unsigned opened, closed, sessions; /* since power-on */
    unsigned commands;
    uint64_t time_us;
    char why[300]; /* the first broken promise; "" while there is none */
};

void record_check_begin(struct record_check *r);
/* A whole line with its newline, and the drive that it must be of. */
void record_check_line(struct record_check *r, const char *line, size_t len);
/* A member's text or number as it stands in the line, without quotes; false when it is not there.
 */
bool record_member(const char *line, const char *key, char *value, size_t size);

#endif
