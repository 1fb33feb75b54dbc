/* SPDX-License-Identifier: MIT */
#include "scenario/files.h"
#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "verbs.h"

#define ROOM_ENOUGH ((unsigned long long)1 << 30)

static int add(struct files *files, const char *path)
{
    char **more = realloc(files->paths, (files->count + 1) * sizeof(*more));

    if (!more)
        return fail(path, "out of memory");
    files->paths = more;
    more[files->count] = strdup(path);
    if (!more[files->count])
        return fail(path, "out of memory");
    files->count++;
    return EXIT_DONE;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_scenario(const FTSENT *entry)
{
    size_t length = strlen(entry->fts_name);

    return entry->fts_info == FTS_F && length > 4 &&
           strcmp(entry->fts_name + length - 4, ".lua") == 0;
}

static int add_folder(struct files *files, const char *path)
{
    char *const paths[] = {(char *)path, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    size_t before = files->count;
    int status = EXIT_DONE;
    FTSENT *entry;

    if (!tree)
        return fail(path, "%s", strerror(errno));
    while (status == EXIT_DONE && (entry = fts_read(tree)) != NULL)
        if (is_scenario(entry))
            status = add(files, entry->fts_path);
    fts_close(tree);
    if (status == EXIT_DONE && files->count == before)
        return fail(path, "there is no scenario below it");
    return status;
}

int files_add(struct files *files, const char *path)
{
    struct stat about;

    if (stat(path, &about) != 0)
        return fail(path, "%s", strerror(errno));
    return S_ISDIR(about.st_mode) ? add_folder(files, path) : add(files, path);
}

void files_free(struct files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    free(files->paths);
    *files = (struct files){.count = 0};
}

/* Discs in memory need no wait for a real disk at every flush. */
static const char *base_of(void)
{
    const char *tmpdir = getenv("TMPDIR");
    struct statvfs room;

    if (tmpdir && tmpdir[0] == '/')
        return tmpdir;
    if (statvfs("/dev/shm", &room) == 0 && access("/dev/shm", W_OK | X_OK) == 0 &&
        (unsigned long long)room.f_bavail * room.f_frsize >= ROOM_ENOUGH)
        return "/dev/shm";
    return "/tmp";
}

bool folder_make_base(char *path, size_t size)
{
    int length = snprintf(path, size, "%s/vcdr-scenario-XXXXXX", base_of());

    return length > 0 && (size_t)length < size && mkdtemp(path) != NULL;
}

static bool is_kept(const FTSENT *entry, bool keep_records)
{
    return keep_records && entry->fts_level == 1 && strncmp(entry->fts_name, "record", 6) == 0;
}

void folder_remove(const char *path, bool keep_records)
{
    char *const paths[] = {(char *)path, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *entry;

    while (tree && (entry = fts_read(tree)) != NULL) {
        if (entry->fts_info == FTS_DP)
            (void)rmdir(entry->fts_accpath); /* stays where something was kept */
        else if (entry->fts_info != FTS_D && !is_kept(entry, keep_records))
            (void)unlink(entry->fts_accpath);
    }
    if (tree)
        fts_close(tree);
}
