/* SPDX-License-Identifier: MIT */
/* Images out of a disc, into a disc, and round again; sheets that are wrong, each with its line. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/image.h>

#include "emulator/disc/fixture.h"
#include "emulator/disc/script.h"
#include "emulator/store/alloc_fault.h"

/* ---- a folder of its own for each test ---- */

static int enter_folder(void **state)
{
    char *folder = strdup("vcdr-image-XXXXXX");

    if (!folder || !mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    *state = folder;
    return 0;
}

static int leave_folder(void **state)
{
    char command[64];
    int rc;

    snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
    rc = chdir("..") != 0 || system(command) != 0;
    free(*state);
    return rc;
}

static void put_file(const char *name, const void *data, size_t len)
{
    FILE *f = fopen(name, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static uint8_t *get_file(const char *name, size_t *len)
{
    struct stat st;
    FILE *f = fopen(name, "r");
    uint8_t *data;

    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    *len = (size_t)st.st_size;
    data = calloc(1, *len + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *len, f), *len);
    fclose(f);
    return data;
}

static void put_blocks(const char *name, unsigned track, uint32_t blocks, unsigned bytes)
{
    uint8_t *data = malloc((size_t)blocks * bytes);

    assert_non_null(data);
    for (uint32_t i = 0; i < blocks; i++)
        script_block(track, i, data + (size_t)i * bytes, bytes);
    put_file(name, data, (size_t)blocks * bytes);
    free(data);
}

static struct vcdr_disc *new_disc(void)
{
    void *disc = NULL;

    assert_int_equal(blank_cd_r(&disc), 0);
    return disc;
}

static struct vcdr_disc *open_file(const char *name)
{
    struct vcdr_store store;
    struct vcdr_disc *disc = NULL;

    assert_int_equal(vcdr_store_file(name, VCDR_STORE_READ_ONLY, &store), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    return disc;
}

static struct vcdr_disc *must_burn(const char *image)
{
    struct vcdr_disc *disc = new_disc();
    char *why = NULL;

    if (vcdr_image_burn(image, disc, &why) != VCDR_OK)
        fail_msg("%s", why);
    return disc;
}

/* Every block that the disc has, raw. */
static void check_same(struct vcdr_disc *a, struct vcdr_disc *b)
{
    char *state_a = script_state(a), *state_b = script_state(b);

    assert_string_equal(state_a, state_b);
    for (unsigned n = 1; n <= vcdr_disc_info(a)->tracks; n++) {
        struct vcdr_track t = track_of_disc(a, n);

        for (int32_t lba = t.start_lba; lba < t.start_lba + (int32_t)t.written; lba++) {
            uint8_t block_a[2352], block_b[2352];

            assert_int_equal(vcdr_disc_read_raw(a, lba, 1, block_a, NULL), VCDR_OK);
            assert_int_equal(vcdr_disc_read_raw(b, lba, 1, block_b, NULL), VCDR_OK);
            assert_memory_equal(block_a, block_b, 2352);
        }
    }
    free(state_a);
    free(state_b);
}

static void check_blocks(struct vcdr_disc *disc, unsigned track, int32_t lba, uint32_t blocks)
{
    for (uint32_t i = 0; i < blocks; i++) {
        uint8_t expected[2352], sector[2352];

        script_block(track, i, expected, 2352);
        assert_int_equal(vcdr_disc_read_raw(disc, lba + (int32_t)i, 1, sector, NULL), VCDR_OK);
        assert_memory_equal(sector, expected, 2352);
    }
}

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
                                "    INDEX 00 00:04:10\n" /* 310 */
                                "    INDEX 01 00:06:12\n" /* 310 + 152 */
                                "  TRACK 03 MODE1/2352\n"
                                "    INDEX 00 00:10:12\n" /* 462 + 300 */
                                "    INDEX 01 00:12:14\n"
                                "REM SESSION 02\n"
                                "  TRACK 04 MODE2/2352\n"
                                "    FLAGS DCP\n"
                                "    INDEX 01 00:16:34\n"; /* 914 + 320 */
    struct vcdr_disc *disc = rich_disc();
    uint8_t *text;
    size_t len;

    (void)state;
    assert_int_equal(vcdr_image_export_cue(disc, "out.cue", NULL), VCDR_OK);
    text = get_file("out.cue", &len);
    assert_string_equal((char *)text, sheet);
    free(text);
    free(get_file("out.bin", &len));
    assert_int_equal(len, (1234 + 301) * 2352);
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

/* ---- sheets of other programs ---- */

static void a_sheet_may_look_as_people_write_them(void **state)
{
    static const char sheet[] = "\xEF\xBB\xBFREM GENRE \"half a quote\r\n"
                                "TITLE \"Join \" us\r\n"
                                "catalog 0000010271955\r\n"
                                "File \"two words.bin\" Binary\r\n"
                                "\tTRACK 01 Audio\r\n"
                                "    PREGAP 00:02:00\r\n"
                                "    FLAGS DCP 4CH SCMS\r\n"
                                "    INDEX 01 00:00:00\r\n"
                                "    INDEX 02 00:00:10\r\n"
                                "\r\n"
                                "  TRACK 02 AUDIO\r\n"
                                "    ISRC DEABC2400002\r\n"
                                "    INDEX 01 00:04:10"; /* no newline at the end */
    struct vcdr_disc *disc;

    (void)state;
    put_file("x.CUE", sheet, sizeof(sheet) - 1);
    put_blocks("two words.bin", 1, 700, 2352);
    disc = must_burn("x.CUE");
    assert_int_equal(vcdr_disc_info(disc)->tracks, 2);
    assert_string_equal(vcdr_disc_info(disc)->mcn, "0000010271955");
    assert_int_equal(track_of_disc(disc, 1).control, 0xA);
    assert_int_equal(track_of_disc(disc, 1).written, 310);
    assert_int_equal(track_of_disc(disc, 2).written, 390);
    assert_string_equal(track_of_disc(disc, 2).isrc, "DEABC2400002");
    check_blocks(disc, 1, 0, 310);
    vcdr_disc_close(disc);
}

static void files_are_found_beside_the_sheet(void **state)
{
    static const char sheet[] = "FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n";
    struct vcdr_disc *disc;

    (void)state;
    assert_int_equal(mkdir("sub", 0777), 0);
    put_file("sub/a.cue", sheet, sizeof(sheet) - 1);
    put_blocks("sub/a.bin", 1, 300, 2352);
    disc = must_burn("sub/a.cue");
    check_blocks(disc, 1, 0, 300);
    vcdr_disc_close(disc);
}

static void blocks_of_several_sizes_share_a_file(void **state)
{
    static const char sheet[] = "FILE mix.bin BINARY\n"
                                "TRACK 01 MODE1/2048\nINDEX 01 00:00:00\n"
                                "TRACK 02 AUDIO\nINDEX 00 00:04:10\nINDEX 01 00:06:10\n";
    struct vcdr_disc *disc;
    uint8_t *data = calloc(1, 310 * 2048 + 450 * 2352), user[2048], expected[2048];

    (void)state;
    assert_non_null(data);
    for (uint32_t i = 0; i < 310; i++)
        script_block(7, i, data + i * 2048, 2048);
    for (uint32_t i = 0; i < 300; i++) /* behind 150 blocks of pre-gap */
        script_block(8, i, data + 310 * 2048 + (150 + i) * 2352, 2352);
    put_file("mix.bin", data, 310 * 2048 + 450 * 2352);
    put_file("mix.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("mix.cue");
    assert_int_equal(track_of_disc(disc, 1).written, 310);
    assert_int_equal(vcdr_disc_read_user(disc, 309, 1, user, NULL), VCDR_OK);
    script_block(7, 309, expected, 2048);
    assert_memory_equal(user, expected, 2048);
    assert_int_equal(track_of_disc(disc, 2).written, 300);
    check_blocks(disc, 8, 462, 300);
    free(data);
    vcdr_disc_close(disc);
}

static void silence_in_a_pre_gap_goes_and_sound_stays(void **state)
{
    static const char sheet[] = "FILE a.bin BINARY\n"
                                "TRACK 01 AUDIO\nINDEX 00 00:00:00\nINDEX 01 00:00:10\n"
                                "TRACK 02 AUDIO\nINDEX 00 00:04:20\nINDEX 01 00:04:30\n";
    uint8_t *data = calloc(1, 700 * 2352);
    struct vcdr_disc *disc;

    (void)state;
    assert_non_null(data);
    put_file("a.bin", data, 700 * 2352);
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    assert_int_equal(track_of_disc(disc, 1).written, 310); /* 320 - 10 */
    assert_int_equal(track_of_disc(disc, 2).written, 370); /* 700 - 330 */
    vcdr_disc_close(disc);
    data[9 * 2352] = 1;
    data[329 * 2352 + 2351] = 1;
    put_file("a.bin", data, 700 * 2352);
    disc = must_burn("a.cue");
    assert_int_equal(track_of_disc(disc, 1).written, 330);
    assert_int_equal(track_of_disc(disc, 2).written, 370);
    vcdr_disc_close(disc);
    free(data);
}

static void big_endian_samples_are_turned_round(void **state)
{
    static const char sheet[] = "FILE a.raw MOTOROLA\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n";
    uint8_t *data = malloc(300 * 2352), sector[2352];
    struct vcdr_disc *disc;

    (void)state;
    assert_non_null(data);
    for (int i = 0; i < 300 * 2352; i++)
        data[i] = i % 2 ? 0xBB : 0xAA;
    put_file("a.raw", data, 300 * 2352);
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    assert_int_equal(vcdr_disc_read_raw(disc, 299, 1, sector, NULL), VCDR_OK);
    assert_int_equal(sector[2350], 0xBB);
    assert_int_equal(sector[2351], 0xAA);
    vcdr_disc_close(disc);
    free(data);
}

/* RIFF WAVE, PCM, 2 channels of 16 bits. */
static void put_wave(const char *name, uint32_t rate, uint32_t frames)
{
    uint32_t bytes = frames * 4, riff = bytes + 36, per_second = rate * 4;
    uint8_t *wave = calloc(1, bytes + 44);

    assert_non_null(wave);
    memcpy(wave, "RIFF....WAVEfmt \x10\0\0\0\1\0\2\0........\4\0\x10\0data....", 44);
    for (int i = 0; i < 4; i++) {
        wave[4 + i] = (uint8_t)(riff >> 8 * i);
        wave[24 + i] = (uint8_t)(rate >> 8 * i);
        wave[28 + i] = (uint8_t)(per_second >> 8 * i);
        wave[40 + i] = (uint8_t)(bytes >> 8 * i);
    }
    for (uint32_t block = 0; block * 2352 < bytes; block++) {
        uint8_t samples[2352];
        uint32_t left = bytes - block * 2352;

        script_block(5, block, samples, 2352);
        memcpy(wave + 44 + block * 2352, samples, left < 2352 ? left : 2352);
    }
    put_file(name, wave, bytes + 44);
    free(wave);
}

static void wave_files_give_their_samples_and_are_filled_up(void **state)
{
    static const char sheet[] = "FILE a.wav WAVE\n"
                                "TRACK 01 AUDIO\nINDEX 01 00:00:00\n"
                                "TRACK 02 AUDIO\nINDEX 01 00:04:10\n";
    struct vcdr_disc *disc;
    uint8_t sector[2352], expected[2352];

    (void)state;
    put_wave("a.wav", 44100, 700 * 588 + 100); /* 100 samples of a last block */
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    check_blocks(disc, 5, 0, 310);
    assert_int_equal(track_of_disc(disc, 2).written, 391);
    assert_int_equal(vcdr_disc_read_raw(disc, 462 + 390, 1, sector, NULL), VCDR_OK);
    memset(expected, 0, sizeof(expected));
    script_block(5, 700, expected, 2352);
    memset(expected + 400, 0, 2352 - 400);
    assert_memory_equal(sector, expected, 2352);
    vcdr_disc_close(disc);
}

static void a_pre_gap_may_lie_in_the_file_before(void **state)
{
    static const char sheet[] = "FILE a.wav WAVE\n"
                                "TRACK 01 AUDIO\nINDEX 01 00:00:00\n"
                                "TRACK 02 AUDIO\nINDEX 00 00:04:10\n"
                                "FILE b.bin BINARY\nINDEX 01 00:00:00\n";
    struct vcdr_disc *disc;

    (void)state;
    put_wave("a.wav", 44100, 320 * 588);
    put_blocks("b.bin", 6, 301, 2352);
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    assert_int_equal(track_of_disc(disc, 1).written, 320); /* ten blocks of sound in the gap */
    check_blocks(disc, 5, 0, 320);
    check_blocks(disc, 6, 472, 301);
    vcdr_disc_close(disc);
}

/* ---- what is wrong ---- */

static void check_refused(const char *image, int rc, const char *expected)
{
    struct vcdr_disc *disc = new_disc();
    char *why = NULL;

    if (vcdr_image_burn(image, disc, &why) != rc || !why || strcmp(why, expected) != 0)
        fail_msg("expected \"%s\", got \"%s\"", expected, why ? why : "nothing");
    free(why);
    why = NULL;
    vcdr_disc_close(disc);
    disc = new_disc(); /* a late refusal leaves a disc part-written */
    assert_int_equal(vcdr_image_burn(image, disc, NULL), rc);
    assert_int_equal(vcdr_image_import(image, "made.vcdr", NULL, 1, &why), rc);
    assert_non_null(why);
    assert_int_equal(access("made.vcdr", F_OK), -1);
    free(why);
    vcdr_disc_close(disc);
}

static void each_wrong_sheet_is_refused_with_its_line(void **state)
{
#define FILE_A "FILE a.bin BINARY\n"
#define TRACK_1 FILE_A "TRACK 01 AUDIO\n"
    static const struct {
        const char *sheet, *why;
    } cases[] = {
        {"", "x.cue: a cue sheet without a track"},
        {"\n\nREM nothing\n", "x.cue: a cue sheet without a track"},
        {FILE_A, "x.cue: a cue sheet without a track"},
        {"BOGUS line\n", "x.cue:1: unknown command: BOGUS"},
        {"TRACK 01 AUDIO\n", "x.cue:1: a track before any FILE"},
        {"INDEX 01 00:00:00\n", "x.cue:1: outside a TRACK: INDEX"},
        {"FILE a.bin\n", "x.cue:1: wrong number of words: FILE"},
        {"FILE a.bin AIFF\n", "x.cue:1: file type is not BINARY, MOTOROLA or WAVE: AIFF"},
        {"FILE \"a.bin BINARY\n", "x.cue:1: quotation mark without an end"},
        {"FILE \"\" BINARY\n", "x.cue:1: a file without a name"},
        {FILE_A "TRACK 02 AUDIO\n", "x.cue:2: tracks are numbered 1 to 99 without a gap: 02"},
        {FILE_A "TRACK one AUDIO\n", "x.cue:2: tracks are numbered 1 to 99 without a gap: one"},
        {FILE_A "TRACK 01 MODE3_FORM1\n",
         "x.cue:2: mode is not AUDIO, MODE1/2048, MODE1/2352 or MODE2/2352: MODE3_FORM1"},
        {TRACK_1, "x.cue:2: track 1 has no INDEX 01"},
        {TRACK_1 "TRACK 02 AUDIO\n", "x.cue:2: track 1 has no INDEX 01"},
        {TRACK_1 "INDEX 00 00:00:00\n", "x.cue:2: track 1 has no INDEX 01"},
        {TRACK_1 "INDEX 01 00:00:75\n",
         "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): 00:00:75"},
        {TRACK_1 "INDEX 01 00:60:00\n",
         "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): 00:60:00"},
        {TRACK_1 "INDEX 01 100:00:00\n",
         "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): 100:00:00"},
        {TRACK_1 "INDEX 01 -1:00:00\n",
         "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): -1:00:00"},
        {TRACK_1 "INDEX 01 00:00\n", "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): 00:00"},
        {TRACK_1 "INDEX 01 00:00:\n", "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): 00:00:"},
        {TRACK_1 "INDEX 1x 00:00:00\n", "x.cue:3: not an index from 00 to 99: 1x"},
        {TRACK_1 "INDEX 02 00:00:00\n", "x.cue:3: INDEX 01 comes once and before all higher ones"},
        {TRACK_1 "INDEX 01 00:00:00\nINDEX 01 00:00:01\n",
         "x.cue:4: INDEX 01 comes once and before all higher ones"},
        {TRACK_1 "INDEX 01 00:00:00\nINDEX 00 00:00:01\n",
         "x.cue:4: INDEX 00 comes once and first"},
        {TRACK_1 "INDEX 01 00:00:05\nINDEX 02 00:00:05\n",
         "x.cue:4: an INDEX that does not come after the one before it: 00:00:05"},
        {TRACK_1 "INDEX 01 00:00:05\nTRACK 02 AUDIO\nINDEX 01 00:00:04\n",
         "x.cue:5: an INDEX that does not come after the one before it: 00:00:04"},
        {TRACK_1 "INDEX 01 00:00:00\n" FILE_A "INDEX 02 00:00:01\n",
         "x.cue:5: a track that goes on in another file"},
        {TRACK_1 "FLAGS FAST\n", "x.cue:3: unknown flag: FAST"},
        {FILE_A "TRACK 01 MODE1/2352\nFLAGS PRE\n",
         "x.cue:3: a flag of audio on a data track: PRE"},
        {TRACK_1 "ISRC SHORT\n", "x.cue:3: an ISRC has 12 characters: SHORT"},
        {TRACK_1 "ISRC DEABCX400001\n",
         "x.cue:3: an ISRC is 5 letters or digits and 7 digits: DEABCX400001"},
        {TRACK_1 "POSTGAP 00:02:00\n", "x.cue:3: POSTGAP is not supported"},
        {TRACK_1 "PREGAP soon\n", "x.cue:3: not a time mm:ss:ff (ss 00-59, ff 00-74): soon"},
        {"CATALOG 0000012101954X\n", "x.cue:1: a catalogue number has 13 digits: 0000012101954X"},
        {"CATALOG 00000121019\n", "x.cue:1: a catalogue number has 13 digits: 00000121019"},
        {"CATALOG 0000010271955\nCATALOG 0000010271955\n", "x.cue:2: a second CATALOG"},
        {"REM SESSION 02\n",
         "x.cue:1: sessions are numbered from 1 without a gap, each with a track: 02"},
        {TRACK_1 "INDEX 01 00:00:00\nREM SESSION 03\n",
         "x.cue:4: sessions are numbered from 1 without a gap, each with a track: 03"},
        {"REM SESSION\n", "x.cue:1: REM SESSION without a number"},
        {TRACK_1 "INDEX 01 00:05:00\n", "x.cue:2: track 1 lies beyond the end of a.bin"},
        {TRACK_1 "INDEX 01 99:59:74\n", "x.cue:2: track 1 lies beyond the end of a.bin"},
        {TRACK_1 "INDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 00:05:00\nINDEX 01 00:06:00\n",
         "x.cue:4: track 2 lies beyond the end of a.bin"},
        {FILE_A "TRACK 01 MODE1/2048\nINDEX 01 00:00:00\n",
         "x.cue:2: track 1 is no whole number of 2048-byte blocks of a.bin"},
        {FILE_A "TRACK 01 MODE1/2352\nINDEX 01 00:00:00\n",
         "a.bin: blocks of track 1 are no mode 1 sectors"},
        {FILE_A "TRACK 01 MODE2/2352\nINDEX 01 00:00:00\n",
         "a.bin: blocks of track 1 are no mode 2 sectors"},
        {"FILE a.bin WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n",
         "a.bin: no audio file that libsndfile can read"},
        {"FILE slow.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n",
         "slow.wav: has 22050 Hz and 2 channels; a CD has 44100 Hz and 2"},
        {"FILE slow.wav BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n",
         "x.cue:2: track 1 is no whole number of 2352-byte blocks of slow.wav"},
    };

    (void)state;
    put_blocks("a.bin", 1, 302, 2352);
    put_wave("slow.wav", 22050, 300 * 588);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_file("x.cue", cases[i].sheet, strlen(cases[i].sheet));
        check_refused("x.cue", VCDR_EINVAL, cases[i].why);
    }
    put_file("x.cue", "FILE a\0b BINARY\n", 16);
    check_refused("x.cue", VCDR_EINVAL, "x.cue:1: a NUL byte: this is no text");
}

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
    assert_int_equal(truncate("big.iso", (off_t)359848 * 2048), 0); /* 1 block more than 80 min */
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
    assert_int_equal(truncate("big.iso", (off_t)404848 * 2048), 0); /* nor 90 minutes */
    assert_int_equal(vcdr_image_import("big.iso", "b.vcdr", NULL, 1, NULL), VCDR_ENOSPACE);
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
        IN_FOLDER(an_iso_image_goes_in_and_out),
        IN_FOLDER(an_iso_is_the_first_data_track_or_the_one_asked_for),
        IN_FOLDER(exports_overwrite_nothing_and_need_a_track),
        IN_FOLDER(an_open_track_is_left_out),
        IN_FOLDER(a_sheet_may_look_as_people_write_them),
        IN_FOLDER(files_are_found_beside_the_sheet),
        IN_FOLDER(blocks_of_several_sizes_share_a_file),
        IN_FOLDER(silence_in_a_pre_gap_goes_and_sound_stays),
        IN_FOLDER(big_endian_samples_are_turned_round),
        IN_FOLDER(wave_files_give_their_samples_and_are_filled_up),
        IN_FOLDER(a_pre_gap_may_lie_in_the_file_before),
        IN_FOLDER(each_wrong_sheet_is_refused_with_its_line),
        IN_FOLDER(files_that_are_not_there_are_named),
        IN_FOLDER(an_image_that_does_not_fit_is_refused_before_it_is_burned),
        IN_FOLDER(burning_needs_a_blank_disc_and_importing_a_new_file),
        IN_FOLDER(a_file_system_without_room_is_reported_and_left_clean),
        IN_FOLDER(memory_may_end_at_any_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
