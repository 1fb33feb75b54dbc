/* SPDX-License-Identifier: MIT */
/*
 * A transport that is a script: every task that api/imapi hands over is compared, CDB and data,
 * with the next line, which says how it ends. Takes the place of api/transport in the programs that
 * link it. A line that nobody asked for fails script_end.
 */
#ifndef VCDR_TESTS_IMAPI_SCRIPT_H
#define VCDR_TESTS_IMAPI_SCRIPT_H

#include "tests/api/imapi/support.h"
#include "api/imapi/drive.h"

struct line {
    const char *cdb; /* hex, all of it */
    const char *out; /* hex of the data-out's beginning; NULL: not looked at */
    size_t out_len;  /* of all of it */
    const char *in;  /* hex of the data-in */
    enum transport_result result;
    uint8_t status;
    uint32_t sense; /* KKAAQQh */
};
#define CHECK(code) .status = 0x02, .sense = (code)

/* depth, ordered_bytes and max_transfer are the transport's. */
void script_begin(const struct line *lines, size_t count, unsigned depth, size_t ordered_bytes);
#define SCRIPT(lines, depth, ordered)                                                              \
    script_begin(lines, sizeof(lines) / sizeof((lines)[0]), depth, ordered)
void script_end(void);
/* What transport_open gives from now on. */
void script_open_result(enum transport_result result);
/* From now on it is a drive of a host, whose lock this is; NULL: a nexus of its own. */
struct host {
    char held[64]; /* by whom; "" for nobody */
    bool ours;     /* by the program under test */
    bool mounted;
};
void script_host(struct host *host);
/* How many tasks were in flight at once, at the most. */
unsigned script_most_in_flight(void);

/* A drive on the script, without the commands of drive_open. */
struct drive *script_drive(bool has_extension);

#endif
