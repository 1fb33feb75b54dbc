/* SPDX-License-Identifier: MIT */
/* Several tasks in flight: their order, their data, several threads; and what a task returns. */
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <cmocka.h>
#include "api/transport/transport.h"
#include "fake_target.h"

#define BLOCK 512

static const char unasked_refused[] = "InitialR2T=Yes\0ImmediateData=No\0FirstBurstLength=65536\0"
                                      "MaxRecvDataSegmentLength=8192\0";
static const char small_immediate[] = "InitialR2T=Yes\0ImmediateData=Yes\0FirstBurstLength=65536\0"
                                      "MaxRecvDataSegmentLength=8192\0";
static const char big_immediate[] = "InitialR2T=Yes\0ImmediateData=Yes\0FirstBurstLength=262144\0"
                                    "MaxRecvDataSegmentLength=65536\0";
static const char unsolicited[] = "InitialR2T=No\0ImmediateData=Yes\0FirstBurstLength=131072\0"
                                  "MaxRecvDataSegmentLength=8192\0";

static const char small_pieces[] = "InitialR2T=No\0ImmediateData=Yes\0FirstBurstLength=262144\0"
                                   "MaxRecvDataSegmentLength=4096\0";

static struct fake_target *start(const char *keys)
{
    return fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER, .keys = keys});
}

static struct transport *open_at(const struct fake_target *target)
{
    struct transport *t;

    assert_int_equal(transport_open(fake_target_url(target), "Order Test", &t, NULL), TRANSPORT_OK);
    return t;
}

/* A WRITE(10) or READ(10) of `bytes` at lba. */
static void fill(struct transport_task *task, uint8_t opcode, uint32_t lba, uint8_t *data,
                 size_t bytes)
{
    size_t blocks = bytes / BLOCK;

    *task = (struct transport_task){.cdb_len = 10};
    task->cdb[0] = opcode;
    task->cdb[2] = (uint8_t)(lba >> 24);
    task->cdb[3] = (uint8_t)(lba >> 16);
    task->cdb[4] = (uint8_t)(lba >> 8);
    task->cdb[5] = (uint8_t)lba;
    task->cdb[7] = (uint8_t)(blocks >> 8);
    task->cdb[8] = (uint8_t)blocks;
    if (opcode == 0x2A) {
        for (size_t i = 0; i < bytes; i++) {
            data[i] = fake_byte(lba, i);
        }
        task->out = data;
        task->out_len = bytes;
    } else {
        task->in = data;
        task->in_size = bytes;
    }
}

static void assert_limits(const char *keys, size_t ordered_bytes, unsigned depth)
{
    struct fake_target *target = start(keys);
    struct transport *t = open_at(target);

    assert_int_equal(transport_ordered_bytes(t), ordered_bytes);
    assert_int_equal(transport_depth(t), depth);
    transport_close(t);
    fake_target_stop(target);
}

static void depth_is_announced_only_where_nothing_can_overtake(void **state)
{
    (void)state;
    assert_limits(NULL, 262144, 8);
    assert_limits(unsolicited, 131072, 8);
    assert_limits(big_immediate, 65536, 8);
    assert_limits(small_immediate, 262144, 1); /* 8192 bytes at a time are not worth it */
    assert_limits(unasked_refused, 262144, 1);
}

/* `count` writes, `depth` in flight, sizes from one block to `most` bytes. */
static void assert_in_order(const char *keys, unsigned count, size_t most)
{
    enum { RING = 8 };
    struct fake_target *target = start(keys);
    struct transport *t = open_at(target);
    struct transport_task tasks[RING];
    uint8_t *data[RING];
    const uint32_t *lbas;

    for (unsigned i = 0; i < RING; i++) {
        data[i] = malloc(most);
    }
    for (unsigned i = 0; i < count + RING; i++) {
        if (i >= RING) {
            transport_wait(t, &tasks[i % RING]);
            assert_int_equal(tasks[i % RING].result, TRANSPORT_OK);
            assert_int_equal(tasks[i % RING].status, 0);
        }
        if (i < count) {
            size_t bytes = (i * 7919 % (most / BLOCK) + 1) * BLOCK;

            fill(&tasks[i % RING], 0x2A, 1000 + i, data[i % RING], bytes);
            transport_submit(t, &tasks[i % RING]);
        }
    }
    assert_int_equal(fake_target_executed(target, &lbas), count);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(lbas[i], 1000 + i);
    }
    assert_true(fake_target_data_was_right(target));
    transport_close(t);
    fake_target_stop(target);
    for (unsigned i = 0; i < RING; i++) {
        free(data[i]);
    }
}

static void thousands_of_writes_in_flight_arrive_in_order(void **state)
{
    (void)state;
    assert_in_order(NULL, 4000, 16384);
}

