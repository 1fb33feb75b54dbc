/* SPDX-License-Identifier: MIT */
/*
 * Every command that the drive knows, one row each: its name, its handler, its shape and its policy.
 * What stands here is what the gate enforces; docs/wire-extension.md lists the exemptions.
 */
#include "core.h"

static const struct row rows[256] = {
    [OP_TEST_UNIT_READY] = {"TEST UNIT READY", test_unit_ready, 6, DIRECTION_NONE,
                            ROW_NEEDS_MEDIUM, NULL},
    [OP_REQUEST_SENSE] = {"REQUEST SENSE", request_sense, 6, DIRECTION_IN,
                          ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION, NULL},
    [OP_INQUIRY] = {"INQUIRY", inquiry, 6, DIRECTION_IN,
                    ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION, NULL},
    [OP_MODE_SELECT_6] = {"MODE SELECT(6)", mode_select_6, 6, DIRECTION_OUT, 0, NULL},
    [OP_RESERVE_6] = {"RESERVE(6)", reserve, 6, DIRECTION_NONE, 0, NULL},
    [OP_RELEASE_6] = {"RELEASE(6)", release, 6, DIRECTION_NONE, ROW_DURING_EXCLUSIVE, NULL},
    [OP_MODE_SENSE_6] = {"MODE SENSE(6)", mode_sense_6, 6, DIRECTION_IN, ROW_EXCLUSIVE_ASK,
                         mode_sense_exempt},
    [OP_LOG_SENSE] = {"LOG SENSE", log_sense, 10, DIRECTION_IN, ROW_EXCLUSIVE_ASK,
                      log_sense_exempt},
    [OP_MODE_SELECT_10] = {"MODE SELECT(10)", mode_select_10, 10, DIRECTION_OUT, 0, NULL},
    [OP_RESERVE_10] = {"RESERVE(10)", reserve, 10, DIRECTION_NONE, 0, NULL},
    [OP_RELEASE_10] = {"RELEASE(10)", release, 10, DIRECTION_NONE, ROW_DURING_EXCLUSIVE, NULL},
    [OP_MODE_SENSE_10] = {"MODE SENSE(10)", mode_sense_10, 10, DIRECTION_IN, ROW_EXCLUSIVE_ASK,
                          mode_sense_exempt},
    [OP_REPORT_LUNS] = {"REPORT LUNS", report_luns, 12, DIRECTION_IN,
                        ROW_DURING_EXCLUSIVE | ROW_KEEPS_ATTENTION, NULL},
};

const struct row *row_of(uint8_t opcode)
{
    return rows[opcode].handler != NULL ? &rows[opcode] : NULL;
}
