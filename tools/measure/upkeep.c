/* SPDX-License-Identifier: MIT */
/*
 * What a suite of tests pays: the time of a scenario, the memory of a daemon, and the record, at
 * its start and at its hundred-thousandth line.
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/record.h>
#include <vcdr/store.h>

#include "measure/figures.h"
#include "measure/initiator.h"
#include "serve/daemon.h"
#include "serve/find.h"

extern char **environ;

enum {
    ROUNDS = 5,
    EMBEDDED_SCENARIOS = 200,
    DAEMON_SCENARIOS = 20,
    DRIVES_MOST = 100,
    BLOCKS = 100,         /* of the record's commands */
    BLOCK_COMMANDS = 1000 /* 100,000 lines in all */
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    bool failed = !file || fputs(text, file) < 0;

    if ((file && fclose(file) != 0) || failed)
        give_up(path, strerror(errno));
}

/* ---- scenarios ---- */

static const char scenario[] = "scenario \"a name is refused while the medium is prepared\"\n"
                               "local drive = blank_disc \"80min\"\n"
                               "local tao = drive:track_at_once { client_name = \"Bench 1.0\" }\n"
                               "expect(call(tao, \"PrepareMedia\")):is \"S_OK\"\n"
                               "expect(put(tao, \"ClientName\", \"Second\")):is "
                               "\"E_IMAPI_DF2TAO_MEDIA_IS_PREPARED\"\n"
                               "expect(drive:owner()):is \"Bench 1.0\"\n"
                               "expect(call(tao, \"ReleaseMedia\")):is \"S_OK\"\n"
                               "expect(drive:owner()):is \"\"\n";

/* One after the other in one run of the program; its start and end are in the time. */
static double run_scenarios(const char *vcdr, const char *drive, const char *scenarios)
{
    const char *const argv[] = {vcdr, "scenario", "--jobs", "1", "--drive", drive, scenarios, NULL};
    posix_spawn_file_actions_t actions;
    double begin;
    int status;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    begin = now_us();
    if (posix_spawn(&pid, vcdr, &actions, NULL, (char *const *)argv, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0)
        give_up("vcdr scenario", "failed");
    posix_spawn_file_actions_destroy(&actions);
    return now_us() - begin;
}

static void measure_scenarios(const char *folder, const char *vcdr, const char *drive, int count)
{
    char scenarios[128], path[160], what[64];
    double times[ROUNDS], each;

    snprintf(scenarios, sizeof(scenarios), "%s/%s", folder, drive);
    if (mkdir(scenarios, 0700) != 0)
        give_up(scenarios, strerror(errno));
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/%03d.lua", scenarios, i);
        write_file(path, scenario);
    }
    for (int i = 0; i < ROUNDS; i++)
        times[i] = run_scenarios(vcdr, drive, scenarios) / count / 1000;
    each = median(times, ROUNDS);
    snprintf(what, sizeof(what), "a scenario, %s", drive);
    printf("%-34s %8.2f  ms, %.0f a second, one at a time\n", what, each, 1000 / each);
}

/* ---- daemons ---- */

static void make_disc(const char *path)
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
}

struct farm {
    struct daemon daemon;
    struct daemon_drive drives[DRIVES_MOST];
    char iqns[DRIVES_MOST][64], discs[DRIVES_MOST][128], serials[DRIVES_MOST][20];
};

static void farm_make(struct farm *farm, const char *folder, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        snprintf(farm->iqns[i], sizeof(farm->iqns[i]), "iqn.2026-11.local.vcdr:upkeep%u", i);
        snprintf(farm->serials[i], sizeof(farm->serials[i]), "UPKEEP%u", i);
        snprintf(farm->discs[i], sizeof(farm->discs[i]), "%s/%u.disc", folder, i);
        make_disc(farm->discs[i]);
        farm->drives[i] = (struct daemon_drive){
            .iqn = farm->iqns[i], .disc = farm->discs[i], .serial = farm->serials[i]};
    }
}

static void farm_start(struct farm *farm, unsigned count)
{
    struct daemon_options options = {
        .drives = farm->drives, .drive_count = count, .dead_peer_seconds = -1};

    if (!daemon_start(&options, &farm->daemon))
        give_up(farm->daemon.thing, farm->daemon.reason);
}

static void farm_end(struct farm *farm, unsigned count)
{
    if (daemon_stop(&farm->daemon) != 0)
        give_up("the daemon", "did not end well");
    for (unsigned i = 0; i < count; i++)
        (void)unlink(farm->discs[i]);
}

static struct initiator *log_in(const struct farm *farm, unsigned drive)
{
    static const unsigned char ready[6] = {0x00};
    struct initiator *initiator;
    const char *why;
    char url[256];

    snprintf(url, sizeof(url), "iscsi://127.0.0.1:%d/%s/0", farm->daemon.port, farm->iqns[drive]);
    initiator = initiator_open(url, "bench", &why);
    if (!initiator)
        give_up(url, why);
    for (int i = 0; i < 3; i++) /* takes the unit attentions */
        (void)initiator_execute(initiator, 0, ready, 6, NULL, 0, NULL, 0);
    return initiator;
}

static double resident_mib(pid_t pid)
{
    char path[64], line[256];
    unsigned long kib = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    file = fopen(path, "r");
    if (!file)
        give_up(path, strerror(errno));
    while (fgets(line, sizeof(line), file) && sscanf(line, "VmRSS: %lu", &kib) != 1)
        continue;
    fclose(file);
    if (kib == 0)
        give_up(path, "has no VmRSS");
    return (double)kib / 1024;
}

