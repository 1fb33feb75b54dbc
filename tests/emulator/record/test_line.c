/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>
#include <vcdr/record.h>

static struct vcdr_event event_at(int64_t wall_us)
{
    struct vcdr_event event = {.name = "power-on", .drive = "S1", .time_us = 7, .members = ""};

    event.wall_us = wall_us;
    return event;
}

static void a_line_has_the_common_members_first_and_a_newline_last(void **state)
{
    struct vcdr_event event = event_at(INT64_C(1767225600123456));
    char line[256];
    size_t len;

    (void)state;
    event.members = ",\"clean\":true";
    len = vcdr_record_line(&event, 3, line, sizeof(line));
    assert_string_equal(line, "{\"seq\":3,\"time_us\":7,\"wall\":\"2026-01-01T00:00:00.123456Z\","
                              "\"drive\":\"S1\",\"event\":\"power-on\",\"clean\":true}\n");
    assert_int_equal(len, strlen(line));
}

static void wall_time_is_rfc_3339_with_microseconds(void **state)
{
    static const struct {
        int64_t us;
        const char *text;
    } times[] = {
        {0, "1970-01-01T00:00:00.000000Z"},
        {1, "1970-01-01T00:00:00.000001Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
        {INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z"},
        {INT64_C(1709251199999999), "2024-02-29T23:59:59.999999Z"},
        {INT64_C(253402300799999999), "9999-12-31T23:59:59.999999Z"},
        {INT64_C(253402300800000000), "1970-01-01T00:00:00.000000Z"}, /* year 10000: no calendar */
        {INT64_MAX, "1970-01-01T00:00:00.000000Z"},
        {INT64_MIN, "1970-01-01T00:00:00.000000Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        struct vcdr_event event = event_at(times[i].us);
        char line[256];
        json_t *json;

        vcdr_record_line(&event, 1, line, sizeof(line));
        json = json_loads(line, 0, NULL);
        assert_non_null(json);
        assert_string_equal(json_string_value(json_object_get(json, "wall")), times[i].text);
        json_decref(json);
    }
}

static void a_short_buffer_gets_the_length_that_is_needed(void **state)
{
    struct vcdr_event event = event_at(0);
    char whole[256], part[256];
    size_t len = vcdr_record_line(&event, 1, whole, sizeof(whole));

    (void)state;
    for (size_t size = 1; size <= len; size++) {
        memset(part, '#', sizeof(part));
        assert_int_equal(vcdr_record_line(&event, 1, part, size), len);
        assert_memory_equal(part, whole, size - 1);
        assert_int_equal(part[size - 1], '\0');
        assert_int_equal(part[size], '#');
    }
}

static void a_serial_number_is_escaped(void **state)
{
    struct vcdr_event event = event_at(0);
    char line[256];
    json_t *json;

    (void)state;
    event.drive = "\\\\\\\\\\\\\\\\\"\"\"\"\"\"\"\""; /* sixteen characters, the most there are */
    vcdr_record_line(&event, 1, line, sizeof(line));
    json = json_loads(line, 0, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "drive")), event.drive);
    json_decref(json);
}

static void large_numbers_stay_whole(void **state)
{
    struct vcdr_event event = event_at(0);
    char line[256];

    (void)state;
    event.time_us = UINT64_MAX;
    vcdr_record_line(&event, UINT64_MAX, line, sizeof(line));
    assert_non_null(
        strstr(line, "{\"seq\":18446744073709551615,\"time_us\":18446744073709551615,"));
}

struct taken {
    char lines[1024];
    size_t len;
};

static void take(void *ctx, const char *line, size_t len)
{
    struct taken *taken = ctx;

    memcpy(taken->lines + taken->len, line, len);
    taken->len += len;
    taken->lines[taken->len] = '\0';
}

static void a_function_gets_the_same_lines_numbered_from_1(void **state)
{
    struct taken taken = {.len = 0};
    struct vcdr_event event = event_at(0);
    struct vcdr_record_lines *lines;
    struct vcdr_record sink;
    char expected[512];
    size_t len;

    (void)state;
    assert_int_equal(vcdr_record_lines_new(take, &taken, &lines), VCDR_OK);
    sink = vcdr_record_lines_sink(lines);
    sink.emit(sink.ctx, &event);
    sink.emit(sink.ctx, &event);
    len = vcdr_record_line(&event, 1, expected, sizeof(expected));
    vcdr_record_line(&event, 2, expected + len, sizeof(expected) - len);
    assert_string_equal(taken.lines, expected);
    vcdr_record_lines_free(lines);
    vcdr_record_lines_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_the_common_members_first_and_a_newline_last),
        cmocka_unit_test(wall_time_is_rfc_3339_with_microseconds),
        cmocka_unit_test(a_short_buffer_gets_the_length_that_is_needed),
        cmocka_unit_test(a_serial_number_is_escaped),
        cmocka_unit_test(large_numbers_stay_whole),
        cmocka_unit_test(a_function_gets_the_same_lines_numbered_from_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
