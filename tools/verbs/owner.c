/* SPDX-License-Identifier: MIT */
/* vcdr owner: who holds the drive, by IDiscRecorder2::get_ExclusiveAccessOwner. */
#include "com.h"
#include "verbs.h"
#include <stdio.h>

int verb_owner(int argc, char **argv)
{
    if (argc != 2 || argv[1][0] == '-')
        return usage_error("owner", "a drive's URL");
    IDiscRecorder2 *recorder;
    int status = com_open_recorder(argv[1], &recorder);
    if (status != EXIT_DONE)
        return status;
    char *name = com_owner(argv[1], recorder);
    IDiscRecorder2_Release(recorder);
    status = name != NULL && name[0] != '\0' ? EXIT_DONE : EXIT_FAILED;
    if (status == EXIT_DONE)
        puts(name);
    CoTaskMemFree(name);
    return status;
}
