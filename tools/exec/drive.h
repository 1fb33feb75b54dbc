/* SPDX-License-Identifier: MIT */
/*
 * The drive behind the nodes: one connection a process, made when it is first needed and again
 * after a fork, kept to the end of the process. Any thread may call. Functions that return int give
 * 0 or a negative errno.
 */
#ifndef VCDR_TOOLS_EXEC_DRIVE_H
#define VCDR_TOOLS_EXEC_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "api/transport/transport.h"

/* Connects if need be. A failure is said once on stderr. */
int drive_connect(void);

/* One CDB; fills task->result and what it implies. -ENXIO when there is no connection. */
int drive_task(struct transport_task *task);

/* A CDB with data-in; the bytes that came, or a negative errno: -ENOMEDIUM, -EBUSY (reserved by
 * another), -EIO and the like as the kernel's sr driver has them. */
int drive_read(const uint8_t *cdb, uint8_t cdb_len, void *in, size_t size);
/* The same without data. */
int drive_command(const uint8_t *cdb, uint8_t cdb_len, unsigned timeout_ms);

/* TEST UNIT READY until no unit attention is left: 0, -ENOMEDIUM, -EBUSY, -EIO... */
int drive_ready(void);

#define DRIVE_BLOCK 2048
/* Blocks of 2048 bytes of the disc as a block device; 0 without a readable disc. */
uint64_t drive_blocks(void);

/* Like pread of the block device. */
ssize_t drive_pread(void *buf, size_t len, uint64_t offset);

size_t drive_max_transfer(void);

#endif
