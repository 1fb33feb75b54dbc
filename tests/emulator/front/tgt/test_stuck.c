/* SPDX-License-Identifier: MIT */
/* A store that does not come to an end: only its own drive waits for it, and that in order. The
 * disk is stuck_disk.c's; nothing here waits for a time to pass. */
#include "world.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "serve/control_client.h"

enum { PATIENCE_MS = 20000 };

static const uint8_t synchronize_cache[10] = {0x35};
static const uint8_t ready[6] = {0x00};
static const uint8_t disc_information[10] = {0x51, [8] = 34};

struct stuck {
    struct world world;
    int begun, go; /* FIFOs, open for both so that nobody waits for the other end */
};

static int make_fifo(const struct world *world, const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", world->folder, name);
    assert_int_equal(mkfifo(path, 0600), 0);
    return open(path, O_RDWR | O_CLOEXEC);
}

static int make(void **state)
{
    struct stuck *stuck = malloc(sizeof(*stuck));

    assert_non_null(stuck);
    world_make(&stuck->world, 2);
    for (int i = 0; i < 2; i++)
        stuck->world.drives[i].record_commands = true;
    stuck->world.options.module = getenv("STUCK_MODULE");
    stuck->world.options.keep_control = true;
    stuck->begun = make_fifo(&stuck->world, "begun");
    stuck->go = make_fifo(&stuck->world, "go");
    setenv("VCDR_TEST_STUCK", stuck->world.folder, 1);
    world_start(&stuck->world);
    *state = stuck;
    return 0;
}

static int end(void **state)
{
    struct stuck *stuck = *state;

    world_stop(&stuck->world);
    world_remove(&stuck->world);
    close(stuck->begun);
    close(stuck->go);
    free(stuck);
    return 0;
}

/* From now on each flush of drive 0's disc waits; those that the burn needs have been made. */
static void arm(struct stuck *stuck)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/armed", stuck->world.folder);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

static void disarm(struct stuck *stuck)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/armed", stuck->world.folder);
    assert_int_equal(unlink(path), 0);
}

static void await_begun(struct stuck *stuck)
{
    struct pollfd fd = {stuck->begun, POLLIN, 0};
    char byte;

    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
    assert_int_equal(read(stuck->begun, &byte, 1), 1);
}

static void let_go(struct stuck *stuck)
{
    disarm(stuck);
    assert_int_equal(write(stuck->go, ".", 1), 1);
}

/* A track of drive 0 is written, and its SYNCHRONIZE CACHE hangs in the store. */
static struct initiator *hang(struct stuck *stuck)
{
    struct initiator *burner = log_in_ready(&stuck->world, 0, "burner");

    write_audio(burner, 3);
    arm(stuck);
    assert_true(initiator_send(burner, synchronize_cache, 10, 0));
    await_begun(stuck);
    return burner;
}

static void assert_inquiry(struct initiator *initiator)
{
    static const uint8_t inquiry[6] = {0x12, 0, 0, 0, 36, 0};
    uint8_t data[36];

    assert_int_equal(initiator_execute(initiator, 0, inquiry, 6, NULL, 0, data, 36).status, 0);
    assert_int_equal(data[0], 0x05);
}

/* The numbers of the lines that hold these texts rise. */
static void assert_in_order(const struct world *world, const char *const *texts, size_t count)
{
    FILE *in = fopen(world->record, "r");
    char line[2048];
    size_t met = 0;

    assert_non_null(in);
    while (met < count && fgets(line, sizeof(line), in))
        met += strstr(line, texts[met]) != NULL;
    fclose(in);
    if (met < count)
        fail_msg("no such line in its place: %s", texts[met]);
}

static void the_other_drives_go_on(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner, *other = log_in_ready(&stuck->world, 1, "other");

    burner = hang(stuck);
    assert_inquiry(other);
    write_audio(other, 3);
    assert_int_equal(initiator_execute(other, 0, synchronize_cache, 10, NULL, 0, NULL, 0).status,
                     0);
    initiator_logout(other);
    other = log_in_ready(&stuck->world, 1, "another");
    assert_inquiry(other);
    let_go(stuck);
    assert_int_equal(test_unit_ready(burner).status, 0);
    initiator_logout(burner);
    initiator_logout(other);
}

