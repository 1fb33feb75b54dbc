/* SPDX-License-Identifier: MIT */
/* One event as one line of JSON (docs/record.md). */
#include <vcdr/record.h>

#include <stdio.h>
#include <time.h>

enum { WALL_ROOM = 48, DRIVE_ROOM = 64 };

/* RFC 3339 in UTC with microseconds. A time that no calendar holds becomes the epoch. */
static void put_wall(int64_t wall_us, char *out)
{
    int64_t seconds = wall_us / 1000000, us = wall_us % 1000000;
    time_t when;
    struct tm tm;

    if (us < 0) {
        us += 1000000;
        seconds--;
    }
    when = (time_t)seconds;
    if (gmtime_r(&when, &tm) == NULL || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900) {
        snprintf(out, WALL_ROOM, "1970-01-01T00:00:00.000000Z");
        return;
    }
    snprintf(out, WALL_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)us);
}

/* A serial number is printable ASCII, so two characters need an escape. */
static void put_drive(const char *drive, char *out)
{
    size_t n = 0;

    for (; *drive != '\0' && n + 3 < DRIVE_ROOM; drive++) {
        if (*drive == '"' || *drive == '\\')
            out[n++] = '\\';
        out[n++] = *drive;
    }
    out[n] = '\0';
}

size_t vcdr_record_line(const struct vcdr_event *event, uint64_t seq, char *buf, size_t size)
{
    char wall[WALL_ROOM], drive[DRIVE_ROOM];
    int n;

    put_wall(event->wall_us, wall);
    put_drive(event->drive, drive);
    n = snprintf(buf, size,
                 "{\"seq\":%llu,\"time_us\":%llu,\"wall\":\"%s\",\"drive\":\"%s\",\"event\":\"%s\""
                 "%s}\n",
                 (unsigned long long)seq, (unsigned long long)event->time_us, wall, drive,
                 event->name, event->members);
    return n > 0 ? (size_t)n : 0;
}
