/* SPDX-License-Identifier: MIT */
/* A whole burn command by command, on drives as they are sold: slow ones, old ones, ones that know
 * no immediate bit; and what quick verification makes of implausible replies. */
#include "api/imapi/tao.h"
#include "tests/api/imapi/script.h"

#define TUR "00 00 00 00 00 00"
#define INQUIRY                                                                                    \
    {                                                                                              \
        "12 00 00 00 24 00", .in = "05 80 05 02 1F 00 00 00 52 45 41 4C 20 20 20 20 43 44 2D 52 "  \
                                   "20 44 52 49 56 45 20 "                                         \
                                   "20 20 20 20 20 31 2E 30 20"                                    \
    }
#define NO_EXTENSION                                                                               \
    {                                                                                              \
        "46 02 FF 56 00 00 00 01 0C 00", .in = "00 00 00 04 00 00 00 09"                           \
    }
/* GET CONFIGURATION, allocation 8, then the 28 bytes that it announces: features 0000 (CD-R
 * current) and 002D (buffer underrun free, test write, block types 0 and 8) */
#define HEAD                                                                                       \
    {                                                                                              \
        "46 00 00 00 00 00 00 00 08 00", .in = "00 00 00 18 00 00 00 09"                           \
    }
#define FEATURES                                                                                   \
    {                                                                                              \
        "46 00 00 00 00 00 00 00 1C 00", .in = "00 00 00 18 00 00 00 09 00 00 03 04 00 09 01 00 "  \
                                               "00 2D 09 04 44 00 01 01 00 00 00 00"               \
    }
#define RESERVE                                                                                    \
    {                                                                                              \
        .cdb = "56 00 00 00 00 00 00 00 00 00"                                                     \
    }
#define RELEASE_10                                                                                 \
    {                                                                                              \
        .cdb = "57 00 00 00 00 00 00 00 00 00"                                                     \
    }
#define PREVENT                                                                                    \
    {                                                                                              \
        .cdb = "1E 00 00 00 01 00"                                                                 \
    }
#define ALLOW                                                                                      \
    {                                                                                              \
        .cdb = "1E 00 00 00 00 00"                                                                 \
    }
#define READ_DISC "51 00 00 00 00 00 00 00 22 00"
/* blank: state 00, one session, tracks 1 to 1, lead-in 97:26:66, last lead-out 79:59:70 */
#define BLANK_DISC                                                                                 \
    {                                                                                              \
        READ_DISC, .in =                                                                           \
                       "00 20 00 01 01 01 01 00 FF 00 00 00 00 00 00 00 00 61 1A 42 00 4F 3B 46 "  \
                       "00 00 00 00 00 00 00 00 00 00"                                             \
    }
/* one track done: state 05, tracks 1 to 2 */
#define OPEN_DISC                                                                                  \
    {                                                                                              \
        READ_DISC, .in =                                                                           \
                       "00 20 05 01 01 01 02 00 00 00 00 00 00 00 00 00 00 61 1A 42 00 4F 3B 46 "  \
                       "00 00 00 00 00 00 00 00 00 00"                                             \
    }
#define READ_TRACK(n) "52 01 00 00 00 " n " 00 00 24 00"
/* track 1, session 1, blank, next writable 0, free 359845 (00057DA5) */
#define FIRST_TRACK                                                                                \
    {                                                                                              \
        READ_TRACK("FF"), .in = "00 22 01 01 00 00 41 01 00 00 00 00 00 00 00 00 00 05 7D A5 00 "  \
                                "00 00 00 00 05 7D A5 00 00 00 00 00 00 00 00"                     \
    }
/* track 1 complete: start 0, size 302 */
#define DONE_TRACK                                                                                 \
    {                                                                                              \
        READ_TRACK("01"), .in = "00 22 01 01 00 00 0F 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "  \
                                "00 00 00 00 00 01 2E 00 00 00 00 00 00 00 00"                     \
    }
