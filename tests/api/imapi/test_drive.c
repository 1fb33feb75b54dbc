/* SPDX-License-Identifier: MIT */
/* What becomes of a command: repetitions, and HRESULTs for transport and sense (reference: imapi2
 * 6.7); exclusive access as bytes on the wire. */
#include "api/imapi/command.h"
#include "api/imapi/exclusive.h"
#include "api/imapi/media.h"
#include "api/imapi/outcome.h"
#include "tests/api/imapi/script.h"

#define TUR "00 00 00 00 00 00"

static HRESULT test_unit_ready(struct drive *drive, unsigned patience_ms)
{
    struct drive_command command = {.cdb_len = 6, .patience_ms = patience_ms};

    return drive_execute(drive, &command);
}

/* ---- opening */

#define INQUIRY_CDB "12 00 00 00 24 00"
/* type 05, removable, SPC-3, format 2, 31 more bytes; "VCDR    " "CD-R RECORDER   " "1.0 " */
#define INQUIRY_DATA                                                                               \
    "05 80 05 02 1F 00 00 00 56 43 44 52 20 20 20 20 43 44 2D 52 20 52 45 43 4F 52 44 45 52 20 "   \
    "20 20 31 2E 30 20"
/* RT 2, feature FF56, allocation 8 + 256 + 4 = 010C */
#define EXTENSION_CDB "46 02 FF 56 00 00 00 01 0C 00"
/* header: 16 bytes follow, profile 0009; feature FF56 v0 current persistent, 8 bytes, "VCDR" 1 */
#define EXTENSION_DATA "00 00 00 10 00 00 00 09 FF 56 03 08 56 43 44 52 01 3F 39 39"
#define NO_EXTENSION_DATA "00 00 00 04 00 00 00 09"

static HRESULT open_drive(struct drive **drive)
{
    BSTR url = SysAllocString(u"iscsi://h/t/0");
    HRESULT hr = drive_open(url, drive);

    SysFreeString(url);
    return hr;
}

