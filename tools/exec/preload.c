/* SPDX-License-Identifier: MIT */
/* Descriptors and paths: open, stat, read, ioctl and the like. */
#include "preload.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "drive.h"
#include "ioctls.h"

/* ---- open, close, dup ---- */

static mode_t mode_of(int flags, va_list args)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(args, mode_t) : 0;
}

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
    enum node node = node_of(path);

    return node ? (int)result(files_open(node, flags))
                : (int)syscall(SYS_openat, folder, path, flags, mode);
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

EXPORT int close(int fd)
{
    REAL(close);
    files_closed(fd);
    return real(fd);
}

EXPORT int dup(int fd)
{
    int copy = (int)syscall(SYS_dup, fd);

    if (copy >= 0) {
        files_copied(fd, copy);
    }
    return copy;
}

EXPORT int dup2(int fd, int copy)
{
    REAL(dup2);
    int done = real(fd, copy);

    if (done >= 0 && fd != copy) {
        files_copied(fd, copy);
    }
    return done;
}

EXPORT int dup3(int fd, int copy, int flags)
{
    REAL(dup3);
    int done = real(fd, copy, flags);

    if (done >= 0) {
        files_copied(fd, copy);
    }
    return done;
}

static int control(int fd, int command, void *arg)
{
    int done = (int)syscall(SYS_fcntl, fd, command, arg);

    if (done >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC)) {
        files_copied(fd, done);
    }
    return done;
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

/* ---- stat ---- */

static int stat_any(int folder, const char *path, struct stat *out, int flags)
{
    enum node node = node_of(path);
    REAL(fstatat);

    if (!node && (flags & AT_EMPTY_PATH) && path[0] == '\0') {
        node = files_node(folder);
    }
    if (node) {
        node_stat(node, out);
        return 0;
    }
    return real(folder, path, out, flags);
}

static int stat_fd(int fd, struct stat *out)
{
    return stat_any(fd, "", out, AT_EMPTY_PATH);
}

EXPORT int stat(const char *path, struct stat *out)
{
    return stat_any(AT_FDCWD, path, out, 0);
}

EXPORT int stat64(const char *path, struct stat64 *out)
{
    return stat_any(AT_FDCWD, path, (struct stat *)out, 0);
}

EXPORT int lstat(const char *path, struct stat *out)
{
    return stat_any(AT_FDCWD, path, out, AT_SYMLINK_NOFOLLOW);
}

EXPORT int lstat64(const char *path, struct stat64 *out)
{
    return stat_any(AT_FDCWD, path, (struct stat *)out, AT_SYMLINK_NOFOLLOW);
}

EXPORT int fstat(int fd, struct stat *out)
{
    return stat_fd(fd, out);
}

EXPORT int fstat64(int fd, struct stat64 *out)
{
    return stat_fd(fd, (struct stat *)out);
}

EXPORT int fstatat(int folder, const char *path, struct stat *out, int flags)
{
    return stat_any(folder, path, out, flags);
}

EXPORT int fstatat64(int folder, const char *path, struct stat64 *out, int flags)
{
    return stat_any(folder, path, (struct stat *)out, flags);
}

/* what programs built before glibc 2.33 call */
EXPORT int __xstat(int version, const char *path, struct stat *out);
EXPORT int __xstat(int version, const char *path, struct stat *out)
{
    (void)version;
    return stat_any(AT_FDCWD, path, out, 0);
}

EXPORT int __xstat64(int version, const char *path, struct stat64 *out);
EXPORT int __xstat64(int version, const char *path, struct stat64 *out)
{
    (void)version;
    return stat_any(AT_FDCWD, path, (struct stat *)out, 0);
}

EXPORT int __lxstat(int version, const char *path, struct stat *out);
EXPORT int __lxstat(int version, const char *path, struct stat *out)
{
    (void)version;
    return stat_any(AT_FDCWD, path, out, AT_SYMLINK_NOFOLLOW);
}

EXPORT int __lxstat64(int version, const char *path, struct stat64 *out);
EXPORT int __lxstat64(int version, const char *path, struct stat64 *out)
{
    (void)version;
    return stat_any(AT_FDCWD, path, (struct stat *)out, AT_SYMLINK_NOFOLLOW);
}

EXPORT int __fxstat(int version, int fd, struct stat *out);
EXPORT int __fxstat(int version, int fd, struct stat *out)
{
    (void)version;
    return stat_fd(fd, out);
}

EXPORT int __fxstat64(int version, int fd, struct stat64 *out);
EXPORT int __fxstat64(int version, int fd, struct stat64 *out)
{
    (void)version;
    return stat_fd(fd, (struct stat *)out);
}

