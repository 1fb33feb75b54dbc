/* SPDX-License-Identifier: MIT */
#include "record_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void broken(struct record_check *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void broken(struct record_check *r, const char *format, ...)
{
    va_list args;

    if (r->why[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(r->why, sizeof(r->why), format, args);
    va_end(args);
}

bool record_member(const char *line, const char *key, char *value, size_t size)
{
    char quoted[40];
    const char *at, *end;
    size_t len;

    snprintf(quoted, sizeof(quoted), "\"%s\":", key);
    at = strstr(line, quoted);
    if (at == NULL)
        return false;
    at += strlen(quoted);
    if (*at == '"')
        end = strchr(++at, '"'); /* none of the names here has a quote in it */
    else
        end = at + strcspn(at, ",}\n");
    len = end != NULL ? (size_t)(end - at) : 0;
    if (len >= size)
        len = size - 1;
    memcpy(value, at, len);
    value[len] = '\0';
    return true;
}

void record_check_begin(struct record_check *r)
{
    memset(r, 0, sizeof(*r));
}

static void power_on(struct record_check *r)
{
    r->on = true;
    r->locked = r->reserved = false;
    strcpy(r->write_state, "idle");
    r->owner[0] = '\0';
    r->opened = r->closed = r->sessions = r->commands = 0;
    r->time_us = 0;
}

static void show_owner(struct record_check *r)
{
    snprintf(r->owner, sizeof(r->owner), "%s",
             r->locked     ? r->locker
             : r->reserved ? r->reserver
                           : "");
}

/* exclusive-lock, or one of its two ends */
static void hold(struct record_check *r, const char *line, bool begins)
{
    char via[16] = "", owner[80] = "";
    bool *held, page;

    record_member(line, "via", via, sizeof(via));
    record_member(line, "owner", owner, sizeof(owner));
    page = strcmp(via, "extension") == 0;
    held = page ? &r->locked : &r->reserved;
    if (*held == begins)
        broken(r, "%s by %s: %s", begins ? "a second lock" : "the end of no lock", via, line);
    *held = begins;
    if (begins)
        strcpy(page ? r->locker : r->reserver, owner);
    else if (strcmp(page ? r->locker : r->reserver, owner) != 0)
        broken(r, "a lock of %s ends as another's: %s", page ? r->locker : r->reserver, line);
    show_owner(r);
}

static void write_state(struct record_check *r, const char *line)
{
    char from[24] = "", to[24] = "", owner[80] = "";

    record_member(line, "from", from, sizeof(from));
    record_member(line, "to", to, sizeof(to));
    record_member(line, "owner", owner, sizeof(owner));
    if (strcmp(from, r->write_state) != 0 || strcmp(from, to) == 0)
        broken(r, "the write state was %s: %s", r->write_state, line);
    if (strcmp(owner, r->owner[0] != '\0' ? r->owner : "null") != 0)
        broken(r, "%s holds the drive: %s", r->owner[0] != '\0' ? r->owner : "nobody", line);
    strcpy(r->write_state, to);
}

static void follow(struct record_check *r, const char *event, const char *line)
{
    if (strcmp(event, "power-on") == 0) {
        power_on(r);
        return;
    }
    if (!r->on)
        broken(r, "a drive without power: %s", line);
    if (strcmp(event, "power-off") == 0)
        r->on = false;
    else if (strcmp(event, "exclusive-lock") == 0)
        hold(r, line, true);
    else if (strcmp(event, "exclusive-unlock") == 0 || strcmp(event, "exclusive-lost") == 0)
        hold(r, line, false);
    else if (strcmp(event, "write-state") == 0)
        write_state(r, line);
    else if (strcmp(event, "track-opened") == 0)
        r->opened++;
    else if (strcmp(event, "track-closed") == 0)
        r->closed++;
    else if (strcmp(event, "session-closed") == 0)
        r->sessions++;
    else if (strcmp(event, "command") == 0)
        r->commands++;
}

void record_check_line(struct record_check *r, const char *line, size_t len)
{
    char number[24] = "", event[32] = "";
    uint64_t time_us;

    if (len < 3 || line[len - 1] != '\n' || line[len - 2] != '}' ||
        strncmp(line, "{\"seq\":", 7) != 0) {
        broken(r, "no whole line: %.*s", (int)len, line);
        return;
    }
    record_member(line, "seq", number, sizeof(number));
    if (strtoull(number, NULL, 10) != r->seq + 1)
        broken(r, "line %llu follows line %llu", strtoull(number, NULL, 10),
               (unsigned long long)r->seq);
    r->seq++;
    record_member(line, "time_us", number, sizeof(number));
    time_us = strtoull(number, NULL, 10);
    record_member(line, "event", event, sizeof(event));
    follow(r, event, line);
    if (time_us < r->time_us)
        broken(r, "time runs back: %s", line);
    r->time_us = time_us;
}
