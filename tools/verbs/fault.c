/* SPDX-License-Identifier: MIT */
/* vcdr fault: rules of faults for the drives of a running daemon. */
#include "verbs.h"

#include <string.h>

#include "serve/hands.h"

int verb_fault(int argc, char **argv)
{
    struct control_place place;
    int rest, status = hands_place(argc, argv, &place, &rest);

    if (status)
        return status;
    if (rest == argc)
        return usage_error("fault", "rules are wanted");
    for (int i = rest; i < argc && !status; i++) {
        json_t *request = strcmp(argv[i], "--clear") == 0
                              ? json_pack("{s:s}", "do", "clear-faults")
                              : json_pack("{s:s, s:s}", "do", "fault", "rule", argv[i]);

        status = hands_ask(&place, request, NULL);
    }
    return status;
}
