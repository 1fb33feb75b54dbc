/* SPDX-License-Identifier: MIT */
/* What the fields of each reply mean. */
#include "hex.h"
#include "replies.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"

static void inquiry_names_the_drive_without_its_padding(void **state)
{
    struct bytes r = hex(reply_inquiry);
    struct mmc_inquiry i;

    (void)state;
    assert_int_equal(mmc_inquiry_parse(r.data, r.len, &i), MMC_OK);
    assert_int_equal(i.qualifier, 0);
    assert_int_equal(i.device_type, MMC_DEVICE_TYPE_CD);
    assert_true(i.removable);
    assert_int_equal(i.version, 5);
    assert_int_equal(i.total, 36);
    assert_string_equal(i.vendor, "VCDR");
    assert_string_equal(i.product, "CD-R RECORDER");
    assert_string_equal(i.revision, "0.1");
    r.data[4] = 0x1E; /* announces 35 bytes */
    assert_int_equal(mmc_inquiry_parse(r.data, r.len, &i), MMC_SHORT);
    hex_free(r);
}

static void a_serial_number_loses_its_padding_and_needs_its_room(void **state)
{
    struct bytes r = hex(reply_serial);
    char text[16], tight[8];

    (void)state;
    assert_int_equal(mmc_vpd_serial(r.data, r.len, text, sizeof(text)), MMC_OK);
    assert_string_equal(text, "VCDR0001");
    assert_int_equal(mmc_vpd_serial(r.data, r.len, tight, sizeof(tight)), MMC_NO_ROOM);
    r.data[1] = 0x83;
    assert_int_equal(mmc_vpd_serial(r.data, r.len, text, sizeof(text)), MMC_CONTRADICTORY);
    hex_free(r);
}

static void vpd_pages_are_looked_up(void **state)
{
    struct bytes r = hex("05 00 00 03 00 80 83");

    (void)state;
    assert_int_equal(mmc_vpd_supports(r.data, r.len, MMC_VPD_SERIAL), MMC_OK);
    assert_int_equal(mmc_vpd_supports(r.data, r.len, 0x85), MMC_ABSENT);
    hex_free(r);
}

static void fixed_sense_has_code_address_and_field(void **state)
{
    struct mmc_sense s;
    /* valid, MEDIUM ERROR 11/05 at 01020304h */
    struct bytes medium = hex("F0 00 03 01 02 03 04 0A 00 00 00 00 11 05 00 00 00 00");
    /* ILLEGAL REQUEST 24/00, byte 8 of the CDB */
    struct bytes field = hex("70 00 05 00 00 00 00 0A 00 00 00 00 24 00 00 C0 00 08");
    /* deferred, NOT READY 04/08, progress 8000h */
    struct bytes busy = hex("71 00 02 00 00 00 00 0A 00 00 00 00 04 08 00 80 80 00");

    (void)state;
    assert_int_equal(mmc_sense_parse(medium.data, medium.len, &s), MMC_OK);
    assert_int_equal(s.code, SENSE_L_EC_UNCORRECTABLE);
    assert_true(s.has_information && !s.deferred && !s.has_field && !s.has_progress);
    assert_int_equal(s.information, 0x01020304);
    assert_int_equal(mmc_sense_parse(field.data, field.len, &s), MMC_OK);
    assert_int_equal(s.code, SENSE_INVALID_FIELD_IN_CDB);
    assert_true(s.has_field && s.field_in_cdb && !s.has_information);
    assert_int_equal(s.field, 8);
    assert_int_equal(mmc_sense_parse(busy.data, busy.len, &s), MMC_OK);
    assert_int_equal(s.code, SENSE_NOT_READY_LONG_WRITE);
    assert_true(s.deferred && s.has_progress);
    assert_int_equal(s.progress, 0x8000);
    hex_free(medium);
    hex_free(field);
    hex_free(busy);
}

static void sense_ends_where_its_additional_length_says(void **state)
{
    struct mmc_sense s;
    struct bytes r = hex("70 00 05 00 00 00 00 00 00 00 00 00 24 00 00 C0 00 08");

    (void)state;
    assert_int_equal(mmc_sense_parse(r.data, r.len, &s), MMC_OK);
    assert_int_equal(s.code, 0x050000);
    assert_false(s.has_field);
    hex_free(r);
}

