/* SPDX-License-Identifier: MIT */
#include "drive.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include "api/mmc/mmc.h"
#include "exec/answer.h"
#include "place.h"

#define READ_BLOCKS 32 /* 64 KiB at a time */
#define PAGE_BLOCKS 2
#define TASK_MS 30000
#define HIGH_DESCRIPTOR 500 /* out of the way of programs that number their own */
#define SECTOR 512
#define SECTORS_UNKNOWN 0x1FFFFF

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int connection = -1;
static pid_t owner; /* the process that connected */
static uint8_t *memory;
static size_t memory_bytes;

/* ---- the connection ---- */

int drive_connection(void)
{
    return owner == getpid() ? connection : -1;
}

/* A child's connection is its own; the memory is not there for it. */
static void in_child(void)
{
    pthread_mutex_init(&lock, NULL);
    if (connection >= 0) {
        syscall(SYS_close, connection);
    }
    connection = -1;
    memory = NULL;
}

static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, in_child);
}

static void disconnect(void)
{
    if (connection >= 0) {
        syscall(SYS_close, connection);
    }
    if (memory) {
        munmap(memory, memory_bytes);
    }
    connection = -1;
    memory = NULL;
}

static int receive_hello(int from)
{
    struct host_hello hello;
    struct iovec part = {&hello, sizeof(hello)};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof(control.room)};
    struct cmsghdr *header;
    int shared;
    void *mapped;

    if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof(hello) ||
        (header = CMSG_FIRSTHDR(&message)) == NULL || header->cmsg_type != SCM_RIGHTS) {
        return -ENXIO;
    }
    memcpy(&shared, CMSG_DATA(header), sizeof(shared));
    mapped = mmap(NULL, hello.memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
    syscall(SYS_close, shared);
    if (mapped == MAP_FAILED) {
        return -ENOMEM;
    }
    madvise(mapped, hello.memory_bytes, MADV_DONTFORK);
    memory = mapped;
    memory_bytes = hello.memory_bytes;
    return 0;
}

static int connect_to_host(void)
{
    static pthread_once_t at_first = PTHREAD_ONCE_INIT;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), high, error;

    pthread_once(&at_first, watch_forks);
    if (fd < 0) {
        return -errno;
    }
    high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_DESCRIPTOR);
    if (high >= 0) {
        syscall(SYS_close, fd);
        fd = high;
    }
    place_below(address.sun_path, sizeof(address.sun_path), "/" HOST_SOCKET);
    error =
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? receive_hello(fd) : -ENXIO;
    if (error) {
        syscall(SYS_close, fd);
        return error;
    }
    connection = fd;
    owner = getpid();
    return 0;
}

