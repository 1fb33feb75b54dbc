/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The fault socket of a daemon: any bytes, in pieces of any size, from two connections. Each line
 * is answered by one, as long as the daemon listens. The event loop of tgtd is played here.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vcdr/fault.h>

#include "emulator/front/tgt/fault_socket.h"
#include "emulator/front/tgt/tgt_facts.h"
#include "emulator/front/tgt/unit.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"

enum { ENDS = 2, DESCRIPTORS = 64 };

/* ---- the loop */

static struct {
    void (*handler)(int fd, int events, void *data);
    void *data;
} loop[DESCRIPTORS];
static int newest;

int tgt_event_add(int fd, int events, void (*handler)(int fd, int events, void *data), void *data)
{
    (void)events;
    MUST(fd >= 0 && fd < DESCRIPTORS && loop[fd].handler == NULL);
    loop[fd].handler = handler;
    loop[fd].data = data;
    newest = fd;
    return 0;
}

void tgt_event_del(int fd)
{
    MUST(loop[fd].handler != NULL);
    loop[fd].handler = NULL;
}

static void ready(int fd)
{
    loop[fd].handler(fd, 1, loop[fd].data);
}

/* ---- the units: drive 1 is there */

int units_add_fault(const struct vcdr_fault_rule *rule)
{
    MUST(strlen(rule->text) < VCDR_FAULT_TEXT && rule->nth >= 1);
    return rule->drive <= 1 ? VCDR_OK : VCDR_ENOENT;
}

void units_clear_faults(void)
{
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
    MUST(fault_socket_open(path) == NULL);
    listener = newest;
    atexit(fault_socket_close);
}

struct end {
    int ours, theirs;
    unsigned lines, answers;
    bool closed; /* by the daemon */
    char last;   /* byte of what was answered */
};

static void connect_end(struct end *end)
{
    end->ours = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    MUST(end->ours >= 0);
    MUST(connect(end->ours, (const struct sockaddr *)&address, sizeof(address)) == 0);
    ready(listener);
    end->theirs = newest;
    end->last = '\n';
}

/* Counts the answers; each is a line of "ok" or "error REASON". */
static void listen_to(struct end *end)
{
    char text[8192];
    ssize_t n;

    while ((n = recv(end->ours, text, sizeof(text), 0)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (end->last == '\n')
                MUST(text[i] == 'o' || text[i] == 'e');
            MUST((unsigned char)text[i] >= ' ' || text[i] == '\n');
            end->answers += text[i] == '\n';
            end->last = text[i];
        }
    }
}

static bool waiting(int fd)
{
    char one;

    return recv(fd, &one, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static void say(struct end *end, struct input *in)
{
    /* so few lines at once that a socket holds their answers: more would not be sent */
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
            ready(end->theirs);
            end->closed = loop[end->theirs].handler == NULL;
        }
        listen_to(end);
        MUST(end->closed ? end->answers <= end->lines + 1 : end->answers == end->lines);
    }
    free(words);
}

static void hang_up(struct end *end)
{
    close(end->ours);
    if (!end->closed)
        ready(end->theirs);
    MUST(loop[end->theirs].handler == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct end ends[ENDS] = {{0}};

    listen_once();
    for (unsigned i = 0; i < ENDS; i++)
        connect_end(&ends[i]);
    while (in.left > 1)
        say(&ends[take_u8(&in) % ENDS], &in);
    for (unsigned i = 0; i < ENDS; i++)
        hang_up(&ends[i]);
    return 0;
}
