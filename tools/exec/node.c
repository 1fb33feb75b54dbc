/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "drive.h"
#include "place.h"
#include "protocol.h"

/* Documentation/admin-guide/devices.txt: 11 block SCSI CD-ROM, 21 character generic SCSI */
#define SR_MAJOR 11
#define SG_MAJOR 21

static dev_t file_system;
static ino_t inodes[HOST_MOST_DRIVES][2]; /* of sr and sg; 0: none */
static unsigned count;
static pthread_mutex_t offset_lock = PTHREAD_MUTEX_INITIALIZER;

static int look(const char *kind, unsigned drive, struct stat *st)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/dev/%s%u", place_folder(), kind, drive);
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, st, 0);
}

__attribute__((constructor(102))) static void find_nodes(void)
{
    struct stat sr, sg;

    while (place_folder()[0] && count < HOST_MOST_DRIVES && look("sr", count, &sr) == 0 &&
           look("sg", count, &sg) == 0) {
        file_system = sr.st_dev;
        inodes[count][0] = sr.st_ino;
        inodes[count][1] = sg.st_ino;
        count++;
    }
}

struct node node_of_stat(const struct stat *file)
{
    for (unsigned i = 0; i < count && file->st_dev == file_system; i++) {
        if (file->st_ino == inodes[i][0]) {
            return (struct node){NODE_SR, i};
        }
        if (file->st_ino == inodes[i][1]) {
            return (struct node){NODE_SG, i};
        }
    }
    return (struct node){NODE_NONE, 0};
}

/* ---- descriptors ---- */

/* Descriptors that may be nodes, a bit each: so that reads and writes of other files, which are
 * many, need not ask. What is higher is always asked. */
#define MARKS 4096
static _Atomic uint64_t marks[MARKS / 64];

static bool is_marked(int fd)
{
    return fd >= MARKS || (marks[fd / 64] >> (fd % 64) & 1);
}

void node_mark(int fd)
{
    if (fd >= 0 && fd < MARKS) {
        atomic_fetch_or(&marks[fd / 64], UINT64_C(1) << (fd % 64));
    }
}

void node_copied(int fd, int copy)
{
    if (fd >= 0 && is_marked(fd)) {
        node_mark(copy);
    }
}

/* What was open when this program was started. */
__attribute__((constructor(103))) static void mark_inherited(void)
{
    DIR *folder = count > 0 ? opendir("/proc/self/fd") : NULL;
    struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL) {
        node_mark(entry->d_name[0] == '.' ? -1 : atoi(entry->d_name));
    }
    if (folder) {
        closedir(folder);
    }
}

struct node node_of_fd(int fd)
{
    struct stat st;

    if (fd < 0 || count == 0 || !is_marked(fd)) {
        return (struct node){NODE_NONE, 0};
    }
    if (syscall(SYS_fstat, fd, &st) == 0) {
        struct node node = node_of_stat(&st);

        if (node.kind) {
            return node;
        }
    }
    if (fd < MARKS) {
        atomic_fetch_and(&marks[fd / 64], ~(UINT64_C(1) << (fd % 64)));
    }
    return (struct node){NODE_NONE, 0};
}

void node_stat(struct node node, struct stat *inout)
{
    inout->st_dev = makedev(0, 5); /* a devtmpfs */
    inout->st_mode = (node.kind == NODE_SG ? S_IFCHR : S_IFBLK) | 0660;
    inout->st_rdev = makedev(node.kind == NODE_SG ? SG_MAJOR : SR_MAJOR, node.drive);
    inout->st_nlink = 1;
    inout->st_size = 0;
    inout->st_blksize = 4096;
    inout->st_blocks = 0;
}

/* ---- opening ---- */

/* A lock of the open file itself: it goes with dup and fork, and with the last close. */
static int take(int fd, int64_t at, short type, int command)
{
    struct flock64 lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};

    return syscall(SYS_fcntl, fd, command, &lock) == 0 ? 0
           : errno == EAGAIN || errno == EACCES        ? -EBUSY
                                                       : -errno;
}

/* The kernel lets one O_EXCL opener at a time have a block device; others may open it without. */
static int claim_sr(int fd, int flags)
{
    return flags & O_EXCL ? take(fd, HOST_LOCK_EXCLUSIVE, F_WRLCK, F_OFD_SETLK) : 0;
}

/* sg: O_EXCL excludes every other opener, who waits unless O_NONBLOCK (drivers/scsi/sg.c, sg_open)
 */
static int claim_sg(int fd, int flags)
{
    if ((flags & O_EXCL) && (flags & O_ACCMODE) == O_RDONLY) {
        return -EPERM;
    }
    return take(fd, HOST_LOCK_EXCLUSIVE, flags & O_EXCL ? F_WRLCK : F_RDLCK,
                flags & O_NONBLOCK ? F_OFD_SETLK : F_OFD_SETLKW);
}

/* What sr_block_open and cdrom_open do (drivers/scsi/sr.c, drivers/cdrom/cdrom.c). */
static int open_sr(struct node node, int flags)
{
    struct host_request request = {.op = HOST_OPEN, .drive = node.drive};
    int error;

    if (!(flags & O_NONBLOCK)) {
        request.argument = HOST_OPEN_FOR_DATA;
    }
    error = drive_ask(&request, NULL);
    drive_forget_size(node.drive);
    /* only discs that can be rewritten block by block are opened so */
    return !error && !(flags & O_NONBLOCK) && (flags & O_ACCMODE) != O_RDONLY ? -EROFS : error;
}

int node_open(struct node node, const char *path, int flags)
{
    int fd, error;

    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
        return -EEXIST;
    }
    if (flags & O_DIRECTORY) {
        return -ENOTDIR;
    }
    /* writable, since only such a file can be locked */
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)), 0);
    if (fd < 0) {
        return -errno;
    }
    error = node.kind == NODE_SR ? claim_sr(fd, flags) : claim_sg(fd, flags);
    if (!error) {
        error = take(fd, HOST_LOCK_USER, F_RDLCK, F_OFD_SETLK);
    }
    if (!error && node.kind == NODE_SR) {
        error = open_sr(node, flags);
    }
    if (error) {
        syscall(SYS_close, fd);
        return error;
    }
    node_mark(fd);
    return fd;
}

_Bool node_is_shared(int fd)
{
    struct flock64 lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = HOST_LOCK_USER, .l_len = 1};

    return syscall(SYS_fcntl, fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* ---- reading ---- */

int64_t node_read(struct node node, int fd, void *buf, size_t len)
{
    int64_t at, got;

    if (node.kind != NODE_SR) {
        return -EINVAL;
    }
    pthread_mutex_lock(&offset_lock);
    at = syscall(SYS_lseek, fd, 0, SEEK_CUR);
    got = at < 0 ? -errno : drive_pread(node.drive, buf, len, (uint64_t)at);
    if (got > 0) {
        syscall(SYS_lseek, fd, at + got, SEEK_SET);
    }
    pthread_mutex_unlock(&offset_lock);
    return got;
}

int64_t node_seek(struct node node, int fd, int64_t offset, int whence)
{
    int64_t at;

    if (node.kind != NODE_SR) {
        return -ESPIPE;
    }
    if (whence == SEEK_END) {
        offset += (int64_t)drive_bytes(node.drive);
        whence = SEEK_SET;
    }
    if (whence != SEEK_SET && whence != SEEK_CUR) {
        return -EINVAL; /* SEEK_DATA and SEEK_HOLE are of files */
    }
    at = syscall(SYS_lseek, fd, offset, whence);
    return at < 0 ? -errno : at;
}
