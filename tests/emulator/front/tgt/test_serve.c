/* SPDX-License-Identifier: MIT */
/* vcdr serve, as a shell or a test of somebody else's uses it. */
#include "world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 24, TEXT = 4096, PATIENCE_MS = 20000 };

/* A run of the program with its output caught. */
struct run {
    pid_t pid;
    int out, err; /* pipes */
    char out_text[TEXT], err_text[TEXT];
};

static void start(struct run *run, const char *const *words)
{
    const char *argv[ARGUMENTS] = {getenv("VCDR"), "serve"};
    int out[2], err[2];

    assert_non_null(argv[0]);
    for (size_t i = 0; i < ARGUMENTS - 3 && words[i]; i++)
        argv[i + 2] = words[i];
    *run = (struct run){.pid = 0};
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    run->pid = fork();
    if (run->pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        execv(argv[0], (char *const *)argv);
        _exit(99);
    }
    close(out[1]);
    close(err[1]);
    run->out = out[0];
    run->err = err[0];
}

/* Reads one line of stdout. */
static void read_line(struct run *run, char *line, size_t size)
{
    size_t len = 0;

    while (len < size - 1) {
        struct pollfd fd = {run->out, POLLIN, 0};

        assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
        if (read(run->out, line + len, 1) != 1 || line[len] == '\n')
            break;
        len++;
    }
    line[len] = '\0';
}

