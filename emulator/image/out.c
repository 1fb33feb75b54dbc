/* SPDX-License-Identifier: MIT */
#include "out.h"

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>
#include <vcdr/error.h>

#include "reason.h"

int out_open(struct out *out, const char *name, char **why)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return reason_errno(why, name, "created");
    out->name = name;
    out->f = fdopen(fd, "w");
    if (out->f)
        return VCDR_OK;
    close(fd);
    unlink(name);
    return reason(why, VCDR_ENOMEM, "%s: out of memory", name);
}

int out_close(struct out *out, int rc, char **why)
{
    bool failed = rc == VCDR_OK && (fflush(out->f) != 0 || ferror(out->f));

    if (failed)
        rc = reason_errno(why, out->name, "written");
    if (fclose(out->f) != 0 && rc == VCDR_OK)
        rc = reason_errno(why, out->name, "written");
    if (rc != VCDR_OK)
        unlink(out->name);
    return rc;
}

int out_write(struct out *out, const void *data, size_t len, char **why)
{
    return fwrite(data, 1, len, out->f) == len ? VCDR_OK : reason_errno(why, out->name, "written");
}
