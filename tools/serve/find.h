/* SPDX-License-Identifier: MIT */
/* Where files lie that a program needs at run time; daemon.h declares the rest. */
#ifndef VCDR_TOOLS_SERVE_FIND_H
#define VCDR_TOOLS_SERVE_FIND_H

#include <stdbool.h>
#include <stddef.h>

/* A file at this path relative to the folder of the running program. */
bool find_beside_program(const char *relative, char *buf, size_t size);

#endif
