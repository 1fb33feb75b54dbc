/* SPDX-License-Identifier: MIT */
#include "api/com/stream.h"

#include "api/com/object.h"

#define COPY_CHUNK 65536u

struct stream {
    struct com_object com;
    struct com_face face;
    struct com_store *store;
    ULONGLONG position; /* under the store's lock */
};

void com_store_init(struct com_store *store, const struct com_store_ops *ops, DWORD mode)
{
    store->ops = ops;
    pthread_mutex_init(&store->lock, NULL);
    atomic_init(&store->refs, 1);
    store->mode = mode;
}

static void store_release(struct com_store *store)
{
    if (atomic_fetch_sub(&store->refs, 1) != 1)
        return;
    pthread_mutex_destroy(&store->lock);
    store->ops->destroy(store);
}

static void stream_destroy(void *object)
{
    struct stream *self = object;

    store_release(self->store);
    com_delete(self);
}

static const struct com_interface stream_interfaces[] = {
    {&IID_IStream, offsetof(struct stream, face)},
    {&IID_ISequentialStream, offsetof(struct stream, face)},
};
static const struct com_class stream_class = {stream_interfaces, 2, stream_destroy};

COM_UNKNOWN_METHODS(IStream, stream)

/* The two ways to move bytes: with the lock held, and the position after them. */
static HRESULT read_here(struct stream *self, void *buf, ULONG len, ULONG *done)
{
    HRESULT hr;

    *done = 0;
    if ((self->store->mode & 3) == STGM_WRITE)
        return STG_E_ACCESSDENIED;
    hr = self->store->ops->read(self->store, self->position, buf, len, done);
    self->position += *done;
    return hr;
}

