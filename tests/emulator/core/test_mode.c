/* SPDX-License-Identifier: MIT */
/* Mode pages byte by byte, and what MODE SELECT takes and refuses. */
#include "harness.h"

#include <stdio.h>
#include <string.h>

#define TUR "00 00 00 00 00 00"
#define ZERO8 "00 00 00 00 00 00 00 00"

struct image {
    const char *code, *current, *changeable, *defaults;
};

/* Speeds 48, 32, 24, 16, 8, 4, 2 and 1 times 176.4 kB/s: 2113h 160Dh 108Ah 0B06h 0583h 02C2h 0161h
 * 00B0h; as write descriptors {0, rotation, speed}. */
#define DESCRIPTORS                                                                                \
    "00 00 21 13 00 00 16 0D 00 00 10 8A 00 00 0B 06 00 00 05 83 00 00 02 C2 00 00 01 61 00 00 "   \
    "00 B0"
/* length 3Eh; reads CD-R, CD-RW; writes CD-R; BUF, multi-session, forms 2 and 1; CD-DA accurate;
 * tray, eject, lock; 48x; volume levels 0; 2048 KiB; 48x; 48x write, max and current; rotation 0;
 * 48x selected; 8 descriptors */
#define CAPABILITIES                                                                               \
    "2A 3E 07 07 F0 7F 29 00 21 13 00 00 08 00 21 13 00 00 21 13 21 13 00 00 00 00 00 00"          \
    "21 13 00 08" DESCRIPTORS

static const struct image images[] = {
    {"01", "01 0A 00 01 00 00 00 00 01 00 00 00", "01 0A 37 FF 00 00 00 00 FF 00 00 00",
     "01 0A 00 01 00 00 00 00 01 00 00 00"},
    {"05",
     /* BUFE and TAO; data; 2048 bytes; audio pause 150; sub-mode 08 */
     "05 32 41 04 08 00 00 00 00 00 00 00 00 00 00 96" ZERO8 ZERO8 ZERO8 ZERO8 "00 00 08 00",
     "05 32 7F FF 0F FF 00 3F FF 00 FF FF FF FF FF FF"
     "FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF "
     "FF"
     "FF FF FF FF",
     "05 32 41 04 08 00 00 00 00 00 00 00 00 00 00 96" ZERO8 ZERO8 ZERO8 ZERO8 "00 00 08 00"},
    {"0D", "0D 06 00 00 00 3C 00 4B", "0D 06 00 0F 00 00 00 00", "0D 06 00 00 00 3C 00 4B"},
    {"0E", "0E 0E 04 00 00 00 00 00 01 FF 02 FF 00 00 00 00",
     "0E 0E 02 00 00 00 00 00 0F FF 0F FF 00 00 00 00",
     "0E 0E 04 00 00 00 00 00 01 FF 02 FF 00 00 00 00"},
    {"1A", "1A 0A 00 00 00 00 00 00 00 00 00 00", "1A 0A 00 00 00 00 00 00 00 00 00 00",
     "1A 0A 00 00 00 00 00 00 00 00 00 00"},
    {"1D", "1D 08 00 00 00 00 00 0A 00 3C", "1D 08 00 00 00 00 00 00 00 00",
     "1D 08 00 00 00 00 00 0A 00 3C"},
    {"2A", CAPABILITIES,
     "2A 3E 00 00 00 00 00 00 00 00 00 00 00 00 00 00" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8,
     CAPABILITIES},
};
enum { IMAGES = sizeof(images) / sizeof(images[0]) };

static void each_page_has_its_bytes_in_all_four_page_controls(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t scratch[256];

    (void)state;
    for (size_t i = 0; i < IMAGES; i++) {
        const char *by_control[] = {images[i].current, images[i].changeable, images[i].defaults};

        for (unsigned control = 0; control < 4; control++) {
            unsigned code = (unsigned)strtoul(images[i].code, NULL, 16) | control << 6;
            char cdb[64], expected[1024];

            snprintf(cdb, sizeof(cdb), "5A 00 %02X 00 00 00 00 00 FF 00", code);
            if (control == 3) {
                assert_sense(run(h, ONE, cdb), 0x053900);
                continue;
            }
            /* 10-byte header: length, then zeros, no block descriptors */
            snprintf(expected, sizeof(expected), "00 %02X 00 00 00 00 00 00 %s",
                     (unsigned)(6 + from_hex(by_control[control], scratch, sizeof(scratch))),
                     by_control[control]);
            assert_hex(run(h, ONE, cdb), expected);
            snprintf(cdb, sizeof(cdb), "1A 08 %02X 00 FF 00", code);
            snprintf(expected, sizeof(expected), "%02X 00 00 00 %s",
                     (unsigned)(3 + from_hex(by_control[control], scratch, sizeof(scratch))),
                     by_control[control]);
            assert_hex(run(h, ONE, cdb), expected);
        }
    }
    harness_free(h);
}