static void opening_asks_who_it_is_and_clears_the_attentions(void **state)
{
    static const struct line lines[] = {
        {INQUIRY_CDB, .in = INQUIRY_DATA},
        {EXTENSION_CDB, .in = EXTENSION_DATA},
        {TUR, CHECK(0x062900)},
        {TUR, CHECK(0x062800)},
        {.cdb = TUR},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    assert_hr(open_drive(&drive), S_OK);
    assert_string_equal(drive->identity.vendor, "VCDR");
    assert_string_equal(drive->identity.product, "CD-R RECORDER");
    assert_string_equal(drive->identity.revision, "1.0");
    assert_true(drive->has_extension);
    drive_unref(drive);
    script_end();
}

/* Taken for a drive without the extension it would be locked by RESERVE, and nobody told the name.
 */
static void a_drive_that_cannot_say_whether_it_has_the_extension_is_not_opened(void **state)
{
    static const struct line aborted[] = {
        {INQUIRY_CDB, .in = INQUIRY_DATA}, {EXTENSION_CDB, CHECK(0x0B4700)}, /* SCSI PARITY ERROR */
    };
    static const struct line old[] = {
        {INQUIRY_CDB, .in = INQUIRY_DATA},
        {EXTENSION_CDB, CHECK(0x052400)}, /* no RT 2 */
        {.cdb = TUR},
    };
    struct drive *drive = NULL;

    (void)state;
    SCRIPT(aborted, 1, 65536);
    assert_hr(open_drive(&drive), E_FAIL);
    assert_null(drive);
    script_end();
    SCRIPT(old, 1, 65536);
    assert_hr(open_drive(&drive), S_OK);
    assert_false(drive->has_extension);
    drive_unref(drive);
    script_end();
}

/* READ DISC INFORMATION: status appendable, a last possible lead-out 79:59:74 */
#define DISC_CDB "51 00 00 00 00 00 00 00 22 00"
#define DISC_DATA                                                                                  \
    "00 20 05 01 01 01 02 00 00 00 00 00 00 00 00 00 00 61 1A 42 00 4F 3B 4A 00 00 00 00 00 00 "   \
    "00 00 00 00"
/* READ TRACK INFORMATION, address type 1, track FF */
#define NEXT_CDB "52 01 00 00 00 FF 00 00 24 00"

static void only_a_drive_that_has_no_next_track_is_full(void **state)
{
    static const struct line full[] = {{DISC_CDB, .in = DISC_DATA}, {NEXT_CDB, CHECK(0x052400)}};
    static const struct line broken[] = {{DISC_CDB, .in = DISC_DATA}, {NEXT_CDB, CHECK(0x044400)}};
    struct media_space space = {.free = 7};
    struct drive *drive = script_drive(true);

    (void)state;
    SCRIPT(full, 1, 65536);
    assert_hr(media_space(drive, &space), S_OK);
    assert_int_equal(space.free, 0);
    assert_int_equal(space.used, 359847); /* 359849 less the run-out */
    script_end();
    SCRIPT(broken, 1, 65536);
    assert_hr(media_space(drive, &space), E_FAIL); /* INTERNAL TARGET FAILURE */
    script_end();
    drive_unref(drive);
}

static void a_drive_that_somebody_holds_opens_as_well(void **state)
{
    static const struct line lines[] = {
        {INQUIRY_CDB, .in = INQUIRY_DATA},
        {EXTENSION_CDB, .in = NO_EXTENSION_DATA},
        {TUR, .status = 0x18},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    assert_hr(open_drive(&drive), S_OK);
    assert_false(drive->has_extension);
    drive_unref(drive);
    script_end();
}

static void a_drive_without_get_configuration_has_no_extension(void **state)
{
    static const struct line lines[] = {
        {INQUIRY_CDB, .in = INQUIRY_DATA},
        {EXTENSION_CDB, CHECK(0x052000)},
        {.cdb = TUR},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    assert_hr(open_drive(&drive), S_OK);
    assert_false(drive->has_extension);
    drive_unref(drive);
    script_end();
}

static void what_is_no_cd_drive_does_not_open(void **state)
{
    static const struct line disk[] = {
        {INQUIRY_CDB, .in = "00 80 05 02 1F 00 00 00 56 43 44 52 20 20 20 20 43 44 2D 52 20 52 45 "
                            "43 4F 52 44 45 52 20 20 20 31 2E 30 20"}};
    static const struct line nothing[] = {
        {INQUIRY_CDB, .in = "7F 80 05 02 1F 00 00 00 56 43 44 52 20 20 20 20 43 44 2D 52 20 52 45 "
                            "43 4F 52 44 45 52 20 20 20 31 2E 30 20"}};
    static const struct line cut[] = {{INQUIRY_CDB, .in = "05 80 05 02 1F"}};
    struct drive *drive;

    (void)state;
    SCRIPT(disk, 1, 65536);
    assert_hr(open_drive(&drive), 0x80070037);
    SCRIPT(nothing, 1, 65536);
    assert_hr(open_drive(&drive), 0x80070037);
    SCRIPT(cut, 1, 65536);
    assert_hr(open_drive(&drive), 0xC0AA02FF);
    script_end();
}

static void each_result_of_the_transport_has_its_hresult(void **state)
{
    static const struct {
        enum transport_result result;
        uint32_t hr;
    } rows[] = {
        {TRANSPORT_NO_MEMORY, 0x8007000E}, {TRANSPORT_BAD_URL, 0x80070057},
        {TRANSPORT_NO_DEVICE, 0x80070037}, {TRANSPORT_REFUSED, 0x80070005},
        {TRANSPORT_TIMEOUT, 0xC0AA020D},   {TRANSPORT_LOST, 0x80070037},
        {TRANSPORT_INVALID, 0x80070057},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct line line = {TUR, .result = rows[i].result};
        struct drive *drive;

        script_begin(&line, 1, 1, 65536);
        drive = script_drive(true);
        assert_hr(test_unit_ready(drive, 0), rows[i].hr);
        script_end();
        drive_unref(drive);
        script_begin(NULL, 0, 1, 65536);
        script_open_result(rows[i].result);
        assert_hr(open_drive(&drive), rows[i].hr);
    }
}

/* ---- repeating */

static void unit_attentions_are_repeated_but_not_for_ever(void **state)
{
    static const struct line some[] = {
        {TUR, CHECK(0x062900)}, {TUR, CHECK(0x062800)}, {TUR, CHECK(0x062A01)}, {.cdb = TUR}};
    static const struct line endless[] = {{TUR, CHECK(0x062800)}, {TUR, CHECK(0x062800)},
                                          {TUR, CHECK(0x062800)}, {TUR, CHECK(0x062800)},
                                          {TUR, CHECK(0x062800)}, {TUR, CHECK(0x062800)},
                                          {TUR, CHECK(0x062800)}, {TUR, CHECK(0x062800)}};
    struct drive *drive;

    (void)state;
    SCRIPT(some, 1, 65536);
    drive = script_drive(true);
    assert_hr(test_unit_ready(drive, 0), S_OK);
    script_end();
    SCRIPT(endless, 1, 65536);
    assert_hr(test_unit_ready(drive, 0), 0x80004005);
    script_end();
    drive_unref(drive);
}

static void busy_status_is_repeated(void **state)
{
    static const struct line lines[] = {{TUR, .status = 0x08}, {TUR, .status = 0x28}, {.cdb = TUR}};
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(test_unit_ready(drive, 0), S_OK);
    script_end();
    drive_unref(drive);
}

static void not_yet_is_repeated_with_patience_only(void **state)
{
    static const struct line hasty[] = {{TUR, CHECK(0x020401)}};
    static const struct line patient[] = {
        {TUR, CHECK(0x020408)}, {TUR, CHECK(0x020407)}, {TUR, CHECK(0x020401)}, {.cdb = TUR}};
    static const struct line person[] = {{TUR, CHECK(0x020403)}};
    struct drive *drive;

    (void)state;
    SCRIPT(hasty, 1, 65536);
    drive = script_drive(true);
    assert_hr(test_unit_ready(drive, 0), 0xC0AA0205);
    SCRIPT(patient, 1, 65536);
    assert_hr(test_unit_ready(drive, 60000), S_OK);
    script_end();
    SCRIPT(person, 1, 65536);
    assert_hr(test_unit_ready(drive, 60000), 0xC0AA0202);
    script_end();
    drive_unref(drive);
}

static void a_reservation_conflict_is_locked_at_once(void **state)
{
    static const struct line lines[] = {{TUR, .status = 0x18}};
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(test_unit_ready(drive, 60000), 0xC0AA0210);
    script_end();
    drive_unref(drive);
}

static void a_recovered_error_is_a_success_with_its_data(void **state)
{
    static const struct line lines[] = {{INQUIRY_CDB, .in = INQUIRY_DATA, CHECK(0x011700)}};
    struct drive_command command = {.cdb = {0x12, 0, 0, 0, 0x24, 0}, .cdb_len = 6};
    uint8_t data[36];
    struct drive *drive;

    (void)state;
    command.in = data;
    command.in_size = sizeof(data);
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_execute(drive, &command), S_OK);
    assert_int_equal(command.in_len, 36);
    drive_unref(drive);
}

static void each_sense_has_its_hresult(void **state)
{
    static const struct {
        uint8_t opcode;
        uint32_t sense, hr;
    } rows[] = {
        {0x00, 0x023A00, 0xC0AA0202}, {0x00, 0x023A01, 0xC0AA0202}, {0x00, 0x023A02, 0xC0AA0202},
        {0x00, 0x020403, 0xC0AA0202}, {0x00, 0x020400, 0xC0AA0205}, {0x00, 0x020401, 0xC0AA0205},
        {0x00, 0x020402, 0xC0AA0205}, {0x00, 0x020404, 0xC0AA0206}, {0x51, 0x020407, 0xC0AA0207},
        {0x51, 0x020408, 0xC0AA0207}, {0x2A, 0x020408, 0xC0AA0207}, {0x28, 0x053000, 0xC0AA0203},
        {0x28, 0x033001, 0xC0AA0203}, {0x28, 0x053002, 0xC0AA0203}, {0x2A, 0x053005, 0xC0AA0203},
        {0x28, 0x053010, 0xC0AA0212}, {0x28, 0x033100, 0xC0AA0212}, {0x00, 0x020600, 0xC0AA0204},
        {0x2A, 0x072700, 0xC0AA0209}, {0x2A, 0x052700, 0xC0AA0209}, {0x55, 0x052600, 0xC0AA0208},
        {0x55, 0x052602, 0xC0AA0208}, {0x5A, 0x052400, 0xC0AA0201}, {0x46, 0x052000, 0xC0AA020C},
        {0x2A, 0x030C09, 0xC0AA0300}, {0x35, 0x050C09, 0xC0AA0300}, {0x2A, 0x030C00, 0xC0AA0301},
        {0x2A, 0x052102, 0xC0AA0301}, {0x35, 0x037300, 0xC0AA0301}, {0x5B, 0x037200, 0xC0AA0301},
        {0x52, 0x052400, 0x80004005}, {0x1B, 0x055302, 0x80004005},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        HRESULT hr = outcome_of_sense(rows[i].opcode, rows[i].sense);

        if (hr != (HRESULT)rows[i].hr) {
            fail_msg("%06X of %02X: expected 0x%08X, got 0x%08X", rows[i].sense, rows[i].opcode,
                     rows[i].hr, (unsigned)hr);
        }
    }
}

static void other_statuses_and_short_sense(void **state)
{
    static const struct line aborted[] = {{TUR, .status = 0x40}};
    static const struct line strange[] = {{TUR, .status = 0x30}};
    struct drive *drive;

    (void)state;
    SCRIPT(aborted, 1, 65536);
    drive = script_drive(true);
    assert_hr(test_unit_ready(drive, 0), 0xC0AA0301);
    SCRIPT(strange, 1, 65536);
    assert_hr(test_unit_ready(drive, 0), 0xC0AA02FF);
    drive_unref(drive);
}

/* ---- exclusive access on the wire */

/* MODE SELECT(10), PF, 80 bytes: 8 of header, then page 39 46, request, flags, 4 bytes, the name */
#define SELECT "55 10 00 00 00 00 00 00 50 00"
#define LOCK_AB "00 00 00 00 00 00 00 00 39 46 01 00 00 00 00 00 41 42 00 00"
#define FORCED_AB "00 00 00 00 00 00 00 00 39 46 01 01 00 00 00 00 41 42 00 00"
#define UNLOCK "00 00 00 00 00 00 00 00 39 46 02 00 00 00 00 00 00 00"
#define RESERVE "56 00 00 00 00 00 00 00 00 00"
#define RELEASE_10 "57 00 00 00 00 00 00 00 00 00"

static void one_lock_and_one_unlock_however_often_it_is_acquired(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80},
        {SELECT, .out = UNLOCK, .out_len = 80},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_hr(drive_lock_acquire(drive, true, "CD"), S_OK);
    assert_hr(drive_lock_release(drive), S_OK);
    assert_hr(drive_lock_release(drive), S_OK);
    script_end();
    drive_unref(drive);
}

static void force_is_the_flag_that_ignores_a_mounted_volume(void **state)
{
    static const struct line lines[] = {{SELECT, .out = FORCED_AB, .out_len = 80},
                                        {SELECT, .out = UNLOCK, .out_len = 80}};
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, true, "AB"), S_OK);
    drive_unref(drive); /* the last reference unlocks */
    script_end();
}

