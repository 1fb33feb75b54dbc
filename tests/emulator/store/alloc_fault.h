/* SPDX-License-Identifier: MIT */
/*
 * The nth allocation fails. For programs linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc: calls of the code under test go through here,
 * those of the C library do not.
 */
#ifndef ALLOC_FAULT_H
#define ALLOC_FAULT_H

/* The nth allocation from now on fails, 1 being the next one; 0: none does. */
void alloc_fail_at(unsigned n);

#endif
