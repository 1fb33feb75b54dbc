/* SPDX-License-Identifier: MIT */
#include "fake_target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER 48
#define MOST_EXECUTED 65536
#define MOST_COMMANDS 256
#define BLOCK 512
#define WINDOW 64

/* RFC 7143 11: opcodes */
enum {
    NOP_OUT = 0x00,
    SCSI_COMMAND = 0x01,
    LOGIN = 0x03,
    DATA_OUT = 0x05,
    LOGOUT = 0x06,
    NOP_IN = 0x20,
    SCSI_RESPONSE = 0x21,
    LOGIN_RESPONSE = 0x23,
    DATA_IN = 0x25,
    LOGOUT_RESPONSE = 0x26,
    R2T = 0x31,
};

struct write_command { /* one that waits for its data */
    bool used, asked;
    uint8_t itt[4];
    uint32_t lba, expected, got;
    uint8_t *data;
};

struct fake_target {
    struct fake_target_setup setup;
    int listener, quit[2];
    pthread_t thread;
    char url[96];
    unsigned port;

    pthread_mutex_t lock;
    uint32_t executed[MOST_EXECUTED];
    size_t executed_count;
    bool wrong_data;
    unsigned pongs, logouts, connections;
    char initiator[256];
    uint8_t isid[6];

    int fd; /* of the connection being served */
    uint32_t stat_sn, cmd_sn;
    uint8_t ping_itt[4]; /* the command that waits for a pong */
    bool ping_waits;
    struct write_command writes[MOST_COMMANDS];
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

/* Waits for bytes or for the order to quit. */
static bool readable(struct fake_target *t, int fd)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = t->quit[0], .events = POLLIN}};

    while (poll(fds, 2, -1) < 0 && errno == EINTR) {
    }
    return !fds[1].revents;
}

static bool read_all(struct fake_target *t, void *buf, size_t len)
{
    uint8_t *p = buf;

    while (len > 0) {
        ssize_t n;

        if (!readable(t, t->fd)) {
            return false;
        }
        n = read(t->fd, p, len);
        if (n <= 0) {
            return false;
        }
        p += n;
        len -= (size_t)n;
    }
    return true;
}

static bool send_pdu(struct fake_target *t, uint8_t header[HEADER], const void *data, size_t len)
{
    static const uint8_t zero[4];
    size_t pad = (4 - len % 4) % 4;

    header[5] = (uint8_t)(len >> 16);
    header[6] = (uint8_t)(len >> 8);
    header[7] = (uint8_t)len;
    put32(header + 28, t->cmd_sn);
    put32(header + 32, t->cmd_sn + WINDOW);
    return send(t->fd, header, HEADER, MSG_NOSIGNAL) == HEADER &&
           (len == 0 || send(t->fd, data, len, MSG_NOSIGNAL) == (ssize_t)len) &&
           (pad == 0 || send(t->fd, zero, pad, MSG_NOSIGNAL) == (ssize_t)pad);
}

static bool respond(struct fake_target *t, const uint8_t itt[4], uint8_t status, const void *sense,
                    size_t sense_len)
{
    uint8_t h[HEADER] = {SCSI_RESPONSE, 0x80, 0, status};
    uint8_t data[64] = {0};

    memcpy(h + 16, itt, 4);
    put32(h + 24, t->stat_sn++);
    data[1] = (uint8_t)sense_len;
    memcpy(data + 2, sense, sense_len);
    return send_pdu(t, h, data, sense_len ? sense_len + 2 : 0);
}

static bool good(struct fake_target *t, const uint8_t itt[4])
{
    return respond(t, itt, 0, "", 0);
}

/* Data-In with status in one PDU; `expected` is what the initiator made room for. */
static bool give(struct fake_target *t, const uint8_t itt[4], const uint8_t *data, size_t len,
                 size_t expected)
{
    size_t at = 0;
    uint32_t data_sn = 0;

    while (at < len || len == 0) {
        size_t piece = len - at < 65536 ? len - at : 65536;
        bool last = at + piece == len;
        uint8_t h[HEADER] = {DATA_IN, (uint8_t)(last ? 0x81 : 0x00)};

        memcpy(h + 16, itt, 4);
        memset(h + 20, 0xFF, 4);
        if (last) {
            put32(h + 24, t->stat_sn++);
            if (len < expected) {
                h[1] |= 0x02; /* underflow */
                put32(h + 44, (uint32_t)(expected - len));
            }
        }
        put32(h + 36, data_sn++);
        put32(h + 40, (uint32_t)at);
        if (!send_pdu(t, h, data + at, piece)) {
            return false;
        }
        at += piece;
        if (len == 0) {
            break;
        }
    }
    return true;
}

