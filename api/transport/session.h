/* SPDX-License-Identifier: MIT */
/*
 * One iSCSI session over libiscsi: the initiator's name, connection and login. What is done with it
 * afterwards is iscsi.c's. Private to api/transport.
 */
#ifndef VCDR_API_TRANSPORT_SESSION_H
#define VCDR_API_TRANSPORT_SESSION_H

#include <iscsi/iscsi.h>
#include <stdint.h>
#include "api/transport/transport.h"

struct transport_url;

/* What the target agreed to (RFC 7143 13.10-13.14), and libiscsi's own limits. */
struct session_limits {
    bool initial_r2t, immediate_data;
    uint32_t first_burst_bytes;
    uint32_t segment_bytes; /* the target's MaxRecvDataSegmentLength */
};

/* Logged in within the deadline, nothing sent yet. The caller destroys the context. */
enum transport_result session_open(const struct transport_url *url, const char *name,
                                   uint64_t deadline_ms, struct iscsi_context **out,
                                   struct session_limits *limits, char **why);

/* The most bytes of a WRITE that arrive whole with the command, before any later command. */
uint32_t session_unsolicited_bytes(const struct session_limits *limits);

#endif
