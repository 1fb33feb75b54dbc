/* SPDX-License-Identifier: MIT */
#include "api/transport/url.h"

#include <stdlib.h>
#include <string.h>
#include "api/transport/backend.h"

#define ISCSI_PORT 3260 /* RFC 7143 */

static enum transport_result bad(char **why, const char *reason)
{
    return transport_explain(TRANSPORT_BAD_URL, why, "%s", reason);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX in place; false when it is malformed or hides a NUL. */
static bool decode(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++, to++) {
        if (*from != '%') {
            *to = *from;
            continue;
        }
        if (hex_digit(from[1]) < 0 || hex_digit(from[2]) < 0) {
            return false;
        }
        *to = (char)(hex_digit(from[1]) << 4 | hex_digit(from[2]));
        if (*to == '\0') {
            return false;
        }
        from += 2;
    }
    *to = '\0';
    return true;
}

/* A decimal number from 0 to `most`, all of `text`. */
static bool number(const char *text, unsigned long most, unsigned long *out)
{
    char *end;

    if (text[0] < '0' || text[0] > '9' || strlen(text) > 9) {
        return false;
    }
    *out = strtoul(text, &end, 10);
    return *end == '\0' && *out <= most;
}

/* HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT */
static enum transport_result parse_portal(char *portal, struct transport_url *url, char **why)
{
    char *port = NULL;
    unsigned long value = ISCSI_PORT;

    if (portal[0] == '[') {
        char *close = strchr(portal, ']');

        if (!close || (close[1] != '\0' && close[1] != ':')) {
            return bad(why, "an address in brackets must end in ] or ]:PORT");
        }
        port = close[1] == ':' ? close + 2 : NULL;
        *close = '\0';
        portal++;
    } else {
        char *colon = strchr(portal, ':');

        if (colon && strchr(colon + 1, ':')) {
            return bad(why, "an IPv6 address stands in brackets");
        }
        if (colon) {
            *colon = '\0';
            port = colon + 1;
        }
    }
    if (portal[0] == '\0') {
        return bad(why, "no host");
    }
    if (strpbrk(portal, "[]")) {
        return bad(why, "a bracket within the host");
    }
    if (port && (!number(port, 65535, &value) || value == 0)) {
        return bad(why, "the port is not a number from 1 to 65535");
    }
    url->host = portal;
    url->port = (uint16_t)value;
    return TRANSPORT_OK;
}

/* The account: in the URL, or, so that no secret need stand in a URL, in libiscsi's environment. */
static enum transport_result parse_account(char *account, struct transport_url *url, char **why)
{
    char *percent;

    if (!account) {
        url->user = getenv("LIBISCSI_CHAP_USERNAME");
        url->password = getenv("LIBISCSI_CHAP_PASSWORD");
        if (!url->user || !url->password) {
            url->user = url->password = NULL;
        }
        return TRANSPORT_OK;
    }
    percent = strchr(account, '%');
    if (!percent || percent == account || percent[1] == '\0') {
        return bad(why, "before the @ stands user%password");
    }
    *percent = '\0';
    url->user = account;
    url->password = percent + 1;
    return TRANSPORT_OK;
}

/* [user%password@]host[:port]/iqn/lun */
static enum transport_result parse_iscsi(char *rest, struct transport_url *url, char **why)
{
    char *at = strrchr(rest, '@');
    char *portal = at ? at + 1 : rest;
    char *target = strchr(portal, '/');
    char *lun = target ? strrchr(target + 1, '/') : NULL;
    unsigned long value;
    enum transport_result result;

    if (!lun || strchr(target + 1, '/') != lun) {
        return bad(why, "expected iscsi://[user%password@]host[:port]/iqn/lun");
    }
    *target++ = '\0';
    *lun++ = '\0';
    if (!number(lun, 255, &value)) {
        return bad(why, "the logical unit is not a number from 0 to 255");
    }
    if (target[0] == '\0' || !decode(target)) {
        return bad(why, "no target name, or a malformed one");
    }
    if (strlen(target) > 223) { /* RFC 7143 4.2.7.1 */
        return bad(why, "the target name is longer than 223 characters");
    }
    if (at) {
        *at = '\0';
    }
    result = parse_account(at ? rest : NULL, url, why);
    if (result != TRANSPORT_OK) {
        return result;
    }
    url->kind = TRANSPORT_KIND_ISCSI;
    url->target = target;
    url->lun = (unsigned)value;
    return parse_portal(portal, url, why);
}

static bool begins(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static enum transport_result parse(struct transport_url *url, char **why)
{
    char *text = url->storage;

    if (begins(text, "iscsi://")) {
        return parse_iscsi(text + strlen("iscsi://"), url, why);
    }
    if (begins(text, "embedded:")) {
        url->kind = TRANSPORT_KIND_EMBEDDED;
        url->disc = text[strlen("embedded:")] ? text + strlen("embedded:") : NULL;
        return TRANSPORT_OK;
    }
    if (begins(text, "sg:") || begins(text, "/dev/")) {
        url->kind = TRANSPORT_KIND_SG;
        url->node = begins(text, "sg:") ? text + strlen("sg:") : text;
        return url->node[0] == '/' ? TRANSPORT_OK : bad(why, "sg: wants the whole path of a node");
    }
    return bad(why, "a drive is iscsi://host:port/iqn/lun, embedded:DISC or sg:/dev/sr0");
}

enum transport_result transport_url_parse(const char *text, struct transport_url *out, char **why)
{
    struct transport_url url = {.storage = strdup(text)};
    enum transport_result result;

    if (!url.storage) {
        return TRANSPORT_NO_MEMORY;
    }
    result = parse(&url, why);
    if (result != TRANSPORT_OK) {
        transport_url_free(&url);
        return result;
    }
    *out = url;
    return TRANSPORT_OK;
}

void transport_url_free(struct transport_url *url)
{
    if (url->storage) {
        /* it may hold a secret */
        explicit_bzero(url->storage, strlen(url->storage));
        free(url->storage);
    }
    url->storage = NULL;
}
