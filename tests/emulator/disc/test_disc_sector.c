/* SPDX-License-Identifier: MIT */
/*
 * Sync, header, EDC and ECC: against published figures, against sectors that another program made,
 * and against a second reading of ECMA-130 that is written for clarity and not for speed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/crc32.h"
#include "emulator/disc/sector.h"

static struct edc_table table;

static int set_up(void **state)
{
    (void)state;
    edc_table_make(&table);
    return 0;
}

static void the_empty_sector_at_lba_0_has_the_known_edc(void **state)
{
    static const uint8_t head[16] = {0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, /* sync */
                                     0x00, 0x02, 0x00, 0x01};            /* 00:02:00, mode 1 */
    static const uint8_t edc[12] = {0xC5, 0x13, 0x68, 0x2B};             /* then eight zeros */
    uint8_t sector[2352];

    (void)state;
    memset(sector, 0xAA, sizeof(sector));
    memset(sector + 16, 0, 2048);
    sector_finish_mode1(&table, sector, 0);
    assert_memory_equal(sector, head, 16);
    assert_memory_equal(sector + 2064, edc, 12);
}

/* The first two sectors of a mode 1 image whose EDC and ECC were made by an unrelated program: the
 * CRC-32 over all 2352 bytes stands for them. Both have zero user data. */
static void empty_sectors_are_those_of_an_independent_program(void **state)
{
    static const uint32_t crc_of_sector[2] = {0xD12AD343, 0x32D8C0DA};
    static const uint8_t edc_of_sector_1[4] = {0x54, 0x76, 0xF8, 0x4E};

    (void)state;
    for (int32_t lba = 0; lba < 2; lba++) {
        uint8_t sector[2352] = {0};

        sector_finish_mode1(&table, sector, lba);
        assert_int_equal(crc32_of(sector, 2352), crc_of_sector[lba]);
        if (lba == 1)
            assert_memory_equal(sector + 2064, edc_of_sector_1, 4);
    }
}

static void headers_count_in_bcd(void **state)
{
    static const struct {
        int32_t lba;
        uint8_t msf[3];
    } cases[] = {
        {-150, {0x00, 0x00, 0x00}}, {-1, {0x00, 0x01, 0x74}},     {0, {0x00, 0x02, 0x00}},
        {4349, {0x00, 0x59, 0x74}}, {359848, {0x79, 0x59, 0x73}}, {404848, {0x89, 0x59, 0x73}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t sector[2352] = {0};

        sector_finish_mode1(&table, sector, cases[i].lba);
        assert_memory_equal(sector + 12, cases[i].msf, 3);
        assert_int_equal(sector[15], 1);
        sector_finish_mode2(&table, sector, cases[i].lba);
        assert_memory_equal(sector + 12, cases[i].msf, 3);
        assert_int_equal(sector[15], 2);
    }
}

/* ---- the second reading ---- */

/* ECMA-130 14.3, bit by bit: divide by (x^16+x^15+x^2+1)(x^16+x^2+x+1), least significant bit
 * first; a sector's data with their EDC behind leave no remainder. */
static uint32_t remainder_of(const uint8_t *p, unsigned len)
{
    uint32_t rest = 0;

    for (unsigned bit = 0; bit < len * 8; bit++) {
        unsigned in = p[bit / 8] >> bit % 8 & 1;
        unsigned out = rest & 1;

        rest >>= 1;
        if (in ^ out)
            rest ^= 0xD8018001;
    }
    return rest;
}

static uint8_t times(uint8_t a, uint8_t b)
{
    unsigned product = 0;

    for (int i = 0; i < 8; i++)
        if (b >> i & 1)
            product ^= (unsigned)a << i;
    for (int i = 15; i >= 8; i--)
        if (product >> i & 1)
            product ^= 0x11Du << (i - 8);
    return (uint8_t)product;
}

/* ECMA-130 annex A: HP and HQ have a row of ones and a row of falling powers of alpha. */
static void check_word(const uint8_t *word, unsigned len)
{
    uint8_t sum = 0, weighted = 0;

    for (unsigned i = 0; i < len; i++) {
        sum ^= word[i];
        weighted = (uint8_t)(times(weighted, 2) ^ word[i]);
    }
    assert_int_equal(sum, 0);
    assert_int_equal(weighted, 0);
}

/* Word n of annex A's numbering, most or least significant byte: byte 2n (+1) from byte 12 on. */
static void check_ecc(const uint8_t *sector)
{
    for (unsigned lane = 0; lane < 2; lane++) {
        uint8_t word[45];

        for (unsigned column = 0; column < 43; column++) { /* P: 43 * row + column, rows 0 to 25 */
            for (unsigned row = 0; row < 26; row++)
                word[row] = sector[12 + 2 * (43 * row + column) + lane];
            check_word(word, 26);
        }
        for (unsigned diagonal = 0; diagonal < 26;
             diagonal++) { /* Q, its parity at 1118 and 1144 */
            for (unsigned step = 0; step < 43; step++)
                word[step] = sector[12 + 2 * ((44 * step + 43 * diagonal) % 1118) + lane];
            word[43] = sector[12 + 2 * (1118 + diagonal) + lane];
            word[44] = sector[12 + 2 * (1144 + diagonal) + lane];
            check_word(word, 45);
        }
    }
}

static void scatter(uint8_t *p, unsigned len, uint32_t seed)
{
    for (unsigned i = 0; i < len; i++) {
        seed = seed * 1664525 + 1013904223;
        p[i] = (uint8_t)(seed >> 24);
    }
}

static void mode_1_sectors_obey_the_code(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 50; seed++) {
        uint8_t sector[2352], user[2048];

        scatter(user, sizeof(user), seed);
        memcpy(sector + 16, user, sizeof(user));
        sector_finish_mode1(&table, sector, (int32_t)seed * 7001);
        assert_memory_equal(sector + 16, user, sizeof(user));
        assert_int_equal(remainder_of(sector, 2068), 0);
        check_ecc(sector);
    }
}

