/* SPDX-License-Identifier: MIT */
/*
 * Unmodified burners beside the same WRITEs sent raw, and a drive beside a busy one. A burner's
 * time is the drive's own, from its first WRITE to the flush of the last: what a program waits for
 * before, for people who may change their mind, and between its looks at a drive that closes, is the
 * program's.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>

#include "measure/figures.h"
#include "measure/initiator.h"
#include "serve/daemon.h"
#include "serve/find.h"

extern char **environ;

enum {
    ROUNDS = 3,
    SECTOR = 2048,
    SECTORS = 153600, /* 300 MiB */
    TURNS = 40,       /* of the neighbour, busy and idle in turn */
    TURN_COMMANDS = 500
};

static const struct burner {
    const char *name;
    unsigned sectors; /* that it writes with one command */
    const char *const argv[12];
} burners[] = {
    {"wodim", 31, {"wodim", "-s", "dev=/dev/sr0", "gracetime=2", "-tao", "-data"}},
    {"cdrskin", 16, {"cdrskin", "dev=/dev/sr0", "-tao", "-data"}},
};

/* ---- files and daemons ---- */

static void make_disc(const char *path, enum vcdr_medium medium)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    int error = vcdr_geometry_by_name("80min", medium, &geometry);

    (void)unlink(path);
    if (!error)
        error = vcdr_store_file(path, VCDR_STORE_CREATE, &store);
    if (!error) {
        error = vcdr_disc_create(store, &geometry, 1);
        store.ops->close(store.ctx);
    }
    if (error)
        give_up(path, vcdr_strerror(error));
}

static void make_image(const char *path)
{
    static char sector[64 * SECTOR];
    FILE *out = fopen(path, "w");

    memset(sector, 0x5A, sizeof(sector));
    for (int i = 0; out && i < SECTORS / 64; i++)
        (void)fwrite(sector, sizeof(sector), 1, out);
    if (!out || fclose(out) != 0)
        give_up(path, strerror(errno));
}

struct ground {
    char folder[64], vcdr[4096], image[96], disc[96], record[96], url[128];
    struct daemon daemon;
};

static void start(struct ground *ground)
{
    struct daemon_drive drive = {.iqn = "iqn.2026-11.local.vcdr:burner",
                                 .disc = ground->disc,
                                 .record = ground->record,
                                 .serial = "BURNER"};
    struct daemon_options options = {.drives = &drive, .drive_count = 1, .dead_peer_seconds = -1};

    make_disc(ground->disc, VCDR_MEDIUM_CD_R);
    (void)unlink(ground->record);
    if (!daemon_start(&options, &ground->daemon))
        give_up(ground->daemon.thing, ground->daemon.reason);
    snprintf(ground->url, sizeof(ground->url), "iscsi://127.0.0.1:%d/%s/0", ground->daemon.port,
             drive.iqn);
}

/* ---- a burn ---- */

static void run_burner(struct ground *ground, const struct burner *burner)
{
    const char *argv[24] = {ground->vcdr, "exec", "--drive", ground->url, "--"};
    posix_spawn_file_actions_t actions;
    size_t count = 5;
    int status;
    pid_t pid;

    for (size_t i = 0; burner->argv[i]; i++)
        argv[count++] = burner->argv[i];
    argv[count] = ground->image;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&pid, ground->vcdr, &actions, NULL, (char *const *)argv, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0)
        give_up(burner->name, "failed");
    posix_spawn_file_actions_destroy(&actions);
}

/* Microseconds of the drive from the track's opening to its flush. */
static double recorded_us(const struct ground *ground)
{
    FILE *in = fopen(ground->record, "r");
    unsigned long long opened = 0, flushed = 0, us;
    char line[4096];

    if (!in)
        give_up(ground->record, strerror(errno));
    while (fgets(line, sizeof(line), in)) {
        if (sscanf(line, "{\"seq\":%*u,\"time_us\":%llu", &us) != 1)
            continue;
        if (strstr(line, "\"event\":\"track-opened\""))
            opened = us;
        if (strstr(line, "\"to\":\"flushing\"") && flushed == 0)
            flushed = us;
    }
    fclose(in);
    if (flushed <= opened)
        give_up(ground->record, "tells of no burn");
    return (double)(flushed - opened);
}

static void command(struct initiator *initiator, const uint8_t *cdb, size_t len)
{
    if (initiator_execute(initiator, 0, cdb, len, NULL, 0, NULL, 0).status != 0)
        give_up("raw burn", "a command failed");
}

