/* SPDX-License-Identifier: MIT */
/* TOC files of cdrdao: out of a disc, as that program reads them, and into one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/image.h>

#include "emulator/disc/fixture.h"
#include "emulator/disc/script.h"
#include "image_fixture.h"

/* A long first pre-gap, indexes, text with what strings must escape, a data track behind. */
static struct vcdr_disc *rich_disc(void)
{
    static const char sheet[] =
        "CATALOG 0123456789012\nTITLE \"All of it\"\nPERFORMER \"\xC3\x84rzte\"\n"
        "FILE a.bin BINARY\n"
        "TRACK 01 AUDIO\nTITLE \"a \"b\" \\c\"\nFLAGS DCP PRE\nISRC DEABC2400001\n"
        "INDEX 00 00:00:00\nINDEX 01 00:00:33\nINDEX 02 00:02:00\nINDEX 03 00:03:01\n"
        "TRACK 02 AUDIO\nTITLE \"Two\"\nFLAGS 4CH\nINDEX 00 00:06:00\nINDEX 01 00:07:00\n"
        "TRACK 03 AUDIO\nINDEX 01 00:12:00\n"
        "FILE b.bin BINARY\n"
        "TRACK 04 MODE1/2048\nPREGAP 00:02:00\nINDEX 01 00:00:00\n";

    put_blocks("a.bin", 1, 1300, 2352);
    put_blocks("b.bin", 2, 310, 2048);
    put_file("in.cue", sheet, sizeof(sheet) - 1);
    return must_burn("in.cue");
}

static const char expected[] = "CD_ROM\n"
                               "CATALOG \"0123456789012\"\n"
                               "CD_TEXT {\n"
                               "  LANGUAGE_MAP { 0 : EN }\n"
                               "  LANGUAGE 0 {\n"
                               "    TITLE \"All of it\"\n"
                               "    PERFORMER \"\\304rzte\"\n"
                               "  }\n"
                               "}\n"
                               "\n"
                               "TRACK AUDIO\n"
                               "COPY\n"
                               "PRE_EMPHASIS\n"
                               "TWO_CHANNEL_AUDIO\n"
                               "ISRC \"DEABC2400001\"\n"
                               "CD_TEXT {\n"
                               "  LANGUAGE 0 {\n"
                               "    TITLE \"a \\\"b\\\" \\\\c\"\n"
                               "  }\n"
                               "}\n"
                               "FILE \"out.bin\" SWAP #0 0 00:06:00\n"
                               "START 00:00:33\n"
                               "INDEX 00:01:42\n"
                               "INDEX 00:02:43\n";

static void a_toc_file_is_written_as_its_program_has_it(void **state)
{
    struct vcdr_disc *disc = rich_disc();
    uint8_t *text;
    size_t len;

    (void)state;
    assert_int_equal(vcdr_image_export_toc(disc, "out.toc", NULL), VCDR_OK);
    text = get_file("out.toc", &len);
    text[len < sizeof(expected) - 1 ? len : sizeof(expected) - 1] = '\0';
    assert_string_equal((char *)text, expected);
    free(text);
    assert_int_equal(access("out.cdt", F_OK), -1); /* its text stands in the sheet */
    vcdr_disc_close(disc);
}

static void what_was_exported_comes_back_the_same(void **state)
{
    struct vcdr_disc *disc = rich_disc(), *again;

    (void)state;
    assert_int_equal(vcdr_image_export_toc(disc, "out.toc", NULL), VCDR_OK);
    again = must_burn("out.toc");
    check_same(disc, again);
    vcdr_disc_close(again);
    vcdr_disc_close(disc);
}

static void cdrdao_reads_what_was_exported(void **state)
{
    struct vcdr_disc *disc = rich_disc();
    char line[256];
    unsigned tracks = 0, marks = 0;
    bool lead_out = false;
    FILE *f;

    (void)state;
    assert_int_equal(vcdr_image_export_toc(disc, "out.toc", NULL), VCDR_OK);
    f = popen("cdrdao read-test out.toc >test.log 2>&1 && cdrdao show-toc out.toc 2>&1", "r");
    assert_non_null(f);
    while (fgets(line, sizeof(line), f)) {
        tracks += strncmp(line, "TRACK", 5) == 0;
        marks += strstr(line, "INDEX") != NULL;
        lead_out = lead_out || strstr(line, "END") != NULL;
    }
    if (pclose(f) != 0)
        fail_msg("cdrdao does not take the file");
    assert_int_equal(tracks, 4);
    assert_int_equal(marks, 2);
    assert_true(lead_out);
    vcdr_disc_close(disc);
}

