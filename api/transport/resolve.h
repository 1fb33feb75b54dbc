/* SPDX-License-Identifier: MIT */
/* A host's addresses within a bounded time. Private to api/transport. */
#ifndef VCDR_API_TRANSPORT_RESOLVE_H
#define VCDR_API_TRANSPORT_RESOLVE_H

#include <stdint.h>
#include "api/transport/transport.h"

#define RESOLVE_MOST 8
#define RESOLVE_BYTES 64

struct resolved {
    unsigned count;
    char address[RESOLVE_MOST][RESOLVE_BYTES]; /* numeric, an IPv6 address in brackets */
};

/* TRANSPORT_NO_DEVICE: there is no such host; TRANSPORT_TIMEOUT: nobody said so in time. */
enum transport_result transport_resolve(const char *host, uint64_t deadline_ms,
                                        struct resolved *out, char **why);

#endif
