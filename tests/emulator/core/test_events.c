/* SPDX-License-Identifier: MIT */
/* The lines of the record, as docs/record.md has them. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"

/* Exactly these members, the five common ones included, and these values. */
static void check_event(json_t *event, const char *expected, int line)
{
    json_error_t error;
    json_t *want = json_loads(expected, 0, &error), *value;
    const char *key;

    assert_non_null(want);
    assert_non_null(event);
    json_object_foreach(want, key, value)
    {
        if (!json_equal(value, json_object_get(event, key))) {
            char *got = json_dumps(event, JSON_COMPACT);

            print_error("line %d: member %s differs: %s\n", line, key, got);
            free(got);
            fail();
        }
    }
    if (json_object_size(event) != json_object_size(want) + 5) {
        char *got = json_dumps(event, JSON_COMPACT);

        print_error("line %d: too many members or too few: %s\n", line, got);
        free(got);
        fail();
    }
    json_decref(want);
}
#define assert_event(event, expected) check_event(event, expected, __LINE__)

#define NEXUS_ONE "{\"initiator\":\"iqn.2026-01.example:one\",\"alias\":\"test\",\"id\":1}"
#define NEXUS_TWO "{\"initiator\":\"iqn.2026-01.example:two\",\"alias\":\"test\",\"id\":2}"

static json_t *event_at(struct harness *h, size_t i)
{
    return json_array_get(h->events, i);
}

static void every_line_has_number_times_drive_and_event(void **state)
{
    struct harness *h = harness_new("80min");
    json_t *first, *second;

    (void)state;
    assert_sense(run(h, ONE, TUR), 0x062900);
    first = event_at(h, 0);
    second = event_at(h, 1);
    assert_int_equal(json_integer_value(json_object_get(first, "seq")), 1);
    assert_int_equal(json_integer_value(json_object_get(first, "time_us")), 0);
    assert_string_equal(member(first, "wall"), "2026-01-01T00:00:00.000000Z");
    assert_string_equal(member(first, "drive"), "VCDR00000001");
    assert_string_equal(member(first, "event"), "power-on");
    assert_int_equal(json_integer_value(json_object_get(second, "seq")), 2);
    assert_int_equal(json_integer_value(json_object_get(second, "time_us")), 1000);
    assert_string_equal(member(second, "wall"), "2026-01-01T00:00:00.001000Z");
    assert_string_equal(member(second, "event"), "nexus-open");
    harness_free(h);
}

static void power_on_names_version_and_disc(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_event(last_event(h, "power-on"),
                 "{\"version\":\"" VCDR_VERSION "\",\"disc\":\"memory\"}");
    harness_free(h);
    h = harness_new(NULL);
    assert_event(last_event(h, "power-on"), "{\"version\":\"" VCDR_VERSION "\",\"disc\":null}");
    harness_power_off(h);
    assert_event(last_event(h, "power-off"), "{\"clean\":true}");
    harness_free(h);
}

/* A store in memory whose flush can be made to fail. */
struct fragile {
    struct vcdr_store memory;
    bool broken;
};

static int fragile_size(void *ctx, uint64_t *size)
{
    struct fragile *f = ctx;

    return f->memory.ops->size(f->memory.ctx, size);
}

static int fragile_read(void *ctx, uint64_t offset, void *buf, size_t len)
{
    struct fragile *f = ctx;

    return f->memory.ops->read(f->memory.ctx, offset, buf, len);
}

static int fragile_write(void *ctx, uint64_t offset, const void *buf, size_t len)
{
    struct fragile *f = ctx;

    return f->memory.ops->write(f->memory.ctx, offset, buf, len);
}

static int fragile_flush(void *ctx)
{
    struct fragile *f = ctx;

    return f->broken ? VCDR_EIO : f->memory.ops->flush(f->memory.ctx);
}

static void fragile_close(void *ctx)
{
    struct fragile *f = ctx;

    f->memory.ops->close(f->memory.ctx);
}

