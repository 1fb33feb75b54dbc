/* SPDX-License-Identifier: MIT */
/*
 * A daemon is killed (SIGKILL) at 200 points of a burn. The point is a line of its record: when
 * that line has appeared, the daemon dies, wherever it is by then. The next daemon finds the disc
 * in a state that the model allows, every block of it as it was written, takes up the record where
 * it ended, and burns on; meanwhile its second drive is burned up to the next point.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/disc.h>
#include <vcdr/store.h>

#include "burn_script.h"
#include "emulator/front/tgt/world.h"
#include "wire.h"

enum { POINTS = 200, LEAD_OUT = 359849, LINE_ROOM = 4096 };

static const char *const names[NEXUSES] = {"one", "two", "three"};
static const char *const iqns[NEXUSES] = {
    "iqn.2026-11.local.vcdr:one", "iqn.2026-11.local.vcdr:two", "iqn.2026-11.local.vcdr:three"};

/* A disc, its record, and what they must hold. */
struct burn {
    struct rig rig;
    struct walk walk;
    struct failure failure;
    char disc[96], record[96];
    off_t read_up_to; /* of the record: a whole line's end */
    struct disc states[RIG_STATES];
    unsigned count;
};

/* ---- the record ---- */

/* Feeds the lines that are whole; what is behind them may be torn, or not yet written. */
static void bring_lines(struct rig *rig)
{
    struct burn *burn = rig->ctx;
    int fd = open(burn->record, O_RDONLY | O_CLOEXEC);
    char text[64 * 1024];
    ssize_t len = 0;

    assert_true(fd >= 0);
    while ((len = pread(fd, text, sizeof(text) - 1, burn->read_up_to)) > 0) {
        char *line = text, *end;

        text[len] = '\0';
        while ((end = strchr(line, '\n')) != NULL) {
            char kept = end[1];

            end[1] = '\0';
            record_check_line(&rig->record, line, (size_t)(end + 1 - line));
            end[1] = kept;
            line = end + 1;
        }
        if (line == text)
            break;
        burn->read_up_to += line - text;
    }
    close(fd);
}

struct killer {
    const char *record;
    unsigned line;
    pid_t daemon;
    int watch;
};

static unsigned lines_of(const char *path)
{
    char text[64 * 1024];
    unsigned lines = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len;

    while (fd >= 0 && (len = read(fd, text, sizeof(text))) > 0)
        for (ssize_t i = 0; i < len; i++)
            lines += text[i] == '\n';
    if (fd >= 0)
        close(fd);
    return lines;
}

static void *kill_at_line(void *ctx)
{
    const struct killer *killer = ctx;
    char events[4096];

    while (lines_of(killer->record) < killer->line)
        if (read(killer->watch, events, sizeof(events)) <= 0)
            break;
    kill(killer->daemon, SIGKILL);
    return NULL;
}

/* ---- discs and drives ---- */

static void burn_begin(struct burn *burn, const char *folder, unsigned number)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    static const struct rig_options options;

    memset(burn, 0, sizeof(*burn));
    snprintf(burn->disc, sizeof(burn->disc), "%s/%u.disc", folder, number);
    snprintf(burn->record, sizeof(burn->record), "%s/%u.jsonl", folder, number);
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(burn->disc, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, number), 0);
    store.ops->close(store.ctx);
    burn->walk.commands = true;
    burn->rig.options = &options;
    burn->rig.walk = &burn->walk;
    burn->rig.failure = &burn->failure;
    burn->rig.bring_lines = bring_lines;
    burn->rig.ctx = burn;
    burn->rig.tag = 1;
    record_check_begin(&burn->rig.record);
    model_init(&burn->rig.model, LEAD_OUT, iqns);
}

static void burn_end(struct burn *burn)
{
    if (burn->disc[0] == '\0')
        return;
    model_free(&burn->rig.model);
    unlink(burn->disc);
    unlink(burn->record);
    burn->disc[0] = '\0';
}

static void log_in_to(struct burn *burn, int port, const char *iqn)
{
    struct rig *rig = &burn->rig;
    char url[160];

    snprintf(url, sizeof(url), "iscsi://127.0.0.1:%d/%s/0", port, iqn);
    rig->target = wire_target(url);
    for (unsigned i = 0; i < 2; i++) {
        rig->id[i] = i + 1;
        assert_int_equal(
            rig->target.ops->nexus_open(rig->target.ctx, rig->id[i], names[i], NULL, "", rig->now),
            0);
    }
    model_power_on(&rig->model);
    bring_lines(rig);
}

static void hang_up(struct burn *burn)
{
    burn->rig.target.ops->power_off(burn->rig.target.ctx, burn->rig.now);
    burn->rig.target.ctx = NULL;
}

/* The burn in drive 2, and in drive 1 (or not) what the last daemon left. */
static void start(struct daemon *daemon, const struct burn *left, const struct burn *burn)
{
    struct daemon_drive drives[2] = {
        {.iqn = "iqn.2026-11.local.vcdr:burn", .disc = burn->disc, .record = burn->record},
        {.iqn = "iqn.2026-11.local.vcdr:left", .disc = left->disc, .record = left->record},
    };
    struct daemon_options options = {.dead_peer_seconds = -1, .drives = drives, .drive_count = 2};

    drives[0].record_commands = drives[1].record_commands = true;
    options.drive_count -= left->disc[0] == '\0';
    if (!daemon_start(&options, daemon))
        fail_msg("%s: %s", daemon->thing, daemon->reason);
}