static void unsolicited_data_in_many_pieces_keeps_the_order(void **state)
{
    (void)state;
    assert_in_order(unsolicited, 1000, 131072);
}

static void writes_larger_than_announced_are_not_overtaken_either(void **state)
{
    (void)state;
    assert_in_order(big_immediate, 600, 160 * 1024);
}

static void writes_that_must_be_asked_for_keep_the_order(void **state)
{
    (void)state;
    assert_in_order(unasked_refused, 600, 65536);
    assert_in_order(small_immediate, 600, 65536);
}

static void a_small_command_behind_a_large_write_waits_for_it(void **state)
{
    static uint8_t large[512 * 1024], small[BLOCK];
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task first, second;
    const uint32_t *lbas;

    (void)state;
    fill(&first, 0x2A, 1, large, sizeof(large));
    fill(&second, 0x28, 2, small, sizeof(small));
    transport_submit(t, &first);
    transport_submit(t, &second);
    transport_wait(t, &second);
    transport_wait(t, &first);
    assert_int_equal(fake_target_executed(target, &lbas), 2);
    assert_int_equal(lbas[0], 1);
    assert_int_equal(lbas[1], 2);
    assert_true(fake_target_data_was_right(target));
    transport_close(t);
    fake_target_stop(target);
}

/* The initiator's socket, which nobody else knows: it is to hold little of what it sends. */
static void narrow_sending(const struct fake_target *target)
{
    static const int bytes = 4096;
    unsigned found = 0;

    for (int fd = 3; fd < 256; fd++) {
        struct sockaddr_in peer;
        socklen_t len = sizeof(peer);

        if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == fake_target_port(target)) {
            found += setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)) == 0;
        }
    }
    assert_int_equal(found, 1);
}

/* The answer comes while most of the data still waits to be sent, the target reading slowly: the
 * task is not done before, since its buffer is the caller's again then. */
static void a_write_refused_before_its_data_harms_nobody(void **state)
{
    struct fake_target *target = fake_target_start(
        &(struct fake_target_setup){.manner = FAKE_PROPER, .keys = small_pieces, .narrow = true});
    struct transport *t = open_at(target);
    uint8_t *data;
    struct transport_task task;

    (void)state;
    narrow_sending(target);
    for (int i = 0; i < 50; i++) {
        data = malloc(256 * 1024);
        fill(&task, 0x2A, FAKE_REFUSED_LBA, data, 256 * 1024);
        assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
        assert_int_equal(task.status, 2);
        assert_int_equal(task.sense_len, 18);
        assert_memory_equal(task.sense + 12, "\x21\x02", 2);
        free(data);
    }
    data = malloc(BLOCK);
    fill(&task, 0x2A, 5, data, BLOCK);
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    assert_int_equal(task.status, 0);
    free(data);
    transport_close(t);
    fake_target_stop(target);
}

static void reading_gives_the_bytes_that_came_and_their_number(void **state)
{
    static uint8_t data[1024 * 1024];
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task task;

    (void)state;
    fill(&task, 0x28, 77, data, sizeof(data));
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    assert_int_equal(task.in_len, sizeof(data));
    for (size_t i = 0; i < sizeof(data); i++) {
        assert_int_equal(data[i], fake_byte(77, i));
    }
    fill(&task, 0x28, 78, data, sizeof(data));
    task.cdb[7] = 0;
    task.cdb[8] = 3; /* three blocks into the room of many */
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    assert_int_equal(task.in_len, 3 * BLOCK);
    transport_close(t);
    fake_target_stop(target);
}

static void sense_is_of_fixed_format_whatever_came(void **state)
{
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task task = {.cdb = {FAKE_OP_DESCRIPTOR_SENSE}, .cdb_len = 6};

    (void)state;
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    assert_int_equal(task.status, 2);
    assert_int_equal(task.sense_len, 18);
    /* MEDIUM ERROR 11/05 */
    assert_memory_equal(task.sense, "\x70\0\x03\0\0\0\0\x0A\0\0\0\0\x11\x05\0\0\0\0", 18);
    transport_close(t);
    fake_target_stop(target);
}

static void a_status_without_sense_has_none(void **state)
{
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task task = {.cdb = {FAKE_OP_BUSY}, .cdb_len = 6};

    (void)state;
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    assert_int_equal(task.status, 8);
    assert_int_equal(task.sense_len, 0);
    transport_close(t);
    fake_target_stop(target);
}

