/* SPDX-License-Identifier: MIT */
/* Finding the nodes: folders and patterns. A folder that both the system and the host have is read
 * as one. */
#include "preload.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A system's folder whose end is to be the host's entries. */
struct listing {
    DIR *dir;
    DIR *ours; /* NULL once read */
    char shown[PATH_MAX];
    struct dirent entry;
};
#define MOST_LISTINGS 32
static pthread_mutex_t listings_lock = PTHREAD_MUTEX_INITIALIZER;
static struct listing listings[MOST_LISTINGS];

static DIR *real_opendir(const char *path)
{
    static DIR *(*real)(const char *);

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "opendir");
    }
    return real(path);
}

static struct dirent *real_readdir(DIR *dir)
{
    static struct dirent *(*real)(DIR *);

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "readdir");
    }
    return real(dir);
}

static int real_closedir(DIR *dir)
{
    static int (*real)(DIR *);

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "closedir");
    }
    return real(dir);
}

static struct listing *listing_of(const DIR *dir)
{
    for (int i = 0; i < MOST_LISTINGS; i++) {
        if (listings[i].dir == dir) {
            return &listings[i];
        }
    }
    return NULL;
}

static void merge(DIR *dir, const char *shown)
{
    char path[PATH_MAX];
    struct listing *free_one;

    pthread_mutex_lock(&listings_lock);
    free_one = listing_of(NULL);
    if (free_one) {
        place_below(path, sizeof(path), shown);
        free_one->ours = real_opendir(path);
        free_one->dir = free_one->ours ? dir : NULL;
        strcpy(free_one->shown, shown);
    }
    pthread_mutex_unlock(&listings_lock);
}

/* A folder of the host's alone lies elsewhere and needs nothing. */
static bool is_merged(const struct place *place)
{
    return strcmp(place->path, place->shown) == 0;
}

EXPORT DIR *opendir(const char *path)
{
    struct place place;
    bool found = place_find(AT_FDCWD, path, true, &place);
    DIR *dir = real_opendir(REALLY(place, found, path));

    if (dir && found && is_merged(&place)) {
        merge(dir, place.shown);
    }
    return dir;
}

EXPORT DIR *fdopendir(int fd)
{
    char name[64];
    struct place place;
    REAL(fdopendir);
    DIR *dir = real(fd);

    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    if (dir && place_find(AT_FDCWD, name, true, &place) && is_merged(&place)) {
        merge(dir, place.shown);
    }
    return dir;
}

static unsigned char type_of(const struct listing *listing, const char *name, unsigned char type)
{
    char path[PATH_MAX + NAME_MAX + 2];
    struct place place;

    snprintf(path, sizeof(path), "%s/%s", listing->shown, name);
    if (type == DT_REG && place_find(AT_FDCWD, path, false, &place) && place.node.kind) {
        return place.node.kind == NODE_SG ? DT_CHR : DT_BLK;
    }
    return type;
}

/* Whether the host has an entry of this name, which then hides the system's. */
static bool is_hidden(const struct listing *listing, const char *name)
{
    char path[2 * PATH_MAX];
    size_t len;

    place_below(path, sizeof(path), listing->shown);
    len = strlen(path);
    snprintf(path + len, sizeof(path) - len, "/%s", name);
    return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0 ||
           syscall(SYS_readlinkat, AT_FDCWD, path, (char[1]){0}, 1) > 0;
}

static struct dirent *next_of_ours(struct listing *listing)
{
    struct dirent *entry;

    do {
        entry = listing->ours ? real_readdir(listing->ours) : NULL;
    } while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    if (!entry) {
        return NULL;
    }
    memcpy(&listing->entry, entry, entry->d_reclen);
    listing->entry.d_type = type_of(listing, entry->d_name, entry->d_type);
    return &listing->entry;
}

EXPORT struct dirent *readdir(DIR *dir)
{
    struct listing *listing;
    struct dirent *entry;

    pthread_mutex_lock(&listings_lock);
    listing = listing_of(dir);
    pthread_mutex_unlock(&listings_lock);
    do {
        entry = real_readdir(dir);
    } while (entry && listing && strcmp(entry->d_name, ".") != 0 &&
             strcmp(entry->d_name, "..") != 0 && is_hidden(listing, entry->d_name));
    return entry || !listing ? entry : next_of_ours(listing);
}

EXPORT struct dirent64 *readdir64(DIR *dir)
{
    return (struct dirent64 *)readdir(dir);
}

EXPORT void rewinddir(DIR *dir)
{
    struct listing *listing;
    REAL(rewinddir);

    real(dir);
    pthread_mutex_lock(&listings_lock);
    listing = listing_of(dir);
    if (listing) {
        real(listing->ours);
    }
    pthread_mutex_unlock(&listings_lock);
}

EXPORT int closedir(DIR *dir)
{
    struct listing *listing;

    pthread_mutex_lock(&listings_lock);
    listing = listing_of(dir);
    if (listing) {
        real_closedir(listing->ours);
        listing->dir = NULL;
        listing->ours = NULL;
    }
    pthread_mutex_unlock(&listings_lock);
    return real_closedir(dir);
}

/* ---- scandir, which reads folders by functions of its own ---- */

struct names {
    struct dirent **list;
    size_t count, room;
};

static bool keep(struct names *names, const struct dirent *entry)
{
    struct dirent *copy;

    if (names->count == names->room) {
        size_t room = names->room ? names->room * 2 : 64;
        struct dirent **list = realloc(names->list, room * sizeof(*list));

        if (!list) {
            return false;
        }
        names->list = list;
        names->room = room;
    }
    copy = malloc(sizeof(*copy));
    if (!copy) {
        return false;
    }
    memcpy(copy, entry, entry->d_reclen);
    names->list[names->count++] = copy;
    return true;
}

typedef int chooser(const struct dirent *);
typedef int comparer(const struct dirent **, const struct dirent **);

EXPORT int scandir(const char *restrict path, struct dirent ***restrict out, chooser *choose,
                   comparer *compare)
{
    struct names names = {0};
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool whole = true;

    if (!dir) {
        return -1;
    }
    while (whole && (entry = readdir(dir)) != NULL) {
        whole = (choose && !choose(entry)) || keep(&names, entry);
    }
    closedir(dir);
    if (!whole) {
        while (names.count > 0) {
            free(names.list[--names.count]);
        }
        free(names.list);
        return (int)result(-ENOMEM);
    }
    if (compare && names.count > 0) {
        qsort(names.list, names.count, sizeof(*names.list),
              (int (*)(const void *, const void *))compare);
    }
    *out = names.list ? names.list : malloc(1);
    return (int)names.count;
}

EXPORT int scandir64(const char *restrict path, struct dirent64 ***restrict out,
                     int (*choose)(const struct dirent64 *),
                     int (*compare)(const struct dirent64 **, const struct dirent64 **))
{
    return scandir(path, (struct dirent ***)out, (chooser *)choose, (comparer *)compare);
}

/* ---- glob, which does so unless it is given others ---- */

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

static int glob_flags(int flags, glob_t *out)
{
    if (flags & GLOB_ALTDIRFUNC) {
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

    return real(pattern, glob_flags(flags, out), failed, out);
}

EXPORT int glob64(const char *restrict pattern, int flags, int (*failed)(const char *, int),
                  glob64_t *restrict out)
{
    REAL(glob64);

    return real(pattern, glob_flags(flags, (glob_t *)out), failed, out);
}
