/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

enum { MOST_BYTES = 1 << 20, FIRST_BYTES = 4096 };

static struct {
    pthread_mutex_t mutex;
    unsigned readers;
    int bell;
    char *lines;
    size_t len, room;
    unsigned long lost;
} box = {.mutex = PTHREAD_MUTEX_INITIALIZER, .bell = -1};

static bool make_room(size_t len)
{
    size_t room = box.room ? box.room : FIRST_BYTES;
    char *lines;

    if (box.len + len > MOST_BYTES)
        return false;
    while (room < box.len + len)
        room *= 2;
    if (room == box.room)
        return true;
    lines = realloc(box.lines, room);
    if (!lines)
        return false;
    box.lines = lines;
    box.room = room;
    return true;
}

void mailbox_open(int bell)
{
    pthread_mutex_lock(&box.mutex);
    box.bell = bell;
    pthread_mutex_unlock(&box.mutex);
}

void mailbox_set_readers(unsigned count)
{
    pthread_mutex_lock(&box.mutex);
    box.readers = count;
    pthread_mutex_unlock(&box.mutex);
}

/* What comes behind a lost line is lost too, until the box is emptied: the count stands in its
 * place. */
void mailbox_put(void *ctx, const char *line, size_t len)
{
    bool ring;

    (void)ctx;
    pthread_mutex_lock(&box.mutex);
    ring = box.readers > 0 && box.len == 0 && box.lost == 0;
    if (box.readers == 0) {
        /* nobody listens */
    } else if (box.lost > 0 || !make_room(len)) {
        box.lost++;
    } else {
        memcpy(box.lines + box.len, line, len);
        box.len += len;
    }
    if (ring)
        (void)eventfd_write(box.bell, 1);
    pthread_mutex_unlock(&box.mutex);
}

char *mailbox_take(size_t *len, unsigned long *lost)
{
    char *lines;

    pthread_mutex_lock(&box.mutex);
    lines = box.len > 0 ? box.lines : NULL;
    *len = box.len;
    *lost = box.lost;
    if (lines) {
        box.lines = NULL;
        box.room = 0;
    }
    box.len = 0;
    box.lost = 0;
    pthread_mutex_unlock(&box.mutex);
    return lines;
}
