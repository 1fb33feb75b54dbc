/* SPDX-License-Identifier: MIT */
/* A daemon with drives in it, in a folder of its own, for one test; and the few CDBs that these
 * tests send, in raw hex. Failures end the test. */
#ifndef TESTS_FRONT_TGT_WORLD_H
#define TESTS_FRONT_TGT_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "measure/initiator.h"
#include "serve/daemon.h"

enum { WORLD_DRIVES = 3 };

struct world {
    char folder[64];
    char discs[WORLD_DRIVES][96];
    char record[96];
    char urls[WORLD_DRIVES][128];
    struct daemon_drive drives[WORLD_DRIVES];
    struct daemon_options options; /* change before world_start */
    struct daemon daemon;
};

/* A folder with blank 80-minute discs; options for `drives` drives, the record on. */
void world_make(struct world *world, unsigned drives);
void world_start(struct world *world); /* asserts that it is ready */
void world_stop(struct world *world);  /* asserts a clean end; nothing when not started */
void world_remove(struct world *world);

/* CMocka set-up and tear-down for a world of one, two drives. */
int world_of_one(void **state);
int world_of_two(void **state);
int world_end(void **state);

struct initiator *log_in(struct world *world, unsigned drive, const char *name);
/* Logged in, the unit attention of power-on taken. */
struct initiator *log_in_ready(struct world *world, unsigned drive, const char *name);

struct reply test_unit_ready(struct initiator *initiator);
/* Exclusive access page 39h: returns the status. */
int lock(struct initiator *initiator, const char *name);
int unlock(struct initiator *initiator);
/* The page's caller name into buf; "" when free. */
void owner(struct initiator *initiator, char buf[64]);
/* Opens track 1 as audio and writes this many blocks whose bytes are the block's number. */
void write_audio(struct initiator *initiator, unsigned blocks);

/* How many lines of the record contain this text. */
unsigned record_count(const struct world *world, const char *text);
/* Waits for the record to have so many such lines; fails after some seconds. */
void record_await(const struct world *world, const char *text, unsigned count);

#endif
