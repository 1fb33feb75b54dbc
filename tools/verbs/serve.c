/* SPDX-License-Identifier: MIT */
/* vcdr serve: drives in a tgtd of our own, for as long as this program or its command runs. */
#include "verbs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "serve/daemon.h"
#include "serve/request.h"

struct service {
    const struct request *request;
    struct daemon daemon;
    int signals;        /* SIGTERM, SIGINT, SIGCHLD */
    int parent;         /* readable when our parent has died; -1: not asked for */
    pid_t command;      /* 0: none, or ended */
    int command_status; /* exit status, the shell's way */
    bool stop;          /* asked to end */
    bool daemon_died;
};

static void print_urls(const struct service *service, FILE *out, char between)
{
    const struct request *request = service->request;

    for (size_t i = 0; i < request->drive_count; i++) {
        if (i > 0)
            fputc(between, out);
        fprintf(out, "iscsi://%s:%d/%s/0", request->host, service->daemon.port,
                request->drives[i].iqn);
    }
}

/* The whole file or none: a reader never sees a part of it. */
static int write_ready_file(const struct service *service)
{
    const char *path = service->request->ready_file;
    char *unfinished;
    FILE *out = NULL;
    int status = EXIT_DONE, fd;

    if (asprintf(&unfinished, "%s.XXXXXX", path) < 0)
        return fail(path, "out of memory");
    fd = mkostemp(unfinished, O_CLOEXEC);
    if (fd >= 0) {
        fchmod(fd, 0644);
        out = fdopen(fd, "w");
    }
    if (out) {
        print_urls(service, out, '\n');
        fputc('\n', out);
    }
    if (!out || ferror(out) || fclose(out) != 0 || rename(unfinished, path) != 0) {
        status = fail(path, "%s", strerror(errno));
        unlink(unfinished);
    }
    free(unfinished);
    return status;
}

static int announce(const struct service *service)
{
    print_urls(service, stdout, '\n');
    putchar('\n');
    fflush(stdout);
    clearerr(stdout); /* a reader that went away is no reason to end, nor to have failed */
    return service->request->ready_file ? write_ready_file(service) : EXIT_DONE;
}

/* ---- the command ---- */

static void set_command_environment(const struct service *service)
{
    char *urls = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&urls, &len);

    if (!out)
        _exit(EXIT_FAILED);
    print_urls(service, out, ' ');
    if (fclose(out) != 0)
        _exit(EXIT_FAILED);
    setenv("VCDR_URLS", urls, 1);
    urls[strcspn(urls, " ")] = '\0';
    setenv("VCDR_URL", urls, 1);
    /* no secret in a URL, which ends up in command lines */
    unsetenv("VCDR_CHAP_SECRET");
    if (service->request->user) {
        setenv("LIBISCSI_CHAP_USERNAME", service->request->user, 1);
        setenv("LIBISCSI_CHAP_PASSWORD", service->request->secret, 1);
    }
}

static int start_command(struct service *service)
{
    char *const *command = service->request->command;
    pid_t parent = getpid();
    sigset_t none;

    fflush(NULL);
    service->command = fork();
    if (service->command < 0) {
        service->command = 0;
        return command_failed(command[0], errno);
    }
    if (service->command > 0)
        return EXIT_DONE;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    set_command_environment(service);
    command_become(command, parent);
}

/* ---- events ---- */

static void reap(struct service *service)
{
    int wait_status;
    pid_t pid;
    char text[DAEMON_TEXT_ROOM];

    while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
        if (pid == service->command) {
            service->command = 0;
            service->command_status = command_status(wait_status);
            service->stop = true;
        } else if (pid == service->daemon.pid) {
            daemon_ended(&service->daemon, wait_status);
            daemon_describe_end(&service->daemon, wait_status, text, sizeof(text));
            fail("tgtd", "%s", text);
            service->daemon_died = service->stop = true;
        }
    }
}

static void on_signal(struct service *service)
{
    struct signalfd_siginfo info;

    while (read(service->signals, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGCHLD) {
            reap(service);
            continue;
        }
        /* the command decides when it ends; asked twice, it does not any more */
        if (service->command > 0)
            kill(service->command, service->stop ? SIGKILL : (int)info.ssi_signo);
        service->stop = true;
    }
}

static void on_parent_death(struct service *service)
{
    close(service->parent);
    service->parent = -1;
    if (service->command > 0)
        kill(service->command, SIGTERM);
    service->stop = true;
}

/* Until a command, if there is one, has ended, or something else ends us. */
static void run(struct service *service)
{
    while (!service->stop || service->command > 0) {
        struct pollfd fds[] = {{service->signals, POLLIN, 0},
                               {service->daemon.log_fd, POLLIN, 0},
                               {service->parent, POLLIN, 0}};

        if (poll(fds, 3, -1) < 0)
            continue;
        if (fds[1].revents && service->daemon.log_fd >= 0)
            daemon_read_log(&service->daemon);
        if (fds[0].revents)
            on_signal(service);
        if (fds[2].revents && service->parent >= 0)
            on_parent_death(service);
    }
}

static bool watch(struct service *service)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGCHLD);
    signal(SIGTERM, SIG_DFL); /* shells start background jobs with SIGINT ignored */
    signal(SIGINT, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    service->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return service->signals >= 0;
}

/* A pidfd rather than PR_SET_PDEATHSIG alone: that one speaks of the thread that started us. */
static void watch_parent(struct service *service)
{
    pid_t parent = getppid();

    service->parent = pidfd_open(parent, 0);
    if (service->parent < 0)
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        service->stop = true;
}

static int stop(struct service *service)
{
    char text[DAEMON_TEXT_ROOM];
    int wait_status;

    if (service->daemon_died)
        return EXIT_FAILED;
    wait_status = daemon_stop(&service->daemon);
    if (wait_status == 0)
        return EXIT_DONE;
    daemon_describe_end(&service->daemon, wait_status, text, sizeof(text));
    fwrite(service->daemon.log, 1, service->daemon.log_len, stderr);
    return fail("tgtd", "%s", text);
}

static int serve(struct service *service)
{
    const struct request *request = service->request;
    struct daemon_options options = {
        .portal = request->portal,
        .user = request->user,
        .secret = request->secret,
        .dead_peer_seconds = request->dead_peer_seconds,
        .silent_peer_seconds = request->silent_peer_seconds,
        .control_socket = request->control,
        .address = request->host,
        .drives = request->drives,
        .drive_count = request->drive_count,
    };
    int status, ended;

    if (!daemon_start(&options, &service->daemon))
        return (service->daemon.cannot_run ? cannot_run : fail)(service->daemon.thing, "%s",
                                                                service->daemon.reason);
    status = announce(service);
    if (!status && request->command && !service->stop)
        status = start_command(service);
    if (!status)
        run(service);
    ended = stop(service);
    if (request->ready_file)
        unlink(request->ready_file);
    if (!status)
        status = service->command_status;
    return status ? status : ended;
}

int verb_serve(int argc, char **argv)
{
    struct request request;
    struct service service = {.request = &request, .signals = -1, .parent = -1};
    int status = request_parse(argc, argv, &request);

    if (status)
        return status;
    if (request.ready_file && unlink(request.ready_file) != 0 && errno != ENOENT)
        status = fail(request.ready_file, "%s", strerror(errno));
    else if (!watch(&service))
        status = fail("serve", "%s", strerror(errno));
    else {
        if (request.exit_with_parent)
            watch_parent(&service);
        status = serve(&service);
    }
    request_free(&request);
    return status;
}
