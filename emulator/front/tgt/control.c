/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "control.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control_request.h"
#include "hands.h"
#include "mailbox.h"
#include "tgt_facts.h"

enum {
    LINE_ROOM = 16384,      /* of a request */
    ANSWERS_MOST = 1 << 20, /* bytes that a client may leave unread before it is hung up on */
    LINES_MOST = 256 << 10, /* ... and before it loses lines of the record */
    CLIENTS_MOST = 64,
    WAITING = 128,
};

struct control_client {
    struct control_client *next;
    int fd; /* -1: gone, but some answers are still to come */
    unsigned tickets;
    char in[LINE_ROOM];
    size_t in_len;
    char *out;
    size_t out_len, out_room;
    int watched; /* the events that the loop tells of it */
    bool silent; /* it has shut down its side: answers still go out */
    bool subscribed;
    json_t *events; /* NULL: all */
    unsigned long lost;
};

struct door {
    int fd;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* "": without a file */
};

static struct door doors[2] = {{.fd = -1}, {.fd = -1}}; /* by path, by portal */
static struct control_client *clients;
static int bell = -1;

/* ---- clients ---- */

static void count_readers(void)
{
    unsigned readers = 0;

    for (struct control_client *client = clients; client; client = client->next)
        readers += client->subscribed;
    mailbox_set_readers(readers);
}

static void unsubscribe(struct control_client *client)
{
    json_decref(client->events);
    client->events = NULL;
    client->subscribed = false;
    client->lost = 0;
    count_readers();
}

static void free_gone(void)
{
    struct control_client **link = &clients;

    while (*link) {
        struct control_client *client = *link;

        if (client->fd >= 0 || client->tickets > 0) {
            link = &client->next;
            continue;
        }
        *link = client->next;
        free(client->out);
        free(client);
    }
}

/* The client itself stays until its last ticket has ended. */
static void hang_up(struct control_client *client)
{
    if (client->fd < 0)
        return;
    tgt_event_del(client->fd);
    close(client->fd);
    client->fd = -1;
    client->out_len = 0;
    if (client->subscribed)
        unsubscribe(client);
}

/* ---- what goes out ---- */

static void watch(struct control_client *client)
{
    int events = (client->silent ? 0 : EPOLLIN) | (client->out_len > 0 ? EPOLLOUT : 0);

    if (events != client->watched)
        tgt_event_modify(client->fd, events);
    client->watched = events;
}

