/* SPDX-License-Identifier: MIT */
/*
 * What the tests of api/imapi share: a disc on file and its URL, objects made by CoCreateInstance,
 * a stream and an event sink of the test's own that call back, memory that fails the nth time, and
 * raw commands of a second nexus.
 */
#ifndef VCDR_TESTS_IMAPI_SUPPORT_H
#define VCDR_TESTS_IMAPI_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2_linux.h>

#define SECTOR 2352

/* HRESULTs in a failure's text as numbers that one can look up */
#define assert_hr(expression, expected)                                                            \
    do {                                                                                           \
        HRESULT hr_ = (expression);                                                                \
        if (hr_ != (HRESULT)(expected)) {                                                          \
            const char *name_ = imapi2_hresult_name(hr_);                                          \
            fail_msg("%s: expected %s, got 0x%08X %s", #expression, #expected, (unsigned)hr_,      \
                     name_ == NULL ? "" : name_);                                                  \
        }                                                                                          \
    } while (0)

/* ---- a disc, and a group fixture that initialises COM */

struct bench {
    char dir[64], disc[96];
    BSTR url; /* embedded:DISC */
};
int com_up(void **state);
int com_down(void **state);
/* Test fixtures: *state becomes a struct bench with a blank disc of `blank_blocks` capacity. */
int bench_up(void **state);
int bench_down(void **state);
/* A blank disc whose last possible lead-out is at this LBA, in place of the one that is there. */
void bench_disc(struct bench *bench, int32_t last_lead_out_lba);
/* A blank CD-RW in place of the disc that is there. */
void bench_rewritable(struct bench *bench);
/* Another disc beside the first; the caller frees the URL. */
BSTR bench_another(struct bench *bench, int32_t last_lead_out_lba);

/* ---- objects */

IDiscRecorder2 *new_recorder(void);      /* not initialised */
IDiscRecorder2 *open_recorder(BSTR url); /* initialised */
IDiscFormat2TrackAtOnce *new_tao(void);  /* S0, no name */
/* S1, named "First Burner 1.0" */
IDiscFormat2TrackAtOnce *ready_tao(struct bench *bench);
/* S2 */
IDiscFormat2TrackAtOnce *prepared_tao(struct bench *bench);
#define RELEASE(object) ((object)->lpVtbl->Release(object))
/* put_ClientName of an ASCII name */
HRESULT put_name(IDiscFormat2TrackAtOnce *tao, const char *name);
/* What get_ExclusiveAccessOwner of a stranger says; static buffer */
const char *owner_seen(BSTR url);
/* What get_ClientName says; static buffer */
const char *name_of(IDiscFormat2TrackAtOnce *tao);

/* ---- a stream */

struct test_stream {
    IStream iface;
    ULONG refs;
    uint64_t size, position;
    uint32_t seed;
    uint64_t fail_at; /* Read fails with `failure` from this byte on; UINT64_MAX: never */
    HRESULT failure;
    uint64_t ends_at;   /* has no byte from here on, whatever `size` says */
    ULONG most;         /* bytes that one Read gives at the most; 0: no limit */
    HRESULT stat, seek; /* what these return if they fail; S_OK: they work */
    bool over_report;   /* Read claims one byte more than it was asked for */
    /* called by every method, with its name, before it does anything */
    void (*hook)(void *ctx, const char *method, uint64_t position);
    void *ctx;
};
void stream_init(struct test_stream *stream, uint64_t size, uint32_t seed);
/* The byte at `position` of every stream with this seed. */
uint8_t sample(uint32_t seed, uint64_t position);

/* ---- an event sink: IDispatch alone, that answers the event IID */

struct test_event {
    LONG action, track, start_lba, sectors, last_read, last_written, elapsed, remaining;
    LONG total_buffer, used_buffer, free_buffer;
};
struct test_sink {
    IDispatch iface;
    ULONG refs;
    DWORD cookie;
    unsigned count; /* of Updates; the first 256 are kept */
    struct test_event events[256];
    IDispatch *object; /* what the last one gave; not counted */
    void (*hook)(void *ctx, const struct test_event *event);
    void *ctx;
};
void sink_advise(struct test_sink *sink, IDiscFormat2TrackAtOnce *tao);
void sink_unadvise(struct test_sink *sink, IDiscFormat2TrackAtOnce *tao);
/* How many Updates had this action. */
unsigned sink_actions(const struct test_sink *sink, LONG action);

/* ---- memory that fails */

void memory_fail_nth(
    unsigned n); /* the nth allocation from now on fails, counted from 1; 0: none */
unsigned memory_allocations(void); /* since memory_fail_nth */
void memory_restore(void);

/* ---- a second nexus, raw */

struct transport;
struct transport *raw_open(struct bench *bench);
/* Status of the command; 12 bytes of hex CDB, data into `in`. *sense may be NULL. */
uint8_t raw_command(struct transport *transport, const char *cdb_hex, void *in, size_t in_size,
                    size_t *in_len, uint32_t *sense);
/* One track's raw sectors by READ CD (BE, expected CD-DA, F8h); fails the test if it cannot. */
void raw_read(struct transport *transport, int32_t lba, uint32_t blocks, uint8_t *out);

#endif
