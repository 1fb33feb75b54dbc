/* SPDX-License-Identifier: MIT */
#include "core.h"

#include <string.h>

uint16_t get_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t get_be24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

uint32_t get_be32(const uint8_t *p)
{
    return (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
}

void put_be16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

void put_be32(uint8_t *p, uint32_t v)
{
    put_be16(p, (uint16_t)(v >> 16));
    put_be16(p + 2, (uint16_t)v);
}

void put_be64(uint8_t *p, uint64_t v)
{
    put_be32(p, (uint32_t)(v >> 32));
    put_be32(p + 4, (uint32_t)v);
}

/* Bytes of a put of `len` at `at` that lie inside the room. */
static size_t kept(const struct writer *w, size_t at, size_t len)
{
    if (at >= w->room)
        return 0;
    return len < w->room - at ? len : w->room - at;
}

void writer_put(struct writer *w, const void *data, size_t len)
{
    size_t n = kept(w, w->len, len);

    if (n > 0)
        memcpy(w->buf + w->len, data, n);
    w->len += len;
}

void writer_zero(struct writer *w, size_t len)
{
    size_t n = kept(w, w->len, len);

    if (n > 0)
        memset(w->buf + w->len, 0, n);
    w->len += len;
}

void writer_u8(struct writer *w, uint8_t v)
{
    writer_put(w, &v, 1);
}

void writer_be16(struct writer *w, uint16_t v)
{
    uint8_t b[2];

    put_be16(b, v);
    writer_put(w, b, sizeof(b));
}

void writer_be32(struct writer *w, uint32_t v)
{
    uint8_t b[4];

    put_be32(b, v);
    writer_put(w, b, sizeof(b));
}

static void patch(struct writer *w, size_t at, const uint8_t *data, size_t len)
{
    size_t n = kept(w, at, len);

    if (n > 0)
        memcpy(w->buf + at, data, n);
}

void writer_patch16(struct writer *w, size_t at, uint16_t v)
{
    uint8_t b[2];

    put_be16(b, v);
    patch(w, at, b, sizeof(b));
}

void writer_patch32(struct writer *w, size_t at, uint32_t v)
{
    uint8_t b[4];

    put_be32(b, v);
    patch(w, at, b, sizeof(b));
}