EXPORT int statx(int folder, const char *path, int flags, unsigned mask, struct statx *out)
{
    enum node node = node_of(path);
    struct stat st;
    REAL(statx);

    if (!node && (flags & AT_EMPTY_PATH) && path[0] == '\0') {
        node = files_node(folder);
    }
    if (!node) {
        return real(folder, path, flags, mask, out);
    }
    node_stat(node, &st);
    memset(out, 0, sizeof(*out));
    out->stx_mask = STATX_BASIC_STATS;
    out->stx_mode = (uint16_t)st.st_mode;
    out->stx_nlink = 1;
    out->stx_uid = st.st_uid;
    out->stx_gid = st.st_gid;
    out->stx_ino = st.st_ino;
    out->stx_blksize = (uint32_t)st.st_blksize;
    out->stx_rdev_major = major(st.st_rdev);
    out->stx_rdev_minor = minor(st.st_rdev);
    return 0;
}

EXPORT int access(const char *path, int mode)
{
    REAL(access);

    return node_of(path) ? (mode & X_OK ? (int)result(-EACCES) : 0) : real(path, mode);
}

/* ls asks for access control lists */
static ssize_t no_attribute(void)
{
    return (ssize_t)result(-ENODATA);
}

EXPORT ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
    REAL(getxattr);

    return node_of(path) ? no_attribute() : real(path, name, value, size);
}

EXPORT ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)
{
    REAL(lgetxattr);

    return node_of(path) ? no_attribute() : real(path, name, value, size);
}

EXPORT char *realpath(const char *restrict path, char *restrict resolved)
{
    enum node node = node_of(path);
    REAL(realpath);
    char name[16];

    if (!node) {
        return real(path, resolved);
    }
    snprintf(name, sizeof(name), "/dev/%s", node_name(node));
    return resolved ? strcpy(resolved, name) : strdup(name);
}

EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size);
EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size)
{
    (void)size;
    return realpath(path, resolved);
}

/* ---- reading the disc as a block device ---- */

EXPORT ssize_t read(int fd, void *buf, size_t len)
{
    REAL(read);

    return files_node(fd) ? (ssize_t)result(files_read(fd, buf, len)) : real(fd, buf, len);
}

EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size)
{
    if (len > size) {
        abort();
    }
    return read(fd, buf, len);
}

static ssize_t read_at(int fd, void *buf, size_t len, off_t offset)
{
    if (files_node(fd) != NODE_SR || offset < 0) {
        return (ssize_t)result(-EINVAL);
    }
    return (ssize_t)result(drive_pread(buf, len, (uint64_t)offset));
}

EXPORT ssize_t pread(int fd, void *buf, size_t len, off_t offset)
{
    REAL(pread);

    return files_node(fd) ? read_at(fd, buf, len, offset) : real(fd, buf, len, offset);
}

EXPORT ssize_t pread64(int fd, void *buf, size_t len, off64_t offset)
{
    REAL(pread64);

    return files_node(fd) ? read_at(fd, buf, len, offset) : real(fd, buf, len, offset);
}

/* The nodes are not written to but by CDBs. */
EXPORT ssize_t write(int fd, const void *buf, size_t len)
{
    REAL(write);

    return files_node(fd) ? (ssize_t)result(-EROFS) : real(fd, buf, len);
}

EXPORT off_t lseek(int fd, off_t offset, int whence)
{
    REAL(lseek);

    return files_node(fd) ? (off_t)result(files_seek(fd, offset, whence))
                          : real(fd, offset, whence);
}

EXPORT off64_t lseek64(int fd, off64_t offset, int whence)
{
    return lseek(fd, offset, whence);
}

/* ---- ioctl ---- */

EXPORT int ioctl(int fd, unsigned long request, ...)
{
    enum node node = files_node(fd);
    va_list args;
    void *arg;
    REAL(ioctl);

    va_start(args, request);
    arg = va_arg(args, void *);
    va_end(args);
    return node ? (int)result(node_ioctl(node, request, arg)) : real(fd, request, arg);
}

/* ---- memory ---- */

/* Burners lock all their memory so that a real laser never waits for a page. An ordinary user's
 * limit makes that fail, or, once it succeeded, every later allocation; here nothing waits. */
EXPORT int mlockall(int flags)
{
    (void)flags;
    return 0;
}

EXPORT int munlockall(void)
{
    return 0;
}

/* the limit that it raises first */
EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    REAL(setrlimit);

    return resource == RLIMIT_MEMLOCK ? 0 : real(resource, limit);
}

EXPORT int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
    REAL(setrlimit64);

    return resource == RLIMIT_MEMLOCK ? 0 : real(resource, limit);
}
