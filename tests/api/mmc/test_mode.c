/* SPDX-License-Identifier: MIT */
/* Mode and log pages. */
#include "hex.h"
#include "replies.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"

static struct mmc_mode_page find(struct bytes r, uint8_t code)
{
    struct mmc_mode_page page;

    assert_int_equal(mmc_mode_page_find(r.data, r.len, code, &page), MMC_OK);
    return page;
}

static void pages_are_walked_behind_any_block_descriptor(void **state)
{
    /* 26 more; one block descriptor of 8; page 0D (savable), page 1A; vendor page 00 ends it */
    struct bytes r = hex("00 20 00 00 00 00 00 08  00 00 00 00 00 00 08 00"
                         "8D 06 00 00 00 3C 00 4B"
                         "1A 04 00 00 00 00"
                         "00 FF 01 02");
    struct mmc_mode_page page;
    size_t offset = 0, total;

    (void)state;
    assert_int_equal(mmc_mode_total(r.data, 2, &total), MMC_OK);
    assert_int_equal(total, r.len);
    assert_int_equal(mmc_mode_page_next(r.data, r.len, &offset, &page), MMC_OK);
    assert_true(page.code == 0x0D && page.savable && page.len == 8 && page.bytes == r.data + 16);
    assert_int_equal(mmc_mode_page_next(r.data, r.len, &offset, &page), MMC_OK);
    assert_true(page.code == 0x1A && !page.savable && page.len == 6);
    assert_int_equal(mmc_mode_page_next(r.data, r.len, &offset, &page), MMC_ABSENT);
    assert_int_equal(mmc_mode_page_find(r.data, r.len, 0x05, &page), MMC_ABSENT);
    hex_free(r);
}

static void a_page_beyond_the_end_is_a_contradiction(void **state)
{
    struct bytes r = hex("00 0A 00 00 00 00 00 00  05 32 00 00");
    struct bytes blocks = hex("00 0A 00 00 00 00 00 08  05 02 00 00");
    struct mmc_mode_page page;

    (void)state;
    assert_int_equal(mmc_mode_page_find(r.data, r.len, 5, &page), MMC_CONTRADICTORY);
    assert_int_equal(mmc_mode_page_find(blocks.data, blocks.len, 5, &page), MMC_CONTRADICTORY);
    hex_free(r);
    hex_free(blocks);
}

static void a_select_list_has_a_zero_header_and_no_ps(void **state)
{
    static const uint8_t page[] = {0x8D, 0x02, 0x11, 0x22};
    uint8_t list[12];
    size_t len;

    (void)state;
    assert_int_equal(mmc_mode_select_list(page, 4, list, 11, &len), MMC_NO_ROOM);
    assert_int_equal(mmc_mode_select_list(page, 3, list, 12, &len), MMC_RANGE);
    assert_int_equal(mmc_mode_select_list(page, 4, list, 12, &len), MMC_OK);
    assert_int_equal(len, 12);
    assert_memory_equal(list, "\0\0\0\0\0\0\0\0\x0D\x02\x11\x22", 12);
}

static void write_parameters_are_read(void **state)
{
    struct bytes r = hex(reply_mode_05);
    struct mmc_mode_page page = find(r, PAGE_WRITE_PARAMETERS);
    struct mmc_write_parameters w;

    (void)state;
    assert_int_equal(mmc_write_parameters_parse(page.bytes, page.len, &w), MMC_OK);
    assert_true(w.buffer_underrun_free && !w.test_write);
    assert_int_equal(w.write_type, WRITE_TYPE_TAO);
    assert_int_equal(w.multi_session, MULTISESSION_ALLOWED);
    assert_int_equal(w.track_mode, CONTROL_DATA);
    assert_int_equal(w.block_type, BLOCK_TYPE_MODE1);
    assert_int_equal(w.audio_pause_blocks, 150);
    assert_string_equal(w.mcn, "");
    assert_string_equal(w.isrc, "DEA123456789");
    hex_free(r);
}