/* track 2: next writable 452 (1C4), free 359393 (57BE1) */
#define SECOND_TRACK                                                                               \
    {                                                                                              \
        READ_TRACK("FF"), .in = "00 22 02 01 00 00 41 01 00 00 01 C4 00 00 01 C4 00 05 7B E1 00 "  \
                                "00 00 00 00 05 7B E1 00 00 00 00 00 00 00 00"                     \
    }
#define SENSE_05 "5A 08 05 00 00 00 00 02 00 00"
/* packet writing by default, as many drives have it */
#define PAGE_05                                                                                    \
    "00 3A 00 00 00 00 00 00 05 32 00 C5 08 00 00 00 20 00 00 00 00 00 00 96 00 00 00 00 00 00 "   \
    "00 "                                                                                          \
    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define SELECT_05 "55 10 00 00 00 00 00 00 3C 00"
/* header; BUFE, TAO; no multi-session, audio; block type 0; session format 0 */
#define TAO_PAGE "00 00 00 00 00 00 00 00 05 32 41 00 00 00 00 00 00"
#define TAO_PAGE_UNPROTECTED "00 00 00 00 00 00 00 00 05 32 01 00 00 00 00 00 00"
#define SENSE_2A "5A 08 2A 00 00 00 00 02 00 00"
/* an old page of 20 bytes, length 12: 4x at the most, and selected */
#define PAGE_2A                                                                                    \
    "00 1A 00 00 00 00 00 00 2A 12 03 01 F1 77 29 23 0B 00 01 00 08 00 0B 00 00 00 02 C4 02 C4"
#define SPEEDS "AC 00 00 00 00 00 00 00 00 20 03 00"
#define SET_SPEED                                                                                  \
    {                                                                                              \
        .cdb = "BB 00 FF FF FF FF 00 00 00 00 00 00"                                               \
    }
#define WRITE_300 "2A 00 00 00 00 00 00 01 2C 00"
#define FLUSH(immed) "35 " immed " 00 00 00 00 00 00 00 00"
#define CLOSE(immed) "5B " immed " 02 00 00 00 00 00 00 00"

#define OPENED INQUIRY, NO_EXTENSION, {.cdb = TUR}, HEAD, FEATURES
/* The write type is chosen before the drive is asked for the next writable address. */
#define LOCKED_AND_LOOKED_AT                                                                       \
    RESERVE, {.cdb = TUR}, HEAD, BLANK_DISC, {SENSE_2A, .in = PAGE_2A}, {SPEEDS, CHECK(0x052000)}, \
        SET_SPEED,                                                                                 \
    {                                                                                              \
        SENSE_05, .in = PAGE_05                                                                    \
    }
#define PREPARED                                                                                   \
    LOCKED_AND_LOOKED_AT, {SELECT_05, .out = TAO_PAGE, .out_len = 60}, BLANK_DISC, FIRST_TRACK,    \
        PREVENT
#define PREPARED_UNPROTECTED                                                                       \
    LOCKED_AND_LOOKED_AT, {SELECT_05, .out = TAO_PAGE, .out_len = 60, CHECK(0x052600)},            \
        {SELECT_05, .out = TAO_PAGE_UNPROTECTED, .out_len = 60}, BLANK_DISC, FIRST_TRACK, PREVENT

static IDiscFormat2TrackAtOnce *tao_on_script(void)
{
    BSTR url = SysAllocString(u"iscsi://h/t/0");
    IDiscRecorder2 *recorder = open_recorder(url);
    IDiscFormat2TrackAtOnce *tao = new_tao();

    assert_hr(tao->lpVtbl->put_Recorder(tao, recorder), S_OK);
    assert_hr(put_name(tao, "Wire"), S_OK);
    RELEASE(recorder);
    SysFreeString(url);
    return tao;
}

static void burn_one_track(IDiscFormat2TrackAtOnce *tao)
{
    struct test_stream stream;

    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
}

