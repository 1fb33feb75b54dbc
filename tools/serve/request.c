/* SPDX-License-Identifier: MIT */
#include "serve/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "serve/drives.h"
#include "serve/faults.h"
#include "verbs.h"

enum { SECRET_MOST = 255 };

/* The words as they stand; checked and completed afterwards. */
struct words_given {
    struct drives_wish drives;
    struct words faults;
    const char *portal, *secret_file, *dead_peer, *silent_peer;
    bool out_of_memory;
};

enum option_number {
    OPTION_DISC = 1,
    OPTION_PORTAL,
    OPTION_RECORD,
    OPTION_RECORD_COMMANDS,
    OPTION_READY_FILE,
    OPTION_NAME,
    OPTION_IQN,
    OPTION_SERIAL,
    OPTION_CHAP_USER,
    OPTION_CHAP_SECRET_FILE,
    OPTION_DEAD_PEER,
    OPTION_SILENT_PEER,
    OPTION_EXIT_WITH_PARENT,
    OPTION_FAULT,
    OPTION_CONTROL,
    OPTION_TIMING,
};

static const struct option options[] = {
    {"disc", required_argument, NULL, OPTION_DISC},
    {"portal", required_argument, NULL, OPTION_PORTAL},
    {"record", required_argument, NULL, OPTION_RECORD},
    {"record-commands", no_argument, NULL, OPTION_RECORD_COMMANDS},
    {"ready-file", required_argument, NULL, OPTION_READY_FILE},
    {"name", required_argument, NULL, OPTION_NAME},
    {"iqn", required_argument, NULL, OPTION_IQN},
    {"serial", required_argument, NULL, OPTION_SERIAL},
    {"chap-user", required_argument, NULL, OPTION_CHAP_USER},
    {"chap-secret-file", required_argument, NULL, OPTION_CHAP_SECRET_FILE},
    {"dead-peer", required_argument, NULL, OPTION_DEAD_PEER},
    {"silent-peer", required_argument, NULL, OPTION_SILENT_PEER},
    {"exit-with-parent", no_argument, NULL, OPTION_EXIT_WITH_PARENT},
    {"fault", required_argument, NULL, OPTION_FAULT},
    {"control", required_argument, NULL, OPTION_CONTROL},
    {"timing", required_argument, NULL, OPTION_TIMING},
    {NULL, 0, NULL, 0},
};

static void take(enum option_number option, const char *value, struct words_given *given,
                 struct request *request)
{
    bool kept = true;

    switch (option) {
    case OPTION_DISC:
        kept = words_add(&given->drives.discs, value);
        break;
    case OPTION_NAME:
        kept = words_add(&given->drives.names, value);
        break;
    case OPTION_IQN:
        kept = words_add(&given->drives.iqns, value);
        break;
    case OPTION_SERIAL:
        kept = words_add(&given->drives.serials, value);
        break;
    case OPTION_PORTAL:
        given->portal = value;
        break;
    case OPTION_RECORD:
        given->drives.record = value;
        break;
    case OPTION_RECORD_COMMANDS:
        given->drives.record_commands = true;
        break;
    case OPTION_READY_FILE:
        request->ready_file = value;
        break;
    case OPTION_CHAP_USER:
        request->user = value;
        break;
    case OPTION_CHAP_SECRET_FILE:
        given->secret_file = value;
        break;
    case OPTION_DEAD_PEER:
        given->dead_peer = value;
        break;
    case OPTION_SILENT_PEER:
        given->silent_peer = value;
        break;
    case OPTION_EXIT_WITH_PARENT:
        request->exit_with_parent = true;
        break;
    case OPTION_FAULT:
        kept = words_add(&given->faults, value);
        break;
    case OPTION_TIMING:
        kept = words_add(&given->drives.timings, value);
        break;
    case OPTION_CONTROL:
        request->control = value;
        break;
    }
    if (!kept)
        given->out_of_memory = true;
}

/* "host:port" or "[v6]:port", names allowed, into a numeric portal and a host for URLs. */
static int resolve_portal(const char *text, struct request *request)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    const char *colon = strrchr(text, ':');
    char host[256], number[INET6_ADDRSTRLEN];
    size_t len = colon ? (size_t)(colon - text) : 0;
    bool v6;
    int error;

    if (len > 2 && text[0] == '[' && text[len - 1] == ']')
        snprintf(host, sizeof(host), "%.*s", (int)(len - 2), text + 1);
    else
        snprintf(host, sizeof(host), "%.*s", (int)len, text);
    if (len == 0 || strspn(colon + 1, "0123456789") != strlen(colon + 1) || !colon[1] ||
        strlen(colon + 1) > 5 || atoi(colon + 1) > 65535)
        return usage_error("serve", "--portal wants HOST:PORT");
    error = getaddrinfo(host, colon + 1, &hints, &found);
    if (error)
        return fail(host, "%s", gai_strerror(error));
    getnameinfo(found->ai_addr, found->ai_addrlen, number, sizeof(number), NULL, 0, NI_NUMERICHOST);
    v6 = found->ai_family == AF_INET6;
    freeaddrinfo(found);
    snprintf(request->portal, sizeof(request->portal), v6 ? "[%s]:%d" : "%s:%d", number,
             atoi(colon + 1));
    /* one cannot log in to a wildcard: this machine's own address stands for it */
    if (strcmp(number, "0.0.0.0") == 0)
        snprintf(number, sizeof(number), "127.0.0.1");
    else if (strcmp(number, "::") == 0)
        snprintf(number, sizeof(number), "::1");
    snprintf(request->host, sizeof(request->host), v6 ? "[%s]" : "%s", number);
    return EXIT_DONE;
}

