/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "drive.h"

#define MOST 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct file *) table[MOST];

static struct file *get(int fd)
{
    return fd >= 0 && fd < MOST ? atomic_load_explicit(&table[fd], memory_order_acquire) : NULL;
}

enum node files_node(int fd)
{
    struct file *file = get(fd);

    return file ? file->node : NODE_NONE;
}

static void drop(struct file *file)
{
    if (file && --file->users == 0) {
        free(file);
    }
}

/* The kernel lets one O_EXCL opener at a time have a block device. */
static bool taken(enum node node)
{
    for (int fd = 0; fd < MOST; fd++) {
        struct file *file = get(fd);

        if (file && file->node == node && file->exclusive) {
            return true;
        }
    }
    return false;
}

/* Without O_NONBLOCK sr wants a medium. */
static int check(enum node node, int flags)
{
    int error = drive_connect();

    if (error || node != NODE_SR || (flags & O_NONBLOCK)) {
        return error;
    }
    error = drive_ready();
    return error == -ENOMEDIUM || error == -ENXIO ? error : 0;
}

int files_open(enum node node, int flags)
{
    int error = check(node, flags);
    struct file *file;
    int fd;

    if (error) {
        return error;
    }
    file = calloc(1, sizeof(*file));
    if (!file) {
        return -ENOMEM;
    }
    *file = (struct file){.node = node, .exclusive = flags & O_EXCL, .users = 1};
    pthread_mutex_lock(&lock);
    if (file->exclusive && taken(node)) {
        fd = -EBUSY;
    } else {
        fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null",
                          O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
        if (fd < 0) {
            fd = -errno;
        } else if (fd >= MOST) {
            syscall(SYS_close, fd);
            fd = -EMFILE;
        } else {
            drop(atomic_exchange(&table[fd], file));
        }
    }
    pthread_mutex_unlock(&lock);
    if (fd < 0) {
        free(file);
    }
    return fd;
}

void files_copied(int fd, int copy)
{
    struct file *file;

    if (copy < 0 || copy >= MOST) {
        return;
    }
    pthread_mutex_lock(&lock);
    file = get(fd);
    if (file) {
        file->users++;
    }
    drop(atomic_exchange(&table[copy], file));
    pthread_mutex_unlock(&lock);
}

void files_closed(int fd)
{
    if (!get(fd)) {
        return;
    }
    pthread_mutex_lock(&lock);
    drop(atomic_exchange(&table[fd], NULL));
    pthread_mutex_unlock(&lock);
}

int64_t files_read(int fd, void *buf, size_t len)
{
    struct file *file = get(fd);
    uint64_t offset;
    int64_t got;

    if (!file || file->node != NODE_SR) {
        return -EINVAL;
    }
    pthread_mutex_lock(&lock);
    offset = file->offset;
    pthread_mutex_unlock(&lock);
    got = drive_pread(buf, len, offset);
    if (got > 0) {
        pthread_mutex_lock(&lock);
        file->offset = offset + (uint64_t)got;
        pthread_mutex_unlock(&lock);
    }
    return got;
}

int64_t files_seek(int fd, int64_t offset, int whence)
{
    struct file *file = get(fd);
    int64_t base = 0, end = whence == SEEK_END ? (int64_t)(drive_blocks() * DRIVE_BLOCK) : 0;

    if (!file || file->node != NODE_SR) {
        return -ESPIPE;
    }
    pthread_mutex_lock(&lock);
    base = whence == SEEK_CUR ? (int64_t)file->offset : end;
    if ((whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) || base + offset < 0) {
        offset = -EINVAL;
    } else {
        file->offset = (uint64_t)(base + offset);
        offset = base + offset;
    }
    pthread_mutex_unlock(&lock);
    return offset;
}
