/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Bytes behind the initiator's room, which stay what they were. */
enum { BEYOND = 64, FILL = 0xA5 };

static const char *const names[] = {"iqn.2026-01.example:one", "iqn.2026-01.example:two",
                                    "iqn.2026-01.example:three"};

size_t from_hex(const char *hex, uint8_t *out, size_t room)
{
    size_t n = 0;

    while (*hex != '\0') {
        char pair[3] = {hex[0], hex[1], '\0'};

        if (isspace((unsigned char)*hex)) {
            hex++;
            continue;
        }
        if (!isxdigit((unsigned char)hex[0]) || !isxdigit((unsigned char)hex[1]) || n == room)
            fail_msg("not hex, or too long: \"%s\"", hex);
        out[n++] = (uint8_t)strtoul(pair, NULL, 16);
        hex += 2;
    }
    return n;
}

static void take_line(void *ctx, const char *line, size_t len)
{
    struct harness *h = ctx;
    json_error_t error;
    json_t *event = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);

    if (event == NULL)
        fail_msg("the record's line is not JSON: %s\n%s", error.text, line);
    if (line[len - 1] != '\n' || memchr(line, '\n', len - 1) != NULL)
        fail_msg("the record's line is not one line: %s", line);
    json_array_append_new(h->events, event);
}

struct vcdr_disc *blank_disc(const char *name)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    struct vcdr_disc *disc;

    assert_int_equal(vcdr_geometry_by_name(name, VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_store_memory(&store), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 0x56434452), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    return disc;
}

static struct harness *harness_of(struct vcdr_drive_config config)
{
    struct harness *h = calloc(1, sizeof(*h));

    assert_non_null(h);
    h->room = malloc(REPLY_ROOM + BEYOND);
    assert_non_null(h->room);
    h->events = json_array();
    assert_int_equal(vcdr_record_lines_new(take_line, h, &h->sink), VCDR_OK);
    h->now.us = 5000000;                        /* the origin is nobody's business */
    h->now.wall_us = INT64_C(1767225600000000); /* 2026-01-01T00:00:00Z */
    config.record = vcdr_record_lines_sink(h->sink);
    assert_int_equal(vcdr_drive_new(&config, h->now, &h->target), VCDR_OK);
    for (uint64_t id = ONE; id <= THREE; id++)
        nexus_open(h, id, names[id - ONE]);
    return h;
}

static void clear_attentions(struct harness *h)
{
    for (uint64_t id = ONE; id <= THREE; id++)
        clear_attention(h, id);
}

struct harness *harness_with(struct vcdr_disc *disc, bool record_commands)
{
    return harness_of((struct vcdr_drive_config){.disc = disc,
                                                 .disc_name = disc != NULL ? "memory" : NULL,
                                                 .record_commands = record_commands});
}

struct harness *harness_timed(struct vcdr_disc *disc)
{
    struct harness *h =
        harness_of((struct vcdr_drive_config){.disc = disc,
                                              .disc_name = disc != NULL ? "memory" : NULL,
                                              .record_commands = true,
                                              .timing = VCDR_TIMING_REAL});

    clear_attentions(h);
    return h;
}

void pass_time(struct harness *h, uint64_t us)
{
    h->now.us += us;
    h->now.wall_us += (int64_t)us;
    h->target.ops->advance(h->target.ctx, h->now);
}

int hand(struct harness *h, enum vcdr_hand what, struct vcdr_disc *disc, const char *name)
{
    return h->target.ops->hand(h->target.ctx, what, disc, name, h->now);
}

struct harness *harness_new(const char *disc)
{
    return harness_with(disc != NULL ? blank_disc(disc) : NULL, false);
}

struct harness *harness_ready(const char *disc)
{
    struct harness *h = harness_new(disc);

    clear_attentions(h);
    return h;
}

void harness_power_off(struct harness *h)
{
    if (h->target.ctx != NULL)
        h->target.ops->power_off(h->target.ctx, h->now);
    h->target.ctx = NULL;
}

void harness_free(struct harness *h)
{
    harness_power_off(h);
    vcdr_record_lines_free(h->sink);
    json_decref(h->events);
    free(h->room);
    free(h);
}

void nexus_open(struct harness *h, uint64_t nexus, const char *initiator)
{
    nexus_open_port(h, nexus, initiator, NULL);
}

void nexus_open_port(struct harness *h, uint64_t nexus, const char *initiator, const char *port)
{
    assert_int_equal(
        h->target.ops->nexus_open(h->target.ctx, nexus, initiator, port, "test", h->now), VCDR_OK);
}

void nexus_close(struct harness *h, uint64_t nexus)
{
    h->target.ops->nexus_close(h->target.ctx, nexus, h->now);
}

void reset(struct harness *h, uint64_t nexus)
{
    h->target.ops->reset(h->target.ctx, nexus, h->now);
}

void clear_attention(struct harness *h, uint64_t nexus)
{
    while (run(h, nexus, "00 00 00 00 00 00")->sense >> 16 == SENSE_KEY_UNIT_ATTENTION) {
    }
}

