/* SPDX-License-Identifier: MIT */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "exec/protocol.h"
#include "host/tree.h"
#include "host/unit.h"
#include "verbs.h"

/* What one transfer may have; pages that are never touched cost nothing. */
#define MEMORY_BYTES (16u * 1024 * 1024)

struct host {
    struct unit *units[HOST_MOST_DRIVES];
    int nodes[HOST_MOST_DRIVES];
    _Atomic uint64_t sectors[HOST_MOST_DRIVES];
    unsigned count;
    char folder[TREE_NAME_BYTES];
    int listener, closings; /* closings: an inotify of the nodes */
};

/* A process of the program, or one that it forked. */
struct client {
    struct host *host;
    int socket;
    uint8_t *memory;
};

/* ---- requests ---- */

static void run_cdb(struct client *client, struct unit *unit, const struct host_request *request,
                    struct host_reply *reply)
{
    struct transport_task task = {.cdb_len = (uint8_t)request->cdb_len,
                                  .timeout_ms = request->timeout_ms};

    if (request->out_len > MEMORY_BYTES || request->in_size > MEMORY_BYTES) {
        reply->error = -EINVAL;
        return;
    }
    memcpy(task.cdb, request->cdb, sizeof(task.cdb));
    if (request->out_len > 0) {
        task.out = client->memory;
        task.out_len = request->out_len;
    } else if (request->in_size > 0) {
        task.in = client->memory;
        task.in_size = request->in_size;
    }
    reply->error = unit_execute(unit, &task);
    reply->result = task.result;
    reply->status = task.status;
    reply->in_len = (uint32_t)task.in_len;
    reply->sense_len = (uint32_t)task.sense_len;
    memcpy(reply->sense, task.sense, sizeof(reply->sense));
}

static void show_size(struct host *host, unsigned drive)
{
    uint64_t sectors = unit_sectors(host->units[drive]);

    if (atomic_exchange(&host->sectors[drive], sectors) != sectors) {
        tree_set_size(host->folder, drive, sectors);
    }
}

static void answer(struct client *client, const struct host_request *request,
                   struct host_reply *reply)
{
    struct host *host = client->host;
    struct unit *unit = request->drive < host->count ? host->units[request->drive] : NULL;

    if (!unit) {
        reply->error = -ENXIO;
        return;
    }
    unit_closed(unit); /* the thread that hears of it may come later than the next request */
    switch ((enum host_op)request->op) {
    case HOST_CDB:
        run_cdb(client, unit, request, reply);
        break;
    case HOST_OPEN:
        reply->error = unit_open(unit, request->argument == HOST_OPEN_FOR_DATA);
        show_size(host, request->drive);
        break;
    case HOST_KEEP_LOCKED:
        unit_keep_locked(unit, request->argument != 0);
        break;
    case HOST_CHANGED:
        reply->value = unit_changed(unit);
        break;
    case HOST_OPTIONS:
        reply->value =
            unit_options(unit, (uint32_t)request->argument, (uint32_t)(request->argument >> 32));
        break;
    case HOST_STATUS:
        reply->value = unit_status(unit);
        break;
    case HOST_CAPABILITY:
        reply->value = unit_identity(unit)->capability;
        break;
    }
}

/* ---- a client's thread ---- */

static bool greet(struct client *client)
{
    struct host_hello hello = {.memory_bytes = MEMORY_BYTES};
    struct iovec part = {&hello, sizeof(hello)};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof(control.room)};
    int memory = memfd_create("vcdr-exec", MFD_CLOEXEC);
    bool sent = false;

    if (memory >= 0 && ftruncate(memory, MEMORY_BYTES) == 0) {
        client->memory = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
        control.header = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), &memory, sizeof(int));
        sent = client->memory != MAP_FAILED &&
               sendmsg(client->socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(hello);
    }
    if (memory >= 0) {
        close(memory);
    }
    return sent;
}

static void *client_main(void *arg)
{
    struct client *client = arg;
    struct host_request request;

    if (greet(client)) {
        while (recv(client->socket, &request, sizeof(request), 0) == (ssize_t)sizeof(request)) {
            struct host_reply reply = {0};

            answer(client, &request, &reply);
            if (send(client->socket, &reply, sizeof(reply), MSG_NOSIGNAL) < 0) {
                break;
            }
        }
    }
    if (client->memory && client->memory != MAP_FAILED) {
        munmap(client->memory, MEMORY_BYTES);
    }
    close(client->socket);
    free(client);
    return NULL;
}

