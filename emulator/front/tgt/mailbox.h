/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Lines of the record on their way to those who have subscribed to them: put in by whichever thread
 * executes a command, taken out by the loop. Nobody who puts ever waits for anybody. */
#ifndef VCDR_FRONT_TGT_MAILBOX_H
#define VCDR_FRONT_TGT_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

/* `bell` is an eventfd that is rung when there is something. */
void mailbox_open(int bell);
/* With nobody who reads, lines are thrown away as they come. */
void mailbox_set_readers(unsigned count);

/* vcdr_record_line_fn; any thread. */
void mailbox_put(void *ctx, const char *line, size_t len);

/* All lines since the last call, to be freed; NULL: none. *lost is how many there was no room for
 * behind these. */
char *mailbox_take(size_t *len, unsigned long *lost);

#endif
