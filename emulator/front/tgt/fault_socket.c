/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "fault_socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <vcdr/fault.h>

#include "tgt_facts.h"
#include "unit.h"

enum { LINE_ROOM = 2 * VCDR_FAULT_TEXT, WAITING = 8 };

struct speaker {
    char line[LINE_ROOM];
    size_t len;
};

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener = -1;

static void hang_up(int fd, struct speaker *speaker)
{
    tgt_event_del(fd);
    close(fd);
    free(speaker);
}

static void answer(int fd, const char *format, const char *reason)
{
    char text[VCDR_FAULT_MESSAGE + 16];
    int len = snprintf(text, sizeof(text), format, reason);

    /* who does not read its answers gets none: this loop waits for nobody */
    (void)send(fd, text, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void obey(int fd, const char *line, size_t len)
{
    struct vcdr_fault_rule rule;
    struct vcdr_fault_error error;

    if (len == 5 && memcmp(line, "clear", 5) == 0) {
        units_clear_faults();
        answer(fd, "ok%s\n", "");
        return;
    }
    switch (vcdr_fault_parse(line, len, &rule, &error)) {
    case VCDR_OK:
        break;
    default:
        answer(fd, "error %s\n", error.message);
        return;
    }
    switch (units_add_fault(&rule)) {
    case VCDR_OK:
        answer(fd, "ok%s\n", "");
        break;
    case VCDR_ENOMEM:
        answer(fd, "error %s\n", vcdr_strerror(VCDR_ENOMEM));
        break;
    default:
        answer(fd, "error %s\n", "drive=: there is no such drive, or it has no power");
        break;
    }
}

static void obey_lines(int fd, struct speaker *speaker)
{
    char *start = speaker->line, *end;
    size_t left = speaker->len;

    while ((end = memchr(start, '\n', left)) != NULL) {
        obey(fd, start, (size_t)(end - start));
        left -= (size_t)(end + 1 - start);
        start = end + 1;
    }
    memmove(speaker->line, start, left);
    speaker->len = left;
}

static void on_words(int fd, int events, void *data)
{
    struct speaker *speaker = data;
    ssize_t n = recv(fd, speaker->line + speaker->len, LINE_ROOM - speaker->len, MSG_DONTWAIT);

    (void)events;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        hang_up(fd, speaker);
        return;
    }
    speaker->len += (size_t)n;
    obey_lines(fd, speaker);
    if (speaker->len == LINE_ROOM) {
        answer(fd, "error %s\n", "a rule has 255 bytes at most");
        hang_up(fd, speaker);
    }
}

static void on_connection(int fd, int events, void *data)
{
    int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct speaker *speaker;

    (void)events;
    (void)data;
    if (connection < 0)
        return;
    speaker = calloc(1, sizeof(*speaker));
    if (!speaker || tgt_event_add(connection, EPOLLIN, on_words, speaker)) {
        free(speaker);
        close(connection);
    }
}

const char *fault_socket_open(const char *path)
{
    mode_t before;
    int error = 0;

    if (strlen(path) >= sizeof(address.sun_path))
        return "the path of a socket has 107 bytes at most";
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return strerror(errno);
    strcpy(address.sun_path, path);
    before = umask(S_IRWXG | S_IRWXO);
    if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0)
        error = errno;
    umask(before);
    if (error) {
        address.sun_path[0] = '\0'; /* whatever is there is not ours */
        return strerror(error);
    }
    if (listen(listener, WAITING) != 0 || tgt_event_add(listener, EPOLLIN, on_connection, NULL))
        return "cannot be listened to";
    return NULL;
}

void fault_socket_close(void)
{
    if (address.sun_path[0])
        (void)unlink(address.sun_path);
    address.sun_path[0] = '\0';
}
