/* SPDX-License-Identifier: MIT */
/* A disc becomes a sheet, a file of its blocks, and a file of CD-Text packs where it has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <vcdr/image.h>
#include <vcdr/subchannel.h>

#include "formats.h"
#include "of_disc.h"
#include "out.h"
#include "reason.h"

/* What one export makes: sheet, blocks, packs of each session that has some. */
struct making {
    struct vcdr_disc *disc;
    const struct image_format *format;
    const char *sheet;
    struct image image;
    char *bin;
    char *packs[IMAGE_TRACKS]; /* NULL where there are none */
    unsigned made;             /* of the packs: those of sessions below it are there */
    char **why;
};

/* "a/b.cue" gives "a/b" and the ending, any other name gets it behind it. */
static char *path_beside(const struct making *m, const char *ending)
{
    size_t len = strlen(m->sheet), dot = strlen(m->format->ending);
    char *path;

    if (len > dot && strcasecmp(m->sheet + len - dot, m->format->ending) == 0)
        len -= dot;
    return asprintf(&path, "%.*s%s", (int)len, m->sheet, ending) < 0 ? NULL : path;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int name_packs(struct making *m)
{
    for (unsigned s = 0; s < IMAGE_TRACKS; s++) {
        char ending[16] = ".cdt";

        if (!m->format->packs || m->image.text[s].count == 0)
            continue;
        if (s > 0)
            snprintf(ending, sizeof(ending), ".%u.cdt", s + 1);
        m->packs[s] = path_beside(m, ending);
        if (!m->packs[s])
            return reason(m->why, VCDR_ENOMEM, "%s: out of memory", m->sheet);
    }
    return VCDR_OK;
}

static int write_packs(struct making *m)
{
    int rc = VCDR_OK;

    for (; rc == VCDR_OK && m->made < IMAGE_TRACKS; m->made++) {
        const struct image_text *text = &m->image.text[m->made];
        struct out out;

        if (!m->packs[m->made])
            continue;
        rc = out_open(&out, m->packs[m->made], m->why);
        if (rc != VCDR_OK)
            return rc;
        rc = out_write(&out, text->packs, (size_t)text->count * VCDR_PACK_BYTES, m->why);
        rc = out_close(&out, rc, m->why);
        if (rc != VCDR_OK)
            return rc;
    }
    return rc;
}

static void remove_packs(struct making *m)
{
    for (unsigned s = 0; s < m->made; s++)
        if (m->packs[s])
            unlink(m->packs[s]);
}

static int write_bin(struct making *m)
{
    struct out out;
    int rc = out_open(&out, m->bin, m->why);

    if (rc != VCDR_OK)
        return rc;
    rc = image_copy_blocks(m->disc, &m->image, &out, m->why);
    rc = out_close(&out, rc, m->why);
    if (rc != VCDR_OK)
        return rc;
    rc = write_packs(m);
    if (rc != VCDR_OK) {
        remove_packs(m);
        unlink(m->bin);
    }
    return rc;
}

static int write_all(struct making *m)
{
    const char *names[IMAGE_TRACKS];
    struct out out;
    int rc = out_open(&out, m->sheet, m->why);

    if (rc != VCDR_OK)
        return rc;
    for (unsigned s = 0; s < IMAGE_TRACKS; s++)
        names[s] = m->packs[s] ? name_of(m->packs[s]) : NULL;
    rc = m->format->write(&m->image, names, out.f);
    if (rc != VCDR_OK)
        reason(m->why, rc, "%s: %s", m->sheet, vcdr_strerror(rc));
    else
        rc = write_bin(m);
    if (rc != VCDR_OK)
        return out_close(&out, rc, m->why);
    rc = out_close(&out, VCDR_OK, m->why);
    if (rc != VCDR_OK) {
        remove_packs(m);
        unlink(m->bin);
    }
    return rc;
}

static int make(struct making *m)
{
    int rc;

    m->bin = path_beside(m, ".bin");
    if (!m->bin)
        return reason(m->why, VCDR_ENOMEM, "%s: out of memory", m->sheet);
    if (strpbrk(name_of(m->bin), "\"\\\r\n"))
        return reason(m->why, VCDR_EINVAL, "%s: a sheet cannot name such a file", m->bin);
    rc = image_of_disc(m->disc, name_of(m->bin), m->sheet, &m->image, m->why);
    if (rc == VCDR_OK)
        rc = m->format->check ? m->format->check(&m->image, m->sheet, m->why) : VCDR_OK;
    if (rc == VCDR_OK)
        rc = name_packs(m);
    return rc == VCDR_OK ? write_all(m) : rc;
}

static int export_as(struct vcdr_disc *disc, enum image_format_name format, const char *sheet,
                     char **why)
{
    struct making *m = calloc(1, sizeof(*m));
    int rc;

    if (!m)
        return reason(why, VCDR_ENOMEM, "%s: out of memory", sheet);
    m->disc = disc;
    m->format = &image_formats[format];
    m->sheet = sheet;
    m->why = why;
    rc = make(m);
    image_free(&m->image);
    free(m->bin);
    for (unsigned s = 0; s < IMAGE_TRACKS; s++)
        free(m->packs[s]);
    free(m);
    return rc;
}

int vcdr_image_export_cue(struct vcdr_disc *disc, const char *cue_path, char **why)
{
    return export_as(disc, IMAGE_FORMAT_CUE, cue_path, why);
}

int vcdr_image_export_toc(struct vcdr_disc *disc, const char *toc_path, char **why)
{
    return export_as(disc, IMAGE_FORMAT_TOC, toc_path, why);
}
