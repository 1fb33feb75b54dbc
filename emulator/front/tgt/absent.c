/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "absent.h"

#include <string.h>
#include <vcdr/codes.h>

static size_t put_in(struct vcdr_command *command, const uint8_t *data, size_t len,
                     size_t allocation)
{
    if (len > allocation)
        len = allocation;
    if (len > command->in_size)
        len = command->in_size;
    if (len > 0)
        memcpy(command->in, data, len);
    return len;
}

static void set_fixed_sense(uint8_t sense[VCDR_SENSE_BYTES], uint32_t key_asc_ascq)
{
    memset(sense, 0, VCDR_SENSE_BYTES);
    sense[0] = 0x70;
    sense[2] = (uint8_t)(key_asc_ascq >> 16);
    sense[7] = VCDR_SENSE_BYTES - 8;
    sense[12] = (uint8_t)(key_asc_ascq >> 8);
    sense[13] = (uint8_t)key_asc_ascq;
}

static void absent_inquiry(struct vcdr_command *command)
{
    /* peripheral qualifier 011b, device type 1Fh: no such unit */
    uint8_t data[36] = {0x7F, 0x00, 0x05, 0x02, sizeof(data) - 5};
    size_t len = sizeof(data);

    if (command->cdb[1] & 0x01) { /* EVPD: an empty page of that code */
        memset(data + 1, 0, sizeof(data) - 1);
        data[1] = command->cdb[2];
        len = 4;
    }
    command->in_len = put_in(command, data, len, (size_t)command->cdb[3] << 8 | command->cdb[4]);
    command->status = SAM_GOOD;
}

/* SPC-3 6.4.1, 6.27; SAM-3 4.9.4 */
void absent_unit(struct vcdr_target present, struct vcdr_command *command, struct vcdr_time now)
{
    uint8_t sense[VCDR_SENSE_BYTES];

    set_fixed_sense(sense, SENSE_LOGICAL_UNIT_NOT_SUPPORTED);
    switch (command->cdb[0]) {
    case OP_INQUIRY:
        absent_inquiry(command);
        return;
    case OP_REPORT_LUNS: /* any unit, also one that is not there, answers for the whole target */
        if (!present.ops)
            break;
        present.ops->execute(present.ctx, command, now);
        return;
    case OP_REQUEST_SENSE:
        command->in_len = put_in(command, sense, sizeof(sense), command->cdb[4]);
        command->status = SAM_GOOD;
        return;
    }
    command->status = SAM_CHECK_CONDITION;
    memcpy(command->sense, sense, sizeof(sense));
    command->sense_len = sizeof(sense);
}
