/* SPDX-License-Identifier: MIT */
/*
 * A small iSCSI target on a free port of 127.0.0.1, on a thread of its own, that can misbehave on
 * demand. It knows INQUIRY, TEST UNIT READY, READ(10), WRITE(10) of 512-byte blocks and the vendor
 * opcodes below, and keeps what came in the order in which it executed it.
 */
#ifndef VCDR_TESTS_API_TRANSPORT_FAKE_TARGET_H
#define VCDR_TESTS_API_TRANSPORT_FAKE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fake_manner {
    FAKE_PROPER,
    FAKE_CLOSES_AT_ONCE,
    FAKE_SILENT,          /* accepts and says nothing */
    FAKE_CLOSES_IN_LOGIN, /* reads the login request, then closes */
    FAKE_HALF_LOGIN,      /* sends half a login response, then nothing */
    FAKE_REFUSES_LOGIN,   /* with login_status */
    FAKE_SILENT_AFTER_LOGIN,
};

struct fake_target_setup {
    enum fake_manner manner;
    unsigned login_status;
    const char *keys; /* what login agrees to: "InitialR2T=No\0...\0", two NULs at the end; NULL:
                       * all that is best for pipelining */
    bool narrow;      /* a small receive buffer, so that the initiator must wait while it sends */
};

/* Vendor opcodes, 6 bytes */
#define FAKE_OP_NEVER_ANSWERED 0xC0
#define FAKE_OP_CLOSES 0xC1           /* closes the connection */
#define FAKE_OP_DESCRIPTOR_SENSE 0xC2 /* CHECK CONDITION 03/11/05 in descriptor format */
#define FAKE_OP_PINGS 0xC3            /* NOP-In first; answers when the initiator answered that */
#define FAKE_OP_SLOW_PING 0xC4        /* GOOD at once; NOP-In afterwards; see fake_target_pongs */
#define FAKE_OP_BUSY 0xC5             /* status BUSY */
#define FAKE_OP_CLOSES_AFTER 0xC6     /* GOOD, then closes */
/* WRITE(10) to this LBA is refused (05/21/02) before its R2T data is asked for */
#define FAKE_REFUSED_LBA 0x00DEAD00

struct fake_target;
struct fake_target *fake_target_start(const struct fake_target_setup *setup);
void fake_target_stop(struct fake_target *target);
/* A URL of it; static storage of the target. */
const char *fake_target_url(const struct fake_target *target);
unsigned fake_target_port(const struct fake_target *target);

/* LBAs of the commands in order of execution. */
size_t fake_target_executed(struct fake_target *target, const uint32_t **lbas);
bool fake_target_data_was_right(struct fake_target *target);
unsigned fake_target_pongs(struct fake_target *target); /* NOP-Outs that answered a NOP-In */
unsigned fake_target_logouts(struct fake_target *target);
unsigned fake_target_connections(struct fake_target *target);
/* The initiator's name and ISID of the last login. */
const char *fake_target_initiator(struct fake_target *target);
const uint8_t *fake_target_isid(struct fake_target *target);

/* Byte i of block lba in READ and WRITE. */
static inline uint8_t fake_byte(uint32_t lba, size_t i)
{
    return (uint8_t)(lba * 31 + i / 512 * 31 + i % 251);
}

#endif
