/* SPDX-License-Identifier: MIT */
/*
 * A drive at the level of CDBs, for the verbs that show what is on the wire. It prints what goes
 * wrong, so that a verb has only to give up.
 */
#ifndef VCDR_TOOLS_WIRE_H
#define VCDR_TOOLS_WIRE_H

#include "api/mmc/mmc.h"
#include "api/transport/transport.h"
#include <stddef.h>
#include <stdint.h>

struct wire {
    const char *url;
    struct transport *transport;
};

/* 0, or an exit status after one line on stderr. */
int wire_open(const char *url, struct wire *wire);
void wire_close(struct wire *wire);

/* A new nexus is told of the power-on first; the kernel takes that away from programs, so do we.
 * Leaves every other sense for the command that follows. */
enum transport_result wire_clear_attention(struct wire *wire);

/* What came of a command whose answer is wanted: the bytes of data-in, or one of these. */
enum { WIRE_REFUSED = -1, WIRE_HELD = -2, WIRE_BROKEN = -3 };
struct wire_answer {
    uint8_t status;
    struct mmc_sense sense; /* all zero without one */
    enum transport_result result;
};
/* A command without data, or with data-in; a unit attention is passed over. */
int wire_read(struct wire *wire, const uint8_t cdb[16], uint8_t cdb_len, void *in, size_t in_size,
              struct wire_answer *answer);

/* In words what a wire_read that failed came to; into `text`, which is returned. */
const char *wire_text(const struct wire_answer *answer, char *text, size_t size);

/* "CHECK CONDITION"; never NULL. */
const char *wire_status_text(uint8_t status);

#endif