static void send_out(struct control_client *client)
{
    size_t sent = 0;

    while (client->fd >= 0 && sent < client->out_len) {
        ssize_t n = send(client->fd, client->out + sent, client->out_len - sent,
                         MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            break;
        if (n < 0) {
            hang_up(client);
            return;
        }
        sent += (size_t)n;
    }
    if (client->fd < 0)
        return;
    memmove(client->out, client->out + sent, client->out_len - sent);
    client->out_len -= sent;
    watch(client);
}

static bool append(struct control_client *client, const char *text, size_t len, size_t most)
{
    size_t room = client->out_room ? client->out_room : 4096;
    char *out = client->out;

    if (client->out_len + len > most)
        return false;
    while (room < client->out_len + len)
        room *= 2;
    if (room != client->out_room) {
        out = realloc(client->out, room);
        if (!out)
            return false;
        client->out = out;
        client->out_room = room;
    }
    memcpy(out + client->out_len, text, len);
    client->out_len += len;
    return true;
}

/* Does the list name the event of this line? The record writes the member so, and a quotation mark
 * within a text before it otherwise. */
static bool wants(const struct control_client *client, const char *line, size_t len)
{
    static const char member[] = "\"event\":\"";
    const char *name = memmem(line, len, member, sizeof(member) - 1);
    json_t *event;
    size_t i;

    if (!client->events || !name)
        return true;
    name += sizeof(member) - 1;
    json_array_foreach(client->events, i, event)
    {
        size_t n = json_string_length(event);

        if (n < (size_t)(line + len - name) && memcmp(name, json_string_value(event), n) == 0 &&
            name[n] == '"')
            return true;
    }
    return false;
}

/* The count of what was lost stands where the lines would have been. */
static void pass_line(struct control_client *client, const char *line, size_t len)
{
    char count[48];
    int n;

    if (client->lost > 0) {
        n = snprintf(count, sizeof(count), "{\"lost\":%lu}\n", client->lost);
        if (append(client, count, (size_t)n, LINES_MOST))
            client->lost = 0;
    }
    if (client->lost > 0 || !append(client, line, len, LINES_MOST))
        client->lost++;
}

static void pass_lines(struct control_client *client, const char *lines, size_t len,
                       unsigned long lost)
{
    for (size_t at = 0; at < len;) {
        const char *end = memchr(lines + at, '\n', len - at);
        size_t n = (size_t)(end + 1 - (lines + at));

        if (wants(client, lines + at, n))
            pass_line(client, lines + at, n);
        at += n;
    }
    client->lost += lost;
}

/* Also a count that no line follows is told, once there is room for more than that. */
static void tell_lost(struct control_client *client)
{
    char count[48];
    int n = snprintf(count, sizeof(count), "{\"lost\":%lu}\n", client->lost);

    if (client->lost > 0 && append(client, count, (size_t)n, LINES_MOST / 2))
        client->lost = 0;
}

/* Everything that is in the record by now goes before whatever is said next. */
static void deliver(void)
{
    unsigned long lost;
    size_t len;
    char *lines = mailbox_take(&len, &lost);

    for (struct control_client *client = clients; client && (lines || lost > 0);
         client = client->next) {
        if (!client->subscribed)
            continue;
        pass_lines(client, lines, len, lost);
        tell_lost(client);
        send_out(client);
    }
    free(lines);
}

/* It says nothing any more, and there is nothing more to say to it. */
static void hang_up_if_done(struct control_client *client)
{
    if (client->silent && client->tickets == 0 && client->out_len == 0 && !client->subscribed)
        hang_up(client);
}

void control_answer(struct control_ticket *ticket, json_t *answer)
{
    struct control_client *client = ticket->client;
    char *line;

    deliver();
    line = control_line_of(ticket->id, answer);
    if (client->fd >= 0) {
        /* one that sends and does not read, or for whom there is no memory, gets no more */
        if (line && append(client, line, strlen(line), ANSWERS_MOST))
            send_out(client);
        else
            hang_up(client);
    }
    free(line);
    json_decref(ticket->id);
    client->tickets--;
    hang_up_if_done(client);
}

/* ---- what comes in ---- */

static struct control_ticket ticket_of(struct control_client *client,
                                       const struct control_request *request)
{
    client->tickets++;
    return (struct control_ticket){.client = client, .id = json_incref(request->id)};
}

static void subscribe(struct control_client *client, const struct control_request *request)
{
    deliver(); /* what was before is not for this subscription */
    if (client->subscribed)
        unsubscribe(client);
    client->events = json_incref(request->events);
    client->subscribed = true;
    count_readers();
}

static void obey(struct control_client *client, const char *text, size_t len)
{
    struct control_request request;
    struct control_ticket ticket;
    char why[CONTROL_WHY];
    bool understood = control_request_parse(text, len, &request, why);

    ticket = ticket_of(client, &request);
    if (!understood) {
        control_answer(&ticket, control_error("", why));
    } else if (request.verb == CONTROL_SUBSCRIBE) {
        subscribe(client, &request);
        control_answer(&ticket, control_done());
    } else if (request.verb == CONTROL_UNSUBSCRIBE) {
        unsubscribe(client);
        control_answer(&ticket, control_done());
    } else {
        hands_obey(&request, ticket);
    }
    control_request_free(&request);
}

static void refuse_line(struct control_client *client)
{
    struct control_request none = {.root = NULL};
    struct control_ticket ticket = ticket_of(client, &none);

    control_answer(&ticket, control_error("request", "a line has 16383 bytes at most"));
    hang_up(client);
}

static void obey_lines(struct control_client *client)
{
    size_t at = 0;
    char *end;

    while (client->fd >= 0 && (end = memchr(client->in + at, '\n', client->in_len - at)) != NULL) {
        obey(client, client->in + at, (size_t)(end - (client->in + at)));
        at = (size_t)(end + 1 - client->in);
    }
    memmove(client->in, client->in + at, client->in_len - at);
    client->in_len -= at;
}

static void on_words(struct control_client *client)
{
    ssize_t n =
        recv(client->fd, client->in + client->in_len, LINE_ROOM - client->in_len, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        hang_up(client);
        return;
    }
    if (n == 0) {
        client->silent = true;
        watch(client);
        return;
    }
    client->in_len += (size_t)n;
    obey_lines(client);
    if (client->in_len == LINE_ROOM)
        refuse_line(client);
}

static void on_client(int fd, int events, void *data)
{
    struct control_client *client = data;

    (void)fd;
    if (events & EPOLLOUT) {
        send_out(client);
        tell_lost(client);
        send_out(client);
    }
    if (client->fd >= 0 && (events & EPOLLIN))
        on_words(client);
    else if (client->fd >= 0 && (events & (EPOLLHUP | EPOLLERR)))
        hang_up(client);
    hang_up_if_done(client);
    free_gone();
}

/* ---- doors ---- */

static void on_bell(int fd, int events, void *data)
{
    eventfd_t rings;

    (void)events;
    (void)data;
    if (eventfd_read(fd, &rings) == 0)
        deliver();
    free_gone();
}

static size_t clients_here(void)
{
    size_t count = 0;

    for (struct control_client *client = clients; client; client = client->next)
        count += client->fd >= 0;
    return count;
}

/* A socket without a file has no rights of its own. */
static bool is_allowed(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static void turn_away(int fd, const char *reason)
{
    char text[128];
    int len = snprintf(text, sizeof(text), "{\"id\":null,\"error\":\"control: %s\"}\n", reason);

    (void)send(fd, text, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static void take_client(int connection)
{
    struct control_client *client;

    if (!is_allowed(connection)) {
        turn_away(connection, "another user's daemon");
        return;
    }
    if (clients_here() >= CLIENTS_MOST) {
        turn_away(connection, "too many clients");
        return;
    }
    client = calloc(1, sizeof(*client));
    if (!client || tgt_event_add(connection, EPOLLIN, on_client, client)) {
        free(client);
        close(connection);
        return;
    }
    client->fd = connection;
    client->watched = EPOLLIN;
    client->next = clients;
    clients = client;
}

static void on_connection(int fd, int events, void *data)
{
    int connection;

    (void)events;
    (void)data;
    while ((connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
        take_client(connection);
}

static int open_bell(void)
{
    if (bell >= 0)
        return 0;
    bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (bell < 0)
        return -1;
    if (tgt_event_add(bell, EPOLLIN, on_bell, NULL)) {
        close(bell);
        bell = -1;
        return -1;
    }
    mailbox_open(bell);
    return 0;
}

static const char *open_door(struct door *door, const struct sockaddr_un *address, socklen_t len)
{
    mode_t before;
    int error = 0;

    door->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (door->fd < 0)
        return strerror(errno);
    before = umask(S_IRWXG | S_IRWXO);
    if (bind(door->fd, (const struct sockaddr *)address, len) != 0)
        error = errno;
    umask(before);
    if (error) { /* whatever is there is not ours */
        close(door->fd);
        door->fd = -1;
        return strerror(error);
    }
    strcpy(door->path, address->sun_path);
    if (listen(door->fd, WAITING) != 0 || open_bell() ||
        tgt_event_add(door->fd, EPOLLIN, on_connection, NULL))
        return "cannot be listened to";
    return NULL;
}

const char *control_open(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (doors[0].fd >= 0 && strcmp(doors[0].path, path) == 0)
        return NULL;
    if (doors[0].fd >= 0)
        return "the daemon has another control socket already";
    if (strlen(path) >= sizeof(address.sun_path))
        return "the path of a socket has 107 bytes at most";
    strcpy(address.sun_path, path);
    return open_door(&doors[0], &address, sizeof(address));
}

const char *control_open_portal(const char *portal)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX}; /* the name begins with a NUL: no file */
    int len = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "vcdr/%s", portal);

    return open_door(&doors[1], &address,
                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len));
}

void control_close(void)
{
    if (doors[0].path[0])
        (void)unlink(doors[0].path);
    doors[0].path[0] = '\0';
    for (struct control_client *client = clients; client; client = client->next)
        hang_up(client);
}
