/* SPDX-License-Identifier: MIT */
/* Descriptors: open and close, fcntl, reading, ioctl. */
#include "preload.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "drive.h"
#include "ioctls.h"
#include "protocol.h"

/* ---- open ---- */

static mode_t mode_of(int flags, va_list args)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
    struct place place;
    bool found = place_find(folder, path, !(flags & O_NOFOLLOW), &place);

    if (found && place.node.kind && !(flags & O_PATH)) {
        return (int)result(node_open(place.node, place.path, flags));
    }
    return (int)syscall(SYS_openat, found ? AT_FDCWD : folder, REALLY(place, found, path), flags,
                        mode);
}

#define OPEN_BODY(folder)                                                                          \
    va_list args;                                                                                  \
    mode_t mode;                                                                                   \
    va_start(args, flags);                                                                         \
    mode = mode_of(flags, args);                                                                   \
    va_end(args);                                                                                  \
    return open_any(folder, path, flags, mode)

EXPORT int open(const char *path, int flags, ...)
{
    OPEN_BODY(AT_FDCWD);
}

EXPORT int open64(const char *path, int flags, ...)
{
    OPEN_BODY(AT_FDCWD);
}

EXPORT int openat(int folder, const char *path, int flags, ...)
{
    OPEN_BODY(folder);
}

EXPORT int openat64(int folder, const char *path, int flags, ...)
{
    OPEN_BODY(folder);
}

EXPORT int creat(const char *path, mode_t mode)
{
    return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

EXPORT int creat64(const char *path, mode_t mode)
{
    return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* what a fortified program calls */
EXPORT int __open_2(const char *path, int flags);
EXPORT int __open_2(const char *path, int flags)
{
    return open_any(AT_FDCWD, path, flags, 0);
}

EXPORT int __open64_2(const char *path, int flags);
EXPORT int __open64_2(const char *path, int flags)
{
    return open_any(AT_FDCWD, path, flags, 0);
}

EXPORT int __openat_2(int folder, const char *path, int flags);
EXPORT int __openat_2(int folder, const char *path, int flags)
{
    return open_any(folder, path, flags, 0);
}

EXPORT int __openat64_2(int folder, const char *path, int flags);
EXPORT int __openat64_2(int folder, const char *path, int flags)
{
    return open_any(folder, path, flags, 0);
}

/* ---- close: our own connection is none of the program's descriptors ---- */

EXPORT int close(int fd)
{
    REAL(close);

    return fd >= 0 && fd == drive_connection() ? (int)result(-EBADF) : real(fd);
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    int keep = drive_connection();
    long done = 0;

    if (keep < 0 || (unsigned)keep < first || (unsigned)keep > last) {
        return (int)syscall(SYS_close_range, first, last, flags);
    }
    if (first < (unsigned)keep) {
        done = syscall(SYS_close_range, first, (unsigned)keep - 1, flags);
    }
    if (done == 0 && (unsigned)keep < last) {
        done = syscall(SYS_close_range, (unsigned)keep + 1, last, flags);
    }
    return (int)done;
}

EXPORT void closefrom(int first)
{
    close_range(first > 0 ? (unsigned)first : 0, UINT_MAX, 0);
}

/* ---- copies ---- */

EXPORT int dup(int fd)
{
    int copy = (int)syscall(SYS_dup, fd);

    node_copied(fd, copy);
    return copy;
}

EXPORT int dup2(int fd, int copy)
{
    REAL(dup2);
    int done = real(fd, copy);

    node_copied(fd, done);
    return done;
}

EXPORT int dup3(int fd, int copy, int flags)
{
    REAL(dup3);
    int done = real(fd, copy, flags);

    node_copied(fd, done);
    return done;
}

/* Descriptors may come in a message. */
EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    REAL(recvmsg);
    ssize_t got = real(fd, message, flags);

    for (struct cmsghdr *header = got < 0 ? NULL : CMSG_FIRSTHDR(message); header;
         header = CMSG_NXTHDR(message, header)) {
        size_t len = header->cmsg_len - CMSG_LEN(0);
        int given;

        for (size_t at = 0; header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
                            at + sizeof(given) <= len;
             at += sizeof(given)) {
            memcpy(&given, CMSG_DATA(header) + at, sizeof(given));
            node_mark(given);
        }
    }
    return got;
}

/* ---- fcntl ---- */

/* A program's lock on the whole node ends before the host's. */
static int lock_node(int fd, int command, struct flock64 *lock)
{
    struct flock64 cut = *lock;
    int done;

    if (cut.l_whence == SEEK_SET && (cut.l_len == 0 || cut.l_start + cut.l_len > HOST_LOCK_USER)) {
        cut.l_len = HOST_LOCK_USER - cut.l_start;
    }
    done = (int)syscall(SYS_fcntl, fd, command, &cut);
    if (done == 0 && (command == F_GETLK || command == F_OFD_GETLK)) {
        *lock = cut;
    }
    return done;
}

static bool is_lock(int command)
{
    return command == F_SETLK || command == F_SETLKW || command == F_GETLK ||
           command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;
}

static int control(int fd, int command, void *arg)
{
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
        int copy = (int)syscall(SYS_fcntl, fd, command, arg);

        node_copied(fd, copy);
        return copy;
    }
    return is_lock(command) && arg && node_of_fd(fd).kind
               ? lock_node(fd, command, arg)
               : (int)syscall(SYS_fcntl, fd, command, arg);
}