static void a_burn_that_takes_its_time(void **state)
{
    static const struct line lines[] = {
        OPENED,
        PREPARED,
        {SENSE_05, .in = PAGE_05},
        {SELECT_05, .out = TAO_PAGE, .out_len = 60},
        FIRST_TRACK,
        {WRITE_300, .out_len = 300 * SECTOR, CHECK(0x020408)}, /* the buffer is full */
        {WRITE_300, .out_len = 300 * SECTOR, CHECK(0x020401)},
        {WRITE_300, .out_len = 300 * SECTOR},
        {.cdb = FLUSH("02")},
        {TUR, CHECK(0x020408)},
        {TUR, CHECK(0x020407)},
        {.cdb = TUR},
        DONE_TRACK,
        {READ_DISC, CHECK(0x020408)}, /* told not yet, asked again */
        OPEN_DISC,
        SECOND_TRACK,
        {.cdb = CLOSE("01")},
        {TUR, CHECK(0x020407)},
        {TUR, CHECK(0x020408)},
        {TUR, CHECK(0x062800)},
        {.cdb = TUR},
        ALLOW,
        RELEASE_10,
    };
    IDiscFormat2TrackAtOnce *tao;

    (void)state;
    SCRIPT(lines, 1, 300 * SECTOR);
    tao = tao_on_script();
    burn_one_track(tao);
    RELEASE(tao);
    script_end();
}

static void a_drive_without_immediate_bit_or_underrun_protection(void **state)
{
    static const struct line lines[] = {
        OPENED,
        PREPARED_UNPROTECTED,
        {SENSE_05, .in = PAGE_05},
        {SELECT_05, .out = TAO_PAGE, .out_len = 60, CHECK(0x052600)},
        {SELECT_05, .out = TAO_PAGE_UNPROTECTED, .out_len = 60},
        FIRST_TRACK,
        {WRITE_300, .out_len = 300 * SECTOR},
        {FLUSH("02"), CHECK(0x052400)},
        {.cdb = FLUSH("00")},
        {.cdb = TUR},
        DONE_TRACK,
        OPEN_DISC,
        SECOND_TRACK,
        {CLOSE("01"), CHECK(0x052400)},
        {.cdb = CLOSE("00")},
        {.cdb = TUR},
        ALLOW,
        RELEASE_10,
    };
    IDiscFormat2TrackAtOnce *tao;

    (void)state;
    SCRIPT(lines, 1, 300 * SECTOR);
    tao = tao_on_script();
    burn_one_track(tao);
    RELEASE(tao);
    script_end();
}

static void a_failed_first_write_leaves_nothing_to_close(void **state)
{
    static const struct line lines[] = {
        OPENED,
        PREPARED,
        {SENSE_05, .in = PAGE_05},
        {SELECT_05, .out = TAO_PAGE, .out_len = 60},
        FIRST_TRACK,
        {WRITE_300, .out_len = 300 * SECTOR, CHECK(0x037300)}, /* power calibration failed */
        BLANK_DISC,
        ALLOW,
        RELEASE_10,
    };
    IDiscFormat2TrackAtOnce *tao;
    struct test_stream stream;

    (void)state;
    SCRIPT(lines, 1, 300 * SECTOR);
    tao = tao_on_script();
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0301);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
    RELEASE(tao);
    script_end();
}

static void a_failed_close_still_gives_the_drive_back(void **state)
{
    static const struct line lines[] = {
        OPENED,
        PREPARED,
        {SENSE_05, .in = PAGE_05},
        {SELECT_05, .out = TAO_PAGE, .out_len = 60},
        FIRST_TRACK,
        {WRITE_300, .out_len = 300 * SECTOR},
        {.cdb = FLUSH("02")},
        {.cdb = TUR},
        DONE_TRACK,
        OPEN_DISC,
        SECOND_TRACK,
        {CLOSE("01"), CHECK(0x037200)}, /* session fixation error */
        ALLOW,
        {"57 00 00 00 00 00 00 00 00 00", .status = 0x18}, /* the second error is not told */
    };
    IDiscFormat2TrackAtOnce *tao;
    struct test_stream stream;

    (void)state;
    SCRIPT(lines, 1, 300 * SECTOR);
    tao = tao_on_script();
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), 0xC0AA0301);
    assert_hr(put_name(tao, "S1 again"), S_OK);
    RELEASE(tao);
    script_end();
}

