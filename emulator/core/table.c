/* SPDX-License-Identifier: MIT */
/*
 * Every command that the drive knows, one row each: its name, its handler, its shape and its
 * policy. What stands here is what the gate enforces; docs/wire-extension.md lists the exemptions.
 */
#include "core.h"

static const struct row rows[256] = {
    [OP_TEST_UNIT_READY] = {"TEST UNIT READY", test_unit_ready, 6, DIRECTION_NONE,
                            ROW_NEEDS_MEDIUM | ROW_UNDER_ANY, NULL, 0},
    [OP_REQUEST_SENSE] = {"REQUEST SENSE", request_sense, 6, DIRECTION_IN,
                          ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION | ROW_UNDER_ANY |
                              ROW_WHILE_BUSY,
                          NULL, 0},
    [OP_INQUIRY] = {"INQUIRY", inquiry, 6, DIRECTION_IN,
                    ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION | ROW_UNDER_ANY | ROW_WHILE_BUSY,
                    NULL, 0},
    [OP_MODE_SELECT_6] = {"MODE SELECT(6)", mode_select_6, 6, DIRECTION_OUT,
                          ROW_MAY_WAIT | ROW_WHILE_BUSY, NULL, 0},
    [OP_RESERVE_6] = {"RESERVE(6)", reserve, 6, DIRECTION_NONE, ROW_WHILE_BUSY, NULL, 0},
    [OP_RELEASE_6] = {"RELEASE(6)", release, 6, DIRECTION_NONE,
                      ROW_DURING_EXCLUSIVE | ROW_UNDER_ANY | ROW_WHILE_BUSY, NULL, 0},
    [OP_MODE_SENSE_6] = {"MODE SENSE(6)", mode_sense_6, 6, DIRECTION_IN,
                         ROW_EXCLUSIVE_ASK | ROW_UNDER_WE | ROW_WHILE_BUSY, mode_sense_exempt, 0},
    [OP_START_STOP_UNIT] = {"START STOP UNIT", start_stop_unit, 6, DIRECTION_NONE,
                            ROW_MAY_WAIT | ROW_WHILE_BUSY, NULL, 0x01},
    [OP_PREVENT_ALLOW] = {"PREVENT ALLOW MEDIUM REMOVAL", prevent_allow, 6, DIRECTION_NONE,
                          ROW_EXCLUSIVE_ASK | ROW_WHILE_BUSY, prevent_allow_exempt, 0},
    [OP_READ_CAPACITY] = {"READ CAPACITY", read_capacity, 10, DIRECTION_IN,
                          ROW_NEEDS_MEDIUM | ROW_UNDER_ANY, NULL, 0},
    [OP_READ_10] = {"READ(10)", read_10, 10, DIRECTION_IN, ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL,
                    0},
    [OP_WRITE_10] = {"WRITE(10)", write_10, 10, DIRECTION_OUT,
                     ROW_NEEDS_MEDIUM | ROW_RECORDS | ROW_MAY_WAIT_FIRST, NULL, 0},
    [OP_SEEK_10] = {"SEEK(10)", seek_10, 10, DIRECTION_NONE, ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL,
                    0},
    [OP_SYNCHRONIZE_CACHE] = {"SYNCHRONIZE CACHE", synchronize_cache, 10, DIRECTION_NONE,
                              ROW_NEEDS_MEDIUM | ROW_RECORDS | ROW_MAY_WAIT, NULL, 0x02},
    [OP_READ_SUB_CHANNEL] = {"READ SUB-CHANNEL", read_sub_channel, 10, DIRECTION_IN,
                             ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL, 0},
    [OP_READ_TOC] = {"READ TOC/PMA/ATIP", read_toc, 10, DIRECTION_IN,
                     ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL, 0},
    [OP_GET_CONFIGURATION] = {"GET CONFIGURATION", get_configuration, 10, DIRECTION_IN,
                              ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION | ROW_UNDER_ANY |
                                  ROW_WHILE_BUSY,
                              NULL, 0},
    [OP_GET_EVENT_STATUS] = {"GET EVENT STATUS NOTIFICATION", get_event_status, 10, DIRECTION_IN,
                             ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION | ROW_UNDER_ANY |
                                 ROW_WHILE_BUSY,
                             NULL, 0},
    [OP_LOG_SENSE] = {"LOG SENSE", log_sense, 10, DIRECTION_IN,
                      ROW_EXCLUSIVE_ASK | ROW_UNDER_ANY | ROW_WHILE_BUSY, log_sense_exempt, 0},
    [OP_READ_DISC_INFORMATION] = {"READ DISC INFORMATION", read_disc_information, 10, DIRECTION_IN,
                                  ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL, 0},
    [OP_READ_TRACK_INFORMATION] = {"READ TRACK INFORMATION", read_track_information, 10,
                                   DIRECTION_IN, ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL, 0},
    [OP_RESERVE_TRACK] = {"RESERVE TRACK", reserve_track, 10, DIRECTION_NONE,
                          ROW_NEEDS_MEDIUM | ROW_NOT_WHILE_WRITING | ROW_RECORDS | ROW_MAY_WAIT,
                          NULL, 0},
    [OP_SEND_OPC] = {"SEND OPC INFORMATION", send_opc, 10, DIRECTION_OUT, ROW_NEEDS_MEDIUM, NULL,
                     0},
    [OP_MODE_SELECT_10] = {"MODE SELECT(10)", mode_select_10, 10, DIRECTION_OUT,
                           ROW_MAY_WAIT | ROW_WHILE_BUSY, NULL, 0},
    [OP_RESERVE_10] = {"RESERVE(10)", reserve, 10, DIRECTION_NONE, ROW_WHILE_BUSY, NULL, 0},
    [OP_RELEASE_10] = {"RELEASE(10)", release, 10, DIRECTION_NONE,
                       ROW_DURING_EXCLUSIVE | ROW_UNDER_ANY | ROW_WHILE_BUSY, NULL, 0},
    [OP_REPAIR_TRACK] = {"REPAIR TRACK", repair_track, 10, DIRECTION_NONE,
                         ROW_NEEDS_MEDIUM | ROW_RECORDS | ROW_MAY_WAIT, NULL, 0x01},
    [OP_MODE_SENSE_10] = {"MODE SENSE(10)", mode_sense_10, 10, DIRECTION_IN,
                          ROW_EXCLUSIVE_ASK | ROW_UNDER_WE | ROW_WHILE_BUSY, mode_sense_exempt, 0},
    [OP_CLOSE_TRACK_SESSION] = {"CLOSE TRACK/SESSION", close_track_session, 10, DIRECTION_NONE,
                                ROW_NEEDS_MEDIUM | ROW_RECORDS | ROW_MAY_WAIT, NULL, 0x01},
    [OP_READ_BUFFER_CAPACITY] = {"READ BUFFER CAPACITY", read_buffer_capacity, 10, DIRECTION_IN,
                                 ROW_UNDER_WE | ROW_WHILE_BUSY, NULL, 0},
    [OP_SEND_CUE_SHEET] = {"SEND CUE SHEET", send_cue_sheet, 10, DIRECTION_OUT,
                           ROW_NEEDS_MEDIUM | ROW_NOT_WHILE_WRITING, NULL, 0},
    [OP_PERSISTENT_RESERVE_IN] = {"PERSISTENT RESERVE IN", persistent_reserve_in, 10, DIRECTION_IN,
                                  ROW_UNDER_ANY | ROW_WHILE_BUSY, NULL, 0},
    /* some service actions are nobody's but a registrant's: the keys decide, in the handler */
    [OP_PERSISTENT_RESERVE_OUT] = {"PERSISTENT RESERVE OUT", persistent_reserve_out, 10,
                                   DIRECTION_OUT, ROW_UNDER_ANY | ROW_WHILE_BUSY, NULL, 0},
    [OP_REPORT_LUNS] = {"REPORT LUNS", report_luns, 12, DIRECTION_IN,
                        ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION | ROW_UNDER_ANY | ROW_WHILE_BUSY,
                        NULL, 0},
    [OP_MAINTENANCE_IN] = {"REPORT SUPPORTED OPERATION CODES", maintenance_in, 12, DIRECTION_IN,
                           ROW_UNDER_WE | ROW_WHILE_BUSY, NULL, 0},
    [OP_BLANK] = {"BLANK", blank, 12, DIRECTION_NONE, ROW_NEEDS_MEDIUM | ROW_RECORDS | ROW_MAY_WAIT,
                  NULL, 0x10},
    [OP_READ_12] = {"READ(12)", read_12, 12, DIRECTION_IN, ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL,
                    0},
    [OP_WRITE_12] = {"WRITE(12)", write_12, 12, DIRECTION_OUT,
                     ROW_NEEDS_MEDIUM | ROW_RECORDS | ROW_MAY_WAIT_FIRST, NULL, 0},
    [OP_GET_PERFORMANCE] = {"GET PERFORMANCE", get_performance, 12, DIRECTION_IN,
                            ROW_UNDER_WE | ROW_WHILE_BUSY, NULL, 0},
    [OP_SET_STREAMING] = {"SET STREAMING", set_streaming, 12, DIRECTION_OUT, ROW_WHILE_BUSY, NULL,
                          0},
    [OP_READ_CD_MSF] = {"READ CD MSF", read_cd_msf, 12, DIRECTION_IN,
                        ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL, 0},
    [OP_SET_CD_SPEED] = {"SET CD SPEED", set_cd_speed, 12, DIRECTION_NONE, ROW_WHILE_BUSY, NULL, 0},
    [OP_MECHANISM_STATUS] = {"MECHANISM STATUS", mechanism_status, 12, DIRECTION_IN,
                             ROW_UNDER_ANY | ROW_WHILE_BUSY, NULL, 0},
    [OP_READ_CD] = {"READ CD", read_cd, 12, DIRECTION_IN, ROW_NEEDS_MEDIUM | ROW_UNDER_WE, NULL, 0},
};

const struct row *row_of(uint8_t opcode)
{
    return rows[opcode].handler != NULL ? &rows[opcode] : NULL;
}

const char *vcdr_command_name(uint8_t opcode)
{
    return rows[opcode].name;
}