EXPORT int fcntl(int fd, int command, ...)
{
    va_list args;
    void *arg;

    va_start(args, command);
    arg = va_arg(args, void *);
    va_end(args);
    return control(fd, command, arg);
}

EXPORT int fcntl64(int fd, int command, ...)
{
    va_list args;
    void *arg;

    va_start(args, command);
    arg = va_arg(args, void *);
    va_end(args);
    return control(fd, command, arg);
}

/* ---- reading the disc as a block device ---- */

EXPORT ssize_t read(int fd, void *buf, size_t len)
{
    struct node node = node_of_fd(fd);
    REAL(read);

    return node.kind ? (ssize_t)result(node_read(node, fd, buf, len)) : real(fd, buf, len);
}

EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size)
{
    if (len > size) {
        abort();
    }
    return read(fd, buf, len);
}

static ssize_t read_at(struct node node, void *buf, size_t len, int64_t offset)
{
    if (node.kind != NODE_SR || offset < 0) {
        return (ssize_t)result(-EINVAL);
    }
    return (ssize_t)result(drive_pread(node.drive, buf, len, (uint64_t)offset));
}

EXPORT ssize_t pread(int fd, void *buf, size_t len, off_t offset)
{
    struct node node = node_of_fd(fd);
    REAL(pread);

    return node.kind ? read_at(node, buf, len, offset) : real(fd, buf, len, offset);
}

EXPORT ssize_t pread64(int fd, void *buf, size_t len, off64_t offset)
{
    struct node node = node_of_fd(fd);
    REAL(pread64);

    return node.kind ? read_at(node, buf, len, offset) : real(fd, buf, len, offset);
}

EXPORT ssize_t __pread_chk(int fd, void *buf, size_t len, off_t offset, size_t size);
EXPORT ssize_t __pread_chk(int fd, void *buf, size_t len, off_t offset, size_t size)
{
    if (len > size) {
        abort();
    }
    return pread(fd, buf, len, offset);
}

EXPORT ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t offset, size_t size);
EXPORT ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t offset, size_t size)
{
    return __pread_chk(fd, buf, len, offset, size);
}

/* Each part in turn, until one is short. */
static ssize_t read_parts(int fd, const struct iovec *parts, int count)
{
    ssize_t whole = 0;

    for (int i = 0; i < count; i++) {
        ssize_t got = read(fd, parts[i].iov_base, parts[i].iov_len);

        if (got < 0) {
            return whole > 0 ? whole : got;
        }
        whole += got;
        if ((size_t)got < parts[i].iov_len) {
            break;
        }
    }
    return whole;
}

EXPORT ssize_t readv(int fd, const struct iovec *parts, int count)
{
    REAL(readv);

    return node_of_fd(fd).kind ? read_parts(fd, parts, count) : real(fd, parts, count);
}

/* The nodes are not written to but by CDBs, and what copies between files within the kernel would
 * not meet the disc: callers of that go on with read. */
EXPORT ssize_t write(int fd, const void *buf, size_t len)
{
    REAL(write);

    return node_of_fd(fd).kind ? (ssize_t)result(-EPERM) : real(fd, buf, len);
}

EXPORT ssize_t pwrite(int fd, const void *buf, size_t len, off_t offset)
{
    REAL(pwrite);

    return node_of_fd(fd).kind ? (ssize_t)result(-EPERM) : real(fd, buf, len, offset);
}

EXPORT ssize_t pwrite64(int fd, const void *buf, size_t len, off64_t offset)
{
    return pwrite(fd, buf, len, offset);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
    REAL(writev);

    return node_of_fd(fd).kind ? (ssize_t)result(-EPERM) : real(fd, parts, count);
}

EXPORT ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t len,
                               unsigned flags)
{
    REAL(copy_file_range);

    return node_of_fd(in).kind ? (ssize_t)result(-EINVAL)
                               : real(in, in_at, out, out_at, len, flags);
}

EXPORT ssize_t sendfile(int out, int in, off_t *at, size_t len)
{
    REAL(sendfile);

    return node_of_fd(in).kind ? (ssize_t)result(-EINVAL) : real(out, in, at, len);
}

EXPORT ssize_t sendfile64(int out, int in, off64_t *at, size_t len)
{
    return sendfile(out, in, at, len);
}

EXPORT void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    if (!(flags & MAP_ANONYMOUS) && node_of_fd(fd).kind) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

EXPORT void *mmap64(void *at, size_t len, int protection, int flags, int fd, off64_t offset)
{
    return mmap(at, len, protection, flags, fd, offset);
}

EXPORT off_t lseek(int fd, off_t offset, int whence)
{
    struct node node = node_of_fd(fd);
    REAL(lseek);

    return node.kind ? (off_t)result(node_seek(node, fd, offset, whence))
                     : real(fd, offset, whence);
}

EXPORT off64_t lseek64(int fd, off64_t offset, int whence)
{
    return lseek(fd, offset, whence);
}

/* ---- ioctl ---- */

EXPORT int ioctl(int fd, unsigned long request, ...)
{
    struct node node = node_of_fd(fd);
    va_list args;
    void *arg;
    REAL(ioctl);

    va_start(args, request);
    arg = va_arg(args, void *);
    va_end(args);
    return node.kind ? (int)result(node_ioctl(node, fd, request, arg)) : real(fd, request, arg);
}
