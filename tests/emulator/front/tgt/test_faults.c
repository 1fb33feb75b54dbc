/* SPDX-License-Identifier: MIT */
/* What the module makes of answers that a fault keeps back, seen by initiators on the wire. */
#include "world.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <vcdr/error.h>

#include "serve/control_client.h"

static const uint8_t disc_information[10] = {0x51, [8] = 34};
static const uint8_t ready[6] = {0x00};

/* A world of two drives whose first has these rules. */
static struct world *start_with(struct world *world, const char *rules)
{
    world_make(world, 2);
    world->drives[0].faults = rules;
    world_start(world);
    return world;
}

static void stop(struct world *world)
{
    world_stop(world);
    world_remove(world);
}

static struct reply send_disc_information(struct initiator *initiator, uint8_t data[34])
{
    return initiator_execute(initiator, 0, disc_information, 10, NULL, 0, data, 34);
}

/* The other end has closed this connection. */
static bool is_closed(struct initiator *initiator)
{
    struct pollfd fd = {.fd = initiator_fd(initiator), .events = POLLIN | POLLRDHUP};

    /* libiscsi may have noticed it already, and closed its end too */
    if (fd.fd < 0)
        return true;
    return poll(&fd, 1, 5000) == 1 && (fd.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void an_answer_keeps_its_data_and_comes_when_it_is_due(void **state)
{
    struct world world;
    struct initiator *initiator;
    uint8_t data[34];
    uint64_t began;
    struct reply reply;

    (void)state;
    start_with(&world, "op=51h do=delay:150ms");
    initiator = log_in_ready(&world, 0, "slow");
    began = now_ms();
    reply = send_disc_information(initiator, data);
    assert_true(now_ms() - began >= 150); /* a bound that no load can break */
    assert_int_equal(reply.status, 0);
    assert_int_equal(reply.in_len, 34);
    assert_memory_equal(data, ((uint8_t[]){0x00, 0x20, 0x00, 0x01}), 4);
    initiator_logout(initiator);
    stop(&world);
}

/* What is held back is in flight for an hour; everything else here is answered in the meantime. */
static void a_delay_holds_up_no_other_command_nexus_or_drive(void **state)
{
    struct world world;
    struct initiator *slow, *other, *second;

    (void)state;
    start_with(&world, "op=51h do=delay:3600s\nop=51h nth=2 do=never");
    slow = log_in_ready(&world, 0, "slow");
    other = log_in_ready(&world, 0, "other");
    second = log_in_ready(&world, 1, "second");
    assert_true(initiator_send(slow, disc_information, 10, 34));
    assert_true(initiator_send(slow, disc_information, 10, 34));
    record_await(&world, "\"event\":\"fault\"", 2);
    assert_int_equal(test_unit_ready(slow).status, 0);
    assert_int_equal(test_unit_ready(other).status, 0);
    assert_int_equal(test_unit_ready(second).status, 0);
    assert_int_equal(lock(other, "Other"), 0);
    initiator_hang_up(slow);
    initiator_logout(other);
    initiator_logout(second);
    stop(&world);
}

static void a_reset_ends_what_is_never_answered(void **state)
{
    struct world world;
    struct initiator *initiator;

    (void)state;
    start_with(&world, "op=51h count=2 do=never");
    initiator = log_in_ready(&world, 0, "one");
    assert_true(initiator_send(initiator, disc_information, 10, 34));
    assert_true(initiator_send(initiator, disc_information, 10, 34));
    record_await(&world, "\"event\":\"fault\"", 2);
    assert_true(initiator_reset_unit(initiator)); /* tgt answers when both have ended */
    assert_int_equal(test_unit_ready(initiator).sense, 0x062900);
    initiator_logout(initiator);
    stop(&world);
}

/* The next command of another initiator finds the drive free: a command in flight does not keep a
 * nexus whose connection is gone. */
static void a_lost_connection_frees_the_lock_though_a_command_is_in_flight(void **state)
{
    struct world world;

    (void)state;
    start_with(&world, "op=51h count=all do=never");
    for (unsigned i = 0; i < 20; i++) {
        struct initiator *one = log_in_ready(&world, 0, "one");
        struct initiator *two = log_in_ready(&world, 0, "two");
        char name[64];

        assert_int_equal(lock(one, "First Burner"), 0);
        assert_true(initiator_send(one, disc_information, 10, 34));
        record_await(&world, "\"event\":\"fault\"", i + 1);
        if (i % 2)
            initiator_drop(one);
        else
            initiator_hang_up(one);
        owner(two, name);
        assert_string_equal(name, "");
        initiator_logout(two);
    }
    stop(&world);
}

static void a_cut_loses_the_nexus_at_once_and_the_others_nothing(void **state)
{
    struct world world;
    struct initiator *one, *two;
    uint8_t data[34];
    char name[64];

    (void)state;
    start_with(&world, "op=51h do=cut");
    one = log_in_ready(&world, 0, "one");
    two = log_in_ready(&world, 0, "two");
    assert_int_equal(lock(one, "First Burner"), 0);
    assert_true(send_disc_information(one, data).status != 0);
    assert_true(is_closed(one));
    owner(two, name);
    assert_string_equal(name, "");
    assert_int_equal(record_count(&world, "\"event\":\"exclusive-lost\""), 1);
    assert_int_equal(send_disc_information(two, data).status, 0);
    initiator_hang_up(one);
    initiator_logout(two);
    stop(&world);
}

static void what_follows_a_cut_is_not_executed(void **state)
{
    /* RESERVE(10) */
    static const uint8_t reserve[10] = {0x56};
    struct world world;
    struct initiator *one, *two;

    (void)state;
    start_with(&world, "op=51h do=cut");
    one = log_in_ready(&world, 0, "one");
    two = log_in_ready(&world, 0, "two"); /* with two, commands wait a turn of the loop */
    assert_true(initiator_send(one, disc_information, 10, 34));
    assert_true(initiator_send(one, reserve, 10, 0));
    assert_true(is_closed(one));
    assert_int_equal(test_unit_ready(two).status, 0);
    assert_int_equal(record_count(&world, "\"event\":\"exclusive-lock\""), 0);
    initiator_hang_up(one);
    initiator_logout(two);
    stop(&world);
}

static void a_drive_without_power_is_no_unit_any_more(void **state)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    static const uint8_t report_luns[12] = {0xA0, [9] = 64};
    struct world world;
    struct initiator *one, *two, *other;
    struct reply reply;
    uint8_t data[64];

    (void)state;
    start_with(&world, "op=51h do=power");
    one = log_in_ready(&world, 0, "one");
    two = log_in_ready(&world, 0, "two");
    other = log_in_ready(&world, 1, "other");
    assert_true(send_disc_information(one, data).status != 0);
    assert_true(is_closed(one));
    assert_true(is_closed(two));
    assert_int_equal(record_count(&world, "\"clean\":false"), 1);
    initiator_hang_up(one);
    initiator_hang_up(two);
    one = log_in(&world, 0, "one");
    assert_int_equal(initiator_execute(one, 0, inquiry, 6, NULL, 0, data, 36).status, 0);
    assert_int_equal(data[0], 0x7F);
    reply = initiator_execute(one, 0, ready, 6, NULL, 0, NULL, 0);
    assert_int_equal(reply.status, 2);
    assert_int_equal(reply.sense, 0x052500);
    assert_int_equal(initiator_execute(one, 0, report_luns, 12, NULL, 0, data, 64).sense, 0x052500);
    initiator_logout(one);
    assert_int_equal(test_unit_ready(other).status, 0);
    initiator_logout(other);
    stop(&world);
}

static void an_aborted_command_carries_no_data(void **state)
{
    struct world world;
    struct initiator *initiator;
    uint8_t data[34];
    struct reply reply;

    (void)state;
    start_with(&world, "op=51h do=status:TASK_ABORTED");
    initiator = log_in_ready(&world, 0, "one");
    reply = send_disc_information(initiator, data);
    assert_int_equal(reply.status, 0x40);
    assert_int_equal(reply.residual, 34);
    initiator_logout(initiator);
    stop(&world);
}

static void the_daemon_ends_with_commands_in_flight(void **state)
{
    struct world world;
    struct initiator *initiator;

    (void)state;
    start_with(&world, "op=51h do=never");
    initiator = log_in_ready(&world, 0, "one");
    assert_true(initiator_send(initiator, disc_information, 10, 34));
    record_await(&world, "\"event\":\"fault\"", 1);
    world_stop(&world);
    assert_int_equal(record_count(&world, "\"clean\":true"), 2);
    initiator_hang_up(initiator);
    world_remove(&world);
}

static void a_wrong_rule_ends_the_start(void **state)
{
    struct world world;

    (void)state;
    world_make(&world, 1);
    world.drives[0].faults = "do=explode";
    assert_false(daemon_start(&world.options, &world.daemon));
    assert_string_equal(world.daemon.reason, vcdr_strerror(VCDR_EINVAL));
    world_remove(&world);
}

static bool tell(struct world *world, const char *line, char *why)
{
    return control_fault(world->options.control_socket, line, why);
}

static void a_running_daemon_takes_rules(void **state)
{
    struct world world;
    struct initiator *initiator;
    uint8_t data[34];
    char path[96], why[CONTROL_WHY];

    (void)state;
    world_make(&world, 2);
    snprintf(path, sizeof(path), "%s/faults", world.folder);
    world.options.control_socket = path;
    world_start(&world);
    initiator = log_in_ready(&world, 1, "one");
    assert_true(tell(&world, "op=51h count=all do=sense:03/11/05 drive=2", why));
    assert_int_equal(send_disc_information(initiator, data).sense, 0x031105);
    assert_false(tell(&world, "op=51h", why));
    assert_non_null(strstr(why, "do="));
    assert_false(tell(&world, "drive=3 do=cut", why));
    assert_non_null(strstr(why, "no such drive"));
    assert_true(tell(&world, "clear", why));
    assert_int_equal(send_disc_information(initiator, data).status, 0);
    initiator_logout(initiator);
    world_stop(&world);
    assert_false(tell(&world, "clear", why)); /* the socket went with its daemon */
    world_remove(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_keeps_its_data_and_comes_when_it_is_due),
        cmocka_unit_test(a_delay_holds_up_no_other_command_nexus_or_drive),
        cmocka_unit_test(a_reset_ends_what_is_never_answered),
        cmocka_unit_test(a_lost_connection_frees_the_lock_though_a_command_is_in_flight),
        cmocka_unit_test(a_cut_loses_the_nexus_at_once_and_the_others_nothing),
        cmocka_unit_test(what_follows_a_cut_is_not_executed),
        cmocka_unit_test(a_drive_without_power_is_no_unit_any_more),
        cmocka_unit_test(an_aborted_command_carries_no_data),
        cmocka_unit_test(the_daemon_ends_with_commands_in_flight),
        cmocka_unit_test(a_wrong_rule_ends_the_start),
        cmocka_unit_test(a_running_daemon_takes_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
