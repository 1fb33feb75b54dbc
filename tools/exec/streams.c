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
    struct node node;
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
    const struct stream *stream = cookie;

    return (ssize_t)result(node_read(stream->node, stream->fd, buf, len));
}

static int cookie_seek(void *cookie, off64_t *offset, int whence)
{
    const struct stream *stream = cookie;
    int64_t at = result(node_seek(stream->node, stream->fd, *offset, whence));

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
        stream->node = node_of_fd(fd);
        file = fopencookie(stream, mode, functions);
        stream->file = file;
    } else {
        errno = EMFILE;
    }
    pthread_mutex_unlock(&streams_lock);
    return file;
}

static FILE *open_stream(const struct place *place, const char *mode)
{
    int flags = strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
    int fd = (int)result(
        node_open(place->node, place->path, flags | (strchr(mode, 'e') ? O_CLOEXEC : 0)));
    FILE *file = fd < 0 ? NULL : make_stream(fd, mode);

    if (!file && fd >= 0) {
        close(fd);
    }
    return file;
}

EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    REAL(fopen);

    return found && place.node.kind ? open_stream(&place, mode)
                                    : real(REALLY(place, found, path), mode);
}

EXPORT FILE *fopen64(const char *restrict path, const char *restrict mode)
{
    return fopen(path, mode);
}

EXPORT FILE *fdopen(int fd, const char *mode)
{
    REAL(fdopen);

    return node_of_fd(fd).kind ? make_stream(fd, mode) : real(fd, mode);
}

EXPORT int fileno(FILE *file)
{
    struct stream *stream = file ? stream_of(file) : NULL;
    REAL(fileno);

    return stream ? stream->fd : real(file);
}

/* A program that was started with a node as its standard input reads it through stdio as well. */
__attribute__((constructor)) static void adopt_standard_input(void)
{
    if (node_of_fd(STDIN_FILENO).kind) {
        FILE *file = make_stream(STDIN_FILENO, "r");

        stdin = file ? file : stdin;
    }
}