static void a_disc_that_could_not_be_made_durable_is_told_at_power_off(void **state)
{
    static const struct vcdr_store_ops ops = {fragile_size, fragile_read, fragile_write,
                                              fragile_flush, fragile_close};
    static const uint8_t block[2048];
    struct fragile fragile = {.broken = false};
    struct vcdr_store store = {&ops, &fragile};
    struct vcdr_geometry geometry;
    struct vcdr_disc *disc;
    struct harness *h;

    (void)state;
    assert_int_equal(vcdr_store_memory(&fragile.memory), VCDR_OK);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), VCDR_OK);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    h = harness_with(disc, false);
    clear_attention(h, ONE);
    assert_good(lock(h, ONE, "A"));
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 01 00", block, sizeof(block), 0));
    fragile.broken = true;
    harness_power_off(h);
    assert_event(last_event(h, "power-off"), "{\"clean\":false}");
    harness_free(h);
}

static void a_nexus_opens_at_its_first_command_and_closes_once(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    assert_int_equal(count_events(h, "nexus-open"), 0);
    run(h, TWO, TUR);
    run(h, TWO, TUR);
    assert_int_equal(count_events(h, "nexus-open"), 1);
    assert_event(last_event(h, "nexus-open"), "{\"nexus\":" NEXUS_TWO "}");
    nexus_close(h, TWO);
    assert_event(last_event(h, "nexus-close"), "{\"nexus\":" NEXUS_TWO "}");
    nexus_close(h, THREE); /* it never said a word */
    assert_int_equal(count_events(h, "nexus-close"), 1);
    harness_free(h);
}

static void lock_unlock_and_lost_name_owner_and_nexus(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(exclusive(h, ONE, 1, 1, "Burner 1"));
    assert_event(last_event(h, "exclusive-lock"), "{\"owner\":\"Burner 1\",\"nexus\":" NEXUS_ONE
                                                  ",\"flags\":1,\"via\":\"extension\"}");
    assert_good(unlock(h, ONE, 2));
    assert_event(last_event(h, "exclusive-unlock"), "{\"owner\":\"Burner 1\",\"nexus\":" NEXUS_ONE
                                                    ",\"flags\":2,\"via\":\"extension\"}");
    assert_good(run(h, ONE, "16 00 00 00 00 00"));
    assert_event(last_event(h, "exclusive-lock"),
                 "{\"owner\":\"iqn.2026-01.example:one\",\"nexus\":" NEXUS_ONE
                 ",\"flags\":0,\"via\":\"reserve\"}");
    nexus_close(h, ONE);
    assert_event(last_event(h, "exclusive-lost"),
                 "{\"owner\":\"iqn.2026-01.example:one\",\"nexus\":" NEXUS_ONE
                 ",\"via\":\"reserve\",\"cause\":\"nexus-lost\"}");
    harness_free(h);
}

static void the_loss_of_the_owner_stands_before_the_close_of_its_nexus(void **state)
{
    struct harness *h = harness_ready("80min");
    size_t n;

    (void)state;
    assert_good(lock(h, ONE, "A"));
    nexus_close(h, ONE);
    n = json_array_size(h->events);
    assert_string_equal(member(event_at(h, n - 2), "event"), "exclusive-lost");
    assert_string_equal(member(event_at(h, n - 1), "event"), "nexus-close");
    harness_free(h);
}

static void each_refusal_is_a_line_with_holder_asker_and_name(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(lock(h, ONE, "A"));
    assert_conflict(lock(h, TWO, "B"));
    assert_event(last_event(h, "exclusive-denied"),
                 "{\"owner\":\"A\",\"nexus\":" NEXUS_TWO ",\"wanted\":\"B\",\"opcode\":85}");
    assert_conflict(lock(h, TWO, "not/a name"));
    assert_event(last_event(h, "exclusive-denied"),
                 "{\"owner\":\"A\",\"nexus\":" NEXUS_TWO ",\"wanted\":null,\"opcode\":85}");
    assert_conflict(lock(h, ONE, "A"));
    assert_event(last_event(h, "exclusive-denied"),
                 "{\"owner\":\"A\",\"nexus\":" NEXUS_ONE ",\"wanted\":\"A\",\"opcode\":85}");
    assert_conflict(run(h, TWO, "2A 00 00 00 00 00 00 00 01 00"));
    assert_event(last_event(h, "exclusive-denied"),
                 "{\"owner\":\"A\",\"nexus\":" NEXUS_TWO ",\"wanted\":null,\"opcode\":42}");
    assert_int_equal(count_events(h, "exclusive-denied"), 4);
    assert_good(run(h, TWO, "12 00 00 00 24 00"));
    assert_int_equal(count_events(h, "exclusive-denied"), 4);
    harness_free(h);
}