static void *accept_main(void *arg)
{
    struct host *host = arg;
    int socket;

    while ((socket = accept4(host->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0 || errno == EINTR ||
           errno == ECONNABORTED) {
        struct client *client = socket < 0 ? NULL : calloc(1, sizeof(*client));
        pthread_t thread;

        if (client) {
            *client = (struct client){.host = host, .socket = socket};
            if (pthread_create(&thread, NULL, client_main, client) == 0) {
                pthread_detach(thread);
                continue;
            }
            free(client);
        }
        if (socket >= 0) {
            close(socket);
        }
    }
    return NULL;
}

/* After a node was closed its door may be free. */
static void *closings_main(void *arg)
{
    struct host *host = arg;
    char events[4096];

    while (read(host->closings, events, sizeof(events)) > 0) {
        for (unsigned i = 0; i < host->count; i++) {
            unit_closed(host->units[i]);
        }
    }
    return NULL;
}

/* ---- start ---- */

static int attach(struct host *host, const char *const *urls, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++) {
        char *why;
        int error = unit_attach(urls[i], name, &host->units[i], &why);

        if (error) {
            fail("drive", "%s", why ? why : strerror(-error));
            free(why);
            return EXIT_FAILED;
        }
        host->count++;
    }
    return EXIT_DONE;
}

static int show(struct host *host)
{
    struct tree_drive drives[HOST_MOST_DRIVES];
    char path[TREE_NAME_BYTES + 32];
    int error;

    for (unsigned i = 0; i < host->count; i++) {
        host->sectors[i] = unit_sectors(host->units[i]);
        drives[i].identity = *unit_identity(host->units[i]);
        drives[i].sectors = host->sectors[i];
    }
    error = tree_make(drives, host->count, host->folder);
    if (error) {
        host->folder[0] = '\0';
        return fail("exec", "a temporary folder: %s", strerror(error));
    }
    host->closings = inotify_init1(IN_CLOEXEC);
    for (unsigned i = 0; i < host->count; i++) {
        snprintf(path, sizeof(path), "%s/dev/sr%u", host->folder, i);
        host->nodes[i] = open(path, O_RDWR | O_CLOEXEC);
        unit_set_node(host->units[i], host->nodes[i]);
        (void)inotify_add_watch(host->closings, path, IN_CLOSE);
    }
    return EXIT_DONE;
}

static int start_thread(void *(*main)(void *), struct host *host)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, main, host);

    if (!error) {
        pthread_detach(thread);
    }
    return error;
}

static int serve(struct host *host)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    sigset_t every, before;
    int error = 0;

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/" HOST_SOCKET, host->folder);
    host->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (host->listener < 0 ||
        bind(host->listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(host->listener, 64) != 0) {
        return fail("exec", "a socket: %s", strerror(errno));
    }
    sigfillset(&every); /* signals are the main thread's, which waits for the program */
    pthread_sigmask(SIG_BLOCK, &every, &before);
    error = start_thread(accept_main, host);
    error = error ? error : start_thread(closings_main, host);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error ? fail("exec", "a thread: %s", strerror(error)) : EXIT_DONE;
}

int host_start(const char *const *urls, unsigned count, const char *name, struct host **out)
{
    struct host *host = calloc(1, sizeof(*host));
    int status;

    if (!host) {
        return fail("exec", "out of memory");
    }
    host->listener = -1;
    host->closings = -1;
    status = attach(host, urls, count, name);
    if (status == EXIT_DONE) {
        status = show(host);
    }
    if (status == EXIT_DONE) {
        status = serve(host);
    }
    if (status != EXIT_DONE) {
        host_stop(host);
        return status;
    }
    *out = host;
    return EXIT_DONE;
}

const char *host_folder(const struct host *host)
{
    return host->folder;
}

/* The threads still wait in their calls and hold `host`: they end with the process. */
void host_stop(struct host *host)
{
    if (host->listener >= 0) {
        shutdown(host->listener, SHUT_RDWR);
    }
    for (unsigned i = 0; i < host->count; i++) {
        unit_detach(host->units[i]);
    }
    if (host->folder[0]) {
        tree_remove(host->folder);
    }
}