static void descriptor_sense_says_the_same(void **state)
{
    struct mmc_sense s;
    /* MEDIUM ERROR 11/05; information 01020304h; key specific: not for this key */
    struct bytes r = hex("72 03 11 05 00 00 00 14"
                         "00 0A 80 00 00 00 00 00 01 02 03 04"
                         "02 06 00 00 C0 00 08 00");

    (void)state;
    assert_int_equal(mmc_sense_parse(r.data, r.len, &s), MMC_OK);
    assert_int_equal(s.code, SENSE_L_EC_UNCORRECTABLE);
    assert_true(s.has_information);
    assert_int_equal(s.information, 0x01020304);
    assert_false(s.has_field);
    r.data[0] = 0x7F; /* vendor specific */
    assert_int_equal(mmc_sense_parse(r.data, r.len, &s), MMC_CONTRADICTORY);
    hex_free(r);
}

static void sense_is_told_in_words(void **state)
{
    (void)state;
    assert_string_equal(mmc_sense_key_text(5), "ILLEGAL REQUEST");
    assert_string_equal(mmc_sense_text(SENSE_MEDIUM_REMOVAL_PREVENTED), "MEDIUM REMOVAL PREVENTED");
    assert_null(mmc_sense_text(0x05FF01));
}

static void features_are_walked_and_found(void **state)
{
    static const uint16_t codes[] = {0x0000, 0x0001, 0x0003, 0x002D, 0x0107, 0x0108, 0xFF56};
    struct bytes r = hex(reply_configuration);
    struct mmc_configuration_header header;
    struct mmc_feature f;
    size_t offset = 0;

    (void)state;
    assert_int_equal(mmc_configuration_header(r.data, 8, &header), MMC_OK);
    assert_int_equal(header.total, r.len);
    assert_int_equal(header.profile, PROFILE_CD_R);
    for (unsigned i = 0; i < 7; i++) {
        assert_int_equal(mmc_feature_next(r.data, r.len, &offset, &f), MMC_OK);
        assert_int_equal(f.code, codes[i]);
    }
    assert_int_equal(mmc_feature_next(r.data, r.len, &offset, &f), MMC_ABSENT);
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_CORE, &f), MMC_OK);
    assert_int_equal(f.version, 2);
    assert_int_equal(f.len, 8);
    assert_true(f.persistent && f.current);
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_CD_TRACK_AT_ONCE, &f), MMC_OK);
    assert_true(!f.persistent && f.current);
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_CD_MASTERING, &f), MMC_ABSENT);
    hex_free(r);
}

static void features_say_what_the_drive_can(void **state)
{
    struct bytes r = hex(reply_configuration);
    struct mmc_feature f;
    struct mmc_profile profiles[2];
    struct mmc_removable_medium removable;
    struct mmc_track_at_once tao;
    struct mmc_real_time_streaming streaming;
    size_t count;

    (void)state;
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_PROFILE_LIST, &f), MMC_OK);
    assert_int_equal(mmc_profiles(&f, profiles, 1, &count), MMC_NO_ROOM);
    assert_int_equal(mmc_profiles(&f, profiles, 2, &count), MMC_OK);
    assert_int_equal(count, 2);
    assert_true(profiles[0].profile == PROFILE_CD_R && profiles[0].current);
    assert_true(profiles[1].profile == PROFILE_CD_ROM && !profiles[1].current);
    assert_int_equal(mmc_removable_medium(&f, &removable), MMC_CONTRADICTORY);
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_REMOVABLE_MEDIUM, &f), MMC_OK);
    assert_int_equal(mmc_removable_medium(&f, &removable), MMC_OK);
    assert_int_equal(removable.mechanism, 1);
    assert_true(removable.can_load && removable.can_eject && removable.can_lock);
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_CD_TRACK_AT_ONCE, &f), MMC_OK);
    assert_int_equal(mmc_track_at_once(&f, &tao), MMC_OK);
    assert_true(tao.buffer_underrun_free && tao.test_write && !tao.cd_rw && !tao.r_w_sub_code);
    assert_int_equal(tao.block_types, 0x2501); /* 0, 8, 10, 13 */
    assert_int_equal(mmc_feature_find(r.data, r.len, FEATURE_REAL_TIME_STREAMING, &f), MMC_OK);
    assert_int_equal(mmc_real_time_streaming(&f, &streaming), MMC_OK);
    assert_true(streaming.read_buffer_capacity && streaming.set_cd_speed &&
                streaming.page_2a_speeds && streaming.write_speed_performance &&
                !streaming.stream_writing);
    hex_free(r);
}

static void a_feature_beyond_the_end_is_a_contradiction(void **state)
{
    struct bytes r = hex("00 00 00 08 00 00 00 09  00 01 03 08");
    struct mmc_feature f;
    size_t offset = 0;

    (void)state;
    assert_int_equal(mmc_feature_next(r.data, r.len, &offset, &f), MMC_CONTRADICTORY);
    hex_free(r);
}

