/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One request of the control socket, from a line of JSON (docs/control-socket.md). It knows no
 * drive and no socket. */
#ifndef VCDR_FRONT_TGT_CONTROL_REQUEST_H
#define VCDR_FRONT_TGT_CONTROL_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum control_verb {
    CONTROL_STATUS,
    CONTROL_SUBSCRIBE,
    CONTROL_UNSUBSCRIBE,
    CONTROL_INSERT,
    CONTROL_EJECT,
    CONTROL_BUTTON,
    CONTROL_FAULT,
    CONTROL_CLEAR_FAULTS,
    CONTROL_SNAPSHOT,
    CONTROL_RESTORE,
    CONTROL_RESET,
};

enum { CONTROL_WHY = 512 };

struct control_request {
    json_t *root; /* owns all below; NULL when nothing was understood */
    json_t *id;   /* an integer or a string; NULL: none was given */
    enum control_verb verb;
    const char *drive_name; /* serial number or target name; NULL: not named so */
    unsigned drive_number;  /* from 1; 0: not numbered */
    const char *disc, *rule;
    json_t *events; /* an array of strings; NULL: all */
};

/* False: `why` says in one line what is wrong; the id may be known all the same. In both cases the
 * request is to be freed. */
bool control_request_parse(const char *line, size_t len, struct control_request *out,
                           char why[CONTROL_WHY]);
void control_request_free(struct control_request *request);

/* An answer without its id and its end; each to be freed by json_decref. NULL: out of memory. */
json_t *control_done(void);
json_t *control_error(const char *thing, const char *reason);
/* The answer as a line, newline included, to be freed; *answer is given up. NULL: out of memory. */
char *control_line_of(json_t *id, json_t *answer);

#endif