static void a_burn_names_its_owner_in_every_line(void **state)
{
    static const char *const states[][2] = {
        {"idle", "writing"},       {"writing", "flushing"},     {"flushing", "closing-track"},
        {"closing-track", "idle"}, {"idle", "closing-session"}, {"closing-session", "idle"},
    };
    static const uint8_t blocks[300 * 2048];
    struct harness *h = harness_ready("80min");
    size_t changes = 0;

    (void)state;
    assert_good(lock(h, ONE, "Burner 1"));
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 01 2C 00", blocks, sizeof(blocks), 0));
    assert_event(last_event(h, "track-opened"),
                 "{\"track\":1,\"session\":1,\"mode\":\"mode1\",\"start\":0,\"blocks\":0,"
                 "\"owner\":\"Burner 1\"}");
    assert_good(run(h, ONE, "35 00 00 00 00 00 00 00 00 00"));
    assert_event(last_event(h, "track-closed"),
                 "{\"track\":1,\"session\":1,\"mode\":\"mode1\",\"start\":0,\"blocks\":300,"
                 "\"owner\":\"Burner 1\"}");
    assert_good(run(h, ONE, "5B 00 02 00 00 00 00 00 00 00"));
    assert_event(last_event(h, "session-closed"),
                 "{\"session\":1,\"tracks\":1,\"finalized\":true,\"owner\":\"Burner 1\"}");
    for (size_t i = 0; i < json_array_size(h->events); i++) {
        json_t *event = event_at(h, i);

        if (strcmp(member(event, "event"), "write-state") != 0)
            continue;
        assert_true(changes < sizeof(states) / sizeof(states[0]));
        assert_string_equal(member(event, "from"), states[changes][0]);
        assert_string_equal(member(event, "to"), states[changes][1]);
        assert_string_equal(member(event, "owner"), "Burner 1");
        assert_int_equal(json_integer_value(json_object_get(event, "track")), 1);
        assert_true(json_is_integer(json_object_get(event, "lba")));
        assert_true(json_is_integer(json_object_get(event, "blocks")));
        changes++;
    }
    assert_int_equal(changes, sizeof(states) / sizeof(states[0]));
    harness_free(h);
}

static void without_a_holder_the_owner_is_null(void **state)
{
    static const uint8_t block[2048];
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run_data(h, ONE, "2A 00 00 00 00 00 00 00 01 00", block, sizeof(block), 0));
    assert_true(json_is_null(json_object_get(last_event(h, "write-state"), "owner")));
    assert_event(last_event(h, "write-state"),
                 "{\"from\":\"idle\",\"to\":\"writing\",\"owner\":null,\"nexus\":" NEXUS_ONE
                 ",\"track\":1,\"lba\":0,\"blocks\":0}");
    reset(h, TWO);
    assert_event(last_event(h, "write-state"),
                 "{\"from\":\"writing\",\"to\":\"idle\",\"owner\":null,\"nexus\":" NEXUS_TWO
                 ",\"track\":1,\"lba\":1,\"blocks\":1}");
    harness_free(h);
}

static void the_medium_goes_and_comes_with_the_nexus_that_did_it(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, ONE, "1B 00 00 00 02 00"));
    assert_event(last_event(h, "medium-ejected"), "{\"disc\":\"memory\",\"nexus\":" NEXUS_ONE "}");
    assert_good(run(h, ONE, "1B 00 00 00 03 00"));
    assert_event(last_event(h, "medium-loaded"), "{\"disc\":\"memory\",\"nexus\":" NEXUS_ONE "}");
    harness_free(h);
}

