/* SPDX-License-Identifier: MIT */
#include "drive.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"

#define READ_BLOCKS 32 /* 64 KiB at a time */
#define MOST_ATTENTIONS 8
#define SENSE_BYTES 18

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct transport *transport;
static pid_t owner; /* the process that connected */
static bool told;

static void at_end(void)
{
    /* a child that ends without exec has nothing to say to its parent's drive */
    if (transport && owner == getpid()) {
        transport_close(transport);
        transport = NULL;
    }
}

/* A child's connection is its own: the parent's is dead for it (api/transport sees to that). */
static void in_child(void)
{
    pthread_mutex_init(&lock, NULL);
    transport = NULL;
}

static void once(void)
{
    atexit(at_end);
    pthread_atfork(NULL, NULL, in_child);
}

/* Where somebody else holds the drive TEST UNIT READY is not for us, and REQUEST SENSE is (SPC-2
 * 5.5.1); it takes an attention away by telling it. */
static uint8_t pending_key(struct transport *t)
{
    uint8_t data[SENSE_BYTES];
    struct transport_task task = {.cdb_len = 6};
    struct mmc_sense sense;
    enum mmc_result parsed;

    mmc_cdb_test_unit_ready(task.cdb);
    if (transport_execute(t, &task) != TRANSPORT_OK) {
        return SENSE_KEY_NO_SENSE;
    }
    if (task.status == SAM_RESERVATION_CONFLICT) {
        task = (struct transport_task){.in = data, .in_size = sizeof(data)};
        task.cdb_len = mmc_cdb_request_sense(task.cdb, sizeof(data));
        if (transport_execute(t, &task) != TRANSPORT_OK || task.status != SAM_GOOD) {
            return SENSE_KEY_NO_SENSE;
        }
        parsed = mmc_sense_parse(data, task.in_len, &sense);
    } else {
        parsed = mmc_sense_parse(task.sense, task.sense_len, &sense);
    }
    return parsed == MMC_OK ? sense.key : SENSE_KEY_NO_SENSE;
}

/* The kernel takes the attentions of power-on and medium when it finds the drive; programs behind
 * it never see them, and some take one for a failure. */
static void clear_attentions(struct transport *t)
{
    for (int i = 0; i < MOST_ATTENTIONS; i++) {
        if (pending_key(t) != SENSE_KEY_UNIT_ATTENTION) {
            return;
        }
    }
}

static int open_transport(void)
{
    static pthread_once_t at_first = PTHREAD_ONCE_INIT;
    const char *url = getenv("VCDR_URL");
    char *why = NULL;
    enum transport_result result;

    pthread_once(&at_first, once);
    result =
        transport_open(url ? url : "embedded:", program_invocation_short_name, &transport, &why);
    if (result != TRANSPORT_OK) {
        transport = NULL;
        if (!told) {
            fprintf(stderr, "vcdr: drive: %s\n", why ? why : transport_result_text(result));
        }
        told = true;
        free(why);
        return result == TRANSPORT_NO_MEMORY ? -ENOMEM
               : result == TRANSPORT_REFUSED ? -EBUSY
                                             : -ENXIO;
    }
    owner = getpid();
    clear_attentions(transport);
    return 0;
}

int drive_connect(void)
{
    int error = 0;

    pthread_mutex_lock(&lock);
    if (!transport) {
        error = open_transport();
    }
    pthread_mutex_unlock(&lock);
    return error;
}

int drive_task(struct transport_task *task)
{
    int error = drive_connect();

    if (error) {
        return error;
    }
    transport_execute(transport, task);
    return 0;
}

size_t drive_max_transfer(void)
{
    return drive_connect() == 0 ? transport_max_transfer(transport) : 0;
}

