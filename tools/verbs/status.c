/* SPDX-License-Identifier: MIT */
/* vcdr status: the drives of a running daemon, as somebody in front of them sees them. */
#include "verbs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/hands.h"

static const char *text_of(const json_t *drive, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(drive, key));

    return text ? text : otherwise;
}

static bool is(const json_t *drive, const char *key)
{
    return json_is_true(json_object_get(drive, key));
}

static void print_drive(const json_t *drive)
{
    const char *owner = text_of(drive, "owner", NULL);

    printf("drive %d  %s  %s\n", (int)json_integer_value(json_object_get(drive, "drive")),
           text_of(drive, "serial", "?"), text_of(drive, "url", text_of(drive, "target", "?")));
    if (!is(drive, "power")) {
        printf("  power    off\n");
        return;
    }
    printf("  disc     %s\n", is(drive, "has_disc") ? text_of(drive, "disc", "unnamed") : "none");
    printf("  tray     %s%s\n", text_of(drive, "tray", "?"),
           is(drive, "prevented") ? ", the button is locked" : "");
    printf("  owner    %s\n", owner ? owner : "nobody");
    printf("  state    %s", text_of(drive, "write_state", "?"));
    if (is(drive, "busy"))
        printf(", busy, %d %% done",
               (int)(json_integer_value(json_object_get(drive, "progress")) * 100 / 65535));
    printf("%s\n", is(drive, "working") ? ", makes something durable" : "");
}

int verb_status(int argc, char **argv)
{
    bool as_json = argc > 1 && strcmp(argv[argc - 1], "--json") == 0;
    struct control_place place;
    json_t *answer, *drives, *drive;
    size_t i;
    int words = as_json ? argc - 1 : argc, rest, status;

    status = hands_place(words, argv, &place, &rest);
    if (status)
        return status;
    if (rest < words)
        return usage_error("status", "%s: nothing more is wanted", argv[rest]);
    status = hands_ask(&place, json_pack("{s:s}", "do", "status"), &answer);
    if (status)
        return status;
    drives = json_object_get(answer, "drives");
    if (as_json) {
        json_dumpf(drives, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        json_array_foreach(drives, i, drive)
        {
            print_drive(drive);
        }
    }
    json_decref(answer);
    return EXIT_DONE;
}
