/* SPDX-License-Identifier: MIT */
/* Cue sheets as other programs write them, and wrong ones, each refused with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/subchannel.h>

#include "emulator/disc/fixture.h"
#include "emulator/disc/script.h"
#include "image_fixture.h"

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
    check_blocks(disc, 8, 460, 300);
    free(data);
    vcdr_disc_close(disc);
}

static void pre_gaps_keep_their_place_and_what_they_hold(void **state)
{
    static const char sheet[] = "FILE a.bin BINARY\n"
                                "TRACK 01 AUDIO\nINDEX 00 00:00:00\nINDEX 01 00:00:10\n"
                                "TRACK 02 AUDIO\nINDEX 00 00:04:20\nINDEX 01 00:04:30\n";
    struct vcdr_disc *disc;

    (void)state;
    put_blocks("a.bin", 1, 700, 2352);
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    assert_int_equal(track_of_disc(disc, 1).start_lba, 10);
    assert_int_equal(track_of_disc(disc, 2).pregap_lba, 320);
    assert_int_equal(track_of_disc(disc, 2).start_lba, 330);
    check_blocks(disc, 1, 0, 700);
    vcdr_disc_close(disc);
}

static void pregap_and_postgap_are_blocks_that_no_file_has(void **state)
{
    static const char sheet[] = "FILE a.bin BINARY\n"
                                "TRACK 01 AUDIO\nPREGAP 00:03:00\nINDEX 01 00:00:00\n"
                                "INDEX 02 00:00:20\nPOSTGAP 00:00:05\n"
                                "TRACK 02 AUDIO\nPREGAP 00:00:07\nINDEX 01 00:05:00\n";
    struct vcdr_disc *disc;
    int32_t lba;

    (void)state;
    put_blocks("a.bin", 1, 700, 2352);
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    assert_int_equal(track_of_disc(disc, 1).start_lba, 75); /* 225 - 150 */
    check_blocks(disc, 1, 75, 375);
    assert_int_equal(vcdr_disc_index(disc, 1, 2, &lba), VCDR_OK);
    assert_int_equal(lba, 95);
    assert_int_equal(track_of_disc(disc, 2).pregap_lba, 455);
    vcdr_disc_close(disc);
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
    assert_int_equal(vcdr_disc_read_raw(disc, 310 + 390, 1, sector, NULL), VCDR_OK);
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
    assert_int_equal(track_of_disc(disc, 1).written, 310);
    assert_int_equal(track_of_disc(disc, 2).pregap_lba, 310);
    check_blocks(disc, 5, 0, 320);
    check_blocks(disc, 6, 320, 301);
    vcdr_disc_close(disc);
}

static void titles_and_names_become_cd_text(void **state)
{
    static const char sheet[] =
        "PERFORMER \"Die \xC3\x84rzte\"\nTITLE \"Album\"\nFILE a.bin BINARY\n"
        "TRACK 01 AUDIO\nTITLE \"A title of 20 chars.\"\nINDEX 01 00:00:00\n"
        "TRACK 02 AUDIO\nTITLE Two\nINDEX 01 00:04:00\n";
    static const uint8_t text[7][16] = {
        /* title: "Album", "A title of 20 chars.", "Two", each with its NUL: 31 bytes */
        {0x80, 0, 0, 0, 'A', 'l', 'b', 'u', 'm', 0, 'A', ' ', 't', 'i', 't', 'l'},
        {0x80, 1, 1, 6, 'e', ' ', 'o', 'f', ' ', '2', '0', ' ', 'c', 'h', 'a', 'r'},
        {0x80, 1, 2, 15, 's', '.', 0, 'T', 'w', 'o', 0},
        /* performer: of the disc alone; A with diaeresis is C4h in ISO 8859-1 */
        {0x81, 0, 3, 0, 'D', 'i', 'e', ' ', 0xC4, 'r', 'z', 't', 'e', 0, 0, 0},
        /* sizes: ISO 8859-1, tracks 1-2; 3 packs of titles, 1 of performers */
        {0x8F, 0, 4, 0, 0, 1, 2, 0, 3, 1, 0, 0, 0, 0, 0, 0},
        {0x8F, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 3, 6, 0, 0, 0},
        {0x8F, 2, 6, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0},
    };
    uint8_t packs[7][18];
    struct vcdr_disc *disc;

    (void)state;
    put_blocks("a.bin", 1, 700, 2352);
    put_file("a.cue", sheet, sizeof(sheet) - 1);
    disc = must_burn("a.cue");
    assert_int_equal(session_of_disc(disc, 1).packs, 7);
    assert_int_equal(vcdr_disc_cd_text(disc, 1, 0, 7, packs[0]), VCDR_OK);
    for (unsigned i = 0; i < 7; i++) {
        uint16_t crc = vcdr_sub_crc(packs[i], 16);

        assert_memory_equal(packs[i], text[i], 16);
        assert_int_equal(packs[i][16] << 8 | packs[i][17], crc);
    }
    vcdr_disc_close(disc);
}

/* ---- what is wrong ---- */

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
         "x.cue:2: mode is not AUDIO, MODE1/2048, MODE1/2352, MODE2/2336 or MODE2/2352: "
         "MODE3_FORM1"},
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
        {TRACK_1 "INDEX 02 00:00:00\n", "x.cue:3: indexes rise from 01 without a gap: 02"},
        {TRACK_1 "INDEX 01 00:00:00\nINDEX 01 00:00:01\n",
         "x.cue:4: indexes rise from 01 without a gap: 01"},
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
        {TRACK_1 "POSTGAP 00:02:00\n", "x.cue:3: POSTGAP comes once and behind INDEX 01"},
        {TRACK_1 "INDEX 01 00:00:00\nPREGAP 00:02:00\n",
         "x.cue:4: PREGAP comes once and before any INDEX"},
        {"TITLE \"\xE2\x82\xAC\"\n", "x.cue:1: a character that CD-Text in ISO 8859-1 lacks"},
        {"CDTEXTFILE a\nCDTEXTFILE b\n", "x.cue:2: a second CDTEXTFILE"},
        {"CDTEXTFILE odd.cdt\n" TRACK_1 "INDEX 01 00:00:00\n",
         "odd.cdt: no packs of CD-Text: 20 bytes, no multiple of 18"},
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
         "x.cue:2: track 1 lies beyond the end of a.bin"},
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
    put_file("odd.cdt", "01234567890123456789", 20);
    put_wave("slow.wav", 22050, 300 * 588);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_file("x.cue", cases[i].sheet, strlen(cases[i].sheet));
        check_refused("x.cue", VCDR_EINVAL, cases[i].why);
    }
    put_file("x.cue", "FILE a\0b BINARY\n", 16);
    check_refused("x.cue", VCDR_EINVAL, "x.cue:1: a NUL byte: this is no text");
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_sheet_may_look_as_people_write_them),
        IN_FOLDER(files_are_found_beside_the_sheet),
        IN_FOLDER(blocks_of_several_sizes_share_a_file),
        IN_FOLDER(pre_gaps_keep_their_place_and_what_they_hold),
        IN_FOLDER(pregap_and_postgap_are_blocks_that_no_file_has),
        IN_FOLDER(titles_and_names_become_cd_text),
        IN_FOLDER(big_endian_samples_are_turned_round),
        IN_FOLDER(wave_files_give_their_samples_and_are_filled_up),
        IN_FOLDER(a_pre_gap_may_lie_in_the_file_before),
        IN_FOLDER(each_wrong_sheet_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
