/* SPDX-License-Identifier: MIT */
/*
 * What transport.c asks of a kind of transport. Private to api/transport. transport.c holds its
 * lock around every call, keeps the queue, the order and the deadlines; a backend moves bytes.
 */
#ifndef VCDR_API_TRANSPORT_BACKEND_H
#define VCDR_API_TRANSPORT_BACKEND_H

#include <stdbool.h>
#include "api/transport/transport.h"

struct transport_backend_ops {
    /* Hands one task to the drive without waiting. On TRANSPORT_OK the backend fills the task and
     * sets `done`, now or in `process`. TRANSPORT_LOST: the connection is gone; anything else fails
     * this task alone. */
    enum transport_result (*start)(void *ctx, struct transport_task *task);
    /* The descriptor to poll and for what; NULL in a backend whose `start` does all. */
    int (*events)(void *ctx, short *events);
    /* Serves the descriptor; completes tasks. TRANSPORT_LOST: the connection is gone. */
    enum transport_result (*process)(void *ctx, short revents);
    /* Drops the connection without a word. After it no buffer of any task is touched. */
    void (*abandon)(void *ctx);
    /* Ends it in order (after abandon: what is left of it) and frees ctx. Bounded. */
    void (*close)(void *ctx);
    /* In a child after fork: lets go of the descriptor, says nothing to the drive; frees nothing.
     */
    void (*forked)(void *ctx);
};

struct host_lock;

struct transport_backend {
    const struct transport_backend_ops *ops;
    void *ctx;
    size_t ordered_bytes; /* see transport.h */
    size_t max_transfer;
    unsigned depth;
    struct host_lock *host_lock; /* of a drive of this host, in ctx; NULL: a nexus of its own */
    bool keeper; /* the peer speaks unasked: a thread must answer while no caller waits */
};

struct transport_url;

enum transport_result iscsi_backend_open(const struct transport_url *url, const char *name,
                                         struct transport_backend *out, char **why);
enum transport_result embedded_backend_open(const struct transport_url *url, const char *name,
                                            struct transport_backend *out, char **why);

enum transport_result sg_backend_open(const struct transport_url *url,
                                      struct transport_backend *out, char **why);

/* Milliseconds of the monotonic clock. */
uint64_t transport_now_ms(void);

/* Sets *why (may be NULL) to a malloc'ed clause; returns `result`. */
enum transport_result transport_explain(enum transport_result result, char **why,
                                        const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define TRANSPORT_OPEN_MS 10000 /* an open takes no longer */
#define TRANSPORT_TASK_MS 10000 /* the default of a task */

#endif
