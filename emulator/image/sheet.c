/* SPDX-License-Identifier: MIT */
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/error.h>

#include "reason.h"
#include "source.h"

enum { SHEET_LIMIT = 1 << 20 };

char *sheet_beside(const char *sheet, const char *name)
{
    const char *slash = strrchr(sheet, '/');
    int folder = slash && name[0] != '/' ? (int)(slash - sheet + 1) : 0;
    char *path;

    return asprintf(&path, "%.*s%s", folder, sheet, name) < 0 ? NULL : path;
}

int sheet_text(const char *path, char **text, size_t *len, char **why)
{
    struct source *source;
    char *bytes = NULL;
    int rc = source_open(path, SOURCE_BYTES, &source, why);

    if (rc != VCDR_OK)
        return rc;
    *len = (size_t)source_bytes(source);
    if (source_bytes(source) > SHEET_LIMIT)
        rc = reason(why, VCDR_EINVAL, "%s: is larger than a sheet can be", path);
    else if (!(bytes = malloc(*len + 1)))
        rc = reason(why, VCDR_ENOMEM, "%s: out of memory", path);
    else
        rc = source_read(source, 0, bytes, (uint32_t)*len, why);
    source_close(source);
    if (rc == VCDR_OK)
        *text = bytes;
    else
        free(bytes);
    return rc;
}
