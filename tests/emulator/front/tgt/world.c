/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>

enum { PATIENCE_MS = 20000 };

static void make_disc(const char *path)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;

    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(path, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 1), 0);
    store.ops->close(store.ctx);
}

void world_make(struct world *world, unsigned drives)
{
    static const char *const iqns[] = {"iqn.2026-11.local.vcdr:one", "iqn.2026-11.local.vcdr:two",
                                       "iqn.2026-11.local.vcdr:three"};
    static const char *const serials[] = {"ONE", "TWO", "THREE"};

    *world = (struct world){.options = {.dead_peer_seconds = -1}};
    snprintf(world->folder, sizeof(world->folder), "/tmp/vcdr-test-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->record, sizeof(world->record), "%s/record.jsonl", world->folder);
    for (unsigned i = 0; i < drives; i++) {
        snprintf(world->discs[i], sizeof(world->discs[i]), "%s/%u.disc", world->folder, i);
        make_disc(world->discs[i]);
        world->drives[i] = (struct daemon_drive){
            .iqn = iqns[i], .disc = world->discs[i], .record = world->record, .serial = serials[i]};
    }
    world->options.drives = world->drives;
    world->options.drive_count = drives;
}

void world_start(struct world *world)
{
    if (!daemon_start(&world->options, &world->daemon))
        fail_msg("%s: %s", world->daemon.thing, world->daemon.reason);
    for (unsigned i = 0; i < world->options.drive_count; i++)
        snprintf(world->urls[i], sizeof(world->urls[i]), "iscsi://127.0.0.1:%d/%s/0",
                 world->daemon.port, world->drives[i].iqn);
}

void world_stop(struct world *world)
{
    if (world->daemon.pid > 0)
        assert_int_equal(daemon_stop(&world->daemon), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void world_remove(struct world *world)
{
    (void)nftw(world->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int world_of(void **state, unsigned drives)
{
    struct world *world = malloc(sizeof(*world));

    assert_non_null(world);
    world_make(world, drives);
    world_start(world);
    *state = world;
    return 0;
}

int world_of_one(void **state)
{
    return world_of(state, 1);
}

int world_of_two(void **state)
{
    return world_of(state, 2);
}

int world_end(void **state)
{
    struct world *world = *state;

    world_stop(world);
    world_remove(world);
    free(world);
    return 0;
}

struct initiator *log_in(struct world *world, unsigned drive, const char *name)
{
    const char *why = "";
    struct initiator *initiator = initiator_open(world->urls[drive], name, &why);

    if (!initiator)
        fail_msg("%s: %s", world->urls[drive], why);
    return initiator;
}

struct initiator *log_in_ready(struct world *world, unsigned drive, const char *name)
{
    struct initiator *initiator = log_in(world, drive, name);

    while (test_unit_ready(initiator).sense >> 16 == 0x06)
        continue;
    return initiator;
}

struct reply test_unit_ready(struct initiator *initiator)
{
    static const uint8_t cdb[6] = {0x00};

    return initiator_execute(initiator, 0, cdb, 6, NULL, 0, NULL, 0);
}

static int select_page_39(struct initiator *initiator, uint8_t request, const char *name)
{
    /* MODE SELECT(10), PF 1, 80 bytes: header of 8, page 39h of 72 */
    static const uint8_t cdb[10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0, 80, 0};
    uint8_t data[80] = {[8] = 0x39, [9] = 0x46, [10] = request};

    memcpy(data + 16, name, strlen(name));
    return initiator_execute(initiator, 0, cdb, 10, data, sizeof(data), NULL, 0).status;
}

int lock(struct initiator *initiator, const char *name)
{
    return select_page_39(initiator, 1, name);
}

int unlock(struct initiator *initiator)
{
    return select_page_39(initiator, 2, "");
}

void owner(struct initiator *initiator, char buf[64])
{
    /* MODE SENSE(10), DBD 1, current values of page 39h, 80 bytes */
    static const uint8_t cdb[10] = {0x5A, 0x08, 0x39, 0, 0, 0, 0, 0, 80, 0};
    uint8_t data[80];
    struct reply reply;

    do
        reply = initiator_execute(initiator, 0, cdb, 10, NULL, 0, data, sizeof(data));
    while (reply.sense >> 16 == 0x06);
    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.in_len, 80);
    assert_int_equal(data[8], 0x39);
    memcpy(buf, data + 16, 64);
}

void write_audio(struct initiator *initiator, unsigned blocks)
{
    /* MODE SENSE(10) and MODE SELECT(10) of page 05: write type 1 (TAO), track mode 0, block type 0
     */
    static const uint8_t sense[10] = {0x5A, 0x08, 0x05, 0, 0, 0, 0, 0, 60, 0};
    static const uint8_t select[10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0};
    uint8_t page[60], block[2352];

    assert_int_equal(initiator_execute(initiator, 0, sense, 10, NULL, 0, page, sizeof(page)).status,
                     0);
    memset(page, 0, 8);
    page[8] = 0x05;
    page[10] = (uint8_t)((page[10] & 0xF0) | 1);
    page[11] = (uint8_t)(page[11] & 0xF0);
    page[12] = (uint8_t)(page[12] & 0xF0);
    assert_int_equal(
        initiator_execute(initiator, 0, select, 10, page, sizeof(page), NULL, 0).status, 0);
    for (unsigned i = 0; i < blocks; i++) {
        /* WRITE(10) of one block at LBA i */
        uint8_t cdb[10] = {0x2A, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i, 0, 0, 1, 0};

        memset(block, (int)(i & 0xFF), sizeof(block));
        assert_int_equal(
            initiator_execute(initiator, 0, cdb, 10, block, sizeof(block), NULL, 0).status, 0);
    }
}

unsigned record_count(const struct world *world, const char *text)
{
    FILE *in = fopen(world->record, "r");
    char line[2048];
    unsigned count = 0;

    while (in && fgets(line, sizeof(line), in))
        count += strstr(line, text) != NULL;
    if (in)
        fclose(in);
    return count;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void record_await(const struct world *world, const char *text, unsigned count)
{
    int64_t deadline = now_ms() + PATIENCE_MS;

    while (record_count(world, text) < count) {
        if (now_ms() > deadline)
            fail_msg("the record has no %u lines with %s", count, text);
        (void)poll(NULL, 0, 5);
    }
}