static void write_parameters_change_what_they_name_and_nothing_else(void **state)
{
    struct bytes r = hex(reply_mode_05);
    uint8_t *page = r.data + 8;
    struct mmc_write_parameters w;

    (void)state;
    page[2] |= 0x20; /* LS_V */
    page[4] |= 0xA0; /* reserved */
    page[5] = 7;     /* link size */
    page[7] = 0x15;  /* application code */
    assert_int_equal(mmc_write_parameters_parse(page, 52, &w), MMC_OK);
    w.buffer_underrun_free = false;
    w.test_write = true;
    w.multi_session = MULTISESSION_NONE;
    w.track_mode = 0;
    w.block_type = BLOCK_TYPE_RAW;
    strcpy(w.mcn, "4006381333931");
    strcpy(w.isrc, "");
    assert_int_equal(mmc_write_parameters_put(&w, page, 52), MMC_OK);
    /* test write, LS_V, TAO; nothing; reserved bits kept; 7; application code; pause 150 */
    assert_memory_equal(page, "\x05\x32\x31\x00\xA0\x07\x00\x15\x00\0\0\0\0\0\x00\x96", 16);
    assert_memory_equal(page + 16,
                        "\x80"
                        "4006381333931"
                        "\0\0",
                        16);
    assert_memory_equal(page + 32, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    assert_memory_equal(page + 48, "\0\0\x08\0", 4);
    hex_free(r);
}

static void write_parameters_out_of_range_leave_the_page_alone(void **state)
{
    static const struct mmc_write_parameters wrong[] = {
        {.write_type = 16},      {.multi_session = 4},     {.track_mode = 16},
        {.block_type = 16},      {.mcn = "400638133393"},  {.mcn = "40063813339AB"},
        {.isrc = "DEA12345678"}, {.isrc = "dea123456789"},
    };
    struct bytes r = hex(reply_mode_05);
    struct bytes before = hex(reply_mode_05);

    (void)state;
    for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(mmc_write_parameters_put(&wrong[i], r.data + 8, 52), MMC_RANGE);
        assert_memory_equal(r.data, before.data, r.len);
    }
    hex_free(r);
    hex_free(before);
}

static void capabilities_tell_speeds_and_lock(void **state)
{
    struct bytes r = hex(reply_mode_2a);
    struct mmc_mode_page page = find(r, PAGE_CAPABILITIES);
    struct mmc_capabilities c;

    (void)state;
    assert_int_equal(mmc_capabilities_parse(page.bytes, page.len, &c), MMC_OK);
    assert_true(c.writes_cd_r && !c.writes_cd_rw && c.test_write && c.buffer_underrun_free);
    assert_true(c.can_lock && c.locked && c.can_eject);
    assert_int_equal(c.mechanism, 1);
    assert_int_equal(c.buffer_kib, 2048);
    assert_int_equal(c.max_read_kb_s, 9173);
    assert_int_equal(c.current_read_kb_s, 8467);
    assert_int_equal(c.max_write_kb_s, 8467);
    assert_int_equal(c.current_write_kb_s, 7056); /* the MMC-3 field, not the obsolete 176 */
    assert_int_equal(c.count, 2);
    assert_true(c.speeds[0].kb_s == 8467 && c.speeds[0].rotation == 1);
    assert_true(c.speeds[1].kb_s == 7056 && c.speeds[1].rotation == 0);
    r.data[8 + 31] = 3; /* three descriptors in the room of two */
    assert_int_equal(mmc_capabilities_parse(page.bytes, page.len, &c), MMC_CONTRADICTORY);
    hex_free(r);
}

static void an_mmc_1_capabilities_page_has_no_speed_list(void **state)
{
    struct bytes r = hex("2A 14 03 01 71 73 29 00 02 C2 01 00 02 00 02 C2 00 00 01 61 01 61");
    struct mmc_capabilities c;

    (void)state;
    assert_int_equal(mmc_capabilities_parse(r.data, r.len, &c), MMC_OK);
    assert_int_equal(c.count, 0);
    assert_int_equal(c.max_write_kb_s, 353);
    assert_int_equal(c.current_write_kb_s, 353);
    hex_free(r);
}

static void the_extension_is_announced_by_its_feature(void **state)
{
    struct bytes r = hex(reply_configuration);
    struct mmc_feature f;
    struct mmc_exclusive_feature e;

    (void)state;
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_VCDR, &f), MMC_OK);
    assert_int_equal(mmc_exclusive_feature_parse(&f, &e), MMC_OK);
    assert_true(e.protocol == 1 && e.longest_name == 63 && e.mode_page == 0x39 &&
                e.log_page == 0x39);
    r.data[r.len - 5] = 'X'; /* somebody else's FF56h */
    assert_int_equal(mmc_exclusive_feature_parse(&f, &e), MMC_CONTRADICTORY);
    hex_free(r);
}

static void the_exclusive_access_page_names_the_owner(void **state)
{
    struct bytes r = hex(reply_mode_39_locked);
    struct mmc_mode_page page = find(r, PAGE_EXCLUSIVE_ACCESS);
    struct mmc_exclusive_state s;

    (void)state;
    assert_int_equal(mmc_exclusive_state_parse(page.bytes, page.len, &s), MMC_OK);
    assert_true(s.locked && s.mine && !s.by_reserve);
    assert_int_equal(s.flags, EXCLUSIVE_FLAG_IGNORE_VOLUME);
    assert_string_equal(s.owner, "Burner 1.0");
    r.data[8 + 4] = 0; /* free, but somebody's */
    assert_int_equal(mmc_exclusive_state_parse(page.bytes, page.len, &s), MMC_CONTRADICTORY);
    r.data[8 + 4] = 1;
    memset(r.data + 16, 'A', 64); /* a name without its NUL */
    assert_int_equal(mmc_exclusive_state_parse(page.bytes, page.len, &s), MMC_CONTRADICTORY);
    hex_free(r);
}

