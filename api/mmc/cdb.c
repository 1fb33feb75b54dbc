/* SPDX-License-Identifier: MIT */
#include "api/mmc/cdb.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/bytes.h"

/* Starts a CDB; its group code (SPC-3 4.3.4.1) gives its length. */
static uint8_t begin(uint8_t cdb[16], uint8_t opcode)
{
    static const uint8_t length_of_group[8] = {6, 10, 10, 0, 16, 12, 0, 0};

    memset(cdb, 0, MMC_CDB_BYTES);
    cdb[0] = opcode;
    return length_of_group[opcode >> 5];
}

static uint8_t refuse(uint8_t cdb[16])
{
    memset(cdb, 0, MMC_CDB_BYTES);
    return 0;
}

uint8_t mmc_cdb_test_unit_ready(uint8_t cdb[16])
{
    return begin(cdb, OP_TEST_UNIT_READY);
}

uint8_t mmc_cdb_request_sense(uint8_t cdb[16], uint8_t allocation)
{
    uint8_t len = begin(cdb, OP_REQUEST_SENSE);

    cdb[4] = allocation;
    return len;
}

uint8_t mmc_cdb_inquiry(uint8_t cdb[16], uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_INQUIRY);

    put_be16(cdb + 3, allocation);
    return len;
}

uint8_t mmc_cdb_inquiry_vpd(uint8_t cdb[16], uint8_t page, uint16_t allocation)
{
    uint8_t len = mmc_cdb_inquiry(cdb, allocation);

    cdb[1] = 0x01; /* EVPD */
    cdb[2] = page;
    return len;
}

uint8_t mmc_cdb_get_configuration(uint8_t cdb[16], enum mmc_configuration_request request,
                                  uint16_t first, uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_GET_CONFIGURATION);

    cdb[1] = (uint8_t)request;
    put_be16(cdb + 2, first);
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_get_event_status(uint8_t cdb[16], uint8_t classes, uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_GET_EVENT_STATUS);

    cdb[1] = 0x01; /* polled */
    cdb[4] = classes;
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_log_sense(uint8_t cdb[16], uint8_t page, uint16_t pointer, uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_LOG_SENSE);

    if (page > 0x3F) {
        return refuse(cdb);
    }
    cdb[2] = 0x40 | page; /* PC 01: cumulative values */
    put_be16(cdb + 5, pointer);
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_mode_sense(uint8_t cdb[16], uint8_t control, uint8_t page, uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_MODE_SENSE_10);

    if (control > 3 || page > 0x3F) {
        return refuse(cdb);
    }
    cdb[1] = 0x08; /* DBD */
    cdb[2] = (uint8_t)(control << 6) | page;
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_mode_select(uint8_t cdb[16], uint16_t length)
{
    uint8_t len = begin(cdb, OP_MODE_SELECT_10);

    cdb[1] = 0x10; /* PF */
    put_be16(cdb + 7, length);
    return len;
}

uint8_t mmc_cdb_read_disc_information(uint8_t cdb[16], uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_READ_DISC_INFORMATION);

    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_read_track_information(uint8_t cdb[16], enum mmc_track_address type,
                                       uint32_t address, uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_READ_TRACK_INFORMATION);

    cdb[1] = (uint8_t)type;
    put_be32(cdb + 2, address);
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_read_toc(uint8_t cdb[16], enum mmc_toc_format format, bool msf, uint8_t start,
                         uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_READ_TOC);

    cdb[1] = msf ? 0x02 : 0x00;
    cdb[2] = (uint8_t)format;
    cdb[6] = start;
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_read_capacity(uint8_t cdb[16])
{
    return begin(cdb, OP_READ_CAPACITY);
}

uint8_t mmc_cdb_read_buffer_capacity(uint8_t cdb[16], bool blocks, uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_READ_BUFFER_CAPACITY);

    cdb[1] = blocks ? 0x01 : 0x00;
    put_be16(cdb + 7, allocation);
    return len;
}

uint8_t mmc_cdb_mechanism_status(uint8_t cdb[16], uint16_t allocation)
{
    uint8_t len = begin(cdb, OP_MECHANISM_STATUS);

    put_be16(cdb + 8, allocation);
    return len;
}

/* READ and WRITE of 10 and 12 bytes have one layout each (MMC-6 6.16, 6.17, 6.44, 6.45). */
static uint8_t transfer_10(uint8_t cdb[16], uint8_t opcode, int32_t lba, uint16_t blocks)
{
    uint8_t len = begin(cdb, opcode);

    put_be32(cdb + 2, (uint32_t)lba);
    put_be16(cdb + 7, blocks);
    return len;
}

