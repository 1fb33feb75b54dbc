/* SPDX-License-Identifier: MIT */
/* Discs burned by raw CDBs through the harness, for tests that start from a written disc. */
#ifndef TESTS_CORE_BURN_H
#define TESTS_CORE_BURN_H

#include "harness.h"

/* A hex CDB from printf's arguments; valid until the next call. */
const char *cdbf(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint32_t be16_at(const uint8_t *p);
uint32_t be32_at(const uint8_t *p);

/* What the tests write: bytes that follow from the address alone. */
void pattern(uint8_t *block, int32_t lba, size_t bytes);

/* MODE SELECT(10) of page 05h, track-at-once: multi-session 0..3, track mode, data block type,
 * session format. */
struct reply *select_page_05(struct harness *h, unsigned multi, unsigned mode, unsigned type,
                             unsigned format);

/* The same of any write type: 1 track-at-once, 2 session-at-once, 3 raw. */
struct reply *select_write_type(struct harness *h, unsigned write_type, unsigned multi,
                                unsigned mode, unsigned type, unsigned format);
/* SEND CUE SHEET of entries in hex, after session-at-once was selected. */
struct reply *send_cue(struct harness *h, const char *entries);

/* WRITE(10)s of that many pattern blocks, each GOOD. */
void write_good(struct harness *h, int32_t lba, uint32_t blocks, size_t bytes);
/* One WRITE(10). */
struct reply *write_once(struct harness *h, int32_t lba, uint32_t blocks, size_t bytes);

/* READ TRACK INFORMATION of track FFh: its next writable address. */
int32_t next_address(struct harness *h);
/* Audio of type 0 or data of type 8, from the next writable address on, ended by SYNCHRONIZE CACHE.
 * Returns where it starts. */
int32_t burn_audio(struct harness *h, uint32_t blocks);
int32_t burn_data(struct harness *h, uint32_t blocks);
/* CLOSE TRACK/SESSION function 2 with that multi-session field. */
void close_session(struct harness *h, unsigned multi);

/* The write-state lines of the record as "from>to from>to ...", valid until the next call. */
const char *write_states(struct harness *h);

#endif
