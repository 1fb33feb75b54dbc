/* SPDX-License-Identifier: MIT */
/*
 * An ISO image burned by raw CDBs, as hex that is decoded beside it, and read back: user data by
 * READ(10), whole sectors by READ CD, whose header, EDC and ECC are judged by ECMA-130 alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/pair/pair.h"
#include "tests/pair/sector.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct transport_task send(struct transport *transport, const char *cdb, uint8_t length,
                                  const void *out, size_t out_len, void *in, size_t in_size)
{
    struct transport_task task;
    for (int i = 0; i < 4; i++) {
        task = (struct transport_task){.cdb_len = length,
                                       .out = out,
                                       .out_len = out_len,
                                       .in = in,
                                       .in_size = in_size,
                                       .timeout_ms = 60000};
        memcpy(task.cdb, cdb, length);
        assert_int_equal(transport_execute(transport, &task), TRANSPORT_OK);
        if (task.status != 0x02 || (task.sense[2] & 0x0F) != 0x6) /* UNIT ATTENTION */
            break;
    }
    return task;
}

static void must(struct transport *transport, const char *cdb, uint8_t length, const void *out,
                 size_t out_len)
{
    assert_int_equal(send(transport, cdb, length, out, out_len, NULL, 0).status, 0x00);
}

/* CDB bytes 2-5: LBA; 7-8: blocks */
static void put_address(char *cdb, uint32_t lba, unsigned blocks)
{
    for (int i = 0; i < 4; i++)
        cdb[2 + i] = (char)(lba >> (24 - 8 * i));
    cdb[7] = (char)(blocks >> 8);
    cdb[8] = (char)blocks;
}

static void select_mode_1(struct transport *transport)
{
    /* MODE SENSE(10), DBD, page 05, 60 bytes */
    uint8_t list[60];
    struct transport_task task =
        send(transport, "\x5A\x08\x05\0\0\0\0\0\x3C\0", 10, NULL, 0, list, sizeof list);
    assert_int_equal(task.status, 0x00);
    assert_int_equal(task.in_len, 60); /* 8 of header, 52 of page */
    assert_int_equal(list[8] & 0x3F, 0x05);
    memset(list, 0, 8);
    list[8] &= 0x3F;
    list[10] = (uint8_t)((list[10] & 0xE0) | 0x01); /* write type 1: track at once, no test write */
    list[10] &= (uint8_t)~0x10;
    list[11] = 0x04; /* multi-session 00: finalize; track mode 4: data */
    list[12] = 0x08; /* data block type 8: mode 1, 2048 bytes */
    list[16] = 0x00; /* session format: CD-ROM */
    /* MODE SELECT(10), PF, 60 bytes */
    must(transport, "\x55\x10\0\0\0\0\0\0\x3C\0", 10, list, sizeof list);
}

static void write_image(struct transport *transport, const uint8_t *image, uint32_t blocks)
{
    for (uint32_t lba = 0; lba < blocks;) {
        unsigned now = blocks - lba < 31 ? blocks - lba : 31;
        char write[10] = "\x2A"; /* WRITE(10) */
        put_address(write, lba, now);
        must(transport, write, 10, image + (size_t)lba * 2048, (size_t)now * 2048);
        lba += now;
    }
    must(transport, "\x35\0\0\0\0\0\0\0\0\0", 10, NULL, 0);   /* SYNCHRONIZE CACHE */
    must(transport, "\x5B\0\x02\0\0\0\0\0\0\0", 10, NULL, 0); /* CLOSE SESSION, function 2 */
}

static void assert_user_data(struct transport *transport, const uint8_t *image, uint32_t blocks)
{
    uint8_t data[31 * 2048];
    for (uint32_t lba = 0; lba < blocks;) {
        unsigned now = blocks - lba < 31 ? blocks - lba : 31;
        char read[10] = "\x28"; /* READ(10) */
        put_address(read, lba, now);
        struct transport_task task = send(transport, read, 10, NULL, 0, data, (size_t)now * 2048);
        assert_int_equal(task.status, 0x00);
        assert_int_equal(task.in_len, now * 2048);
        assert_memory_equal(data, image + (size_t)lba * 2048, (size_t)now * 2048);
        lba += now;
    }
}

/* A check that cannot fail proves nothing: every byte of a good sector, changed, is found. */
static void assert_that_the_check_can_fail(uint8_t sector[2352], int32_t lba)
{
    for (unsigned i = 0; i < 2352; i++) {
        sector[i] ^= 0x01;
        assert_non_null(sector_fault(sector, lba));
        sector[i] ^= 0x01;
    }
}

static void assert_sectors(struct transport *transport, const uint8_t *image, uint32_t blocks)
{
    for (uint32_t lba = 0; lba < blocks; lba++) {
        uint8_t sector[2352];
        /* READ CD, any type, 1 block, byte 9: sync, all headers, user data, EDC and ECC */
        char read[12] = "\xBE\0\0\0\0\0\0\0\x01\xF8";
        put_address(read, lba, 1);
        struct transport_task task = send(transport, read, 12, NULL, 0, sector, sizeof sector);
        assert_int_equal(task.status, 0x00);
        assert_int_equal(task.in_len, sizeof sector);
        const char *fault = sector_fault(sector, (int32_t)lba);
        if (fault != NULL)
            fail_msg("sector %u: %s", lba, fault);
        assert_memory_equal(sector + 16, image + (size_t)lba * 2048, 2048);
        if (lba == 299)
            assert_that_the_check_can_fail(sector, (int32_t)lba);
    }
}

static void an_image_written_by_raw_cdbs_is_read_back_with_header_edc_and_ecc(void **state)
{
    (void)state;
    struct pair pair;
    char path[4096];
    size_t size;
    assert_non_null(getenv("VCDR_AUDIO"));
    snprintf(path, sizeof path, "%s/image.iso", getenv("VCDR_AUDIO"));
    uint8_t *image = pair_load(path, &size);
    assert_int_equal(size % 2048, 0);
    uint32_t blocks = (uint32_t)(size / 2048);
    assert_true(blocks > 300);
    pair_start(&pair);
    struct transport *transport = pair_open(&pair);
    select_mode_1(transport);
    write_image(transport, image, blocks);
    assert_user_data(transport, image, blocks);
    assert_sectors(transport, image, blocks);
    /* READ TOC, format 0: length 12h, tracks 1 to 1; track 1: ADR 1, control 4 (data), LBA 0; AA:
     * the lead-out, two run-out blocks after the last that was written */
    uint8_t toc[20];
    struct transport_task task =
        send(transport, "\x43\0\0\0\0\0\0\0\x14\0", 10, NULL, 0, toc, sizeof toc);
    assert_int_equal(task.status, 0x00);
    uint8_t expected[20] = {0x00, 0x12, 0x01, 0x01, 0x00, 0x14, 0x01, 0,
                            0,    0,    0,    0,    0x00, 0x14, 0xAA, 0};
    for (int i = 0; i < 4; i++)
        expected[16 + i] = (uint8_t)((blocks + 2) >> (24 - 8 * i));
    assert_memory_equal(toc, expected, sizeof expected);
    transport_close(transport);
    free(image);
    pair_stop(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_written_by_raw_cdbs_is_read_back_with_header_edc_and_ecc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
