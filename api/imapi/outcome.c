/* SPDX-License-Identifier: MIT */
#include "api/imapi/outcome.h"

#include <vcdr/codes.h>

HRESULT outcome_of_transport(enum transport_result result)
{
    static const struct {
        enum transport_result result;
        HRESULT hr;
    } rows[] = {
        {TRANSPORT_OK, S_OK},
        {TRANSPORT_NO_MEMORY, E_OUTOFMEMORY},
        {TRANSPORT_BAD_URL, E_INVALIDARG},
        {TRANSPORT_NO_DEVICE, OUTCOME_DEVICE_NOT_EXIST},
        {TRANSPORT_REFUSED, E_ACCESSDENIED},
        {TRANSPORT_TIMEOUT, E_IMAPI_RECORDER_COMMAND_TIMEOUT},
        {TRANSPORT_LOST, OUTCOME_DEVICE_NOT_EXIST},
        {TRANSPORT_INVALID, E_INVALIDARG},
        {TRANSPORT_HELD, E_IMAPI_RECORDER_LOCKED},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].result == result) {
            return rows[i].hr;
        }
    }
    return E_FAIL;
}

#define ANY_COMMAND 0x100
#define KEY 0xFF0000
#define KEY_AND_CODE 0xFFFF00
#define CODE 0x00FF00
#define CODE_AND_QUALIFIER 0x00FFFF
#define WHOLE 0xFFFFFF

/* Section 6.7 of the fact sheet, row by row; the first that fits holds. */
static const struct sense_row {
    uint16_t opcode;
    uint32_t mask, value;
    HRESULT hr;
} sense_rows[] = {
    {ANY_COMMAND, KEY_AND_CODE, 0x023A00, E_IMAPI_RECORDER_MEDIA_NO_MEDIA},
    {ANY_COMMAND, WHOLE, 0x020403, E_IMAPI_RECORDER_MEDIA_NO_MEDIA},
    {ANY_COMMAND, WHOLE, 0x020404, E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS},
    {ANY_COMMAND, WHOLE, 0x020407, E_IMAPI_RECORDER_MEDIA_BUSY},
    {ANY_COMMAND, WHOLE, 0x020408, E_IMAPI_RECORDER_MEDIA_BUSY},
    {ANY_COMMAND, KEY_AND_CODE, 0x020400, E_IMAPI_RECORDER_MEDIA_BECOMING_READY},
    {ANY_COMMAND, KEY_AND_CODE, 0x020600, E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN},
    {ANY_COMMAND, CODE_AND_QUALIFIER, 0x003010, E_IMAPI_RECORDER_MEDIA_NOT_FORMATTED},
    {ANY_COMMAND, CODE, 0x003100, E_IMAPI_RECORDER_MEDIA_NOT_FORMATTED},
    {ANY_COMMAND, CODE, 0x003000, E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE},
    {ANY_COMMAND, CODE, 0x002700, E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED},
    {ANY_COMMAND, KEY, 0x070000, E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED},
    {ANY_COMMAND, CODE_AND_QUALIFIER, 0x000C09, E_IMAPI_LOSS_OF_STREAMING},
    {OP_MODE_SELECT_10, KEY_AND_CODE, 0x052600, E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS},
    {OP_MODE_SENSE_10, WHOLE, 0x052400, E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE},
    {OP_GET_CONFIGURATION, WHOLE, 0x052000, E_IMAPI_RECORDER_GET_CONFIGURATION_NOT_SUPPORTED},
    /* the command belongs to the features that write */
    {OP_READ_DISC_INFORMATION, WHOLE, 0x052000, E_IMAPI_RECORDER_FEATURE_IS_NOT_CURRENT},
    /* whatever else goes wrong while a disc is written */
    {OP_WRITE_10, 0, 0, E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE},
    {OP_WRITE_12, 0, 0, E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE},
    {OP_SYNCHRONIZE_CACHE, 0, 0, E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE},
    {OP_CLOSE_TRACK_SESSION, 0, 0, E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE},
    {OP_SET_CD_SPEED, 0, 0, E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE},
};

HRESULT outcome_of_sense(uint8_t opcode, uint32_t sense)
{
    for (size_t i = 0; i < sizeof(sense_rows) / sizeof(sense_rows[0]); i++) {
        const struct sense_row *row = &sense_rows[i];

        if ((row->opcode == ANY_COMMAND || row->opcode == opcode) &&
            (sense & row->mask) == row->value) {
            return row->hr;
        }
    }
    return E_FAIL;
}

HRESULT outcome_of_parse(enum mmc_result result)
{
    switch (result) {
    case MMC_OK:
        return S_OK;
    case MMC_NO_ROOM:
    case MMC_RANGE:
        return E_INVALIDARG;
    case MMC_SHORT:
    case MMC_CONTRADICTORY:
    case MMC_ABSENT:
        break;
    }
    return E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
}
