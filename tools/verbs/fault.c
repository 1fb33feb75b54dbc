/* SPDX-License-Identifier: MIT */
/* vcdr fault: rules of faults for the drives of a running daemon. */
#include "verbs.h"

#include <string.h>

#include "serve/fault_client.h"

int verb_fault(int argc, char **argv)
{
    char why[512];

    if (argc < 3 || argv[1][0] == '-')
        return usage_error("fault", "a socket and rules are wanted");
    for (int i = 2; i < argc; i++) {
        const char *line = strcmp(argv[i], "--clear") == 0 ? "clear" : argv[i];

        if (!fault_send(argv[1], line, why, sizeof(why)))
            return fail(argv[1], "%s", why);
    }
    return EXIT_DONE;
}
