/* SPDX-License-Identifier: MIT */
/* The URL of a drive, taken apart. Private to api/transport. */
#ifndef VCDR_API_TRANSPORT_URL_H
#define VCDR_API_TRANSPORT_URL_H

#include <stdint.h>
#include "api/transport/transport.h"

enum transport_kind { TRANSPORT_KIND_ISCSI, TRANSPORT_KIND_EMBEDDED, TRANSPORT_KIND_SG };

struct transport_url {
    enum transport_kind kind;
    char *storage; /* the strings below lie in it */
    /* iscsi */
    const char *host; /* without the brackets of an IPv6 address */
    uint16_t port;
    const char *target; /* the target's name, %XX decoded */
    unsigned lun;       /* 0..255 */
    const char *user;   /* NULL: none */
    const char *password;
    /* embedded */
    const char *disc; /* NULL: no disc */
    /* sg */
    const char *node; /* an absolute path */
};

/* TRANSPORT_OK, TRANSPORT_BAD_URL with *why, TRANSPORT_NO_MEMORY. */
enum transport_result transport_url_parse(const char *url, struct transport_url *out, char **why);
void transport_url_free(struct transport_url *url);

#endif
