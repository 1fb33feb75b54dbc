/* SPDX-License-Identifier: MIT */
#include "daemon.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "find.h"

enum { START_MS = 30000, STOP_MS = 10000, LONGEST_TMPDIR = 60 };

static void because(struct daemon *daemon, const char *thing, const char *reason)
{
    snprintf(daemon->thing, sizeof(daemon->thing), "%.*s", DAEMON_TEXT_ROOM - 1, thing);
    snprintf(daemon->reason, sizeof(daemon->reason), "%.*s", DAEMON_TEXT_ROOM - 1, reason);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the settings ---- */

static void put(FILE *out, const char *key, const char *value)
{
    if (!value)
        return;
    fprintf(out, "%s=%s", key, value);
    fputc('\0', out);
}

static void put_number(FILE *out, const char *key, int value)
{
    char text[16];

    snprintf(text, sizeof(text), "%d", value);
    put(out, key, text);
}

/* A descriptor that holds them, or -1. */
static int settings_fd(const struct daemon_options *options, int status)
{
    int fd = memfd_create("vcdr-settings", 0), copy = fd < 0 ? -1 : dup(fd);
    FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
    bool failed;

    if (!out) {
        if (copy >= 0)
            close(copy);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    put(out, "portal", options->portal);
    put_number(out, "status", status);
    put(out, "user", options->user);
    put(out, "secret", options->secret);
    if (options->dead_peer_seconds >= 0)
        put_number(out, "dead-peer", options->dead_peer_seconds);
    put_number(out, "silent-peer", options->silent_peer_seconds);
    put(out, "control-socket", options->control_socket);
    put(out, "address", options->address);
    put(out, "control", options->keep_control ? "keep" : NULL);
    for (size_t i = 0; i < options->drive_count; i++) {
        put(out, "drive", options->drives[i].iqn);
        put(out, "disc", options->drives[i].disc);
        put(out, "record", options->drives[i].record);
        put(out, "commands", options->drives[i].record_commands ? "1" : NULL);
        put(out, "name", options->drives[i].name);
        put(out, "serial", options->drives[i].serial);
        put(out, "faults", options->drives[i].faults);
        put(out, "timing", options->drives[i].timing);
    }
    failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        close(fd);
        return -1;
    }
    return fd;
}

/* ---- the child ---- */

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

/* The library of the sanitizer that this program, and so the module, was built with. */
static bool find_sanitizer(Dl_info *info)
{
    void (*const init)(void) = __asan_init ? __asan_init : __tsan_init;

    return init && dladdr((void *)(uintptr_t)init, info) && strstr(info->dli_fname, ".so");
}

/* LD_PRELOAD; a sanitizer's library comes first. */
static void set_preload(const char *module)
{
    char text[2 * 4096];
    Dl_info info;

    if (find_sanitizer(&info)) {
        const char *options = getenv("ASAN_OPTIONS");

        snprintf(text, sizeof(text), "%s:detect_leaks=0", options ? options : ""); /* tgtd's own */
        setenv("ASAN_OPTIONS", text, 1);
        snprintf(text, sizeof(text), "%s %.4095s", info.dli_fname, module);
    } else {
        snprintf(text, sizeof(text), "%s", module);
    }
    setenv("LD_PRELOAD", text, 1);
}

static void __attribute__((noreturn))
run_tgtd(const char *tgtd, const char *module, const char *control, int settings, int log,
         int status, pid_t parent)
{
    char number[16];
    sigset_t none;
    int null = open("/dev/null", O_RDWR);

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0); /* Ctrl-C is for the starter alone, which ends us in order */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    snprintf(number, sizeof(number), "%d", settings);
    setenv("VCDR_TGT_SETTINGS", number, 1);
    setenv("TGT_IPC_SOCKET", control, 1);
    set_preload(module);
    execl(tgtd, "tgtd", "-f", "--iscsi", "portal=127.0.0.1:0", (char *)NULL);
    dprintf(status, "error %s\t%s\n", tgtd, strerror(errno));
    _exit(EXIT_FAILURE);
}

/* ---- waiting for it ---- */

static void pass_on_lines(struct daemon *daemon)
{
    char *end;

    while ((end = memchr(daemon->log + daemon->passed, '\n', daemon->log_len - daemon->passed))) {
        char *line = daemon->log + daemon->passed;

        if (strncmp(line, "vcdr: ", 6) == 0)
            fprintf(stderr, "%.*s\n", (int)(end - line), line);
        daemon->passed = (size_t)(end - daemon->log) + 1;
    }
}

