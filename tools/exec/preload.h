/* SPDX-License-Identifier: MIT */
/*
 * The functions of the C library that an LD_PRELOAD puts in front of it. Each looks whether it is
 * about one of the nodes, and is the library's own otherwise. Both names of the large-file pairs
 * must be defined, so a file with such functions includes this header first, which takes the
 * redirection of one to the other away; struct stat is the same for both on 64-bit systems, the
 * only ones it is built for.
 */
#ifndef VCDR_TOOLS_EXEC_PRELOAD_H
#define VCDR_TOOLS_EXEC_PRELOAD_H

#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "node.h"
#include "place.h"

_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "64-bit systems only");

#define EXPORT __attribute__((visibility("default")))

/* The library's own function of this name. */
#define REAL(name)                                                                                 \
    static __typeof__(name) *real;                                                                 \
    if (!real) {                                                                                   \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                                 \
    }

/* What the library's own function is to be called with: the path, or where it really is. */
#define REALLY(place, found, path) ((found) ? (place).path : (path))

/* A negative errno as the C library tells it. */
static inline int64_t result(int64_t value)
{
    if (value < 0) {
        errno = (int)-value;
        return -1;
    }
    return value;
}

#endif
