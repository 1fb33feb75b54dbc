/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <vcdr/error.h>

enum { STACK_BYTES = 512 * 1024 };

struct worker {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;  /* any of these */
    void (*work)(void *ctx); /* NULL: nothing is at work */
    void *ctx;
    bool end;
    int bell;
};

static void *run(void *arg)
{
    struct worker *worker = arg;

    pthread_mutex_lock(&worker->mutex);
    for (;;) {
        while (!worker->work && !worker->end)
            pthread_cond_wait(&worker->changed, &worker->mutex);
        if (!worker->work)
            break;
        pthread_mutex_unlock(&worker->mutex);
        worker->work(worker->ctx); /* both stand still until it is done */
        pthread_mutex_lock(&worker->mutex);
        worker->work = NULL;
        pthread_cond_broadcast(&worker->changed);
        (void)eventfd_write(worker->bell, 1);
    }
    pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

/* The signals are the loop's, which reads them from a descriptor. */
static int start_thread(struct worker *worker)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int error;

    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0)
        return VCDR_ENOMEM;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&worker->thread, &attributes, run, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error ? VCDR_ENOMEM : VCDR_OK;
}

int worker_new(int bell, struct worker **out)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    if (!worker)
        return VCDR_ENOMEM;
    worker->bell = bell;
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->changed, NULL);
    if (start_thread(worker)) {
        pthread_cond_destroy(&worker->changed);
        pthread_mutex_destroy(&worker->mutex);
        free(worker);
        return VCDR_ENOMEM;
    }
    *out = worker;
    return VCDR_OK;
}

void worker_start(struct worker *worker, void (*work)(void *ctx), void *ctx)
{
    pthread_mutex_lock(&worker->mutex);
    worker->work = work;
    worker->ctx = ctx;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->mutex);
}

bool worker_is_done(struct worker *worker)
{
    bool done;

    pthread_mutex_lock(&worker->mutex);
    done = !worker->work;
    pthread_mutex_unlock(&worker->mutex);
    return done;
}

void worker_await(struct worker *worker)
{
    pthread_mutex_lock(&worker->mutex);
    while (worker->work)
        pthread_cond_wait(&worker->changed, &worker->mutex);
    pthread_mutex_unlock(&worker->mutex);
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->mutex);
    worker->end = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->mutex);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
}
