/* SPDX-License-Identifier: MIT */
/* Finding the nodes: folders and patterns. */
#include "preload.h"

#include <dirent.h>
#include <glob.h>

/* Folders that are being read and to whose end our names are to be added. */
struct listing {
    DIR *dir;
    enum node next;
    struct dirent entry;
};
#define MOST_LISTINGS 8
static pthread_mutex_t listings_lock = PTHREAD_MUTEX_INITIALIZER;
static struct listing listings[MOST_LISTINGS];

static struct listing *listing_of(const DIR *dir)
{
    for (int i = 0; i < MOST_LISTINGS; i++) {
        if (listings[i].dir == dir) {
            return &listings[i];
        }
    }
    return NULL;
}

EXPORT DIR *opendir(const char *path)
{
    REAL(opendir);
    DIR *dir = real(path);

    if (dir && (strcmp(path, "/dev") == 0 || strcmp(path, "/dev/") == 0)) {
        pthread_mutex_lock(&listings_lock);
        struct listing *free_one = listing_of(NULL);

        if (free_one) {
            *free_one = (struct listing){.dir = dir, .next = NODE_SR};
        }
        pthread_mutex_unlock(&listings_lock);
    }
    return dir;
}

static struct dirent *next_name(DIR *dir)
{
    struct dirent *entry = NULL;
    struct listing *listing;

    pthread_mutex_lock(&listings_lock);
    listing = listing_of(dir);
    if (listing && listing->next <= NODE_SG) {
        entry = &listing->entry;
        memset(entry, 0, sizeof(*entry));
        entry->d_type = listing->next == NODE_SG ? DT_CHR : DT_BLK;
        strcpy(entry->d_name, node_name(listing->next));
        entry->d_ino = 0x56434400u + (unsigned)listing->next;
        entry->d_reclen = sizeof(*entry);
        listing->next++;
    }
    pthread_mutex_unlock(&listings_lock);
    return entry;
}

static bool is_node_name(const char *name)
{
    return strcmp(name, "sr0") == 0 || strcmp(name, "sg0") == 0;
}

EXPORT struct dirent *readdir(DIR *dir)
{
    REAL(readdir);
    struct dirent *entry;

    do {
        entry = real(dir);
    } while (entry && listing_of(dir) && is_node_name(entry->d_name));
    return entry ? entry : next_name(dir);
}

EXPORT struct dirent64 *readdir64(DIR *dir)
{
    return (struct dirent64 *)readdir(dir);
}

EXPORT int closedir(DIR *dir)
{
    REAL(closedir);
    struct listing *listing;

    pthread_mutex_lock(&listings_lock);
    listing = listing_of(dir);
    if (listing) {
        listing->dir = NULL;
    }
    pthread_mutex_unlock(&listings_lock);
    return real(dir);
}

static void *glob_opendir(const char *path)
{
    return opendir(path);
}

static struct dirent *glob_readdir(void *dir)
{
    return readdir(dir);
}

static void glob_closedir(void *dir)
{
    closedir(dir);
}

/* glob reads folders by functions of its own unless it is given others. */
static int glob_flags(const char *pattern, int flags, glob_t *out)
{
    if (strncmp(pattern, "/dev/", 5) != 0 || (flags & GLOB_ALTDIRFUNC)) {
        return flags;
    }
    out->gl_opendir = glob_opendir;
    out->gl_readdir = glob_readdir;
    out->gl_closedir = glob_closedir;
    out->gl_stat = stat;
    out->gl_lstat = lstat;
    return flags | GLOB_ALTDIRFUNC;
}

EXPORT int glob(const char *restrict pattern, int flags, int (*failed)(const char *, int),
                glob_t *restrict out)
{
    REAL(glob);

    return real(pattern, glob_flags(pattern, flags, out), failed, out);
}

EXPORT int glob64(const char *restrict pattern, int flags, int (*failed)(const char *, int),
                  glob64_t *restrict out)
{
    REAL(glob64);

    return real(pattern, glob_flags(pattern, flags, (glob_t *)out), failed, out);
}
