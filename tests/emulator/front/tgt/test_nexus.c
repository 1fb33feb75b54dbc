/* SPDX-License-Identifier: MIT */
/* Several initiators and drives: who holds what, and how it is lost. */
#include "world.h"

#include <linux/tcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HUNDRED = 100 };

static void assert_owner(struct initiator *initiator, const char *expected)
{
    char name[64];

    owner(initiator, name);
    assert_string_equal(name, expected);
}

static void the_owner_is_told_to_another_initiator(void **state)
{
    struct initiator *one = log_in_ready(*state, 0, "one");
    struct initiator *two = log_in_ready(*state, 0, "two");

    assert_int_equal(lock(one, "First Burner"), 0);
    assert_owner(two, "First Burner");
    assert_int_equal(lock(two, "Second"), 0x18); /* RESERVATION CONFLICT */
    assert_int_equal(unlock(one), 0);
    assert_owner(two, "");
    initiator_logout(one);
    initiator_logout(two);
}

static void drives_of_one_daemon_are_apart(void **state)
{
    struct initiator *one = log_in_ready(*state, 0, "one");
    struct initiator *two = log_in_ready(*state, 1, "one");

    assert_int_equal(lock(one, "First Burner"), 0);
    assert_owner(two, "");
    assert_int_equal(lock(two, "Second"), 0);
    assert_owner(one, "First Burner");
    initiator_logout(one);
    assert_owner(two, "Second");
    initiator_logout(two);
}

static void the_record_names_initiator_and_alias(void **state)
{
    struct initiator *initiator = log_in_ready(*state, 0, "alice");

    initiator_logout(initiator);
    record_await(*state,
                 "\"event\":\"nexus-open\",\"nexus\":{\"initiator\":"
                 "\"iqn.2026-11.local.vcdr:alice\",\"alias\":\"alice\"",
                 1);
    record_await(*state, "\"event\":\"nexus-close\"", 1);
}

/* Until so many of TCP's keep-alive probes have come to this initiator, which has nothing to do. */
static void await_probes(struct initiator *initiator, unsigned count)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof(info);
    unsigned first = 0;

    for (int waited = 0; first == 0 || info.tcpi_segs_in - first < count; waited += 20) {
        assert_int_equal(
            getsockopt(initiator_fd(initiator), IPPROTO_TCP, TCP_INFO, &info, &len), 0);
        if (first == 0)
            first = info.tcpi_segs_in;
        assert_true(waited < 30000);
        (void)poll(NULL, 0, 20);
    }
}

/* Loses the lock a hundred times by `lose`; the very next command of another initiator sees it free
 * and can take it. */
static void lose_a_hundred_times(struct world *world, void (*lose)(struct initiator *),
                                 const char *cause)
{
    struct initiator *other = log_in_ready(world, 0, "other");
    char text[128];

    for (int i = 0; i < HUNDRED; i++) {
        struct initiator *holder = log_in_ready(world, 0, "holder");

        assert_int_equal(lock(holder, "Holder"), 0);
        lose(holder);
        assert_owner(other, "");
        assert_int_equal(lock(other, "Other"), 0);
        assert_int_equal(unlock(other), 0);
    }
    initiator_logout(other);
    snprintf(text, sizeof(text), "\"cause\":\"%s\"", cause);
    assert_int_equal(record_count(world, text), HUNDRED);
    assert_int_equal(record_count(world, "\"event\":\"exclusive-lost\",\"owner\":\"Holder\""),
                     HUNDRED);
    assert_int_equal(record_count(world, "\"event\":\"exclusive-unlock\""), HUNDRED);
    assert_int_equal(record_count(world, "\"event\":\"exclusive-lock\""), 2 * HUNDRED);
}

static void logout_releases_a_hundred_times(void **state)
{
    lose_a_hundred_times(*state, initiator_logout, "nexus-lost");
}

static void a_dropped_connection_releases_a_hundred_times(void **state)
{
    lose_a_hundred_times(*state, initiator_drop, "nexus-lost");
}

static void a_connection_closed_without_logout_releases(void **state)
{
    lose_a_hundred_times(*state, initiator_hang_up, "nexus-lost");
}

