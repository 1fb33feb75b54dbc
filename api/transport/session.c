/* SPDX-License-Identifier: MIT */
#include "api/transport/session.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include <iscsi/scsi-lowlevel.h>
#include "api/transport/backend.h"
#include "api/transport/resolve.h"
#include "api/transport/url.h"

#define INITIATOR_PREFIX "iqn.2026-11.local.vcdr:"
#define NAME_BYTES 224 /* RFC 7143 4.2.7.1, NUL included */

/* RFC 7143 11.13.5: status class and detail of a login response */
#define LOGIN_TARGET_NOT_FOUND 0x0203
#define LOGIN_TARGET_REMOVED 0x0204

/* A name's characters as an iSCSI name may have them: lower case, digits, - . : */
static void initiator_name(const char *name, char out[NAME_BYTES])
{
    const char *forced = getenv("VCDR_INITIATOR");
    size_t len = strlen(INITIATOR_PREFIX);

    if (forced && forced[0]) {
        snprintf(out, NAME_BYTES, "%s", forced);
        return;
    }
    if (!name || !name[0]) {
        name = program_invocation_short_name;
    }
    memcpy(out, INITIATOR_PREFIX, len);
    for (; *name && len < NAME_BYTES - 1; name++) {
        unsigned char c = (unsigned char)*name;

        out[len++] = isascii(c) && (isalnum(c) || c == '.') ? (char)tolower(c) : '-';
    }
    out[len] = '\0';
}

/* Two sessions of one name and one ISID are one: the second login would end the first. */
static void set_isid(struct iscsi_context *iscsi)
{
    static atomic_uint count;
    uint32_t random = 0;

    if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random)) {
        random = (uint32_t)getpid() << 8 ^ (uint32_t)transport_now_ms();
    }
    iscsi_set_isid_random(iscsi, random & 0xFFFFFF, atomic_fetch_add(&count, 1) & 0xFFFF);
}

/*
 * libiscsi tells nobody what was agreed at login but its log, whose text it builds in one static
 * buffer: so it logs during logins only, one login's turn at a time.
 */
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local struct session_limits *listener;

static bool key(const char *text, const char *name, const char **value)
{
    size_t len = strlen(name);

    if (strncmp(text, name, len) != 0) {
        return false;
    }
    *value = text + len;
    return true;
}

static uint32_t least(uint32_t limit, const char *digits)
{
    unsigned long value = strtoul(digits, NULL, 10);

    return value > 0 && value < limit ? (uint32_t)value : limit;
}

static void hear(int level, const char *message)
{
    const char *said, *value;

    (void)level;
    if (!listener || !key(message, "TargetLoginReply: ", &said)) {
        return;
    }
    if (key(said, "InitialR2T=", &value)) {
        listener->initial_r2t = strncmp(value, "No", 2) != 0;
    } else if (key(said, "ImmediateData=", &value)) {
        listener->immediate_data = strncmp(value, "No", 2) != 0;
    } else if (key(said, "FirstBurstLength=", &value)) {
        listener->first_burst_bytes = least(listener->first_burst_bytes, value);
    } else if (key(said, "MaxRecvDataSegmentLength=", &value)) {
        unsigned long bytes = strtoul(value, NULL, 10); /* declared, not negotiated */

        listener->segment_bytes = bytes > 0 && bytes <= 0xFFFFFF ? (uint32_t)bytes : 8192;
    }
}

uint32_t session_unsolicited_bytes(const struct session_limits *limits)
{
    if (!limits->initial_r2t) {
        return limits->first_burst_bytes;
    }
    if (!limits->immediate_data) {
        return 0;
    }
    return limits->first_burst_bytes < limits->segment_bytes ? limits->first_burst_bytes
                                                             : limits->segment_bytes;
}

/* One attempt at one address. */
struct attempt {
    struct iscsi_context *iscsi;
    bool connected, done;
    int status;
    int number; /* of the error text at the moment of failure: an errno or a login status */
};

