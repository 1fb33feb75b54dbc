/* SPDX-License-Identifier: MIT */
/*
 * The lock, the order and the deadlines of every transport. Of the threads that wait, one polls the
 * descriptor, without the lock, so that others can submit; the rest wait for its news.
 */
#include "api/transport/transport.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include "api/transport/backend.h"
#include "api/transport/host_lock.h"
#include "api/transport/url.h"

/* How often the keeper looks: well under any target's patience with an unanswered NOP-In. */
#define KEEPER_MS 250

struct queue {
    struct transport_task *head;
    struct transport_task **tail;
};

struct transport {
    struct transport_backend backend;
    pthread_mutex_t lock;
    pthread_cond_t news;        /* a task is done, or nobody polls any more */
    bool polling;               /* some thread is in poll() */
    int wake;                   /* eventfd: what the poller polls for has changed */
    enum transport_result dead; /* TRANSPORT_OK while alive */
    unsigned waiters;           /* threads in transport_wait */

    struct queue started;
    unsigned in_flight; /* tasks in `started` */
    bool barrier; /* the last one started may be overtaken: start no other before it is done */
    struct queue pending;

    pthread_t keeper;
    bool keeper_runs, closing;
    struct transport *older; /* the list of all, for fork */
};

/* The transports of this process, so that a child can let go of their connections. */
static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;
static struct transport *all;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void queue_init(struct queue *queue)
{
    queue->head = NULL;
    queue->tail = &queue->head;
}

static void queue_add(struct queue *queue, struct transport_task *task)
{
    task->next = NULL;
    *queue->tail = task;
    queue->tail = &task->next;
}

static struct transport_task *queue_take(struct queue *queue)
{
    struct transport_task *task = queue->head;

    queue->head = task->next;
    if (!queue->head) {
        queue->tail = &queue->head;
    }
    return task;
}

static void finish(struct transport_task *task, enum transport_result result)
{
    task->result = result;
    task->done = true;
}

static void finish_all(struct queue *queue)
{
    while (queue->head) {
        finish(queue_take(queue), TRANSPORT_LOST);
    }
}

/* The connection is gone: every task of it ends, those past their deadline as timed out. */
static void die(struct transport *t)
{
    uint64_t now = transport_now_ms();

    if (t->dead != TRANSPORT_OK) {
        return;
    }
    t->dead = TRANSPORT_LOST;
    t->backend.ops->abandon(t->backend.ctx);
    while (t->started.head) {
        struct transport_task *task = queue_take(&t->started);

        if (!task->done) {
            finish(task, now >= task->deadline_ms ? TRANSPORT_TIMEOUT : TRANSPORT_LOST);
        }
    }
    finish_all(&t->pending);
    t->in_flight = 0;
    t->barrier = false;
}

/* Takes the tasks that the backend has done off the list of started ones. */
static void sweep(struct transport *t)
{
    struct transport_task **link = &t->started.head;

    while (*link) {
        if ((*link)->done) {
            *link = (*link)->next;
            t->in_flight--;
        } else {
            link = &(*link)->next;
        }
    }
    t->started.tail = link;
    if (t->in_flight == 0) {
        t->barrier = false;
    }
}

static bool may_start(const struct transport *t)
{
    return t->dead == TRANSPORT_OK && t->pending.head && !t->barrier &&
           t->in_flight < t->backend.depth;
}

/* Starts what may be started. A WRITE that the peer must ask for can be overtaken by a later
 * command; nothing is started behind it until it is done. */
static void start_pending(struct transport *t)
{
    while (may_start(t)) {
        struct transport_task *task = queue_take(&t->pending);
        enum transport_result result;

        task->deadline_ms =
            transport_now_ms() + (task->timeout_ms ? task->timeout_ms : TRANSPORT_TASK_MS);
        queue_add(&t->started, task);
        t->in_flight++;
        t->barrier = task->out_len > t->backend.ordered_bytes;
        result = t->backend.ops->start(t->backend.ctx, task);
        if (result == TRANSPORT_LOST) {
            die(t);
        } else if (result != TRANSPORT_OK) {
            finish(task, result);
        }
        sweep(t);
    }
}

static void expire(struct transport *t)
{
    uint64_t now = transport_now_ms();

    for (struct transport_task *task = t->started.head; task; task = task->next) {
        if (now >= task->deadline_ms) {
            die(t);
            return;
        }
    }
}

/* libiscsi writes with writev, which can raise SIGPIPE; the program's own handling of that signal
 * is not ours to change. */
struct pipe_guard {
    sigset_t before;
};

static void guard_begin(struct pipe_guard *guard)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, &guard->before);
}

