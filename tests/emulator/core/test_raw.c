/* SPDX-License-Identifier: MIT */
/*
 * Raw writing: lead-in, program area and lead-out from the host, with sub-channel. Q is made here
 * and handed over as the block types have it: 1 sixteen bytes of it, 2 and 3 a bit of it a byte.
 */
#include "burn.h"

#include <stdlib.h>
#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE_SESSION "5B 00 02 00 00 00 00 00 00 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define RTI_INCOMPLETE "52 01 00 00 00 FF 00 00 24 00"
#define TOC_FULL "43 02 02 00 00 00 00 0F FF 00"

enum { LEAD_IN_START = -11634, BLOCKS_AT_ONCE = 500 };

/* A session: what its Q says. */
struct session {
    unsigned type;         /* data block type 1, 2, 3 */
    const char *points[8]; /* of the lead-in: control and ADR, POINT, MIN SEC FRAME, zero, PMSF */
    struct {
        int32_t lba;     /* from here on, 0 ends */
        uint8_t q[3];    /* control and ADR, TNO, INDEX */
        int32_t index_1; /* of the track */
    } places[8];
    int32_t lead_out;
    int32_t lead_in, pregap; /* of a later session; 0: of the first */
    int32_t mcn_at, isrc_at; /* blocks whose Q has them */
};

/* Two tracks of audio: 0 to 299; pre-gap from 300, 375 to 699, index 2 from 500; lead-out 700
 * (00:11:25) */
static const struct session two_tracks = {
    .type = 3,
    .points = {"01 A0 00 00 00 00 01 00 00", "01 A1 00 00 00 00 02 00 00",
               "01 A2 00 00 00 00 00 11 25", "01 01 00 00 00 00 00 02 00",
               "01 02 00 00 00 00 00 07 00"},
    .places = {{-150, {0x01, 0x01, 0x00}, 0},
               {0, {0x01, 0x01, 0x01}, 0},
               {300, {0x01, 0x02, 0x00}, 375},
               {375, {0x01, 0x02, 0x01}, 375},
               {500, {0x01, 0x02, 0x02}, 375},
               {700, {0x01, 0xAA, 0x01}, 700}},
    .lead_out = 700,
    .mcn_at = 99,
    .isrc_at = 449,
};

static uint8_t bcd(unsigned v)
{
    return (uint8_t)(v / 10 << 4 | v % 10);
}

static void put_msf(uint8_t *p, int32_t blocks)
{
    p[0] = bcd((unsigned)blocks / 4500);
    p[1] = bcd((unsigned)blocks / 75 % 60);
    p[2] = bcd((unsigned)blocks % 75);
}

/* x^16+x^12+x^5+1, inverted, over ten bytes */
static void put_crc(uint8_t *q)
{
    unsigned crc = 0;

    for (unsigned i = 0; i < 80; i++) {
        unsigned bit = q[i / 8] >> (7 - i % 8) & 1;

        crc = (crc << 1 ^ ((crc >> 15 & 1) ^ bit ? 0x1021u : 0)) & 0xFFFF;
    }
    q[10] = (uint8_t) ~(crc >> 8);
    q[11] = (uint8_t)~crc;
}

static int32_t lead_in_of(const struct session *s)
{
    return s->lead_in != 0 ? s->lead_in : LEAD_IN_START;
}

static int32_t pregap_of(const struct session *s)
{
    return s->pregap != 0 ? s->pregap : -150;
}

static void lead_in_q(const struct session *s, int32_t lba, uint8_t *q)
{
    unsigned points = 0;
    uint8_t point[9];

    while (points < 8 && s->points[points] != NULL)
        points++;
    from_hex(s->points[(unsigned)(lba - lead_in_of(s)) / 3 % points], point, sizeof(point));
    memset(q, 0, 12);
    q[0] = point[0];
    q[2] = point[1];
    if ((point[0] & 0x0F) == 1)
        put_msf(q + 3, lba < 0 ? lba + 450150 : lba + 150);
    else
        memcpy(q + 3, point + 2, 3);
    q[6] = point[5];
    memcpy(q + 7, point + 6, 3);
    put_crc(q);
}