/* The last number in parentheses of libiscsi's error text: an errno, or a login status. */
static int error_number(const char *text)
{
    const char *open = strrchr(text, '(');

    return open ? atoi(open + 1) : 0;
}

static void on_login(struct iscsi_context *iscsi, int status, void *data, void *private_data)
{
    struct attempt *attempt = private_data;

    (void)data;
    attempt->status = status;
    attempt->number = error_number(iscsi_get_error(iscsi));
    attempt->done = true;
}

static void on_connect(struct iscsi_context *iscsi, int status, void *data, void *private_data)
{
    struct attempt *attempt = private_data;
    static const int on = 1;

    (void)data;
    if (status != SCSI_STATUS_GOOD) {
        attempt->status = status;
        attempt->number = error_number(iscsi_get_error(iscsi));
        attempt->done = true;
        return;
    }
    attempt->connected = true;
    setsockopt(iscsi_get_fd(iscsi), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (iscsi_login_async(iscsi, on_login, attempt) != 0) {
        attempt->status = SCSI_STATUS_ERROR;
        attempt->done = true;
    }
}

/* TRANSPORT_OK when the callbacks have spoken, whatever they said. */
static enum transport_result pump(struct attempt *attempt, uint64_t deadline_ms,
                                  struct session_limits *limits)
{
    while (!attempt->done) {
        uint64_t now = transport_now_ms();
        struct pollfd fd = {.fd = iscsi_get_fd(attempt->iscsi),
                            .events = (short)iscsi_which_events(attempt->iscsi)};
        int error;

        if (now >= deadline_ms) {
            return TRANSPORT_TIMEOUT;
        }
        if (poll(&fd, 1, (int)(deadline_ms - now)) < 0 && errno != EINTR) {
            return TRANSPORT_LOST;
        }
        pthread_mutex_lock(&log_lock);
        listener = limits;
        error = iscsi_service(attempt->iscsi, fd.revents);
        listener = NULL;
        pthread_mutex_unlock(&log_lock);
        if (error < 0 && !attempt->done) {
            return TRANSPORT_LOST;
        }
    }
    return TRANSPORT_OK;
}

static enum transport_result explain_connect(const struct attempt *attempt, const char *portal,
                                             char **why)
{
    int number = attempt->number ? attempt->number : error_number(iscsi_get_error(attempt->iscsi));

    if (number == ETIMEDOUT) {
        return transport_explain(TRANSPORT_TIMEOUT, why, "%s does not answer", portal);
    }
    if (number == EACCES || number == EPERM) {
        return transport_explain(TRANSPORT_REFUSED, why, "%s: %s", portal, strerror(number));
    }
    return transport_explain(TRANSPORT_NO_DEVICE, why, "nothing listens at %s: %s", portal,
                             number ? strerror(number) : iscsi_get_error(attempt->iscsi));
}

static enum transport_result explain_login(const struct attempt *attempt, const char *portal,
                                           const struct transport_url *url, char **why)
{
    switch (attempt->number) {
    case 0: /* the target broke the protocol */
        return transport_explain(TRANSPORT_REFUSED, why, "%s: login failed: %s", portal,
                                 iscsi_get_error(attempt->iscsi));
    case LOGIN_TARGET_NOT_FOUND:
    case LOGIN_TARGET_REMOVED:
        return transport_explain(TRANSPORT_NO_DEVICE, why, "%s has no target %s", portal,
                                 url->target);
    default:
        return transport_explain(TRANSPORT_REFUSED, why, "%s refused the login to %s (%04Xh)%s",
                                 portal, url->target, (unsigned)attempt->number,
                                 attempt->number == 0x0201 ? ": wrong user or secret, or none given"
                                                           : "");
    }
}

static struct iscsi_context *context(const struct transport_url *url, const char *name)
{
    char initiator[NAME_BYTES];
    char alias[128];
    struct iscsi_context *iscsi;

    initiator_name(name, initiator);
    iscsi = iscsi_create_context(initiator);
    if (!iscsi) {
        return NULL;
    }
    snprintf(alias, sizeof(alias), "%.90s[%ld]",
             name && name[0] ? name : program_invocation_short_name, (long)getpid());
    set_isid(iscsi);
    iscsi_set_alias(iscsi, alias);
    iscsi_set_session_type(iscsi, ISCSI_SESSION_NORMAL);
    iscsi_set_targetname(iscsi, url->target);
    iscsi_set_header_digest(iscsi, ISCSI_HEADER_DIGEST_NONE);
    /* a session that came back by itself would be a new nexus, which holds no lock */
    iscsi_set_noautoreconnect(iscsi, 1);
    iscsi_set_reconnect_max_retries(iscsi, 0);
    /* data with the command, so that no WRITE waits to be asked for its data and is overtaken */
    iscsi_set_immediate_data(iscsi, ISCSI_IMMEDIATE_DATA_YES);
    iscsi_set_initial_r2t(iscsi, ISCSI_INITIAL_R2T_NO);
    if (url->user) {
        iscsi_set_initiator_username_pwd(iscsi, url->user, url->password);
    }
    iscsi_set_log_fn(iscsi, hear);
    return iscsi;
}

static enum transport_result connect_one(struct attempt *attempt, const char *portal,
                                         const struct transport_url *url, uint64_t deadline_ms,
                                         struct session_limits *limits, char **why)
{
    enum transport_result result;
    int error;

    pthread_mutex_lock(&log_lock);
    iscsi_set_log_level(attempt->iscsi, 6);
    error = iscsi_connect_async(attempt->iscsi, portal, on_connect, attempt);
    pthread_mutex_unlock(&log_lock);
    if (error != 0) {
        return explain_connect(attempt, portal, why);
    }
    fcntl(iscsi_get_fd(attempt->iscsi), F_SETFD, FD_CLOEXEC);
    result = pump(attempt, deadline_ms, limits);
    if (result == TRANSPORT_TIMEOUT) {
        return transport_explain(result, why, "%s %s", portal,
                                 attempt->connected ? "accepted the connection, but does not answer"
                                                    : "does not answer");
    }
    if (!attempt->connected) {
        return explain_connect(attempt, portal, why);
    }
    if (result == TRANSPORT_LOST) {
        return transport_explain(result, why, "%s closed the connection during the login", portal);
    }
    return attempt->status == SCSI_STATUS_GOOD ? TRANSPORT_OK
                                               : explain_login(attempt, portal, url, why);
}

static void drop_reason(char **why)
{
    if (why) {
        free(*why);
        *why = NULL;
    }
}

enum transport_result session_open(const struct transport_url *url, const char *name,
                                   uint64_t deadline_ms, struct iscsi_context **out,
                                   struct session_limits *limits, char **why)
{
    struct resolved hosts;
    enum transport_result result = transport_resolve(url->host, deadline_ms, &hosts, why);

    /* "localhost" may be two addresses of which one answers; libiscsi would try the first only */
    for (unsigned i = 0; result == TRANSPORT_OK && i < hosts.count; i++) {
        struct attempt attempt = {.iscsi = context(url, name)};
        char portal[RESOLVE_BYTES + 8];

        if (!attempt.iscsi) {
            return TRANSPORT_NO_MEMORY;
        }
        *limits = (struct session_limits){.initial_r2t = true,
                                          .immediate_data = true,
                                          .first_burst_bytes = 262144,
                                          .segment_bytes = 8192};
        snprintf(portal, sizeof(portal), "%s:%u", hosts.address[i], url->port);
        drop_reason(why);
        result = connect_one(&attempt, portal, url, deadline_ms, limits, why);
        pthread_mutex_lock(&log_lock);
        iscsi_set_log_level(attempt.iscsi, 0);
        pthread_mutex_unlock(&log_lock);
        iscsi_set_log_fn(attempt.iscsi, NULL);
        if (result == TRANSPORT_OK) {
            *out = attempt.iscsi;
            return TRANSPORT_OK;
        }
        iscsi_destroy_context(attempt.iscsi);
        if (!attempt.connected && i + 1 < hosts.count) {
            result = TRANSPORT_OK; /* try the next address */
        }
    }
    return result;
}