struct reply *run_data(struct harness *h, uint64_t nexus, const char *cdb, const void *out,
                       size_t out_len, size_t in_size)
{
    struct vcdr_command command = {
        .nexus = nexus,
        .out = out_len > 0 ? out : NULL,
        .out_len = out_len,
        .in = h->room,
        .in_size = in_size,
        .status = 0xEE, /* a drive that forgets a field is found out */
        .in_len = SIZE_MAX,
        .sense_len = SIZE_MAX,
    };
    struct reply *r = &h->reply;

    from_hex(cdb, command.cdb, sizeof(command.cdb));
    memset(h->room, FILL, in_size + BEYOND);
    h->now.us += 1000;
    h->now.wall_us += 1000;
    h->target.ops->execute(h->target.ctx, &command, h->now);
    for (size_t i = 0; i < BEYOND; i++)
        assert_int_equal(h->room[in_size + i], FILL);
    memset(r, 0, sizeof(*r));
    assert_true(command.outcome == VCDR_ANSWERED || command.outcome == VCDR_DELAYED);
    r->delay_us = command.outcome == VCDR_DELAYED ? command.delay_us : 0;
    r->status = command.status;
    r->data = h->room;
    r->len = command.in_len;
    assert_true(command.in_len <= in_size);
    assert_true(command.status == SAM_GOOD || command.in_len == 0);
    assert_int_equal(command.sense_len,
                     command.status == SAM_CHECK_CONDITION ? VCDR_SENSE_BYTES : 0);
    if (command.status == SAM_CHECK_CONDITION) {
        memcpy(r->sense_data, command.sense, sizeof(r->sense_data));
        r->sense =
            (uint32_t)command.sense[2] << 16 | (uint32_t)command.sense[12] << 8 | command.sense[13];
    }
    return r;
}

struct reply *run(struct harness *h, uint64_t nexus, const char *cdb)
{
    return run_data(h, nexus, cdb, NULL, 0, REPLY_ROOM);
}

struct reply *run_out(struct harness *h, uint64_t nexus, const char *cdb, const char *out)
{
    static uint8_t bytes[65536];

    return run_data(h, nexus, cdb, bytes, from_hex(out, bytes, sizeof(bytes)), REPLY_ROOM);
}

struct reply *exclusive(struct harness *h, uint64_t nexus, uint8_t request, uint8_t flags,
                        const char *name)
{
    uint8_t list[8 + 72] = {0};
    size_t len = name != NULL ? strnlen(name, 64) : 0;

    list[8] = 0x39;
    list[9] = 0x46;
    list[10] = request;
    list[11] = flags;
    if (len > 0)
        memcpy(list + 16, name, len);
    return run_data(h, nexus, "55 10 00 00 00 00 00 00 50 00", list, sizeof(list), 0);
}

struct reply *lock(struct harness *h, uint64_t nexus, const char *name)
{
    return exclusive(h, nexus, 1, 0, name);
}

struct reply *unlock(struct harness *h, uint64_t nexus, uint8_t flags)
{
    return exclusive(h, nexus, 2, flags, NULL);
}

json_t *last_event(struct harness *h, const char *event)
{
    for (size_t i = json_array_size(h->events); i > 0; i--) {
        json_t *line = json_array_get(h->events, i - 1);

        if (strcmp(member(line, "event"), event) == 0)
            return line;
    }
    return NULL;
}

unsigned count_events(struct harness *h, const char *event)
{
    unsigned n = 0;

    for (size_t i = 0; i < json_array_size(h->events); i++)
        n += strcmp(member(json_array_get(h->events, i), "event"), event) == 0;
    return n;
}

const char *member(json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));

    return text != NULL ? text : "";
}

/* ---- checks ---- */

static void wrong_status(const struct reply *r, const char *expected, const char *file, int line)
{
    print_error("%s:%d: expected %s, got status %02Xh sense %06X\n", file, line, expected,
                r->status, (unsigned)r->sense);
    _fail(file, line);
}

void check_good(struct reply *r, const char *file, int line)
{
    if (r->status != SAM_GOOD)
        wrong_status(r, "GOOD", file, line);
}

void check_sense(struct reply *r, uint32_t sense, const char *file, int line)
{
    char expected[32];

    snprintf(expected, sizeof(expected), "sense %06X", (unsigned)sense);
    if (r->status != SAM_CHECK_CONDITION || r->sense != sense)
        wrong_status(r, expected, file, line);
}

void check_conflict(struct reply *r, const char *file, int line)
{
    if (r->status != SAM_RESERVATION_CONFLICT)
        wrong_status(r, "RESERVATION CONFLICT", file, line);
}

void check_hex_at(struct reply *r, size_t offset, const char *hex, const char *file, int line)
{
    size_t at = offset;

    check_good(r, file, line);
    while (*hex != '\0') {
        if (isspace((unsigned char)*hex)) {
            hex++;
            continue;
        }
        if (at >= r->len) {
            print_error("%s:%d: data-in ends after %zu bytes\n", file, line, r->len);
            _fail(file, line);
        }
        if (hex[0] != '.') {
            uint8_t expected = (uint8_t)strtoul((char[]){hex[0], hex[1], '\0'}, NULL, 16);

            if (r->data[at] != expected) {
                print_error("%s:%d: data-in byte %zu: expected %02X, got %02X\n", file, line, at,
                            expected, r->data[at]);
                _fail(file, line);
            }
        }
        at++;
        hex += 2;
    }
}

void check_hex(struct reply *r, const char *hex, const char *file, int line)
{
    size_t n = 0;

    for (const char *p = hex; *p != '\0'; p++)
        n += !isspace((unsigned char)*p);
    check_good(r, file, line);
    if (r->len != n / 2) {
        print_error("%s:%d: data-in: expected %zu bytes, got %zu\n", file, line, n / 2, r->len);
        _fail(file, line);
    }
    check_hex_at(r, 0, hex, file, line);
}
