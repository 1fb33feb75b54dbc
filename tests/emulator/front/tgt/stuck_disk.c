/* SPDX-License-Identifier: MIT */
/*
 * A disk that takes as long as a test wants. In tgtd, before the module: while the folder of
 * VCDR_TEST_STUCK has a file "armed", an fdatasync of its file "0.disc" writes a byte to the FIFO
 * "begun" and waits for one from the FIFO "go".
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_path_of(int fd, const char *path)
{
    char link[64], real[PATH_MAX];
    ssize_t len;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, real, sizeof(real) - 1);
    if (len < 0)
        return false;
    real[len] = '\0';
    return strcmp(real, path) == 0;
}

static void pass_byte(const char *folder, const char *name, bool give)
{
    char path[PATH_MAX], byte = '.';
    int fd;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    fd = open(path, O_RDWR | O_CLOEXEC);
    if ((give ? write(fd, &byte, 1) : read(fd, &byte, 1)) != 1)
        abort();
    close(fd);
}

__attribute__((visibility("default"))) int fdatasync(int fd)
{
    const char *folder = getenv("VCDR_TEST_STUCK");
    char path[PATH_MAX];

    if (folder) {
        snprintf(path, sizeof(path), "%s/armed", folder);
        if (access(path, F_OK) == 0) {
            snprintf(path, sizeof(path), "%s/0.disc", folder);
            if (is_path_of(fd, path)) {
                pass_byte(folder, "begun", true);
                pass_byte(folder, "go", false);
            }
        }
    }
    return (int)syscall(SYS_fdatasync, fd);
}