/* With a session to each drive. */
static double measure_memory(struct farm *farm, const char *folder, unsigned count)
{
    struct initiator *initiators[DRIVES_MOST];
    double mib;

    farm_make(farm, folder, count);
    farm_start(farm, count);
    for (unsigned i = 0; i < count; i++)
        initiators[i] = log_in(farm, i);
    mib = resident_mib(farm->daemon.pid);
    for (unsigned i = 0; i < count; i++)
        initiator_logout(initiators[i]);
    farm_end(farm, count);
    printf("%-34s %8.1f  MiB resident, a session each\n",
           count == 1 ? "a daemon with 1 drive" : "a daemon with 100 drives", mib);
    return mib;
}

/* ---- the record ---- */

enum { BARE, EVENTS, COMMANDS, KINDS };
static const char *const kind_names[KINDS] = {"no record", "a record", "--record-commands"};

static double ready_block(struct initiator *initiator)
{
    static const unsigned char ready[6] = {0x00};
    double begin = now_us();

    for (int i = 0; i < BLOCK_COMMANDS; i++) {
        if (initiator_execute(initiator, 0, ready, 6, NULL, 0, NULL, 0).status != 0)
            give_up("TEST UNIT READY", "not GOOD");
    }
    return (now_us() - begin) / BLOCK_COMMANDS;
}

static double open_us(const char *path)
{
    struct vcdr_record_file *file;
    double times[101];

    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        double begin = now_us();
        int error = vcdr_record_file_open(path, &file);

        times[i] = now_us() - begin;
        if (error)
            give_up(path, vcdr_strerror(error));
        vcdr_record_file_close(file);
    }
    return median(times, sizeof(times) / sizeof(times[0]));
}

static unsigned long lines_of(const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned long lines = 0;
    int c;

    if (!file)
        give_up(path, strerror(errno));
    while ((c = getc(file)) != EOF)
        lines += c == '\n';
    fclose(file);
    return lines;
}

static void report_record(double us[KINDS][BLOCKS], const char *events, const char *commands)
{
    for (int kind = 0; kind < KINDS; kind++) {
        double first = median(us[kind], BLOCKS / 10);
        double last = median(us[kind] + BLOCKS - BLOCKS / 10, BLOCKS / 10);

        printf("TEST UNIT READY, %-17s %8.1f  us at first, %.1f after 90,000\n", kind_names[kind],
               first, last);
    }
    printf("%-34s %8.1f  us with %lu lines, %.1f with %lu\n", "opening a record", open_us(events),
           lines_of(events), open_us(commands), lines_of(commands));
}

/* Three drives of one daemon, in turn. */
static void measure_record(struct farm *farm, const char *folder)
{
    static double us[KINDS][BLOCKS];
    struct initiator *initiators[KINDS];
    char events[128], commands[128];

    snprintf(events, sizeof(events), "%s/events", folder);
    snprintf(commands, sizeof(commands), "%s/commands", folder);
    farm_make(farm, folder, KINDS);
    farm->drives[EVENTS].record = events;
    farm->drives[COMMANDS].record = commands;
    farm->drives[COMMANDS].record_commands = true;
    farm_start(farm, KINDS);
    for (unsigned kind = 0; kind < KINDS; kind++)
        initiators[kind] = log_in(farm, kind);
    for (int block = 0; block < BLOCKS; block++) {
        for (int i = 0; i < KINDS; i++) {
            int kind = (i + block) % KINDS; /* nobody is always first */

            us[kind][block] = ready_block(initiators[kind]);
        }
    }
    for (int kind = 0; kind < KINDS; kind++)
        initiator_logout(initiators[kind]);
    farm_end(farm, KINDS);
    report_record(us, events, commands);
    (void)unlink(events);
    (void)unlink(commands);
}

int main(void)
{
    struct farm *farm = calloc(1, sizeof(*farm));
    char folder[64], vcdr[4096];
    const char *where = getenv("TMPDIR");
    double one, hundred;
    pid_t pid;
    int status;

    if (!farm)
        give_up("bench", "out of memory");
    if (!where)
        where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof(folder), "%.32s/vcdr-upkeep-XXXXXX", where);
    if (!mkdtemp(folder))
        give_up(folder, strerror(errno));
    if (!find_beside_program("../vcdr", vcdr, sizeof(vcdr)))
        give_up("vcdr", "is not beside this program");
    setvbuf(stdout, NULL, _IOLBF, 0);
    measure_scenarios(folder, vcdr, "embedded", EMBEDDED_SCENARIOS);
    measure_scenarios(folder, vcdr, "daemon", DAEMON_SCENARIOS);
    one = measure_memory(farm, folder, 1);
    hundred = measure_memory(farm, folder, DRIVES_MOST);
    printf("%-34s %8.2f  MiB\n", "a drive more", (hundred - one) / (DRIVES_MOST - 1));
    measure_record(farm, folder);
    if (posix_spawnp(&pid, "rm", NULL, NULL,
                     (char *const[]){(char *)"rm", (char *)"-rf", folder, NULL}, environ) != 0 ||
        waitpid(pid, &status, 0) != pid || status != 0)
        give_up(folder, "is still there");
    free(farm);
    return EXIT_SUCCESS;
}
