/* SPDX-License-Identifier: MIT */
/*
 * Exclusive access to a drive of this host, among the host's own programs. Behind a kernel all of
 * them are one nexus, so the drive cannot tell them apart; the host can. Two things are held
 * together: a lock file, whose content is the owner's name, and the sr node opened O_EXCL, which
 * keeps mounts and other burners away. Both end with the process however it ends. Private to
 * api/transport.
 */
#ifndef VCDR_API_TRANSPORT_HOST_LOCK_H
#define VCDR_API_TRANSPORT_HOST_LOCK_H

#include <stdbool.h>
#include <sys/types.h>
#include "api/transport/transport.h"

struct host_lock {
    dev_t device;   /* of the sr node, or of the sg node of a drive that has none */
    char node[256]; /* path of the sr node; "" for none */
    int file;       /* -1: not held */
    int exclusive;  /* the node, O_EXCL; -1: not held, or forced */
};

/* *lock describes the device; nothing is held. */
void host_lock_init(struct host_lock *lock, dev_t device, const char *node);

/* TRANSPORT_HELD: another program of this host has it under a name. TRANSPORT_REFUSED: a file
 * system is mounted or a program holds the node (not asked with `force`), or there are no rights.
 * TRANSPORT_NO_DEVICE: the node is gone, or the host has no folder for locks. */
enum transport_result host_lock_acquire(struct host_lock *lock, bool force, const char *name);
void host_lock_release(struct host_lock *lock);

/* Whether any program of this host, this one included, holds it, and under which name (at most size
 * - 1 characters; "" when free). */
bool host_lock_owner(const struct host_lock *lock, char *name, size_t size);

#endif
