/* SPDX-License-Identifier: MIT */
/*
 * Command descriptor blocks. Each function fills `cdb` (all 16 bytes, zero-padded) and returns its
 * length, 6, 10 or 12; 0, with the CDB all zero, when an argument does not fit its field.
 * An allocation is the most bytes of data-in; addresses are LBAs, lengths are blocks.
 */
#ifndef VCDR_API_MMC_CDB_H
#define VCDR_API_MMC_CDB_H

#include <stdbool.h>
#include <stdint.h>

#define MMC_CDB_BYTES 16

/* SPC-3 6.33, 6.27, 6.4 */
uint8_t mmc_cdb_test_unit_ready(uint8_t cdb[16]);
uint8_t mmc_cdb_request_sense(uint8_t cdb[16], uint8_t allocation);
uint8_t mmc_cdb_inquiry(uint8_t cdb[16], uint16_t allocation);
uint8_t mmc_cdb_inquiry_vpd(uint8_t cdb[16], uint8_t page, uint16_t allocation);

/* GET CONFIGURATION, MMC-6 6.5: which features from `first` upwards are returned */
enum mmc_configuration_request {
    MMC_CONFIGURATION_ALL = 0,
    MMC_CONFIGURATION_CURRENT = 1,
    MMC_CONFIGURATION_ONE = 2, /* only `first` itself */
};
uint8_t mmc_cdb_get_configuration(uint8_t cdb[16], enum mmc_configuration_request request,
                                  uint16_t first, uint16_t allocation);

/* GET EVENT STATUS NOTIFICATION, polled; `classes` is a mask of MMC_EVENT_MASK_ (event.h) */
uint8_t mmc_cdb_get_event_status(uint8_t cdb[16], uint8_t classes, uint16_t allocation);

/* LOG SENSE, cumulative values; `pointer` is the first parameter code wanted */
uint8_t mmc_cdb_log_sense(uint8_t cdb[16], uint8_t page, uint16_t pointer, uint16_t allocation);

/* MODE SENSE(10) with DBD, `control` a PAGE_CONTROL_ of codes.h; MODE SELECT(10) with PF, without
 * SP, `length` the bytes of the whole parameter list */
uint8_t mmc_cdb_mode_sense(uint8_t cdb[16], uint8_t control, uint8_t page, uint16_t allocation);
uint8_t mmc_cdb_mode_select(uint8_t cdb[16], uint16_t length);

/* READ DISC INFORMATION, standard disc information */
uint8_t mmc_cdb_read_disc_information(uint8_t cdb[16], uint16_t allocation);

enum mmc_track_address {
    MMC_TRACK_BY_LBA = 0,
    MMC_TRACK_BY_NUMBER = 1, /* MMC_TRACK_INVISIBLE: the incomplete or invisible track */
    MMC_TRACK_BY_SESSION = 2,
};
#define MMC_TRACK_INVISIBLE 0xFF
uint8_t mmc_cdb_read_track_information(uint8_t cdb[16], enum mmc_track_address type,
                                       uint32_t address, uint16_t allocation);

/* READ TOC/PMA/ATIP, format 0-5; `start` is a track number (format 0) or session number (2) */
enum mmc_toc_format {
    MMC_TOC = 0,
    MMC_TOC_SESSION_INFORMATION = 1,
    MMC_TOC_FULL = 2,
    MMC_TOC_PMA = 3,
    MMC_TOC_ATIP = 4,
    MMC_TOC_CD_TEXT = 5,
};
uint8_t mmc_cdb_read_toc(uint8_t cdb[16], enum mmc_toc_format format, bool msf, uint8_t start,
                         uint16_t allocation);

uint8_t mmc_cdb_read_capacity(uint8_t cdb[16]);
/* READ BUFFER CAPACITY; `blocks`: in blocks instead of bytes */
uint8_t mmc_cdb_read_buffer_capacity(uint8_t cdb[16], bool blocks, uint16_t allocation);
uint8_t mmc_cdb_mechanism_status(uint8_t cdb[16], uint16_t allocation);

uint8_t mmc_cdb_read_10(uint8_t cdb[16], int32_t lba, uint16_t blocks);
uint8_t mmc_cdb_read_12(uint8_t cdb[16], int32_t lba, uint32_t blocks);
uint8_t mmc_cdb_write_10(uint8_t cdb[16], int32_t lba, uint16_t blocks);
uint8_t mmc_cdb_write_12(uint8_t cdb[16], int32_t lba, uint32_t blocks);

/* READ CD, MMC-6 6.15. The main channel is a sum of MMC_READ_; `blocks` at most FFFFFFh. */
enum mmc_sector_type {
    MMC_SECTOR_ANY = 0,
    MMC_SECTOR_CD_DA = 1,
    MMC_SECTOR_MODE_1 = 2,
    MMC_SECTOR_MODE_2 = 3,
    MMC_SECTOR_FORM_1 = 4,
    MMC_SECTOR_FORM_2 = 5,
};
#define MMC_READ_SYNC 0x80
#define MMC_READ_SUB_HEADER 0x40
#define MMC_READ_HEADER 0x20
#define MMC_READ_USER_DATA 0x10
#define MMC_READ_EDC_ECC 0x08
#define MMC_READ_WHOLE_SECTOR 0xF8
enum mmc_sub_channel { MMC_SUB_NONE = 0, MMC_SUB_RAW = 1, MMC_SUB_Q = 2, MMC_SUB_R_W = 4 };
uint8_t mmc_cdb_read_cd(uint8_t cdb[16], int32_t lba, uint32_t blocks, enum mmc_sector_type type,
                        uint8_t main_channel, enum mmc_sub_channel sub_channel);

uint8_t mmc_cdb_synchronize_cache(uint8_t cdb[16], bool immediate);
/* CLOSE TRACK/SESSION; `track` is ignored by a drive that closes a session */
enum mmc_close { MMC_CLOSE_TRACK = 1, MMC_CLOSE_SESSION = 2 };
uint8_t mmc_cdb_close(uint8_t cdb[16], enum mmc_close what, uint16_t track, bool immediate);
uint8_t mmc_cdb_reserve_track(uint8_t cdb[16], uint32_t blocks);
/* SEND OPC INFORMATION with DoOPC: calibrate the laser's power now */
uint8_t mmc_cdb_send_opc(uint8_t cdb[16]);

/* SET CD SPEED in kB/s (1000 bytes); MMC_SPEED_MAXIMUM: the fastest */
#define MMC_SPEED_MAXIMUM 0xFFFF
enum mmc_rotation { MMC_ROTATION_CLV = 0, MMC_ROTATION_CAV = 1 };
uint8_t mmc_cdb_set_cd_speed(uint8_t cdb[16], enum mmc_rotation rotation, uint16_t read_kb_s,
                             uint16_t write_kb_s);

/* GET PERFORMANCE of type 03h, write speed descriptors; `descriptors` the most that are returned */
uint8_t mmc_cdb_get_write_speeds(uint8_t cdb[16], uint16_t descriptors);

enum mmc_start_stop { MMC_STOP = 0, MMC_START = 1, MMC_EJECT = 2, MMC_LOAD = 3 };
uint8_t mmc_cdb_start_stop(uint8_t cdb[16], enum mmc_start_stop action, bool immediate);
uint8_t mmc_cdb_prevent_allow(uint8_t cdb[16], bool prevent, bool persistent);

/* SPC-2 7.21, 7.17 */
uint8_t mmc_cdb_reserve(uint8_t cdb[16]);
uint8_t mmc_cdb_release(uint8_t cdb[16]);

#endif