static HRESULT write_here(struct stream *self, const void *buf, ULONG len, ULONG *done)
{
    HRESULT hr;

    *done = 0;
    if ((self->store->mode & 3) == STGM_READ)
        return STG_E_ACCESSDENIED;
    if (len == 0)
        return S_OK;
    if (self->position > COM_STORE_MAX - len)
        return STG_E_MEDIUMFULL;
    hr = self->store->ops->write(self->store, self->position, buf, len, done);
    self->position += *done;
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_Read(IStream *This, void *buf, ULONG len, ULONG *fetched)
{
    struct stream *self = com_self(This);
    ULONG done;
    HRESULT hr;

    if (fetched)
        *fetched = 0;
    if (!buf)
        return STG_E_INVALIDPOINTER;
    pthread_mutex_lock(&self->store->lock);
    hr = read_here(self, buf, len, &done);
    pthread_mutex_unlock(&self->store->lock);
    if (fetched)
        *fetched = done;
    if (FAILED(hr))
        return hr;
    return done == len ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE stream_Write(IStream *This, const void *buf, ULONG len,
                                              ULONG *written)
{
    struct stream *self = com_self(This);
    ULONG done;
    HRESULT hr;

    if (written)
        *written = 0;
    if (!buf)
        return STG_E_INVALIDPOINTER;
    pthread_mutex_lock(&self->store->lock);
    hr = write_here(self, buf, len, &done);
    pthread_mutex_unlock(&self->store->lock);
    if (written)
        *written = done;
    return hr;
}

static HRESULT store_size(struct com_store *store, ULONGLONG *size)
{
    STATSTG stat;
    HRESULT hr;

    memset(&stat, 0, sizeof(stat));
    hr = store->ops->stat(store, &stat, false);
    *size = stat.cbSize.QuadPart;
    return hr;
}

/* Where a seek starts; STREAM_SEEK_SET reads its distance as unsigned. */
static HRESULT seek_base(struct stream *self, DWORD origin, ULONGLONG *base)
{
    switch (origin) {
    case STREAM_SEEK_SET:
        *base = 0;
        return S_OK;
    case STREAM_SEEK_CUR:
        *base = self->position;
        return S_OK;
    case STREAM_SEEK_END:
        return store_size(self->store, base);
    default:
        return STG_E_INVALIDFUNCTION;
    }
}

static HRESULT STDMETHODCALLTYPE stream_Seek(IStream *This, LARGE_INTEGER move, DWORD origin,
                                             ULARGE_INTEGER *position)
{
    struct stream *self = com_self(This);
    ULONGLONG base, back = 0 - (ULONGLONG)move.QuadPart;
    HRESULT hr;

    pthread_mutex_lock(&self->store->lock);
    hr = seek_base(self, origin, &base);
    if (FAILED(hr))
        goto out;
    /* before the beginning, or above 2^63 - 1 */
    if (move.QuadPart < 0 ? back > base : (ULONGLONG)move.QuadPart > COM_STORE_MAX - base)
        hr = STG_E_INVALIDFUNCTION;
    else
        self->position = base + (ULONGLONG)move.QuadPart;
out:
    if (position)
        position->QuadPart = self->position;
    pthread_mutex_unlock(&self->store->lock);
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_SetSize(IStream *This, ULARGE_INTEGER size)
{
    struct stream *self = com_self(This);
    HRESULT hr;

    if ((self->store->mode & 3) == STGM_READ)
        return STG_E_ACCESSDENIED;
    if (size.QuadPart > COM_STORE_MAX)
        return STG_E_MEDIUMFULL;
    pthread_mutex_lock(&self->store->lock);
    hr = self->store->ops->resize(self->store, size.QuadPart);
    pthread_mutex_unlock(&self->store->lock);
    return hr;
}

/* The target may be foreign, or a clone of this stream: it is written to without the lock. */
static HRESULT copy_chunks(struct stream *self, IStream *target, ULONGLONG left, void *chunk,
                           ULONGLONG *read, ULONGLONG *written)
{
    while (left) {
        ULONG want = left < COPY_CHUNK ? (ULONG)left : COPY_CHUNK;
        ULONG got = 0, put = 0;
        HRESULT hr;

        pthread_mutex_lock(&self->store->lock);
        hr = read_here(self, chunk, want, &got);
        pthread_mutex_unlock(&self->store->lock);
        *read += got;
        if (FAILED(hr) || !got)
            return hr;
        hr = target->lpVtbl->Write(target, chunk, got, &put);
        *written += put;
        if (FAILED(hr))
            return hr;
        if (put != got)
            return STG_E_MEDIUMFULL;
        left -= got;
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_CopyTo(IStream *This, IStream *target, ULARGE_INTEGER cb,
                                               ULARGE_INTEGER *read, ULARGE_INTEGER *written)
{
    ULONGLONG got = 0, put = 0;
    void *chunk;
    HRESULT hr;

    if (read)
        read->QuadPart = 0;
    if (written)
        written->QuadPart = 0;
    if (!target)
        return STG_E_INVALIDPOINTER;
    chunk = CoTaskMemAlloc(COPY_CHUNK);
    if (!chunk)
        return E_OUTOFMEMORY;
    hr = copy_chunks(com_self(This), target, cb.QuadPart, chunk, &got, &put);
    CoTaskMemFree(chunk);
    if (read)
        read->QuadPart = got;
    if (written)
        written->QuadPart = put;
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_Commit(IStream *This, DWORD flags)
{
    struct stream *self = com_self(This);
    HRESULT hr;

    (void)flags; /* all of them are about transactions, which there are none of */
    pthread_mutex_lock(&self->store->lock);
    hr = self->store->ops->flush(self->store);
    pthread_mutex_unlock(&self->store->lock);
    return hr;
}

/* Nothing is pending outside a transaction. */
static HRESULT STDMETHODCALLTYPE stream_Revert(IStream *This)
{
    (void)This;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_LockRegion(IStream *This, ULARGE_INTEGER offset,
                                                   ULARGE_INTEGER cb, DWORD type)
{
    (void)This, (void)offset, (void)cb, (void)type;
    return STG_E_INVALIDFUNCTION; /* "no locking", as grfLocksSupported says */
}

static HRESULT STDMETHODCALLTYPE stream_UnlockRegion(IStream *This, ULARGE_INTEGER offset,
                                                     ULARGE_INTEGER cb, DWORD type)
{
    return stream_LockRegion(This, offset, cb, type);
}

static HRESULT STDMETHODCALLTYPE stream_Stat(IStream *This, STATSTG *stat, DWORD flags)
{
    struct stream *self = com_self(This);
    HRESULT hr;

    if (!stat)
        return STG_E_INVALIDPOINTER;
    memset(stat, 0, sizeof(*stat));
    if (flags & ~(DWORD)STATFLAG_NONAME)
        return STG_E_INVALIDFLAG;
    stat->type = STGTY_STREAM;
    stat->grfMode = self->store->mode;
    pthread_mutex_lock(&self->store->lock);
    hr = self->store->ops->stat(self->store, stat, !(flags & STATFLAG_NONAME));
    pthread_mutex_unlock(&self->store->lock);
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_Clone(IStream *This, IStream **result)
{
    struct stream *self = com_self(This);
    struct stream *copy;
    HRESULT hr;

    if (!result)
        return STG_E_INVALIDPOINTER;
    atomic_fetch_add(&self->store->refs, 1);
    hr = com_stream_create(self->store, result);
    if (FAILED(hr))
        return hr;
    copy = com_self(*result);
    pthread_mutex_lock(&self->store->lock);
    copy->position = self->position;
    pthread_mutex_unlock(&self->store->lock);
    return S_OK;
}

static const IStreamVtbl stream_vtbl = {
    COM_UNKNOWN_SLOTS(stream),
    .Read = stream_Read,
    .Write = stream_Write,
    .Seek = stream_Seek,
    .SetSize = stream_SetSize,
    .CopyTo = stream_CopyTo,
    .Commit = stream_Commit,
    .Revert = stream_Revert,
    .LockRegion = stream_LockRegion,
    .UnlockRegion = stream_UnlockRegion,
    .Stat = stream_Stat,
    .Clone = stream_Clone,
};

HRESULT com_stream_create(struct com_store *store, IStream **stream)
{
    struct stream *self = com_new(sizeof(*self), &stream_class);

    *stream = NULL;
    if (!self) {
        store_release(store);
        return E_OUTOFMEMORY;
    }
    com_face_init(&self->face, &stream_vtbl, &self->com);
    self->store = store;
    *stream = (IStream *)(void *)&self->face;
    return S_OK;
}
