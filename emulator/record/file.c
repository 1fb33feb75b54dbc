/* SPDX-License-Identifier: MIT */
/*
 * The record's lines in a file. Whoever writes a line holds the file's lock for that long and looks
 * whether the file has grown since: so drives, threads, handles and even processes may share one
 * file, and `seq` still has no gap.
 */
#include <vcdr/record.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_ROOM = 16384, TAIL_STEP = 4096 };

static const char line_start[] = "{\"seq\":";

struct vcdr_record_file {
    pthread_mutex_t mutex;
    char *path;
    int fd;
    bool regular; /* a pipe or terminal has no past: seq starts at 1 */
    off_t size;   /* of the file when `seq` was its last */
    uint64_t seq;
    _Atomic int error; /* first failure; nothing is written after it */
    vcdr_record_line_fn watch; /* NULL: nobody watches */
    void *watch_ctx;
    char line[LINE_ROOM];
};

static int error_of_errno(void)
{
    switch (errno) {
    case ENOMEM:
        return VCDR_ENOMEM;
    case ENOENT:
    case ENOTDIR:
        return VCDR_ENOENT;
    case EACCES:
    case EPERM:
    case EROFS:
        return VCDR_EACCESS;
    default:
        return VCDR_EIO;
    }
}

/* flock is interrupted by signals that the program may have handlers for. */
static int lock(const struct vcdr_record_file *file)
{
    while (file->regular && flock(file->fd, LOCK_EX) != 0) {
        if (errno != EINTR)
            return VCDR_EIO;
    }
    return VCDR_OK;
}

static void unlock(const struct vcdr_record_file *file)
{
    if (file->regular)
        flock(file->fd, LOCK_UN);
}

