/* SPDX-License-Identifier: MIT */
#include "host/program.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "command.h"
#include "verbs.h"

#define MOST_SEGMENTS 64

/* The file that execvp would run; an errno value where there is none. */
static int find(const char *name, char *buf, size_t size)
{
    const char *path = getenv("PATH");
    char all[8192], *at = all, *folder;
    int error = ENOENT;

    if (strchr(name, '/')) {
        snprintf(buf, size, "%s", name);
        return access(name, X_OK) == 0 ? 0 : errno;
    }
    snprintf(all, sizeof(all), "%s", path ? path : "/usr/bin:/bin");
    while ((folder = strsep(&at, ":")) != NULL) {
        if ((size_t)snprintf(buf, size, "%s/%s", folder[0] ? folder : ".", name) >= size) {
            continue;
        }
        if (access(buf, X_OK) == 0) {
            return 0;
        }
        if (errno == EACCES) { /* it may still be in a later folder */
            error = EACCES;
        }
    }
    return error;
}

/* Programs that unmount what they find under the device's name or number, which is that of a real
 * drive: as root they can. */
static bool unmounts(const char *program)
{
    static const char *const names[] = {"brasero", "dvd+rw-format", "eject",  "growisofs", "k3b",
                                        "pumount", "udisksctl",     "umount", "xfburn"};
    char resolved[PATH_MAX];
    const char *base = realpath(program, resolved) ? resolved : program;

    base = strrchr(base, '/') ? strrchr(base, '/') + 1 : base;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(base, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The dynamic linker that the file asks for; NULL where it asks for none. */
static const char *linker_of(FILE *file, const Elf64_Ehdr *header, char *buf, size_t size)
{
    for (unsigned i = 0; i < header->e_phnum && i < MOST_SEGMENTS; i++) {
        Elf64_Phdr segment;

        if (fseek(file, (long)(header->e_phoff + (uint64_t)i * header->e_phentsize), SEEK_SET) ||
            fread(&segment, sizeof(segment), 1, file) != 1) {
            return NULL;
        }
        if (segment.p_type == PT_INTERP && segment.p_filesz < size &&
            fseek(file, (long)segment.p_offset, SEEK_SET) == 0 &&
            fread(buf, 1, segment.p_filesz, file) == segment.p_filesz) {
            buf[segment.p_filesz] = '\0';
            return buf;
        }
    }
    return NULL;
}

static bool read_header(const char *path, Elf64_Ehdr *header)
{
    FILE *file = fopen(path, "rb");
    bool got = file && fread(header, sizeof(*header), 1, file) == 1 &&
               memcmp(header->e_ident, ELFMAG, SELFMAG) == 0;

    if (file) {
        fclose(file);
    }
    return got;
}

/* Why the linker would not preload our library into it, or NULL. A script is its interpreter's. */
static const char *why_not_preloaded(const char *program)
{
    Elf64_Ehdr header, own;
    char buf[PATH_MAX];
    const char *linker;
    FILE *file;

    if (!read_header(program, &header) || !read_header("/proc/self/exe", &own)) {
        return NULL;
    }
    if (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] || header.e_machine != own.e_machine) {
        return "it is made for another kind of processor, where nothing of ours can be preloaded";
    }
    file = fopen(program, "rb");
    linker = file ? linker_of(file, &header, buf, sizeof(buf)) : NULL;
    if (file) {
        fclose(file);
    }
    if (!linker) {
        return "it is linked statically, where nothing can be preloaded";
    }
    return strstr(linker, "musl") ? "it uses another C library, where nothing of ours can be "
                                    "preloaded"
                                  : NULL;
}

/* The dynamic linker ignores LD_PRELOAD where rights change (ld.so(8), secure-execution mode). */
static bool changes_rights(const char *program)
{
    struct stat st;

    if (geteuid() == 0) {
        return false;
    }
    return (stat(program, &st) == 0 && (st.st_mode & (S_ISUID | S_ISGID))) ||
           getxattr(program, "security.capability", NULL, 0) > 0;
}

int program_check(const char *name)
{
    char program[PATH_MAX];
    const char *why;
    int error = find(name, program, sizeof(program));

    if (error) {
        return command_failed(name, error);
    }
    if (geteuid() == 0 && unmounts(program)) {
        return cannot_run(name, "as root it would unmount a real drive; run it as another user");
    }
    if (changes_rights(program)) {
        return cannot_run(name,
                          "it runs with another user's rights, where nothing can be preloaded");
    }
    why = why_not_preloaded(program);
    return why ? cannot_run(name, "%s", why) : EXIT_DONE;
}