static void page_3f_returns_all_pages_ascending(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t all[512];
    size_t len = 0;

    (void)state;
    for (size_t i = 0; i < IMAGES; i++)
        len += from_hex(images[i].current, all + len, sizeof(all) - len);
    assert_int_equal(len, 174);
    assert_hex_at(run(h, ONE, "5A 00 3F 00 00 00 00 10 00 00"), 0, "00 B4 00 00 00 00 00 00");
    assert_int_equal(h->reply.len, 8 + len);
    assert_memory_equal(h->reply.data + 8, all, len);
    assert_hex_at(run(h, ONE, "1A 00 3F 00 FF 00"), 0, "B1 00 00 00");
    assert_int_equal(h->reply.len, 4 + len);
    assert_hex_at(run(h, ONE, "5A 00 3F FF 00 00 00 10 00 00"), 0, "00 B4"); /* all subpages */
    assert_sense(run(h, ONE, "5A 00 FF 00 00 00 00 10 00 00"), 0x053900);
    harness_free(h);
}

static void allocation_lengths_cut_the_reply_and_not_its_length_fields(void **state)
{
    static const unsigned lengths[] = {0, 2, 4, 8, 10, 12, 16, 20, 28, 30, 34, 72};
    struct harness *h = harness_ready("80min");
    uint8_t whole[72];

    (void)state;
    assert_int_equal(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00")->len, sizeof(whole));
    memcpy(whole, h->reply.data, sizeof(whole));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char cdb[64];

        snprintf(cdb, sizeof(cdb), "5A 00 2A 00 00 00 00 00 %02X 00", lengths[i]);
        assert_good(run(h, ONE, cdb));
        assert_int_equal(h->reply.len, lengths[i]);
        assert_memory_equal(h->reply.data, whole, lengths[i]);
    }
    /* the initiator's own room is the other limit */
    assert_good(run_data(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00", NULL, 0, 5));
    assert_int_equal(h->reply.len, 5);
    harness_free(h);
}

static void page_2a_follows_speed_and_prevent(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run(h, TWO, "1E 00 00 00 01 00"));
    assert_good(run(h, ONE, "BB 00 02 C4 05 88 00 00 00 00 00 00")); /* 4 x 177, 8 x 177 */
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8,
                  "2A 3E 07 07 F0 7F 2B 00 21 13 00 00 08 00 02 C2 00 00 21 13 05 83 00 00"
                  "00 00 00 00 05 83 00 08");
    assert_hex_at(run(h, ONE, "5A 00 AA 00 00 00 00 00 FF 00"), 8, CAPABILITIES);
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00"), 8, CAPABILITIES);
    harness_free(h);
}

static void unknown_pages_and_subpages_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run(h, ONE, "5A 00 30 00 00 00 00 00 FF 00"), 0x052400); /* wodim asks it */
    assert_sense(run(h, ONE, "1A 00 08 00 FF 00"), 0x052400);
    assert_sense(run(h, ONE, "5A 00 05 01 00 00 00 00 FF 00"), 0x052400);
    harness_free(h);
}

/* ---- MODE SELECT ---- */

/* A list with page 05h, `bytes` from its byte 2 on over the default's. */
static struct reply *select_05(struct harness *h, uint64_t nexus, const char *bytes)
{
    uint8_t list[60] = {0};

    from_hex(images[1].defaults, list + 8, 52);
    from_hex(bytes, list + 10, 50);
    return run_data(h, nexus, "55 10 00 00 00 00 00 00 3C 00", list, sizeof(list), 0);
}