/* A data track of mode 1, track-at-once: page 05h. */
static void prepare(struct initiator *initiator)
{
    static const uint8_t sense[10] = {0x5A, 0x08, 0x05, 0, 0, 0, 0, 0, 60, 0};
    static const uint8_t select[10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0};
    uint8_t page[60];

    if (initiator_execute(initiator, 0, sense, 10, NULL, 0, page, sizeof(page)).status != 0)
        give_up("raw burn", "no page 05h");
    memset(page, 0, 8);
    page[8] = 0x05;
    page[10] = (uint8_t)((page[10] & 0xF0) | 0x01);
    page[11] = (uint8_t)((page[11] & 0xF0) | 0x04);
    page[12] = (uint8_t)((page[12] & 0xF0) | 0x08);
    if (initiator_execute(initiator, 0, select, 10, page, sizeof(page), NULL, 0).status != 0)
        give_up("raw burn", "page 05h is refused");
}

static struct initiator *log_in(const char *url)
{
    static const uint8_t ready[6] = {0x00};
    const char *why;
    struct initiator *initiator = initiator_open(url, "bench", &why);

    if (!initiator)
        give_up(url, why);
    for (int i = 0; i < 3; i++) /* takes the unit attentions */
        (void)initiator_execute(initiator, 0, ready, 6, NULL, 0, NULL, 0);
    return initiator;
}

/* As a program does that waits for each answer: `depth` 1. */
static double raw_us(struct ground *ground, unsigned sectors, unsigned depth)
{
    static const uint8_t synchronize[10] = {0x35}, close_session[10] = {0x5B, 0, 0x02};
    struct initiator *initiator = log_in(ground->url);
    struct stream stream = {
        .block_bytes = SECTOR, .blocks = sectors, .commands = SECTORS / sectors, .depth = depth};
    struct stream rest = {.block_bytes = SECTOR,
                          .blocks = SECTORS % sectors,
                          .commands = SECTORS % sectors > 0,
                          .depth = 1,
                          .lba = SECTORS / sectors * sectors};
    void *data = calloc(sectors, SECTOR);
    double begin;

    if (!data)
        give_up("bench", "out of memory");
    prepare(initiator);
    begin = now_us();
    if (!initiator_write_stream(initiator, &stream, data) ||
        !initiator_write_stream(initiator, &rest, data))
        give_up("raw burn", "a WRITE failed");
    command(initiator, synchronize, 10);
    command(initiator, close_session, 10);
    begin = now_us() - begin;
    initiator_logout(initiator);
    free(data);
    return begin;
}