static void commands_are_lines_only_when_asked_for(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_int_equal(count_events(h, "command"), 0);
    harness_free(h);
    h = harness_with(blank_disc("80min"), true);
    run(h, ONE, TUR);
    assert_event(
        last_event(h, "command"),
        "{\"opcode\":0,\"name\":\"TEST UNIT READY\",\"cdb\":\"000000000000\",\"nexus\":" NEXUS_ONE
        ",\"out\":0,\"in\":0,\"status\":2,\"sense\":\"06/29/00\",\"busy_us\":0}");
    run(h, ONE, "12 00 00 00 24 00");
    assert_event(last_event(h, "command"),
                 "{\"opcode\":18,\"name\":\"INQUIRY\",\"cdb\":\"120000002400\",\"nexus\":" NEXUS_ONE
                 ",\"out\":0,\"in\":36,\"status\":0,\"sense\":null,\"busy_us\":0}");
    run(h, ONE, "FF 01 02");
    assert_event(last_event(h, "command"),
                 "{\"opcode\":255,\"name\":null,\"cdb\":\"ff010200000000000000000000000000\","
                 "\"nexus\":" NEXUS_ONE
                 ",\"out\":0,\"in\":0,\"status\":2,\"sense\":\"05/20/00\",\"busy_us\":0}");
    assert_good(lock(h, ONE, "A"));
    assert_event(last_event(h, "command"),
                 "{\"opcode\":85,\"name\":\"MODE SELECT(10)\",\"cdb\":\"55100000000000005000\","
                 "\"nexus\":" NEXUS_ONE
                 ",\"out\":80,\"in\":0,\"status\":0,\"sense\":null,\"busy_us\":0}");
    harness_free(h);
}

static const char *initiator_of(struct harness *h)
{
    return member(json_object_get(last_event(h, "nexus-open"), "nexus"), "initiator");
}

static void any_initiator_name_becomes_json(void **state)
{
    static const char *const names[][2] = {
        {"quote\" back\\slash", "quote\" back\\slash"},
        {"tab\tbell\x07", "tab\tbell\x07"},
        {"\xC3\xBC \xE2\x82\xAC \xF0\x9F\x92\xBF", "\xC3\xBC \xE2\x82\xAC \xF0\x9F\x92\xBF"},
        {"\xFF", "\xEF\xBF\xBD"}, /* no UTF-8: U+FFFD */
        {"\xC3", "\xEF\xBF\xBD"}, /* cut short */
        {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"}, /* overlong */
        {"\xE0\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* a surrogate */
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"", ""},
    };
    struct harness *h = harness_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        nexus_open(h, 100 + i, names[i][0]);
        run(h, 100 + i, TUR);
        assert_string_equal(initiator_of(h), names[i][1]);
    }
    harness_free(h);
}

static void every_byte_of_a_name_becomes_json(void **state)
{
    struct harness *h = harness_new(NULL);

    (void)state;
    for (unsigned byte = 1; byte < 256; byte++) {
        char name[300];

        memset(name, (int)byte, sizeof(name) - 1); /* longer than is kept */
        name[sizeof(name) - 1] = '\0';
        assert_int_equal(h->target.ops->nexus_open(h->target.ctx, 100 + byte, name, NULL, name,
                                                   h->now),
                         VCDR_OK);
        run(h, 100 + byte, TUR); /* take_line parses it */
        assert_true(strlen(initiator_of(h)) >= 223);
    }
    harness_free(h);
}