static int send_whole(const struct host_request *request)
{
    ssize_t sent;

    do {
        sent = send(connection, request, sizeof(*request), MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof(*request) ? 0 : -ENXIO;
}

static int receive_whole(struct host_reply *reply)
{
    ssize_t got;

    do {
        got = recv(connection, reply, sizeof(*reply), 0);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(*reply) ? reply->error : -ENXIO;
}

/* With the lock held, and data-out in the memory already. */
static int exchange(const struct host_request *request, struct host_reply *reply)
{
    int error = send_whole(request);

    error = error ? error : receive_whole(reply);
    if (error == -ENXIO) {
        disconnect();
    }
    return error;
}

static int ensure(void)
{
    if (connection >= 0 && owner == getpid()) {
        return 0;
    }
    connection = -1; /* of a parent that did not go through fork's handlers: it is its own */
    memory = NULL;
    return connect_to_host();
}

int drive_ask(const struct host_request *request, int64_t *value)
{
    struct host_reply reply;
    int error;

    pthread_mutex_lock(&lock);
    error = ensure();
    error = error ? error : exchange(request, &reply);
    pthread_mutex_unlock(&lock);
    if (!error && value) {
        *value = reply.value;
    }
    return error;
}

size_t drive_max_transfer(void)
{
    int error;

    pthread_mutex_lock(&lock);
    error = ensure();
    pthread_mutex_unlock(&lock);
    return error ? 0 : memory_bytes;
}

/* ---- commands ---- */

static void take_reply(struct transport_task *task, const struct host_reply *reply)
{
    task->result = (enum transport_result)reply->result;
    task->status = (uint8_t)reply->status;
    task->in_len = reply->in_len;
    task->sense_len = reply->sense_len;
    memcpy(task->sense, reply->sense, sizeof(task->sense));
    if (task->in_len > 0) {
        memcpy(task->in, memory, task->in_len);
    }
}

int drive_task(unsigned drive, struct transport_task *task)
{
    struct host_request request = {.op = HOST_CDB,
                                   .drive = drive,
                                   .cdb_len = task->cdb_len,
                                   .out_len = (uint32_t)task->out_len,
                                   .in_size = (uint32_t)task->in_size,
                                   .timeout_ms = task->timeout_ms};
    struct host_reply reply;
    int error;

    memcpy(request.cdb, task->cdb, sizeof(request.cdb));
    pthread_mutex_lock(&lock);
    error = ensure();
    if (!error && (task->out_len > memory_bytes || task->in_size > memory_bytes)) {
        error = -EINVAL;
    }
    if (!error) {
        if (task->out_len > 0) {
            memcpy(memory, task->out, task->out_len);
        }
        error = exchange(&request, &reply);
    }
    if (!error) {
        take_reply(task, &reply);
    }
    pthread_mutex_unlock(&lock);
    return error;
}

static int run(unsigned drive, struct transport_task *task)
{
    for (int i = 0; i < ANSWER_MOST_ATTENTIONS; i++) {
        int error = drive_task(drive, task);

        error = error ? error : answer_errno(task);
        if (error != -EAGAIN) {
            return error;
        }
    }
    return -EIO;
}

int drive_read(unsigned drive, const uint8_t *cdb, uint8_t cdb_len, void *in, size_t size)
{
    struct transport_task task = {
        .cdb_len = cdb_len, .in = in, .in_size = size, .timeout_ms = TASK_MS};
    int error;

    memcpy(task.cdb, cdb, cdb_len);
    error = run(drive, &task);
    return error ? error : (int)task.in_len;
}

int drive_command(unsigned drive, const uint8_t *cdb, uint8_t cdb_len, unsigned timeout_ms)
{
    struct transport_task task = {.cdb_len = cdb_len, .timeout_ms = timeout_ms};

    memcpy(task.cdb, cdb, cdb_len);
    return run(drive, &task);
}

/* ---- the block device ---- */

/* What the kernel learns at an open, and keeps until the next. */
static _Atomic uint64_t sizes[HOST_MOST_DRIVES];

void drive_forget_size(unsigned drive)
{
    sizes[drive] = 0;
}

static uint64_t ask_size(unsigned drive)
{
    uint8_t cdb[16], reply[MMC_CAPACITY_BYTES];
    uint8_t len = mmc_cdb_read_capacity(cdb);
    struct mmc_capacity capacity;
    int got = drive_read(drive, cdb, len, reply, sizeof(reply));

    if (got < 0 || mmc_capacity_parse(reply, (size_t)got, &capacity) != MMC_OK) {
        return (uint64_t)SECTORS_UNKNOWN * SECTOR;
    }
    return ((uint64_t)capacity.last_lba + 1) * DRIVE_BLOCK;
}

uint64_t drive_bytes(unsigned drive)
{
    uint64_t size = sizes[drive];

    if (size == 0) {
        size = ask_size(drive);
        sizes[drive] = size;
    }
    return size;
}

static int read_blocks(unsigned drive, uint8_t *buf, uint64_t lba, size_t blocks)
{
    uint8_t cdb[16];
    uint8_t len = mmc_cdb_read_10(cdb, (int32_t)lba, (uint16_t)blocks);
    int got = drive_read(drive, cdb, len, buf, blocks * DRIVE_BLOCK);

    return got < 0 ? got : got == (int)(blocks * DRIVE_BLOCK) ? 0 : -EIO;
}

/* As many as can be read; an error when not one can. What a read ahead cannot read the kernel tries
 * again by the page, so the last whole page before a bad block arrives. */
static int read_some(unsigned drive, uint8_t *buf, uint64_t lba, size_t *blocks)
{
    int error = read_blocks(drive, buf, lba, *blocks);
    size_t good = 0;

    if (!error || *blocks <= PAGE_BLOCKS) {
        return error;
    }
    while (good < *blocks) {
        size_t piece = *blocks - good < PAGE_BLOCKS ? *blocks - good : PAGE_BLOCKS;

        error = read_blocks(drive, buf + good * DRIVE_BLOCK, lba + good, piece);
        if (error) {
            break;
        }
        good += piece;
    }
    *blocks = good;
    return good > 0 ? 0 : error;
}

ssize_t drive_pread(unsigned drive, void *buf, size_t len, uint64_t offset)
{
    uint8_t chunk[READ_BLOCKS * DRIVE_BLOCK];
    uint64_t end = drive_bytes(drive);
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
        error = read_some(drive, chunk, lba, &blocks);
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