static void a_unit_reset_releases_a_hundred_times(void **state)
{
    struct world *world = *state;
    struct initiator *holder = log_in_ready(world, 0, "holder");
    struct initiator *other = log_in_ready(world, 0, "other");

    for (int i = 0; i < HUNDRED; i++) {
        assert_int_equal(lock(holder, "Holder"), 0);
        assert_true(initiator_reset_unit(i % 2 ? holder : other));
        assert_int_equal(test_unit_ready(holder).sense, 0x062900);
        assert_int_equal(test_unit_ready(other).sense, 0x062900);
        assert_owner(other, "");
    }
    initiator_logout(holder);
    initiator_logout(other);
    assert_int_equal(record_count(world, "\"cause\":\"reset\""), HUNDRED);
    assert_int_equal(record_count(world, "\"event\":\"exclusive-lost\""), HUNDRED);
}

static void a_loss_is_noticed_with_nobody_asking(void **state)
{
    struct initiator *holder = log_in_ready(*state, 0, "holder");

    assert_int_equal(lock(holder, "Holder"), 0);
    initiator_drop(holder);
    record_await(*state, "\"event\":\"exclusive-lost\",\"owner\":\"Holder\"", 1);
    record_await(*state, "\"event\":\"nexus-close\"", 1);
}

static void losing_one_nexus_keeps_the_others_lock(void **state)
{
    struct initiator *holder = log_in_ready(*state, 0, "holder");
    struct initiator *other = log_in_ready(*state, 0, "other");

    assert_int_equal(lock(holder, "Holder"), 0);
    initiator_drop(other);
    other = log_in_ready(*state, 0, "other");
    assert_owner(other, "Holder");
    initiator_logout(holder);
    initiator_logout(other);
}

static void sixty_four_initiators_at_once(void **state)
{
    struct initiator *initiators[64];
    char name[16];

    for (int i = 0; i < 64; i++) {
        snprintf(name, sizeof(name), "many%d", i);
        initiators[i] = log_in_ready(*state, 0, name);
    }
    assert_int_equal(lock(initiators[63], "Last of Many"), 0);
    for (int i = 0; i < 63; i++) {
        assert_int_equal(test_unit_ready(initiators[i]).status, 0x18);
        initiator_logout(initiators[i]);
    }
    assert_owner(initiators[63], "Last of Many");
    initiator_logout(initiators[63]);
}

static void a_silent_initiator_is_dropped(void **state)
{
    struct initiator *holder, *other;
    struct world *world = *state;

    holder = log_in_ready(world, 0, "holder");
    assert_int_equal(lock(holder, "Holder"), 0);
    /* the holder answers no NOP-In from now on */
    record_await(world, "\"event\":\"exclusive-lost\",\"owner\":\"Holder\"", 1);
    other = log_in_ready(world, 0, "other");
    assert_owner(other, "");
    initiator_logout(other);
    initiator_drop(holder);
}

/* The host is there and TCP answers, but the program is elsewhere: it keeps what it holds. Two
 * seconds without an answer to TCP's probes, one each second, would end the connection. */
static void an_idle_initiator_keeps_the_drive(void **state)
{
    struct initiator *holder = log_in_ready(*state, 0, "holder");
    struct initiator *other;

    assert_int_equal(lock(holder, "Holder"), 0);
    await_probes(holder, 4);
    other = log_in_ready(*state, 0, "other");
    assert_owner(other, "Holder");
    initiator_logout(other);
    initiator_logout(holder);
}

/* tgtd holds an answer back when the reply to a NOP-In of its own comes before it: a session that is
 * never idle must not meet that, whatever the time after which a dead host is dropped. */
static void a_busy_initiator_gets_every_answer_at_once(void **state)
{
    struct initiator *busy = log_in_ready(*state, 0, "busy");
    struct timespec now, end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += 5; /* longer than the dead peer's time */
    do {
        struct timespec asked;

        clock_gettime(CLOCK_MONOTONIC, &asked);
        assert_int_equal(test_unit_ready(busy).status, 0x00);
        clock_gettime(CLOCK_MONOTONIC, &now);
        /* NOP-Ins for a dead peer's time of 4 s would be 2 s apart, and so long would the stall be */
        assert_true((now.tv_sec - asked.tv_sec) * 1000 + (now.tv_nsec - asked.tv_nsec) / 1000000 <
                    1500);
    } while (now.tv_sec < end.tv_sec);
    initiator_logout(busy);
}