static void what_does_not_fit_is_refused_without_harm(void **state)
{
    static uint8_t byte;
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task large = {.cdb = {0x2A}, .cdb_len = 10, .out = &byte};
    struct transport_task both = {
        .cdb = {0}, .cdb_len = 6, .out = &byte, .out_len = 1, .in = &byte, .in_size = 1};
    struct transport_task odd = {.cdb = {0}, .cdb_len = 7};
    struct transport_task fine = {.cdb = {0}, .cdb_len = 6};

    (void)state;
    large.out_len = transport_max_transfer(t) + 1;
    assert_int_equal(transport_execute(t, &large), TRANSPORT_INVALID);
    assert_int_equal(transport_execute(t, &both), TRANSPORT_INVALID);
    assert_int_equal(transport_execute(t, &odd), TRANSPORT_INVALID);
    assert_int_equal(transport_execute(t, &fine), TRANSPORT_OK);
    transport_close(t);
    fake_target_stop(target);
}

static void a_ping_in_the_middle_is_answered(void **state)
{
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task task = {.cdb = {FAKE_OP_PINGS}, .cdb_len = 6};

    (void)state;
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    assert_int_equal(fake_target_pongs(target), 1);
    transport_close(t);
    fake_target_stop(target);
}

static void a_ping_is_answered_while_nobody_waits(void **state)
{
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct transport_task task = {.cdb = {FAKE_OP_SLOW_PING}, .cdb_len = 6};
    static const struct timespec tick = {.tv_nsec = 5000000};

    (void)state;
    assert_int_equal(transport_execute(t, &task), TRANSPORT_OK);
    for (int i = 0; i < 2000 && fake_target_pongs(target) == 0; i++) {
        nanosleep(&tick, NULL); /* the program does something else, and asks nothing of the drive */
    }
    assert_int_equal(fake_target_pongs(target), 1);
    transport_close(t);
    fake_target_stop(target);
}

struct worker {
    struct transport *t;
    unsigned id;
    bool ok;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    uint8_t data[4 * BLOCK];
    struct transport_task task;

    w->ok = true;
    for (unsigned i = 0; i < 300; i++) {
        uint32_t lba = w->id << 16 | i;

        fill(&task, i % 2 ? 0x2A : 0x28, lba, data, sizeof(data));
        if (transport_execute(w->t, &task) != TRANSPORT_OK || task.status != 0 ||
            data[1500] != fake_byte(lba, 1500)) {
            w->ok = false;
        }
    }
    return NULL;
}

static void several_threads_use_one_transport_each_in_its_own_order(void **state)
{
    struct fake_target *target = start(NULL);
    struct transport *t = open_at(target);
    struct worker workers[4];
    pthread_t threads[4];
    uint32_t next[4] = {0};
    const uint32_t *lbas;
    size_t count;

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        workers[i] = (struct worker){.t = t, .id = i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_true(workers[i].ok);
    }
    count = fake_target_executed(target, &lbas);
    assert_int_equal(count, 1200);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(lbas[i] & 0xFFFF, next[lbas[i] >> 16]++);
    }
    assert_true(fake_target_data_was_right(target));
    transport_close(t);
    fake_target_stop(target);
}

static void every_transport_is_a_session_of_its_own(void **state)
{
    struct fake_target *target = start(NULL);
    uint8_t first[6];
    struct transport *t = open_at(target);

    (void)state;
    memcpy(first, fake_target_isid(target), 6);
    assert_string_equal(fake_target_initiator(target), "iqn.2026-11.local.vcdr:order-test");
    transport_close(t);
    t = open_at(target);
    assert_memory_not_equal(first, fake_target_isid(target), 6);
    transport_close(t);
    setenv("VCDR_INITIATOR", "iqn.2001-01.example:me", 1);
    t = open_at(target);
    unsetenv("VCDR_INITIATOR");
    assert_string_equal(fake_target_initiator(target), "iqn.2001-01.example:me");
    transport_close(t);
    fake_target_stop(target);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_is_announced_only_where_nothing_can_overtake),
        cmocka_unit_test(thousands_of_writes_in_flight_arrive_in_order),
        cmocka_unit_test(unsolicited_data_in_many_pieces_keeps_the_order),
        cmocka_unit_test(writes_larger_than_announced_are_not_overtaken_either),
        cmocka_unit_test(writes_that_must_be_asked_for_keep_the_order),
        cmocka_unit_test(a_small_command_behind_a_large_write_waits_for_it),
        cmocka_unit_test(a_write_refused_before_its_data_harms_nobody),
        cmocka_unit_test(reading_gives_the_bytes_that_came_and_their_number),
        cmocka_unit_test(sense_is_of_fixed_format_whatever_came),
        cmocka_unit_test(a_status_without_sense_has_none),
        cmocka_unit_test(what_does_not_fit_is_refused_without_harm),
        cmocka_unit_test(a_ping_in_the_middle_is_answered),
        cmocka_unit_test(a_ping_is_answered_while_nobody_waits),
        cmocka_unit_test(several_threads_use_one_transport_each_in_its_own_order),
        cmocka_unit_test(every_transport_is_a_session_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