/* MODE SENSE(10) of page 39h: 78 bytes follow; the page, locked, by whom, by the page */
#define STATE "5A 08 39 00 00 00 00 02 00 00"
#define LOCKED_PAGE(mine) "00 4E 00 00 00 00 00 00 39 46 00 00 01 " mine " 00 00 41 42 00" ZEROS_61
#define ZEROS_10 " 00 00 00 00 00 00 00 00 00 00"
#define ZEROS_61 ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10 " 00"

static void a_refused_lock_is_not_counted(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80, .status = 0x18},
        {STATE, .in = LOCKED_PAGE("00")}, /* by somebody else */
        {SELECT, .out = LOCK_AB, .out_len = 80, CHECK(0x052600)},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), 0xC0AA0210);
    assert_hr(drive_lock_acquire(drive, false, "AB"), 0xC0AA0211);
    assert_int_equal(drive->exclusive.count, 0);
    drive_unref(drive);
    script_end();
}

/* A lock that nobody here knows of would keep everybody out until this nexus ends. */
static void a_lock_that_an_error_hid_is_given_back(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80, CHECK(0x044400)},
        {STATE, .in = LOCKED_PAGE("01")},
        {SELECT, .out = UNLOCK, .out_len = 80},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), E_FAIL);
    drive_unref(drive);
    script_end();
}

