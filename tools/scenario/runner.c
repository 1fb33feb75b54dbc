/* SPDX-License-Identifier: MIT */
#include "scenario/runner.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "scenario/stage.h"
#include "scenario/utf8.h"
#include "verbs.h"

enum { MOST_JOBS = 256, GRACE_MS = 500, FOLDER_ROOM = 300 };

/* One place where a scenario can run. */
struct slot {
    pid_t pid; /* 0: nobody */
    int pidfd;
    size_t index;
    uint64_t began_us, deadline_ms;
    bool killed;               /* by the time limit */
    char scratch[FOLDER_ROOM]; /* a short path, for what tgtd needs for itself */
    char folder[FOLDER_ROOM];  /* discs and records; the same unless they are to be kept */
    struct slate *slate;
};

struct runner {
    const struct run_wish *wish;
    const struct files *files;
    struct results results;
    char base[FOLDER_ROOM / 2];
    struct slot slots[MOST_JOBS];
    size_t next; /* scenario */
    size_t running;
    sigset_t mask; /* as it was, for the scenarios and while we wait */
};

/* A signal asks for the end: the runner's only global, for a handler has no argument. */
static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    interrupted = number;
}

static uint64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* ---- a scenario begins ---- */

/* The one that is kept is named after the file, without its folders and its suffix. */
static int make_folders(const struct runner *runner, struct slot *slot)
{
    const char *path = runner->files->paths[slot->index], *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    int length = (int)strcspn(name, ".");

    snprintf(slot->scratch, FOLDER_ROOM, "%s/%zu", runner->base, slot->index + 1);
    snprintf(slot->folder, FOLDER_ROOM, "%s", slot->scratch);
    if (runner->wish->keep)
        snprintf(slot->folder, FOLDER_ROOM, "%.150s/%.*s-XXXXXX", runner->wish->keep,
                 length < 100 ? length : 100, name);
    if (mkdir(slot->scratch, 0777) != 0)
        return fail(slot->scratch, "%s", strerror(errno));
    if (runner->wish->keep && !mkdtemp(slot->folder))
        return fail(slot->folder, "%s", strerror(errno));
    return EXIT_DONE;
}

/* Never returns. */
static void __attribute__((noreturn))
live(const struct runner *runner, const struct slot *slot, pid_t parent)
{
    struct stage stage = {
        .file = runner->files->paths[slot->index],
        .folder = slot->folder,
        .wish = &runner->wish->drive,
        .time_limit_s = runner->wish->time_limit_s,
        .slate = slot->slate,
    };

    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &runner->mask, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    setenv("TMPDIR", slot->scratch, 1);
    unsetenv("VCDR_RECORD");
    unsetenv("VCDR_INITIATOR");
    stage_run(&stage);
    _exit(0);
}

static int begin(struct runner *runner, struct slot *slot)
{
    pid_t parent = getpid();

    slot->index = runner->next++;
    slot->killed = false;
    slot->slate->outcome = OUTCOME_RUNNING;
    slot->slate->title[0] = slot->slate->where[0] = slot->slate->call[0] = '\0';
    slot->slate->message[0] = slot->slate->reason[0] = slot->slate->notes[0] = '\0';
    if (make_folders(runner, slot) != EXIT_DONE)
        return EXIT_FAILED;
    slot->began_us = now_us();
    slot->deadline_ms = slot->began_us / 1000 + runner->wish->time_limit_s * 1000u + GRACE_MS;
    slot->pid = fork();
    if (slot->pid == 0)
        live(runner, slot, parent);
    if (slot->pid > 0)
        slot->pidfd = pidfd_open(slot->pid, 0);
    if (slot->pid < 0 || slot->pidfd < 0)
        return fail("scenario", "no process: %s", strerror(errno));
    runner->running++;
    return EXIT_DONE;
}

/* ---- and ends ---- */

