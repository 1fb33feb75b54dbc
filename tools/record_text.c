/* SPDX-License-Identifier: MIT */
#include "record_text.h"
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "nobody";
}

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static bool has(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value != NULL && !json_is_null(value);
}

/* " by iqn.2026-01.x:one (alias)" where the line names a nexus. */
static void print_nexus(const json_t *object, const char *word, FILE *to)
{
    const json_t *nexus = json_object_get(object, "nexus");
    if (!json_is_object(nexus))
        return;
    fprintf(to, " %s %s", word, text_of(nexus, "initiator"));
    const char *alias = json_string_value(json_object_get(nexus, "alias"));
    if (alias != NULL && alias[0] != '\0')
        fprintf(to, " (%s)", alias);
}

static void print_power(const json_t *object, FILE *to)
{
    if (has(object, "version"))
        fprintf(to, " version %s", text_of(object, "version"));
    if (has(object, "disc"))
        fprintf(to, ", disc %s", text_of(object, "disc"));
    if (json_is_false(json_object_get(object, "clean")))
        fputs(", not clean", to);
}

static void print_nexus_event(const json_t *object, FILE *to)
{
    print_nexus(object, "of", to);
}

static void print_lock(const json_t *object, FILE *to)
{
    fprintf(to, " \"%s\"", text_of(object, "owner"));
    print_nexus(object, "on", to);
    if (has(object, "via"))
        fprintf(to, ", via %s", text_of(object, "via"));
    if (has(object, "cause"))
        fprintf(to, ", cause %s", text_of(object, "cause"));
}

static void print_denied(const json_t *object, FILE *to)
{
    fprintf(to, " held by \"%s\"", text_of(object, "owner"));
    print_nexus(object, "asked by", to);
    if (has(object, "wanted"))
        fprintf(to, " as \"%s\"", text_of(object, "wanted"));
    const json_t *opcode = json_object_get(object, "opcode");
    if (json_is_string(opcode))
        fprintf(to, ", opcode %s", json_string_value(opcode));
    else
        fprintf(to, ", opcode %02llX", (long long)json_integer_value(opcode));
}

/* Nothing that the line tells of was really done to the disc. */
static void print_test(const json_t *object, FILE *to)
{
    if (json_is_true(json_object_get(object, "test")))
        fputs(", rehearsed", to);
}

static void print_write_state(const json_t *object, FILE *to)
{
    fprintf(to, " %s -> %s", text_of(object, "from"), text_of(object, "to"));
    if (has(object, "track"))
        fprintf(to, ", track %lld", (long long)number_of(object, "track"));
    if (has(object, "lba"))
        fprintf(to, ", LBA %lld", (long long)number_of(object, "lba"));
    fprintf(to, ", held by %s", text_of(object, "owner"));
    print_test(object, to);
}

static void print_track(const json_t *object, FILE *to)
{
    fprintf(to, " track %lld of session %lld, start %lld, %lld blocks, for %s",
            (long long)number_of(object, "track"), (long long)number_of(object, "session"),
            (long long)number_of(object, "start"), (long long)number_of(object, "blocks"),
            text_of(object, "owner"));
    print_test(object, to);
}

static void print_session(const json_t *object, FILE *to)
{
    fprintf(to, " session %lld, %lld tracks, %s, for %s", (long long)number_of(object, "session"),
            (long long)number_of(object, "tracks"),
            json_is_true(json_object_get(object, "finalized")) ? "finalized" : "left appendable",
            text_of(object, "owner"));
    print_test(object, to);
}

static void print_damaged(const json_t *object, FILE *to)
{
    fprintf(to, " session %lld, for %s", (long long)number_of(object, "session"),
            text_of(object, "owner"));
    print_test(object, to);
}

static void print_medium(const json_t *object, FILE *to)
{
    if (has(object, "disc"))
        fprintf(to, " %s", text_of(object, "disc"));
    print_nexus(object, "by", to);
    print_test(object, to);
}

static void print_command(const json_t *object, FILE *to)
{
    fprintf(to, " %s", text_of(object, "name"));
    print_nexus(object, "from", to);
    const json_t *status = json_object_get(object, "status");
    if (json_is_string(status))
        fprintf(to, ", status %s", json_string_value(status));
    else
        fprintf(to, ", status %02llX", (long long)json_integer_value(status));
    if (has(object, "sense"))
        fprintf(to, ", sense %s", text_of(object, "sense"));
}

static void print_fault(const json_t *object, FILE *to)
{
    fprintf(to, " %s of opcode %02llX", text_of(object, "action"),
            (long long)number_of(object, "opcode"));
    print_nexus(object, "from", to);
    fprintf(to, ", by \"%s\"", text_of(object, "rule"));
}

static const struct event_row {
    const char *name;
    void (*print)(const json_t *object, FILE *to);
} rows[] = {
    {"power-on", print_power},
    {"power-off", print_power},
    {"nexus-open", print_nexus_event},
    {"nexus-close", print_nexus_event},
    {"exclusive-lock", print_lock},
    {"exclusive-unlock", print_lock},
    {"exclusive-denied", print_denied},
    {"exclusive-lost", print_lock},
    {"write-state", print_write_state},
    {"track-opened", print_track},
    {"track-closed", print_track},
    {"session-closed", print_session},
    {"session-damaged", print_damaged},
    {"medium-loaded", print_medium},
    {"medium-ejected", print_medium},
    {"medium-blanked", print_medium},
    {"command", print_command},
    {"fault", print_fault},
};

static const struct event_row *row_of(const char *event)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, event) == 0)
            return &rows[i];
    return NULL;
}

bool record_text_known(const char *event)
{
    return row_of(event) != NULL;
}

void record_text_print(const json_t *object, FILE *to)
{
    json_int_t us = number_of(object, "time_us");
    const char *event = text_of(object, "event");
    const struct event_row *row = row_of(event);
    fprintf(to, "%lld.%06lld  %s  %-16s", (long long)(us / 1000000), (long long)(us % 1000000),
            text_of(object, "drive"), event);
    if (row != NULL)
        row->print(object, to);
    else {
        fputc(' ', to);
        json_dumpf(object, to, JSON_COMPACT);
    }
    fputc('\n', to);
}
