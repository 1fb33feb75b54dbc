/* SPDX-License-Identifier: MIT */
#include "tests/api/imapi/script.h"

#include <stdio.h>
#include "api/imapi/exclusive.h"

static struct {
    const struct line *lines;
    size_t count, next;
    unsigned depth, in_flight, most_in_flight;
    size_t ordered_bytes;
    enum transport_result open_result;
    struct host *host;
} script;

void script_begin(const struct line *lines, size_t count, unsigned depth, size_t ordered_bytes)
{
    memset(&script, 0, sizeof(script));
    script.lines = lines;
    script.count = count;
    script.depth = depth;
    script.ordered_bytes = ordered_bytes;
}

void script_end(void)
{
    assert_int_equal(script.next, script.count);
    assert_int_equal(script.in_flight, 0);
}

void script_host(struct host *host)
{
    script.host = host;
}

void script_open_result(enum transport_result result)
{
    script.open_result = result;
}

unsigned script_most_in_flight(void)
{
    return script.most_in_flight;
}

struct drive *script_drive(bool has_extension)
{
    struct drive *drive = CoTaskMemAlloc(sizeof(*drive));

    memset(drive, 0, sizeof(*drive));
    atomic_init(&drive->refs, 1);
    drive->transport = (struct transport *)&script;
    drive->has_extension = has_extension;
    drive_lock_init(drive);
    return drive;
}

static size_t from_hex(const char *hex, uint8_t *bytes, size_t room)
{
    size_t n = 0;
    unsigned byte;
    int used;

    while (hex != NULL && n < room && sscanf(hex, "%2x%n", &byte, &used) == 1) {
        bytes[n++] = (uint8_t)byte;
        hex += used;
        hex += *hex == ' ';
    }
    return n;
}

static void compare(const struct line *line, const struct transport_task *task)
{
    uint8_t expected[256];
    size_t n = from_hex(line->cdb, expected, sizeof(expected));

    if (n != task->cdb_len || memcmp(expected, task->cdb, n) != 0) {
        char got[64] = "";

        for (size_t i = 0; i < task->cdb_len; i++) {
            snprintf(got + 3 * i, 4, "%02X ", task->cdb[i]);
        }
        fail_msg("line %zu: expected %s, got %s", script.next, line->cdb, got);
    }
    assert_int_equal(task->out_len, line->out_len);
    n = from_hex(line->out, expected, sizeof(expected));
    assert_true(n <= task->out_len);
    assert_memory_equal(n > 0 ? task->out : expected, expected, n);
}

static void play(struct transport_task *task)
{
    const struct line *line = &script.lines[script.next];

    if (script.next == script.count) {
        fail_msg("nobody expected %02X", task->cdb[0]);
    }
    compare(line, task);
    script.next++;
    task->result = line->result;
    task->status = line->status;
    task->in_len = task->in == NULL ? 0 : from_hex(line->in, task->in, task->in_size);
    if (line->status == 0x02) {
        /* fixed format, current; additional length 10 */
        uint8_t sense[18] = {0x70,
                             0,
                             (uint8_t)(line->sense >> 16),
                             0,
                             0,
                             0,
                             0,
                             10,
                             0,
                             0,
                             0,
                             0,
                             (uint8_t)(line->sense >> 8),
                             (uint8_t)line->sense};

        memcpy(task->sense, sense, sizeof(sense));
        task->sense_len = sizeof(sense);
    }
}

/* ---- api/transport/transport.h */

enum transport_result transport_open(const char *url, const char *name, struct transport **out,
                                     char **why)
{
    (void)url, (void)name, (void)why;
    if (script.open_result == TRANSPORT_OK) {
        *out = (struct transport *)&script;
    }
    return script.open_result;
}

void transport_close(struct transport *transport)
{
    (void)transport;
}

void transport_submit(struct transport *transport, struct transport_task *task)
{
    (void)transport;
    play(task);
    task->done = false;
    if (++script.in_flight > script.most_in_flight) {
        script.most_in_flight = script.in_flight;
    }
}

void transport_wait(struct transport *transport, struct transport_task *task)
{
    (void)transport;
    assert_false(task->done);
    task->done = true;
    script.in_flight--;
}

enum transport_result transport_execute(struct transport *transport, struct transport_task *task)
{
    transport_submit(transport, task);
    transport_wait(transport, task);
    return task->result;
}

size_t transport_ordered_bytes(const struct transport *transport)
{
    (void)transport;
    return script.ordered_bytes;
}

unsigned transport_depth(const struct transport *transport)
{
    (void)transport;
    return script.depth;
}

size_t transport_max_transfer(const struct transport *transport)
{
    (void)transport;
    return 1 << 20;
}

bool transport_is_shared(const struct transport *transport)
{
    (void)transport;
    return script.host != NULL;
}

enum transport_result transport_lock(struct transport *transport, bool force, const char *name)
{
    (void)transport;
    if (script.host->held[0] != '\0') {
        return TRANSPORT_HELD;
    }
    if (script.host->mounted && !force) {
        return TRANSPORT_REFUSED;
    }
    snprintf(script.host->held, sizeof(script.host->held), "%s", name);
    script.host->ours = true;
    return TRANSPORT_OK;
}

void transport_unlock(struct transport *transport)
{
    (void)transport;
    if (script.host->ours) {
        script.host->held[0] = '\0';
    }
    script.host->ours = false;
}

bool transport_lock_owner(struct transport *transport, char *name, size_t size)
{
    (void)transport;
    snprintf(name, size, "%s", script.host->held);
    return name[0] != '\0';
}
