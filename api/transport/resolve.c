/* SPDX-License-Identifier: MIT */
/*
 * getaddrinfo has no time limit, and a resolver without servers takes half a minute. So a name is
 * looked up on a thread of its own, which is left to itself when the time is over.
 */
#include "api/transport/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "api/transport/backend.h"

struct lookup {
    pthread_mutex_t lock;
    pthread_cond_t news;
    unsigned users; /* the caller and the thread; the last one frees */
    bool done;
    int error;
    struct addrinfo *list;
    char host[];
};

static const struct addrinfo stream = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

static void release(struct lookup *lookup) /* with the lock held, which it drops */
{
    bool last = --lookup->users == 0;

    pthread_mutex_unlock(&lookup->lock);
    if (last) {
        if (lookup->list) {
            freeaddrinfo(lookup->list);
        }
        pthread_cond_destroy(&lookup->news);
        pthread_mutex_destroy(&lookup->lock);
        free(lookup);
    }
}

static void *lookup_main(void *arg)
{
    struct lookup *lookup = arg;
    struct addrinfo *list = NULL;
    int error = getaddrinfo(lookup->host, NULL, &stream, &list);

    pthread_mutex_lock(&lookup->lock);
    lookup->error = error;
    lookup->list = error == 0 ? list : NULL;
    lookup->done = true;
    pthread_cond_signal(&lookup->news);
    release(lookup);
    return NULL;
}

static struct lookup *lookup_new(const char *host)
{
    struct lookup *lookup = calloc(1, sizeof(*lookup) + strlen(host) + 1);
    pthread_condattr_t attributes;

    if (!lookup) {
        return NULL;
    }
    strcpy(lookup->host, host);
    lookup->users = 1;
    pthread_mutex_init(&lookup->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lookup->news, &attributes);
    pthread_condattr_destroy(&attributes);
    return lookup;
}

static bool lookup_start(struct lookup *lookup)
{
    pthread_attr_t attributes;
    sigset_t every, before;
    pthread_t thread;
    int error;

    lookup->users = 2;
    sigfillset(&every);
    pthread_sigmask(SIG_BLOCK, &every, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    error = pthread_create(&thread, &attributes, lookup_main, lookup);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        lookup->users = 1;
    }
    return error == 0;
}

static void copy_addresses(const struct addrinfo *list, struct resolved *out)
{
    out->count = 0;
    for (; list && out->count < RESOLVE_MOST; list = list->ai_next) {
        char text[RESOLVE_BYTES - 2];

        if ((list->ai_family != AF_INET && list->ai_family != AF_INET6) ||
            getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text), NULL, 0,
                        NI_NUMERICHOST) != 0) {
            continue;
        }
        snprintf(out->address[out->count++], RESOLVE_BYTES,
                 list->ai_family == AF_INET6 ? "[%s]" : "%s", text);
    }
}

static enum transport_result by_name(const char *host, uint64_t deadline_ms, struct resolved *out,
                                     char **why)
{
    struct timespec until = {.tv_sec = (time_t)(deadline_ms / 1000),
                             .tv_nsec = (long)(deadline_ms % 1000) * 1000000};
    struct lookup *lookup = lookup_new(host);
    enum transport_result result = TRANSPORT_OK;

    if (!lookup) {
        return TRANSPORT_NO_MEMORY;
    }
    pthread_mutex_lock(&lookup->lock);
    if (!lookup_start(lookup)) {
        release(lookup);
        return TRANSPORT_NO_MEMORY;
    }
    while (!lookup->done) {
        if (pthread_cond_timedwait(&lookup->news, &lookup->lock, &until) == ETIMEDOUT) {
            break;
        }
    }
    if (!lookup->done) {
        result = transport_explain(TRANSPORT_TIMEOUT, why, "%s: nobody answers what its address is",
                                   host);
    } else if (lookup->error) {
        result = transport_explain(TRANSPORT_NO_DEVICE, why, "unknown host %s: %s", host,
                                   gai_strerror(lookup->error));
    } else {
        copy_addresses(lookup->list, out);
    }
    release(lookup);
    return result;
}

enum transport_result transport_resolve(const char *host, uint64_t deadline_ms,
                                        struct resolved *out, char **why)
{
    struct addrinfo numeric = stream;
    struct addrinfo *list;
    enum transport_result result = TRANSPORT_OK;

    numeric.ai_flags = AI_NUMERICHOST;
    if (getaddrinfo(host, NULL, &numeric, &list) == 0) {
        copy_addresses(list, out);
        freeaddrinfo(list);
    } else {
        result = by_name(host, deadline_ms, out, why);
    }
    if (result == TRANSPORT_OK && out->count == 0) {
        result = transport_explain(TRANSPORT_NO_DEVICE, why, "%s has no internet address", host);
    }
    return result;
}
