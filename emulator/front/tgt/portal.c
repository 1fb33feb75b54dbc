/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "portal.h"

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

void portal_expect_answers(int port, unsigned dead_peer_seconds)
{
    unsigned ms = dead_peer_seconds * 500;

    for (struct tgt_list *at = iscsi_portals_list.next; at != &iscsi_portals_list; at = at->next) {
        const struct tgt_portal *portal = LIST_OWNER(at, struct tgt_portal, link);

        /* tcp(7): accepted sockets inherit it; without it TCP gives up after a quarter of an hour
         */
        if (portal->port == port)
            (void)setsockopt(portal->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
    }
}
