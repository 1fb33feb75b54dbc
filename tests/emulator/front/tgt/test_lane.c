/* SPDX-License-Identifier: MIT */
/* Errands one after another, those that may wait on a thread. The loop is played here: it waits for
 * the bell alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "emulator/front/tgt/lane.h"

enum { PATIENCE_MS = 20000, LANES = 4, ERRANDS = 500 };

/* What happened, in order, a letter each: B begun, E ended, D dropped; and the errand's name. */
static char story[4096];

static void tell(char what, char name)
{
    size_t len = strlen(story);

    snprintf(story + len, sizeof(story) - len, "%c%c ", what, name);
}

struct task {
    struct errand errand;
    char name;
    bool slow, gone;
    int gate; /* -1, or what `work` reads a byte from */
    pthread_t worked_by;
};

static bool task_begin(struct errand *errand)
{
    struct task *task = (struct task *)errand;

    tell(task->gone ? 'D' : 'B', task->name);
    return !task->gone && task->slow;
}

static void task_work(struct errand *errand)
{
    struct task *task = (struct task *)errand;
    char byte;

    task->worked_by = pthread_self();
    if (task->gate >= 0 && read(task->gate, &byte, 1) != 1)
        abort();
}

static void task_end(struct errand *errand)
{
    tell('E', ((struct task *)errand)->name);
}

static bool task_unwanted(const struct errand *errand)
{
    return ((const struct task *)errand)->gone;
}

static struct task task_of(char name, bool slow, int gate)
{
    return (struct task){.errand = {.begin = task_begin,
                                    .work = task_work,
                                    .end = task_end,
                                    .unwanted = task_unwanted},
                         .name = name,
                         .slow = slow,
                         .gate = gate};
}

struct ground {
    struct lane lane;
    int bell, gate[2];
};

static int set_up(void **state)
{
    struct ground *ground = malloc(sizeof(*ground));

    assert_non_null(ground);
    ground->bell = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(pipe(ground->gate), 0);
    lane_init(&ground->lane, ground->bell);
    story[0] = '\0';
    *state = ground;
    return 0;
}

static int tear_down(void **state)
{
    struct ground *ground = *state;

    lane_close(&ground->lane);
    close(ground->bell);
    close(ground->gate[0]);
    close(ground->gate[1]);
    free(ground);
    return 0;
}

static void open_gate(struct ground *ground)
{
    assert_int_equal(write(ground->gate[1], ".", 1), 1);
}

static void await_bell(int bell)
{
    struct pollfd fd = {bell, POLLIN, 0};
    eventfd_t rings;

    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
    assert_int_equal(eventfd_read(bell, &rings), 0);
}

static void what_need_not_wait_is_done_at_once_without_a_thread(void **state)
{
    struct ground *ground = *state;
    struct task a = task_of('a', false, -1);

    lane_put(&ground->lane, &a.errand);
    assert_string_equal(story, "Ba ");
    assert_true(lane_is_free(&ground->lane));
    assert_null(ground->lane.worker);
}

static void what_may_wait_is_done_by_another_thread(void **state)
{
    struct ground *ground = *state;
    struct task a = task_of('a', true, -1);

    lane_put(&ground->lane, &a.errand);
    await_bell(ground->bell);
    assert_false(lane_is_free(&ground->lane)); /* until the loop has taken it */
    lane_turn(&ground->lane);
    assert_true(lane_is_free(&ground->lane));
    assert_string_equal(story, "Ba Ea ");
    assert_false(pthread_equal(a.worked_by, pthread_self()));
}

static void those_behind_wait_their_turn(void **state)
{
    struct ground *ground = *state;
    struct task a = task_of('a', true, ground->gate[0]), b = task_of('b', false, -1),
                c = task_of('c', true, -1), d = task_of('d', false, -1);

    lane_put(&ground->lane, &a.errand);
    lane_put(&ground->lane, &b.errand);
    lane_put(&ground->lane, &c.errand);
    lane_put(&ground->lane, &d.errand);
    lane_turn(&ground->lane); /* nothing is done yet */
    assert_string_equal(story, "Ba ");
    open_gate(ground);
    await_bell(ground->bell);
    lane_turn(&ground->lane);
    assert_string_equal(story, "Ba Ea Bb Bc ");
    await_bell(ground->bell);
    lane_turn(&ground->lane);
    assert_string_equal(story, "Ba Ea Bb Bc Ec Bd ");
}

