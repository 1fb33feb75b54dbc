/* SPDX-License-Identifier: MIT */
/* Images out of a disc, into a disc, and round again. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/image.h>

#include "emulator/disc/fixture.h"
#include "emulator/disc/script.h"
#include "emulator/store/alloc_fault.h"
#include "image_fixture.h"

/* ---- round trips ---- */

static void open_with(struct vcdr_disc *disc, uint8_t control, uint8_t block_type, const char *isrc)
{
    const struct vcdr_track_parameters p = {
        .control = control,
        .block_type = block_type,
        .session_format = block_type == 13 ? 0x20 : 0,
        .mcn = "0123456789012",
        .isrc = isrc,
    };

    assert_int_equal(vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks + 1U, &p), VCDR_OK);
}

/* Audio 310 and 5 blocks, then mode 1, in a first session; mixed blocks in a second. */
static struct vcdr_disc *rich_disc(void)
{
    struct vcdr_disc *disc = new_disc();

    open_with(disc, 3, 0, "DEABC2400001");
    assert_int_equal(script_write(disc, 310), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    open_with(disc, 0, 0, NULL);
    assert_int_equal(script_write(disc, 5), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    open_with(disc, 4, 8, NULL);
    assert_int_equal(script_write(disc, 320), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    open_with(disc, 6, 13, NULL);
    assert_int_equal(script_write(disc, 301), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    return disc;
}

static void a_sheet_is_written_as_documented(void **state)
{
    static const char sheet[] = "CATALOG 0123456789012\n"
                                "FILE \"out.bin\" BINARY\n"
                                "REM SESSION 01\n"
                                "  TRACK 01 AUDIO\n"
                                "    FLAGS DCP PRE\n"
                                "    ISRC DEABC2400001\n"
                                "    INDEX 01 00:00:00\n"
                                "  TRACK 02 AUDIO\n"
                                "    INDEX 00 00:04:12\n" /* 310 + 2 */
                                "    INDEX 01 00:06:12\n" /* 310 + 152 */
                                "  TRACK 03 MODE1/2352\n"
                                "    INDEX 00 00:10:14\n" /* 462 + 302 */
                                "    INDEX 01 00:12:14\n"
                                "REM SESSION 02\n"
                                "  TRACK 04 MODE2/2352\n"
                                "    FLAGS DCP\n"
                                "    INDEX 01 00:16:36\n"; /* 914 + 322 */
    struct vcdr_disc *disc = rich_disc();
    uint8_t *text;
    size_t len;

    (void)state;
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", NULL), VCDR_OK);
    text = get_file("out.cue", &len);
    assert_string_equal((char *)text, sheet);
    free(text);
    free(get_file("out.bin", &len));
    assert_int_equal(len, (1236 + 303) * 2352);
    vcdr_disc_close(disc);
}

static void what_was_exported_comes_back_the_same(void **state)
{
    struct vcdr_disc *disc = rich_disc(), *again;
    char *why = NULL;

    (void)state;
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", &why), VCDR_OK);
    again = must_burn("out.cue");
    check_same(disc, again);
    vcdr_disc_close(again);
    assert_int_equal(vcdr_image_import("out.cue", "new.vcdr", NULL, 77, &why), VCDR_OK);
    assert_null(why);
    again = open_file("new.vcdr");
    check_same(disc, again);
    assert_int_equal(vcdr_disc_info(again)->serial, 77);
    assert_int_equal(vcdr_disc_info(again)->geometry.last_lead_out_lba, 336075); /* 74 minutes */
    vcdr_disc_close(again);
    vcdr_disc_close(disc);
}

/* Sub-headers of XA are there twice, which tells them from sectors without form. */
static void write_some(struct vcdr_disc *disc, const struct vcdr_next_block *next)
{
    uint8_t block[2448];

    if (next->bytes != 2336) {
        assert_int_equal(script_write_at_once(disc, next->blocks < 450 ? next->blocks : 450),
                         VCDR_OK);
        return;
    }
    script_block(0, (uint32_t)next->lba, block, 2336);
    memcpy(block + 4, block, 4);
    assert_int_equal(vcdr_disc_write(disc, block, 1), VCDR_OK);
}

/* A long first pre-gap, a short one in the middle, none, indexes, two kinds of sectors, CD-Text. */
static struct vcdr_disc *at_once_disc(void)
{
    static const struct vcdr_stretch stretches[] = {
        {1, 0, 0, 0x00, -150}, {1, 1, 0, 0x00, 33},   {1, 2, 0, 0x00, 200},  {1, 3, 0, 0x00, 201},
        {2, 0, 2, 0x00, 350},  {2, 1, 2, 0x00, 383},  {3, 1, 0, 0x00, 690},  {4, 0, 4, 0x14, 1000},
        {4, 1, 4, 0x10, 1150}, {5, 0, 4, 0x24, 1460}, {5, 1, 4, 0x20, 1610},
    };
    static const char isrc[5][13] = {"DEABC2400001", "", "DEABC2400003", "", ""};
    uint8_t packs[5 * 18];
    const struct vcdr_session_layout layout = {
        .format = 0x20,
        .stretches = stretches,
        .count = sizeof(stretches) / sizeof(stretches[0]),
        .lead_out_lba = 1911,
        .mcn = "0123456789012",
        .isrc = isrc,
        .packs = packs,
        .pack_count = 5,
    };
    struct vcdr_disc *disc = new_disc();
    struct vcdr_next_block next;
    static const uint8_t zeros[2352 * 150];

    script_block(99, 0, packs, sizeof(packs));
    assert_int_equal(vcdr_disc_open_session(disc, &layout), VCDR_OK);
    assert_int_equal(vcdr_disc_write(disc, zeros, 150), VCDR_OK); /* what no sheet has */
    while (vcdr_disc_next_block(disc, &next) == VCDR_OK)
        write_some(disc, &next);
    assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    return disc;
}

static void a_session_at_once_comes_back_with_pre_gaps_indexes_and_cd_text(void **state)
{
    static const char sheet[] = "CATALOG 0123456789012\n"
                                "CDTEXTFILE \"out.cdt\"\n"
                                "FILE \"out.bin\" BINARY\n"
                                "REM SESSION 01\n"
                                "  TRACK 01 AUDIO\n"
                                "    ISRC DEABC2400001\n"
                                "    INDEX 00 00:00:00\n"
                                "    INDEX 01 00:00:33\n"
                                "    INDEX 02 00:02:50\n"
                                "    INDEX 03 00:02:51\n"
                                "  TRACK 02 AUDIO\n"
                                "    FLAGS DCP\n"
                                "    INDEX 00 00:04:50\n"
                                "    INDEX 01 00:05:08\n"
                                "  TRACK 03 AUDIO\n"
                                "    ISRC DEABC2400003\n"
                                "    INDEX 01 00:09:15\n"
                                "  TRACK 04 MODE1/2352\n"
                                "    INDEX 00 00:13:25\n"
                                "    INDEX 01 00:15:25\n"
                                "  TRACK 05 MODE2/2352\n"
                                "    INDEX 00 00:19:35\n"
                                "    INDEX 01 00:21:35\n"
                                "REM SESSION 02\n"
                                "CDTEXTFILE \"out.2.cdt\"\n"
                                "  TRACK 06 AUDIO\n"
                                "    ISRC DEABC2400001\n"
                                "    INDEX 01 00:25:36\n"
                                "    INDEX 02 00:28:61\n"
                                "  TRACK 07 MODE1/2352\n"
                                "    INDEX 00 00:29:36\n"
                                "    INDEX 01 00:31:36\n";
    struct vcdr_disc *disc = at_once_disc(), *again;
    struct vcdr_session second;
    uint8_t *text;
    size_t len;

    (void)state;
    assert_int_equal(script_open_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(script_write_session(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_disc_session(disc, 2, &second), VCDR_OK);
    assert_int_equal(second.packs, 3);
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", NULL), VCDR_OK);
    text = get_file("out.cue", &len);
    assert_string_equal((char *)text, sheet);
    free(text);
    again = must_burn("out.cue");
    check_same(disc, again);
    vcdr_disc_close(again);
    vcdr_disc_close(disc);
}

static void a_raw_session_comes_back_with_its_main_channel(void **state)
{
    struct vcdr_disc *disc = new_disc(), *again;

    (void)state;
    assert_int_equal(script_open_raw(disc), VCDR_OK);
    assert_int_equal(script_write_at_once(disc, 450), VCDR_OK);
    assert_int_equal(script_close_raw(disc), VCDR_OK);
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", NULL), VCDR_OK);
    again = must_burn("out.cue");
    check_blocks_same(disc, again, 0, 300);
    vcdr_disc_close(again);
    vcdr_disc_close(disc);
}

static void a_track_in_packets_keeps_its_addresses(void **state)
{
    const struct vcdr_track_parameters p = {
        .control = 5, .block_type = 8, .packets = true, .packet_size = 0};
    struct vcdr_disc *disc = new_disc(), *again;

    (void)state;
    assert_int_equal(vcdr_disc_open_track(disc, 1, &p), VCDR_OK);
    assert_int_equal(script_write(disc, 100), VCDR_OK);
    assert_int_equal(vcdr_disc_end_packet(disc), VCDR_OK);
    assert_int_equal(script_write(disc, 300), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
    assert_int_equal(vcdr_disc_close_session(disc, false, false), VCDR_OK);
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", NULL), VCDR_OK);
    again = must_burn("out.cue");
    check_blocks_same(disc, again, 0, 100);
    check_blocks_same(disc, again, 107, 300);
    assert_int_equal(session_of_disc(again, 1).lead_out_lba, session_of_disc(disc, 1).lead_out_lba);
    vcdr_disc_close(again);
    vcdr_disc_close(disc);
}

static void an_iso_image_goes_in_and_out(void **state)
{
    struct vcdr_disc *disc;
    uint8_t *in, *out;
    size_t len;

    (void)state;
    put_blocks("in.iso", 9, 333, 2048);
    disc = must_burn("in.iso");
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_COMPLETE);
    assert_int_equal(track_of_disc(disc, 1).control, 4);
    assert_int_equal(track_of_disc(disc, 1).written, 333);
    assert_int_equal(vcdr_image_export_iso(disc, 0, "out.iso", NULL), VCDR_OK);
    in = get_file("in.iso", &len);
    out = get_file("out.iso", &len);
    assert_int_equal(len, 333 * 2048);
    assert_memory_equal(in, out, len);
    free(in);
    free(out);
    vcdr_disc_close(disc);
}

static void an_iso_is_the_first_data_track_or_the_one_asked_for(void **state)
{
    struct vcdr_disc *disc = rich_disc();
    char *why = NULL;
    uint8_t *data, block[2048];
    size_t len;

    (void)state;
    assert_int_equal(vcdr_image_export_iso(disc, 0, "0.iso", &why), VCDR_OK);
    data = get_file("0.iso", &len);
    assert_int_equal(len, 320 * 2048);
    script_block(3, 319, block, 2048);
    assert_memory_equal(data + 319 * 2048, block, 2048);
    free(data);
    assert_int_equal(vcdr_image_export_iso(disc, 1, "1.iso", &why), VCDR_EMODE);
    assert_string_equal(why, "1.iso: track 1 of the disc is audio");
    free(why);
    assert_int_equal(vcdr_image_export_iso(disc, 5, "5.iso", &why), VCDR_ENOENT);
    assert_string_equal(why, "5.iso: the disc has no complete track 5");
    free(why);
    /* Track 4 has form 2 blocks: no ISO image; nothing stays behind. */
    assert_int_equal(vcdr_image_export_iso(disc, 4, "4.iso", &why), VCDR_EMODE);
    assert_string_equal(why, "4.iso: block 12638 of the disc: sector of another mode");
    free(why);
    assert_int_equal(access("4.iso", F_OK), -1);
    vcdr_disc_close(disc);
}

static void exports_overwrite_nothing_and_need_a_track(void **state)
{
    struct vcdr_disc *disc = rich_disc(), *blank = new_disc();
    char *why = NULL;
    size_t len;

    (void)state;
    put_file("out.bin", "mine", 4);
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", &why), VCDR_EEXIST);
    assert_string_equal(why, "out.bin: cannot be created: File exists");
    free(why);
    assert_int_equal(access("out.cue", F_OK), -1);
    free(get_file("out.bin", &len));
    assert_int_equal(len, 4);
    assert_int_equal(vcdr_image_export_iso(disc, 0, "out.bin", NULL), VCDR_EEXIST);
    assert_int_equal(vcdr_image_export_cue(blank, "blank.cue", &why), VCDR_ESTATE);
    assert_string_equal(why, "blank.cue: the disc has no complete track");
    free(why);
    assert_int_equal(vcdr_image_export_iso(blank, 0, "b.iso", NULL), VCDR_ENOENT);
    assert_int_equal(vcdr_image_export_cue(disc, "a\"b.cue", NULL), VCDR_EINVAL);
    assert_int_equal(vcdr_disc_reserve(blank, 300), VCDR_OK);
    burn_track(blank, 0, 300, 1);
    assert_int_equal(vcdr_image_export_cue(blank, "blank.cue", &why), VCDR_ESTATE);
    assert_string_equal(why, "blank.cue: track 1 of the disc is not complete");
    free(why);
    vcdr_disc_close(disc);
    vcdr_disc_close(blank);
}

static void an_open_track_is_left_out(void **state)
{
    struct vcdr_disc *disc = new_disc(), *again;

    (void)state;
    burn_track(disc, 0, 300, 0x31);
    assert_int_equal(open_next_track(disc, 0), VCDR_OK);
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", NULL), VCDR_OK);
    again = must_burn("out.cue");
    assert_int_equal(vcdr_disc_info(again)->tracks, 1);
    vcdr_disc_close(again);
    vcdr_disc_close(disc);
}

/* ---- what cannot be done ---- */

static void files_that_are_not_there_are_named(void **state)
{
    static const char sheet[] = "FILE none.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n";

    (void)state;
    put_file("x.cue", sheet, sizeof(sheet) - 1);
    check_refused("x.cue", VCDR_ENOENT, "none.bin: cannot be opened: No such file or directory");
    check_refused("y.cue", VCDR_ENOENT, "y.cue: cannot be opened: No such file or directory");
    check_refused("y.iso", VCDR_ENOENT, "y.iso: cannot be opened: No such file or directory");
    check_refused("/dev/zero", VCDR_EINVAL, "/dev/zero: is not a plain file");
    put_file("odd.iso", "x", 1);
    check_refused("odd.iso", VCDR_EINVAL, "odd.iso: is no ISO image: 1 bytes, no multiple of 2048");
    put_file("odd.iso", "", 0);
    check_refused("odd.iso", VCDR_EINVAL, "odd.iso: is no ISO image: 0 bytes, no multiple of 2048");
}

static void an_image_that_does_not_fit_is_refused_before_it_is_burned(void **state)
{
    struct vcdr_geometry g;
    struct vcdr_disc *disc;
    char *why = NULL;

    (void)state;
    put_file("big.iso", "", 0);
    assert_int_equal(truncate("big.iso", (off_t)359850 * 2048), 0); /* 1 block more than 80 min */
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &g), VCDR_OK);
    assert_int_equal(vcdr_image_import("big.iso", "b.vcdr", &g, 1, &why), VCDR_ENOSPACE);
    assert_string_equal(why, "big.iso: does not fit: its lead-out would lie at 359850, the disc's "
                             "last possible is 359849");
    free(why);
    assert_int_equal(access("b.vcdr", F_OK), -1);
    disc = new_disc();
    assert_int_equal(vcdr_image_burn("big.iso", disc, NULL), VCDR_ENOSPACE);
    assert_int_equal(vcdr_disc_info(disc)->status, VCDR_DISC_BLANK);
    vcdr_disc_close(disc);
    assert_int_equal(truncate("big.iso", (off_t)404850 * 2048), 0); /* nor 90 minutes */
    assert_int_equal(vcdr_image_import("big.iso", "b.vcdr", NULL, 1, NULL), VCDR_ENOSPACE);
}

static void a_burn_that_fails_midway_leaves_a_damaged_session(void **state)
{
    static const char sheet[] = "FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"
                                "FILE b.bin BINARY\nTRACK 02 MODE1/2352\nPREGAP 00:02:00\n"
                                "INDEX 01 00:00:00\n";
    struct vcdr_disc *disc = new_disc();

    (void)state;
    put_blocks("a.bin", 1, 300, 2352);
    put_blocks("b.bin", 2, 300, 2352); /* no sectors of mode 1 */
    put_file("x.cue", sheet, sizeof(sheet) - 1);
    assert_int_equal(vcdr_image_burn("x.cue", disc, NULL), VCDR_EINVAL);
    assert_int_equal(session_of_disc(disc, 1).state, VCDR_SESSION_DAMAGED);
    check_blocks(disc, 1, 0, 300);
    vcdr_disc_close(disc);
}

static void burning_needs_a_blank_disc_and_importing_a_new_file(void **state)
{
    struct vcdr_disc *disc = rich_disc();
    char *why = NULL;

    (void)state;
    put_blocks("a.iso", 1, 300, 2048);
    assert_int_equal(vcdr_image_burn("a.iso", disc, &why), VCDR_ESTATE);
    assert_string_equal(why, "a.iso: needs a blank disc");
    free(why);
    put_file("there", "mine", 4);
    assert_int_equal(vcdr_image_import("a.iso", "there", NULL, 1, &why), VCDR_EEXIST);
    assert_string_equal(why, "there: exists already");
    free(why);
    assert_int_equal(access("there", F_OK), 0);
    vcdr_disc_close(disc);
}

/* A limit on the size of files stands for a file system without room. */
static void a_file_system_without_room_is_reported_and_left_clean(void **state)
{
    struct rlimit before, small;
    struct vcdr_disc *disc = rich_disc();
    char *why_iso = NULL, *why_cue = NULL, *why_disc = NULL;
    int iso, cue, import;

    (void)state;
    put_blocks("in.iso", 1, 300, 2048);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 8192;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    iso = vcdr_image_export_iso(disc, 0, "out.iso", &why_iso);
    cue = vcdr_image_export_cue(disc, "out.cue", &why_cue);
    import = vcdr_image_import("in.iso", "new.vcdr", NULL, 1, &why_disc);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(iso, VCDR_EIO);
    assert_int_equal(cue, VCDR_EIO);
    assert_int_equal(import, VCDR_EIO);
    assert_string_equal(why_iso, "out.iso: cannot be written: File too large");
    assert_string_equal(why_cue, "out.bin: cannot be written: File too large");
    assert_string_equal(why_disc, "new.vcdr: cannot be read or written");
    assert_int_equal(access("out.iso", F_OK), -1);
    assert_int_equal(access("out.cue", F_OK), -1);
    assert_int_equal(access("out.bin", F_OK), -1);
    assert_int_equal(access("new.vcdr", F_OK), -1);
    free(why_iso);
    free(why_cue);
    free(why_disc);
    vcdr_disc_close(disc);
}

static void memory_may_end_at_any_allocation(void **state)
{
    struct vcdr_disc *source = rich_disc();
    unsigned n;
    int rc = VCDR_ENOMEM;

    (void)state;
    for (n = 1; rc != VCDR_OK; n++) {
        char *why = NULL;

        alloc_fail_at(n);
        rc = vcdr_image_export_cue(source, "out.cue", &why);
        alloc_fail_at(0);
        free(why);
        if (rc != VCDR_OK) {
            assert_int_equal(rc, VCDR_ENOMEM);
            assert_int_equal(access("out.cue", F_OK), -1);
            assert_int_equal(access("out.bin", F_OK), -1);
        }
    }
    assert_true(n > 4);
    rc = VCDR_ENOMEM;
    for (n = 1; rc != VCDR_OK; n++) {
        char *why = NULL;

        alloc_fail_at(n);
        rc = vcdr_image_import("out.cue", "new.vcdr", NULL, 1, &why);
        alloc_fail_at(0);
        free(why);
        if (rc != VCDR_OK) {
            assert_int_equal(rc, VCDR_ENOMEM);
            assert_int_equal(access("new.vcdr", F_OK), -1);
        }
    }
    assert_true(n > 6);
    vcdr_disc_close(source);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_sheet_is_written_as_documented),
        IN_FOLDER(what_was_exported_comes_back_the_same),
        IN_FOLDER(a_session_at_once_comes_back_with_pre_gaps_indexes_and_cd_text),
        IN_FOLDER(a_raw_session_comes_back_with_its_main_channel),
        IN_FOLDER(a_track_in_packets_keeps_its_addresses),
        IN_FOLDER(an_iso_image_goes_in_and_out),
        IN_FOLDER(an_iso_is_the_first_data_track_or_the_one_asked_for),
        IN_FOLDER(exports_overwrite_nothing_and_need_a_track),
        IN_FOLDER(an_open_track_is_left_out),
        IN_FOLDER(files_that_are_not_there_are_named),
        IN_FOLDER(an_image_that_does_not_fit_is_refused_before_it_is_burned),
        IN_FOLDER(a_burn_that_fails_midway_leaves_a_damaged_session),
        IN_FOLDER(burning_needs_a_blank_disc_and_importing_a_new_file),
        IN_FOLDER(a_file_system_without_room_is_reported_and_left_clean),
        IN_FOLDER(memory_may_end_at_any_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