/* ---- the burn ---- */

/* False when the daemon was gone; what it may have left is known then. */
static bool do_step(struct burn *burn, const struct step *step)
{
    struct rig *rig = &burn->rig;
    struct before before;
    struct ask ask;

    walk_resolve(&rig->model, step, rig->tag, &ask);
    rig->tag += ask.blocks;
    rig_before(rig, &before);
    if (rig_ask(rig, &ask))
        return true;
    if (!wire_broken(rig->target))
        fail_msg("%s", burn->failure.why);
    burn->count =
        rig_possible_states(&before.disc, &rig->model.disc, rig_flushes(&ask), burn->states);
    bring_lines(rig);
    burn->count = rig_drop_lies(rig, &before, burn->states, burn->count);
    return false;
}

/* To the end, or until the daemon is gone. */
static void run_script(struct burn *burn)
{
    for (unsigned i = 0; i < burn_script_steps; i++)
        if (!do_step(burn, &burn_script[i]))
            return;
    burn->count = disc_after_cut(&burn->rig.model.disc, burn->states);
}

static void burn_and_be_killed(struct burn *burn, struct daemon *daemon, unsigned line)
{
    struct killer killer = {.record = burn->record, .line = line, .daemon = daemon->pid};
    pthread_t thread;
    int status;

    killer.watch = inotify_init1(IN_CLOEXEC);
    assert_true(inotify_add_watch(killer.watch, burn->record, IN_MODIFY) >= 0);
    log_in_to(burn, daemon->port, "iqn.2026-11.local.vcdr:burn");
    assert_int_equal(pthread_create(&thread, NULL, kill_at_line, &killer), 0);
    run_script(burn);
    assert_int_equal(waitpid(daemon->pid, &status, 0), daemon->pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    pthread_join(thread, NULL);
    close(killer.watch);
    daemon_ended(daemon, status);
    hang_up(burn);
    bring_lines(&burn->rig); /* to the end; behind it a torn line at most */
    assert_true(burn->rig.record.seq >= line);
    assert_string_equal(burn->rig.record.why, "");
}

static void check(struct burn *burn, bool good, unsigned line)
{
    if (!good)
        fail_msg("killed at line %u: %s", line, burn->failure.why);
}

/* What the last daemon left: all that it had synchronized; the next burn goes on. */
static void look_and_go_on(struct burn *left, const struct daemon *daemon, unsigned line)
{
    struct rig *rig = &left->rig;
    unsigned nexus;

    log_in_to(left, daemon->port, "iqn.2026-11.local.vcdr:left");
    check(left, rig_find_state(rig, left->states, left->count), line);
    for (unsigned i = 0; i < next_burn_steps; i++)
        if (!do_step(left, &next_burn[i]))
            fail_msg("killed at line %u: the next daemon ended", line);
    assert_true(disc_complete(&rig->model.disc));
    check(left, rig_surveyor(rig, &nexus) && rig_survey(rig, nexus) && rig_read_all(rig, nexus),
          line);
    hang_up(left);
}

/* ---- the matrix ---- */

struct matrix {
    char folder[64];
    struct burn burns[2];
    struct daemon daemon;
};

static unsigned count_lines(struct matrix *m)
{
    struct burn *burn = &m->burns[0];
    unsigned lines;

    burn_begin(burn, m->folder, 0);
    start(&m->daemon, &m->burns[1], burn);
    log_in_to(burn, m->daemon.port, "iqn.2026-11.local.vcdr:burn");
    run_script(burn);
    assert_false(wire_broken(burn->rig.target));
    assert_true(disc_complete(&burn->rig.model.disc));
    bring_lines(&burn->rig);
    lines = (unsigned)burn->rig.record.seq;
    hang_up(burn);
    assert_int_equal(daemon_stop(&m->daemon), 0);
    burn_end(burn);
    return lines;
}

static void a_killed_daemon_loses_nothing_that_it_promised(void **state)
{
    struct matrix *m = *state;
    unsigned lines = count_lines(m), last = 0;

    assert_true(lines > 80); /* enough of them that points differ */
    for (unsigned point = 0; point <= POINTS; point++) {
        struct burn *burn = &m->burns[point % 2], *left = &m->burns[1 - point % 2];
        unsigned line = 2 + (lines - 2) * point / POINTS;

        burn_begin(burn, m->folder, point + 1);
        start(&m->daemon, left, burn);
        if (point > 0)
            look_and_go_on(left, &m->daemon, last);
        burn_end(left);
        if (point == POINTS)
            break;
        burn_and_be_killed(burn, &m->daemon, line);
        last = line;
    }
    assert_int_equal(daemon_stop(&m->daemon), 0);
    print_message("%u points over the %u lines of a burn\n", POINTS, lines);
}

static int set_up(void **state)
{
    struct matrix *m = calloc(1, sizeof(*m));

    assert_non_null(m);
    snprintf(m->folder, sizeof(m->folder), "/tmp/vcdr-crash-XXXXXX");
    assert_non_null(mkdtemp(m->folder));
    *state = m;
    return 0;
}

static int tear_down(void **state)
{
    struct matrix *m = *state;

    if (m->daemon.pid > 0)
        (void)daemon_stop(&m->daemon);
    burn_end(&m->burns[0]);
    burn_end(&m->burns[1]);
    rmdir(m->folder);
    free(m);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_killed_daemon_loses_nothing_that_it_promised, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