static void a_toc_file_may_look_as_people_write_them(void **state)
{
    static const char toc[] =
        "// a comment\nCD_DA CATALOG \"0000010271955\"\n"
        "CD_TEXT { LANGUAGE_MAP { 0:9 1:7 } LANGUAGE 0 { TITLE \"\\304\" GENRE {0, 1} }\n"
        "  LANGUAGE 1 { TITLE \"other\" } }\n"
        "TRACK AUDIO NO COPY ISRC \"DEABC2400002\" // behind\n"
        "  PREGAP 0:0:20 AUDIOFILE \"a.wav\" 0 0:1:0 SILENCE 2940 FILE \"a.wav\" 44100\n"
        "TRACK AUDIO COPY FOUR_CHANNEL_AUDIO SILENCE 0:0:10 START FILE \"b.raw\" #2352 0 4:0\n";
    static const char good[] =
        "TRACK AUDIO COPY FOUR_CHANNEL_AUDIO SILENCE 0:0:10 START FILE \"b.raw\" #2352 0 0:4:0\n";
    struct vcdr_disc *disc;
    uint8_t *data = malloc(302 * 2352), sector[2352];
    char text[1024];

    (void)state;
    assert_non_null(data);
    for (int i = 0; i < 302 * 2352; i++)
        data[i] = i % 2 ? 0xBB : 0xAA;
    put_file("b.raw", data, 302 * 2352);
    free(data);
    put_wave("a.wav", 44100, 400 * 588);
    put_file("x.toc", toc, sizeof(toc) - 1);
    check_refused("x.toc", VCDR_EINVAL, "x.toc:7: not a time mm:ss:ff (ss 00-59, ff 00-74): 4:0");
    snprintf(text, sizeof(text), "%.*s%s", (int)(strstr(toc, "TRACK AUDIO COPY") - toc), toc, good);
    put_file("x.toc", text, strlen(text));
    disc = must_burn("x.toc");
    assert_string_equal(vcdr_disc_info(disc)->mcn, "0000010271955");
    assert_int_equal(track_of_disc(disc, 1).start_lba, 20);
    assert_string_equal(track_of_disc(disc, 1).isrc, "DEABC2400002");
    check_blocks(disc, 5, 20, 75);
    /* 5 blocks of silence, then the file from its second on: 400 - 75 blocks. */
    assert_int_equal(track_of_disc(disc, 2).pregap_lba, 20 + 75 + 5 + 325);
    assert_int_equal(track_of_disc(disc, 2).start_lba, 435);
    assert_int_equal(track_of_disc(disc, 2).control, 0xA);
    assert_int_equal(session_of_disc(disc, 1).lead_out_lba, 735);
    assert_int_equal(session_of_disc(disc, 1).packs, 4); /* a title and three of sizes */
    assert_int_equal(vcdr_disc_read_raw(disc, 435, 1, sector, NULL), VCDR_OK);
    assert_int_equal(sector[0], 0xBB); /* big-endian samples are turned round */
    assert_int_equal(sector[1], 0xAA);
    vcdr_disc_close(disc);
}