void daemon_read_log(struct daemon *daemon)
{
    ssize_t n;

    if (daemon->log_len > DAEMON_LOG_ROOM / 2) { /* keep the end */
        size_t drop = daemon->log_len / 2;

        memmove(daemon->log, daemon->log + drop, daemon->log_len - drop);
        daemon->log_len -= drop;
        daemon->passed = daemon->passed > drop ? daemon->passed - drop : 0;
        daemon->ready_len = daemon->ready_len > drop ? daemon->ready_len - drop : 0;
    }
    n = read(daemon->log_fd, daemon->log + daemon->log_len, DAEMON_LOG_ROOM - daemon->log_len);
    if (n > 0) {
        daemon->log_len += (size_t)n;
        pass_on_lines(daemon);
    } else if (n == 0 || errno != EAGAIN) {
        close(daemon->log_fd);
        daemon->log_fd = -1;
    }
}

/* All that is there now. */
static void read_all_log(struct daemon *daemon)
{
    size_t before;

    do {
        before = daemon->log_len;
        daemon_read_log(daemon);
    } while (daemon->log_fd >= 0 && daemon->log_len > before);
}

/* "ready PORT\n", "error THING\tREASON\n" or "cannot THING\tREASON\n" */
static bool understand(struct daemon *daemon, char *line)
{
    char *tab = strchr(line, '\t');

    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "ready ", 6) == 0) {
        daemon->port = atoi(line + 6);
        return true;
    }
    daemon->cannot_run = strncmp(line, "cannot ", 7) == 0;
    if (tab && (daemon->cannot_run || strncmp(line, "error ", 6) == 0)) {
        *tab = '\0';
        because(daemon, strchr(line, ' ') + 1, tab + 1);
    }
    return false;
}

/* Reads both pipes until the status line is there, or all is over. */
static bool await_ready(struct daemon *daemon)
{
    int64_t deadline = now_ms() + START_MS;
    char line[2 * DAEMON_TEXT_ROOM];
    size_t len = 0;

    for (;;) {
        struct pollfd fds[] = {{daemon->status_fd, POLLIN, 0}, {daemon->log_fd, POLLIN, 0}};
        int64_t left = deadline - now_ms();
        ssize_t n = 0;

        if (left <= 0) {
            because(daemon, "tgtd", "does not get ready");
            return false;
        }
        if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
            return false;
        if (fds[1].revents)
            daemon_read_log(daemon);
        if (!fds[0].revents)
            continue;
        n = read(daemon->status_fd, line + len, sizeof(line) - 1 - len);
        if (n <= 0)
            return false;
        len += (size_t)n;
        line[len] = '\0';
        if (strchr(line, '\n') || len == sizeof(line) - 1)
            return understand(daemon, line);
    }
}

static bool make_control_folder(struct daemon *daemon)
{
    const char *tmp = getenv("TMPDIR");

    /* the path of a local socket has 107 bytes at most */
    if (!tmp || tmp[0] != '/' || strlen(tmp) > LONGEST_TMPDIR)
        tmp = "/tmp";
    snprintf(daemon->control, sizeof(daemon->control), "%s/vcdr-XXXXXX", tmp);
    if (!mkdtemp(daemon->control)) {
        because(daemon, tmp, strerror(errno));
        return false;
    }
    strcat(daemon->control, "/ipc");
    return true;
}

static void remove_control_folder(const struct daemon *daemon)
{
    static const char *const suffixes[] = {".0", ".0.lock"};
    char path[sizeof(daemon->control) + 16];

    if (!daemon->control[0])
        return;
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s%s", daemon->control, suffixes[i]);
        (void)unlink(path);
    }
    snprintf(path, sizeof(path), "%s", daemon->control);
    (void)rmdir(dirname(path));
}

static bool spawn(const struct daemon_options *options, const char *tgtd, const char *module,
                  struct daemon *daemon)
{
    int status[2], log[2], settings;
    pid_t parent = getpid();

    if (pipe2(log, O_CLOEXEC) != 0) {
        because(daemon, "tgtd", strerror(errno));
        return false;
    }
    if (pipe(status) != 0) {
        close(log[0]);
        close(log[1]);
        because(daemon, "tgtd", strerror(errno));
        return false;
    }
    fcntl(status[0], F_SETFD, FD_CLOEXEC);
    fcntl(log[0], F_SETFL, O_NONBLOCK);
    fcntl(log[1], F_SETFL, O_NONBLOCK); /* a starter that does not read never stops the daemon */
    settings = settings_fd(options, status[1]);
    if (settings < 0) {
        because(daemon, "tgtd", "no memory for its settings");
    } else {
        daemon->pid = fork();
        if (daemon->pid == 0)
            run_tgtd(tgtd, module, daemon->control, settings, log[1], status[1], parent);
        if (daemon->pid < 0)
            because(daemon, "tgtd", strerror(errno));
        close(settings);
    }
    close(status[1]);
    close(log[1]);
    daemon->status_fd = status[0];
    daemon->log_fd = log[0];
    return daemon->pid > 0;
}

