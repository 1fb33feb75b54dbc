/* SPDX-License-Identifier: MIT */
/* The reader of TOC files: any bytes as one. An image that it gives lies within its files. */
#define _XOPEN_SOURCE 700
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vcdr/disc.h>

#include "emulator/image/formats.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"

enum { SHEET = 8192, BIN_BLOCKS = 320 };

/* ---- the folder of the sheet, made once ---- */

static char folder[64];

static void path_of(const char *name, char path[128])
{
    snprintf(path, 128, "%s/%s", folder, name);
}

static void write_file(const char *name, const void *data, size_t len)
{
    char path[128];
    FILE *file;

    path_of(name, path);
    file = fopen(path, "wb");
    MUST(file != NULL && fwrite(data, 1, len, file) == len && fclose(file) == 0);
}

static void remove_folder(void)
{
    char path[128];

    path_of("a.bin", path);
    unlink(path);
    path_of("sheet.toc", path);
    unlink(path);
    rmdir(folder);
}

static void make_folder(void)
{
    static const uint8_t bytes[BIN_BLOCKS * 2352];
    const char *tmp = getenv("TMPDIR"); /* run.sh takes it away when a target has crashed */

    snprintf(folder, sizeof(folder), "%s/fuzz-toc-XXXXXX", tmp != NULL ? tmp : "/tmp");
    MUST(mkdtemp(folder) != NULL);
    atexit(remove_folder);
    write_file("a.bin", bytes, sizeof(bytes));
}

/* ---- what an image is ---- */

static void check_image(const struct image *image)
{
    unsigned track = 1, index = 0;

    MUST(image->track_count >= 1 && image->track_count <= 99 && image->source_count <= 99);
    for (unsigned i = 0; i < image->piece_count; i++) {
        const struct image_piece *piece = &image->pieces[i];
        uint64_t bytes = image_mode_bytes(image->tracks[piece->track - 1].mode);

        MUST(piece->blocks > 0 && piece->index <= 99);
        MUST(piece->track == track ? piece->index >= index : piece->track == track + 1);
        track = piece->track;
        index = piece->index;
        if (piece->source == IMAGE_ZEROS)
            continue;
        MUST(piece->source >= 0 && piece->source < (int)image->source_count);
        MUST(piece->offset + piece->blocks * bytes <= source_bytes(image->sources[piece->source]));
    }
    MUST(track == image->track_count);
    MUST(image->text[0].count <= 256 &&
         (image->text[0].count > 0) == (image->text[0].packs != NULL));
}

/* Only a sheet that can name nothing but its own folder is read; a comment's two strokes are well.
 */
static bool stays_here(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '/' && text[i] != '\\')
            continue;
        if (text[i] == '\\' || i + 1 == len || text[i + 1] != '/')
            return false;
        i++;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = size < SHEET ? size : SHEET;
    struct image *image;
    char path[128], *why = NULL;
    int rc;

    if (!stays_here((const char *)data, len))
        return 0;
    if (folder[0] == '\0')
        make_folder();
    write_file("sheet.toc", data, len);
    path_of("sheet.toc", path);
    image = calloc(1, sizeof(*image));
    MUST(image != NULL);
    rc = image_read(path, image, &why);
    if (rc == VCDR_OK) {
        MUST(why == NULL);
        check_image(image);
        image_free(image);
    } else {
        MUST(why != NULL && why[0] != '\0' && strchr(why, '\n') == NULL);
    }
    free(why);
    free(image);
    return 0;
}