static void program_q(const struct session *s, int32_t lba, uint8_t *q)
{
    unsigned i = 0;
    int32_t relative;

    /* 8765432100001; DE-ABC-01-23456: 14 15 11 12 13h in six bits each, then BCD */
    static const uint8_t mcn[] = {0x02, 0x87, 0x65, 0x43, 0x21, 0x00, 0x00, 0x10, 0x00};
    static const uint8_t isrc[] = {0x03, 0x51, 0x54, 0x52, 0x4C, 0x01, 0x23, 0x45, 0x60};

    while (i + 1 < 8 && s->places[i + 1].q[0] != 0 && s->places[i + 1].lba <= lba)
        i++;
    memset(q, 0, 12);
    memcpy(q, s->places[i].q, 3);
    relative = lba - s->places[i].index_1;
    put_msf(q + 3, relative >= 0 ? relative : -relative - 1);
    put_msf(q + 7, lba + 150);
    if (s->mcn_at != 0 && lba == s->mcn_at)
        memcpy(q, mcn, sizeof(mcn));
    if (s->isrc_at != 0 && lba == s->isrc_at)
        memcpy(q, isrc, sizeof(isrc));
    put_crc(q);
}

static size_t block_bytes(const struct session *s)
{
    return s->type == 1 ? 2368 : 2448;
}

static void put_block(const struct session *s, int32_t lba, uint8_t *block)
{
    uint8_t q[12];
    uint8_t *sub = block + 2352;

    memset(block, 0, block_bytes(s));
    if (lba < pregap_of(s))
        lead_in_q(s, lba, q);
    else
        program_q(s, lba, q);
    if (lba >= pregap_of(s) && lba < s->lead_out)
        pattern(block, lba, 2352);
    if (s->type == 1) {
        memcpy(sub, q, 10); /* the drive makes the CRC */
        return;
    }
    for (unsigned i = 0; i < 96; i++)
        sub[i] = (uint8_t)((q[i / 8] >> (7 - i % 8) & 1) << 6);
}

static struct reply *write_raw(struct harness *h, const struct session *s, int32_t lba,
                               uint32_t blocks)
{
    size_t bytes = block_bytes(s);
    uint8_t *data = malloc(blocks * bytes);
    struct reply *r;

    assert_non_null(data);
    for (uint32_t i = 0; i < blocks; i++)
        put_block(s, lba + (int32_t)i, data + i * bytes);
    r = run_data(h, ONE, cdbf("2A 00 %08X 00 %04X 00", (unsigned)lba, (unsigned)blocks), data,
                 blocks * bytes, 0);
    free(data);
    return r;
}

static void write_raw_good(struct harness *h, const struct session *s, int32_t from, int32_t to)
{
    while (from < to) {
        int32_t n = to - from < BLOCKS_AT_ONCE ? to - from : BLOCKS_AT_ONCE;

        assert_good(write_raw(h, s, from, (uint32_t)n));
        from += n;
    }
}

static struct harness *with_raw(struct vcdr_disc *disc, unsigned type)
{
    struct harness *h = harness_with(disc, false);

    clear_attention(h, ONE);
    assert_good(select_write_type(h, 3, 0, 0, type, 0));
    return h;
}

static struct harness *burnt(struct vcdr_disc *disc, const struct session *s)
{
    struct harness *h = with_raw(disc, s->type);

    write_raw_good(h, s, LEAD_IN_START, s->lead_out + 150);
    return h;
}

/* ---- a whole session ---- */

static void raw_writing_begins_with_the_lead_in(void **state)
{
    struct harness *h = with_raw(blank_disc("80min"), 3);

    (void)state;
    /* NWA FFFFD28E, NWA valid, blank */
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 2, "01 01 00 00 4F 01 00 00 00 00 FF FF D2 8E");
    assert_sense(write_raw(h, &two_tracks, -150, 1), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_good(write_raw(h, &two_tracks, LEAD_IN_START, 10));
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "FF FF D2 98");
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01"); /* blank until the program area */
    write_raw_good(h, &two_tracks, LEAD_IN_START + 10, -149);
    assert_hex_at(run(h, ONE, RDI), 2, "05 01 01 01 01");
    assert_hex_at(run(h, ONE, RTI_INCOMPLETE), 12, "FF FF FF 6B");
    harness_free(h);
}