static void track_at_once_is_taken_in_every_form_the_disc_stores(void **state)
{
    static const char *const good[] = {
        "41 00 00", /* audio */
        "41 01 00", /* pre-emphasis */
        "41 02 00", /* copy permitted */
        "41 03 00",
        "41 04 08",
        "01 04 08", /* BUFE off */
        "51 04 08", /* Test Write */
        "61 04 08", /* LS_V */
        "41 06 08", /* data, copy permitted */
        "41 C4 08", /* next session allowed */
        "41 44 08", /* B0 final */
        "41 24 08", /* FP: no packets, no meaning */
        "41 14 08", /* copy */
        "41 04 0A",
        "41 04 0D", /* XA form 1, mixed */
        "41 04 09", /* mode 2 */
        "41 04 0B",
        "41 04 0C",                             /* XA form 1 and 2 */
        "40 05 08",                             /* packet, as wodim probes */
        "40 07 0A",                             /* copy permitted */
        "40 25 08 00 00 00 00 00  00 00 00 20", /* fixed, 32 blocks */
        "40 05 08 00 00 00 00 00  FF FF FF FF", /* variable: of no length */
        "42 00 00",                             /* SAO */
        "42 04 08",
        "42 00 02",
        "42 00 03", /* with sub-channel: CD-Text */
        "42 05 08", /* the sheet says what the tracks are */
        "43 00 01",
        "43 00 02",
        "43 04 03",                                  /* RAW */
        "41 04 08 07",                               /* link size */
        "41 04 08 00 00 3F",                         /* host application code */
        "41 04 08 00 00 00 10",                      /* CD-I */
        "41 04 0D 00 00 00 20",                      /* CD-ROM XA */
        "41 04 08 00 00 00 00 00 00 00 00 10 00 00", /* packet size, no pause */
    };
    struct harness *h = harness_ready("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_good(select_05(h, ONE, good[i]));
        assert_hex_at(run(h, ONE, "5A 00 05 00 00 00 00 00 FF 00"), 10, good[i]);
    }
    harness_free(h);
}

static void what_cannot_be_written_is_refused_and_the_page_stays(void **state)
{
    static const char *const bad[] = {
        "42 00 01", /* SAO: no sheet has blocks with 16 bytes of P and Q */
        "42 00 04",
        "42 00 07",
        "42 00 0F",
        "43 00 00", /* RAW: always with sub-channel */
        "43 04 08",
        "43 04 0D",
        "44 04 08", /* layer jump */
        "4F 04 08",
        "C1 04 08", /* a reserved bit */
        "41 84 08", /* multi-session 10b */
        "41 05 08", /* incremental: packets */
        "40 04 08", /* packets are control 5 or 7 */
        "40 01 00",
        "40 05 00",
        "40 25 08",                             /* fixed packets of no length */
        "40 25 08 00 00 00 00 00  00 00 04 01", /* and of 1025 blocks */
        "41 08 00",                             /* four channels */
        "41 0C 08",
        "41 00 08", /* audio of 2048 bytes */
        "41 04 00", /* data of 2352 bytes */
        "41 00 01",
        "41 00 02",
        "41 00 03",
        "41 04 04",
        "41 04 05",
        "41 04 06",
        "41 04 07",
        "41 04 0E",
        "41 04 0F", /* block types */
        "41 04 18", /* a reserved bit */
        "41 04 0A 00 00 00 00 00  00 00 00 00 00 96" ZERO8 ZERO8 ZERO8 ZERO8
        "00 00 28 00",          /* form 2 */
        "41 04 08 00 01",       /* reserved byte 6 */
        "41 04 08 00 00 40",    /* reserved bit of byte 7 */
        "41 04 08 00 00 00 01", /* session format */
        "41 04 08 00 00 00 FF",
    };
    struct harness *h = harness_ready("80min");

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_sense(select_05(h, ONE, bad[i]), 0x052600);
        assert_hex_at(run(h, ONE, "5A 00 05 00 00 00 00 00 FF 00"), 8, images[1].current);
    }
    assert_good(run(h, TWO, TUR)); /* nobody is told of what did not happen */
    harness_free(h);
}

