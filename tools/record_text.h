/* SPDX-License-Identifier: MIT */
/* One line of a record in words. It knows the events of docs/record.md by name. */
#ifndef VCDR_TOOLS_RECORD_TEXT_H
#define VCDR_TOOLS_RECORD_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

bool record_text_known(const char *event);

/* Prints one line. An event of a later version is printed with all its members as JSON. */
void record_text_print(const json_t *object, FILE *to);

#endif
