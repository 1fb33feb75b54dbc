/* SPDX-License-Identifier: MIT */
#include "scenario/sockets.h"
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_DESCRIPTOR = 1024 };

static int port_of(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)(const void *)address)->sin_port);
    if (address->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)(const void *)address)->sin6_port);
    return 0;
}

/* The local port of a connection to that port, 0 for anything else. */
static int local_port_of(int fd, int remote_port)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t length = sizeof(address);

    if (getpeername(fd, (struct sockaddr *)&address, &length) != 0 ||
        port_of(&address) != remote_port)
        return 0;
    length = sizeof(address);
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return port_of(&address);
}

/* Calls it for each descriptor of a process. */
static void each(const char *folder, void (*take)(int fd, void *ctx), void *ctx)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(dir))
            take(atoi(entry->d_name), ctx);
    }
    closedir(dir);
}

struct work {
    struct sockets *list;
    int remote_port, local_port;
    int null;
    unsigned done;
};

static void take_port(int fd, void *ctx)
{
    struct work *work = ctx;
    int port = local_port_of(fd, work->remote_port);

    if (port != 0 && work->list->count < SOCKETS_MOST)
        work->list->ports[work->list->count++] = port;
}

void sockets_list(int remote_port, struct sockets *out)
{
    struct work work = {.list = out, .remote_port = remote_port};

    out->count = 0;
    if (remote_port != 0) /* a drive in this process has none */
        each("/proc/self/fd", take_port, &work);
}

int sockets_new(const struct sockets *before, const struct sockets *after)
{
    for (size_t i = 0; i < after->count; i++) {
        size_t j = 0;

        while (j < before->count && before->ports[j] != after->ports[i])
            j++;
        if (j == before->count)
            return after->ports[i];
    }
    return 0;
}

static void cut_own(int fd, void *ctx)
{
    struct work *work = ctx;
    int port = local_port_of(fd, work->remote_port);

    if (port != 0 && (work->local_port == 0 || work->local_port == port) &&
        shutdown(fd, SHUT_RDWR) == 0)
        work->done++;
}

unsigned sockets_cut(int remote_port, int local_port)
{
    struct work work = {.remote_port = remote_port, .local_port = local_port};

    each("/proc/self/fd", cut_own, &work);
    return work.done;
}

/* No folder can be read in a handler; descriptors are small numbers. */
unsigned sockets_cut_at_once(int remote_port)
{
    struct work work = {.remote_port = remote_port};

    for (int fd = 3; fd < MOST_DESCRIPTOR; fd++)
        cut_own(fd, &work);
    return work.done;
}

static void forget(int fd, void *ctx)
{
    struct work *work = ctx;

    if (local_port_of(fd, work->remote_port) != 0)
        dup2(work->null, fd);
}

void sockets_forget(int remote_port)
{
    struct work work = {.remote_port = remote_port, .null = open("/dev/null", O_RDWR | O_CLOEXEC)};

    if (work.null < 0)
        return;
    each("/proc/self/fd", forget, &work);
    close(work.null);
}