static bool ping(struct fake_target *t)
{
    uint8_t h[HEADER] = {NOP_IN, 0x80};

    memset(h + 16, 0xFF, 4);
    put32(h + 20, 0x1234); /* a target transfer tag: an answer is wanted */
    put32(h + 24, t->stat_sn);
    return send_pdu(t, h, NULL, 0);
}

static void executed(struct fake_target *t, uint32_t lba)
{
    pthread_mutex_lock(&t->lock);
    if (t->executed_count < MOST_EXECUTED) {
        t->executed[t->executed_count++] = lba;
    }
    pthread_mutex_unlock(&t->lock);
}

static bool write_done(struct fake_target *t, struct write_command *w)
{
    executed(t, w->lba);
    for (uint32_t i = 0; i < w->expected; i++) {
        if (w->data[i] != fake_byte(w->lba, i)) {
            t->wrong_data = true;
            break;
        }
    }
    free(w->data);
    w->used = false;
    return good(t, w->itt);
}

/* All that may come unasked has come: ask for the rest, or execute. */
static bool write_turn(struct fake_target *t, struct write_command *w)
{
    uint8_t h[HEADER] = {R2T, 0x80};

    if (w->got == w->expected) {
        return write_done(t, w);
    }
    if (w->asked) {
        return true;
    }
    w->asked = true;
    memcpy(h + 16, w->itt, 4);
    put32(h + 20, (uint32_t)(w - t->writes));
    put32(h + 24, t->stat_sn);
    put32(h + 40, w->got);
    put32(h + 44, w->expected - w->got);
    return send_pdu(t, h, NULL, 0);
}

static bool write_begin(struct fake_target *t, const uint8_t *h, const uint8_t *data, size_t len)
{
    static const uint8_t sense[18] = {0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x21, 0x02};
    struct write_command *w = t->writes;
    uint32_t lba = be32(h + 34);

    if (lba == FAKE_REFUSED_LBA) {
        return respond(t, h + 16, 2, sense, sizeof(sense));
    }
    while (w < t->writes + MOST_COMMANDS && w->used) {
        w++;
    }
    if (w == t->writes + MOST_COMMANDS) {
        return false;
    }
    *w = (struct write_command){.used = true, .lba = lba, .expected = be32(h + 20)};
    w->data = malloc(w->expected + 1);
    memcpy(w->itt, h + 16, 4);
    memcpy(w->data, data, len);
    w->got = (uint32_t)len;
    return (h[1] & 0x80) ? write_turn(t, w) : true; /* final: nothing more comes unasked */
}

static bool data_out(struct fake_target *t, const uint8_t *h, const uint8_t *data, size_t len)
{
    for (struct write_command *w = t->writes; w < t->writes + MOST_COMMANDS; w++) {
        if (w->used && memcmp(w->itt, h + 16, 4) == 0) {
            uint32_t offset = be32(h + 40);

            if (offset + len > w->expected) {
                return false;
            }
            memcpy(w->data + offset, data, len);
            w->got += (uint32_t)len;
            return (h[1] & 0x80) ? write_turn(t, w) : true;
        }
    }
    return true; /* of a command that was refused early */
}

static bool read_blocks(struct fake_target *t, const uint8_t *h)
{
    uint32_t lba = be32(h + 34);
    size_t len = (size_t)(h[39] << 8 | h[40]) * BLOCK;
    size_t expected = be32(h + 20);
    uint8_t *data = malloc(len + 1);
    bool ok;

    for (size_t i = 0; i < len; i++) {
        data[i] = fake_byte(lba, i);
    }
    executed(t, lba);
    ok = give(t, h + 16, data, len < expected ? len : expected, expected);
    free(data);
    return ok;
}

static bool inquiry(struct fake_target *t, const uint8_t *h)
{
    static const uint8_t data[36] = "\x05\x80\x05\x02\x1f\0\0\0FAKE    TARGET          1   ";
    size_t expected = be32(h + 20);

    return give(t, h + 16, data, expected < 36 ? expected : 36, expected);
}