static void each_wrong_file_is_refused_with_its_line(void **state)
{
#define TRACK "CD_DA\nTRACK AUDIO\n"
    static const struct {
        const char *toc, *why;
    } cases[] = {
        {"", "x.toc: a TOC file without a track"},
        {"CD_DA\nBOGUS\n", "x.toc:2: unknown word: BOGUS"},
        {"CD_DA\nFILE \"a.bin\" 0\n", "x.toc:2: outside a TRACK: FILE"},
        {"TRACK MODE3\n",
         "x.toc:1: mode is not AUDIO, MODE1, MODE1_RAW, MODE2, MODE2_RAW or MODE2_FORM_MIX: MODE3"},
        {TRACK, "x.toc:2: track 1 ends before its index 1"},
        {TRACK "FILE \"a.bin\n", "x.toc:3: quotation mark without an end"},
        {TRACK "FILE a.bin 0\n", "x.toc:3: not a name of a file in quotation marks: a.bin"},
        {TRACK "FILE \"a.bin\" x\n", "x.toc:3: not a length: x"},
        {TRACK "FILE \"a.bin\" 0 1000\n", "x.toc:3: no whole number of blocks"},
        {TRACK "FILE \"a.bin\" 0 00:05:00\n", "x.toc:3: track 1 lies beyond the end of a.bin"},
        {TRACK "FILE \"a.bin\" #999999999 0\n", "x.toc:3: track 1 lies beyond the end of a.bin"},
        {TRACK "FILE \"a.bin\" 99:59:74\n", "x.toc:3: track 1 lies beyond the end of a.bin"},
        {TRACK "DATAFILE \"a.bin\"\n", "x.toc:3: a data file in an audio track"},
        {TRACK "SILENCE 99:00:00\n", "x.toc:3: a track that is longer than any disc"},
        {TRACK "SILENCE 1:0:0\nSTART 1:0:0\n", "x.toc:2: track 1 ends before its index 1"},
        {TRACK "START START\n", "x.toc:3: a second START"},
        {TRACK "SILENCE 1:0:0\nINDEX 0:0:0\n",
         "x.toc:4: an INDEX that does not come after the one before it"},
        {TRACK "SILENCE 1:0:0 PREGAP 0:1:0\n", "x.toc:3: PREGAP comes once and first"},
        {TRACK "ISRC \"DEABCX400001\"\n",
         "x.toc:3: an ISRC is 5 letters or digits and 7 digits: DEABCX400001"},
        {TRACK "NO FUN\n", "x.toc:3: not COPY or PRE_EMPHASIS: FUN"},
        {"TRACK MODE1\nPRE_EMPHASIS\n", "x.toc:2: a flag of audio on a data track"},
        {"CATALOG \"12\"\n", "x.toc:1: a catalogue number has 13 digits: 12"},
        {"CD_TEXT { LANGUAGE 0 { TITLE \"\\342\\202\\254\" } }\n",
         "x.toc:1: a character that CD-Text in ISO 8859-1 lacks: \xE2\x82\xAC"},
        {"CD_TEXT { LANGUAGE_MAP {\n", "x.toc:2: braces without an end"},
        {"CD_TEXT { LANGUAGE 0 { TITLE { 1 \n", "x.toc:2: braces without an end"},
        {"CD_TEXT {", "x.toc:1: not LANGUAGE or LANGUAGE_MAP"},
    };

    (void)state;
    put_blocks("a.bin", 1, 302, 2352);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_file("x.toc", cases[i].toc, strlen(cases[i].toc));
        check_refused("x.toc", VCDR_EINVAL, cases[i].why);
    }
}

static void a_disc_of_two_sessions_is_no_toc_file(void **state)
{
    struct vcdr_disc *disc = new_disc();
    char *why = NULL;

    (void)state;
    for (int s = 0; s < 2; s++) {
        burn_track(disc, 0, 300, 1);
        assert_int_equal(vcdr_disc_close_session(disc, true, false), VCDR_OK);
    }
    assert_int_equal(vcdr_image_export_toc(disc, "out.toc", &why), VCDR_EINVAL);
    assert_string_equal(why, "out.toc: a TOC file holds one session, the disc has 2");
    free(why);
    assert_int_equal(access("out.toc", F_OK), -1);
    assert_int_equal(access("out.bin", F_OK), -1);
    vcdr_disc_close(disc);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_toc_file_is_written_as_its_program_has_it),
        IN_FOLDER(what_was_exported_comes_back_the_same),
        IN_FOLDER(cdrdao_reads_what_was_exported),
        IN_FOLDER(a_toc_file_may_look_as_people_write_them),
        IN_FOLDER(each_wrong_file_is_refused_with_its_line),
        IN_FOLDER(a_disc_of_two_sessions_is_no_toc_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