static void a_login_to_the_drive_is_answered_meanwhile(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner = hang(stuck), *other = log_in(&stuck->world, 0, "other");

    let_go(stuck);
    assert_inquiry(other);
    initiator_logout(burner);
    initiator_logout(other);
}

static void its_own_commands_wait_in_order(void **state)
{
    static const char *const lines[] = {
        "\"opcode\":53,", /* SYNCHRONIZE CACHE */
        "\"opcode\":81,", /* READ DISC INFORMATION, sent by the same initiator */
        "\"opcode\":0,",  /* TEST UNIT READY, sent by another */
        "\"opcode\":18,", /* INQUIRY, sent by the first again */
    };
    struct stuck *stuck = *state;
    struct initiator *other = log_in_ready(&stuck->world, 0, "other");
    struct initiator *burner = hang(stuck);

    assert_true(initiator_send(burner, disc_information, 10, 34));
    assert_true(initiator_send(other, ready, 6, 0));
    let_go(stuck);
    assert_inquiry(burner);
    assert_int_equal(test_unit_ready(other).status, 0);
    assert_in_order(&stuck->world, lines, sizeof(lines) / sizeof(lines[0]) - 1);
    initiator_logout(burner);
    initiator_logout(other);
}

static void a_lost_nexus_is_told_afterwards_and_frees_the_lock(void **state)
{
    static const char *const lines[] = {"\"opcode\":53,", "\"event\":\"exclusive-lost\""};
    struct stuck *stuck = *state;
    struct initiator *other = log_in_ready(&stuck->world, 0, "other");
    struct initiator *burner = log_in_ready(&stuck->world, 0, "burner"), *second;
    char name[64];

    assert_int_equal(lock(burner, "First Burner"), 0);
    write_audio(burner, 3);
    arm(stuck);
    assert_true(initiator_send(burner, synchronize_cache, 10, 0));
    await_begun(stuck);
    initiator_drop(burner);
    second = log_in_ready(&stuck->world, 1, "second");
    assert_inquiry(second); /* the loop has turned */
    let_go(stuck);
    owner(other, name);
    assert_string_equal(name, "");
    assert_in_order(&stuck->world, lines, 2);
    initiator_logout(other);
    initiator_logout(second);
}

/* What it wrote in packets ends with a nexus, durably: the loss waits, too. */
static void the_loss_of_a_nexus_that_writes_packets_stops_no_other(void **state)
{
    /* MODE SELECT(10) of page 05h: write type 0, track mode 5, block type 8, packets as they come
     */
    static const uint8_t select[10] = {0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0};
    static const uint8_t write[10] = {0x2A, [8] = 1};
    static const uint8_t sense[10] = {0x5A, 0x08, 0x05, 0, 0, 0, 0, 0, 60, 0};
    struct stuck *stuck = *state;
    struct initiator *burner = log_in_ready(&stuck->world, 0, "burner");
    struct initiator *second = log_in_ready(&stuck->world, 1, "second");
    uint8_t page[60], block[2048] = {0};

    assert_int_equal(initiator_execute(burner, 0, sense, 10, NULL, 0, page, 60).status, 0);
    memset(page, 0, 8);
    page[8] = 0x05;
    page[10] &= 0xF0;
    page[11] = 0x05;
    page[12] = 0x08;
    assert_int_equal(initiator_execute(burner, 0, select, 10, page, 60, NULL, 0).status, 0);
    assert_int_equal(initiator_execute(burner, 0, write, 10, block, 2048, NULL, 0).status, 0);
    arm(stuck);
    initiator_drop(burner);
    await_begun(stuck);
    assert_inquiry(second);
    assert_int_equal(record_count(&stuck->world, "\"event\":\"nexus-close\""), 0);
    let_go(stuck);
    record_await(&stuck->world, "\"event\":\"nexus-close\"", 1);
    initiator_logout(second);
}

static void what_waits_can_be_aborted_before_its_turn(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *other = log_in_ready(&stuck->world, 0, "other");
    struct initiator *burner = hang(stuck);
    unsigned before = record_count(&stuck->world, "\"opcode\":81,");

    assert_true(initiator_send_and_abort(other, disc_information, 10));
    let_go(stuck);
    assert_int_equal(test_unit_ready(other).sense, 0x062A01); /* the burner's MODE SELECT */
    assert_int_equal(record_count(&stuck->world, "\"opcode\":81,"), before);
    initiator_logout(burner);
    initiator_logout(other);
}

