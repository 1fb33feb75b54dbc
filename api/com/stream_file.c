/* SPDX-License-Identifier: MIT */
/* SHCreateStreamOnFileEx: a file of the host, by its descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "api/com/object.h"
#include "api/com/stream.h"
#include "api/com/text.h"

struct file {
    struct com_store store;
    int fd;
    OLECHAR *name; /* as the caller gave it */
};

static HRESULT hresult_of_errno(int error)
{
    switch (error) {
    case ENOENT:
        return HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP:
        return HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
    case EEXIST:
        return HRESULT_FROM_WIN32(ERROR_FILE_EXISTS);
    case EMFILE:
    case ENFILE:
        return HRESULT_FROM_WIN32(ERROR_TOO_MANY_OPEN_FILES);
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
    case ETXTBSY:
        return E_ACCESSDENIED;
    case ENOMEM:
        return E_OUTOFMEMORY;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return STG_E_MEDIUMFULL;
    default:
        return E_FAIL;
    }
}

static HRESULT file_read(struct com_store *store, ULONGLONG at, void *buf, ULONG len, ULONG *done)
{
    struct file *self = (struct file *)store;

    while (*done < len) {
        ssize_t n = pread(self->fd, (char *)buf + *done, len - *done, (off_t)(at + *done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return STG_E_READFAULT;
        if (n == 0)
            break;
        *done += (ULONG)n;
    }
    return S_OK;
}

static HRESULT file_write(struct com_store *store, ULONGLONG at, const void *buf, ULONG len,
                          ULONG *done)
{
    struct file *self = (struct file *)store;

    while (*done < len) {
        ssize_t n = pwrite(self->fd, (const char *)buf + *done, len - *done, (off_t)(at + *done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? STG_E_MEDIUMFULL
                                                                        : STG_E_WRITEFAULT;
        *done += (ULONG)n;
    }
    return S_OK;
}

static HRESULT file_resize(struct com_store *store, ULONGLONG size)
{
    return ftruncate(((struct file *)store)->fd, (off_t)size) ? hresult_of_errno(errno) : S_OK;
}

static HRESULT file_flush(struct com_store *store)
{
    if ((store->mode & 3) != STGM_READ && fdatasync(((struct file *)store)->fd))
        return STG_E_WRITEFAULT;
    return S_OK;
}

static FILETIME filetime_of(struct timespec t)
{
    const LONGLONG epoch = 11644473600LL; /* seconds from 1601-01-01 to 1970-01-01 */
    ULONGLONG ticks = (ULONGLONG)((t.tv_sec + epoch) * 10000000LL + t.tv_nsec / 100);
    FILETIME ft = {(DWORD)ticks, (DWORD)(ticks >> 32)};

    return ft;
}

static OLECHAR *duplicate(const OLECHAR *text)
{
    size_t size = (com_wide_length(text) + 1) * sizeof(*text);
    OLECHAR *copy = CoTaskMemAlloc(size);

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

static HRESULT file_stat(struct com_store *store, STATSTG *stat, bool with_name)
{
    struct file *self = (struct file *)store;
    struct stat st;
    off_t end;

    if (fstat(self->fd, &st))
        return hresult_of_errno(errno);
    end = S_ISREG(st.st_mode) ? st.st_size : lseek(self->fd, 0, SEEK_END); /* a block device */
    if (end < 0)
        return STG_E_SEEKERROR;
    if (with_name) {
        stat->pwcsName = duplicate(self->name);
        if (!stat->pwcsName)
            return E_OUTOFMEMORY;
    }
    stat->cbSize.QuadPart = (ULONGLONG)end;
    stat->mtime = filetime_of(st.st_mtim);
    stat->ctime = filetime_of(st.st_ctim);
    stat->atime = filetime_of(st.st_atim);
    return S_OK;
}

static void file_destroy(struct com_store *store)
{
    struct file *self = (struct file *)store;

    close(self->fd);
    CoTaskMemFree(self->name);
    CoTaskMemFree(self);
}

static const struct com_store_ops file_ops = {
    .read = file_read,
    .write = file_write,
    .resize = file_resize,
    .flush = file_flush,
    .stat = file_stat,
    .destroy = file_destroy,
};

/* The flags of open(2), or -1 for a mode that is none. */
static int open_flags(DWORD mode, BOOL create)
{
    static const int access_of[4] = {O_RDONLY, O_WRONLY, O_RDWR, -1};
    const DWORD known = 0x3 | 0x70 | STGM_CREATE;
    int flags = access_of[mode & 3];

    if (flags < 0 || (mode & ~known))
        return -1;
    if (mode & STGM_CREATE)
        flags |= O_CREAT | O_TRUNC;
    else if (create)
        flags |= O_CREAT | O_EXCL;
    return flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK; /* a FIFO must not make us wait */
}

static HRESULT open_path(LPCWSTR name, int flags, int *fd)
{
    struct stat st;
    char *path;
    HRESULT hr = com_utf8_from_wide(name, com_wide_length(name), &path);

    if (FAILED(hr))
        return hr;
    *fd = open(path, flags, 0666);
    if (*fd < 0)
        hr = hresult_of_errno(errno);
    CoTaskMemFree(path);
    if (FAILED(hr))
        return hr;
    if (fstat(*fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)))
        return S_OK;
    close(*fd); /* a folder, a pipe: nothing that can be positioned */
    return E_ACCESSDENIED;
}

HRESULT SHCreateStreamOnFileEx(LPCWSTR name, DWORD mode, DWORD attributes, BOOL create,
                               IStream *templ, IStream **stream)
{
    int flags = open_flags(mode, create);
    struct file *self;
    HRESULT hr;

    (void)attributes;
    if (!stream)
        return E_INVALIDARG;
    *stream = NULL;
    if (!name || templ)
        return E_INVALIDARG;
    if (flags < 0)
        return STG_E_INVALIDFLAG;
    self = com_zalloc(sizeof(*self));
    if (!self)
        return E_OUTOFMEMORY;
    com_store_init(&self->store, &file_ops, mode & ~(DWORD)STGM_CREATE);
    self->fd = -1;
    self->name = duplicate(name);
    hr = self->name ? open_path(name, flags, &self->fd) : E_OUTOFMEMORY;
    if (FAILED(hr)) {
        CoTaskMemFree(self->name);
        CoTaskMemFree(self);
        return hr;
    }
    return com_stream_create(&self->store, stream);
}
