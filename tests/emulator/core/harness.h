/* SPDX-License-Identifier: MIT */
/*
 * A drive with a disc in memory, several nexuses, and commands as raw hex. Every line of its record
 * is parsed as JSON as it comes. A check that fails names the file and line of the test.
 */
#ifndef TESTS_CORE_HARNESS_H
#define TESTS_CORE_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <vcdr/codes.h>
#include <vcdr/drive.h>

enum { REPLY_ROOM = 4 * 1024 * 1024 };

struct reply {
    uint8_t status;
    uint32_t sense; /* KKAAQQh, 0 without CHECK CONDITION */
    uint8_t sense_data[VCDR_SENSE_BYTES];
    size_t len;        /* bytes of data-in */
    uint64_t delay_us; /* 0: answered at once */
    uint8_t *data;
};

struct harness {
    struct vcdr_target target;
    struct vcdr_time now; /* moves by 1000 us with each command; tests may move it */
    struct vcdr_record_lines *sink;
    json_t *events;     /* array of the record's lines */
    struct reply reply; /* of the last command */
    uint8_t *room;
};

enum { ONE = 1, TWO = 2, THREE = 3 }; /* nexuses that harness_new has opened */

/* "74min", "80min", "90min" or NULL for no medium. Nexuses ONE to THREE are open, named
 * iqn.2026-01.example:one and so on, each with its power-on unit attention pending. */
struct harness *harness_new(const char *disc);
/* The same, attentions taken. */
struct harness *harness_ready(const char *disc);
/* With the test's own disc (owned by the drive from then on) and `command` events. */
struct harness *harness_with(struct vcdr_disc *disc, bool record_commands);
/* In real time (vcdr/drive.h: timing), attentions taken. NULL: no medium. */
struct harness *harness_timed(struct vcdr_disc *disc);
/* Moves the clock on; what is due then happens. */
void pass_time(struct harness *h, uint64_t us);
/* What people do; of a disc the drive takes, the test is rid. */
int hand(struct harness *h, enum vcdr_hand what, struct vcdr_disc *disc, const char *name);
void harness_free(struct harness *h); /* powers off, unless the test has */
void harness_power_off(struct harness *h);

struct vcdr_disc *blank_disc(const char *name);
void nexus_open(struct harness *h, uint64_t nexus, const char *initiator);
/* The same with a port (an ISID): one that a later nexus can be again. */
void nexus_open_port(struct harness *h, uint64_t nexus, const char *initiator, const char *port);
void nexus_close(struct harness *h, uint64_t nexus);
void reset(struct harness *h, uint64_t nexus);
/* TEST UNIT READY until no unit attention is left. */
void clear_attention(struct harness *h, uint64_t nexus);

/* Executes "12 00 00 00 24 00". The reply is valid until the next command. */
struct reply *run(struct harness *h, uint64_t nexus, const char *cdb);
/* With data-out as hex. */
struct reply *run_out(struct harness *h, uint64_t nexus, const char *cdb, const char *out);
/* With data-out as bytes, and so much room for data-in. */
struct reply *run_data(struct harness *h, uint64_t nexus, const char *cdb, const void *out,
                       size_t out_len, size_t in_size);

/* MODE SELECT(10) of page 39h: request 1 lock, 2 unlock. `name` may be NULL for zeros, and is put
 * into the field as it is, cut at 64 bytes. */
struct reply *exclusive(struct harness *h, uint64_t nexus, uint8_t request, uint8_t flags,
                        const char *name);
struct reply *lock(struct harness *h, uint64_t nexus, const char *name);
struct reply *unlock(struct harness *h, uint64_t nexus, uint8_t flags);

/* Bytes of a hex text; blanks are skipped. Returns their number. */
size_t from_hex(const char *hex, uint8_t *out, size_t room);

/* The last line of that event, NULL when there is none; how many there are. */
json_t *last_event(struct harness *h, const char *event);
unsigned count_events(struct harness *h, const char *event);
/* A member as text, "" when it is null or missing. */
const char *member(json_t *event, const char *key);

void check_good(struct reply *r, const char *file, int line);
void check_sense(struct reply *r, uint32_t sense, const char *file, int line);
void check_conflict(struct reply *r, const char *file, int line);
/* All data-in, byte for byte; ".." matches any byte. */
void check_hex(struct reply *r, const char *hex, const char *file, int line);
/* Its beginning only. */
void check_hex_at(struct reply *r, size_t offset, const char *hex, const char *file, int line);

#define assert_good(r) check_good(r, __FILE__, __LINE__)
#define assert_sense(r, sense) check_sense(r, sense, __FILE__, __LINE__)
#define assert_conflict(r) check_conflict(r, __FILE__, __LINE__)
#define assert_hex(r, hex) check_hex(r, hex, __FILE__, __LINE__)
#define assert_hex_at(r, offset, hex) check_hex_at(r, offset, hex, __FILE__, __LINE__)

#endif