static void form_1_sectors_obey_the_code_with_a_header_of_zeros(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 50; seed++) {
        uint8_t sector[2352], user[2048];
        const uint8_t sub_header[8] = {0, 0, 0x08, 0, 0, 0, 0x08, 0};

        scatter(user, sizeof(user), seed);
        memcpy(sector + 16, sub_header, 8);
        memcpy(sector + 24, user, sizeof(user));
        sector_finish_mode2(&table, sector, (int32_t)seed * 7001);
        assert_memory_equal(sector + 16, sub_header, 8);
        assert_memory_equal(sector + 24, user, sizeof(user));
        assert_int_equal(sector[15], 2);
        assert_int_equal(remainder_of(sector + 16, 2060), 0);
        memset(sector + 12, 0, 4);
        check_ecc(sector);
    }
}

static void form_2_sectors_have_an_edc_and_no_ecc(void **state)
{
    uint8_t sector[2352], user[2324];
    const uint8_t sub_header[8] = {1, 1, 0x64, 0, 1, 1, 0x64, 0};

    (void)state;
    scatter(user, sizeof(user), 5);
    memcpy(sector + 16, sub_header, 8);
    memcpy(sector + 24, user, sizeof(user));
    sector_finish_mode2(&table, sector, 16);
    assert_memory_equal(sector + 24, user, sizeof(user));
    assert_int_equal(remainder_of(sector + 16, 2336), 0);
}

static void crc_32_has_its_check_value(void **state)
{
    (void)state;
    assert_int_equal(crc32_of("123456789", 9), 0xCBF43926);
    assert_int_equal(crc32_of("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_empty_sector_at_lba_0_has_the_known_edc),
        cmocka_unit_test(empty_sectors_are_those_of_an_independent_program),
        cmocka_unit_test(headers_count_in_bcd),
        cmocka_unit_test(mode_1_sectors_obey_the_code),
        cmocka_unit_test(form_1_sectors_obey_the_code_with_a_header_of_zeros),
        cmocka_unit_test(form_2_sectors_have_an_edc_and_no_ecc),
        cmocka_unit_test(crc_32_has_its_check_value),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