static void the_q_of_the_lead_in_is_the_table_of_contents(void **state)
{
    struct harness *h = burnt(blank_disc("80min"), &two_tracks);

    (void)state;
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 02"); /* finalized: no B0 */
    assert_hex(run(h, ONE, TOC_FULL), "00 39 01 01"
                                      "01 10 00 A0 00 00 00 00 01 00 00"
                                      "01 10 00 A1 00 00 00 00 02 00 00"
                                      "01 10 00 A2 00 00 00 00 00 0B 19"
                                      "01 10 00 01 00 00 00 00 00 02 00"
                                      "01 10 00 02 00 00 00 00 00 07 00");
    harness_free(h);
}

static void indexes_catalogue_number_and_isrc_come_from_the_program_area(void **state)
{
    struct vcdr_disc *disc = blank_disc("80min");
    struct harness *h = burnt(disc, &two_tracks);
    struct vcdr_track track;
    int32_t lba;

    (void)state;
    assert_good(run(h, ONE, SYNC));
    assert_string_equal(vcdr_disc_info(disc)->mcn, "8765432100001");
    assert_int_equal(vcdr_disc_track(disc, 2, &track), VCDR_OK);
    assert_string_equal(track.isrc, "DEABC0123456");
    assert_int_equal(track.pregap_lba, 300);
    assert_int_equal(track.start_lba, 375);
    assert_int_equal(vcdr_disc_index(disc, 2, 2, &lba), VCDR_OK);
    assert_int_equal(lba, 500);
    harness_free(h);
}

static void an_isrc_in_a_pre_gap_is_nobodys(void **state)
{
    struct vcdr_disc *disc = blank_disc("80min");
    struct session s = two_tracks;
    struct harness *h;
    struct vcdr_track track;

    (void)state;
    s.isrc_at = 349; /* wodim puts the one of track 1 there */
    h = burnt(disc, &s);
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(vcdr_disc_track(disc, 2, &track), VCDR_OK);
    assert_string_equal(track.isrc, "");
    harness_free(h);
}

static void blocks_come_back_as_they_were_written(void **state)
{
    struct harness *h = burnt(blank_disc("80min"), &two_tracks);
    uint8_t expected[2352];
    struct reply *r;

    (void)state;
    assert_good(run(h, ONE, SYNC));
    r = run(h, ONE, "BE 04 FF FF FF 6A 00 03 52 F8 00 00"); /* -150 to 699 */
    assert_good(r);
    for (int32_t lba = -150; lba < 700; lba++) {
        pattern(expected, lba, 2352);
        assert_memory_equal(r->data + (lba + 150) * 2352, expected, 2352);
    }
    harness_free(h);
}

static void every_block_type_has_the_same_session(void **state)
{
    (void)state;
    for (unsigned type = 1; type <= 3; type++) {
        struct vcdr_disc *disc = blank_disc("80min");
        struct session s = two_tracks;
        struct harness *h;
        uint8_t q[12], expected[12];

        s.type = type;
        h = burnt(disc, &s);
        assert_good(run(h, ONE, SYNC));
        for (int32_t lba = -150; lba < 700; lba++) {
            program_q(&s, lba, expected);
            assert_int_equal(vcdr_disc_read_q(disc, lba, q), VCDR_OK);
            assert_memory_equal(q, expected, sizeof(q));
        }
        assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 02");
        harness_free(h);
    }
}

static void a_pointer_to_a_next_session_leaves_the_disc_appendable(void **state)
{
    struct session s = two_tracks;
    struct harness *h;

    (void)state;
    s.points[5] = "05 B0 02 41 25 01 79 59 74"; /* 700 + 11250 */
    h = burnt(blank_disc("80min"), &s);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "01 01 02 03 03");
    harness_free(h);
}