struct reset {
    struct initiator *initiator;
    bool good;
};

static void *reset_unit(void *arg)
{
    struct reset *reset = arg;

    reset->good = initiator_reset_unit(reset->initiator);
    return NULL;
}

/* tgt answers the reset when the last command has ended; the drive hears of it then, and what was
 * sent before it is not executed. */
static void a_reset_waits_for_the_store(void **state)
{
    static const char *const lines[] = {"\"opcode\":53,", "\"cause\":\"reset\""};
    struct stuck *stuck = *state;
    struct reset reset = {.initiator = log_in_ready(&stuck->world, 0, "resetting")};
    struct initiator *burner = log_in_ready(&stuck->world, 0, "burner");
    struct initiator *second = log_in_ready(&stuck->world, 1, "second");
    pthread_t thread;

    assert_int_equal(lock(burner, "First Burner"), 0);
    write_audio(burner, 3);
    arm(stuck);
    assert_true(initiator_send(burner, synchronize_cache, 10, 0));
    await_begun(stuck);
    assert_int_equal(pthread_create(&thread, NULL, reset_unit, &reset), 0);
    assert_inquiry(second);
    let_go(stuck);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(reset.good);
    assert_int_equal(test_unit_ready(reset.initiator).sense, 0x062900);
    assert_in_order(&stuck->world, lines, 2);
    initiator_logout(burner);
    initiator_logout(reset.initiator);
    initiator_logout(second);
}

/* The second drive is off before the first one's store has come to an end. */
static void the_daemon_ends_when_every_disc_is_durable(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner = hang(stuck);

    assert_int_equal(kill(stuck->world.daemon.pid, SIGTERM), 0);
    record_await(&stuck->world, "\"drive\":\"TWO\",\"event\":\"power-off\",\"clean\":true", 1);
    assert_int_equal(record_count(&stuck->world, "\"drive\":\"ONE\",\"event\":\"power-off\""), 0);
    let_go(stuck);
    world_stop(&stuck->world);
    assert_int_equal(
        record_count(&stuck->world, "\"drive\":\"ONE\",\"event\":\"power-off\",\"clean\":true"), 1);
    initiator_hang_up(burner);
}

static int tgtadm(const struct stuck *stuck, const char *const *words)
{
    const char *argv[20] = {"tgtadm", "--lld", "iscsi"};
    int wait_status, null = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t pid;

    for (size_t i = 0; words[i]; i++)
        argv[i + 3] = words[i];
    setenv("TGT_IPC_SOCKET", stuck->world.daemon.control, 1);
    pid = fork();
    if (pid == 0) {
        dup2(null, STDERR_FILENO);
        execvp(argv[0], (char *const *)argv);
        _exit(99);
    }
    close(null);
    assert_int_equal(waitpid(pid, &wait_status, 0), pid);
    return wait_status;
}

#define TGTADM(stuck, ...) tgtadm(stuck, (const char *const[]){__VA_ARGS__, NULL})

static void a_drive_that_works_is_not_deleted(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner = hang(stuck);

    assert_int_not_equal(
        TGTADM(stuck, "--op", "delete", "--mode", "logicalunit", "--tid", "1", "--lun", "0"), 0);
    let_go(stuck);
    assert_int_equal(test_unit_ready(burner).status, 0);
    initiator_logout(burner);
}

struct adding {
    const struct stuck *stuck;
    int status;
};

static void *add_drive(void *arg)
{
    struct adding *adding = arg;

    adding->status = TGTADM(adding->stuck, "--op", "new", "--mode", "logicalunit", "--tid", "3",
                            "--lun", "1", "--device-type", "pt", "--bstype", "sgvcdr",
                            "--backing-store", adding->stuck->world.discs[0]);
    return NULL;
}

