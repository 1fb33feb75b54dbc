/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "drive.h"

#define MOST 4096
#define PREFIX "vcdr-"

/* What stands behind a descriptor: a node, with EXCLUSIVE when it was opened O_EXCL. */
#define EXCLUSIVE 0x80
static _Atomic uint8_t table[MOST];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint8_t get(int fd)
{
    return fd >= 0 && fd < MOST ? atomic_load_explicit(&table[fd], memory_order_acquire) : 0;
}

enum node files_node(int fd)
{
    return (enum node)(get(fd) & ~EXCLUSIVE);
}

/* The kernel lets one O_EXCL opener at a time have a block device. */
static bool taken(enum node node)
{
    for (int fd = 0; fd < MOST; fd++) {
        if (get(fd) == ((uint8_t)node | EXCLUSIVE)) {
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

static int make(enum node node, int flags)
{
    char name[16];
    int fd;

    snprintf(name, sizeof(name), PREFIX "%s", node_name(node));
    fd = memfd_create(name, flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
    if (fd < 0) {
        return -errno;
    }
    if (fd >= MOST) {
        syscall(SYS_close, fd);
        return -EMFILE;
    }
    return fd;
}

int files_open(enum node node, int flags)
{
    int fd = check(node, flags);

    if (fd) {
        return fd;
    }
    pthread_mutex_lock(&lock);
    fd = (flags & O_EXCL) && taken(node) ? -EBUSY : make(node, flags);
    if (fd >= 0) {
        atomic_store(&table[fd], (uint8_t)node | (flags & O_EXCL ? EXCLUSIVE : 0));
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

void files_copied(int fd, int copy)
{
    if (copy >= 0 && copy < MOST) {
        atomic_store(&table[copy], get(fd));
    }
}

void files_closed(int fd)
{
    if (get(fd)) {
        atomic_store(&table[fd], 0);
    }
}

int64_t files_read(int fd, void *buf, size_t len)
{
    int64_t at, got;

    if (files_node(fd) != NODE_SR) {
        return -EINVAL;
    }
    pthread_mutex_lock(&lock);
    at = syscall(SYS_lseek, fd, 0, SEEK_CUR);
    got = at < 0 ? -errno : drive_pread(buf, len, (uint64_t)at);
    if (got > 0) {
        syscall(SYS_lseek, fd, at + got, SEEK_SET);
    }
    pthread_mutex_unlock(&lock);
    return got;
}

int64_t files_seek(int fd, int64_t offset, int whence)
{
    int64_t at;

    if (files_node(fd) != NODE_SR) {
        return -ESPIPE;
    }
    if (whence == SEEK_END) {
        offset += (int64_t)(drive_blocks() * DRIVE_BLOCK);
        whence = SEEK_SET;
    }
    at = syscall(SYS_lseek, fd, offset, whence);
    return at < 0 ? -errno : at;
}

static enum node node_of_link(const char *number)
{
    static const enum node nodes[] = {NODE_SR, NODE_SG};
    char path[64], target[64];
    ssize_t len;

    snprintf(path, sizeof(path), "/proc/self/fd/%.16s", number);
    len = readlink(path, target, sizeof(target) - 1);
    if (len <= 0) {
        return NODE_NONE;
    }
    target[len] = '\0';
    for (unsigned i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        char name[32];

        snprintf(name, sizeof(name), "/memfd:" PREFIX "%s", node_name(nodes[i]));
        if (strncmp(target, name, strlen(name)) == 0) {
            return nodes[i];
        }
    }
    return NODE_NONE;
}

/* What was open when this program was started. */
__attribute__((constructor)) static void adopt(void)
{
    DIR *folder = opendir("/proc/self/fd");
    struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL) {
        enum node node = node_of_link(entry->d_name);
        int fd = atoi(entry->d_name);

        if (node && fd >= 0 && fd < MOST) {
            atomic_store(&table[fd], (uint8_t)node);
        }
    }
    if (folder) {
        closedir(folder);
    }
}
