/* SPDX-License-Identifier: MIT */
/*
 * The drives behind the nodes, as the host (tools/host) has them: one connection to it a process,
 * made when it is first needed and again after a fork. Any thread may call. Functions that return
 * int give 0 or a negative errno.
 */
#ifndef VCDR_TOOLS_EXEC_DRIVE_H
#define VCDR_TOOLS_EXEC_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "api/transport/transport.h"
#include "protocol.h"

/* The descriptor of the connection, which the program must not close; -1 for none. */
int drive_connection(void);

/* A request without data; its value (may be NULL). -ENXIO where the host is gone. */
int drive_ask(const struct host_request *request, int64_t *value);

/* One CDB; fills task->result and what it implies. */
int drive_task(unsigned drive, struct transport_task *task);

/* A CDB with data-in; the bytes that came, or a negative errno: -ENOMEDIUM, -EBUSY (reserved by
 * another), -EIO and the like as the kernel's sr driver has them. A unit attention is passed over.
 */
int drive_read(unsigned drive, const uint8_t *cdb, uint8_t cdb_len, void *in, size_t size);
/* The same without data. */
int drive_command(unsigned drive, const uint8_t *cdb, uint8_t cdb_len, unsigned timeout_ms);

#define DRIVE_BLOCK 2048
/* The size of the disc as a block device, which is 1 GiB where the drive cannot tell (sr has it
 * so). */
uint64_t drive_bytes(unsigned drive);
void drive_forget_size(unsigned drive); /* it is asked again */

/* Like pread of the block device. */
ssize_t drive_pread(unsigned drive, void *buf, size_t len, uint64_t offset);

/* Most bytes of one transfer. */
size_t drive_max_transfer(void);

#endif