static int read_at(int fd, off_t at, char *buf, size_t len)
{
    while (len > 0) {
        ssize_t n = pread(fd, buf, len, at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return VCDR_EIO;
        buf += n;
        at += n;
        len -= (size_t)n;
    }
    return VCDR_OK;
}

/* Offset just behind the last newline before `end`; 0 when there is none. */
static int behind_newline(int fd, off_t end, off_t *out)
{
    char buf[TAIL_STEP];

    while (end > 0) {
        size_t n = end < TAIL_STEP ? (size_t)end : TAIL_STEP;
        int err = read_at(fd, end - (off_t)n, buf, n);

        if (err != VCDR_OK)
            return err;
        for (size_t i = n; i > 0; i--) {
            if (buf[i - 1] == '\n') {
                *out = end - (off_t)(n - i);
                return VCDR_OK;
            }
        }
        end -= (off_t)n;
    }
    *out = 0;
    return VCDR_OK;
}

/* The number of the line at `at`; VCDR_EINVAL when it is no line of a record. */
static int seq_at(int fd, off_t at, off_t end, uint64_t *seq)
{
    char buf[sizeof(line_start) + 20] = "";
    size_t n = sizeof(buf) - 1;
    char *tail;
    int err;

    if (end - at < (off_t)n)
        n = (size_t)(end - at);
    err = read_at(fd, at, buf, n);
    if (err != VCDR_OK)
        return err;
    if (strncmp(buf, line_start, sizeof(line_start) - 1) != 0)
        return VCDR_EINVAL;
    errno = 0;
    *seq = strtoull(buf + sizeof(line_start) - 1, &tail, 10);
    return errno == 0 && *tail == ',' ? VCDR_OK : VCDR_EINVAL;
}

/* Nobody's file may be cut but a record: it begins like one, as far as it goes. */
static int looks_like_record(int fd, off_t size)
{
    char buf[sizeof(line_start)] = "";
    size_t n = sizeof(line_start) - 1;
    int err;

    if (size < (off_t)n)
        n = (size_t)size;
    err = read_at(fd, 0, buf, n);
    if (err != VCDR_OK)
        return err;
    return memcmp(buf, line_start, n) == 0 ? VCDR_OK : VCDR_EINVAL;
}

/* With the lock held: takes up the number of the last whole line, cuts off what follows it. */
static int catch_up(struct vcdr_record_file *file)
{
    off_t whole, last = 0;
    uint64_t seq = 0;
    struct stat st;
    int err;

    if (!file->regular)
        return VCDR_OK;
    if (fstat(file->fd, &st) != 0)
        return VCDR_EIO;
    if (st.st_size == file->size)
        return VCDR_OK;
    err = looks_like_record(file->fd, st.st_size);
    if (err == VCDR_OK)
        err = behind_newline(file->fd, st.st_size, &whole);
    if (err == VCDR_OK && whole > 0)
        err = behind_newline(file->fd, whole - 1, &last);
    if (err == VCDR_OK && whole > 0)
        err = seq_at(file->fd, last, whole, &seq);
    if (err != VCDR_OK)
        return err;
    if (whole != st.st_size && ftruncate(file->fd, whole) != 0)
        return VCDR_EIO;
    file->size = whole;
    file->seq = seq;
    return VCDR_OK;
}

/* One write(2): whoever reads meanwhile sees whole lines. A short one is taken back. */
static int append(struct vcdr_record_file *file, const char *line, size_t len)
{
    ssize_t n;

    do {
        n = write(file->fd, line, len);
    } while (n < 0 && errno == EINTR);
    if (n == (ssize_t)len) {
        file->size += n;
        file->seq++;
        return VCDR_OK;
    }
    if (n > 0 && file->regular && ftruncate(file->fd, file->size) != 0)
        return VCDR_EIO;
    return VCDR_EIO;
}

static int emit_line(struct vcdr_record_file *file, const struct vcdr_event *event)
{
    char *line = file->line, *longer = NULL;
    size_t len;
    int err = lock(file);

    if (err != VCDR_OK)
        return err;
    err = catch_up(file);
    if (err != VCDR_OK)
        goto out;
    len = vcdr_record_line(event, file->seq + 1, line, sizeof(file->line));
    if (len >= sizeof(file->line)) {
        line = longer = malloc(len + 1);
        if (longer == NULL) {
            err = VCDR_ENOMEM;
            goto out;
        }
        vcdr_record_line(event, file->seq + 1, line, len + 1);
    }
    err = append(file, line, len);
    if (err == VCDR_OK && file->watch != NULL)
        file->watch(file->watch_ctx, line, len);
out:
    free(longer);
    unlock(file);
    return err;
}

static void file_emit(void *ctx, const struct vcdr_event *event)
{
    struct vcdr_record_file *file = ctx;

    pthread_mutex_lock(&file->mutex);
    if (file->error == VCDR_OK) {
        file->error = emit_line(file, event);
        if (file->error != VCDR_OK)
            fprintf(stderr, "vcdr: %s: the record ends here: %s\n", file->path,
                    vcdr_strerror(file->error));
    }
    pthread_mutex_unlock(&file->mutex);
}

static int open_and_catch_up(struct vcdr_record_file *file)
{
    struct stat st;
    int err;

    file->fd = open(file->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (file->fd < 0)
        return error_of_errno();
    if (fstat(file->fd, &st) != 0)
        return VCDR_EIO;
    file->regular = S_ISREG(st.st_mode);
    err = lock(file);
    if (err != VCDR_OK)
        return err;
    err = catch_up(file);
    unlock(file);
    return err;
}

int vcdr_record_file_open(const char *path, struct vcdr_record_file **out)
{
    struct vcdr_record_file *file = calloc(1, sizeof(*file));
    int err;

    if (file == NULL)
        return VCDR_ENOMEM;
    file->fd = -1;
    pthread_mutex_init(&file->mutex, NULL);
    file->path = strdup(path);
    err = file->path != NULL ? open_and_catch_up(file) : VCDR_ENOMEM;
    if (err != VCDR_OK) {
        vcdr_record_file_close(file);
        return err;
    }
    *out = file;
    return VCDR_OK;
}

struct vcdr_record vcdr_record_file_sink(struct vcdr_record_file *file)
{
    struct vcdr_record record = {file_emit, file};

    return record;
}

void vcdr_record_file_watch(struct vcdr_record_file *file, vcdr_record_line_fn fn, void *ctx)
{
    file->watch = fn;
    file->watch_ctx = ctx;
}

int vcdr_record_file_error(const struct vcdr_record_file *file)
{
    return file->error;
}

void vcdr_record_file_close(struct vcdr_record_file *file)
{
    if (file == NULL)
        return;
    if (file->fd >= 0)
        close(file->fd);
    pthread_mutex_destroy(&file->mutex);
    free(file->path);
    free(file);
}
