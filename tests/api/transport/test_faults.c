/* SPDX-License-Identifier: MIT */
/* What each fault of a peer becomes, and that none of them hangs. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "api/transport/transport.h"
#include "fake_target.h"

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Opening it must fail like this, with a reason that contains `part`, within the bound. */
static void assert_open_fails(const char *url, enum transport_result expected, const char *part)
{
    struct transport *t;
    char *why = NULL;
    uint64_t before = now_ms();
    enum transport_result result = transport_open(url, "test", &t, &why);

    if (result != expected || !why || !strstr(why, part)) {
        fail_msg("%s: %d (%s), not %d with \"%s\"", url, result, why ? why : "no reason", expected,
                 part);
    }
    assert_true(now_ms() - before < 12000);
    free(why);
}

static void assert_open_fails_at(const struct fake_target_setup *setup,
                                 enum transport_result expected, const char *part)
{
    struct fake_target *target = fake_target_start(setup);

    assert_open_fails(fake_target_url(target), expected, part);
    fake_target_stop(target);
}

static struct transport *open_at(const struct fake_target *target)
{
    struct transport *t;

    assert_int_equal(transport_open(fake_target_url(target), "test", &t, NULL), TRANSPORT_OK);
    return t;
}

static enum transport_result command(struct transport *t, uint8_t opcode, unsigned timeout_ms)
{
    struct transport_task task = {.cdb = {opcode}, .cdb_len = 6, .timeout_ms = timeout_ms};

    return transport_execute(t, &task);
}

static void an_unknown_host_is_no_device(void **state)
{
    (void)state;
    /* RFC 6761: .invalid never resolves */
    assert_open_fails("iscsi://no-such-host.invalid/iqn.x/0", TRANSPORT_NO_DEVICE, "unknown host");
}

static void a_port_where_nothing_listens_is_no_device(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0); /* bound, so nobody else's, but not listening */
    char url[64];

    (void)state;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(url, sizeof(url), "iscsi://127.0.0.1:%u/iqn.x/0", ntohs(address.sin_port));
    assert_open_fails(url, TRANSPORT_NO_DEVICE, "Connection refused");
    close(fd);
}

static void a_disc_that_is_not_there_is_no_device(void **state)
{
    (void)state;
    assert_open_fails("embedded:/no/such/disc.vcdr", TRANSPORT_NO_DEVICE, "does not exist");
}

static void a_url_of_another_kind_is_a_bad_url(void **state)
{
    (void)state;
    assert_open_fails("sg:sr0", TRANSPORT_BAD_URL, "sg:");
    assert_open_fails("sg:/nonexistent/sr0", TRANSPORT_NO_DEVICE, "No such file");
    assert_open_fails("/dev/null", TRANSPORT_NO_DEVICE, "SG_IO");
}

static void an_unknown_target_is_no_device(void **state)
{
    (void)state;
    assert_open_fails_at(
        &(struct fake_target_setup){.manner = FAKE_REFUSES_LOGIN, .login_status = 0x0203},
        TRANSPORT_NO_DEVICE, "has no target");
}

static void a_wrong_secret_is_refused(void **state)
{
    (void)state;
    assert_open_fails_at(
        &(struct fake_target_setup){.manner = FAKE_REFUSES_LOGIN, .login_status = 0x0201},
        TRANSPORT_REFUSED, "secret");
}

static void an_unauthorized_initiator_is_refused(void **state)
{
    (void)state;
    assert_open_fails_at(
        &(struct fake_target_setup){.manner = FAKE_REFUSES_LOGIN, .login_status = 0x0202},
        TRANSPORT_REFUSED, "0202h");
}

static void a_target_out_of_service_refuses(void **state)
{
    (void)state;
    assert_open_fails_at(
        &(struct fake_target_setup){.manner = FAKE_REFUSES_LOGIN, .login_status = 0x0301},
        TRANSPORT_REFUSED, "0301h");
}

static void a_peer_that_closes_at_once_is_lost(void **state)
{
    (void)state;
    assert_open_fails_at(&(struct fake_target_setup){.manner = FAKE_CLOSES_AT_ONCE}, TRANSPORT_LOST,
                         "closed");
}

static void a_peer_that_closes_during_the_login_is_lost(void **state)
{
    (void)state;
    assert_open_fails_at(&(struct fake_target_setup){.manner = FAKE_CLOSES_IN_LOGIN},
                         TRANSPORT_LOST, "login");
}

/* The three of them at once, so that the bound of ten seconds is waited for once. */
static void *open_silent(void *arg)
{
    assert_open_fails_at(arg, TRANSPORT_TIMEOUT, "answer");
    return NULL;
}

static void a_silent_peer_times_out_wherever_it_falls_silent(void **state)
{
    static struct fake_target_setup setups[] = {
        {.manner = FAKE_SILENT},
        {.manner = FAKE_HALF_LOGIN},
        {.manner = FAKE_SILENT_AFTER_LOGIN},
    };
    pthread_t threads[3];
    uint64_t before = now_ms();

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, open_silent, &setups[i]), 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_true(now_ms() - before >= 9900); /* it was given the time that it has */
}

