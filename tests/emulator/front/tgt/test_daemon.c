/* SPDX-License-Identifier: MIT */
/* The life of a daemon: how it starts, what it refuses, how it ends. */
#include "world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/disc.h>
#include <vcdr/error.h>
#include <vcdr/store.h>

/* ---- its end ---- */

static void assert_open_track(const struct world *world, unsigned blocks)
{
    struct vcdr_track track;
    struct vcdr_store store;
    struct vcdr_disc *disc;
    uint8_t raw[2352];

    assert_int_equal(vcdr_store_file(world->discs[0], 0, &store), 0);
    assert_int_equal(vcdr_disc_open(store, &disc), 0);
    assert_int_equal(vcdr_disc_info(disc)->open_track, 1);
    assert_int_equal(vcdr_disc_track(disc, 1, &track), 0);
    assert_int_equal(track.state, VCDR_TRACK_OPEN);
    assert_int_equal(track.written, blocks);
    for (unsigned i = 0; i < blocks; i += 37) {
        assert_int_equal(vcdr_disc_read_raw(disc, (int32_t)i, 1, raw, NULL), 0);
        assert_int_equal(raw[0], i & 0xFF);
        assert_int_equal(raw[2351], i & 0xFF);
    }
    assert_int_equal(vcdr_disc_close(disc), 0);
}

static void sigterm_keeps_an_open_track(void **state)
{
    struct world *world = *state;
    struct initiator *initiator = log_in_ready(world, 0, "writer");

    write_audio(initiator, 400);
    world_stop(world); /* with the session still there */
    assert_open_track(world, 400);
    assert_int_equal(record_count(world, "\"event\":\"power-off\",\"clean\":true"), 1);
    initiator_drop(initiator);
}

static void sigint_ends_it_as_well(void **state)
{
    struct world *world = *state;
    int wait_status;

    assert_int_equal(kill(world->daemon.pid, SIGINT), 0);
    assert_int_equal(waitpid(world->daemon.pid, &wait_status, 0), world->daemon.pid);
    daemon_ended(&world->daemon, wait_status);
    assert_int_equal(wait_status, 0);
    assert_int_equal(record_count(world, "\"event\":\"power-off\",\"clean\":true"), 1);
}

static void a_killed_daemon_leaves_a_disc_that_opens(void **state)
{
    struct world *world = *state;
    struct initiator *initiator = log_in_ready(world, 0, "writer");
    int wait_status;
    char name[64];

    write_audio(initiator, 350);
    assert_int_equal(lock(initiator, "Killed"), 0);
    assert_int_equal(kill(world->daemon.pid, SIGKILL), 0);
    assert_int_equal(waitpid(world->daemon.pid, &wait_status, 0), world->daemon.pid);
    daemon_ended(&world->daemon, wait_status);
    initiator_drop(initiator);

    world_start(world);
    initiator = log_in_ready(world, 0, "reader");
    owner(initiator, name);
    assert_string_equal(name, ""); /* the lock died with the power */
    initiator_logout(initiator);
    assert_int_equal(record_count(world, "\"event\":\"power-on\""), 2);
}

static void nothing_is_left_in_the_temporary_folder(void **state)
{
    struct world *world = *state;
    char folder[160];

    snprintf(folder, sizeof(folder), "%s", world->daemon.control);
    *strrchr(folder, '/') = '\0';
    assert_int_equal(access(folder, F_OK), -1); /* also while it runs: nobody commands it */
}

/* ---- what it refuses ---- */

static void assert_refused(struct world *world, const char *thing, const char *reason)
{
    assert_false(daemon_start(&world->options, &world->daemon));
    assert_string_equal(world->daemon.thing, thing);
    assert_string_equal(world->daemon.reason, reason);
    assert_int_equal(world->daemon.pid, 0);
}

static void a_disc_that_is_not_there_is_named(void **state)
{
    struct world *world = *state;

    assert_int_equal(unlink(world->discs[1]), 0);
    assert_refused(world, world->discs[1], vcdr_strerror(VCDR_ENOENT));
    assert_int_equal(record_count(world, "\"event\":\"power-off\",\"clean\":true"), 1);
}

static void a_disc_held_elsewhere_is_named(void **state)
{
    struct world *world = *state;
    struct vcdr_store store;

    assert_int_equal(vcdr_store_file(world->discs[0], 0, &store), 0);
    assert_refused(world, world->discs[0], vcdr_strerror(VCDR_EBUSY));
    store.ops->close(store.ctx);
}

static void a_file_that_is_no_disc_is_named(void **state)
{
    struct world *world = *state;
    FILE *out = fopen(world->discs[0], "w");

    assert_non_null(out);
    for (int i = 0; i < 8192; i++)
        fputc('x', out);
    fclose(out);
    assert_refused(world, world->discs[0], vcdr_strerror(VCDR_ENOTDISC));
}