/* It ended without saying how. */
static void explain(const struct runner *runner, const struct slot *slot, int status)
{
    struct slate *slate = slot->slate;
    char got[200];

    if (slot->killed)
        snprintf(got, sizeof(got), "nothing within %u s", runner->wish->time_limit_s);
    else if (WIFSIGNALED(status))
        snprintf(got, sizeof(got), "signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(got, sizeof(got), "exit status %d of its process", WEXITSTATUS(status));
    snprintf(slate->message, sizeof(slate->message), "%s: %s: expected it to return, got %s",
             slate->where, slate->call[0] ? slate->call : "the scenario", got);
    slate->outcome = OUTCOME_FAILED;
}

/* A scenario's bytes may be anything; what is told of them is UTF-8. */
static char *copy(const char *text)
{
    char *copied = strdup(text);

    if (!copied)
        abort(); /* some hundred bytes */
    for (char *at = copied; *at;) {
        size_t length = utf8_length(at);

        if (length == 0)
            *at = '?';
        at += length > 0 ? length : 1;
    }
    return copied;
}

static void clean(const struct runner *runner, const struct slot *slot, struct ended *ended)
{
    bool failed = ended->outcome == OUTCOME_FAILED, keep = runner->wish->keep != NULL;

    if (!(failed && keep))
        folder_remove(slot->folder, failed);
    if (keep)
        folder_remove(slot->scratch, false);
    ended->kept = copy(failed && access(slot->folder, F_OK) == 0 ? slot->folder : "");
}

static void take(struct runner *runner, struct slot *slot)
{
    struct ended *ended = &runner->results.ended[slot->index];
    const struct slate *slate = slot->slate;
    int status = 0;

    while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
        ;
    (void)kill(-slot->pid, SIGKILL); /* what it left of itself */
    close(slot->pidfd);
    slot->pid = 0;
    runner->running--;
    if (slate->outcome == OUTCOME_RUNNING)
        explain(runner, slot, status);
    *ended = (struct ended){
        .file = runner->files->paths[slot->index],
        .outcome = slate->outcome,
        .seconds = (double)(now_us() - slot->began_us) / 1e6,
        .title = copy(slate->title[0] ? slate->title : runner->files->paths[slot->index]),
        .message = copy(slate->message),
        .reason = copy(slate->reason),
        .notes = copy(slate->notes),
    };
    clean(runner, slot, ended);
    while (!interrupted && runner->results.shown < runner->results.count &&
           runner->results.ended[runner->results.shown].outcome != OUTCOME_RUNNING)
        results_show(&runner->results, runner->results.shown++);
}

/* ---- all of them ---- */

static struct timespec until_deadline(const struct runner *runner)
{
    uint64_t now = now_us() / 1000, first = now + 60000;

    for (size_t i = 0; i < runner->wish->jobs; i++)
        if (runner->slots[i].pid > 0 && !runner->slots[i].killed &&
            runner->slots[i].deadline_ms < first)
            first = runner->slots[i].deadline_ms;
    first = first > now ? first - now : 0;
    return (struct timespec){(time_t)(first / 1000), (long)(first % 1000) * 1000000};
}

/* Those whose time is over; all of them when the end is asked for. */
static void kill_late_ones(struct runner *runner)
{
    for (size_t i = 0; i < runner->wish->jobs; i++) {
        struct slot *slot = &runner->slots[i];

        if (slot->pid > 0 && !slot->killed &&
            (interrupted || now_us() / 1000 >= slot->deadline_ms)) {
            slot->killed = true;
            (void)kill(-slot->pid, SIGKILL);
            (void)kill(slot->pid, SIGKILL);
        }
    }
}

/* Signals arrive nowhere but in ppoll: one that came before it is not overslept. */
static void wait_for_news(struct runner *runner)
{
    struct timespec limit = until_deadline(runner);
    struct pollfd fds[MOST_JOBS];
    unsigned jobs = runner->wish->jobs;

    for (size_t i = 0; i < jobs; i++) {
        const struct slot *slot = &runner->slots[i];

        fds[i] = (struct pollfd){.fd = slot->pid > 0 ? slot->pidfd : -1, .events = POLLIN};
    }
    if (ppoll(fds, jobs, &limit, &runner->mask) > 0) {
        for (size_t i = 0; i < jobs; i++)
            if (runner->slots[i].pid > 0 && (fds[i].revents & POLLIN))
                take(runner, &runner->slots[i]);
    }
    kill_late_ones(runner);
}

static int run_all(struct runner *runner)
{
    int status = EXIT_DONE;

    while (runner->running > 0 ||
           (status == EXIT_DONE && !interrupted && runner->next < runner->files->count)) {
        for (size_t i = 0; status == EXIT_DONE && !interrupted && i < runner->wish->jobs; i++)
            if (runner->slots[i].pid == 0 && runner->next < runner->files->count)
                status = begin(runner, &runner->slots[i]);
        if (runner->running > 0)
            wait_for_news(runner);
    }
    return status;
}

static int prepare(struct runner *runner)
{
    struct sigaction action = {.sa_handler = interrupt};
    struct slate *slates;
    sigset_t both;

    if (runner->wish->keep && mkdir(runner->wish->keep, 0777) != 0 && errno != EEXIST)
        return fail(runner->wish->keep, "%s", strerror(errno));
    if (!folder_make_base(runner->base, sizeof(runner->base)))
        return fail("scenario", "no folder for its files: %s", strerror(errno));
    slates = mmap(NULL, runner->wish->jobs * sizeof(*slates), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    runner->results.ended = calloc(runner->files->count, sizeof(*runner->results.ended));
    if (slates == MAP_FAILED || !runner->results.ended)
        return fail("scenario", "out of memory");
    for (size_t i = 0; i < runner->wish->jobs; i++)
        runner->slots[i].slate = slates + i;
    signal(SIGPIPE, SIG_IGN); /* whoever reads the results may go; what is there is cleared away */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    sigprocmask(SIG_BLOCK, &both, &runner->mask);
    return EXIT_DONE;
}

static void free_results(struct results *results)
{
    for (size_t i = 0; results->ended && i < results->count; i++) {
        struct ended *ended = &results->ended[i];

        free(ended->title);
        free(ended->message);
        free(ended->reason);
        free(ended->notes);
        free(ended->kept);
    }
    free(results->ended);
}

int runner_run(const struct run_wish *wish, const struct files *files)
{
    struct runner *runner = calloc(1, sizeof(*runner));
    int status;

    if (!runner)
        return fail("scenario", "out of memory");
    runner->wish = wish;
    runner->files = files;
    runner->results =
        (struct results){.tap = wish->tap, .junit = wish->junit, .count = files->count};
    status = prepare(runner);
    if (status == EXIT_DONE) {
        results_begin(&runner->results);
        status = run_all(runner);
        if (interrupted)
            status = 128 + interrupted;
        else if (status == EXIT_DONE)
            status = results_end(&runner->results);
    }
    if (runner->base[0])
        (void)rmdir(runner->base); /* stays where something was kept */
    if (runner->slots[0].slate)
        munmap(runner->slots[0].slate, wish->jobs * sizeof(struct slate));
    free_results(&runner->results);
    free(runner);
    return status;
}
