/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "connection.h"

#include <string.h>

enum { MOST_CONNECTION_IDS = 16 }; /* initiators count theirs from 0 or 1 (RFC 7143 11.12.8) */

static bool is_iscsi(const struct tgt_target *target)
{
    return strcmp(tgt_drivers[target->driver]->name, "iscsi") == 0;
}

bool connection_is_closed(const struct tgt_cmd *cmd)
{
    const struct tgt_task *task =
        (const struct tgt_task *)((const char *)cmd - offsetof(struct tgt_task, cmd));

    if (!is_iscsi(cmd->unit->target) || task->connection->tid != cmd->unit->target->tid)
        return false;
    return task->connection->state == TGT_CONNECTION_CLOSED;
}

void connection_cut(struct tgt_target *target, uint64_t tgt_nexus_id)
{
    if (!is_iscsi(target))
        return;
    for (uint32_t id = 0; id < MOST_CONNECTION_IDS; id++)
        (void)tgt_drivers[target->driver]->update(TGT_MODE_CONNECTION, TGT_OP_DELETE, target->tid,
                                                  tgt_nexus_id, 0, id, NULL);
}