static void a_blank_disc_has_one_empty_session_and_its_capacity(void **state)
{
    struct bytes r = hex(reply_disc_blank);
    struct mmc_disc_information d;

    (void)state;
    assert_int_equal(mmc_disc_information_parse(r.data, r.len, &d), MMC_OK);
    assert_int_equal(d.status, MMC_DISC_EMPTY);
    assert_int_equal(d.last_session, MMC_SESSION_EMPTY);
    assert_false(d.erasable);
    assert_int_equal(d.sessions, 1);
    assert_int_equal(d.first_track_last_session, 1);
    assert_int_equal(d.last_track_last_session, 1);
    assert_int_equal(d.disc_type, 0xFF);
    assert_true(d.has_last_lead_in && d.has_last_lead_out && !d.has_identification);
    assert_int_equal(d.last_lead_in_lba, -11634);
    assert_int_equal(d.last_lead_out_lba, 359849);
    hex_free(r);
}

static void a_finalized_disc_has_no_times(void **state)
{
    struct bytes r = hex(reply_disc_finalized);
    struct mmc_disc_information d;

    (void)state;
    assert_int_equal(mmc_disc_information_parse(r.data, r.len, &d), MMC_OK);
    assert_int_equal(d.status, MMC_DISC_COMPLETE);
    assert_int_equal(d.last_session, MMC_SESSION_COMPLETE);
    assert_int_equal(d.sessions, 2);
    assert_int_equal(d.first_track_last_session, 3);
    assert_int_equal(d.last_track_last_session, 4);
    assert_true(d.has_identification && !d.has_last_lead_in && !d.has_last_lead_out);
    assert_int_equal(d.identification, 0x12345678);
    hex_free(r);
}

static void disc_information_that_contradicts_itself_is_refused(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } lies[] = {
        {2, 0x20}, /* another data type */
        {4, 0},    /* no session */
        {6, 0},    /* last track before the first */
        {22, 60},  /* sixty seconds */
    };
    struct mmc_disc_information d;

    (void)state;
    for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct bytes r = hex(reply_disc_blank);

        r.data[lies[i].at] = lies[i].value;
        assert_int_equal(mmc_disc_information_parse(r.data, r.len, &d), MMC_CONTRADICTORY);
        hex_free(r);
    }
}

static void an_invisible_track_tells_where_to_write(void **state)
{
    struct bytes r = hex(reply_track_invisible);
    struct mmc_track_information t;

    (void)state;
    assert_int_equal(mmc_track_information_parse(r.data, r.len, &t), MMC_OK);
    assert_int_equal(t.track, 2);
    assert_int_equal(t.session, 1);
    assert_true(t.blank && !t.reserved && !t.packet && !t.damaged);
    assert_int_equal(t.data_mode, 0xF);
    assert_int_equal(t.start_lba, 452);
    assert_true(t.has_next_writable && !t.has_last_recorded);
    assert_int_equal(t.next_writable_lba, 452);
    assert_int_equal(t.free_blocks, 359308);
    assert_int_equal(t.blocks, 359308);
    r.data[12] = r.data[13] = r.data[14] = 0xFF; /* NWA FFFFFF6A: the pre-gap */
    r.data[15] = 0x6A;
    assert_int_equal(mmc_track_information_parse(r.data, r.len, &t), MMC_OK);
    assert_int_equal(t.next_writable_lba, -150);
    hex_free(r);
}

static void a_complete_track_tells_what_is_on_it(void **state)
{
    struct bytes r = hex(reply_track_complete);
    struct mmc_track_information t;

    (void)state;
    assert_int_equal(mmc_track_information_parse(r.data, r.len, &t), MMC_OK);
    assert_int_equal(t.control, CONTROL_DATA);
    assert_int_equal(t.data_mode, 1);
    assert_int_equal(t.blocks, 302);
    assert_true(t.has_last_recorded && !t.has_next_writable && !t.blank);
    assert_int_equal(t.last_recorded_lba, 299);
    hex_free(r);
}

static void an_older_drives_track_information_is_shorter(void **state)
{
    struct bytes whole = hex(reply_track_complete);
    struct bytes r = hex_cut(whole, 28);
    struct mmc_track_information t;

    (void)state;
    r.data[1] = 0x1A; /* announces 28 */
    assert_int_equal(mmc_track_information_parse(r.data, r.len, &t), MMC_OK);
    assert_int_equal(t.blocks, 302);
    assert_false(t.has_last_recorded);
    hex_free(r);
    hex_free(whole);
}

