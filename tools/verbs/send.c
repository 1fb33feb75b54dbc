/* SPDX-License-Identifier: MIT */
/* vcdr send: one raw CDB over a transport; the answer in words. */
#include "hex.h"
#include "verbs.h"
#include "wire.h"
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

struct send_options {
    const char *url;
    const char *cdb;
    const char *out_file;  /* where data-in goes */
    const char *data_file; /* where data-out comes from */
    size_t in_size;
    unsigned timeout_ms;
    bool keep_attention;
};

static int read_file(const char *path, void **data, size_t *length)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return fail(path, "%s", strerror(errno));
    char *bytes = NULL;
    size_t used = 0, room = 0, got;
    do {
        if (used == room) {
            char *more = realloc(bytes, room += 65536);
            if (more == NULL)
                break;
            bytes = more;
        }
        got = fread(bytes + used, 1, room - used, file);
        used += got;
    } while (got > 0);
    bool whole = feof(file) != 0;
    fclose(file);
    if (!whole) {
        free(bytes);
        return fail(path, "could not be read");
    }
    *data = bytes;
    *length = used;
    return EXIT_DONE;
}

static int write_file(const char *path, const void *data, size_t length)
{
    FILE *file = fopen(path, "wbe");
    if (file == NULL)
        return fail(path, "%s", strerror(errno));
    bool good = fwrite(data, 1, length, file) == length;
    good = fclose(file) == 0 && good;
    return good ? EXIT_DONE : fail(path, "%s", strerror(errno));
}

/* Where the drive says so: the field that it objects to, or how far it is. */
static void print_sense(const struct transport_task *task)
{
    struct mmc_sense sense;
    if (mmc_sense_parse(task->sense, task->sense_len, &sense) != MMC_OK)
        return;
    const char *words = mmc_sense_text(sense.code);
    printf("sense %02X/%02X/%02X %s%s%s%s", sense.key, sense.asc, sense.ascq,
           mmc_sense_key_text(sense.key), words != NULL ? ", " : "", words != NULL ? words : "",
           sense.deferred ? " (of an earlier command)" : "");
    if (sense.has_field)
        printf(", byte %u of the %s", sense.field, sense.field_in_cdb ? "CDB" : "data-out");
    if (sense.has_progress)
        printf(", %u%% done", sense.progress * 100U / 65536U);
    putchar('\n');
}

static int report(const struct send_options *options, const struct transport_task *task)
{
    printf("status %02X %s\n", task->status, wire_status_text(task->status));
    if (task->status == SAM_CHECK_CONDITION)
        print_sense(task);
    if (task->in_size > 0)
        printf("data-in %zu bytes\n", task->in_len);
    int status = task->status == SAM_GOOD ? EXIT_DONE : EXIT_FAILED;
    if (options->out_file != NULL) {
        int written = write_file(options->out_file, task->in, task->in_len);
        return written != EXIT_DONE ? written : status;
    }
    hex_dump(task->in, task->in_len, stdout);
    return status;
}

static int execute(const struct send_options *options, struct transport_task *task)
{
    struct wire wire;
    int status = wire_open(options->url, &wire);
    if (status != EXIT_DONE)
        return status;
    enum transport_result result = TRANSPORT_OK;
    if (!options->keep_attention)
        result = wire_clear_attention(&wire);
    if (result == TRANSPORT_OK)
        result = transport_execute(wire.transport, task);
    wire_close(&wire);
    if (result != TRANSPORT_OK)
        return fail(options->url, "%s", transport_result_text(result));
    return report(options, task);
}

static const struct option long_options[] = {
    {"in", required_argument, NULL, 'i'},       {"out", required_argument, NULL, 'o'},
    {"data", required_argument, NULL, 'd'},     {"timeout", required_argument, NULL, 't'},
    {"keep-attention", no_argument, NULL, 'k'}, {NULL, 0, NULL, 0},
};

/* A whole number from 0 to `most`, or -1. */
static long number(const char *text, long most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 0);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > most)
        return -1;
    return value;
}

static int read_options(int argc, char **argv, struct send_options *options)
{
    int letter;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        long value = 0;
        if (letter == 'i' || letter == 't')
            value = number(optarg, letter == 'i' ? 1L << 30 : 86400);
        if (value < 0)
            return usage_error("send", "not such a number: %s", optarg);
        if (letter == 'i')
            options->in_size = (size_t)value;
        else if (letter == 't')
            options->timeout_ms = (unsigned)value * 1000;
        else if (letter == 'o')
            options->out_file = optarg;
        else if (letter == 'd')
            options->data_file = optarg;
        else if (letter == 'k')
            options->keep_attention = true;
        else
            return usage_error("send", "%s: %s", argv[optind - 1],
                               letter == ':' ? "wants a value" : "no such option");
    }
    if (argc - optind != 2)
        return usage_error("send", "a drive's URL and a CDB in hex");
    if (options->in_size > 0 && options->data_file != NULL)
        return usage_error("send", "--in and --data: a CDB moves data one way only");
    if (options->out_file != NULL && options->in_size == 0)
        return usage_error("send", "--out wants --in N");
    options->url = argv[optind];
    options->cdb = argv[optind + 1];
    return EXIT_DONE;
}

int verb_send(int argc, char **argv)
{
    struct send_options options = {0};
    int status = read_options(argc, argv, &options);
    if (status != EXIT_DONE)
        return status;
    struct transport_task task = {.timeout_ms = options.timeout_ms, .in_size = options.in_size};
    int length = hex_parse(options.cdb, task.cdb, sizeof task.cdb);
    if (length != 6 && length != 10 && length != 12 && length != 16)
        return usage_error("send", "%s: a CDB is 6, 10, 12 or 16 bytes in hex", options.cdb);
    task.cdb_len = (uint8_t)length;
    void *out = NULL;
    if (options.data_file != NULL) {
        status = read_file(options.data_file, &out, &task.out_len);
        if (status != EXIT_DONE)
            return status;
        task.out = out;
    }
    if (options.in_size > 0 && (task.in = malloc(options.in_size)) == NULL)
        status = fail(options.url, "no memory for %zu bytes of data-in", options.in_size);
    if (status == EXIT_DONE)
        status = execute(&options, &task);
    free(out);
    free(task.in);
    return status;
}
