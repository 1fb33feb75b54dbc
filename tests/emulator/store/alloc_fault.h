/* SPDX-License-Identifier: MIT */
/*
 * The nth allocation fails. For programs linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free: calls of the code under test go
 * through here, those of the C library do not.
 */
#ifndef ALLOC_FAULT_H
#define ALLOC_FAULT_H

#include <stdbool.h>

/* The nth allocation from now on fails, 1 being the next one; 0: none does. */
void alloc_fail_at(unsigned n);
/* Has it failed, since then? */
bool alloc_failed(void);
/* How many allocations are not freed; only a difference means something. */
long alloc_live(void);

#endif
