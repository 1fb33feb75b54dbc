/* SPDX-License-Identifier: MIT */
/* Paths: stat, access, links, the working folder. */
#include "preload.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* ---- stat ---- */

static int stat_any(int folder, const char *path, struct stat *out, int flags)
{
    struct place place;
    bool found = place_find(folder, path, !(flags & AT_SYMLINK_NOFOLLOW), &place);
    struct node node;
    REAL(fstatat);
    int done = real(found ? AT_FDCWD : folder, REALLY(place, found, path), out, flags);

    if (done == 0) {
        node = node_of_stat(out);
        if (node.kind) {
            node_stat(node, out);
        }
    }
    return done;
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

/* what programs that were built with an older C library call */
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
    struct place place;
    bool found = place_find(folder, path, !(flags & AT_SYMLINK_NOFOLLOW), &place);
    REAL(statx);
    int done =
        real(found ? AT_FDCWD : folder, REALLY(place, found, path), flags, mask | STATX_INO, out);
    struct stat st = {.st_dev = done == 0 ? makedev(out->stx_dev_major, out->stx_dev_minor) : 0,
                      .st_ino = done == 0 ? out->stx_ino : 0};
    struct node node = node_of_stat(&st);

    if (done == 0 && node.kind) {
        node_stat(node, &st);
        out->stx_mode = (uint16_t)st.st_mode;
        out->stx_nlink = 1;
        out->stx_size = 0;
        out->stx_blocks = 0;
        out->stx_blksize = (uint32_t)st.st_blksize;
        out->stx_dev_major = major(st.st_dev);
        out->stx_dev_minor = minor(st.st_dev);
        out->stx_rdev_major = major(st.st_rdev);
        out->stx_rdev_minor = minor(st.st_rdev);
    }
    return done;
}

/* Some programs look whether what they read is truly /sys. */
static bool below_sys(const char *shown)
{
    return strncmp(shown, "/sys", 4) == 0 && (shown[4] == '/' || shown[4] == '\0');
}

EXPORT int statfs(const char *path, struct statfs *out)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    REAL(statfs);
    int done = real(REALLY(place, found, path), out);

    if (done == 0 && found && below_sys(place.shown)) {
        out->f_type = SYSFS_MAGIC;
    }
    return done;
}

EXPORT int statfs64(const char *path, struct statfs64 *out)
{
    return statfs(path, (struct statfs *)out);
}

EXPORT int fstatfs(int fd, struct statfs *out)
{
    char name[64];
    struct place place;
    REAL(fstatfs);
    int done = real(fd, out);

    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    if (done == 0 && place_find(AT_FDCWD, name, true, &place) && below_sys(place.shown)) {
        out->f_type = SYSFS_MAGIC;
    }
    return done;
}

EXPORT int fstatfs64(int fd, struct statfs64 *out)
{
    return fstatfs(fd, (struct statfs *)out);
}

/* ---- access ---- */

EXPORT int access(const char *path, int mode)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    REAL(access);

    return real(REALLY(place, found, path), mode);
}

EXPORT int euidaccess(const char *path, int mode)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    REAL(euidaccess);

    return real(REALLY(place, found, path), mode);
}

EXPORT int eaccess(const char *path, int mode)
{
    return euidaccess(path, mode);
}

EXPORT int faccessat(int folder, const char *path, int mode, int flags)
{
    struct place place;
    bool found = place_find(folder, path, !(flags & AT_SYMLINK_NOFOLLOW), &place);
    REAL(faccessat);

    return real(found ? AT_FDCWD : folder, REALLY(place, found, path), mode, flags);
}

/* ls asks for access control lists */
EXPORT ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    REAL(getxattr);

    return real(REALLY(place, found, path), name, value, size);
}

EXPORT ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, false, &place);
    REAL(lgetxattr);

    return real(REALLY(place, found, path), name, value, size);
}

/* ---- links ---- */

/* A link of the kernel's, /proc/self/fd/3, tells where the host's file is. */
static ssize_t shown_link(char *buf, ssize_t len, size_t size)
{
    char whole[PATH_MAX];
    const char *shown;

    if (len <= 0 || (size_t)len >= sizeof(whole) || (size_t)len > size) {
        return len;
    }
    memcpy(whole, buf, (size_t)len);
    whole[len] = '\0';
    shown = place_shown(whole);
    if (shown != whole) {
        len = (ssize_t)strlen(shown);
        memcpy(buf, shown, (size_t)len);
    }
    return len;
}

EXPORT ssize_t readlinkat(int folder, const char *restrict path, char *restrict buf, size_t size)
{
    struct place place;
    bool found = place_find(folder, path, false, &place);
    ssize_t len =
        syscall(SYS_readlinkat, found ? AT_FDCWD : folder, REALLY(place, found, path), buf, size);

    return shown_link(buf, len, size);
}

EXPORT ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
    return readlinkat(AT_FDCWD, path, buf, size);
}

EXPORT ssize_t __readlink_chk(const char *path, char *buf, size_t size, size_t room);
EXPORT ssize_t __readlink_chk(const char *path, char *buf, size_t size, size_t room)
{
    return readlinkat(AT_FDCWD, path, buf, size < room ? size : room);
}

EXPORT ssize_t __readlinkat_chk(int folder, const char *path, char *buf, size_t size, size_t room);
EXPORT ssize_t __readlinkat_chk(int folder, const char *path, char *buf, size_t size, size_t room)
{
    return readlinkat(folder, path, buf, size < room ? size : room);
}

EXPORT char *realpath(const char *restrict path, char *restrict resolved)
{
    struct place place;
    struct stat st;
    REAL(realpath);

    if (!place_find(AT_FDCWD, path, true, &place)) {
        return real(path, resolved);
    }
    if (syscall(SYS_newfstatat, AT_FDCWD, place.path, &st, 0) != 0) {
        return NULL;
    }
    return resolved ? strcpy(resolved, place.shown) : strdup(place.shown);
}

EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size);
EXPORT char *__realpath_chk(const char *path, char *resolved, size_t size)
{
    (void)size;
    return realpath(path, resolved);
}

EXPORT char *canonicalize_file_name(const char *path)
{
    return realpath(path, NULL);
}

/* ---- the working folder ---- */

EXPORT int chdir(const char *path)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    REAL(chdir);

    return real(REALLY(place, found, path));
}

EXPORT char *getcwd(char *buf, size_t size)
{
    REAL(getcwd);
    char *at = real(buf, size);
    const char *shown = at ? place_shown(at) : at;

    if (at && shown != at) {
        memmove(at, shown, strlen(shown) + 1);
    }
    return at;
}
