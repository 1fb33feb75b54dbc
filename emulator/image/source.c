/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vcdr/error.h>

#include "reason.h"

struct source {
    char *name;
    enum source_kind kind;
    uint64_t bytes;
    int fd;         /* bytes */
    SNDFILE *sound; /* NULL for bytes */
    uint64_t next;  /* where sound reads next: seeking is dear in compressed files */
};

static int open_bytes(struct source *s, char **why)
{
    struct stat st;

    if (fstat(s->fd, &st) != 0)
        return reason_errno(why, s->name, "read");
    if (!S_ISREG(st.st_mode))
        return reason(why, VCDR_EINVAL, "%s: is not a plain file", s->name);
    s->bytes = (uint64_t)st.st_size;
    return VCDR_OK;
}

static int open_sound(struct source *s, char **why)
{
    SF_INFO info = {0};

    s->sound = sf_open_fd(s->fd, SFM_READ, &info, SF_FALSE);
    if (!s->sound)
        return reason(why, VCDR_EINVAL, "%s: no audio file that libsndfile can read", s->name);
    if (info.samplerate != 44100 || info.channels != 2)
        return reason(why, VCDR_EINVAL, "%s: has %d Hz and %d channels; a CD has 44100 Hz and 2",
                      s->name, info.samplerate, info.channels);
    s->bytes = (uint64_t)info.frames * 4;
    return VCDR_OK;
}

int source_open(const char *name, enum source_kind kind, struct source **out, char **why)
{
    struct source *s = calloc(1, sizeof(*s));
    int rc;

    if (s)
        s->name = strdup(name);
    if (!s || !s->name) {
        free(s);
        return reason(why, VCDR_ENOMEM, "%s: out of memory", name);
    }
    s->kind = kind;
    /* O_NONBLOCK: a FIFO is refused below, not waited for. */
    s->fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (s->fd < 0)
        rc = reason_errno(why, name, "opened");
    else
        rc = open_bytes(s, why);
    if (rc == VCDR_OK && kind == SOURCE_SOUND)
        rc = open_sound(s, why);
    if (rc != VCDR_OK) {
        source_close(s);
        return rc;
    }
    *out = s;
    return VCDR_OK;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->sound)
        sf_close(s->sound);
    if (s->fd >= 0)
        close(s->fd);
    free(s->name);
    free(s);
}

enum source_kind source_kind(const struct source *s)
{
    return s->kind;
}

uint64_t source_bytes(const struct source *s)
{
    return s->bytes;
}

static int read_bytes(struct source *s, uint64_t offset, uint8_t *to, uint32_t len, char **why)
{
    while (len > 0) {
        ssize_t n = pread(s->fd, to, len, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return reason_errno(why, s->name, "read");
        if (n == 0)
            return reason(why, VCDR_EIO, "%s: became shorter while it was read", s->name);
        to += n;
        offset += (uint64_t)n;
        len -= (uint32_t)n;
    }
    return VCDR_OK;
}

static void swap_samples(uint8_t *p, uint32_t len)
{
    for (uint32_t i = 0; i + 1 < len; i += 2) {
        uint8_t byte = p[i];

        p[i] = p[i + 1];
        p[i + 1] = byte;
    }
}

/* Samples become little-endian bytes whatever this machine is. */
static void put_samples(uint8_t *to, const short *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[2 * i] = (uint8_t)samples[i];
        to[2 * i + 1] = (uint8_t)((unsigned short)samples[i] >> 8);
    }
}

static int read_sound(struct source *s, uint64_t offset, uint8_t *to, uint32_t len, char **why)
{
    short samples[1024];

    if (s->next != offset && offset < s->bytes &&
        sf_seek(s->sound, (sf_count_t)(offset / 4), SEEK_SET) < 0)
        return reason(why, VCDR_EIO, "%s: cannot be searched: %s", s->name, sf_strerror(s->sound));
    memset(to, 0, len);
    for (uint64_t at = offset; len > 0 && at < s->bytes;) {
        uint32_t want = len < sizeof(samples) ? len : sizeof(samples);
        sf_count_t got = sf_readf_short(s->sound, samples, want / 4);

        if (got <= 0)
            return reason(why, VCDR_EIO, "%s: cannot be read: %s", s->name,
                          sf_error(s->sound) ? sf_strerror(s->sound) : "it ends early");
        put_samples(to, samples, (size_t)got * 2);
        to += got * 4;
        at += (uint64_t)got * 4;
        len -= (uint32_t)got * 4;
        s->next = at;
    }
    return VCDR_OK;
}

int source_read(struct source *s, uint64_t offset, void *buf, uint32_t len, char **why)
{
    int rc;

    if (s->kind == SOURCE_SOUND)
        return read_sound(s, offset, buf, len, why);
    rc = read_bytes(s, offset, buf, len, why);
    if (rc == VCDR_OK && s->kind == SOURCE_SWAPPED)
        swap_samples(buf, len);
    return rc;
}
