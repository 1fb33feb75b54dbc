/* SPDX-License-Identifier: MIT */
/* What all readers of sheets need: the text of one, and the files it names. */
#ifndef VCDR_IMAGE_SHEET_H
#define VCDR_IMAGE_SHEET_H

#include <stddef.h>

/* The whole of a small file, malloc'ed. VCDR_EINVAL: more than a mebibyte. */
int sheet_text(const char *path, char **text, size_t *len, char **why);
/* A name in a sheet is relative to the sheet. malloc'ed; NULL: out of memory. */
char *sheet_beside(const char *sheet, const char *name);

#endif
