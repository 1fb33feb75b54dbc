/* SPDX-License-Identifier: MIT */
#include "serve/control_client.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MOST = 1 << 20, HOST_ROOM = 256 };

/* ---- finding it ---- */

static int connect_to(const struct sockaddr_un *address, socklen_t len)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error;

    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)address, len) == 0)
        return fd;
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int connect_to_file(const char *path, char *why)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = -1;

    errno = ENAMETOOLONG;
    if (strlen(path) < sizeof(address.sun_path)) {
        strcpy(address.sun_path, path);
        fd = connect_to(&address, sizeof(address));
    }
    if (fd < 0)
        snprintf(why, CONTROL_WHY, "%s", strerror(errno));
    return fd;
}

/* The socket without a file that goes by this portal, when it is our own user's (or root's):
 * anybody can take such a name. */
static int connect_to_portal(const char *portal)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int len = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "vcdr/%s", portal);
    struct ucred peer;
    socklen_t peer_len = sizeof(peer);
    int fd;

    if (len < 0 || (size_t)len >= sizeof(address.sun_path) - 1)
        return -1;
    fd =
        connect_to(&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len));
    if (fd >= 0 && (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_len) != 0 ||
                    (peer.uid != geteuid() && peer.uid != 0))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* "iscsi://[user%secret@]host:port/target/lun" */
static bool cut_url(const char *url, char host[HOST_ROOM], char port[8], const char **target)
{
    const char *at, *end, *colon;

    if (strncmp(url, "iscsi://", 8) != 0)
        return false;
    url += 8;
    end = strchr(url, '/');
    if (!end)
        return false;
    at = memchr(url, '@', (size_t)(end - url));
    if (at)
        url = at + 1;
    colon = memrchr(url, ':', (size_t)(end - url));
    if (!colon || (url[0] == '[' && colon[-1] != ']')) {
        colon = end;
        strcpy(port, "3260");
    } else if (end - colon > 6 ||
               snprintf(port, 8, "%.*s", (int)(end - colon - 1), colon + 1) < 1) {
        return false;
    }
    if (colon - url >= HOST_ROOM)
        return false;
    if (url[0] == '[')
        snprintf(host, HOST_ROOM, "%.*s", (int)(colon - url - 2), url + 1);
    else
        snprintf(host, HOST_ROOM, "%.*s", (int)(colon - url), url);
    *target = end + 1;
    return true;
}

static int connect_to_host(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found, *each;
    char number[NI_MAXHOST], portal[NI_MAXHOST + 16];
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (each = found; each && fd < 0; each = each->ai_next) {
        if (getnameinfo(each->ai_addr, each->ai_addrlen, number, sizeof(number), NULL, 0,
                        NI_NUMERICHOST) != 0)
            continue;
        snprintf(portal, sizeof(portal), each->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", number,
                 port);
        fd = connect_to_portal(portal);
    }
    freeaddrinfo(found);
    return fd;
}

static int connect_by_url(const char *url, char *target, size_t size, char *why)
{
    char host[HOST_ROOM], port[8];
    const char *rest;
    int fd;

    if (strncmp(url, "iscsi://", 8) != 0) {
        snprintf(why, CONTROL_WHY, "only a drive of a daemon (iscsi://...) has a control socket");
        return -1;
    }
    if (!cut_url(url, host, port, &rest)) {
        snprintf(why, CONTROL_WHY, "is not iscsi://host:port/target/lun");
        return -1;
    }
    snprintf(target, size, "%.*s", (int)strcspn(rest, "/"), rest);
    fd = connect_to_host(host, port);
    if (fd < 0)
        snprintf(why, CONTROL_WHY, "no vcdr serve of yours on this machine has that drive");
    return fd;
}

/* ---- asking ---- */

static bool send_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

/* One line without its end, to be freed. */
static char *receive_line(int fd)
{
    char *line = NULL, *longer;
    size_t len = 0, room = 0;

    for (;;) {
        ssize_t n;

        if (len + 1 >= room) {
            room = room ? room * 2 : 4096;
            longer = room <= ANSWER_MOST ? realloc(line, room) : NULL;
            if (!longer) {
                errno = EMSGSIZE;
                break;
            }
            line = longer;
        }
        n = recv(fd, line + len, room - 1 - len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ECONNRESET;
        if (n <= 0)
            break;
        len += (size_t)n;
        line[len] = '\0';
        if (line[len - 1] == '\n') {
            line[len - 1] = '\0';
            return line;
        }
    }
    free(line);
    return NULL;
}

static bool name_drive(json_t *request, const char *drive)
{
    char *end;
    long number = strtol(drive, &end, 10);

    /* a serial number of digits alone is told apart by a leading zero or its length */
    if (*end == '\0' && drive[0] >= '1' && drive[0] <= '9' && strlen(drive) < 6)
        return json_object_set_new(request, "drive", json_integer(number)) == 0;
    return json_object_set_new(request, "drive", json_string(drive)) == 0;
}

static bool understand(const char *line, json_t **answer, char *why)
{
    json_t *object = json_loads(line, 0, NULL);
    const char *error = json_string_value(json_object_get(object, "error"));
    bool good = object && !error && json_is_true(json_object_get(object, "ok"));

    if (!good)
        snprintf(why, CONTROL_WHY, "%s",
                 error ? error : "does not answer as a control socket does");
    if (good && answer)
        *answer = object;
    else
        json_decref(object);
    return good;
}

static bool exchange(int fd, const json_t *request, json_t **answer, char *why)
{
    char *text = json_dumps(request, JSON_COMPACT), *line = NULL;
    bool good;

    if (text && send_all(fd, text, strlen(text)) && send_all(fd, "\n", 1))
        line = receive_line(fd);
    if (!line)
        snprintf(why, CONTROL_WHY, "%s", strerror(errno));
    good = line && understand(line, answer, why);
    free(line);
    free(text);
    return good;
}

bool control_ask(const struct control_place *place, json_t *request, json_t **answer,
                 char why[CONTROL_WHY])
{
    char target[256];
    const char *drive = place->drive;
    bool good = false;
    int fd;

    if (place->socket) {
        fd = connect_to_file(place->socket, why);
    } else {
        fd = connect_by_url(place->url, target, sizeof(target), why);
        drive = target;
    }
    if (fd >= 0) {
        if (json_object_set_new(request, "id", json_integer(1)) == 0 &&
            (!drive || name_drive(request, drive)))
            good = exchange(fd, request, answer, why);
        else
            snprintf(why, CONTROL_WHY, "the name of the drive is no text");
        close(fd);
    }
    json_decref(request);
    return good;
}

bool control_fault(const char *socket_path, const char *rule, char why[CONTROL_WHY])
{
    struct control_place place = {.socket = socket_path};
    json_t *request = strcmp(rule, "clear") == 0
                          ? json_pack("{s:s}", "do", "clear-faults")
                          : json_pack("{s:s, s:s}", "do", "fault", "rule", rule);

    if (!request) {
        snprintf(why, CONTROL_WHY, "the rule is no text");
        return false;
    }
    return control_ask(&place, request, NULL, why);
}
