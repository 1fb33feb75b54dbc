/* SPDX-License-Identifier: MIT */
/* The write state: what the record and the log page say of it while a track is written. */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"

static long number(json_t *line, const char *key)
{
    return (long)json_integer_value(json_object_get(line, key));
}

static void the_record_follows_the_write_state_with_its_owner(void **state)
{
    struct harness *h = harness_ready("80min");
    static const char lock[] = "00 00 00 00 00 00 00 00"
                               "39 46 01 00 00 00 00 00"
                               "46 69 72 73 74 20 42 75 72 6E 65 72" /* First Burner */
                               "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                               "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                               "00 00 00 00 00 00 00 00 00 00 00 00";

    (void)state;
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 50 00", lock));
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 100, 2352));
    assert_good(write_once(h, 100, 250, 2352));
    assert_string_equal(write_states(h), "idle>writing ");
    assert_string_equal(member(last_event(h, "write-state"), "owner"), "First Burner");
    assert_int_equal(number(last_event(h, "write-state"), "track"), 1);
    assert_int_equal(number(last_event(h, "write-state"), "lba"), 0);
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(write_states(h), "idle>writing writing>flushing flushing>closing-track "
                                         "closing-track>idle ");
    assert_string_equal(member(last_event(h, "write-state"), "owner"), "First Burner");
    assert_int_equal(number(last_event(h, "write-state"), "blocks"), 350);
    assert_int_equal(count_events(h, "track-opened"), 1);
    assert_string_equal(member(last_event(h, "track-opened"), "owner"), "First Burner");
    assert_int_equal(number(last_event(h, "track-closed"), "start"), 0);
    assert_int_equal(number(last_event(h, "track-closed"), "blocks"), 350);
    harness_free(h);
}

/* The lba of every write-state line from line *seen on, and a space behind each. */
static const char *next_addresses(struct harness *h, size_t *seen)
{
    static char text[256];
    size_t used = 0;

    text[0] = '\0';
    for (; *seen < json_array_size(h->events); (*seen)++) {
        json_t *event = json_array_get(h->events, *seen);

        if (strcmp(member(event, "event"), "write-state") == 0)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%d ",
                                     (int)number(event, "lba"));
    }
    return text;
}

static void a_write_state_names_the_next_writable_address(void **state)
{
    struct harness *h = harness_ready("80min");
    size_t seen = 0;

    (void)state;
    assert_good(select_page_05(h, 3, 0, 0, 0));
    assert_good(write_once(h, 0, 465, 2352));
    assert_good(run(h, ONE, SYNC));
    /* 2 run-out blocks and a pre-gap of 150 after the 465 */
    assert_string_equal(next_addresses(h, &seen), "0 465 465 617 ");
    assert_int_equal(next_address(h), 617);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_string_equal(next_addresses(h, &seen), "617 11867 "); /* 467 and 11400 */
    assert_int_equal(next_address(h), 11867);
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 11867, 300, 2352));
    assert_good(run(h, ONE, CLOSE_SESSION));
    /* the disc is complete: nothing can be written */
    assert_string_equal(next_addresses(h, &seen), "11867 12167 12167 12319 -1 ");
    harness_free(h);
}

static void the_record_names_the_mode_of_every_block_type_that_is_taken(void **state)
{
    static const struct {
        const char *mode; /* NULL: refused */
        unsigned bytes, track_mode, format;
    } types[16] = {
        [0] = {"audio", 2352, 0, 0x00},     [8] = {"mode1", 2048, 4, 0x00},
        [9] = {"mode2", 2336, 4, 0x00},     [10] = {"xa-form1", 2048, 4, 0x20},
        [11] = {"xa-form1", 2056, 4, 0x20}, [12] = {"xa-form2", 2324, 4, 0x20},
        [13] = {"xa-mixed", 2332, 4, 0x20},
    };

    (void)state;
    for (unsigned type = 0; type < 16; type++) {
        struct harness *h = harness_ready("80min");

        if (types[type].mode == NULL) {
            assert_sense(select_page_05(h, 0, 4, type, 0), 0x052600);
        } else {
            assert_good(select_page_05(h, 0, types[type].track_mode, type, types[type].format));
            assert_good(write_once(h, 0, 5, types[type].bytes));
            assert_string_equal(member(last_event(h, "track-opened"), "mode"), types[type].mode);
        }
        harness_free(h);
    }
}

static void the_log_page_and_the_record_name_the_same_address(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 465, 2352));
    assert_good(run(h, ONE, SYNC));
    /* idle, track-at-once, track 2, 617 */
    assert_hex_at(run(h, ONE, "4D 00 79 00 00 00 00 02 00 00"), 8, "00 01 00 02 00 00 02 69");
    assert_int_equal(number(last_event(h, "write-state"), "lba"), 617);
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, "4D 00 79 00 00 00 00 02 00 00"), 8, "00 01 00 00 FF FF FF FF");
    assert_int_equal(number(last_event(h, "write-state"), "lba"), -1);
    harness_free(h);
}

static void the_log_page_tells_the_write_state(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_page_05(h, 0, 0, 0, 0));
    assert_good(write_once(h, 0, 5, 2352));
    clear_attention(h, TWO); /* mode parameters changed */
    /* parameter 0000h: writing, track-at-once, track 1, next 5 */
    assert_hex_at(run(h, TWO, "4D 00 79 00 00 00 00 02 00 00"), 4,
                  "00 00 .. 08 01 01 00 01 00 00 00 05 00 01 .. 08 00 00 00 00 00 00 00 05");
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, TWO, "4D 00 79 00 00 00 00 02 00 00"), 8, "00 01");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_follows_the_write_state_with_its_owner),
        cmocka_unit_test(a_write_state_names_the_next_writable_address),
        cmocka_unit_test(the_record_names_the_mode_of_every_block_type_that_is_taken),
        cmocka_unit_test(the_log_page_and_the_record_name_the_same_address),
        cmocka_unit_test(the_log_page_tells_the_write_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
