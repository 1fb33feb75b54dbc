/* SPDX-License-Identifier: MIT */
/* The TOC files of cdrdao: one session, its text in plain words. */
#ifndef VCDR_IMAGE_TOC_H
#define VCDR_IMAGE_TOC_H

#include <stdio.h>

#include "image.h"

int toc_read(const char *path, struct image *image, char **why);
int toc_write(const struct image *image, const char *const *packs_names, FILE *f);
/* VCDR_EINVAL: it has more than one session. */
int toc_check(const struct image *image, const char *path, char **why);

#endif