static void the_end_of_the_disc_in_mid_track_is_not_enough_space(void **state)
{
    static const struct line lines[] = {
        OPENED,
        PREPARED,
        {SENSE_05, .in = PAGE_05},
        {SELECT_05, .out = TAO_PAGE, .out_len = 60},
        FIRST_TRACK,
        {WRITE_300, .out_len = 300 * SECTOR},
        {"2A 00 00 00 01 2C 00 00 64 00", .out_len = 100 * SECTOR, CHECK(0x056300)},
        {.cdb = FLUSH("02")},
        {.cdb = TUR},
        DONE_TRACK,
        OPEN_DISC,
        SECOND_TRACK,
        {.cdb = CLOSE("01")},
        {.cdb = TUR},
        ALLOW,
        RELEASE_10,
    };
    IDiscFormat2TrackAtOnce *tao;
    struct test_stream stream;

    (void)state;
    SCRIPT(lines, 1, 300 * SECTOR);
    tao = tao_on_script();
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    stream_init(&stream, 400 * SECTOR, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), 0xC0AA0509);
    RELEASE(tao);
    script_end();
}

/* ---- blank or not */

static void a_drive_that_refuses_to_tell_cannot_write_what_is_in_it(void **state)
{
    static const struct line lines[] = {{READ_DISC, CHECK(0x052000)}, {READ_DISC, CHECK(0x023A02)}};
    struct drive *drive;
    bool blank;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(media_blank(drive, &blank), 0xC0AA020B);
    assert_hr(media_blank(drive, &blank), 0xC0AA0202);
    drive_unref(drive);
    script_end();
}

/* ---- quick verification */

static HRESULT verify_track(const char *reply)
{
    struct line line = {READ_TRACK("01"), .in = reply};
    struct drive *drive;
    HRESULT hr;

    script_begin(&line, 1, 1, 65536);
    drive = script_drive(true);
    hr = tao_verify_track(drive, 1, 0, 300);
    drive_unref(drive);
    script_end();
    return hr;
}

#define TRACK(number, mode, flags, start, size)                                                    \
    "00 22 " number " 01 00 " mode " " flags " 00 00 00 " start " 00 00 00 00 00 00 00 00 00 00 "  \
    "00 00 00 00 " size " 00 00 00 00 00 00 00 00"

static void an_implausible_track_fails_verification(void **state)
{
    (void)state;
    assert_hr(verify_track(TRACK("01", "00", "0F", "00 00", "01 2E")), S_OK); /* 300 + 2 */
    assert_hr(verify_track(TRACK("01", "00", "0F", "00 00", "01 2C")), S_OK);
    assert_hr(verify_track(TRACK("02", "00", "0F", "00 00", "01 2E")), 0xC0AA0007);
    assert_hr(verify_track(TRACK("01", "04", "0F", "00 00", "01 2E")), 0xC0AA0007); /* data */
    assert_hr(verify_track(TRACK("01", "20", "0F", "00 00", "01 2E")), 0xC0AA0007); /* damaged */
    assert_hr(verify_track(TRACK("01", "00", "4F", "00 00", "01 2E")), 0xC0AA0007); /* blank */
    assert_hr(verify_track(TRACK("01", "00", "0F", "00 01", "01 2E")), 0xC0AA0007);
    assert_hr(verify_track(TRACK("01", "00", "0F", "00 00", "01 2B")), 0xC0AA0007); /* 299 */
}