static void a_command_never_answered_times_out_and_the_connection_is_dead(void **state)
{
    struct fake_target *target =
        fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER});
    struct transport *t = open_at(target);
    struct transport_task other = {.cdb = {FAKE_OP_NEVER_ANSWERED}, .cdb_len = 6};
    uint64_t before = now_ms();

    (void)state;
    transport_submit(t, &other); /* its own time is not over yet: it is lost */
    assert_int_equal(command(t, FAKE_OP_NEVER_ANSWERED, 100), TRANSPORT_TIMEOUT);
    assert_true(now_ms() - before < 5000);
    transport_wait(t, &other);
    assert_int_equal(other.result, TRANSPORT_LOST);
    assert_int_equal(command(t, 0x00, 0), TRANSPORT_LOST);
    assert_int_equal(fake_target_connections(target), 1); /* and it did not come back */
    transport_close(t);
    fake_target_stop(target);
}

static void a_connection_dropped_in_mid_command_is_lost_for_good(void **state)
{
    struct fake_target *target =
        fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER});
    struct transport *t = open_at(target);

    (void)state;
    assert_int_equal(command(t, 0x00, 0), TRANSPORT_OK);
    assert_int_equal(command(t, FAKE_OP_CLOSES, 0), TRANSPORT_LOST);
    assert_int_equal(command(t, 0x00, 0), TRANSPORT_LOST);
    assert_int_equal(command(t, 0x00, 0), TRANSPORT_LOST);
    assert_int_equal(fake_target_connections(target), 1);
    transport_close(t);
    fake_target_stop(target);
}

static void a_connection_dropped_between_commands_is_lost(void **state)
{
    struct fake_target *target =
        fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER});
    struct transport *t = open_at(target);

    (void)state;
    /* the answer arrives, although the end came with it */
    assert_int_equal(command(t, FAKE_OP_CLOSES_AFTER, 0), TRANSPORT_OK);
    fake_target_stop(target); /* and now nobody is there at all */
    assert_int_equal(command(t, 0x00, 0), TRANSPORT_LOST);
    transport_close(t);
}

static volatile sig_atomic_t pipes;

static void count_pipe(int number)
{
    (void)number;
    pipes++;
}

static void writing_to_a_dead_peer_raises_no_signal(void **state)
{
    static uint8_t data[256 * 1024];
    struct fake_target *target =
        fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER});
    struct transport *t = open_at(target);
    struct transport_task task = {
        .cdb = {0x2A, 0, 0, 0, 0, 0, 0, 2, 0}, .cdb_len = 10, .out = data, .out_len = sizeof(data)};

    (void)state;
    signal(SIGPIPE, count_pipe);
    assert_int_equal(command(t, FAKE_OP_CLOSES_AFTER, 0), TRANSPORT_OK);
    fake_target_stop(target);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(transport_execute(t, &task), TRANSPORT_LOST);
    }
    transport_close(t);
    assert_int_equal(pipes, 0);
    signal(SIGPIPE, SIG_DFL);
}

static void a_child_after_fork_has_lost_the_connection_and_the_parent_has_not(void **state)
{
    struct fake_target *target =
        fake_target_start(&(struct fake_target_setup){.manner = FAKE_PROPER});
    struct transport *t = open_at(target);
    int status;
    pid_t child;

    (void)state;
    child = fork();
    if (child == 0) {
        int lost = command(t, 0x00, 0) == TRANSPORT_LOST;

        transport_close(t); /* says nothing to the drive */
        _exit(lost ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(command(t, 0x00, 0), TRANSPORT_OK);
    assert_int_equal(fake_target_logouts(target), 0);
    transport_close(t);
    assert_int_equal(fake_target_logouts(target), 1);
    fake_target_stop(target);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_host_is_no_device),
        cmocka_unit_test(a_port_where_nothing_listens_is_no_device),
        cmocka_unit_test(a_disc_that_is_not_there_is_no_device),
        cmocka_unit_test(a_url_of_another_kind_is_a_bad_url),
        cmocka_unit_test(an_unknown_target_is_no_device),
        cmocka_unit_test(a_wrong_secret_is_refused),
        cmocka_unit_test(an_unauthorized_initiator_is_refused),
        cmocka_unit_test(a_target_out_of_service_refuses),
        cmocka_unit_test(a_peer_that_closes_at_once_is_lost),
        cmocka_unit_test(a_peer_that_closes_during_the_login_is_lost),
        cmocka_unit_test(a_silent_peer_times_out_wherever_it_falls_silent),
        cmocka_unit_test(a_command_never_answered_times_out_and_the_connection_is_dead),
        cmocka_unit_test(a_connection_dropped_in_mid_command_is_lost_for_good),
        cmocka_unit_test(a_connection_dropped_between_commands_is_lost),
        cmocka_unit_test(writing_to_a_dead_peer_raises_no_signal),
        cmocka_unit_test(a_child_after_fork_has_lost_the_connection_and_the_parent_has_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
