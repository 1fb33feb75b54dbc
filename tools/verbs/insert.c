/* SPDX-License-Identifier: MIT */
/* vcdr insert: a disc into a drive of a running daemon. */
#include "verbs.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "serve/hands.h"

int verb_insert(int argc, char **argv)
{
    struct control_place place;
    char path[PATH_MAX];
    int rest, status = hands_place(argc, argv, &place, &rest);

    if (status)
        return status;
    if (rest + 1 != argc)
        return usage_error("insert", "one disc is wanted");
    if (!realpath(argv[rest], path)) /* the daemon may be in another folder */
        return fail(argv[rest], "%s", strerror(errno));
    return hands_ask(&place, json_pack("{s:s, s:s}", "do", "insert", "disc", path), NULL);
}