static HRESULT verify_disc(const char *disc, const char *toc, bool finalized)
{
    struct line lines[] = {{READ_DISC, .in = disc}, {"43 00 00 00 00 00 00 03 24 00", .in = toc}};
    struct tao *tao = CoTaskMemAlloc(sizeof(*tao));
    HRESULT hr;

    memset(tao, 0, sizeof(*tao));
    script_begin(lines, toc == NULL ? 1 : 2, 1, 65536);
    tao->session.drive = script_drive(true);
    tao->session.tracks = 1;
    tao->session.track[0] = (struct tao_track){0, 302};
    hr = tao_verify_disc(tao, finalized);
    drive_unref(tao->session.drive);
    CoTaskMemFree(tao);
    script_end();
    return hr;
}

#define DISC(status)                                                                               \
    "00 20 " status " 01 01 01 01 00 00 00 00 00 00 00 00 00 00 61 1A 42 00 4F 3B 46 00 00 00 00 " \
    "00 00 00 00 00 00"
#define TOC(last, control, lba)                                                                    \
    "00 12 01 " last " 00 " control " 01 00 00 00 " lba " 00 10 AA 00 00 00 01 2E"

static void an_implausible_disc_fails_verification(void **state)
{
    (void)state;
    assert_hr(verify_disc(DISC("0E"), TOC("01", "10", "00 00"), true), S_OK);
    assert_hr(verify_disc(DISC("01"), TOC("01", "10", "00 00"), false), S_OK);
    assert_hr(verify_disc(DISC("0E"), NULL, false), 0xC0AA0007);
    assert_hr(verify_disc(DISC("05"), NULL, true), 0xC0AA0007);
    assert_hr(verify_disc(DISC("0E"), TOC("01", "10", "00 01"), true), 0xC0AA0007);
    assert_hr(verify_disc(DISC("0E"), TOC("01", "14", "00 00"), true), 0xC0AA0007);
}

static void the_volume_name_is_the_url_without_the_account(void **state)
{
    static const struct {
        const OLECHAR *url, *name;
    } rows[] = {
        {u"iscsi://host:1/iqn.x/0", u"iscsi://host:1/iqn.x/0"},
        {u"iscsi://joe%secret@host:1/iqn.x/0", u"iscsi://host:1/iqn.x/0"},
        {u"iscsi://joe%p@ss/w%rd@host:1/iqn.x/0", u"iscsi://host:1/iqn.x/0"},
    };
    static const struct line lines[] = {INQUIRY, NO_EXTENSION, {.cdb = TUR}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        BSTR url = SysAllocString(rows[i].url), wanted = SysAllocString(rows[i].name), name;
        IDiscRecorder2 *recorder;

        SCRIPT(lines, 1, 300 * SECTOR);
        recorder = open_recorder(url);
        assert_hr(recorder->lpVtbl->get_VolumeName(recorder, &name), S_OK);
        assert_int_equal(SysStringLen(name), SysStringLen(wanted));
        assert_memory_equal(name, wanted, SysStringByteLen(wanted));
        SysFreeString(name);
        SysFreeString(wanted);
        SysFreeString(url);
        RELEASE(recorder);
        script_end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_volume_name_is_the_url_without_the_account),
        cmocka_unit_test(a_burn_that_takes_its_time),
        cmocka_unit_test(a_drive_without_immediate_bit_or_underrun_protection),
        cmocka_unit_test(a_failed_first_write_leaves_nothing_to_close),
        cmocka_unit_test(a_failed_close_still_gives_the_drive_back),
        cmocka_unit_test(the_end_of_the_disc_in_mid_track_is_not_enough_space),
        cmocka_unit_test(a_drive_that_refuses_to_tell_cannot_write_what_is_in_it),
        cmocka_unit_test(an_implausible_track_fails_verification),
        cmocka_unit_test(an_implausible_disc_fails_verification),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}