static void a_taken_port_is_named(void **state)
{
    struct world *world = *state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    char portal[32];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(portal, sizeof(portal), "127.0.0.1:%d", ntohs(address.sin_port));
    world->options.portal = portal;
    assert_refused(world, portal, strerror(EADDRINUSE));
    close(fd);
}

static void a_portal_that_is_none_is_named(void **state)
{
    struct world *world = *state;

    world->options.portal = "nowhere";
    assert_refused(world, "nowhere", "not a numeric address and port");
}

static void a_target_name_that_tgtd_does_not_take_is_named(void **state)
{
    struct world *world = *state;

    world->drives[0].iqn = "iqn.2026-11.local.vcdr:a_b";
    assert_refused(world, world->drives[0].iqn, "tgtd does not take this target name");
}

static void a_module_that_is_not_there_is_named(void **state)
{
    struct world *world = *state;

    world->options.module = "/nonexistent/module.so";
    assert_refused(world, "/nonexistent/module.so", strerror(ENOENT));
}

/* A program in PATH that is almost a tgtd (wrong_tgtd.c, difference 1). */
static void a_tgtd_that_the_module_does_not_know_is_refused(void **state)
{
    struct world *world = *state;
    char link[128], *path = strdup(getenv("PATH"));

    snprintf(link, sizeof(link), "%s/tgtd", world->folder);
    assert_int_equal(symlink(WRONG_TGTD "_1", link), 0);
    assert_int_equal(setenv("PATH", world->folder, 1), 0);
    assert_refused(world, "tgtd",
                   "struct device_type_template has another size: this tgtd is not one that the "
                   "module knows (64 bit, 1.0.46 to 1.0.97)");
    assert_true(world->daemon.cannot_run);
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);
}

/* ---- how it is reached ---- */

static void a_given_port_is_the_only_one(void **state)
{
    struct world *world = *state;
    struct initiator *initiator;
    char portal[32];
    int port;

    world_start(world); /* once, to learn of a port that is free */
    port = world->daemon.port;
    world_stop(world);
    snprintf(portal, sizeof(portal), "127.0.0.1:%d", port);
    world->options.portal = portal;
    world_start(world);
    assert_int_equal(world->daemon.port, port);
    initiator = log_in(world, 0, "port");
    initiator_logout(initiator);
    world_stop(world);
}

static void every_address_only_when_asked_for(void **state)
{
    struct world *world = *state;
    char path[64], line[512], listening[32];
    unsigned on_loopback = 0, on_any = 0;
    FILE *in;

    world_start(world);
    /* what the daemon listens to, by its network namespace's table: 0100007F is 127.0.0.1 */
    snprintf(path, sizeof(path), "/proc/%d/net/tcp", (int)world->daemon.pid);
    in = fopen(path, "r");
    assert_non_null(in);
    snprintf(listening, sizeof(listening), "0100007F:%04X 00000000:0000 0A", world->daemon.port);
    while (fgets(line, sizeof(line), in))
        on_loopback += strstr(line, listening) != NULL;
    rewind(in);
    snprintf(listening, sizeof(listening), "00000000:%04X 00000000:0000 0A", world->daemon.port);
    while (fgets(line, sizeof(line), in))
        on_any += strstr(line, listening) != NULL;
    fclose(in);
    assert_int_equal(on_loopback, 1);
    assert_int_equal(on_any, 0);
    world_stop(world);
}

static void chap_wants_the_right_secret(void **state)
{
    struct world *world = *state;
    struct initiator *initiator;

    world->options.user = "burner";
    world->options.secret = "a secret of sixteen";
    world_start(world);
    assert_null(initiator_open(world->urls[0], "nobody", NULL));
    assert_null(initiator_open_chap(world->urls[0], "wrong", "burner", "another secret 16", NULL));
    assert_null(initiator_open_chap(world->urls[0], "wrong", "other", "a secret of sixteen", NULL));
    initiator = initiator_open_chap(world->urls[0], "right", "burner", "a secret of sixteen", NULL);
    assert_non_null(initiator);
    initiator_logout(initiator);
    world_stop(world);
}

static void a_secret_is_in_no_command_line_or_environment(void **state)
{
    struct world *world = *state;
    static const char *const files[] = {"cmdline", "environ"};
    char path[64], text[16384];

    world->options.user = "burner";
    world->options.secret = "a secret of sixteen";
    world_start(world);
    for (size_t i = 0; i < 2; i++) {
        ssize_t len;
        int fd;

        snprintf(path, sizeof(path), "/proc/%d/%s", (int)world->daemon.pid, files[i]);
        fd = open(path, O_RDONLY);
        assert_true(fd >= 0);
        len = read(fd, text, sizeof(text));
        assert_true(len > 0);
        assert_null(memmem(text, (size_t)len, "a secret of", 11));
        close(fd);
    }
    world_stop(world);
}