/* The deletion lets the disc become durable; whoever wants that disc at once waits for it. */
static void a_drive_is_deleted_without_stopping_the_others(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner = log_in_ready(&stuck->world, 0, "burner");
    struct initiator *second = log_in_ready(&stuck->world, 1, "second");
    struct adding adding = {.stuck = stuck};
    pthread_t thread;

    write_audio(burner, 3);
    initiator_logout(burner);
    record_await(&stuck->world, "\"event\":\"nexus-close\"", 1);
    arm(stuck);
    assert_int_equal(TGTADM(stuck, "--op", "delete", "--mode", "target", "--tid", "1", "--force"),
                     0);
    await_begun(stuck);
    assert_inquiry(second);
    assert_int_equal(record_count(&stuck->world, "\"event\":\"power-off\""), 0);
    assert_int_equal(TGTADM(stuck, "--op", "new", "--mode", "target", "--tid", "3", "--targetname",
                            "iqn.2026-11.local.vcdr:again"),
                     0);
    assert_int_equal(pthread_create(&thread, NULL, add_drive, &adding), 0);
    let_go(stuck);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(adding.status, 0);
    assert_int_equal(record_count(&stuck->world, "\"event\":\"power-off\",\"clean\":true"), 1);
    initiator_logout(second);
}

/* ---- from outside ---- */

static json_t *ask(struct stuck *stuck, unsigned drive, json_t *request)
{
    struct control_place place = {.url = stuck->world.urls[drive]};
    char why[CONTROL_WHY];
    json_t *answer;

    if (!control_ask(&place, request, &answer, why))
        fail_msg("%s", why);
    return answer;
}

static void assert_status(struct stuck *stuck, unsigned drive, const char *key, const char *value)
{
    json_t *answer = ask(stuck, drive, json_pack("{s:s}", "do", "status"));
    json_t *member = json_object_get(json_array_get(json_object_get(answer, "drives"), 0), key);
    const char *got = json_is_true(member)    ? "true"
                      : json_is_false(member) ? "false"
                                              : json_string_value(member);

    assert_non_null(got);
    assert_string_equal(got, value);
    json_decref(answer);
}

static void a_drive_that_waits_is_seen_as_it_was(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner = log_in_ready(&stuck->world, 0, "burner");

    assert_int_equal(lock(burner, "First Burner"), 0);
    write_audio(burner, 3);
    arm(stuck);
    assert_true(initiator_send(burner, synchronize_cache, 10, 0));
    await_begun(stuck);
    assert_status(stuck, 0, "working", "true");
    assert_status(stuck, 0, "owner", "First Burner");
    assert_status(stuck, 0, "write_state", "writing");
    assert_status(stuck, 1, "working", "false");
    let_go(stuck);
    assert_int_equal(test_unit_ready(burner).status, 0);
    assert_status(stuck, 0, "working", "false");
    assert_status(stuck, 0, "write_state", "idle");
    initiator_logout(burner);
}

/* Somebody takes the disc out, which waits for the disk; the other drive's goes at once. */
static void a_disc_is_taken_out_of_another_drive_meanwhile(void **state)
{
    struct stuck *stuck = *state;
    struct initiator *burner = hang(stuck);

    json_decref(ask(stuck, 1, json_pack("{s:s}", "do", "eject")));
    assert_status(stuck, 1, "tray", "open");
    json_decref(
        ask(stuck, 1, json_pack("{s:s, s:s}", "do", "insert", "disc", stuck->world.discs[1])));
    assert_status(stuck, 1, "tray", "closed");
    let_go(stuck);
    json_decref(ask(stuck, 0, json_pack("{s:s}", "do", "eject"))); /* after the SYNCHRONIZE CACHE */
    assert_status(stuck, 0, "tray", "open");
    initiator_logout(burner);
}

#define STUCK(test) cmocka_unit_test_setup_teardown(test, make, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STUCK(the_other_drives_go_on),
        STUCK(a_login_to_the_drive_is_answered_meanwhile),
        STUCK(its_own_commands_wait_in_order),
        STUCK(a_lost_nexus_is_told_afterwards_and_frees_the_lock),
        STUCK(the_loss_of_a_nexus_that_writes_packets_stops_no_other),
        STUCK(what_waits_can_be_aborted_before_its_turn),
        STUCK(a_reset_waits_for_the_store),
        STUCK(the_daemon_ends_when_every_disc_is_durable),
        STUCK(a_drive_that_waits_is_seen_as_it_was),
        STUCK(a_disc_is_taken_out_of_another_drive_meanwhile),
        STUCK(a_drive_that_works_is_not_deleted),
        STUCK(a_drive_is_deleted_without_stopping_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
