/* SPDX-License-Identifier: MIT */
/* SHCreateMemStream: bytes in one block that grows by doubling. */
#include "api/com/object.h"
#include "api/com/stream.h"

struct memory {
    struct com_store store;
    BYTE *bytes;
    ULONGLONG size, room;
};

static HRESULT memory_read(struct com_store *store, ULONGLONG at, void *buf, ULONG len, ULONG *done)
{
    struct memory *self = (struct memory *)store;
    ULONGLONG there = at < self->size ? self->size - at : 0;

    *done = there < len ? (ULONG)there : len;
    if (*done)
        memcpy(buf, self->bytes + at, *done);
    return S_OK;
}

/* The bytes between the old size and the room are zero always. */
static HRESULT make_room(struct memory *self, ULONGLONG size)
{
    ULONGLONG room = self->room < 4096 ? 4096 : self->room;
    BYTE *bytes;

    if (size <= self->room)
        return S_OK;
    if (size > PTRDIFF_MAX / 2)
        return STG_E_MEDIUMFULL;
    while (room < size)
        room *= 2;
    bytes = CoTaskMemRealloc(self->bytes, (SIZE_T)room);
    if (!bytes)
        return E_OUTOFMEMORY;
    memset(bytes + self->room, 0, (size_t)(room - self->room));
    self->bytes = bytes;
    self->room = room;
    return S_OK;
}

static HRESULT memory_resize(struct com_store *store, ULONGLONG size)
{
    struct memory *self = (struct memory *)store;
    HRESULT hr = make_room(self, size);

    if (FAILED(hr))
        return hr;
    if (size < self->size)
        memset(self->bytes + size, 0, (size_t)(self->size - size));
    self->size = size;
    return S_OK;
}

static HRESULT memory_write(struct com_store *store, ULONGLONG at, const void *buf, ULONG len,
                            ULONG *done)
{
    struct memory *self = (struct memory *)store;
    HRESULT hr = make_room(self, at + len);

    if (FAILED(hr))
        return hr;
    memcpy(self->bytes + at, buf, len);
    if (at + len > self->size)
        self->size = at + len;
    *done = len;
    return S_OK;
}

static HRESULT memory_flush(struct com_store *store)
{
    (void)store;
    return S_OK;
}

static HRESULT memory_stat(struct com_store *store, STATSTG *stat, bool with_name)
{
    (void)with_name; /* it has none */
    stat->cbSize.QuadPart = ((struct memory *)store)->size;
    return S_OK;
}

static void memory_destroy(struct com_store *store)
{
    struct memory *self = (struct memory *)store;

    CoTaskMemFree(self->bytes);
    CoTaskMemFree(self);
}

static const struct com_store_ops memory_ops = {
    .read = memory_read,
    .write = memory_write,
    .resize = memory_resize,
    .flush = memory_flush,
    .stat = memory_stat,
    .destroy = memory_destroy,
};

IStream *SHCreateMemStream(const BYTE *init, UINT cb)
{
    struct memory *self;
    IStream *stream;
    ULONG done;

    if (!init && cb)
        return NULL;
    self = com_zalloc(sizeof(*self));
    if (!self)
        return NULL;
    com_store_init(&self->store, &memory_ops, STGM_READWRITE);
    if (cb && FAILED(memory_write(&self->store, 0, init, cb, &done))) {
        memory_destroy(&self->store);
        return NULL;
    }
    return SUCCEEDED(com_stream_create(&self->store, &stream)) ? stream : NULL;
}
