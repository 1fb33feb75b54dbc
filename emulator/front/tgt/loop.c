/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "clock.h"
#include "control.h"
#include "tgt_facts.h"
#include "unit.h"

static int timer = -1, bell = -1;
static uint64_t armed = VCDR_NO_DEADLINE; /* what the timer is set to */

void loop_wake_by(uint64_t us)
{
    struct itimerspec at = {.it_value = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000}};

    if (us >= armed || timer < 0)
        return;
    if (us == 0)
        at.it_value.tv_nsec = 1; /* zero would disarm it */
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL) == 0)
        armed = us;
}

static void on_timer(int fd, int events, void *data)
{
    uint64_t expirations;

    (void)events;
    (void)data;
    if (read(fd, &expirations, sizeof(expirations)) < 0)
        return;
    armed = VCDR_NO_DEADLINE;
    loop_wake_by(units_tick(clock_now()));
}

static void on_bell(int fd, int events, void *data)
{
    eventfd_t rings;

    (void)events;
    (void)data;
    if (eventfd_read(fd, &rings) == 0)
        units_turn();
}

static int watch(int fd, void (*handler)(int fd, int events, void *data))
{
    if (fd >= 0 && tgt_event_add(fd, EPOLLIN, handler, NULL) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

int loop_start(void)
{
    if (timer < 0)
        timer = watch(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), on_timer);
    if (bell < 0)
        bell = watch(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), on_bell);
    return timer < 0 || bell < 0 ? -EIO : 0;
}

int loop_bell(void)
{
    return bell;
}

static void termination_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
}

void loop_hold_signals(void)
{
    sigset_t set;

    termination_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* The discs are made durable at once; the loop then ends by itself, and with it tgtd. */
static void on_signal(int fd, int events, void *data)
{
    struct signalfd_siginfo info;

    (void)events;
    (void)data;
    if (read(fd, &info, sizeof(info)) != sizeof(info))
        return;
    units_power_off();
    control_close();
    system_active = 0;
}

int loop_catch_signals(void)
{
    sigset_t set;
    int fd;

    termination_signals(&set);
    /* a shell starts background jobs with SIGINT ignored, and an ignored signal is not kept */
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -errno;
    fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    return tgt_event_add(fd, EPOLLIN, on_signal, NULL) ? -EIO : 0;
}
