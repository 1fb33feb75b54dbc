/* SPDX-License-Identifier: MIT */
/* A drive's answer as the errno that the kernel's sr driver makes of it. */
#ifndef VCDR_TOOLS_EXEC_ANSWER_H
#define VCDR_TOOLS_EXEC_ANSWER_H

#include "api/transport/transport.h"

/* How often a command that met a unit attention is repeated. */
#define ANSWER_MOST_ATTENTIONS 8

/* 0 for GOOD, or a negative errno: -EAGAIN a unit attention, -ENOMEDIUM, -EBUSY (reserved by
 * another, becoming ready), -EOPNOTSUPP a command that the drive does not have, -EIO and the like.
 */
int answer_errno(const struct transport_task *task);

#endif
