/* SPDX-License-Identifier: MIT */
/* CD-Text: the lead-in that a host writes in session-at-once, and READ TOC format 5. */
#include "burn.h"

#include <string.h>

#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define RDI "51 00 00 00 00 00 00 00 22 00"
#define READ_CD_TEXT "43 00 05 00 00 00 00 FF FF 00"
#define RTI_INCOMPLETE "52 01 00 00 00 FF 00 00 24 00"

/* The lead-in's R-W from the host (41h), one audio track of 300 blocks */
#define SHEET                                                                                      \
    "01 00 00 41 00 00 00 00 01 01 00 00 00 00 00 00 01 01 01 00 00 00 02 00 "                     \
    "01 AA 01 01 00 00 06 00 "
#define LEAD_IN_START (-11634) /* 97:26:66, FFFFD28Eh */

/* "Disc", "One" as titles; track 0 and 1; block 0, sequences 0 to 2: 8F gives the sizes. The CRC of
 * the last is right, the others have none. */
static const char *const packs[] = {
    "80 00 00 00 44 69 73 63 00 4F 6E 65 00 00 00 00 00 00",
    "81 00 01 00 41 6E 6E 61 00 00 00 00 00 00 00 00 00 00",
    "8F 00 02 00 00 01 01 00 01 01 00 00 00 00 00 00 00 00",
};
enum { PACKS = sizeof(packs) / sizeof(packs[0]) };

/* 18 bytes as 24 values of six bits, the high ones first. */
static void put_pack(uint8_t *rw, const uint8_t *pack)
{
    for (unsigned i = 0; i < 6; i++, pack += 3, rw += 4) {
        rw[0] = pack[0] >> 2;
        rw[1] = (uint8_t)((pack[0] & 0x03) << 4 | pack[1] >> 4);
        rw[2] = (uint8_t)((pack[1] & 0x0F) << 2 | pack[2] >> 6);
        rw[3] = pack[2] & 0x3F;
    }
}

/* Lead-in blocks from `lba` on: the packs again and again. Bits 7-6 are P and Q, which the drive
 * makes. */
static struct reply *write_lead_in(struct harness *h, int32_t lba, uint32_t blocks)
{
    static uint8_t data[12000 * 96];
    uint8_t pack[18];

    for (uint32_t i = 0; i < blocks * 4; i++) {
        from_hex(packs[i % PACKS], pack, sizeof(pack));
        put_pack(data + i * 24, pack);
        data[i * 24] |= 0xC0;
    }
    return run_data(h, ONE, cdbf("2A 00 %08X 00 %04X 00", (unsigned)lba, (unsigned)blocks), data,
                    blocks * 96, 0);
}

static struct harness *announced(void)
{
    struct harness *h = harness_ready("80min");

    assert_good(select_write_type(h, 2, 0, 0, 3, 0)); /* data block type 3, as cdrdao has it */
    assert_good(send_cue(h, SHEET));
    return h;
}

static void the_lead_in_is_written_first_in_blocks_of_96_bytes(void **state)
{
    struct harness *h = announced();

    (void)state;
    assert_int_equal(next_address(h), LEAD_IN_START);
    assert_sense(write_once(h, -150, 1, 2352), SENSE_INVALID_ADDRESS_FOR_WRITE);
    assert_sense(write_once(h, LEAD_IN_START, 1, 2352), SENSE_INVALID_FIELD_IN_CDB);
    assert_good(write_lead_in(h, LEAD_IN_START, 11400));
    assert_hex_at(run(h, ONE, RDI), 2, "00 01 01 01 01"); /* blank until it is whole */
    assert_sense(write_lead_in(h, -234, 85), SENSE_ILLEGAL_MODE_FOR_THIS_TRACK);
    assert_good(write_lead_in(h, -234, 84));
    assert_int_equal(next_address(h), -150);
    write_good(h, -150, 450, 2352);
    assert_hex_at(run(h, ONE, RDI), 2, "05");
    assert_good(run(h, ONE, SYNC));
    harness_free(h);
}

static void each_pack_comes_back_once(void **state)
{
    struct harness *h = announced();

    (void)state;
    assert_good(write_lead_in(h, LEAD_IN_START, 11484));
    write_good(h, -150, 450, 2352);
    assert_sense(run(h, ONE, READ_CD_TEXT), SENSE_INVALID_FIELD_IN_CDB); /* no session yet */
    assert_good(run(h, ONE, SYNC));
    assert_hex(run(h, ONE, READ_CD_TEXT), "00 38 00 00"
                                          "80 00 00 00 44 69 73 63 00 4F 6E 65 00 00 00 00 00 00"
                                          "81 00 01 00 41 6E 6E 61 00 00 00 00 00 00 00 00 00 00"
                                          "8F 00 02 00 00 01 01 00 01 01 00 00 00 00 00 00 00 00");
    /* the length is the whole, whatever is sent */
    assert_hex(run(h, ONE, "43 00 05 00 00 00 00 00 04 00"), "00 38 00 00");
    harness_free(h);
}

static void a_disc_without_cd_text_has_the_header_alone(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    burn_audio(h, 300);
    close_session(h, 0);
    assert_hex(run(h, ONE, READ_CD_TEXT), "00 02 00 00");
    harness_free(h);
}

static void the_drive_claims_cd_text(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* 001Eh: CD-Text; 002Eh: R-W */
    assert_int_equal(run(h, ONE, "46 02 00 1E 00 00 00 00 10 00")->data[12] & 0x01, 0x01);
    assert_int_equal(run(h, ONE, "46 02 00 2E 00 00 00 00 10 00")->data[12] & 0x01, 0x01);
    harness_free(h);
}

static void all_places_agree_where_the_lead_in_begins(void **state)
{
    struct harness *h = announced();

    (void)state;
    assert_hex_at(run(h, ONE, RDI), 16, "00 61 1A 42");
    assert_hex_at(run(h, ONE, "43 00 04 00 00 00 00 00 1C 00"), 8, "61 1A 42"); /* ATIP */
    assert_int_equal(next_address(h), LEAD_IN_START);
    assert_good(select_write_type(h, 3, 0, 0, 3, 0)); /* raw: the sheet is gone */
    assert_int_equal(next_address(h), LEAD_IN_START);
    harness_free(h);
}

static void a_lead_in_that_is_cut_off_damages_the_session(void **state)
{
    struct harness *h = announced();

    (void)state;
    assert_good(write_lead_in(h, LEAD_IN_START, 100));
    assert_sense(run(h, ONE, SYNC), SENSE_SESSION_FIXATION_ERROR);
    assert_hex_at(run(h, ONE, RDI), 2, "09 01 01 01 01");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lead_in_is_written_first_in_blocks_of_96_bytes),
        cmocka_unit_test(each_pack_comes_back_once),
        cmocka_unit_test(a_disc_without_cd_text_has_the_header_alone),
        cmocka_unit_test(the_drive_claims_cd_text),
        cmocka_unit_test(all_places_agree_where_the_lead_in_begins),
        cmocka_unit_test(a_lead_in_that_is_cut_off_damages_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