/* The loopback device of this network namespace, up or down. */
static int set_loopback(bool up)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM, 0), result;

    request.ifr_flags = up ? IFF_UP | IFF_RUNNING : 0;
    result = ioctl(fd, SIOCSIFFLAGS, &request);
    close(fd);
    return result;
}

static bool network_denied; /* no test of a host that is gone without one's own network */

/* In a child with a network of its own, which it can cut. Exit status 77: not allowed to have one.
 */
static int cut_the_network(struct world *world)
{
    struct initiator *holder;

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || set_loopback(true) != 0)
        return 77;
    if (!daemon_start(&world->options, &world->daemon))
        return 2;
    snprintf(world->urls[0], sizeof(world->urls[0]), "iscsi://127.0.0.1:%d/%s/0",
             world->daemon.port, world->drives[0].iqn);
    holder = initiator_open(world->urls[0], "holder", NULL);
    if (!holder || test_unit_ready(holder).sense != 0x062900 || lock(holder, "Holder") != 0)
        return 3;
    if (set_loopback(false) != 0)
        return 4;
    for (int waited = 0; record_count(world, "\"event\":\"exclusive-lost\"") == 0; waited += 20) {
        if (waited > 60000)
            return 5;
        (void)poll(NULL, 0, 20);
    }
    return daemon_stop(&world->daemon) == 0 ? 0 : 6;
}

static void a_host_that_is_gone_is_dropped(void **state)
{
    struct world *world = *state;
    int wait_status;
    pid_t pid;

    world_stop(world);
    pid = fork();
    if (pid == 0)
        _exit(cut_the_network(world));
    assert_int_equal(waitpid(pid, &wait_status, 0), pid);
    network_denied = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 77;
    if (network_denied)
        skip();
    assert_int_equal(wait_status, 0);
}

static int world_with_dead_peer(void **state, int seconds)
{
    struct world *world = test_malloc(sizeof(*world));

    world_make(world, 1);
    world->options.dead_peer_seconds = seconds;
    world_start(world);
    *state = world;
    return 0;
}

static int attentive_world(void **state)
{
    return world_with_dead_peer(state, 2);
}

static int patient_world(void **state)
{
    return world_with_dead_peer(state, 4);
}

static int impatient_world(void **state)
{
    struct world *world = test_malloc(sizeof(*world));

    world_make(world, 1);
    world->options.silent_peer_seconds = 1;
    world_start(world);
    *state = world;
    return 0;
}

static int own_world_end(void **state)
{
    struct world *world = *state;

    world_stop(world);
    world_remove(world);
    test_free(world);
    return 0;
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, world_of_one, world_end)
#define TWO(test) cmocka_unit_test_setup_teardown(test, world_of_two, world_end)

/* A ctest of its own: what may be skipped counts as a skip there, and the others as passes. */
static int run_gone(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_host_that_is_gone_is_dropped, attentive_world,
                                        own_world_end),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    if (failed == 0 && network_denied) {
        puts("a network namespace of its own is not to be had here");
        return 77;
    }
    return failed;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ONE(the_owner_is_told_to_another_initiator),
        TWO(drives_of_one_daemon_are_apart),
        ONE(the_record_names_initiator_and_alias),
        ONE(logout_releases_a_hundred_times),
        ONE(a_dropped_connection_releases_a_hundred_times),
        ONE(a_connection_closed_without_logout_releases),
        ONE(a_unit_reset_releases_a_hundred_times),
        ONE(a_loss_is_noticed_with_nobody_asking),
        ONE(losing_one_nexus_keeps_the_others_lock),
        ONE(sixty_four_initiators_at_once),
        cmocka_unit_test_setup_teardown(a_busy_initiator_gets_every_answer_at_once, patient_world,
                                        own_world_end),
        cmocka_unit_test_setup_teardown(a_silent_initiator_is_dropped, impatient_world,
                                        own_world_end),
        cmocka_unit_test_setup_teardown(an_idle_initiator_keeps_the_drive, attentive_world,
                                        own_world_end),
    };

    if (argc > 1 && strcmp(argv[1], "gone") == 0)
        return run_gone();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
