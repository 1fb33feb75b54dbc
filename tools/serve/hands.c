/* SPDX-License-Identifier: MIT */
#include "serve/hands.h"

#include <string.h>

#include "verbs.h"

int hands_place(int argc, char **argv, struct control_place *out, int *rest)
{
    struct control_place place = {.socket = NULL};
    int at = 1;

    while (at < argc && (strcmp(argv[at], "--socket") == 0 || strcmp(argv[at], "--drive") == 0)) {
        if (at + 1 == argc)
            return usage_error(argv[0], "%s: wants a value", argv[at]);
        if (strcmp(argv[at], "--socket") == 0)
            place.socket = argv[at + 1];
        else
            place.drive = argv[at + 1];
        at += 2;
    }
    if (!place.socket && place.drive)
        return usage_error(argv[0], "--drive wants --socket");
    if (!place.socket) {
        if (at == argc || argv[at][0] == '-')
            return usage_error(argv[0], "a drive's URL or --socket is wanted");
        place.url = argv[at++];
    }
    *out = place;
    *rest = at;
    return EXIT_DONE;
}

const char *hands_thing(const struct control_place *place)
{
    return place->socket ? place->socket : place->url;
}

int hands_ask(const struct control_place *place, json_t *request, json_t **answer)
{
    char why[CONTROL_WHY];

    if (!request)
        return fail(hands_thing(place), "out of memory, or a name that is no text");
    if (!control_ask(place, request, answer, why))
        return fail(hands_thing(place), "%s", why);
    return EXIT_DONE;
}

int hands_simply(int argc, char **argv, const char *request)
{
    struct control_place place;
    int rest, status = hands_place(argc, argv, &place, &rest);

    if (status)
        return status;
    if (rest < argc)
        return usage_error(argv[0], "%s: nothing more is wanted", argv[rest]);
    return hands_ask(&place, json_pack("{s:s}", "do", request), NULL);
}