static uint8_t transfer_12(uint8_t cdb[16], uint8_t opcode, int32_t lba, uint32_t blocks)
{
    uint8_t len = begin(cdb, opcode);

    put_be32(cdb + 2, (uint32_t)lba);
    put_be32(cdb + 6, blocks);
    return len;
}

uint8_t mmc_cdb_read_10(uint8_t cdb[16], int32_t lba, uint16_t blocks)
{
    return transfer_10(cdb, OP_READ_10, lba, blocks);
}

uint8_t mmc_cdb_read_12(uint8_t cdb[16], int32_t lba, uint32_t blocks)
{
    return transfer_12(cdb, OP_READ_12, lba, blocks);
}

uint8_t mmc_cdb_write_10(uint8_t cdb[16], int32_t lba, uint16_t blocks)
{
    return transfer_10(cdb, OP_WRITE_10, lba, blocks);
}

uint8_t mmc_cdb_write_12(uint8_t cdb[16], int32_t lba, uint32_t blocks)
{
    return transfer_12(cdb, OP_WRITE_12, lba, blocks);
}

uint8_t mmc_cdb_read_cd(uint8_t cdb[16], int32_t lba, uint32_t blocks, enum mmc_sector_type type,
                        uint8_t main_channel, enum mmc_sub_channel sub_channel)
{
    uint8_t len = begin(cdb, OP_READ_CD);

    if (blocks > 0xFFFFFF || (main_channel & ~MMC_READ_WHOLE_SECTOR)) {
        return refuse(cdb);
    }
    cdb[1] = (uint8_t)((unsigned)type << 2);
    put_be32(cdb + 2, (uint32_t)lba);
    put_be24(cdb + 6, blocks);
    cdb[9] = main_channel;
    cdb[10] = (uint8_t)sub_channel;
    return len;
}

uint8_t mmc_cdb_synchronize_cache(uint8_t cdb[16], bool immediate)
{
    uint8_t len = begin(cdb, OP_SYNCHRONIZE_CACHE);

    cdb[1] = immediate ? 0x02 : 0x00;
    return len;
}

uint8_t mmc_cdb_close(uint8_t cdb[16], enum mmc_close what, uint16_t track, bool immediate)
{
    uint8_t len = begin(cdb, OP_CLOSE_TRACK_SESSION);

    cdb[1] = immediate ? 0x01 : 0x00;
    cdb[2] = (uint8_t)what;
    put_be16(cdb + 4, track);
    return len;
}

uint8_t mmc_cdb_reserve_track(uint8_t cdb[16], uint32_t blocks)
{
    uint8_t len = begin(cdb, OP_RESERVE_TRACK);

    put_be32(cdb + 5, blocks);
    return len;
}

uint8_t mmc_cdb_send_opc(uint8_t cdb[16])
{
    uint8_t len = begin(cdb, OP_SEND_OPC);

    cdb[1] = 0x01; /* DoOPC */
    return len;
}

uint8_t mmc_cdb_set_cd_speed(uint8_t cdb[16], enum mmc_rotation rotation, uint16_t read_kb_s,
                             uint16_t write_kb_s)
{
    uint8_t len = begin(cdb, OP_SET_CD_SPEED);

    cdb[1] = (uint8_t)rotation;
    put_be16(cdb + 2, read_kb_s);
    put_be16(cdb + 4, write_kb_s);
    return len;
}

uint8_t mmc_cdb_get_write_speeds(uint8_t cdb[16], uint16_t descriptors)
{
    uint8_t len = begin(cdb, OP_GET_PERFORMANCE);

    put_be16(cdb + 8, descriptors);
    cdb[10] = 0x03; /* write speed descriptors */
    return len;
}

uint8_t mmc_cdb_start_stop(uint8_t cdb[16], enum mmc_start_stop action, bool immediate)
{
    uint8_t len = begin(cdb, OP_START_STOP_UNIT);

    cdb[1] = immediate ? 0x01 : 0x00;
    cdb[4] = (uint8_t)action; /* bit 1 LoEj, bit 0 Start */
    return len;
}

uint8_t mmc_cdb_prevent_allow(uint8_t cdb[16], bool prevent, bool persistent)
{
    uint8_t len = begin(cdb, OP_PREVENT_ALLOW);

    cdb[4] = (uint8_t)((persistent ? 0x02 : 0x00) | (prevent ? 0x01 : 0x00));
    return len;
}

uint8_t mmc_cdb_reserve(uint8_t cdb[16])
{
    return begin(cdb, OP_RESERVE_10);
}

uint8_t mmc_cdb_release(uint8_t cdb[16])
{
    return begin(cdb, OP_RELEASE_10);
}
