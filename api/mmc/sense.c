/* SPDX-License-Identifier: MIT */
#include "api/mmc/sense.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/bytes.h"

/* SPC-3 4.5.2.4: three bytes that mean what the sense key says. */
static void sense_key_specific(const uint8_t *p, struct mmc_sense *out)
{
    if (!(p[0] & 0x80)) {
        return;
    }
    switch (out->key) {
    case SENSE_KEY_ILLEGAL_REQUEST:
        out->has_field = true;
        out->field_in_cdb = p[0] & 0x40;
        out->field = get_be16(p + 1);
        break;
    case SENSE_KEY_NO_SENSE:
    case SENSE_KEY_NOT_READY:
        out->has_progress = true;
        out->progress = get_be16(p + 1);
        break;
    default: /* other keys count retries there, which nobody here asks for */
        break;
    }
}

static enum mmc_result parse_fixed(const uint8_t *p, size_t len, struct mmc_sense *out)
{
    if (len < 3) {
        return MMC_SHORT;
    }
    out->key = p[2] & 0x0F;
    if (len >= 7 && (p[0] & 0x80)) {
        out->has_information = true;
        out->information = get_be32(p + 3);
    }
    if (len >= 8 && len > 8 + (size_t)p[7]) {
        len = 8 + (size_t)p[7];
    }
    out->asc = len > 12 ? p[12] : 0;
    out->ascq = len > 13 ? p[13] : 0;
    if (len >= 18) {
        sense_key_specific(p + 15, out);
    }
    return MMC_OK;
}

static enum mmc_result parse_descriptors(const uint8_t *p, size_t len, struct mmc_sense *out)
{
    if (len < 8) {
        return MMC_SHORT;
    }
    out->key = p[1] & 0x0F;
    out->asc = p[2];
    out->ascq = p[3];
    if (len > 8 + (size_t)p[7]) {
        len = 8 + (size_t)p[7];
    }
    for (size_t at = 8; len - at >= 2 && len - at - 2 >= p[at + 1]; at += 2 + (size_t)p[at + 1]) {
        const uint8_t *d = p + at;

        if (d[0] == 0x00 && d[1] >= 10 && (d[2] & 0x80)) {
            out->has_information = true;
            out->information = get_be64(d + 4);
        } else if (d[0] == 0x02 && d[1] >= 6) {
            sense_key_specific(d + 4, out);
        }
    }
    return MMC_OK;
}

enum mmc_result mmc_sense_parse(const void *data, size_t len, struct mmc_sense *out)
{
    const uint8_t *p = data;
    struct mmc_sense sense = {0};
    enum mmc_result result = MMC_SHORT;

    if (len == 0) {
        return MMC_SHORT;
    }
    switch (p[0] & 0x7F) {
    case 0x70:
    case 0x71:
        result = parse_fixed(p, len, &sense);
        break;
    case 0x72:
    case 0x73:
        result = parse_descriptors(p, len, &sense);
        break;
    default:
        return MMC_CONTRADICTORY;
    }
    if (result == MMC_OK) {
        sense.deferred = p[0] & 0x01;
        sense.code = (uint32_t)sense.key << 16 | (uint32_t)sense.asc << 8 | sense.ascq;
        *out = sense;
    }
    return result;
}

const char *mmc_sense_key_text(uint8_t key)
{
    static const char *const texts[16] = {
        [0x0] = "NO SENSE",        [0x1] = "RECOVERED ERROR", [0x2] = "NOT READY",
        [0x3] = "MEDIUM ERROR",    [0x4] = "HARDWARE ERROR",  [0x5] = "ILLEGAL REQUEST",
        [0x6] = "UNIT ATTENTION",  [0x7] = "DATA PROTECT",    [0x8] = "BLANK CHECK",
        [0x9] = "VENDOR SPECIFIC", [0xA] = "COPY ABORTED",    [0xB] = "ABORTED COMMAND",
        [0xC] = "OBSOLETE",        [0xD] = "VOLUME OVERFLOW", [0xE] = "MISCOMPARE",
        [0xF] = "RESERVED",
    };

    return texts[key & 0x0F];
}