static void a_later_session_is_written_raw_too(void **state)
{
    /* behind 300 blocks of track-at-once: lead-out 302, lead-in 7052, pre-gap 11552 (02:36:02),
     * track 2 from 11702 (02:38:02) to 12001, lead-out 12002 (02:42:02) */
    static const struct session second = {
        .type = 3,
        .points = {"01 A0 00 00 00 00 02 00 00", "01 A1 00 00 00 00 02 00 00",
                   "01 A2 00 00 00 00 02 42 02", "01 02 00 00 00 00 02 38 02",
                   "05 B0 FF FF FF 01 79 59 74"},
        .places = {{11552, {0x01, 0x02, 0x00}, 11702},
                   {11702, {0x01, 0x02, 0x01}, 11702},
                   {12002, {0x01, 0xAA, 0x01}, 12002}},
        .lead_out = 12002,
        .lead_in = 7052,
        .pregap = 11552,
    };
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    close_session(h, 3);
    assert_good(select_write_type(h, 3, 0, 0, 3, 0));
    assert_int_equal(next_address(h), 7052);
    write_raw_good(h, &second, 7052, 12002 + 150);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 02 02 02");
    /* from session 2 on: A0, A1, A2, track 2, B0 FF:FF:FF */
    assert_hex(run(h, ONE, "43 02 02 00 00 00 02 0F FF 00"), "00 39 01 02"
                                                             "02 10 00 A0 00 00 00 00 02 00 00"
                                                             "02 10 00 A1 00 00 00 00 02 00 00"
                                                             "02 10 00 A2 00 00 00 00 02 2A 02"
                                                             "02 10 00 02 00 00 00 00 02 26 02"
                                                             "02 50 00 B0 FF FF FF 01 4F 3B 4A");
    harness_free(h);
}

static void close_session_behind_the_lead_out_ends_it_too(void **state)
{
    struct harness *h = burnt(blank_disc("80min"), &two_tracks);

    (void)state;
    assert_good(run(h, ONE, CLOSE_SESSION));
    assert_hex_at(run(h, ONE, RDI), 2, "0E 01 01 01 02");
    harness_free(h);
}

static void the_record_has_the_tracks_at_the_end(void **state)
{
    struct harness *h = burnt(blank_disc("80min"), &two_tracks);

    (void)state;
    assert_int_equal(count_events(h, "track-opened"), 0); /* nobody knows before */
    assert_good(run(h, ONE, SYNC));
    assert_int_equal(count_events(h, "track-opened"), 2);
    assert_int_equal(count_events(h, "track-closed"), 2);
    assert_int_equal(count_events(h, "session-closed"), 1);
    assert_string_equal(member(last_event(h, "write-state"), "to"), "idle");
    harness_free(h);
}

static void cd_text_comes_from_the_lead_in(void **state)
{
    struct harness *h = with_raw(blank_disc("80min"), 3);
    /* 80 00 00 00 41 00 ...: in six bits 20 00 00 00 00 00 10 10 ... */
    static const uint8_t rw[24] = {0x20, 0x00, 0x00, 0x00, 0x00, 0x04, 0x04, 0x00};
    uint8_t *block = malloc(2448);

    (void)state;
    assert_non_null(block);
    put_block(&two_tracks, LEAD_IN_START, block);
    for (unsigned i = 0; i < 24; i++)
        block[2352 + i] |= rw[i];
    assert_good(run_data(h, ONE, "2A 00 FF FF D2 8E 00 00 01 00", block, 2448, 0));
    write_raw_good(h, &two_tracks, LEAD_IN_START + 1, 700 + 150);
    assert_good(run(h, ONE, SYNC));
    assert_hex(run(h, ONE, "43 00 05 00 00 00 00 FF FF 00"),
               "00 14 00 00 80 00 00 00 41 00 00 00 00 00 00 00 00 00 00 00 00 00");
    free(block);
    harness_free(h);
}

/* ---- what is missing, what does not agree ---- */

static void assert_damaged_by(struct harness *h, const char *why)
{
    if (run(h, ONE, SYNC)->sense != SENSE_SESSION_FIXATION_ERROR)
        fail_msg("status %02X, %06X: %s", h->reply.status, (unsigned)h->reply.sense, why);
    assert_hex_at(run(h, ONE, RDI), 2, "09 01 01 01 01");
    assert_int_equal(count_events(h, "session-damaged"), 1);
    assert_int_equal(count_events(h, "track-opened"), 0);
    harness_free(h);
}