static void our_own_forgotten_lock_is_not_in_our_way(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80, .status = 0x18},
        {STATE, .in = LOCKED_PAGE("01")},
        {SELECT, .out = UNLOCK, .out_len = 80},
        {SELECT, .out = LOCK_AB, .out_len = 80},
        {SELECT, .out = UNLOCK, .out_len = 80},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_hr(drive_lock_release(drive), S_OK);
    drive_unref(drive);
    script_end();
}

static void an_unlock_that_failed_is_tried_once_more(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80},
        {SELECT, .out = UNLOCK, .out_len = 80, CHECK(0x044400)},
        {STATE, .in = LOCKED_PAGE("01")},
        {SELECT, .out = UNLOCK, .out_len = 80},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_hr(drive_lock_release(drive), E_FAIL);
    drive_unref(drive);
    script_end();
}

static void a_reset_that_took_the_lock_is_told_once_and_at_the_release(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80},
        {TUR, CHECK(0x062900)}, /* not repeated: whoever holds the drive must hear of it */
        {.cdb = TUR},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_hr(test_unit_ready(drive, 0), 0x80070006);
    assert_hr(test_unit_ready(drive, 0), S_OK);
    assert_hr(drive_lock_release(drive), 0x80070006); /* and sends no unlock */
    assert_int_equal(drive->exclusive.count, 0);
    drive_unref(drive);
    script_end();
}

