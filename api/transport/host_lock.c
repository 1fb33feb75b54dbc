/* SPDX-License-Identifier: MIT */
#include "api/transport/host_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* Who asks for the owner of a free drive holds the lock himself, shared, for a moment. */
enum { ATTEMPTS = 20, PAUSE_NS = 1000000 };

void host_lock_init(struct host_lock *lock, dev_t device, const char *node)
{
    lock->device = device;
    snprintf(lock->node, sizeof(lock->node), "%s", node);
    lock->file = -1;
    lock->exclusive = -1;
}

/* The system's folder for locks of devices (FHS 5.9), where every user may make a file. */
static const char *folder(void)
{
    const char *named = getenv("VCDR_LOCK_FOLDER");

    return named && named[0] ? named : "/run/lock";
}

static void path_of(const struct host_lock *lock, char path[256])
{
    snprintf(path, 256, "%s/vcdr-%u:%u.lock", folder(), major(lock->device), minor(lock->device));
}

/* The folder is everybody's, so what stands there under this name may be anything: only a plain
 * file with one name is taken. */
static bool is_ours(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1;
}

/* Opens the file, or makes it. One file serves root and users alike: whoever made it lets everybody
 * write. It is never removed, since a lock on a removed file would hold nothing. */
static int open_file(const struct host_lock *lock, bool make)
{
    const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    char path[256];
    int fd;

    path_of(lock, path);
    /* first without O_CREAT: in a sticky folder Linux refuses that for another user's file */
    fd = open(path, O_RDWR | flags);
    if (fd < 0 && errno == ENOENT && make) {
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0666);
        if (fd >= 0) {
            (void)fchmod(fd, 0666); /* whatever the umask is */
        } else if (errno == EEXIST) {
            fd = open(path, O_RDWR | flags);
        }
    }
    if (fd < 0 && errno == EACCES && !make) {
        fd = open(path, O_RDONLY | flags); /* enough to ask */
    }
    if (fd >= 0 && !is_ours(fd)) {
        close(fd);
        errno = EACCES;
        fd = -1;
    }
    return fd;
}

static enum transport_result result_of(int error)
{
    switch (error) {
    case ENOMEM:
    case EMFILE:
    case ENFILE:
        return TRANSPORT_NO_MEMORY;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
    case EBUSY:
        return TRANSPORT_REFUSED;
    default:
        return TRANSPORT_NO_DEVICE;
    }
}

static bool take_file(int fd)
{
    static const struct timespec pause = {0, PAUSE_NS};

    for (int i = 0; i < ATTEMPTS; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            return true;
        }
        nanosleep(&pause, NULL);
    }
    return false;
}

static enum transport_result open_exclusive(struct host_lock *lock)
{
    if (lock->node[0] == '\0') {
        return TRANSPORT_OK;
    }
    lock->exclusive = open(lock->node, O_RDONLY | O_NONBLOCK | O_EXCL | O_CLOEXEC);
    return lock->exclusive < 0 ? result_of(errno) : TRANSPORT_OK;
}

enum transport_result host_lock_acquire(struct host_lock *lock, bool force, const char *name)
{
    enum transport_result result = TRANSPORT_OK;
    ssize_t len = (ssize_t)strlen(name);

    if (lock->file >= 0) {
        return TRANSPORT_HELD;
    }
    lock->file = open_file(lock, true);
    if (lock->file < 0) {
        return result_of(errno);
    }
    if (!take_file(lock->file)) {
        close(lock->file);
        lock->file = -1;
        return TRANSPORT_HELD;
    }
    if (!force) {
        result = open_exclusive(lock);
    }
    /* what stands there is the name of an owner that died */
    if (result == TRANSPORT_OK &&
        (ftruncate(lock->file, 0) != 0 || pwrite(lock->file, name, (size_t)len, 0) != len)) {
        result = TRANSPORT_NO_DEVICE;
    }
    if (result != TRANSPORT_OK) {
        host_lock_release(lock);
    }
    return result;
}

void host_lock_release(struct host_lock *lock)
{
    if (lock->exclusive >= 0) {
        close(lock->exclusive);
    }
    if (lock->file >= 0) {
        int ignored = ftruncate(lock->file, 0);

        (void)ignored;
        close(lock->file);
    }
    lock->exclusive = -1;
    lock->file = -1;
}

bool host_lock_owner(const struct host_lock *lock, char *name, size_t size)
{
    int fd = open_file(lock, false);
    bool held = false;
    ssize_t len;

    name[0] = '\0';
    if (fd < 0) {
        return false;
    }
    held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (held) {
        len = pread(fd, name, size - 1, 0);
        name[len > 0 ? len : 0] = '\0';
    }
    close(fd);
    return held;
}