static int read_secret(const char *file, struct request *request)
{
    const char *from_environment = getenv("VCDR_CHAP_SECRET");
    char line[SECRET_MOST + 2] = "";
    FILE *in;

    if (file) {
        in = fopen(file, "re");
        if (!in)
            return fail(file, "%s", strerror(errno));
        if (!fgets(line, sizeof(line), in))
            line[0] = '\0';
        fclose(in);
        line[strcspn(line, "\r\n")] = '\0';
    } else if (from_environment) {
        snprintf(line, sizeof(line), "%s", from_environment);
    } else {
        return usage_error("serve", "--chap-user wants a secret, by --chap-secret-file or in the "
                                    "environment as VCDR_CHAP_SECRET");
    }
    request->secret = strdup(line);
    explicit_bzero(line, sizeof(line));
    if (!request->secret)
        return fail("serve", "out of memory");
    if (request->secret[0] == '\0' || strlen(request->secret) > SECRET_MOST)
        return fail(file ? file : "VCDR_CHAP_SECRET", "a secret has 1 to %d characters",
                    SECRET_MOST);
    return EXIT_DONE;
}

enum { MOST_SECONDS = 32767 }; /* of TCP_KEEPIDLE, tcp(7) */

static int parse_seconds(const char *option, const char *text, int *out)
{
    if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text) || strlen(text) > 5 ||
        atoi(text) > MOST_SECONDS)
        return usage_error("serve", "%s wants 0 to %d seconds", option, MOST_SECONDS);
    *out = atoi(text);
    return EXIT_DONE;
}

static int complete(struct words_given *given, struct request *request)
{
    const char *wrong;
    int status;

    if (given->out_of_memory)
        return fail("serve", "out of memory");
    if (given->drives.record_commands && !given->drives.record)
        return usage_error("serve", "--record-commands wants --record FILE");
    if (given->secret_file && !request->user)
        return usage_error("serve", "--chap-secret-file wants --chap-user");
    wrong = drives_make(&given->drives, &request->drives, &request->drive_count);
    if (wrong)
        return usage_error("serve", "%s", wrong);
    status = faults_give(&given->faults, request->drives, request->drive_count);
    if (!status)
        status = resolve_portal(given->portal ? given->portal : "127.0.0.1:0", request);
    if (!status && given->dead_peer)
        status = parse_seconds("--dead-peer", given->dead_peer, &request->dead_peer_seconds);
    if (!status && given->silent_peer)
        status = parse_seconds("--silent-peer", given->silent_peer, &request->silent_peer_seconds);
    if (!status && request->user)
        status = read_secret(given->secret_file, request);
    return status;
}

int request_parse(int argc, char **argv, struct request *out)
{
    struct request request = {.dead_peer_seconds = -1};
    struct words_given given = {.portal = NULL};
    int words = 1, letter, status = EXIT_DONE;

    while (words < argc && strcmp(argv[words], "--") != 0)
        words++;
    if (words < argc) {
        request.command = argv + words + 1;
        if (!request.command[0])
            return usage_error("serve", "a command follows --");
    }
    opterr = 0;
    while (!status && (letter = getopt_long(words, argv, "+:", options, NULL)) != -1) {
        if (letter == ':' || letter == '?')
            status = usage_error("serve", "%s: %s", argv[optind - 1],
                                 letter == ':' ? "wants a value" : "no such option");
        else
            take((enum option_number)letter, optarg, &given, &request);
    }
    if (!status && optind < words)
        status = usage_error("serve", "%s: not an option", argv[optind]);
    if (!status)
        status = complete(&given, &request);
    words_free(&given.drives.discs);
    words_free(&given.drives.names);
    words_free(&given.drives.iqns);
    words_free(&given.drives.serials);
    words_free(&given.drives.timings);
    words_free(&given.faults);
    if (status)
        request_free(&request);
    else
        *out = request;
    return status;
}

void request_free(struct request *request)
{
    drives_free(request->drives, request->drive_count);
    if (request->secret)
        explicit_bzero(request->secret, strlen(request->secret));
    free(request->secret);
    *request = (struct request){.dead_peer_seconds = -1};
}
