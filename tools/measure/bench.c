/* SPDX-License-Identifier: MIT */
/*
 * Measures the drive beside tgt's own `null` and `rdwr` units, all in one daemon with one set of
 * iSCSI parameters. Rounds are interleaved, so that a slow moment of the machine meets all alike;
 * the medians stand beside their ratios, which is what to read.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
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

#include "measure/audio.h"
#include "measure/figures.h"
#include "measure/initiator.h"
#include "serve/daemon.h"
#include "serve/find.h"

extern char **environ;

enum { VCDR, NULL_UNIT, RDWR, UNITS };
static const char *const unit_names[UNITS] = {"vcdr", "null", "rdwr"};

enum {
    ROUNDS_MOST = 64,
    DISCS_MOST = 32,
    POINTS = 4,
    READY_COMMANDS = 1000,
    STARTS = 15,
    BURNS = 3,
    AUDIO_BLOCK = 2352,
    RAW_CHUNK = 111,
    RAW_DEPTH = 8, /* api/transport's own */
    DISC_BYTES = 850 << 20,
    DATA_BLOCK = 2048,
    DISK_BLOCK = 512
};
static const struct point {
    unsigned kib, depth;
} points[POINTS] = {{64, 1}, {64, 8}, {128, 1}, {128, 8}};

struct bench {
    char folder[64];
    unsigned rounds;
    bool sparse;  /* files as sparse as new discs are; otherwise their pages are there already */
    unsigned mib; /* written at each point of each round */
    struct daemon daemon;
    char urls[UNITS][256]; /* the drive's: of the disc in use */
    char discs[DISCS_MOST][128];
    unsigned rounds_a_disc, disc_count;
    double mbs[POINTS][UNITS][ROUNDS_MOST];
    double ready_us[UNITS][ROUNDS_MOST];
};

/* ---- the daemon and its other units ---- */

static void run_program(const char *const *argv)
{
    pid_t pid;
    int status;

    if (posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0)
        give_up(argv[0], "failed");
}

/* tgtadm with a line of words, as the daemon's own user. */
static void tgtadm(const char *format, int tid, const char *word)
{
    char line[512], *at = line, *argument;
    const char *argv[32] = {"tgtadm", "--lld", "iscsi"};
    size_t count = 3;

    snprintf(line, sizeof(line), format, tid, word);
    while ((argument = strsep(&at, " ")) != NULL)
        argv[count++] = argument;
    argv[count] = NULL;
    run_program(argv);
}

static void add_peer(struct bench *bench, int unit, const char *create)
{
    static const char *const parameters[] = {
        "MaxRecvDataSegmentLength --value 1048576",
        "InitialR2T --value No",
        "FirstBurstLength --value 1048576",
        "MaxBurstLength --value 1048576",
        "MaxOutstandingR2T --value 8",
    };
    char iqn[64];

    snprintf(iqn, sizeof(iqn), "iqn.2026-11.local.vcdr:%s", unit_names[unit]);
    tgtadm("--op new --mode target --tid %d --targetname %s", 100 + unit, iqn);
    tgtadm(create, 100 + unit, bench->folder);
    tgtadm("--op bind --mode target --tid %d --initiator-address ALL", 100 + unit, "");
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
        tgtadm("--op update --mode target --tid %d --name %s", 100 + unit, parameters[i]);
    snprintf(bench->urls[unit], sizeof(bench->urls[unit]), "iscsi://127.0.0.1:%d/%s/1",
             bench->daemon.port, iqn);
}

/* Zeros up to `size`, so that a measured WRITE finds its pages in memory and pays for no allocation
 * of the file system's, whichever unit it goes to. */
static void fill(const char *path, off_t size)
{
    static char zeros[1 << 20];
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    off_t at = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

    while (fd >= 0 && at < size) {
        ssize_t n = pwrite(fd, zeros, sizeof(zeros), at);

        if (n <= 0)
            break;
        at += n;
    }
    if (fd < 0 || at < size || fsync(fd) != 0)
        give_up(path, strerror(errno));
    close(fd);
}

static void make_disc(const char *path, bool sparse)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    int error = vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry);

    if (!error)
        error = vcdr_store_file(path, VCDR_STORE_CREATE, &store);
    if (!error) {
        error = vcdr_disc_create(store, &geometry, 1);
        store.ops->close(store.ctx);
    }
    if (error)
        give_up(path, vcdr_strerror(error));
    if (!sparse)
        fill(path, DISC_BYTES);
}