static void a_nested_acquire_takes_a_lost_lock_anew(void **state)
{
    static const struct line lines[] = {
        {SELECT, .out = LOCK_AB, .out_len = 80},
        {TUR, CHECK(0x062903)},
        {SELECT, .out = LOCK_AB, .out_len = 80},
        {SELECT, .out = UNLOCK, .out_len = 80},
    };
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_hr(test_unit_ready(drive, 0), 0x80070006);
    assert_hr(drive_lock_acquire(drive, false, "CD"), S_OK);
    assert_hr(drive_lock_release(drive), S_OK);
    assert_hr(drive_lock_release(drive), S_OK);
    drive_unref(drive);
    script_end();
}

static void without_the_extension_reserve_takes_its_place(void **state)
{
    static const struct line lines[] = {
        {.cdb = RESERVE}, {.cdb = RELEASE_10}, {RESERVE, .status = 0x18}, {TUR, .status = 0x18}};
    char name[EXCLUSIVE_NAME_SIZE];
    bool by_other;
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    drive = script_drive(false);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_hr(drive_lock_owner(drive, name, &by_other), S_OK);
    assert_string_equal(name, "AB");
    assert_false(by_other);
    assert_hr(drive_lock_release(drive), S_OK);
    assert_hr(drive_lock_acquire(drive, false, "AB"), 0xC0AA0210);
    assert_hr(drive_lock_owner(drive, name, &by_other), S_OK);
    assert_string_equal(name, "");
    assert_true(by_other);
    drive_unref(drive);
    script_end();
}

/* ---- a drive of the host */

static void on_a_host_the_host_locks_first_and_the_page_says_the_name(void **state)
{
    static const struct line lines[] = {{SELECT, .out = LOCK_AB, .out_len = 80},
                                        {SELECT, .out = UNLOCK, .out_len = 80}};
    char name[EXCLUSIVE_NAME_SIZE];
    struct host host = {.held = ""};
    bool by_other = true;
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    script_host(&host);
    drive = script_drive(true);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_string_equal(host.held, "AB");
    assert_hr(drive_lock_owner(drive, name, &by_other), S_OK); /* asks nobody but the host */
    assert_string_equal(name, "AB");
    assert_false(by_other);
    assert_hr(drive_lock_release(drive), S_OK);
    assert_string_equal(host.held, "");
    drive_unref(drive);
    script_end();
}

static void without_the_extension_a_host_drive_is_sent_nothing(void **state)
{
    static const struct line none[] = {{.cdb = TUR}};
    struct host host = {.held = ""};
    struct drive *drive;

    (void)state;
    script_begin(none, 0, 1, 65536);
    script_host(&host);
    drive = script_drive(false);
    assert_hr(drive_lock_acquire(drive, false, "AB"), S_OK);
    assert_string_equal(host.held, "AB");
    drive_unref(drive); /* the last reference unlocks */
    assert_string_equal(host.held, "");
    script_end();
}

