/* SPDX-License-Identifier: MIT */
/*
 * A store in a file: pread, pwrite and fdatasync, no buffer of its own. The lock is flock(2)'s: it
 * belongs to the open file, so a second open in the same process meets it as another process does,
 * it ends with the process however that ends, and NFS carries it as a byte-range lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vcdr/store.h>

struct file {
    int fd;
};

static int error_of(int err)
{
    switch (err) {
    case ENOENT:
    case ENOTDIR:
        return VCDR_ENOENT;
    case EEXIST:
        return VCDR_EEXIST;
    case EACCES:
    case EPERM:
    case EROFS:
    case ETXTBSY:
        return VCDR_EACCESS;
    case EWOULDBLOCK:
        return VCDR_EBUSY;
    case EISDIR:
    case ENXIO:
        return VCDR_ENOTDISC;
    case ENOMEM:
        return VCDR_ENOMEM;
    default:
        return VCDR_EIO;
    }
}

static int file_size(void *ctx, uint64_t *size)
{
    const struct file *file = ctx;
    struct stat st;

    if (fstat(file->fd, &st) != 0)
        return error_of(errno);
    *size = (uint64_t)st.st_size;
    return VCDR_OK;
}

static int file_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    const struct file *file = ctx;
    uint8_t *to = buf;

    while (len > 0) {
        ssize_t n = pread(file->fd, to, len, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return VCDR_EIO;
        if (n == 0) { /* beyond the end: zeros, by the contract */
            memset(to, 0, len);
            return VCDR_OK;
        }
        to += n;
        offset += (uint64_t)n;
        len -= (size_t)n;
    }
    return VCDR_OK;
}

static int file_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    const struct file *file = ctx;
    const uint8_t *from = buf;

    while (len > 0) {
        ssize_t n = pwrite(file->fd, from, len, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 && errno == EBADF ? VCDR_EACCESS : VCDR_EIO;
        from += n;
        offset += (uint64_t)n;
        len -= (size_t)n;
    }
    return VCDR_OK;
}

static int file_flush(void *ctx)
{
    const struct file *file = ctx;
    int rc;

    do
        rc = fdatasync(file->fd);
    while (rc != 0 && errno == EINTR);
    return rc == 0 ? VCDR_OK : VCDR_EIO;
}

static void file_close(void *ctx)
{
    struct file *file = ctx;

    close(file->fd);
    free(file);
}

static const struct vcdr_store_ops file_ops = {
    .size = file_size,
    .read = file_read,
    .write = file_write,
    .flush = file_flush,
    .close = file_close,
};

/* A new file's name is durable only when its folder is. File systems that cannot sync a folder say
 * EINVAL; that is theirs to answer for. */
static int sync_folder(const char *path)
{
    char copy[PATH_MAX];
    int fd, rc = VCDR_OK;

    if (strlen(path) >= sizeof(copy))
        return VCDR_ENOENT;
    strcpy(copy, path);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) /* a folder that may be written but not read */
        return errno == EACCES ? VCDR_OK : error_of(errno);
    if (fsync(fd) != 0 && errno != EINVAL && errno != EROFS)
        rc = error_of(errno);
    close(fd);
    return rc;
}

/* Locks what was opened and makes sure that it is a plain file. */
static int take(int fd, bool read_only)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return error_of(errno);
    if (!S_ISREG(st.st_mode))
        return VCDR_ENOTDISC;
    if (flock(fd, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
        return error_of(errno);
    return VCDR_OK;
}

static int open_flags(unsigned flags)
{
    /* O_NONBLOCK: a FIFO given by mistake must not hang the open; it means nothing for a file. */
    int open_as = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

    open_as |= flags & VCDR_STORE_READ_ONLY ? O_RDONLY : O_RDWR;
    if (flags & VCDR_STORE_CREATE)
        open_as |= O_CREAT | O_EXCL;
    return open_as;
}

int vcdr_store_file(const char *path, unsigned flags, struct vcdr_store *out)
{
    const unsigned both = VCDR_STORE_CREATE | VCDR_STORE_READ_ONLY;
    struct file *file;
    int rc;

    if (!path || (flags & ~both) || (flags & both) == both)
        return VCDR_EINVAL;
    file = malloc(sizeof(*file));
    if (!file)
        return VCDR_ENOMEM;
    file->fd = open(path, open_flags(flags), 0666);
    if (file->fd < 0) {
        rc = error_of(errno);
        goto out;
    }
    rc = take(file->fd, flags & VCDR_STORE_READ_ONLY);
    if (rc == VCDR_OK && (flags & VCDR_STORE_CREATE))
        rc = sync_folder(path);
    if (rc != VCDR_OK) {
        /* A new file goes again, unless another process has found and taken it already. */
        if ((flags & VCDR_STORE_CREATE) && rc != VCDR_EBUSY)
            unlink(path);
        close(file->fd);
        goto out;
    }
    *out = (struct vcdr_store){.ops = &file_ops, .ctx = file};
    return VCDR_OK;
out:
    free(file);
    return rc;
}
