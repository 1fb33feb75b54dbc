/* SPDX-License-Identifier: MIT */
#include "serve/fault_client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_S = 10, ANSWER_ROOM = 512 };

static int connected(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool send_line(int fd, const char *line)
{
    struct iovec pieces[] = {{(void *)(size_t)line, strlen(line)}, {(void *)(size_t) "\n", 1}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};

    return sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)(strlen(line) + 1);
}

/* One line, without its end. */
static bool receive_line(int fd, char *line, size_t size)
{
    size_t len = 0;

    while (len + 1 < size) {
        ssize_t n = recv(fd, line + len, size - 1 - len, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ECONNRESET;
        if (n <= 0)
            return false;
        len += (size_t)n;
        line[len] = '\0';
        if (line[len - 1] == '\n') {
            line[len - 1] = '\0';
            return true;
        }
    }
    errno = EPROTO;
    return false;
}

bool fault_send(const char *socket_path, const char *line, char *why, size_t size)
{
    char answer[ANSWER_ROOM];
    int fd;
    bool answered;

    if (strchr(line, '\n') != NULL) {
        snprintf(why, size, "a rule is one line of text");
        return false;
    }
    fd = connected(socket_path);
    answered = fd >= 0 && send_line(fd, line) && receive_line(fd, answer, sizeof(answer));
    if (!answered)
        snprintf(why, size, "%s", errno == EAGAIN ? "does not answer" : strerror(errno));
    else if (strcmp(answer, "ok") != 0)
        snprintf(why, size, "%s", strncmp(answer, "error ", 6) == 0 ? answer + 6 : answer);
    if (fd >= 0)
        close(fd);
    return answered && strcmp(answer, "ok") == 0;
}