static void capacity_buffer_and_mechanism(void **state)
{
    struct bytes capacity = hex("00 00 01 2B 00 00 08 00");
    struct bytes buffer = hex("00 0A 00 00 00 20 00 00 00 1F 80 00");
    struct bytes mechanism = hex("80 F0 00 00 00 01 00 00");
    struct mmc_capacity c;
    struct mmc_buffer_capacity b;
    struct mmc_mechanism_status m;

    (void)state;
    assert_int_equal(mmc_capacity_parse(capacity.data, capacity.len, &c), MMC_OK);
    assert_int_equal(c.last_lba, 299);
    assert_int_equal(c.block_bytes, 2048);
    assert_int_equal(mmc_buffer_capacity_parse(buffer.data, buffer.len, &b), MMC_OK);
    assert_int_equal(b.total_bytes, 0x200000);
    assert_int_equal(b.free, 0x1F8000);
    assert_false(b.in_blocks);
    buffer.data[9] = 0x21; /* more free than there is */
    assert_int_equal(mmc_buffer_capacity_parse(buffer.data, buffer.len, &b), MMC_CONTRADICTORY);
    assert_int_equal(mmc_mechanism_status_parse(mechanism.data, mechanism.len, &m), MMC_OK);
    assert_true(m.fault && m.door_open);
    assert_int_equal(m.state, 7);
    hex_free(capacity);
    hex_free(buffer);
    hex_free(mechanism);
}

static void a_media_event_tells_presence(void **state)
{
    struct bytes r = hex("00 06 04 5E 02 02 00 00"); /* media class, new media, present */
    struct bytes none = hex("00 02 80 5E");          /* NEA */
    struct mmc_event e;

    (void)state;
    assert_int_equal(mmc_event_parse(r.data, r.len, &e), MMC_OK);
    assert_int_equal(e.notification_class, 4);
    assert_int_equal(e.code, MMC_MEDIA_NEW);
    assert_true(e.medium_present && !e.tray_open && !e.none_available);
    assert_int_equal(e.supported, 0x5E);
    assert_int_equal(mmc_event_parse(none.data, none.len, &e), MMC_OK);
    assert_true(e.none_available);
    hex_free(r);
    hex_free(none);
}

static void write_speeds_by_performance(void **state)
{
    struct bytes r = hex(reply_performance);
    struct mmc_performance_speed s;
    size_t count;

    (void)state;
    assert_int_equal(mmc_performance_count(r.data, 8, &count), MMC_OK); /* the header is enough */
    assert_int_equal(count, 2);
    assert_int_equal(mmc_performance_speed(r.data, r.len, 0, &s), MMC_OK);
    assert_true(s.exact && s.rotation == 0);
    assert_int_equal(s.end_lba, 359848);
    assert_int_equal(s.write_kb_s, 7056);
    assert_int_equal(s.read_kb_s, 8467);
    assert_int_equal(mmc_performance_speed(r.data, r.len, 1, &s), MMC_OK);
    assert_int_equal(s.rotation, 1);
    assert_int_equal(s.write_kb_s, 4234);
    assert_int_equal(mmc_performance_speed(r.data, r.len, 2, &s), MMC_ABSENT);
    assert_int_equal(mmc_performance_speed(r.data, 24, 1, &s), MMC_SHORT);
    r.data[4] = 0x02; /* the Write bit belongs to type 00h */
    assert_int_equal(mmc_performance_count(r.data, r.len, &count), MMC_CONTRADICTORY);
    hex_free(r);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(inquiry_names_the_drive_without_its_padding),
        cmocka_unit_test(a_serial_number_loses_its_padding_and_needs_its_room),
        cmocka_unit_test(vpd_pages_are_looked_up),
        cmocka_unit_test(fixed_sense_has_code_address_and_field),
        cmocka_unit_test(sense_ends_where_its_additional_length_says),
        cmocka_unit_test(descriptor_sense_says_the_same),
        cmocka_unit_test(sense_is_told_in_words),
        cmocka_unit_test(features_are_walked_and_found),
        cmocka_unit_test(features_say_what_the_drive_can),
        cmocka_unit_test(a_feature_beyond_the_end_is_a_contradiction),
        cmocka_unit_test(a_blank_disc_has_one_empty_session_and_its_capacity),
        cmocka_unit_test(a_finalized_disc_has_no_times),
        cmocka_unit_test(disc_information_that_contradicts_itself_is_refused),
        cmocka_unit_test(an_invisible_track_tells_where_to_write),
        cmocka_unit_test(a_complete_track_tells_what_is_on_it),
        cmocka_unit_test(an_older_drives_track_information_is_shorter),
        cmocka_unit_test(capacity_buffer_and_mechanism),
        cmocka_unit_test(a_media_event_tells_presence),
        cmocka_unit_test(write_speeds_by_performance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
