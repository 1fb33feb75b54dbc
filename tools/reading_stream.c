/* SPDX-License-Identifier: MIT */
#include "reading_stream.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct reading_stream {
    IStream iface;
    atomic_uint refs;
    const struct reading_source *source;
    void *ctx;
};

static struct reading_stream *self_of(IStream *iface)
{
    return (struct reading_stream *)(void *)iface; /* its first member */
}

static ULONG add_ref(IStream *iface)
{
    return atomic_fetch_add(&self_of(iface)->refs, 1) + 1;
}

static HRESULT query_interface(IStream *iface, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_ISequentialStream) &&
        !IsEqualIID(iid, &IID_IStream))
        return E_NOINTERFACE;
    add_ref(iface);
    *out = iface;
    return S_OK;
}

static ULONG release(IStream *iface)
{
    struct reading_stream *self = self_of(iface);
    ULONG left = atomic_fetch_sub(&self->refs, 1) - 1;

    if (left == 0) {
        self->source->release(self->ctx);
        free(self);
    }
    return left;
}

static HRESULT read_stream(IStream *iface, void *to, ULONG size, ULONG *read)
{
    struct reading_stream *self = self_of(iface);
    ULONG got = 0;
    HRESULT hr = STG_E_INVALIDPOINTER;

    if (to != NULL)
        hr = self->source->read(self->ctx, to, size, &got);
    if (read != NULL)
        *read = got;
    return hr;
}

static HRESULT seek(IStream *iface, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
{
    struct reading_stream *self = self_of(iface);
    uint64_t at;
    HRESULT hr = self->source->seek(self->ctx, move.QuadPart, origin, &at);

    if (SUCCEEDED(hr) && position != NULL)
        position->QuadPart = at;
    return hr;
}

static HRESULT stat_stream(IStream *iface, STATSTG *stat, DWORD flag)
{
    struct reading_stream *self = self_of(iface);
    uint64_t size;
    HRESULT hr;

    (void)flag;
    if (stat == NULL)
        return STG_E_INVALIDPOINTER;
    hr = self->source->size(self->ctx, &size);
    if (FAILED(hr))
        return hr;
    memset(stat, 0, sizeof(*stat));
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = size;
    return S_OK;
}

static HRESULT write_stream(IStream *iface, const void *from, ULONG size, ULONG *written)
{
    (void)iface, (void)from, (void)size;
    if (written != NULL)
        *written = 0;
    return STG_E_ACCESSDENIED;
}

static HRESULT set_size(IStream *iface, ULARGE_INTEGER size)
{
    (void)iface, (void)size;
    return STG_E_ACCESSDENIED;
}

static HRESULT copy_to(IStream *iface, IStream *to, ULARGE_INTEGER size, ULARGE_INTEGER *read,
                       ULARGE_INTEGER *written)
{
    (void)iface, (void)to, (void)size, (void)read, (void)written;
    return E_NOTIMPL;
}

static HRESULT commit(IStream *iface, DWORD flags)
{
    (void)iface, (void)flags;
    return S_OK;
}

static HRESULT revert(IStream *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT region(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER size, DWORD type)
{
    (void)iface, (void)offset, (void)size, (void)type;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT clone(IStream *iface, IStream **out)
{
    (void)iface;
    if (out != NULL)
        *out = NULL;
    return E_NOTIMPL;
}

static const IStreamVtbl vtable = {
    .QueryInterface = query_interface,
    .AddRef = add_ref,
    .Release = release,
    .Read = read_stream,
    .Write = write_stream,
    .Seek = seek,
    .SetSize = set_size,
    .CopyTo = copy_to,
    .Commit = commit,
    .Revert = revert,
    .LockRegion = region,
    .UnlockRegion = region,
    .Stat = stat_stream,
    .Clone = clone,
};

IStream *reading_stream_new(const struct reading_source *source, void *ctx)
{
    struct reading_stream *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->iface.lpVtbl = (IStreamVtbl *)&vtable;
    atomic_init(&self->refs, 1);
    self->source = source;
    self->ctx = ctx;
    return &self->iface;
}
