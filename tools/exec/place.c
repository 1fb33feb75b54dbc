/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "protocol.h"

#define MOST_LINKS 40

static char root[256];
static size_t root_length;

/* Before every other constructor, which may ask. */
__attribute__((constructor(101))) static void find_folder(void)
{
    const char *name = getenv(HOST_FOLDER);

    if (name && name[0] == '/' && strlen(name) < sizeof(root)) {
        strcpy(root, name);
        root_length = strlen(root);
    }
}

const char *place_folder(void)
{
    return root;
}

void place_below(char *out, size_t size, const char *shown)
{
    snprintf(out, size, "%s%s", root, shown);
}

const char *place_shown(const char *path)
{
    if (root_length > 0 && strncmp(path, root, root_length) == 0 &&
        (path[root_length] == '/' || path[root_length] == '\0')) {
        return path[root_length] ? path + root_length : "/";
    }
    return path;
}

/* Only below these did the host make anything. */
static bool may_be_ours(const char *shown)
{
    static const char *const tops[] = {"/dev", "/sys", "/proc", "/run"};

    for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
        size_t len = strlen(tops[i]);

        if (strncmp(shown, tops[i], len) == 0 && (shown[len] == '/' || shown[len] == '\0')) {
            return true;
        }
    }
    return false;
}

/* ---- following a path ---- */

struct walk {
    char done[PATH_MAX]; /* followed already, as the program sees it: "" is the root */
    char rest[PATH_MAX];
    unsigned links;
    bool through_ours; /* a link of the host's was followed */
};

static bool start_at(struct walk *walk, const char *base)
{
    size_t len = strlen(base);

    while (len > 0 && base[len - 1] == '/') {
        len--;
    }
    if (base[0] != '/' || len >= sizeof(walk->done)) {
        return false; /* a socket, or a folder that nobody can reach */
    }
    memcpy(walk->done, base, len);
    walk->done[len] = '\0';
    return true;
}

static bool start(struct walk *walk, int folder, const char *path)
{
    char base[PATH_MAX], name[64];
    ssize_t len;

    if ((size_t)snprintf(walk->rest, sizeof(walk->rest), "%s", path) >= sizeof(walk->rest)) {
        return false;
    }
    if (path[0] == '/') {
        walk->done[0] = '\0';
        return true;
    }
    if (folder == AT_FDCWD) {
        return syscall(SYS_getcwd, base, sizeof(base)) > 0 && start_at(walk, place_shown(base));
    }
    snprintf(name, sizeof(name), "/proc/self/fd/%d", folder);
    len = syscall(SYS_readlinkat, AT_FDCWD, name, base, sizeof(base) - 1);
    if (len <= 0) {
        return false;
    }
    base[len] = '\0';
    return start_at(walk, place_shown(base));
}

/* The next component, cut off the rest; false at the end. */
static bool next(struct walk *walk, char *name, size_t size)
{
    char *from = walk->rest + strspn(walk->rest, "/");
    size_t len = strcspn(from, "/");

    if (len == 0 || len >= size) {
        return false;
    }
    memcpy(name, from, len);
    name[len] = '\0';
    from += len;
    memmove(walk->rest, from, strlen(from) + 1);
    return true;
}

/* The target of a link at walk->done: its length, 0 for what is no link. */
static size_t link_target(struct walk *walk, char *target, size_t size)
{
    char ours[PATH_MAX + sizeof(root)];
    ssize_t len = -1;

    if (may_be_ours(walk->done)) {
        place_below(ours, sizeof(ours), walk->done);
        len = syscall(SYS_readlinkat, AT_FDCWD, ours, target, size - 1);
        if (len > 0) {
            walk->through_ours = true;
        } else if (errno == EINVAL) {
            return 0; /* the host's, and no link */
        }
    }
    if (len <= 0) {
        len = syscall(SYS_readlinkat, AT_FDCWD, walk->done, target, size - 1);
    }
    if (len <= 0) {
        return 0;
    }
    target[len] = '\0';
    return (size_t)len;
}

/* Goes where a link leads; `parent` is the length of walk->done without the link's own name. */
static bool follow_link(struct walk *walk, size_t parent, const char *target)
{
    char rest[PATH_MAX];
    const char *shown = place_shown(target);

    if (++walk->links > MOST_LINKS ||
        (size_t)snprintf(rest, sizeof(rest), "%s/%s", shown, walk->rest) >= sizeof(rest)) {
        return false;
    }
    if (shown[0] == '/') {
        walk->done[0] = '\0';
    } else if (strncmp(walk->done, "/proc/", 6) == 0 && strchr(shown, ':')) {
        return false; /* pipe:[7], and other descriptors that have no path */
    } else {
        walk->done[parent] = '\0';
    }
    strcpy(walk->rest, rest);
    return true;
}

static bool step(struct walk *walk, const char *name, bool follow)
{
    char target[PATH_MAX];
    size_t length = strlen(walk->done);

    if (strcmp(name, ".") == 0) {
        return true;
    }
    if (strcmp(name, "..") == 0) {
        char *slash = strrchr(walk->done, '/');

        if (slash) {
            *slash = '\0';
        }
        return true;
    }
    if (length + 1 + strlen(name) >= sizeof(walk->done)) {
        return false;
    }
    walk->done[length] = '/';
    strcpy(walk->done + length + 1, name);
    if (!follow && walk->rest[0] == '\0') {
        return true; /* the link itself is meant */
    }
    return link_target(walk, target, sizeof(target)) == 0 || follow_link(walk, length, target);
}

static bool go(struct walk *walk, int folder, const char *path, bool follow)
{
    char name[NAME_MAX + 1];

    walk->links = 0;
    walk->through_ours = false;
    if (!start(walk, folder, path)) {
        return false;
    }
    while (next(walk, name, sizeof(name))) {
        if (!step(walk, name, follow)) {
            return false;
        }
    }
    return walk->rest[strspn(walk->rest, "/")] == '\0';
}

/* ---- what is there ---- */

static bool exists(const char *path, struct stat *st)
{
    return syscall(SYS_newfstatat, AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool find(const struct walk *walk, struct place *out)
{
    const char *shown = walk->done[0] ? walk->done : "/";
    struct stat ours, theirs;

    strcpy(out->shown, shown);
    out->node = (struct node){NODE_NONE, 0};
    place_below(out->path, sizeof(out->path), shown);
    if (may_be_ours(shown) && exists(out->path, &ours)) {
        out->node = node_of_stat(&ours);
        if (S_ISDIR(ours.st_mode) && exists(shown, &theirs)) {
            strcpy(out->path, shown); /* of both: listing.c adds what the host has */
        }
        return true;
    }
    if (may_be_ours(shown) && errno == ENOTDIR) {
        return true; /* below one of the host's files, which is an error to the call as well */
    }
    strcpy(out->path, shown);
    return walk->through_ours;
}

bool place_find(int folder, const char *path, bool follow, struct place *out)
{
    struct walk walk;
    int before = errno;
    bool found =
        root_length > 0 && path && path[0] && go(&walk, folder, path, follow) && find(&walk, out);

    errno = before;
    return found;
}
