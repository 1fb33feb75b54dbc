/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Documentation/admin-guide/devices.txt: 11 block SCSI CD-ROM, 21 character generic SCSI */
static const struct {
    const char *path;
    enum node node;
} paths[] = {
    {"/dev/sr0", NODE_SR},
    {"/dev/sg0", NODE_SG},
    {"/dev/cdrom", NODE_SR}, /* what readers open when they are told nothing */
    {"/dev/scd0", NODE_SR},  /* the old name, for which wodim looks when it searches */
};

enum node node_of(const char *path)
{
    if (!path || strncmp(path, "/dev/", 5) != 0) {
        return NODE_NONE;
    }
    for (unsigned i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (strcmp(path, paths[i].path) == 0) {
            return paths[i].node;
        }
    }
    return NODE_NONE;
}

const char *node_name(enum node node)
{
    return node == NODE_SG ? "sg0" : "sr0";
}

void node_stat(enum node node, struct stat *out)
{
    memset(out, 0, sizeof(*out));
    out->st_dev = makedev(0, 5); /* a devtmpfs */
    out->st_ino = 0x56434400u + (unsigned)node;
    out->st_mode = (node == NODE_SG ? S_IFCHR : S_IFBLK) | 0660;
    out->st_nlink = 1;
    out->st_uid = getuid();
    out->st_gid = getgid();
    out->st_rdev = node == NODE_SG ? makedev(21, 0) : makedev(11, 0);
    out->st_blksize = 4096;
}