static void start(struct bench *bench)
{
    struct daemon_drive drives[DISCS_MOST];
    static char iqns[DISCS_MOST][64], serials[DISCS_MOST][20];
    struct daemon_options options = {
        .drives = drives, .dead_peer_seconds = -1, .keep_control = true};
    char path[128];
    int fd;

    bench->rounds_a_disc = 700 / (POINTS * bench->mib); /* an 80-minute disc has 702 MiB of data */
    bench->disc_count = (bench->rounds + bench->rounds_a_disc - 1) / bench->rounds_a_disc;
    if (bench->disc_count > DISCS_MOST)
        give_up("rounds", "too many for the discs");
    for (unsigned i = 0; i < bench->disc_count; i++) {
        snprintf(bench->discs[i], sizeof(bench->discs[i]), "%s/%u.disc", bench->folder, i);
        snprintf(iqns[i], sizeof(iqns[i]), "iqn.2026-11.local.vcdr:bench%u", i);
        snprintf(serials[i], sizeof(serials[i]), "BENCH%u", i);
        make_disc(bench->discs[i], bench->sparse);
        drives[i] =
            (struct daemon_drive){.iqn = iqns[i], .disc = bench->discs[i], .serial = serials[i]};
    }
    options.drive_count = bench->disc_count;
    snprintf(path, sizeof(path), "%s/rdwr.img", bench->folder);
    if (!bench->sparse)
        fill(path, (off_t)(bench->rounds * POINTS * bench->mib) << 20);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, (off_t)(bench->rounds * POINTS * bench->mib) << 20) != 0)
        give_up(path, strerror(errno));
    close(fd);
    if (!daemon_start(&options, &bench->daemon))
        give_up(bench->daemon.thing, bench->daemon.reason);
    setenv("TGT_IPC_SOCKET", bench->daemon.control, 1);
    add_peer(bench, NULL_UNIT,
             "--op new --mode logicalunit --tid %d --lun 1 --bstype null --backing-store %s/null");
    add_peer(bench, RDWR,
             "--op new --mode logicalunit --tid %d --lun 1 --bstype rdwr --backing-store "
             "%s/rdwr.img");
}

/* ---- one session each ---- */

static struct initiator *log_in(const char *url)
{
    static const unsigned char ready[6] = {0x00}; /* TEST UNIT READY takes the unit attention */
    const char *why;
    struct initiator *initiator = initiator_open(url, "bench", &why);

    if (!initiator)
        give_up(url, why);
    for (int i = 0; i < 3; i++)
        (void)initiator_execute(initiator, url[strlen(url) - 1] - '0', ready, 6, NULL, 0, NULL, 0);
    return initiator;
}

/* Page 05: write type 1, track-at-once; 4 and 8 are a data track of mode 1, 0 and 0 an audio track.
 */
static void prepare_track(struct initiator *initiator, unsigned char track_mode,
                          unsigned char block_type)
{
    static const unsigned char sense[10] = {0x5A, 0x08, 0x05, 0, 0, 0, 0, 0, 60, 0};
    static const unsigned char select[10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0};
    unsigned char page[60];
    struct reply reply = initiator_execute(initiator, 0, sense, 10, NULL, 0, page, sizeof(page));

    if (reply.status == 0 && reply.in_len == sizeof(page)) {
        memset(page, 0, 8);
        page[8] = 0x05;
        page[10] = (unsigned char)((page[10] & 0xF0) | 0x01);
        page[11] = (unsigned char)((page[11] & 0xF0) | track_mode);
        page[12] = (unsigned char)((page[12] & 0xF0) | block_type);
        reply = initiator_execute(initiator, 0, select, 10, page, sizeof(page), NULL, 0);
    }
    if (reply.status != 0)
        give_up("MODE SELECT of page 05", "refused");
}

static double write_point(struct bench *bench, struct initiator *initiator, int unit,
                          const struct point *point, unsigned mib_before, const void *data)
{
    unsigned block = unit == VCDR ? DATA_BLOCK : DISK_BLOCK;
    struct stream stream = {
        .block_bytes = block,
        .blocks = point->kib * 1024 / block,
        .commands = bench->mib * 1024 / point->kib,
        .depth = point->depth,
        .lba = (uint32_t)((uint64_t)mib_before * (1 << 20) / block),
    };
    double begin = now_us();

    if (!initiator_write_stream(initiator, &stream, data))
        give_up(unit_names[unit], "a WRITE failed");
    return (double)bench->mib * (1 << 20) / (now_us() - begin);
}

static double ready_median(struct initiator *initiator, unsigned lun)
{
    static const unsigned char ready[6] = {0x00};
    double times[READY_COMMANDS];

    for (int i = 0; i < READY_COMMANDS; i++) {
        double begin = now_us();

        if (initiator_execute(initiator, lun, ready, 6, NULL, 0, NULL, 0).status != 0)
            give_up("TEST UNIT READY", "not GOOD");
        times[i] = now_us() - begin;
    }
    return median(times, READY_COMMANDS);
}

