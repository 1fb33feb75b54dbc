/* SPDX-License-Identifier: MIT */
#include "reason.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <vcdr/error.h>

int reason(char **why, int rc, const char *format, ...)
{
    va_list args;

    if (!why)
        return rc;
    va_start(args, format);
    if (vasprintf(why, format, args) < 0)
        *why = NULL;
    va_end(args);
    return rc;
}

static int error_of(int err)
{
    switch (err) {
    case ENOENT:
    case ENOTDIR:
        return VCDR_ENOENT;
    case EEXIST:
        return VCDR_EEXIST;
    case EACCES:
    case EPERM:
    case EROFS:
        return VCDR_EACCESS;
    case ENOMEM:
        return VCDR_ENOMEM;
    default:
        return VCDR_EIO;
    }
}

int reason_errno(char **why, const char *name, const char *doing)
{
    int rc = error_of(errno);

    return reason(why, rc, "%s: cannot be %s: %m", name, doing); /* %m: glibc's strerror */
}
