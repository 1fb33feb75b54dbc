/* SPDX-License-Identifier: MIT */
/* A file that is being made: it was not there before, and is not there after a failure. */
#ifndef VCDR_IMAGE_OUT_H
#define VCDR_IMAGE_OUT_H

#include <stddef.h>
#include <stdio.h>

struct out {
    const char *name; /* the caller's, who keeps it */
    FILE *f;
};

int out_open(struct out *out, const char *name, char **why);
int out_write(struct out *out, const void *data, size_t len, char **why);
/* Ends the file; on failure, its own or that of `rc`, nothing of it stays. Returns the failure. */
int out_close(struct out *out, int rc, char **why);

#endif