static void a_session_that_is_not_whole_is_damaged(void **state)
{
    struct harness *h = with_raw(blank_disc("80min"), 3);

    (void)state;
    assert_good(write_raw(h, &two_tracks, LEAD_IN_START, 10));
    assert_damaged_by(h, "in its lead-in");

    h = with_raw(blank_disc("80min"), 3);
    write_raw_good(h, &two_tracks, LEAD_IN_START, 400);
    assert_sense(run(h, ONE, CLOSE_SESSION), SENSE_COMMAND_SEQUENCE_ERROR);
    assert_damaged_by(h, "in its program area");

    h = with_raw(blank_disc("80min"), 3);
    write_raw_good(h, &two_tracks, LEAD_IN_START, 700);
    assert_damaged_by(h, "without a lead-out");
}

static void a_session_that_contradicts_itself_is_damaged(void **state)
{
    struct session s = two_tracks;

    (void)state;
    s.points[2] = NULL; /* and so nothing behind it */
    assert_damaged_by(burnt(blank_disc("80min"), &s), "a TOC without lead-out and tracks");
    s = two_tracks;
    s.points[4] = NULL;
    assert_damaged_by(burnt(blank_disc("80min"), &s), "a TOC without track 2");
    s = two_tracks;
    s.points[1] = "01 A1 00 00 00 00 03 00 00";
    assert_damaged_by(burnt(blank_disc("80min"), &s), "a last track that is none");
    s = two_tracks;
    s.points[4] = "01 02 00 00 00 00 00 07 10";
    assert_damaged_by(burnt(blank_disc("80min"), &s), "track 2 elsewhere");
    s = two_tracks;
    s.points[4] = "41 02 00 00 00 00 00 07 00";
    assert_damaged_by(burnt(blank_disc("80min"), &s), "data in the TOC, audio in the program");
    s = two_tracks;
    s.places[1].q[1] = 0x03;
    assert_damaged_by(burnt(blank_disc("80min"), &s), "a track that the TOC does not know");
}

static void a_pre_gap_of_another_kind_does_no_harm(void **state)
{
    struct session s = two_tracks;
    struct harness *h;

    (void)state;
    s.places[0].q[0] = 0x41; /* wodim -clone writes it as data before an audio disc */
    h = burnt(blank_disc("80min"), &s);
    assert_good(run(h, ONE, SYNC));
    assert_hex_at(run(h, ONE, TOC_FULL), 4 + 3 * 11, "01 10 00 01 00 00 00 00 00 02 00");
    harness_free(h);
}

static void a_block_has_the_bytes_of_its_type(void **state)
{
    struct harness *h = with_raw(blank_disc("80min"), 1);

    (void)state;
    assert_sense(write_raw(h, &two_tracks, LEAD_IN_START, 1), SENSE_INVALID_FIELD_IN_CDB);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raw_writing_begins_with_the_lead_in),
        cmocka_unit_test(the_q_of_the_lead_in_is_the_table_of_contents),
        cmocka_unit_test(indexes_catalogue_number_and_isrc_come_from_the_program_area),
        cmocka_unit_test(an_isrc_in_a_pre_gap_is_nobodys),
        cmocka_unit_test(blocks_come_back_as_they_were_written),
        cmocka_unit_test(every_block_type_has_the_same_session),
        cmocka_unit_test(a_pointer_to_a_next_session_leaves_the_disc_appendable),
        cmocka_unit_test(a_later_session_is_written_raw_too),
        cmocka_unit_test(close_session_behind_the_lead_out_ends_it_too),
        cmocka_unit_test(the_record_has_the_tracks_at_the_end),
        cmocka_unit_test(cd_text_comes_from_the_lead_in),
        cmocka_unit_test(a_session_that_is_not_whole_is_damaged),
        cmocka_unit_test(a_session_that_contradicts_itself_is_damaged),
        cmocka_unit_test(a_pre_gap_of_another_kind_does_no_harm),
        cmocka_unit_test(a_block_has_the_bytes_of_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
