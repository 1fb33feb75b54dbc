/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "portal.h"

#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "list.h"

enum { TEXT_ROOM = 128, TRIES = 16 };

struct address {
    char host[64];
    struct sockaddr_storage socket;
    socklen_t len;
};

static int port_of(const struct sockaddr_storage *socket)
{
    if (socket->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)socket)->sin6_port);
    return ntohs(((const struct sockaddr_in *)socket)->sin_port);
}

static bool parse(const char *text, struct address *out)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM},
                    *found;
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;

    if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    if (len == 0 || len >= sizeof(out->host))
        return false;
    memcpy(out->host, text, len);
    out->host[len] = '\0';
    if (getaddrinfo(out->host, colon + 1, &hints, &found) != 0)
        return false;
    memcpy(&out->socket, found->ai_addr, found->ai_addrlen);
    out->len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

/* tgt says that it could not bind, but not why: try first. Also finds a free port for port 0. */
static int try_bind(const struct address *address, int *port)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);
    int yes = 1, error = 0;
    int fd = socket(address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (address->socket.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
    if (bind(fd, (const struct sockaddr *)&address->socket, address->len) != 0 ||
        listen(fd, 1) != 0 || getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
        error = errno;
    else
        *port = port_of(&bound);
    close(fd);
    return error;
}

static void portal_text(char buf[TEXT_ROOM], const char *host, int port)
{
    snprintf(buf, TEXT_ROOM, strchr(host, ':') ? "portal=[%s]:%d" : "portal=%s:%d", host, port);
}

/* The port of tgt's first portal, checked against its socket; 0 when there is none. */
static int first_portal(void)
{
    struct tgt_portal *portal = LIST_OWNER(iscsi_portals_list.next, struct tgt_portal, link);
    struct sockaddr_storage bound;
    socklen_t len = sizeof(bound);

    if (iscsi_portals_list.next == &iscsi_portals_list ||
        getsockname(portal->fd, (struct sockaddr *)&bound, &len) != 0 ||
        port_of(&bound) != portal->port)
        return 0;
    return portal->port;
}

static const char *create(int driver, const struct address *address, int *port)
{
    char text[TEXT_ROOM];
    bool any = port_of(&address->socket) == 0;

    for (int i = 0; i < (any ? TRIES : 1); i++) {
        int error = try_bind(address, port);

        if (error)
            return strerror(error);
        portal_text(text, address->host, *port);
        if (tgt_portal_create(driver, text) == TGT_SUCCESS)
            return NULL;
    }
    return "tgtd cannot listen there";
}

const char *portal_open(int driver, const char *wanted, int *port)
{
    struct address address;
    char text[TEXT_ROOM];
    int first = first_portal(), created = 0;
    const char *error;

    if (!parse(wanted, &address))
        return "not a numeric address and port";
    if (first == 0)
        return "struct iscsi_portal has another layout";
    if (strcmp(wanted, "127.0.0.1:0") == 0) {
        *port = first;
        return NULL;
    }
    error = create(driver, &address, &created);
    if (error)
        return error;
    portal_text(text, "127.0.0.1", first);
    if (tgt_portal_destroy(driver, text) != TGT_SUCCESS)
        return "tgtd keeps its first portal";
    *port = created;
    return NULL;
}

/* ---- hosts that are gone ---- */

static struct {
    int port;
    unsigned seconds;
} expected; /* one thread: tgtd's */

static void set_tcp(int fd, int option, unsigned value)
{
    (void)setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value));
}

/* tcp(7): probes begin at half of the time and go on; the user timeout ends both a connection that
 * answers none and one with data that nobody acknowledges. */
static void expect_answers(int fd)
{
    unsigned idle = (expected.seconds + 1) / 2, between = (expected.seconds - idle) / 3;
    int on = 1;

    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    set_tcp(fd, TCP_KEEPIDLE, idle);
    set_tcp(fd, TCP_KEEPINTVL, between > 0 ? between : 1);
    set_tcp(fd, TCP_USER_TIMEOUT, expected.seconds * 1000);
}

static bool comes_to(int fd, int port)
{
    struct sockaddr_storage here, there;
    socklen_t here_len = sizeof(here), there_len = sizeof(there);

    if (getpeername(fd, (struct sockaddr *)&there, &there_len) != 0 ||
        getsockname(fd, (struct sockaddr *)&here, &here_len) != 0)
        return false;
    if (here.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&here)->sin6_port) == port;
    return here.ss_family == AF_INET && ntohs(((struct sockaddr_in *)&here)->sin_port) == port;
}

void portal_expect_answers(int port, unsigned dead_peer_seconds)
{
    expected.port = port;
    expected.seconds = dead_peer_seconds;
}

void portal_nexus_came(void)
{
    DIR *descriptors;
    struct dirent *entry;

    if (expected.seconds == 0)
        return;
    descriptors = opendir("/proc/self/fd");
    while (descriptors && (entry = readdir(descriptors)) != NULL) {
        int fd = atoi(entry->d_name);

        if (entry->d_name[0] != '.' && comes_to(fd, expected.port))
            expect_answers(fd);
    }
    if (descriptors)
        closedir(descriptors);
}