static void a_drive_without_a_disc_is_empty(void **state)
{
    struct world *world = *state;
    struct initiator *initiator;

    world->drives[0].disc = NULL;
    world_start(world);
    initiator = log_in_ready(world, 0, "empty");
    assert_int_equal(test_unit_ready(initiator).sense >> 8, 0x023A); /* medium not present */
    initiator_logout(initiator);
    world_stop(world);
}

static void commands_are_recorded_when_asked_for(void **state)
{
    struct world *world = *state;
    struct initiator *initiator;

    world->drives[0].record_commands = true;
    world_start(world);
    initiator = log_in(world, 0, "asker");
    assert_int_equal(test_unit_ready(initiator).sense, 0x062900);
    initiator_logout(initiator);
    world_stop(world);
    assert_int_equal(record_count(world, "\"event\":\"command\",\"opcode\":0"), 1);
}

/* ---- as nobody ---- */

static void copy_file(const char *from, const char *to)
{
    static char buf[1 << 16];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    size_t n;

    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
        assert_int_equal(fwrite(buf, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* In a child: no identity but nobody's, no group, no capability. Exit status 0: all went well. */
static int burn_as_nobody(struct world *world)
{
    struct initiator *initiator;

    if (setgid(65534) != 0 || setuid(65534) != 0 || getuid() == 0)
        return 2;
    if (!daemon_start(&world->options, &world->daemon)) {
        fprintf(stderr, "%s: %s\n", world->daemon.thing, world->daemon.reason);
        return 3;
    }
    snprintf(world->urls[0], sizeof(world->urls[0]), "iscsi://127.0.0.1:%d/%s/0",
             world->daemon.port, world->drives[0].iqn);
    initiator = initiator_open(world->urls[0], "nobody", NULL);
    if (!initiator || test_unit_ready(initiator).sense != 0x062900)
        return 4;
    initiator_logout(initiator);
    return daemon_stop(&world->daemon) == 0 ? 0 : 5;
}

static void it_runs_unprivileged(void **state)
{
    struct world *world = *state;
    char module[128];
    int wait_status;
    pid_t pid;

    if (getuid() != 0) /* then every other test has shown it */
        return;
    snprintf(module, sizeof(module), "%s/module.so", world->folder);
    copy_file(getenv("VCDR_TGT_MODULE"), module); /* nobody may not look into the build tree */
    world->options.module = module;
    assert_int_equal(chmod(world->folder, 0777), 0);
    assert_int_equal(chown(world->discs[0], 65534, 65534), 0);
    pid = fork();
    if (pid == 0)
        _exit(burn_as_nobody(world));
    assert_int_equal(waitpid(pid, &wait_status, 0), pid);
    assert_int_equal(wait_status, 0);
}

static int stopped_world_of(void **state, unsigned drives)
{
    struct world *world = test_malloc(sizeof(*world));

    world_make(world, drives);
    *state = world;
    return 0;
}

static int stopped_one(void **state)
{
    return stopped_world_of(state, 1);
}

static int stopped_two(void **state)
{
    return stopped_world_of(state, 2);
}

static int stopped_end(void **state)
{
    struct world *world = *state;

    world_stop(world);
    world_remove(world);
    test_free(world);
    return 0;
}

#define RUNNING(test) cmocka_unit_test_setup_teardown(test, world_of_one, world_end)
#define STOPPED(test) cmocka_unit_test_setup_teardown(test, stopped_one, stopped_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUNNING(sigterm_keeps_an_open_track),
        RUNNING(sigint_ends_it_as_well),
        RUNNING(a_killed_daemon_leaves_a_disc_that_opens),
        RUNNING(nothing_is_left_in_the_temporary_folder),
        cmocka_unit_test_setup_teardown(a_disc_that_is_not_there_is_named, stopped_two,
                                        stopped_end),
        STOPPED(a_disc_held_elsewhere_is_named),
        STOPPED(a_file_that_is_no_disc_is_named),
        STOPPED(a_taken_port_is_named),
        STOPPED(a_portal_that_is_none_is_named),
        STOPPED(a_target_name_that_tgtd_does_not_take_is_named),
        STOPPED(a_module_that_is_not_there_is_named),
        STOPPED(a_tgtd_that_the_module_does_not_know_is_refused),
        STOPPED(a_given_port_is_the_only_one),
        STOPPED(every_address_only_when_asked_for),
        STOPPED(chap_wants_the_right_secret),
        STOPPED(a_secret_is_in_no_command_line_or_environment),
        STOPPED(a_drive_without_a_disc_is_empty),
        STOPPED(commands_are_recorded_when_asked_for),
        STOPPED(it_runs_unprivileged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