static bool command(struct fake_target *t, const uint8_t *h, const uint8_t *data, size_t len)
{
    static const uint8_t sense[8] = {0x72, 0x03, 0x11, 0x05};

    if (!(h[0] & 0x40)) {
        t->cmd_sn = be32(h + 24) + 1;
    }
    switch (h[32]) {
    case 0x00:
        return good(t, h + 16);
    case 0x12:
        return inquiry(t, h);
    case 0x28:
        return read_blocks(t, h);
    case 0x2A:
        return write_begin(t, h, data, len);
    case FAKE_OP_NEVER_ANSWERED:
        return true;
    case FAKE_OP_CLOSES_AFTER:
        good(t, h + 16);
        return false;
    case FAKE_OP_DESCRIPTOR_SENSE:
        return respond(t, h + 16, 2, sense, sizeof(sense));
    case FAKE_OP_PINGS:
        memcpy(t->ping_itt, h + 16, 4);
        t->ping_waits = true;
        return ping(t);
    case FAKE_OP_SLOW_PING:
        return good(t, h + 16) && ping(t);
    case FAKE_OP_BUSY:
        return respond(t, h + 16, 8, "", 0);
    default: /* FAKE_OP_CLOSES, and whatever is not known */
        return false;
    }
}

static bool pong(struct fake_target *t, const uint8_t *h)
{
    static const uint8_t no_tag[4] = {0xFF, 0xFF, 0xFF, 0xFF};

    if (memcmp(h + 20, no_tag, 4) == 0) {
        return true; /* the initiator's own */
    }
    pthread_mutex_lock(&t->lock);
    t->pongs++;
    pthread_mutex_unlock(&t->lock);
    if (t->ping_waits) {
        t->ping_waits = false;
        return good(t, t->ping_itt);
    }
    return true;
}

static bool logout(struct fake_target *t, const uint8_t *h)
{
    uint8_t r[HEADER] = {LOGOUT_RESPONSE, 0x80};

    memcpy(r + 16, h + 16, 4);
    put32(r + 24, t->stat_sn++);
    pthread_mutex_lock(&t->lock);
    t->logouts++;
    pthread_mutex_unlock(&t->lock);
    send_pdu(t, r, NULL, 0);
    return false;
}

static void remember(struct fake_target *t, const uint8_t *h, const char *data, size_t len)
{
    pthread_mutex_lock(&t->lock);
    memcpy(t->isid, h + 8, 6);
    for (size_t at = 0; at < len; at += strnlen(data + at, len - at) + 1) {
        if (strncmp(data + at, "InitiatorName=", 14) == 0) {
            snprintf(t->initiator, sizeof(t->initiator), "%s", data + at + 14);
        }
    }
    pthread_mutex_unlock(&t->lock);
}

static size_t keys_len(const char *keys)
{
    size_t len = 0;

    while (keys[len]) {
        len += strlen(keys + len) + 1;
    }
    return len;
}

static bool login(struct fake_target *t, const uint8_t *h, const uint8_t *data, size_t len)
{
    static const char best[] = "InitialR2T=No\0ImmediateData=Yes\0FirstBurstLength=262144\0"
                               "MaxBurstLength=262144\0MaxRecvDataSegmentLength=262144\0"
                               "MaxOutstandingR2T=1\0";
    const char *keys = t->setup.keys ? t->setup.keys : best;
    uint8_t r[HEADER] = {LOGIN_RESPONSE, h[1]};
    bool operational = (h[1] & 0x0C) == 0x04;

    remember(t, h, (const char *)data, len);
    memcpy(r + 8, h + 8, 6);
    r[15] = 1; /* TSIH */
    memcpy(r + 16, h + 16, 4);
    t->cmd_sn = be32(h + 24);
    put32(r + 24, t->stat_sn++);
    if (t->setup.manner == FAKE_REFUSES_LOGIN) {
        r[36] = (uint8_t)(t->setup.login_status >> 8);
        r[37] = (uint8_t)t->setup.login_status;
        send_pdu(t, r, NULL, 0);
        return false;
    }
    if (t->setup.manner == FAKE_HALF_LOGIN) {
        return send(t->fd, r, 20, MSG_NOSIGNAL) == 20;
    }
    if (operational) {
        return send_pdu(t, r, keys, keys_len(keys));
    }
    return send_pdu(t, r, "AuthMethod=None", 16);
}