static void catalogue_number_and_isrc_are_checked_when_they_count(void **state)
{
    struct harness *h = harness_ready("80min");
    uint8_t list[60] = {0};
    const char *cdb = "55 10 00 00 00 00 00 00 3C 00";

    (void)state;
    from_hex(images[1].defaults, list + 8, 52);
    memcpy(list + 8 + 17, "123456789012X", 13);
    assert_good(run_data(h, ONE, cdb, list, sizeof(list), 0)); /* MCVal 0: anything */
    list[8 + 16] = 0x80;
    assert_sense(run_data(h, ONE, cdb, list, sizeof(list), 0), 0x052600);
    memcpy(list + 8 + 17, "1234567890123", 13);
    assert_good(run_data(h, ONE, cdb, list, sizeof(list), 0));
    list[8 + 32] = 0x80;
    memcpy(list + 8 + 33, "USRC17607839", 12);
    assert_good(run_data(h, ONE, cdb, list, sizeof(list), 0));
    memcpy(list + 8 + 33, "usRC17607839", 12);
    assert_sense(run_data(h, ONE, cdb, list, sizeof(list), 0), 0x052600);
    memcpy(list + 8 + 33, "USRC1760783A", 12);
    assert_sense(run_data(h, ONE, cdb, list, sizeof(list), 0), 0x052600);
    harness_free(h);
}

static void pf_and_sp_are_checked(void **state)
{
    struct harness *h = harness_ready("80min");
    const char *list = ZERO8 "0D 06 00 01 00 3C 00 4B";

    (void)state;
    assert_sense(run_out(h, ONE, "55 11 00 00 00 00 00 00 10 00", list), 0x052400); /* SP */
    assert_sense(run_out(h, ONE, "55 00 00 00 00 00 00 00 10 00", list), 0x052400); /* no PF */
    assert_good(run(h, ONE, "55 00 00 00 00 00 00 00 00 00")); /* no list: nothing to do */
    assert_good(run(h, ONE, "15 10 00 00 00 00"));
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 10 00", list));
    harness_free(h);
}

static void lengths_that_do_not_fit_are_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    /* shorter than a header */
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 07 00", ZERO8), 0x051A00);
    assert_sense(run_out(h, ONE, "15 10 00 00 03 00", "00 00 00 00"), 0x051A00);
    /* less data than announced */
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 10 00", ZERO8 "0D 06 00 01"), 0x051A00);
    assert_sense(run(h, ONE, "55 10 00 00 00 00 00 00 10 00"), 0x051A00);
    /* the list ends within the page, or behind its first byte */
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 0F 00", ZERO8 "0D 06 00 01 00 3C 00"),
                 0x051A00);
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 09 00", ZERO8 "0D"), 0x051A00);
    /* another page length */
    assert_sense(
        run_out(h, ONE, "55 10 00 00 00 00 00 00 12 00", ZERO8 "0D 08 00 01 00 3C 00 4B 00 00"),
        0x052600);
    /* a header alone changes nothing */
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 08 00", ZERO8));
    assert_hex_at(run(h, ONE, "5A 00 0D 00 00 00 00 00 FF 00"), 8, images[2].current);
    harness_free(h);
}

static void block_descriptors_of_2048_bytes_are_ignored_and_others_refused(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 18 00",
                        "00 00 00 00 00 00 00 08"
                        "00 00 00 00 00 00 08 00"
                        "0D 06 00 01 00 3C 00 4B"));
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 18 00",
                         "00 00 00 00 00 00 00 08"
                         "00 00 00 00 00 00 09 30"
                         "0D 06 00 01 00 3C 00 4B"),
                 0x052600);
    assert_sense(run_out(h, ONE, "15 10 00 00 14 00",
                         "00 00 00 10"
                         "00 00 00 00 00 00 08 00"
                         "00 00 00 00 00 00 08 00"),
                 0x052600);
    assert_sense(run_out(h, ONE, "15 10 00 00 06 00", "00 00 00 08 00 00"), 0x051A00);
    harness_free(h);
}

static void header_bytes_that_clients_echo_are_ignored(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(run_out(h, ONE, "55 10 00 00 00 00 00 00 10 00",
                        "00 0E 71 80 01 00 00 00"
                        "8D 06 00 02 00 3C 00 4B")); /* PS set */
    assert_hex_at(run(h, ONE, "5A 00 0D 00 00 00 00 00 FF 00"), 8, "0D 06 00 02 00 3C 00 4B");
    harness_free(h);
}