static void a_free_drive_has_no_owner(void **state)
{
    struct bytes r = hex("39 46 00*70");
    struct mmc_exclusive_state s;

    (void)state;
    assert_int_equal(mmc_exclusive_state_parse(r.data, r.len, &s), MMC_OK);
    assert_false(s.locked || s.mine || s.by_reserve);
    assert_string_equal(s.owner, "");
    hex_free(r);
}

static void lock_and_unlock_are_pages(void **state)
{
    struct bytes lock = hex("39 46 01 01 00 00 00 00 41 20 31 00*61");
    struct bytes unlock = hex("39 46 02 02 00*68");
    char longest[65];
    uint8_t page[72];

    (void)state;
    assert_int_equal(mmc_exclusive_lock_page("A 1", EXCLUSIVE_FLAG_IGNORE_VOLUME, page), MMC_OK);
    assert_memory_equal(page, lock.data, 72);
    mmc_exclusive_unlock_page(EXCLUSIVE_FLAG_NO_NOTIFICATIONS, page);
    assert_memory_equal(page, unlock.data, 72);
    memset(longest, 'n', 64);
    longest[64] = '\0';
    assert_int_equal(mmc_exclusive_lock_page(longest, 0, page), MMC_RANGE);
    assert_int_equal(mmc_exclusive_lock_page("", 0, page), MMC_RANGE);
    assert_int_equal(mmc_exclusive_lock_page(longest + 1, 0, page), MMC_OK);
    assert_int_equal(page[71], 0);
    assert_int_equal(page[70], 'n');
    hex_free(lock);
    hex_free(unlock);
}

static void the_write_state_log_is_read(void **state)
{
    struct bytes r = hex(reply_log_39);
    struct mmc_write_state w;

    (void)state;
    assert_int_equal(mmc_write_state_parse(r.data, r.len, &w), MMC_OK);
    assert_int_equal(w.state, WRITE_STATE_WRITING);
    assert_int_equal(w.write_type, WRITE_TYPE_TAO);
    assert_int_equal(w.track, 2);
    assert_int_equal(w.next_writable_lba, 452);
    assert_int_equal(w.blocks_written, 300);
    assert_int_equal(w.powered_us, 1000000);
    assert_int_equal(w.locks_granted, 3);
    assert_int_equal(w.locks_refused, 2);
    assert_int_equal(w.locks_lost, 1);
    assert_string_equal(w.owner, "B");
    assert_int_equal(w.previous_count, 1);
    assert_string_equal(w.previous[0], "A");
    hex_free(r);
}

static void a_log_without_its_parameters_is_refused(void **state)
{
    struct bytes twice = hex(reply_log_39);
    struct bytes missing = hex("39 00 00 0C  00 00 03 08  01 01 00 02 00 00 01 C4");
    struct mmc_write_state w;

    (void)state;
    twice.data[4 + 12 + 1] = 0; /* parameter 0001h becomes a second 0000h */
    assert_int_equal(mmc_write_state_parse(twice.data, twice.len, &w), MMC_CONTRADICTORY);
    assert_int_equal(mmc_write_state_parse(missing.data, missing.len, &w), MMC_CONTRADICTORY);
    hex_free(twice);
    hex_free(missing);
}

static void log_pages_are_looked_up(void **state)
{
    struct bytes r = hex("00 00 00 02 00 39");

    (void)state;
    assert_int_equal(mmc_log_supports(r.data, r.len, LOG_PAGE_WRITE_STATE), MMC_OK);
    assert_int_equal(mmc_log_supports(r.data, r.len, 0x0D), MMC_ABSENT);
    hex_free(r);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_walked_behind_any_block_descriptor),
        cmocka_unit_test(a_page_beyond_the_end_is_a_contradiction),
        cmocka_unit_test(a_select_list_has_a_zero_header_and_no_ps),
        cmocka_unit_test(write_parameters_are_read),
        cmocka_unit_test(write_parameters_change_what_they_name_and_nothing_else),
        cmocka_unit_test(write_parameters_out_of_range_leave_the_page_alone),
        cmocka_unit_test(capabilities_tell_speeds_and_lock),
        cmocka_unit_test(an_mmc_1_capabilities_page_has_no_speed_list),
        cmocka_unit_test(the_extension_is_announced_by_its_feature),
        cmocka_unit_test(the_exclusive_access_page_names_the_owner),
        cmocka_unit_test(a_free_drive_has_no_owner),
        cmocka_unit_test(lock_and_unlock_are_pages),
        cmocka_unit_test(the_write_state_log_is_read),
        cmocka_unit_test(a_log_without_its_parameters_is_refused),
        cmocka_unit_test(log_pages_are_looked_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
