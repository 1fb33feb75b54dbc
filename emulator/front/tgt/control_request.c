/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "control_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum member {
    MEMBER_ID = 1,
    MEMBER_DO = 2,
    MEMBER_DRIVE = 4,
    MEMBER_DISC = 8,
    MEMBER_RULE = 16,
    MEMBER_EVENTS = 32
};
enum { ALWAYS = MEMBER_ID | MEMBER_DO };

static const struct {
    const char *name;
    unsigned allowed, wanted; /* beside id and do */
} verbs[] = {
    [CONTROL_STATUS] = {"status", MEMBER_DRIVE, 0},
    [CONTROL_SUBSCRIBE] = {"subscribe", MEMBER_EVENTS, 0},
    [CONTROL_UNSUBSCRIBE] = {"unsubscribe", 0, 0},
    [CONTROL_INSERT] = {"insert", MEMBER_DRIVE | MEMBER_DISC, MEMBER_DISC},
    [CONTROL_EJECT] = {"eject", MEMBER_DRIVE, 0},
    [CONTROL_BUTTON] = {"button", MEMBER_DRIVE, 0},
    [CONTROL_FAULT] = {"fault", MEMBER_DRIVE | MEMBER_RULE, MEMBER_RULE},
    [CONTROL_CLEAR_FAULTS] = {"clear-faults", MEMBER_DRIVE, 0},
    [CONTROL_SNAPSHOT] = {"snapshot", MEMBER_DRIVE, 0},
    [CONTROL_RESTORE] = {"restore", MEMBER_DRIVE, 0},
    [CONTROL_RESET] = {"reset", MEMBER_DRIVE, 0},
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]), LONGEST_ID = 64 };

static bool wrong(char *why, const char *thing, const char *reason)
{
    snprintf(why, CONTROL_WHY, "%.100s: %s", thing, reason);
    return false;
}

static bool take_id(json_t *value, struct control_request *out, char *why)
{
    if (!json_is_integer(value) &&
        !(json_is_string(value) && json_string_length(value) <= LONGEST_ID))
        return wrong(why, "id", "wants a number, or a string of 64 bytes at most");
    out->id = value;
    return true;
}

static bool take_drive(json_t *value, struct control_request *out, char *why)
{
    if (json_is_string(value)) {
        out->drive_name = json_string_value(value);
        return true;
    }
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > 1000000)
        return wrong(why, "drive", "wants a number from 1, a serial number or a target name");
    out->drive_number = (unsigned)json_integer_value(value);
    return true;
}

static bool take_events(json_t *value, struct control_request *out, char *why)
{
    size_t i;
    json_t *event;

    if (!json_is_array(value))
        return wrong(why, "events", "wants a list of names");
    json_array_foreach(value, i, event)
    {
        if (!json_is_string(event))
            return wrong(why, "events", "wants a list of names");
    }
    out->events = value;
    return true;
}

static bool take_text(json_t *value, const char *key, const char **to, char *why)
{
    if (!json_is_string(value) || json_string_length(value) == 0)
        return wrong(why, key, "wants a text");
    *to = json_string_value(value);
    return true;
}

static bool take_verb(json_t *value, struct control_request *out, char *why)
{
    const char *name = json_string_value(value);

    for (size_t i = 0; name && i < VERBS; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            out->verb = (enum control_verb)i;
            return true;
        }
    }
    return wrong(why, "do", "no such request");
}

static bool take_member(const char *key, json_t *value, struct control_request *out,
                        unsigned *members, char *why)
{
    if (strcmp(key, "id") == 0) {
        *members |= MEMBER_ID;
        return take_id(value, out, why);
    }
    if (strcmp(key, "do") == 0) {
        *members |= MEMBER_DO;
        return take_verb(value, out, why);
    }
    if (strcmp(key, "drive") == 0) {
        *members |= MEMBER_DRIVE;
        return take_drive(value, out, why);
    }
    if (strcmp(key, "disc") == 0) {
        *members |= MEMBER_DISC;
        return take_text(value, key, &out->disc, why);
    }
    if (strcmp(key, "rule") == 0) {
        *members |= MEMBER_RULE;
        return take_text(value, key, &out->rule, why);
    }
    if (strcmp(key, "events") == 0) {
        *members |= MEMBER_EVENTS;
        return take_events(value, out, why);
    }
    return wrong(why, key, "no such member");
}

static bool take_members(struct control_request *out, char *why)
{
    const char *key;
    json_t *value;
    unsigned members = 0;

    /* the id first: whatever else is wrong is then told under it */
    value = json_object_get(out->root, "id");
    if (value && !take_id(value, out, why))
        return false;
    json_object_foreach(out->root, key, value)
    {
        if (!take_member(key, value, out, &members, why))
            return false;
    }
    if (!(members & MEMBER_DO))
        return wrong(why, "do", "is missing");
    if (members & ~(ALWAYS | verbs[out->verb].allowed))
        return wrong(why, verbs[out->verb].name, "a member does not belong to this request");
    if (verbs[out->verb].wanted & ~members)
        return wrong(why, verbs[out->verb].name,
                     verbs[out->verb].wanted == MEMBER_DISC ? "disc is missing"
                                                            : "rule is missing");
    return true;
}

bool control_request_parse(const char *line, size_t len, struct control_request *out,
                           char why[CONTROL_WHY])
{
    json_error_t error;

    *out = (struct control_request){.root = NULL};
    out->root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
    if (!out->root)
        return wrong(why, "request", "is no object of JSON");
    if (!json_is_object(out->root))
        return wrong(why, "request", "is no object of JSON");
    return take_members(out, why);
}

void control_request_free(struct control_request *request)
{
    json_decref(request->root);
    *request = (struct control_request){.root = NULL};
}

json_t *control_done(void)
{
    return json_pack("{s:b}", "ok", 1);
}

json_t *control_error(const char *thing, const char *reason)
{
    char text[CONTROL_WHY];
    json_t *answer;

    snprintf(text, sizeof(text), "%.250s%s%.250s", thing, thing[0] ? ": " : "", reason);
    answer = json_pack("{s:s}", "error", text);
    /* a name cut amid a character, or in another encoding */
    return answer ? answer : json_pack("{s:s}", "error", reason);
}

char *control_line_of(json_t *id, json_t *answer)
{
    json_t *whole = json_pack("{s:O?}", "id", id);
    char *text = NULL, *line = NULL;

    if (whole && answer && json_object_update(whole, answer) == 0)
        text = json_dumps(whole, JSON_COMPACT);
    if (text)
        line = realloc(text, strlen(text) + 2);
    if (line)
        strcat(line, "\n");
    else
        free(text);
    json_decref(whole);
    json_decref(answer);
    return line;
}