static bool pdu(struct fake_target *t, const uint8_t *h, const uint8_t *data, size_t len)
{
    bool logged_in_silence = t->setup.manner == FAKE_SILENT_AFTER_LOGIN;

    switch (h[0] & 0x3F) {
    case LOGIN:
        return t->setup.manner != FAKE_CLOSES_IN_LOGIN && login(t, h, data, len);
    case SCSI_COMMAND:
        return logged_in_silence || command(t, h, data, len);
    case DATA_OUT:
        return data_out(t, h, data, len);
    case NOP_OUT:
        return pong(t, h);
    case LOGOUT:
        return logged_in_silence || logout(t, h);
    default:
        return false;
    }
}

static void serve(struct fake_target *t)
{
    uint8_t header[HEADER];
    uint8_t *data = malloc(1 << 20);
    bool going = true;

    t->stat_sn = 1;
    while (going && read_all(t, header, HEADER)) {
        size_t len = (size_t)(header[5] << 16 | header[6] << 8 | header[7]);

        going =
            len < 1 << 20 && read_all(t, data, (len + 3) & ~(size_t)3) && pdu(t, header, data, len);
    }
    for (struct write_command *w = t->writes; w < t->writes + MOST_COMMANDS; w++) {
        if (w->used) {
            free(w->data);
            w->used = false;
        }
    }
    free(data);
}

static void *run(void *arg)
{
    struct fake_target *t = arg;

    while (readable(t, t->listener)) {
        static const int on = 1;

        t->fd = accept(t->listener, NULL, NULL);
        if (t->fd < 0) {
            continue;
        }
        setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        pthread_mutex_lock(&t->lock);
        t->connections++;
        pthread_mutex_unlock(&t->lock);
        if (t->setup.manner == FAKE_SILENT) {
            readable(t, -1); /* until the order to quit */
        } else if (t->setup.manner != FAKE_CLOSES_AT_ONCE) {
            serve(t);
        }
        close(t->fd);
    }
    return NULL;
}

struct fake_target *fake_target_start(const struct fake_target_setup *setup)
{
    struct fake_target *t = calloc(1, sizeof(*t));
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);

    t->setup = *setup;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    t->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (setup->narrow) {
        static const int bytes = 4096;

        setsockopt(t->listener, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    }
    if (bind(t->listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(t->listener, 16) != 0 ||
        getsockname(t->listener, (struct sockaddr *)&address, &len) != 0 || pipe(t->quit) != 0) {
        abort();
    }
    t->port = ntohs(address.sin_port);
    snprintf(t->url, sizeof(t->url), "iscsi://127.0.0.1:%u/iqn.2026-11.test:fake/0", t->port);
    pthread_mutex_init(&t->lock, NULL);
    if (pthread_create(&t->thread, NULL, run, t) != 0) {
        abort();
    }
    return t;
}

void fake_target_stop(struct fake_target *t)
{
    close(t->quit[1]);
    pthread_join(t->thread, NULL);
    close(t->quit[0]);
    close(t->listener);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

const char *fake_target_url(const struct fake_target *t)
{
    return t->url;
}

unsigned fake_target_port(const struct fake_target *t)
{
    return t->port;
}

size_t fake_target_executed(struct fake_target *t, const uint32_t **lbas)
{
    size_t count;

    pthread_mutex_lock(&t->lock);
    count = t->executed_count;
    *lbas = t->executed;
    pthread_mutex_unlock(&t->lock);
    return count;
}

bool fake_target_data_was_right(struct fake_target *t)
{
    return !t->wrong_data;
}

static unsigned locked(struct fake_target *t, const unsigned *value)
{
    unsigned copy;

    pthread_mutex_lock(&t->lock);
    copy = *value;
    pthread_mutex_unlock(&t->lock);
    return copy;
}

unsigned fake_target_pongs(struct fake_target *t)
{
    return locked(t, &t->pongs);
}

unsigned fake_target_logouts(struct fake_target *t)
{
    return locked(t, &t->logouts);
}

unsigned fake_target_connections(struct fake_target *t)
{
    return locked(t, &t->connections);
}

const char *fake_target_initiator(struct fake_target *t)
{
    return t->initiator;
}

const uint8_t *fake_target_isid(struct fake_target *t)
{
    return t->isid;
}