static void what_is_in_the_way_on_the_host_is_told_before_the_drive_is_asked(void **state)
{
    static const struct line none[] = {{.cdb = TUR}};
    struct host held = {.held = "Somebody"}, mounted = {.mounted = true};
    char name[EXCLUSIVE_NAME_SIZE];
    struct drive *drive;
    bool by_other;

    (void)state;
    script_begin(none, 0, 1, 65536);
    drive = script_drive(false);
    script_host(&held);
    assert_hr(drive_lock_acquire(drive, true, "AB"), 0xC0AA0210); /* RECORDER_LOCKED */
    assert_hr(drive_lock_owner(drive, name, &by_other), S_OK);
    assert_string_equal(name, "Somebody");
    assert_true(by_other);
    script_host(&mounted);
    assert_hr(drive_lock_acquire(drive, false, "AB"), 0x80070005); /* E_ACCESSDENIED */
    assert_hr(drive_lock_acquire(drive, true, "AB"), S_OK);
    assert_hr(drive_lock_release(drive), S_OK);
    drive_unref(drive);
    script_end();
}

static void a_page_lock_that_no_program_of_the_host_holds_is_taken_away(void **state)
{
    static const struct line lines[] = {
        {STATE, .in = LOCKED_PAGE("01")},
        {STATE, .in = LOCKED_PAGE("01")},
        {STATE, .in = LOCKED_PAGE("01")},
        {SELECT, .out = UNLOCK, .out_len = 80},
    };
    char name[EXCLUSIVE_NAME_SIZE];
    struct host host = {.held = ""};
    bool by_other = true;
    struct drive *drive;

    (void)state;
    SCRIPT(lines, 1, 65536);
    script_host(&host);
    drive = script_drive(true);
    assert_hr(drive_lock_owner(drive, name, &by_other), S_OK);
    assert_string_equal(name, "");
    assert_false(by_other);
    assert_string_equal(host.held, "");
    drive_unref(drive);
    script_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_asks_who_it_is_and_clears_the_attentions),
        cmocka_unit_test(a_drive_that_cannot_say_whether_it_has_the_extension_is_not_opened),
        cmocka_unit_test(only_a_drive_that_has_no_next_track_is_full),
        cmocka_unit_test(a_drive_that_somebody_holds_opens_as_well),
        cmocka_unit_test(a_drive_without_get_configuration_has_no_extension),
        cmocka_unit_test(what_is_no_cd_drive_does_not_open),
        cmocka_unit_test(each_result_of_the_transport_has_its_hresult),
        cmocka_unit_test(unit_attentions_are_repeated_but_not_for_ever),
        cmocka_unit_test(busy_status_is_repeated),
        cmocka_unit_test(not_yet_is_repeated_with_patience_only),
        cmocka_unit_test(a_reservation_conflict_is_locked_at_once),
        cmocka_unit_test(a_recovered_error_is_a_success_with_its_data),
        cmocka_unit_test(each_sense_has_its_hresult),
        cmocka_unit_test(other_statuses_and_short_sense),
        cmocka_unit_test(one_lock_and_one_unlock_however_often_it_is_acquired),
        cmocka_unit_test(force_is_the_flag_that_ignores_a_mounted_volume),
        cmocka_unit_test(a_refused_lock_is_not_counted),
        cmocka_unit_test(a_lock_that_an_error_hid_is_given_back),
        cmocka_unit_test(our_own_forgotten_lock_is_not_in_our_way),
        cmocka_unit_test(an_unlock_that_failed_is_tried_once_more),
        cmocka_unit_test(a_reset_that_took_the_lock_is_told_once_and_at_the_release),
        cmocka_unit_test(a_nested_acquire_takes_a_lost_lock_anew),
        cmocka_unit_test(without_the_extension_reserve_takes_its_place),
        cmocka_unit_test(on_a_host_the_host_locks_first_and_the_page_says_the_name),
        cmocka_unit_test(without_the_extension_a_host_drive_is_sent_nothing),
        cmocka_unit_test(what_is_in_the_way_on_the_host_is_told_before_the_drive_is_asked),
        cmocka_unit_test(a_page_lock_that_no_program_of_the_host_holds_is_taken_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
