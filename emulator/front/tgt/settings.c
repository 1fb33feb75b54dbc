/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 20, DEAD_PEER_SECONDS = 30 };

static const char *read_all(int fd, char **text, size_t *len)
{
    char *buf = malloc(MOST_BYTES);
    size_t got = 0;
    ssize_t n;

    if (!buf)
        return "out of memory";
    while ((n = pread(fd, buf + got, MOST_BYTES - got, (off_t)got)) > 0)
        got += (size_t)n;
    if (n < 0 || got == MOST_BYTES || got == 0 || buf[got - 1] != '\0') {
        free(buf);
        return n < 0 ? strerror(errno) : "settings are not NUL-terminated strings";
    }
    *text = buf;
    *len = got;
    return NULL;
}

static const char *add_drive(struct settings *settings, char *value)
{
    struct settings_drive *drives =
        realloc(settings->drives, (settings->drive_count + 1) * sizeof(*drives));

    if (!drives)
        return "out of memory";
    settings->drives = drives;
    drives[settings->drive_count++] = (struct settings_drive){.iqn = value};
    return NULL;
}

static bool put_drive(struct power_settings *power, const char *key, const char *value)
{
    if (strcmp(key, "disc") == 0)
        power->disc = value;
    else if (strcmp(key, "record") == 0)
        power->record = value;
    else if (strcmp(key, "commands") == 0)
        power->record_commands = strcmp(value, "1") == 0;
    else if (strcmp(key, "name") == 0)
        power->name = value;
    else if (strcmp(key, "serial") == 0)
        power->serial = value;
    else if (strcmp(key, "faults") == 0)
        power->faults = value;
    else if (strcmp(key, "timing") == 0)
        power->timing = value;
    else
        return false;
    return true;
}

static bool put_daemon(struct settings *settings, const char *key, const char *value)
{
    if (strcmp(key, "portal") == 0)
        settings->portal = value;
    else if (strcmp(key, "status") == 0)
        settings->status = atoi(value);
    else if (strcmp(key, "user") == 0)
        settings->user = value;
    else if (strcmp(key, "secret") == 0)
        settings->secret = value;
    else if (strcmp(key, "dead-peer") == 0)
        settings->dead_peer_seconds = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(key, "silent-peer") == 0)
        settings->silent_peer_seconds = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(key, "control-socket") == 0)
        settings->control_socket = value;
    else if (strcmp(key, "address") == 0)
        settings->address = value;
    else if (strcmp(key, "control") == 0)
        settings->keep_control = strcmp(value, "keep") == 0;
    else
        return false;
    return true;
}

static const char *put(struct settings *settings, char *line)
{
    char *value = strchr(line, '=');
    bool known;

    if (!value)
        return "a setting has no value";
    *value++ = '\0';
    if (strcmp(line, "drive") == 0)
        return add_drive(settings, value);
    if (settings->drive_count > 0)
        known = put_drive(&settings->drives[settings->drive_count - 1].power, line, value);
    else
        known = put_daemon(settings, line, value);
    return known ? NULL : "a setting is unknown";
}

const char *settings_read(int fd, struct settings *out)
{
    struct settings settings = {
        .portal = "127.0.0.1:0", .status = -1, .dead_peer_seconds = DEAD_PEER_SECONDS};
    size_t len = 0;
    const char *error = read_all(fd, &settings.text, &len);

    close(fd);
    for (size_t at = 0; !error && at < len;) {
        size_t next = at + strlen(settings.text + at) + 1;

        error = put(&settings, settings.text + at);
        at = next;
    }
    *out = settings; /* also on failure: the status descriptor may be known */
    return error;
}

void settings_free(struct settings *settings)
{
    if (settings->secret)
        explicit_bzero((char *)settings->secret, strlen(settings->secret));
    free(settings->drives);
    free(settings->text);
    *settings = (struct settings){.status = -1};
}