static void what_nobody_wants_goes_before_its_turn(void **state)
{
    struct ground *ground = *state;
    struct task a = task_of('a', true, ground->gate[0]), b = task_of('b', false, -1),
                c = task_of('c', true, -1), d = task_of('d', false, -1);

    lane_put(&ground->lane, &a.errand);
    lane_put(&ground->lane, &b.errand);
    lane_put(&ground->lane, &c.errand);
    c.gone = true;
    assert_true(lane_weed(&ground->lane));
    assert_string_equal(story, "Ba Dc ");
    lane_put(&ground->lane, &d.errand); /* the end of the queue is where it was */
    b.gone = d.gone = true;
    assert_false(lane_weed(&ground->lane));
    open_gate(ground);
    lane_settle(&ground->lane);
    assert_string_equal(story, "Ba Dc Db Dd Ea ");
}

static void settling_waits_for_all(void **state)
{
    struct ground *ground = *state;
    struct task a = task_of('a', true, ground->gate[0]), b = task_of('b', true, ground->gate[0]),
                c = task_of('c', false, -1);

    lane_put(&ground->lane, &a.errand);
    lane_put(&ground->lane, &b.errand);
    lane_put(&ground->lane, &c.errand);
    open_gate(ground);
    open_gate(ground);
    lane_settle(&ground->lane);
    assert_string_equal(story, "Ba Ea Bb Eb Bc ");
}

/* An errand that puts another while its lane turns. */
static struct ground *ground_of_chain;
static struct task chained;

static void chain_end(struct errand *errand)
{
    task_end(errand);
    lane_put(&ground_of_chain->lane, &chained.errand);
    tell('P', chained.name);
}

static void an_errand_may_put_another(void **state)
{
    struct ground *ground = *state;
    struct task a = task_of('a', true, -1), b = task_of('b', false, -1);

    ground_of_chain = ground;
    chained = task_of('x', false, -1);
    a.errand.end = chain_end;
    lane_put(&ground->lane, &a.errand);
    lane_put(&ground->lane, &b.errand);
    lane_settle(&ground->lane);
    assert_string_equal(story, "Ba Ea Px Bb Bx ");
}

/* What one errand has written on the thread the next one and the loop read without a lock: for
 * ThreadSanitizer. */
struct count {
    struct errand errand;
    unsigned *sum;
    bool slow;
};

static bool count_begin(struct errand *errand)
{
    struct count *count = (struct count *)errand;

    if (count->slow)
        return true;
    ++*count->sum;
    free(count);
    return false;
}

static void count_work(struct errand *errand)
{
    ++*((struct count *)errand)->sum;
}

static void count_end(struct errand *errand)
{
    struct count *count = (struct count *)errand;

    ++*count->sum;
    free(count);
}

static void put_count(struct lane *lane, unsigned *sum, bool slow)
{
    struct count *count = malloc(sizeof(*count));

    assert_non_null(count);
    *count = (struct count){
        .errand = {.begin = count_begin, .work = count_work, .end = count_end},
        .sum = sum,
        .slow = slow,
    };
    lane_put(lane, &count->errand);
}

static void many_lanes_share_a_bell(void **state)
{
    struct ground *ground = *state;
    struct lane lanes[LANES];
    unsigned sums[LANES] = {0};

    for (int i = 0; i < LANES; i++)
        lane_init(&lanes[i], ground->bell);
    for (int n = 0; n < ERRANDS; n++)
        put_count(&lanes[n % LANES], &sums[n % LANES], n % 3 == 0);
    for (int busy = 1; busy;) {
        await_bell(ground->bell);
        busy = 0;
        for (int i = 0; i < LANES; i++) {
            lane_turn(&lanes[i]);
            busy += !lane_is_free(&lanes[i]);
        }
    }
    for (int i = 0; i < LANES; i++)
        lane_close(&lanes[i]);
    assert_int_equal(sums[0] + sums[1] + sums[2] + sums[3], ERRANDS + (ERRANDS + 2) / 3);
}

#define ON_GROUND(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_GROUND(what_need_not_wait_is_done_at_once_without_a_thread),
        ON_GROUND(what_may_wait_is_done_by_another_thread),
        ON_GROUND(those_behind_wait_their_turn),
        ON_GROUND(what_nobody_wants_goes_before_its_turn),
        ON_GROUND(settling_waits_for_all),
        ON_GROUND(an_errand_may_put_another),
        ON_GROUND(many_lanes_share_a_bell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
