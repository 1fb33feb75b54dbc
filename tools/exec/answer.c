/* SPDX-License-Identifier: MIT */
#include "exec/answer.h"

#include <errno.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"

#define ASC_INVALID_OPCODE 0x20
#define ASC_NO_MEDIUM 0x3A

int answer_errno(const struct transport_task *task)
{
    struct mmc_sense sense;

    if (task->result != TRANSPORT_OK) {
        return task->result == TRANSPORT_NO_MEMORY ? -ENOMEM
               : task->result == TRANSPORT_INVALID ? -EINVAL
                                                   : -EIO;
    }
    if (task->status == SAM_GOOD) {
        return 0;
    }
    if (task->status == SAM_RESERVATION_CONFLICT || task->status == SAM_BUSY) {
        return -EBUSY;
    }
    if (mmc_sense_parse(task->sense, task->sense_len, &sense) != MMC_OK) {
        return -EIO;
    }
    if (sense.key == SENSE_KEY_UNIT_ATTENTION) {
        return -EAGAIN;
    }
    if (sense.key == SENSE_KEY_NOT_READY) {
        return sense.asc == ASC_NO_MEDIUM ? -ENOMEDIUM : -EBUSY;
    }
    return sense.key == SENSE_KEY_ILLEGAL_REQUEST && sense.asc == ASC_INVALID_OPCODE ? -EOPNOTSUPP
                                                                                     : -EIO;
}