static int error_of(const struct transport_task *task)
{
    struct mmc_sense sense;

    if (task->result != TRANSPORT_OK) {
        return task->result == TRANSPORT_NO_MEMORY ? -ENOMEM
               : task->result == TRANSPORT_INVALID ? -EINVAL
                                                   : -EIO;
    }
    if (task->status == SAM_GOOD) {
        return 0;
    }
    if (task->status == SAM_RESERVATION_CONFLICT || task->status == SAM_BUSY) {
        return -EBUSY;
    }
    if (mmc_sense_parse(task->sense, task->sense_len, &sense) != MMC_OK) {
        return -EIO;
    }
    if (sense.key == SENSE_KEY_UNIT_ATTENTION) {
        return -EAGAIN;
    }
    if (sense.key == SENSE_KEY_NOT_READY) {
        return sense.asc == 0x3A ? -ENOMEDIUM : -EBUSY;
    }
    return sense.key == SENSE_KEY_ILLEGAL_REQUEST && sense.asc == 0x20 ? -ENOTTY : -EIO;
}

/* The kernel repeats a command that met a unit attention. */
static int run(struct transport_task *task)
{
    int error = 0;

    for (int i = 0; i < MOST_ATTENTIONS; i++) {
        error = drive_task(task);
        if (!error) {
            error = error_of(task);
        }
        if (error != -EAGAIN) {
            return error;
        }
    }
    return -EIO;
}

int drive_read(const uint8_t *cdb, uint8_t cdb_len, void *in, size_t size)
{
    struct transport_task task = {
        .cdb_len = cdb_len, .in = in, .in_size = size, .timeout_ms = 30000};
    int error;

    memcpy(task.cdb, cdb, cdb_len);
    error = run(&task);
    return error ? error : (int)task.in_len;
}

int drive_command(const uint8_t *cdb, uint8_t cdb_len, unsigned timeout_ms)
{
    struct transport_task task = {.cdb_len = cdb_len, .timeout_ms = timeout_ms};

    memcpy(task.cdb, cdb, cdb_len);
    return run(&task);
}

int drive_ready(void)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_test_unit_ready(cdb);

    return drive_command(cdb, len, 30000);
}

uint64_t drive_blocks(void)
{
    uint8_t cdb[16], reply[MMC_CAPACITY_BYTES];
    uint8_t len = mmc_cdb_read_capacity(cdb);
    struct mmc_capacity capacity;
    int got = drive_read(cdb, len, reply, sizeof(reply));

    if (got < 0 || mmc_capacity_parse(reply, (size_t)got, &capacity) != MMC_OK) {
        return 0;
    }
    return (uint64_t)capacity.last_lba + 1;
}

static int read_blocks(uint8_t *buf, uint64_t lba, uint16_t blocks)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_read_10(cdb, (int32_t)lba, blocks);
    int got = drive_read(cdb, len, buf, (size_t)blocks * DRIVE_BLOCK);

    return got < 0 ? got : got == blocks * DRIVE_BLOCK ? 0 : -EIO;
}

ssize_t drive_pread(void *buf, size_t len, uint64_t offset)
{
    uint8_t chunk[READ_BLOCKS * DRIVE_BLOCK];
    uint64_t end = drive_blocks() * DRIVE_BLOCK;
    size_t done = 0;

    if (offset >= end) {
        return 0;
    }
    if (len > end - offset) {
        len = (size_t)(end - offset);
    }
    while (done < len) {
        uint64_t lba = (offset + done) / DRIVE_BLOCK;
        size_t skip = (offset + done) % DRIVE_BLOCK;
        size_t blocks = (skip + len - done + DRIVE_BLOCK - 1) / DRIVE_BLOCK;
        size_t piece;
        int error;

        blocks = blocks > READ_BLOCKS ? READ_BLOCKS : blocks;
        error = read_blocks(chunk, lba, (uint16_t)blocks);
        if (error) {
            return done > 0 ? (ssize_t)done : error;
        }
        piece = blocks * DRIVE_BLOCK - skip;
        piece = piece > len - done ? len - done : piece;
        memcpy((uint8_t *)buf + done, chunk + skip, piece);
        done += piece;
    }
    return (ssize_t)done;
}