static void a_missing_alias_and_a_long_disc_name_are_told(void **state)
{
    struct harness *h = harness_new(NULL);
    struct vcdr_drive_config config = {.record = vcdr_record_lines_sink(h->sink)};
    struct vcdr_target target;
    char path[4097];

    (void)state;
    memset(path, '\x01', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    config.disc = blank_disc("74min");
    config.disc_name = path;
    config.serial = "\"quoted\\";
    assert_int_equal(vcdr_drive_new(&config, h->now, &target), VCDR_OK);
    assert_string_equal(member(last_event(h, "power-on"), "drive"), "\"quoted\\");
    assert_true(strlen(member(last_event(h, "power-on"), "disc")) > 600); /* cut, and still JSON */
    target.ops->power_off(target.ctx, h->now);
    assert_int_equal(h->target.ops->nexus_open(h->target.ctx, 50, "iqn", NULL, NULL, h->now),
                     VCDR_OK);
    run(h, 50, TUR);
    assert_event(last_event(h, "nexus-open"),
                 "{\"nexus\":{\"initiator\":\"iqn\",\"alias\":\"\",\"id\":50}}");
    harness_free(h);
}

/* What a reader may rely on, after any history: numbers without gap, and no second lock of a kind
 * before the first has ended, by exactly one line. */
static void check_guarantees(struct harness *h)
{
    static const char *const vias[] = {"extension", "reserve"};
    bool held[2] = {false, false};

    for (size_t i = 0; i < json_array_size(h->events); i++) {
        json_t *event = event_at(h, i);
        const char *name = member(event, "event");

        assert_int_equal(json_integer_value(json_object_get(event, "seq")), i + 1);
        for (int via = 0; via < 2; via++) {
            bool ours = strcmp(member(event, "via"), vias[via]) == 0;

            if (strcmp(name, "exclusive-lock") == 0 && ours) {
                assert_false(held[via]);
                held[via] = true;
            } else if ((strcmp(name, "exclusive-unlock") == 0 ||
                        strcmp(name, "exclusive-lost") == 0) &&
                       ours) {
                assert_true(held[via]);
                held[via] = false;
            } else if (strcmp(name, "power-off") == 0) {
                held[via] = false;
            } else if (strcmp(name, "exclusive-denied") == 0) {
                assert_true(held[0] || held[1]);
            }
        }
    }
    assert_false(held[0] || held[1]);
}

static void any_history_keeps_the_guarantees(void **state)
{
    static const char *const commands[] = {
        TUR,
        "16 00 00 00 00 00",
        "17 00 00 00 00 00",
        "56 00 00 00 00 00 00 00 00 00",
        "57 00 00 00 00 00 00 00 00 00",
        "1B 00 00 00 02 00",
        "1B 00 00 00 03 00",
    };
    struct harness *h = harness_ready("80min");
    uint32_t dice = 20261123;
    uint64_t ids[3] = {ONE, TWO, THREE}, next_id = 10;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        unsigned what, who;

        dice = dice * 1664525 + 1013904223;
        what = dice >> 24 & 15;
        who = (dice >> 16) % 3;
        if (what < 7) {
            run(h, ids[who], commands[what]);
        } else if (what < 10) {
            lock(h, ids[who], "Any");
        } else if (what < 13) {
            unlock(h, ids[who], (uint8_t)(what & 2));
        } else if (what == 13 && (dice >> 12 & 3) == 0) {
            reset(h, ids[who]);
        } else if (what == 14 && (dice >> 12 & 3) == 0) {
            nexus_close(h, ids[who]);
            ids[who] = next_id++;
            nexus_open(h, ids[who], "iqn.2026-01.example:again");
        }
    }
    assert_true(count_events(h, "exclusive-lock") > 100);
    assert_true(count_events(h, "exclusive-unlock") > 50);
    assert_true(count_events(h, "exclusive-lost") > 5);
    lock(h, ids[0], "Last");
    harness_power_off(h);
    check_guarantees(h);
    harness_free(h);
}

static void a_drive_without_a_record_does_the_same(void **state)
{
    struct vcdr_drive_config config = {.record_commands = true};
    struct vcdr_time now = {0, 0};
    struct vcdr_command command = {.nexus = 1, .cdb = {0x16}};
    struct vcdr_target target;

    (void)state;
    assert_int_equal(vcdr_drive_new(&config, now, &target), VCDR_OK);
    assert_int_equal(target.ops->nexus_open(target.ctx, 1, "iqn", NULL, "a", now), VCDR_OK);
    target.ops->execute(target.ctx, &command, now); /* unit attention */
    target.ops->execute(target.ctx, &command, now);
    assert_int_equal(command.status, 0);
    target.ops->reset(target.ctx, 1, now);
    target.ops->nexus_close(target.ctx, 1, now);
    target.ops->power_off(target.ctx, now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_has_number_times_drive_and_event),
        cmocka_unit_test(power_on_names_version_and_disc),
        cmocka_unit_test(a_disc_that_could_not_be_made_durable_is_told_at_power_off),
        cmocka_unit_test(a_nexus_opens_at_its_first_command_and_closes_once),
        cmocka_unit_test(lock_unlock_and_lost_name_owner_and_nexus),
        cmocka_unit_test(the_loss_of_the_owner_stands_before_the_close_of_its_nexus),
        cmocka_unit_test(each_refusal_is_a_line_with_holder_asker_and_name),
        cmocka_unit_test(a_burn_names_its_owner_in_every_line),
        cmocka_unit_test(without_a_holder_the_owner_is_null),
        cmocka_unit_test(the_medium_goes_and_comes_with_the_nexus_that_did_it),
        cmocka_unit_test(commands_are_lines_only_when_asked_for),
        cmocka_unit_test(any_initiator_name_becomes_json),
        cmocka_unit_test(every_byte_of_a_name_becomes_json),
        cmocka_unit_test(a_missing_alias_and_a_long_disc_name_are_told),
        cmocka_unit_test(any_history_keeps_the_guarantees),
        cmocka_unit_test(a_drive_without_a_record_does_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