/* SPC-3 annex D.2, the ones that a CD recorder sends; ascending. */
static const struct {
    uint16_t code; /* ASC, ASCQ */
    const char *text;
} additional[] = {
    {0x0000, "NO ADDITIONAL SENSE INFORMATION"},
    {0x0017, "CLEANING REQUESTED"},
    {0x0400, "LOGICAL UNIT NOT READY, CAUSE NOT REPORTABLE"},
    {0x0401, "LOGICAL UNIT IS IN PROCESS OF BECOMING READY"},
    {0x0402, "LOGICAL UNIT NOT READY, INITIALIZING COMMAND REQUIRED"},
    {0x0403, "LOGICAL UNIT NOT READY, MANUAL INTERVENTION REQUIRED"},
    {0x0404, "LOGICAL UNIT NOT READY, FORMAT IN PROGRESS"},
    {0x0407, "LOGICAL UNIT NOT READY, OPERATION IN PROGRESS"},
    {0x0408, "LOGICAL UNIT NOT READY, LONG WRITE IN PROGRESS"},
    {0x0C00, "WRITE ERROR"},
    {0x0C07, "WRITE ERROR - RECOVERY NEEDED"},
    {0x0C09, "WRITE ERROR - LOSS OF STREAMING"},
    {0x1100, "UNRECOVERED READ ERROR"},
    {0x1105, "L-EC UNCORRECTABLE ERROR"},
    {0x1106, "CIRC UNRECOVERED ERROR"},
    {0x1A00, "PARAMETER LIST LENGTH ERROR"},
    {0x2000, "INVALID COMMAND OPERATION CODE"},
    {0x2100, "LOGICAL BLOCK ADDRESS OUT OF RANGE"},
    {0x2102, "INVALID ADDRESS FOR WRITE"},
    {0x2400, "INVALID FIELD IN CDB"},
    {0x2500, "LOGICAL UNIT NOT SUPPORTED"},
    {0x2600, "INVALID FIELD IN PARAMETER LIST"},
    {0x2700, "WRITE PROTECTED"},
    {0x2800, "NOT READY TO READY CHANGE, MEDIUM MAY HAVE CHANGED"},
    {0x2900, "POWER ON, RESET, OR BUS DEVICE RESET OCCURRED"},
    {0x2A01, "MODE PARAMETERS CHANGED"},
    {0x2C00, "COMMAND SEQUENCE ERROR"},
    {0x2C03, "CURRENT PROGRAM AREA IS NOT EMPTY"},
    {0x2C04, "CURRENT PROGRAM AREA IS EMPTY"},
    {0x3000, "INCOMPATIBLE MEDIUM INSTALLED"},
    {0x3005, "CANNOT WRITE MEDIUM - INCOMPATIBLE FORMAT"},
    {0x3006, "CANNOT FORMAT MEDIUM - INCOMPATIBLE MEDIUM"},
    {0x3900, "SAVING PARAMETERS NOT SUPPORTED"},
    {0x3A00, "MEDIUM NOT PRESENT"},
    {0x3A01, "MEDIUM NOT PRESENT - TRAY CLOSED"},
    {0x3A02, "MEDIUM NOT PRESENT - TRAY OPEN"},
    {0x3E00, "LOGICAL UNIT HAS NOT SELF-CONFIGURED YET"},
    {0x4400, "INTERNAL TARGET FAILURE"},
    {0x5302, "MEDIUM REMOVAL PREVENTED"},
    {0x5700, "UNABLE TO RECOVER TABLE-OF-CONTENTS"},
    {0x5A01, "OPERATOR MEDIUM REMOVAL REQUEST"},
    {0x6300, "END OF USER AREA ENCOUNTERED ON THIS TRACK"},
    {0x6301, "PACKET DOES NOT FIT IN AVAILABLE SPACE"},
    {0x6400, "ILLEGAL MODE FOR THIS TRACK"},
    {0x6401, "INVALID PACKET SIZE"},
    {0x7200, "SESSION FIXATION ERROR"},
    {0x7201, "SESSION FIXATION ERROR WRITING LEAD-IN"},
    {0x7202, "SESSION FIXATION ERROR WRITING LEAD-OUT"},
    {0x7203, "SESSION FIXATION ERROR - INCOMPLETE TRACK IN SESSION"},
    {0x7204, "EMPTY OR PARTIALLY WRITTEN RESERVED TRACK"},
    {0x7205, "NO MORE TRACK RESERVATIONS ALLOWED"},
    {0x7300, "CD CONTROL ERROR"},
    {0x7301, "POWER CALIBRATION AREA ALMOST FULL"},
    {0x7302, "POWER CALIBRATION AREA IS FULL"},
    {0x7303, "POWER CALIBRATION AREA ERROR"},
    {0x7304, "PROGRAM MEMORY AREA UPDATE FAILURE"},
    {0x7305, "PROGRAM MEMORY AREA IS FULL"},
};

const char *mmc_sense_text(uint32_t code)
{
    for (size_t i = 0; i < sizeof(additional) / sizeof(additional[0]); i++) {
        if (additional[i].code == (code & 0xFFFF)) {
            return additional[i].text;
        }
    }
    return NULL;
}