static void run_round(struct bench *bench, unsigned round, const void *data)
{
    struct initiator *initiators[UNITS];
    unsigned disc = round / bench->rounds_a_disc;
    unsigned on_disc = round % bench->rounds_a_disc * POINTS * bench->mib;
    unsigned on_disk = round * POINTS * bench->mib;

    snprintf(bench->urls[VCDR], sizeof(bench->urls[VCDR]),
             "iscsi://127.0.0.1:%d/iqn.2026-11.local.vcdr:bench%u/0", bench->daemon.port, disc);
    for (int unit = 0; unit < UNITS; unit++)
        initiators[unit] = log_in(bench->urls[unit]);
    prepare_track(initiators[VCDR], 0x04, 0x08);
    for (int unit = 0; unit < UNITS; unit++)
        bench->ready_us[unit][round] = ready_median(initiators[unit], unit == VCDR ? 0 : 1);
    for (unsigned p = 0; p < POINTS; p++) {
        for (int i = 0; i < UNITS; i++) {
            int unit = (int)((i + round) % UNITS); /* nobody is always first */
            unsigned before = (unit == VCDR ? on_disc : on_disk) + p * bench->mib;

            bench->mbs[p][unit][round] =
                write_point(bench, initiators[unit], unit, &points[p], before, data);
        }
    }
    for (int unit = 0; unit < UNITS; unit++)
        initiator_logout(initiators[unit]);
}

/* ---- exec to the first INQUIRY ---- */

static double start_to_inquiry(const char *vcdr, const char *disc)
{
    static const unsigned char inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    const char *const argv[] = {vcdr, "serve", "--disc", disc, NULL};
    posix_spawn_file_actions_t actions;
    struct initiator *initiator;
    unsigned char data[36];
    char url[256] = "";
    double begin = now_us(), taken;
    int out[2];
    ssize_t len = 0, n;
    pid_t pid;

    if (pipe2(out, O_CLOEXEC) != 0)
        give_up("pipe", strerror(errno));
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    if (posix_spawn(&pid, vcdr, &actions, NULL, (char *const *)argv, environ) != 0)
        give_up(vcdr, strerror(errno));
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    while (!strchr(url, '\n') && (n = read(out[0], url + len, sizeof(url) - 1 - (size_t)len)) > 0)
        url[len += n] = '\0';
    url[strcspn(url, "\n")] = '\0';
    initiator = initiator_open(url, "bench", NULL);
    if (!initiator ||
        initiator_execute(initiator, 0, inquiry, 6, NULL, 0, data, sizeof(data)).status != 0)
        give_up("vcdr serve", "does not answer");
    taken = now_us() - begin;
    initiator_logout(initiator);
    close(out[0]);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    return taken / 1000;
}

/* ---- an 80-minute disc ---- */

static const unsigned char sync_cache[10] = {0x35};

/* The same bytes by raw WRITE(10)s, as large and as many in flight as the API has them, and the
 * track closed, which AddAudioTrack does as well. */
static double raw_burn(const char *url, uint32_t blocks, unsigned chunk, unsigned depth)
{
    struct initiator *initiator = log_in(url);
    struct stream stream = {
        .block_bytes = AUDIO_BLOCK, .blocks = chunk, .commands = blocks / chunk, .depth = depth};
    struct stream rest = {.block_bytes = AUDIO_BLOCK,
                          .blocks = blocks % chunk,
                          .commands = blocks % chunk > 0,
                          .depth = 1,
                          .lba = blocks / chunk * chunk};
    void *data = calloc(chunk, AUDIO_BLOCK);
    double begin;

    if (!data)
        give_up("bench", "out of memory");
    prepare_track(initiator, 0x00, 0x00); /* audio, raw blocks */
    begin = now_us();
    if (!initiator_write_stream(initiator, &stream, data) ||
        !initiator_write_stream(initiator, &rest, data) ||
        initiator_execute(initiator, 0, sync_cache, 10, NULL, 0, NULL, 0).status != 0)
        give_up("raw burn", "a command failed");
    begin = now_us() - begin;
    initiator_logout(initiator);
    free(data);
    return begin;
}

struct burns {
    double api[BURNS], raw[BURNS]; /* MB/s */
};

