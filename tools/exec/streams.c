/* SPDX-License-Identifier: MIT */
/* stdio on the nodes. */
#include "preload.h"

#include <fcntl.h>
#include <unistd.h>

/*
 * A stream over a descriptor of ours: stdio's own reads do not come through here, so its functions
 * are given to it. Such a stream has no descriptor of its own, so fileno is answered as well.
 */
struct stream {
    FILE *file;
    int fd;
};
#define MOST_STREAMS 16
static pthread_mutex_t streams_lock = PTHREAD_MUTEX_INITIALIZER;
static struct stream streams[MOST_STREAMS];

static struct stream *stream_of(const FILE *file)
{
    for (int i = 0; i < MOST_STREAMS; i++) {
        if (streams[i].file == file) {
            return &streams[i];
        }
    }
    return NULL;
}

static ssize_t cookie_read(void *cookie, char *buf, size_t len)
{
    return (ssize_t)result(files_read(((struct stream *)cookie)->fd, buf, len));
}

static int cookie_seek(void *cookie, off64_t *offset, int whence)
{
    int64_t at = result(files_seek(((struct stream *)cookie)->fd, *offset, whence));

    if (at < 0) {
        return -1;
    }
    *offset = at;
    return 0;
}

static int cookie_close(void *cookie)
{
    struct stream *stream = cookie;
    int done = close(stream->fd);

    stream->file = NULL;
    return done;
}

static FILE *make_stream(int fd, const char *mode)
{
    static const cookie_io_functions_t functions = {
        .read = cookie_read, .seek = cookie_seek, .close = cookie_close};
    struct stream *stream;
    FILE *file = NULL;

    pthread_mutex_lock(&streams_lock);
    stream = stream_of(NULL);
    if (stream) {
        stream->fd = fd;
        file = fopencookie(stream, mode, functions);
        stream->file = file;
    } else {
        errno = EMFILE;
    }
    pthread_mutex_unlock(&streams_lock);
    return file;
}

static FILE *open_stream(enum node node, const char *mode)
{
    int fd = (int)result(files_open(node, O_RDONLY));
    FILE *file = fd < 0 ? NULL : make_stream(fd, mode);

    if (!file && fd >= 0) {
        close(fd);
    }
    return file;
}

EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
    enum node node = node_of(path);
    REAL(fopen);

    return node ? open_stream(node, mode) : real(path, mode);
}

EXPORT FILE *fopen64(const char *restrict path, const char *restrict mode)
{
    enum node node = node_of(path);
    REAL(fopen64);

    return node ? open_stream(node, mode) : real(path, mode);
}

EXPORT FILE *fdopen(int fd, const char *mode)
{
    REAL(fdopen);

    return files_node(fd) ? make_stream(fd, mode) : real(fd, mode);
}

EXPORT int fileno(FILE *file)
{
    struct stream *stream = stream_of(file);
    REAL(fileno);

    return stream ? stream->fd : real(file);
}