static void unchangeable_bits_unknown_pages_and_doubles_are_refused(void **state)
{
    static const char *const bad[] = {
        "0D 06 00 10 00 3C 00 4B", /* byte 3 bit 4 */
        "0D 06 00 00 00 3D 00 4B", /* S an M */
        "0D 06 00 00 00 00 00 00", "07 06 00 00 00 00 00 00", "4D 06 00 00 00 3C 00 4B",
    };
    struct harness *h = harness_ready("80min");
    uint8_t capabilities[72];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char list[128];

        snprintf(list, sizeof(list), ZERO8 "%s", bad[i]);
        assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 10 00", list), 0x052600);
    }
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 18 00",
                         ZERO8 "0D 06 00 01 00 3C 00 4B"
                               "0D 06 00 02 00 3C 00 4B"),
                 0x052600);
    /* page 2Ah as it is: nothing changes; otherwise refused */
    memcpy(capabilities, run(h, ONE, "5A 00 2A 00 00 00 00 00 FF 00")->data, 72);
    assert_good(run_data(h, ONE, "55 10 00 00 00 00 00 00 48 00", capabilities, 72, 0));
    capabilities[8 + 20] ^= 1;
    assert_sense(run_data(h, ONE, "55 10 00 00 00 00 00 00 48 00", capabilities, 72, 0), 0x052600);
    harness_free(h);
}

static void one_bad_page_keeps_the_whole_list_out(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_sense(run_out(h, ONE, "55 10 00 00 00 00 00 00 1C 00",
                         ZERO8 "0D 06 00 01 00 3C 00 4B"
                               "1A 0A 00 01 00 00 00 00 00 00 00 00"),
                 0x052600);
    assert_hex_at(run(h, ONE, "5A 00 0D 00 00 00 00 00 FF 00"), 8, images[2].current);
    harness_free(h);
}

static void the_others_are_told_of_a_change_and_only_of_one(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_05(h, ONE, "41 04 08")); /* as it was */
    assert_good(run(h, TWO, TUR));
    assert_good(select_05(h, ONE, "41 00 00"));
    assert_good(run(h, ONE, TUR));
    assert_sense(run(h, TWO, TUR), 0x062A01);
    assert_good(run(h, TWO, TUR));
    assert_good(select_05(h, ONE, "41 04 08"));
    assert_good(select_05(h, ONE, "41 00 00"));
    assert_sense(run(h, THREE, TUR), 0x062A01); /* repeats coalesce */
    assert_good(run(h, THREE, TUR));
    harness_free(h);
}

static void a_reset_brings_the_defaults_back(void **state)
{
    struct harness *h = harness_ready("80min");

    (void)state;
    assert_good(select_05(h, ONE, "41 00 00"));
    reset(h, ONE);
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, "5A 00 05 00 00 00 00 00 FF 00"), 8, images[1].current);
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_page_has_its_bytes_in_all_four_page_controls),
        cmocka_unit_test(page_3f_returns_all_pages_ascending),
        cmocka_unit_test(allocation_lengths_cut_the_reply_and_not_its_length_fields),
        cmocka_unit_test(page_2a_follows_speed_and_prevent),
        cmocka_unit_test(unknown_pages_and_subpages_are_refused),
        cmocka_unit_test(track_at_once_is_taken_in_every_form_the_disc_stores),
        cmocka_unit_test(what_cannot_be_written_is_refused_and_the_page_stays),
        cmocka_unit_test(catalogue_number_and_isrc_are_checked_when_they_count),
        cmocka_unit_test(pf_and_sp_are_checked),
        cmocka_unit_test(lengths_that_do_not_fit_are_refused),
        cmocka_unit_test(block_descriptors_of_2048_bytes_are_ignored_and_others_refused),
        cmocka_unit_test(header_bytes_that_clients_echo_are_ignored),
        cmocka_unit_test(unchangeable_bits_unknown_pages_and_doubles_are_refused),
        cmocka_unit_test(one_bad_page_keeps_the_whole_list_out),
        cmocka_unit_test(the_others_are_told_of_a_change_and_only_of_one),
        cmocka_unit_test(a_reset_brings_the_defaults_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
