/* SPDX-License-Identifier: MIT */
/*
 * A transport: how a CDB reaches a drive. One struct of functions; iscsi.c (libiscsi) and
 * embedded.c (the drive in this process) fill it. It carries bytes and knows neither MMC nor COM.
 *
 * Threads: any thread may call any function of one transport; transport.c holds its lock. Tasks are
 * executed by the drive in the order of submission, also when several are in flight: a transport
 * announces a depth above 1 only for requests that cannot be overtaken (reference: a WRITE that
 * fits the first burst). Nothing reconnects by itself: after TRANSPORT_LOST every later call gives
 * it.
 */
#ifndef VCDR_API_TRANSPORT_H
#define VCDR_API_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum transport_result {
    TRANSPORT_OK = 0,
    TRANSPORT_NO_MEMORY = -1,
    TRANSPORT_BAD_URL = -2, /* not a URL of a kind that this build knows */
    TRANSPORT_NO_DEVICE =
        -3, /* unknown host, nothing listens there, no such target, no such disc */
    TRANSPORT_REFUSED =
        -4, /* login refused, wrong secret, no permission, the disc is held elsewhere */
    TRANSPORT_TIMEOUT = -5, /* a silent peer */
    TRANSPORT_LOST = -6,    /* the connection broke; the nexus and what it held is gone */
    TRANSPORT_INVALID = -7, /* the request is larger than the transport carries */
    TRANSPORT_HELD = -8,    /* another program of this host holds the drive */
};
const char *transport_result_text(enum transport_result result);

/* One CDB on its way. The caller owns it and its buffers until transport_wait has returned. */
struct transport_task {
    uint8_t cdb[16];
    uint8_t cdb_len; /* 6, 10, 12 or 16 */
    const void *out; /* data-out, or NULL */
    size_t out_len;
    void *in; /* room for data-in, or NULL; not both out and in */
    size_t in_size;
    unsigned timeout_ms; /* 0: the transport's default of 10 s */

    enum transport_result result; /* from here on valid after transport_wait */
    uint8_t status;               /* SAM status; valid when result is TRANSPORT_OK */
    size_t in_len;                /* bytes received */
    uint8_t sense[18];            /* fixed format */
    size_t sense_len;             /* 0 when there is none */

    bool done; /* the transport's own from here on */
    uint64_t deadline_ms;
    void *private_data;
    struct transport_task *next;
};

struct transport; /* opaque to users */

/* Opens iscsi://[user%password@]host[:port]/iqn/lun, embedded:DISC, embedded:, or a drive of this
 * host, sg:/dev/sr0 or its plain path (an sr or an sg node). `name` becomes part of the initiator's
 * name (iqn.2026-11.local.vcdr:NAME) and its alias, so that a record tells who came (NULL: the
 * program's); the environment's VCDR_INITIATOR replaces the name. Without user in the URL the
 * account is LIBISCSI_CHAP_USERNAME and LIBISCSI_CHAP_PASSWORD of the environment, if set. Each
 * call is a nexus of its own. On failure *why (may be NULL) receives one clause for people in a
 * malloc'ed string, or NULL where there was no memory for it. Bounded: 10 s at most.
 *
 * After fork a transport is the parent's: in the child every call gives TRANSPORT_LOST, and closing
 * it there says nothing to the drive. */
enum transport_result transport_open(const char *url, const char *name, struct transport **out,
                                     char **why);
void transport_close(struct transport *transport); /* logs out; NULL is allowed */

/* Hands a task over; returns before it is done where the transport can. */
void transport_submit(struct transport *transport, struct transport_task *task);
/* Waits until this task is done; others may complete meanwhile. */
void transport_wait(struct transport *transport, struct transport_task *task);
/* Both. Returns task->result. */
enum transport_result transport_execute(struct transport *transport, struct transport_task *task);

/*
 * Exclusive access to a drive of this host, among its programs: they are all one nexus, so the
 * drive cannot tell them apart (sg.c). False where a transport is a nexus of its own.
 */
bool transport_is_shared(const struct transport *transport);
/* Only for a shared one. Without `force` mounted file systems and other burners are
 * in the way: TRANSPORT_REFUSED. TRANSPORT_HELD: somebody, this transport
 * included, holds it under a name. */
enum transport_result transport_lock(struct transport *transport, bool force, const char *name);
void transport_unlock(struct transport *transport);
/* Whether anybody of this host holds it, and under which name: at most size - 1 characters. */
bool transport_lock_owner(struct transport *transport, char *name, size_t size);

/* Most bytes one data-out may have so that several tasks can be in flight in order, and how many
 * tasks of that size may be; and the most bytes of one transfer at all. */
size_t transport_ordered_bytes(const struct transport *transport);
unsigned transport_depth(const struct transport *transport);
size_t transport_max_transfer(const struct transport *transport);

#endif
