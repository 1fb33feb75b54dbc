/* SPDX-License-Identifier: MIT */
/*
 * What the preload shim in a program (tools/exec) and the kernel's stand-in in `vcdr exec`
 * (tools/host) say to each other, over a Unix socket of whole messages. A process that connects
 * gets a hello with memory that both map; data of a CDB lies there, so that it is copied once. One
 * request at a time on a connection. Both ends are of one build: nothing here is kept or sent away.
 */
#ifndef VCDR_TOOLS_EXEC_PROTOCOL_H
#define VCDR_TOOLS_EXEC_PROTOCOL_H

#include <stdint.h>

/* The environment's name of the folder with the nodes and what programs look at besides. */
#define HOST_FOLDER "VCDR_EXEC_FOLDER"
#define HOST_SOCKET "socket"
#define HOST_MOST_DRIVES 16

/* The locks on a node's file that stand for the kernel's books, as bytes far behind any program's
 * own: each open file holds the first shared; O_EXCL holds the second. */
#define HOST_LOCK_USER (1LL << 61)
#define HOST_LOCK_EXCLUSIVE (HOST_LOCK_USER + 1)

enum host_op {
    HOST_CDB,         /* one CDB as it is */
    HOST_OPEN,        /* argument: enum host_open; what sr does when its node is opened */
    HOST_KEEP_LOCKED, /* argument: 0 or 1, the door's lock outlives the last close */
    HOST_CHANGED,     /* value: 1 when the medium changed since the last HOST_CHANGED */
    HOST_OPTIONS,     /* argument: bits to set, in the upper half bits to clear; value: CDO_ bits */
    HOST_STATUS,      /* value: CDS_ of the drive */
    HOST_CAPABILITY,  /* value: CDC_ bits */
};

enum host_open { HOST_OPEN_ANY = 0, HOST_OPEN_FOR_DATA = 1 };

struct host_hello {
    uint64_t memory_bytes; /* also the most that one transfer has */
};

struct host_request {
    uint32_t op;
    uint32_t drive;
    uint64_t argument;
    uint8_t cdb[16];
    uint32_t cdb_len;
    uint32_t out_len; /* bytes in the memory for the drive */
    uint32_t in_size; /* room there for what comes from it */
    uint32_t timeout_ms;
};

struct host_reply {
    int32_t error;  /* 0, or a negative errno: nothing below is valid but `result` */
    int32_t result; /* enum transport_result of a CDB */
    int64_t value;
    uint32_t status;
    uint32_t in_len;
    uint32_t sense_len;
    uint8_t sense[18];
};

#endif
