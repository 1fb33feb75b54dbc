/* SPDX-License-Identifier: MIT */
/* The one line that says why an image could not be read or written. */
#ifndef VCDR_IMAGE_REASON_H
#define VCDR_IMAGE_REASON_H

/* Puts the line into *why (which may be NULL, or become NULL when memory ran out) and returns rc.
 */
int reason(char **why, int rc, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same for a file that the system refused: name and the system's words; rc from errno. */
int reason_errno(char **why, const char *name, const char *doing);

#endif
