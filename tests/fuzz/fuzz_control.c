/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The control socket of a daemon: any bytes, in pieces of any size, from two connections. Each line
 * is answered by one line of JSON under its own id, at once or later, as long as the daemon
 * listens; subscribers get whole lines besides. The event loop of tgtd and the drives are played
 * here.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "emulator/front/tgt/control.h"
#include "emulator/front/tgt/control_request.h"
#include "emulator/front/tgt/hands.h"
#include "emulator/front/tgt/mailbox.h"
#include "emulator/front/tgt/tgt_facts.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"

enum { ENDS = 2, DESCRIPTORS = 64, LATER = 8 };

/* ---- the loop */

static struct {
    void (*handler)(int fd, int events, void *data);
    void *data;
    int events;
} loop[DESCRIPTORS];
static int newest, bell = -1;

int tgt_event_add(int fd, int events, void (*handler)(int fd, int events, void *data), void *data)
{
    MUST(fd >= 0 && fd < DESCRIPTORS && loop[fd].handler == NULL);
    loop[fd].handler = handler;
    loop[fd].data = data;
    loop[fd].events = events;
    if (bell < 0)
        bell = fd; /* the first that control_open adds */
    newest = fd;
    return 0;
}

void tgt_event_del(int fd)
{
    MUST(loop[fd].handler != NULL);
    loop[fd].handler = NULL;
}

int tgt_event_modify(int fd, int events)
{
    MUST(loop[fd].handler != NULL);
    loop[fd].events = events;
    return 0;
}

static void ready(int fd, int events)
{
    loop[fd].handler(fd, events, loop[fd].data);
}

/* ---- the drives: some requests are answered later */

static struct control_ticket later[LATER];
static unsigned waiting_count, asked;

void hands_obey(const struct control_request *request, struct control_ticket ticket)
{
    static const char line[] = "{\"seq\":1,\"drive\":\"A\",\"event\":\"command\",\"status\":0}\n";

    MUST(request->verb != CONTROL_SUBSCRIBE && request->verb != CONTROL_UNSUBSCRIBE);
    MUST((request->verb == CONTROL_INSERT) == (request->disc != NULL));
    MUST((request->verb == CONTROL_FAULT) == (request->rule != NULL));
    MUST(!request->drive_name || request->drive_number == 0);
    mailbox_put(NULL, line, sizeof(line) - 1);
    if (++asked % 3 == 0 && waiting_count < LATER)
        later[waiting_count++] = ticket;
    else
        control_answer(&ticket, control_done());
}

static void answer_later(void)
{
    while (waiting_count > 0)
        control_answer(&later[--waiting_count], control_error("drive", "too late"));
}

/* ---- the other side */

static int listener = -1;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static void listen_once(void)
{
    const char *tmp = getenv("TMPDIR"); /* run.sh takes it away when a target has crashed */
    char path[64];

    if (listener >= 0)
        return;
    snprintf(path, sizeof(path), "%s/fuzz-control-%ld", tmp != NULL ? tmp : "/tmp", (long)getpid());
    unlink(path);
    strcpy(address.sun_path, path);
    MUST(control_open(path) == NULL);
    listener = newest;
    atexit(control_close);
}

struct end {
    int ours, theirs;
    unsigned lines, answers;
    bool closed; /* by the daemon */
    char text[1 << 16];
    size_t len; /* of a line that is not whole yet */
};

static void connect_end(struct end *end)
{
    end->ours = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    MUST(end->ours >= 0);
    MUST(connect(end->ours, (const struct sockaddr *)&address, sizeof(address)) == 0);
    ready(listener, EPOLLIN);
    end->theirs = newest;
}

/* An answer has an id, perhaps null, and ok or an error of one line; anything else is for those who
 * have subscribed. */
static void judge(struct end *end, const char *line, size_t len)
{
    json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
    const char *error;

    MUST(json_is_object(object));
    if (json_object_get(object, "id")) {
        end->answers++;
        error = json_string_value(json_object_get(object, "error"));
        MUST((error != NULL) != (json_object_get(object, "ok") != NULL));
        MUST(!error || (error[0] != '\0' && !strchr(error, '\n')));
    } else {
        MUST(json_object_get(object, "seq") || json_object_get(object, "lost"));
    }
    json_decref(object);
}

static void listen_to(struct end *end)
{
    ssize_t n;
    char *newline;

    while ((n = recv(end->ours, end->text + end->len, sizeof(end->text) - end->len, 0)) > 0) {
        end->len += (size_t)n;
        while ((newline = memchr(end->text, '\n', end->len)) != NULL) {
            size_t whole = (size_t)(newline + 1 - end->text);

            judge(end, end->text, whole - 1);
            memmove(end->text, newline + 1, end->len - whole);
            end->len -= whole;
        }
    }
}

static bool waiting(int fd)
{
    char one;

    return recv(fd, &one, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static void turn(struct end *end)
{
    if (!end->closed && (loop[end->theirs].events & EPOLLOUT))
        ready(end->theirs, EPOLLOUT);
    end->closed = end->closed || loop[end->theirs].handler == NULL;
    listen_to(end);
}

static void say(struct end *end, struct input *in)
{
    size_t len = take_u8(in) % 161;
    uint8_t *words;

    if (end->closed || in->left == 0)
        return;
    if (len > in->left)
        len = in->left;
    words = take_block(in, len);
    if (len > 0) {
        MUST(send(end->ours, words, len, MSG_NOSIGNAL) == (ssize_t)len);
        for (size_t i = 0; i < len; i++)
            end->lines += words[i] == '\n';
        while (!end->closed && waiting(end->theirs)) {
            ready(end->theirs, EPOLLIN);
            turn(end);
        }
    }
    free(words);
}

/* Every line has had its answer. One that is hung up on had one line too long. */
static void settle(struct end ends[ENDS])
{
    answer_later();
    ready(bell, EPOLLIN);
    for (unsigned i = 0; i < ENDS; i++) {
        turn(&ends[i]);
        MUST(ends[i].closed ? ends[i].answers <= ends[i].lines + 1
                            : ends[i].answers == ends[i].lines);
    }
}

static void hang_up(struct end *end)
{
    close(end->ours);
    if (!end->closed) {
        ready(end->theirs, EPOLLIN | EPOLLHUP);
        if (loop[end->theirs].handler)
            ready(end->theirs, EPOLLHUP);
    }
    MUST(loop[end->theirs].handler == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct end ends[ENDS];
    struct input in = {data, size};

    listen_once();
    for (unsigned i = 0; i < ENDS; i++) {
        ends[i] = (struct end){.ours = -1};
        connect_end(&ends[i]);
    }
    while (in.left > 1) {
        uint8_t what = take_u8(&in);

        if (what >= 0xF0)
            settle(ends);
        say(&ends[what % ENDS], &in);
    }
    if (size % 2)
        settle(ends); /* else they go while answers are still to come */
    for (unsigned i = 0; i < ENDS; i++)
        hang_up(&ends[i]);
    answer_later();
    ready(bell, EPOLLIN);
    return 0;
}