static void guard_end(struct pipe_guard *guard, bool may_have_risen)
{
    if (may_have_risen && !sigismember(&guard->before, SIGPIPE)) {
        static const struct timespec at_once;
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGPIPE);
        while (sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}

/* Whatever may write to the peer goes through here. */
static void serve(struct transport *t, short revents)
{
    struct pipe_guard guard;
    bool was_alive = t->dead == TRANSPORT_OK;

    if (!t->backend.ops->events) {
        start_pending(t);
        return;
    }
    guard_begin(&guard);
    if (revents && was_alive && t->backend.ops->process(t->backend.ctx, revents) != TRANSPORT_OK) {
        sweep(t);
        die(t);
    }
    sweep(t);
    start_pending(t);
    guard_end(&guard, was_alive && t->dead != TRANSPORT_OK);
}

static int time_left(const struct transport *t)
{
    uint64_t now = transport_now_ms();
    uint64_t first = UINT64_MAX;

    for (const struct transport_task *task = t->started.head; task; task = task->next) {
        if (task->deadline_ms < first) {
            first = task->deadline_ms;
        }
    }
    if (first == UINT64_MAX) {
        return -1;
    }
    return first <= now ? 0 : first - now > 60000 ? 60000 : (int)(first - now);
}

/* One turn of the poller: waits without the lock, then serves what happened. */
static void turn(struct transport *t)
{
    struct pollfd fds[2] = {{.fd = -1}, {.fd = t->wake, .events = POLLIN}};
    int timeout = time_left(t);

    fds[0].fd = t->backend.ops->events(t->backend.ctx, &fds[0].events);
    t->polling = true;
    pthread_mutex_unlock(&t->lock);
    poll(fds, 2, timeout);
    pthread_mutex_lock(&t->lock);
    t->polling = false;
    if (fds[1].revents) {
        uint64_t count;
        ssize_t ignored = read(t->wake, &count, sizeof(count));

        (void)ignored;
    }
    if (t->dead == TRANSPORT_OK) {
        serve(t, fds[0].revents);
        expire(t);
    }
}

void transport_wait(struct transport *t, struct transport_task *task)
{
    pthread_mutex_lock(&t->lock);
    t->waiters++;
    while (!task->done) {
        if (t->polling) {
            pthread_cond_wait(&t->news, &t->lock);
        } else {
            turn(t);
            if (t->waiters > 1) {
                pthread_cond_broadcast(&t->news);
            }
        }
    }
    t->waiters--;
    if (t->waiters > 0) {
        pthread_cond_broadcast(&t->news); /* somebody else must poll now */
    }
    pthread_mutex_unlock(&t->lock);
}

static bool valid(const struct transport *t, const struct transport_task *task)
{
    if (task->cdb_len != 6 && task->cdb_len != 10 && task->cdb_len != 12 && task->cdb_len != 16) {
        return false;
    }
    if ((task->out_len > 0 && (!task->out || task->in_size > 0)) ||
        (task->in_size > 0 && !task->in)) {
        return false;
    }
    return task->out_len <= t->backend.max_transfer && task->in_size <= t->backend.max_transfer;
}

void transport_submit(struct transport *t, struct transport_task *task)
{
    task->result = TRANSPORT_OK;
    task->status = 0;
    task->in_len = 0;
    task->sense_len = 0;
    task->done = false;
    task->private_data = NULL;
    task->next = NULL;

    pthread_mutex_lock(&t->lock);
    if (t->dead != TRANSPORT_OK) {
        finish(task, t->dead);
    } else if (!valid(t, task)) {
        finish(task, TRANSPORT_INVALID);
    } else {
        queue_add(&t->pending, task);
        serve(t, 0);
        if (t->polling) { /* it may have to poll for more, or earlier */
            static const uint64_t one = 1;
            ssize_t ignored = write(t->wake, &one, sizeof(one));

            (void)ignored;
        }
    }
    pthread_mutex_unlock(&t->lock);
}

enum transport_result transport_execute(struct transport *t, struct transport_task *task)
{
    transport_submit(t, task);
    transport_wait(t, task);
    return task->result;
}

bool transport_is_shared(const struct transport *t)
{
    return t->backend.host_lock != NULL;
}

enum transport_result transport_lock(struct transport *t, bool force, const char *name)
{
    enum transport_result result;

    pthread_mutex_lock(&t->lock);
    result = host_lock_acquire(t->backend.host_lock, force, name);
    pthread_mutex_unlock(&t->lock);
    return result;
}

void transport_unlock(struct transport *t)
{
    pthread_mutex_lock(&t->lock);
    host_lock_release(t->backend.host_lock);
    pthread_mutex_unlock(&t->lock);
}

bool transport_lock_owner(struct transport *t, char *name, size_t size)
{
    bool held;

    pthread_mutex_lock(&t->lock);
    held = host_lock_owner(t->backend.host_lock, name, size);
    pthread_mutex_unlock(&t->lock);
    return held;
}

size_t transport_ordered_bytes(const struct transport *t)
{
    return t->backend.ordered_bytes;
}

unsigned transport_depth(const struct transport *t)
{
    return t->backend.depth;
}

size_t transport_max_transfer(const struct transport *t)
{
    return t->backend.max_transfer;
}

/*
 * The keeper: an iSCSI target asks from time to time whether its initiator still lives (NOP-In) and
 * drops it, and what it holds, when no answer comes. A program that holds a drive and does
 * something else for a while answers through this thread.
 */
static void keep(struct transport *t)
{
    struct pollfd fd = {.fd = -1};

    if (t->polling || t->dead != TRANSPORT_OK) {
        return;
    }
    fd.fd = t->backend.ops->events(t->backend.ctx, &fd.events);
    if (poll(&fd, 1, 0) > 0) {
        serve(t, fd.revents);
    }
    expire(t);
    if (t->waiters > 0) {
        pthread_cond_broadcast(&t->news);
    }
}

static void *keeper_main(void *arg)
{
    struct transport *t = arg;

    pthread_mutex_lock(&t->lock);
    while (!t->closing) {
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += KEEPER_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        if (pthread_cond_timedwait(&t->news, &t->lock, &until) == ETIMEDOUT) {
            keep(t);
        }
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static bool start_keeper(struct transport *t)
{
    sigset_t every, before;

    /* signals are the program's: its handlers run on its own threads */
    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    t->keeper_runs = pthread_create(&t->keeper, NULL, keeper_main, t) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return t->keeper_runs;
}

/* After fork the child has the parent's sockets: it must neither speak on them nor keep them open
 * when the parent dies. For the child each transport is lost. */
static void fork_prepare(void)
{
    pthread_mutex_lock(&all_lock);
}

static void fork_parent(void)
{
    pthread_mutex_unlock(&all_lock);
}

static void fork_child(void)
{
    pthread_mutex_init(&all_lock, NULL);
    for (struct transport *t = all; t; t = t->older) {
        pthread_mutex_init(&t->lock, NULL);
        pthread_cond_init(&t->news, NULL);
        t->backend.ops->forked(t->backend.ctx);
        t->backend.ops = NULL;
        finish_all(&t->started);
        finish_all(&t->pending);
        t->dead = TRANSPORT_LOST;
        t->polling = false;
        t->waiters = 0;
        t->keeper_runs = false;
    }
    all = NULL;
}

static void watch_forks(void)
{
    pthread_atfork(fork_prepare, fork_parent, fork_child);
}

static void enlist(struct transport *t)
{
    pthread_once(&fork_once, watch_forks);
    pthread_mutex_lock(&all_lock);
    t->older = all;
    all = t;
    pthread_mutex_unlock(&all_lock);
}

static void delist(struct transport *t)
{
    pthread_mutex_lock(&all_lock);
    for (struct transport **link = &all; *link; link = &(*link)->older) {
        if (*link == t) {
            *link = t->older;
            break;
        }
    }
    pthread_mutex_unlock(&all_lock);
}

static enum transport_result open_backend(const char *url, const char *name,
                                          struct transport_backend *out, char **why)
{
    struct transport_url parsed;
    enum transport_result result = transport_url_parse(url, &parsed, why);

    if (result != TRANSPORT_OK) {
        return result;
    }
    switch (parsed.kind) {
    case TRANSPORT_KIND_ISCSI:
        result = iscsi_backend_open(&parsed, name, out, why);
        break;
    case TRANSPORT_KIND_EMBEDDED:
        result = embedded_backend_open(&parsed, name, out, why);
        break;
    case TRANSPORT_KIND_SG:
        result = sg_backend_open(&parsed, out, why);
        break;
    }
    transport_url_free(&parsed);
    return result;
}

static bool init(struct transport *t)
{
    pthread_condattr_t attributes;

    queue_init(&t->started);
    queue_init(&t->pending);
    t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->wake < 0) {
        return false;
    }
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&t->news, &attributes);
    pthread_condattr_destroy(&attributes);
    return true;
}

enum transport_result transport_open(const char *url, const char *name, struct transport **out,
                                     char **why)
{
    struct transport *t = calloc(1, sizeof(*t));
    struct pipe_guard guard;
    enum transport_result result = TRANSPORT_NO_MEMORY;

    if (why) {
        *why = NULL;
    }
    if (!t) {
        return TRANSPORT_NO_MEMORY;
    }
    if (!init(t)) {
        free(t);
        return TRANSPORT_NO_MEMORY;
    }
    guard_begin(&guard);
    result = open_backend(url, name, &t->backend, why);
    guard_end(&guard, result != TRANSPORT_OK);
    if (result == TRANSPORT_OK && t->backend.keeper && !start_keeper(t)) {
        t->backend.ops->close(t->backend.ctx);
        result = TRANSPORT_NO_MEMORY;
    }
    if (result != TRANSPORT_OK) {
        close(t->wake);
        free(t);
        return result;
    }
    enlist(t);
    *out = t;
    return TRANSPORT_OK;
}

void transport_close(struct transport *t)
{
    struct pipe_guard guard;

    if (!t) {
        return;
    }
    pthread_mutex_lock(&t->lock);
    t->closing = true;
    pthread_cond_broadcast(&t->news);
    pthread_mutex_unlock(&t->lock);
    if (t->keeper_runs) {
        pthread_join(t->keeper, NULL);
    }
    delist(t);
    if (t->backend.ops) {
        guard_begin(&guard);
        t->backend.ops->close(t->backend.ctx);
        guard_end(&guard, true);
    }
    close(t->wake);
    pthread_cond_destroy(&t->news);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