bool daemon_start(const struct daemon_options *options, struct daemon *daemon)
{
    char module[4096], tgtd[4096];
    int wait_status;
    bool ready;

    *daemon = (struct daemon){.log_fd = -1, .status_fd = -1};
    if (!daemon_find_tgtd(tgtd, sizeof(tgtd))) {
        because(daemon, "tgtd", "not found (Debian package tgt)");
        daemon->cannot_run = true;
        return false;
    }
    if (options->module)
        snprintf(module, sizeof(module), "%s", options->module);
    else if (!daemon_find_module(module, sizeof(module))) {
        because(daemon, "bs_sgvcdr.so", "the module for tgtd is not beside this program");
        return false;
    }
    if (access(module, R_OK) != 0) {
        because(daemon, module, strerror(errno));
        return false;
    }
    if (!make_control_folder(daemon))
        return false;
    ready = spawn(options, tgtd, module, daemon) && await_ready(daemon);
    if (daemon->status_fd >= 0)
        close(daemon->status_fd);
    daemon->status_fd = -1;
    if (ready) {
        read_all_log(daemon);
        daemon->ready_len = daemon->log_len;
        return true;
    }
    wait_status = daemon_stop(daemon);
    if (!daemon->reason[0]) {
        daemon_describe_end(daemon, wait_status, daemon->reason, sizeof(daemon->reason));
        snprintf(daemon->thing, sizeof(daemon->thing), "tgtd");
    }
    remove_control_folder(daemon);
    return false;
}

/* ---- its end ---- */

void daemon_ended(struct daemon *daemon, int wait_status)
{
    (void)wait_status;
    while (daemon->log_fd >= 0) { /* every writer is gone: up to the end without blocking */
        size_t before = daemon->log_len;

        daemon_read_log(daemon);
        if (daemon->log_len == before && daemon->log_fd >= 0) {
            close(daemon->log_fd);
            daemon->log_fd = -1;
        }
    }
    daemon->pid = 0;
    remove_control_folder(daemon);
}

int daemon_stop(struct daemon *daemon)
{
    int64_t deadline = now_ms() + STOP_MS;
    int wait_status = 0;
    bool killed = false;
    pid_t pid = daemon->pid;

    if (pid <= 0)
        return 0;
    kill(pid, SIGTERM);
    while (waitpid(pid, &wait_status, WNOHANG) == 0) {
        struct pollfd fd = {daemon->log_fd, POLLIN, 0};

        /* its stderr closes when it ends; the limit is for a descriptor that someone else keeps */
        (void)poll(&fd, daemon->log_fd >= 0 ? 1 : 0, 5);
        if (daemon->log_fd >= 0 && fd.revents)
            daemon_read_log(daemon);
        if (now_ms() > deadline && !killed) {
            kill(pid, SIGKILL);
            killed = true;
        }
    }
    daemon_ended(daemon, wait_status);
    return killed ? -1 : wait_status;
}

/* The last line of what it said once it was ready; before that it says a thing or two in good
 * order. Of one that never was, the last line of all. NULL: there is none. */
static const char *last_words(const struct daemon *daemon, size_t *len)
{
    size_t end = daemon->log_len, start;

    while (end > daemon->ready_len && daemon->log[end - 1] == '\n')
        end--;
    for (start = end; start > daemon->ready_len && daemon->log[start - 1] != '\n'; start--)
        continue;
    *len = end - start;
    return *len > 0 ? daemon->log + start : NULL;
}

void daemon_describe_end(const struct daemon *daemon, int wait_status, char *buf, size_t size)
{
    const char *line;
    size_t line_len;
    int len;

    if (wait_status == -1)
        len = snprintf(buf, size, "did not end and was killed");
    else if (WIFSIGNALED(wait_status))
        len = snprintf(buf, size, "killed by signal %d", WTERMSIG(wait_status));
    else
        len = snprintf(buf, size, "ended with status %d", WEXITSTATUS(wait_status));
    line = last_words(daemon, &line_len);
    if (line && len > 0 && (size_t)len < size)
        snprintf(buf + len, size - (size_t)len, " (%.*s)", (int)line_len, line);
}