static void read_rest(int fd, char *text)
{
    size_t len = 0;
    ssize_t n;

    while (len < TEXT - 1 && (n = read(fd, text + len, TEXT - 1 - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
    close(fd);
}

/* Waits for the end; the exit status, the shell's way. */
static int end(struct run *run)
{
    int wait_status;

    read_rest(run->out, run->out_text);
    read_rest(run->err, run->err_text);
    assert_int_equal(waitpid(run->pid, &wait_status, 0), run->pid);
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

static void assert_answers(const char *url)
{
    const char *why = "";
    struct initiator *initiator = initiator_open(url, "client", &why);

    if (!initiator)
        fail_msg("%s: %s", url, why);
    assert_int_equal(test_unit_ready(initiator).sense, 0x062900);
    initiator_logout(initiator);
}

#define SERVE(run, ...) start(run, (const char *const[]){__VA_ARGS__, NULL})

/* ---- URLs ---- */

static void a_url_is_printed_when_a_login_succeeds(void **state)
{
    struct world *world = *state;
    struct run run;
    char url[256];

    SERVE(&run, "--disc", world->discs[0]);
    read_line(&run, url, sizeof(url));
    assert_answers(url);
    assert_int_equal(kill(run.pid, SIGTERM), 0);
    assert_int_equal(end(&run), 0);
    assert_string_equal(run.out_text, ""); /* that line and nothing else */
    assert_string_equal(run.err_text, "");
}

static void each_disc_is_a_drive_in_that_order(void **state)
{
    struct world *world = *state;
    struct run run;
    char one[256], two[256];

    SERVE(&run, "--disc", world->discs[0], "--disc", world->discs[1], "--record", world->record);
    read_line(&run, one, sizeof(one));
    read_line(&run, two, sizeof(two));
    assert_string_not_equal(one, two);
    assert_answers(two);
    assert_int_equal(record_count(world, "\"drive\":\"VCDR00000002\",\"event\":\"nexus-open\""), 1);
    assert_int_equal(kill(run.pid, SIGINT), 0);
    assert_int_equal(end(&run), 0);
    assert_int_equal(record_count(world, "\"event\":\"power-off\",\"clean\":true"), 2);
}

static void without_a_disc_there_is_one_empty_drive(void **state)
{
    struct run run;
    char url[256];

    (void)state;
    start(&run, (const char *const[]){NULL});
    read_line(&run, url, sizeof(url));
    assert_answers(url);
    assert_int_equal(kill(run.pid, SIGTERM), 0);
    assert_int_equal(end(&run), 0);
    assert_string_equal(run.out_text, "");
}

static void names_are_as_given(void **state)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    static const uint8_t serial[6] = {0x12, 1, 0x80, 0, 36, 0};
    struct initiator *initiator;
    struct run run;
    uint8_t data[36];
    char url[256];

    (void)state;
    SERVE(&run, "--name", "TEST BURNER", "--iqn", "iqn.2026-11.org.example:x", "--serial", "S42");
    read_line(&run, url, sizeof(url));
    assert_non_null(strstr(url, "/iqn.2026-11.org.example:x/0"));
    initiator = initiator_open(url, "client", NULL);
    assert_non_null(initiator);
    initiator_execute(initiator, 0, inquiry, 6, NULL, 0, data, 36);
    assert_memory_equal(data + 16, "TEST BURNER     ", 16);
    initiator_execute(initiator, 0, serial, 6, NULL, 0, data, 36);
    assert_memory_equal(data + 4, "S42", 3);
    initiator_logout(initiator);
    assert_int_equal(kill(run.pid, SIGTERM), 0);
    assert_int_equal(end(&run), 0);
}

/* ---- the ready file ---- */

static void the_ready_file_holds_the_urls_and_goes_at_the_end(void **state)
{
    struct world *world = *state;
    struct run run;
    char path[128], url[256], text[256] = "";
    FILE *in;

    snprintf(path, sizeof(path), "%s/ready", world->folder);
    in = fopen(path, "w"); /* one left over from before */
    assert_non_null(in);
    fclose(in);
    SERVE(&run, "--disc", world->discs[0], "--ready-file", path);
    read_line(&run, url, sizeof(url));
    for (int waited = 0; access(path, R_OK) != 0 && waited < PATIENCE_MS; waited += 5)
        (void)poll(NULL, 0, 5);
    in = fopen(path, "r");
    assert_non_null(in);
    assert_non_null(fgets(text, sizeof(text), in));
    fclose(in);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(text, url);
    assert_answers(text);
    assert_int_equal(kill(run.pid, SIGTERM), 0);
    assert_int_equal(end(&run), 0);
    assert_int_equal(access(path, F_OK), -1);
}

/* ---- a command ---- */

static void a_command_gets_the_urls_and_its_status_is_ours(void **state)
{
    struct world *world = *state;
    struct run run;
    char expected[2048], one[256], two[256];

    SERVE(&run, "--disc", world->discs[0], "--disc", world->discs[1], "--", "sh", "-c",
          "echo \"$VCDR_URL|$VCDR_URLS\"; exit 42");
    assert_int_equal(end(&run), 42);
    assert_int_equal(sscanf(run.out_text, "%255s %255s", one, two), 2);
    snprintf(expected, sizeof(expected), "%s\n%s\n%s|%s %s\n", one, two, one, one, two);
    assert_string_equal(run.out_text, expected);
    assert_string_equal(run.err_text, "");
}

static void a_command_killed_by_a_signal_is_told(void **state)
{
    struct run run;

    (void)state;
    SERVE(&run, "--", "sh", "-c", "kill -USR1 $$");
    assert_int_equal(end(&run), 128 + SIGUSR1);
}

static void a_command_that_is_not_there_is_named(void **state)
{
    struct run run;

    (void)state;
    SERVE(&run, "--", "/nonexistent/command");
    assert_int_equal(end(&run), 127);
    assert_string_equal(run.err_text, "vcdr: /nonexistent/command: No such file or directory\n");
}

static void a_command_that_cannot_be_run_is_named(void **state)
{
    struct run run;

    (void)state;
    SERVE(&run, "--", "/");
    assert_int_equal(end(&run), 126);
    assert_string_equal(run.err_text, "vcdr: /: Permission denied\n");
}

static void killed_it_ends_its_command(void **state)
{
    struct run run;
    char line[256];

    (void)state;
    SERVE(&run, "--", "sh", "-c",
          "trap 'echo term; exit 0' TERM; echo up; for i in $(seq 2000); do sleep 0.01; done");
    read_line(&run, line, sizeof(line)); /* the URL */
    read_line(&run, line, sizeof(line));
    assert_string_equal(line, "up");
    assert_int_equal(kill(run.pid, SIGKILL), 0);
    read_line(&run, line, sizeof(line));
    assert_string_equal(line, "term");
    assert_int_equal(end(&run), 128 + SIGKILL);
}

/* The one child of a serve without a command. */
static pid_t daemon_of(const struct run *run)
{
    char path[64];
    FILE *in;
    int pid = 0;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", run->pid, run->pid);
    in = fopen(path, "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%d", &pid), 1);
    fclose(in);
    return pid;
}

static void a_daemon_that_was_killed_is_told_without_what_it_says_in_good_order(void **state)
{
    struct run run;
    char line[256];

    (void)state;
    SERVE(&run, NULL);
    read_line(&run, line, sizeof(line)); /* the URL */
    assert_int_equal(kill(daemon_of(&run), SIGKILL), 0);
    assert_int_equal(end(&run), 1);
    assert_string_equal(run.err_text, "vcdr: tgtd: killed by signal 9\n");
}

static void a_signal_reaches_the_command(void **state)
{
    struct run run;
    char line[256];

    (void)state;
    SERVE(&run, "--", "sh", "-c", "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done");
    read_line(&run, line, sizeof(line)); /* the URL */
    read_line(&run, line, sizeof(line));
    assert_string_equal(line, "up");
    assert_int_equal(kill(run.pid, SIGTERM), 0);
    assert_int_equal(end(&run), 7);
}

static void the_command_sees_the_account_but_no_secret_in_a_url(void **state)
{
    struct world *world = *state;
    struct run run;
    char path[128];
    FILE *out;

    snprintf(path, sizeof(path), "%s/secret", world->folder);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs("a secret of sixteen\n", out);
    fclose(out);
    SERVE(&run, "--chap-user", "burner", "--chap-secret-file", path, "--", "sh", "-c",
          "case $VCDR_URL in *sixteen*) exit 3;; esac;"
          "echo $LIBISCSI_CHAP_USERNAME:$LIBISCSI_CHAP_PASSWORD");
    assert_int_equal(end(&run), 0);
    assert_non_null(strstr(run.out_text, "\nburner:a secret of sixteen\n"));
}

/* ---- with the parent ---- */

static void it_ends_with_its_parent_if_asked_to(void **state)
{
    struct world *world = *state;
    int alive[2];
    char byte;
    pid_t parent;
    struct pollfd fd;
    int wait_status;

    /* the pipe's write end is held by the server (and its tgtd) alone once the parent is dead */
    assert_int_equal(pipe(alive), 0);
    parent = fork();
    if (parent == 0) {
        struct run run;
        char url[256];

        close(alive[0]);
        SERVE(&run, "--exit-with-parent", "--disc", world->discs[0], "--record", world->record);
        read_line(&run, url, sizeof(url));
        kill(getpid(), SIGKILL);
    }
    close(alive[1]);
    assert_int_equal(waitpid(parent, &wait_status, 0), parent);
    fd = (struct pollfd){alive[0], POLLIN, 0};
    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
    assert_int_equal(read(alive[0], &byte, 1), 0); /* everybody is gone */
    close(alive[0]);
    assert_int_equal(record_count(world, "\"event\":\"power-off\",\"clean\":true"), 1);
}

static void killed_it_takes_its_daemon_along(void **state)
{
    struct world *world = *state;
    struct run run;
    char url[256];

    SERVE(&run, "--disc", world->discs[0], "--record", world->record);
    read_line(&run, url, sizeof(url));
    assert_int_equal(kill(run.pid, SIGKILL), 0);
    assert_int_equal(end(&run), 128 + SIGKILL);
    record_await(world, "\"event\":\"power-off\",\"clean\":true", 1);
}

/* ---- one line of what went wrong ---- */

static void assert_says(struct run *run, int status, const char *text)
{
    assert_int_equal(end(run), status);
    assert_string_equal(run->err_text, text);
    assert_string_equal(run->out_text, "");
}

static void a_disc_that_is_not_there(void **state)
{
    struct run run;

    (void)state;
    SERVE(&run, "--disc", "/nonexistent/a.disc");
    assert_int_equal(end(&run), 1);
    assert_int_equal(strncmp(run.err_text, "vcdr: /nonexistent/a.disc: ", 27), 0);
    assert_ptr_equal(strchr(run.err_text, '\n') + 1, run.err_text + strlen(run.err_text));
    assert_string_equal(run.out_text, "");
}

static void a_port_that_is_taken(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    char portal[32], expected[128];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct run run;

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(portal, sizeof(portal), "127.0.0.1:%d", ntohs(address.sin_port));
    snprintf(expected, sizeof(expected), "vcdr: %s: Address already in use\n", portal);
    SERVE(&run, "--portal", portal);
    assert_says(&run, 1, expected);
    close(fd);
}

static void wrong_words_are_usage(void **state)
{
    struct run run;

    (void)state;
    SERVE(&run, "--dics", "x");
    assert_says(&run, 2, "vcdr: serve: --dics: no such option (see vcdr serve --help)\n");
    SERVE(&run, "--portal", "nowhere");
    assert_says(&run, 2, "vcdr: serve: --portal wants HOST:PORT (see vcdr serve --help)\n");
    SERVE(&run, "word");
    assert_says(&run, 2, "vcdr: serve: word: not an option (see vcdr serve --help)\n");
    SERVE(&run, "--");
    assert_says(&run, 2, "vcdr: serve: a command follows -- (see vcdr serve --help)\n");
}

static int stopped_two(void **state)
{
    struct world *world = test_malloc(sizeof(*world));

    world_make(world, 2);
    *state = world;
    return 0;
}

static int stopped_end(void **state)
{
    struct world *world = *state;

    world_remove(world);
    test_free(world);
    return 0;
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, stopped_two, stopped_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_url_is_printed_when_a_login_succeeds),
        IN_A_WORLD(each_disc_is_a_drive_in_that_order),
        IN_A_WORLD(without_a_disc_there_is_one_empty_drive),
        IN_A_WORLD(names_are_as_given),
        IN_A_WORLD(the_ready_file_holds_the_urls_and_goes_at_the_end),
        IN_A_WORLD(a_command_gets_the_urls_and_its_status_is_ours),
        IN_A_WORLD(a_command_killed_by_a_signal_is_told),
        IN_A_WORLD(a_command_that_is_not_there_is_named),
        IN_A_WORLD(a_command_that_cannot_be_run_is_named),
        IN_A_WORLD(killed_it_ends_its_command),
        IN_A_WORLD(a_daemon_that_was_killed_is_told_without_what_it_says_in_good_order),
        IN_A_WORLD(a_signal_reaches_the_command),
        IN_A_WORLD(the_command_sees_the_account_but_no_secret_in_a_url),
        IN_A_WORLD(it_ends_with_its_parent_if_asked_to),
        IN_A_WORLD(killed_it_takes_its_daemon_along),
        IN_A_WORLD(a_disc_that_is_not_there),
        IN_A_WORLD(a_port_that_is_taken),
        IN_A_WORLD(wrong_words_are_usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