static void burn_round(struct bench *bench, unsigned round, struct burns *burns)
{
    static const char *const iqns[2] = {"iqn.2026-11.local.vcdr:api", "iqn.2026-11.local.vcdr:raw"};
    struct daemon_drive drives[2];
    struct daemon_options options = {.drives = drives, .drive_count = 2, .dead_peer_seconds = -1};
    struct audio_burn burned;
    char discs[2][128], urls[2][256], samples[128];
    const char *failed;
    double bytes;

    for (int i = 0; i < 2; i++) {
        snprintf(discs[i], sizeof(discs[i]), "%s/burn%d.disc", bench->folder, i);
        (void)unlink(discs[i]);
        make_disc(discs[i], bench->sparse);
        drives[i] =
            (struct daemon_drive){.iqn = iqns[i], .disc = discs[i], .serial = i ? "RAW" : "API"};
    }
    if (!daemon_start(&options, &bench->daemon))
        give_up(bench->daemon.thing, bench->daemon.reason);
    for (int i = 0; i < 2; i++)
        snprintf(urls[i], sizeof(urls[i]), "iscsi://127.0.0.1:%d/%s/0", bench->daemon.port,
                 iqns[i]);
    snprintf(samples, sizeof(samples), "%s/samples", bench->folder);
    failed = audio_burn(urls[0], samples, &burned);
    if (failed)
        give_up("80-minute burn", failed);
    bytes = (double)burned.blocks * AUDIO_BLOCK;
    burns->api[round] = bytes / burned.us;
    burns->raw[round] = bytes / raw_burn(urls[1], burned.blocks, RAW_CHUNK, RAW_DEPTH);
    (void)daemon_stop(&bench->daemon);
    for (int i = 0; i < 2; i++)
        (void)unlink(discs[i]);
}

static void measure_burns(struct bench *bench)
{
    struct burns burns;
    double api, raw;

    for (unsigned round = 0; round < BURNS; round++)
        burn_round(bench, round, &burns);
    api = median(burns.api, BURNS);
    raw = median(burns.raw, BURNS);
    printf("%-26s %8.0f  MB/s by AddAudioTrack, %.0f raw: %.2f of raw\n", "80 minutes of audio",
           api, raw, api / raw);
}

/* ---- the report ---- */

static void report_row(const char *what, const char *unit, const double values[UNITS])
{
    printf("%-26s %8.0f %8.0f %8.0f  %-4s %6.2f %6.2f\n", what, values[VCDR], values[NULL_UNIT],
           values[RDWR], unit, values[VCDR] / values[NULL_UNIT], values[VCDR] / values[RDWR]);
}

static void report(struct bench *bench)
{
    char what[64];
    double values[UNITS];

    printf("%u rounds of %u MiB a point, medians; %s files in %s\n", bench->rounds, bench->mib,
           bench->sparse ? "new, sparse" : "preallocated", bench->folder);
    printf("%-26s %8s %8s %8s  %-4s %6s %6s\n", "", "vcdr", "null", "rdwr", "", "/null", "/rdwr");
    for (unsigned p = 0; p < POINTS; p++) {
        snprintf(what, sizeof(what), "WRITE(10) %u KiB, depth %u", points[p].kib, points[p].depth);
        for (int unit = 0; unit < UNITS; unit++)
            values[unit] = median(bench->mbs[p][unit], bench->rounds);
        report_row(what, "MB/s", values);
    }
    for (int unit = 0; unit < UNITS; unit++)
        values[unit] = median(bench->ready_us[unit], bench->rounds);
    report_row("TEST UNIT READY", "us", values);
}

int main(int argc, char **argv)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    char vcdr[4096];
    double starts[STARTS];
    void *data;

    if (!bench || posix_memalign(&data, 4096, 128 * 1024) != 0)
        give_up("bench", "out of memory");
    memset(data, 0x5A, 128 * 1024);
    if (argc > 1 && strcmp(argv[1], "--sparse") == 0) {
        bench->sparse = true;
        argv++;
        argc--;
    }
    bench->rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 9;
    bench->mib = argc > 2 ? (unsigned)atoi(argv[2]) : 16;
    if (bench->rounds < 1 || bench->rounds > ROUNDS_MOST || bench->mib < 1 || bench->mib > 175)
        give_up("usage", "bench [--sparse] [ROUNDS 1-64 [MIB 1-175]]");
    snprintf(bench->folder, sizeof(bench->folder), "%s/vcdr-bench-XXXXXX",
             getenv("TMPDIR")                ? getenv("TMPDIR")
             : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                             : "/tmp");
    if (!mkdtemp(bench->folder))
        give_up(bench->folder, strerror(errno));
    start(bench);
    for (unsigned round = 0; round < bench->rounds; round++)
        run_round(bench, round, data);
    (void)daemon_stop(&bench->daemon);
    report(bench);
    if (find_beside_program("../vcdr", vcdr, sizeof(vcdr))) {
        for (int i = 0; i < STARTS; i++)
            starts[i] = start_to_inquiry(vcdr, bench->discs[0]);
        printf("%-26s %8.1f %27s\n", "exec to first INQUIRY", median(starts, STARTS), "ms");
    }
    for (unsigned i = 0; i < bench->disc_count; i++)
        (void)unlink(bench->discs[i]); /* memory, as a rule */
    measure_burns(bench);
    run_program((const char *const[]){"rm", "-rf", bench->folder, NULL});
    free(data);
    free(bench);
    return EXIT_SUCCESS;
}