static bool is_there(const char *program)
{
    char path[4096], all[4096], *at = all, *folder;

    snprintf(all, sizeof(all), "%s", getenv("PATH") ? getenv("PATH") : "");
    while ((folder = strsep(&at, ":")) != NULL) {
        snprintf(path, sizeof(path), "%.3000s/%s", folder, program);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

static void measure_burner(struct ground *ground, const struct burner *burner)
{
    const double bytes = (double)SECTORS * SECTOR;
    double whole[ROUNDS], drive[ROUNDS], raw[ROUNDS];

    if (!is_there(burner->name)) {
        printf("%-34s is not installed\n", burner->name);
        return;
    }
    for (int i = 0; i < ROUNDS; i++) { /* in turn, so that a slow moment meets both */
        double begin;

        start(ground);
        begin = now_us();
        run_burner(ground, burner);
        whole[i] = now_us() - begin;
        (void)daemon_stop(&ground->daemon);
        drive[i] = bytes / recorded_us(ground);
        start(ground);
        raw[i] = bytes / raw_us(ground, burner->sectors, 1);
        (void)daemon_stop(&ground->daemon);
    }
    printf("%-34s %8.0f  MB/s, %.0f by the same WRITEs raw: %.2f of raw; %.1f s in all\n",
           burner->name, median(drive, ROUNDS), median(raw, ROUNDS),
           median(drive, ROUNDS) / median(raw, ROUNDS), median(whole, ROUNDS) / 1e6);
}

/* ---- a neighbour ---- */

static double turn(struct initiator *initiator, struct initiator *neighbour)
{
    static const uint8_t ready[6] = {0x00};
    double times[TURN_COMMANDS];

    for (int i = 0; i < TURN_COMMANDS; i++) {
        double begin = now_us();

        (void)initiator_execute(initiator, 0, ready, 6, NULL, 0, NULL, 0);
        times[i] = now_us() - begin;
        if (i % 50 == 0) /* as a burner asks how far it is */
            (void)initiator_execute(neighbour, 0, ready, 6, NULL, 0, NULL, 0);
    }
    return median(times, TURN_COMMANDS);
}

/* Two daemons of two drives each; one has its first drive blank a disc, which takes minutes. */
static void measure_neighbour(struct ground *ground)
{
    static const uint8_t blank[12] = {0xA1, 0x10}; /* the whole disc, Immed */
    static const uint8_t ready[6] = {0x00};
    static const char *const iqns[2] = {"iqn.2026-11.local.vcdr:a", "iqn.2026-11.local.vcdr:b"};
    struct initiator *busy_ones[2], *measured[2];
    struct daemon *daemons = calloc(2, sizeof(*daemons));
    double us[2][TURNS];
    char discs[4][96], url[128];

    if (!daemons)
        give_up("bench", "out of memory");
    for (int i = 0; i < 2; i++) {
        struct daemon_drive drives[2] = {
            {.iqn = iqns[0], .disc = discs[2 * i], .serial = "A", .timing = "real"},
            {.iqn = iqns[1], .disc = discs[2 * i + 1], .serial = "B"}};
        struct daemon_options options = {
            .drives = drives, .drive_count = 2, .dead_peer_seconds = -1};

        for (int k = 0; k < 2; k++) {
            snprintf(discs[2 * i + k], sizeof(discs[0]), "%s/%d%d.disc", ground->folder, i, k);
            make_disc(discs[2 * i + k], k ? VCDR_MEDIUM_CD_R : VCDR_MEDIUM_CD_RW);
        }
        if (!daemon_start(&options, &daemons[i]))
            give_up(daemons[i].thing, daemons[i].reason);
        snprintf(url, sizeof(url), "iscsi://127.0.0.1:%d/%s/0", daemons[i].port, iqns[0]);
        busy_ones[i] = log_in(url);
        snprintf(url, sizeof(url), "iscsi://127.0.0.1:%d/%s/0", daemons[i].port, iqns[1]);
        measured[i] = log_in(url);
    }
    command(busy_ones[1], blank, 12);
    if (initiator_execute(busy_ones[1], 0, ready, 6, NULL, 0, NULL, 0).sense >> 8 != 0x0204)
        give_up("BLANK", "does not keep the drive busy");
    for (int n = 0; n < TURNS; n++) {
        for (int i = 0; i < 2; i++)
            us[(i + n) % 2][n] = turn(measured[(i + n) % 2], busy_ones[(i + n) % 2]);
    }
    if (initiator_execute(busy_ones[1], 0, ready, 6, NULL, 0, NULL, 0).sense >> 8 != 0x0204)
        give_up("BLANK", "was over too soon");
    printf("%-34s %8.1f  us, %.1f with an idle one: %.2f\n", "TEST UNIT READY beside a busy drive",
           median(us[1], TURNS), median(us[0], TURNS), median(us[1], TURNS) / median(us[0], TURNS));
    for (int i = 0; i < 2; i++) {
        initiator_logout(measured[i]);
        initiator_logout(busy_ones[i]);
        (void)daemon_stop(&daemons[i]);
    }
    free(daemons);
}

int main(void)
{
    struct ground *ground = calloc(1, sizeof(*ground));
    const char *where = getenv("TMPDIR");
    int status;
    pid_t pid;

    if (!ground)
        give_up("bench", "out of memory");
    if (!where)
        where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(ground->folder, sizeof(ground->folder), "%.32s/vcdr-burners-XXXXXX", where);
    if (!mkdtemp(ground->folder))
        give_up(ground->folder, strerror(errno));
    if (!find_beside_program("../vcdr", ground->vcdr, sizeof(ground->vcdr)))
        give_up("vcdr", "is not beside this program");
    snprintf(ground->image, sizeof(ground->image), "%s/image", ground->folder);
    snprintf(ground->disc, sizeof(ground->disc), "%s/disc", ground->folder);
    snprintf(ground->record, sizeof(ground->record), "%s/record", ground->folder);
    setvbuf(stdout, NULL, _IOLBF, 0);
    make_image(ground->image);
    for (size_t i = 0; i < sizeof(burners) / sizeof(burners[0]); i++)
        measure_burner(ground, &burners[i]);
    measure_neighbour(ground);
    if (posix_spawnp(&pid, "rm", NULL, NULL,
                     (char *const[]){(char *)"rm", (char *)"-rf", ground->folder, NULL},
                     environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0)
        give_up(ground->folder, "is still there");
    free(ground);
    return EXIT_SUCCESS;
}
