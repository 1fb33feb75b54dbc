/* SPDX-License-Identifier: MIT */
/* What becomes of commands behind the filter: a real drive, a disc in memory, CDBs in hex. */
#include "emulator/core/burn.h"

#include <string.h>
#include <vcdr/fault.h>

#define READY "00 00 00 00 00 00"
#define DISC_INFORMATION "51 00 00 00 00 00 00 00 22 00"

struct setup {
    struct harness *h;
    struct vcdr_faults *faults;
};

static int set_up(void **state)
{
    static struct setup setup;
    static const char *const names[] = {"iqn.2026-01.example:one", "iqn.2026-01.example:two"};
    struct harness *h = harness_ready("80min");
    struct vcdr_faults_config config = {.record = vcdr_record_lines_sink(h->sink),
                                        .serial = "VCDR00000001"};

    setup.h = h;
    assert_int_equal(vcdr_faults_new(h->target, &config, h->now, &h->target, &setup.faults),
                     VCDR_OK);
    nexus_open(h, ONE, names[0]); /* the filter has not met them yet */
    nexus_open(h, TWO, names[1]);
    *state = &setup;
    return 0;
}

static int tear_down(void **state)
{
    struct setup *setup = *state;

    harness_free(setup->h);
    return 0;
}

static struct harness *with(struct setup *setup, const char *rules)
{
    struct vcdr_fault_error error;

    if (vcdr_faults_add_text(setup->faults, rules, strlen(rules), &error) != VCDR_OK)
        fail_msg("%s: %s", rules, error.message);
    return setup->h;
}

/* What the harness's run does not show. */
static struct vcdr_command send(struct harness *h, uint64_t nexus, const char *cdb)
{
    struct vcdr_command command = {
        .nexus = nexus, .in = h->room, .in_size = 4096, .outcome = VCDR_POWERLESS};

    from_hex(cdb, command.cdb, sizeof(command.cdb));
    h->target.ops->execute(h->target.ctx, &command, h->now);
    return command;
}

static void without_rules_the_drive_answers(void **state)
{
    struct setup *setup = *state;

    assert_int_equal(send(setup->h, ONE, READY).outcome, VCDR_ANSWERED);
    assert_good(run(setup->h, ONE, DISC_INFORMATION));
    assert_int_equal(vcdr_faults_fired(setup->faults), 0);
}

static void a_sense_is_answered_without_executing(void **state)
{
    struct harness *h = with(*state, "op=MODE_SELECT do=sense:03/0C/00");

    assert_sense(lock(h, ONE, "Burner"), 0x030C00);
    /* fixed format, current error, key 3, 10 more bytes, 0C/00 */
    assert_memory_equal(h->reply.sense_data,
                        ((uint8_t[]){0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 0}),
                        18);
    assert_null(last_event(h, "exclusive-lock"));
    assert_good(lock(h, ONE, "Burner")); /* one of them only */
}

static void a_sense_may_come_after_executing(void **state)
{
    struct harness *h = with(*state, "op=MODE_SELECT do=then-sense:03/0C/00");

    assert_sense(lock(h, ONE, "Burner"), 0x030C00);
    assert_non_null(last_event(h, "exclusive-lock"));
}

static void a_deferred_error_says_so(void **state)
{
    struct harness *h = with(*state, "do=deferred:03/0C/00");

    assert_sense(run(h, ONE, READY), 0x030C00);
    assert_int_equal(h->reply.sense_data[0], 0x71);
}

static void a_status_is_answered(void **state)
{
    struct harness *h = with(*state, "do=status:BUSY");

    assert_int_equal(run(h, ONE, DISC_INFORMATION)->status, SAM_BUSY);
    assert_int_equal(h->reply.len, 0);
}

static void the_nth_and_so_many(void **state)
{
    struct harness *h = with(*state, "op=TEST_UNIT_READY nth=3 count=2 do=status:BUSY");
    static const uint8_t expected[] = {0, 0, SAM_BUSY, SAM_BUSY, 0, 0};

    for (size_t i = 0; i < sizeof(expected); i++) {
        assert_int_equal(run(h, ONE, READY)->status, expected[i]);
        assert_good(run(h, ONE, DISC_INFORMATION)); /* is not counted */
    }
}

static void the_first_rule_wins_and_all_count(void **state)
{
    struct harness *h =
        with(*state, "op=TEST_UNIT_READY do=status:BUSY\nop=TEST_UNIT_READY count=2 do=status:28");

    assert_int_equal(run(h, ONE, READY)->status, SAM_BUSY);
    assert_int_equal(run(h, ONE, READY)->status, SAM_TASK_SET_FULL);
    assert_good(run(h, ONE, READY));
}

static void a_rule_of_a_nexus_leaves_the_others_alone(void **state)
{
    struct harness *h = with(*state, "nexus=2 do=status:BUSY");

    assert_good(run(h, ONE, READY));
    assert_int_equal(run(h, TWO, READY)->status, SAM_BUSY);
}

static void a_rule_of_an_initiator_leaves_the_others_alone(void **state)
{
    struct harness *h = with(*state, "initiator=*:tw* do=status:BUSY");

    assert_good(run(h, ONE, READY));
    assert_int_equal(run(h, TWO, READY)->status, SAM_BUSY);
}

static void a_rule_of_addresses_acts_where_they_meet(void **state)
{
    struct harness *h = with(*state, "op=READ(10),READ_CD,READ_CD_MSF lba=100-199 count=all "
                                     "do=status:BUSY");

    /* READ(10) of 10 blocks from 90: up to 99; from 91: up to 100 */
    assert_int_not_equal(run(h, ONE, "28 00 00 00 00 5A 00 00 0A 00")->status, SAM_BUSY);
    assert_int_equal(run(h, ONE, "28 00 00 00 00 5B 00 00 0A 00")->status, SAM_BUSY);
    /* from 199, from 200 */
    assert_int_equal(run(h, ONE, "28 00 00 00 00 C7 00 00 01 00")->status, SAM_BUSY);
    assert_int_not_equal(run(h, ONE, "28 00 00 00 00 C8 00 00 01 00")->status, SAM_BUSY);
    /* READ CD of 300 blocks from 0: around the whole range */
    assert_int_equal(run(h, ONE, "BE 00 00 00 00 00 00 01 2C 10 00 00")->status, SAM_BUSY);
    /* READ CD MSF 00:03:25 (LBA 100) to 00:03:26; 00:02:00 (LBA 0) to 00:03:25 */
    assert_int_equal(run(h, ONE, "B9 00 00 00 03 19 00 03 1A 10 00 00")->status, SAM_BUSY);
    assert_int_not_equal(run(h, ONE, "B9 00 00 00 02 00 00 03 19 10 00 00")->status, SAM_BUSY);
}

static void a_delay_executes_and_says_how_long(void **state)
{
    struct harness *h = with(*state, "do=delay:250ms");
    struct vcdr_command command = send(h, ONE, DISC_INFORMATION);

    assert_int_equal(command.outcome, VCDR_DELAYED);
    assert_int_equal(command.delay_us, 250000);
    assert_int_equal(command.status, SAM_GOOD);
    assert_int_equal(command.in_len, 34);
}

static void a_cut_comes_before_or_after_executing(void **state)
{
    struct harness *h = with(*state, "op=RESERVE(10) do=cut\nop=RESERVE(10) nth=2 do=then-cut");
    struct vcdr_command command = send(h, ONE, "56 00 00 00 00 00 00 00 00 00");

    assert_int_equal(command.outcome, VCDR_CUT);
    assert_int_not_equal(command.status, SAM_GOOD);
    assert_int_equal(count_events(h, "exclusive-lock"), 0);
    command = send(h, ONE, "56 00 00 00 00 00 00 00 00 00");
    assert_int_equal(command.outcome, VCDR_CUT);
    assert_int_not_equal(command.status, SAM_GOOD);
    assert_int_equal(count_events(h, "exclusive-lock"), 1);
}

static void silence_is_of_one_executed_or_not(void **state)
{
    struct harness *h = with(*state, "op=RESERVE(10) do=never;op=RESERVE(10) nth=2 do=lose");

    assert_int_equal(send(h, ONE, "56 00 00 00 00 00 00 00 00 00").outcome, VCDR_UNANSWERED);
    assert_int_equal(count_events(h, "exclusive-lock"), 0);
    assert_int_equal(send(h, ONE, "56 00 00 00 00 00 00 00 00 00").outcome, VCDR_UNANSWERED);
    assert_int_equal(count_events(h, "exclusive-lock"), 1);
}

static void without_power_nothing_is_answered_any_more(void **state)
{
    struct harness *h = with(*state, "do=power");

    assert_int_equal(send(h, ONE, READY).outcome, VCDR_POWERLESS);
    assert_int_equal(send(h, TWO, READY).outcome, VCDR_POWERLESS);
    assert_int_equal(count_events(h, "power-off"), 1);
    assert_true(json_is_false(json_object_get(last_event(h, "power-off"), "clean")));
    /* none of these may reach a drive that is gone */
    nexus_close(h, ONE);
    nexus_open(h, 9, "iqn.2026-01.example:nine");
    reset(h, TWO);
    h->target.ops->advance(h->target.ctx, h->now);
    assert_true(h->target.ops->next_deadline(h->target.ctx) == VCDR_NO_DEADLINE);
    harness_power_off(h);
    assert_int_equal(count_events(h, "power-off"), 1);
}

static void the_power_may_fail_after_executing(void **state)
{
    struct harness *h = with(*state, "do=then-power op=RESERVE(10)");

    assert_int_equal(send(h, ONE, "56 00 00 00 00 00 00 00 00 00").outcome, VCDR_POWERLESS);
    assert_int_equal(count_events(h, "exclusive-lock"), 1);
}

static void a_filter_can_be_cut_off_itself(void **state)
{
    struct setup *setup = *state;

    setup->h->target.ops->power_cut(setup->h->target.ctx, setup->h->now);
    setup->h->target.ctx = NULL;
    assert_true(json_is_false(json_object_get(last_event(setup->h, "power-off"), "clean")));
}

static void a_short_read_is_good(void **state)
{
    struct harness *h = with(*state, "do=short:4");

    assert_hex(run(h, ONE, DISC_INFORMATION), "00 20 00 01"); /* length 32, blank, one session */
}

static void a_short_read_never_gives_more(void **state)
{
    struct harness *h = with(*state, "do=short:100");

    assert_good(run(h, ONE, DISC_INFORMATION));
    assert_int_equal(h->reply.len, 34);
}

static void a_liar_says_good_and_writes_nothing(void **state)
{
    struct setup *setup = *state;
    struct harness *h = setup->h;

    assert_good(select_page_05(h, 3, 0, 0, 0));
    with(setup, "op=WRITE count=all do=lie");
    assert_good(write_once(h, 0, 27, 2352));
    assert_int_equal(next_address(h), 0);
    assert_null(last_event(h, "write-state"));
}

static void a_stale_answer_is_the_one_before_the_change(void **state)
{
    struct setup *setup = *state;
    struct harness *h = setup->h;

    with(setup, "op=READ_DISC_INFORMATION nth=2 count=all do=stale");
    /* byte 2: disc status, last session's state; byte 4 sessions */
    assert_hex_at(run(h, ONE, DISC_INFORMATION), 2, "00 01 01"); /* empty */
    burn_audio(h, 300);
    close_session(h, 3);
    clear_attention(h, TWO);
    assert_hex_at(run(h, ONE, DISC_INFORMATION), 2, "00 01 01"); /* still */
    assert_hex_at(run(h, TWO, DISC_INFORMATION), 2, "00 01 01"); /* to anybody */
    vcdr_faults_clear(setup->faults);
    assert_hex_at(run(h, ONE, DISC_INFORMATION), 2, "01 01 02"); /* appendable, two sessions */
}

static void a_question_that_was_never_asked_has_no_stale_answer(void **state)
{
    struct setup *setup = *state;
    struct harness *h = setup->h;

    burn_audio(h, 300);
    with(setup, "op=READ_DISC_INFORMATION count=all do=stale");
    assert_hex_at(run(h, ONE, DISC_INFORMATION), 2, "05"); /* appendable, session incomplete */
}

static void of_a_disc_that_was_taken_out_nothing_is_remembered(void **state)
{
    struct setup *setup = *state;
    struct harness *h = setup->h;

    with(setup, "op=READ_DISC_INFORMATION nth=2 count=all do=stale");
    burn_audio(h, 300);
    assert_hex_at(run(h, ONE, DISC_INFORMATION), 2, "05"); /* open */
    assert_int_equal(hand(h, VCDR_HAND_REMOVE, NULL, NULL), VCDR_OK);
    assert_int_equal(hand(h, VCDR_HAND_INSERT, blank_disc("74min"), "other"), VCDR_OK);
    clear_attention(h, ONE);
    assert_hex_at(run(h, ONE, DISC_INFORMATION), 2, "00"); /* empty, and no stale answer */
}

static void hands_and_looks_pass_through(void **state)
{
    struct harness *h = with(*state, "op=1E do=power");
    struct vcdr_look seen;

    assert_int_equal(hand(h, VCDR_HAND_BUTTON, NULL, NULL), VCDR_OK);
    assert_int_equal(h->target.ops->look(h->target.ctx, &seen, h->now), VCDR_OK);
    assert_true(seen.tray_open);
    assert_int_equal(send(h, ONE, "1E 00 00 00 00 00").outcome, VCDR_POWERLESS);
    assert_int_equal(hand(h, VCDR_HAND_BUTTON, NULL, NULL), VCDR_ESTATE);
    assert_int_equal(h->target.ops->look(h->target.ctx, &seen, h->now), VCDR_ESTATE);
}

static void a_delay_comes_on_top_of_the_drives_own(void **state)
{
    struct vcdr_faults_config config = {.serial = "VCDR00000001"};
    struct harness *h = harness_timed(blank_disc("80min"));
    struct vcdr_faults *faults;
    const char *rule = "op=SEND_OPC_INFORMATION do=delay:500ms";

    (void)state;
    assert_int_equal(vcdr_faults_new(h->target, &config, h->now, &h->target, &faults), VCDR_OK);
    assert_int_equal(vcdr_faults_add_text(faults, rule, strlen(rule), NULL), VCDR_OK);
    /* calibration takes one second */
    assert_int_equal(run(h, ONE, "54 01 00 00 00 00 00 00 00 00")->delay_us, 1500000);
    harness_free(h);
}

static void a_conflict_is_not_stale(void **state)
{
    struct setup *setup = *state;
    struct harness *h = setup->h;

    with(setup, "op=READ_DISC_INFORMATION count=all do=stale");
    assert_good(run(h, TWO, DISC_INFORMATION));
    assert_good(lock(h, ONE, "Burner"));
    assert_conflict(run(h, TWO, DISC_INFORMATION));
}

static void each_firing_is_an_event(void **state)
{
    struct setup *setup = *state;
    struct harness *h = with(setup, "op=TEST_UNIT_READY count=2 do=status:BUSY");
    json_t *event;

    run(h, TWO, READY);
    run(h, ONE, READY);
    assert_int_equal(count_events(h, "fault"), 2);
    event = last_event(h, "fault");
    assert_string_equal(member(event, "rule"), "op=TEST_UNIT_READY count=2 do=status:BUSY");
    assert_string_equal(member(event, "action"), "status");
    assert_string_equal(member(event, "drive"), "VCDR00000001");
    assert_int_equal(json_integer_value(json_object_get(event, "opcode")), 0);
    assert_string_equal(member(json_object_get(event, "nexus"), "initiator"),
                        "iqn.2026-01.example:one");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(event, "nexus"), "id")), 1);
    assert_int_equal(vcdr_faults_fired(setup->faults), 2);
}

static void names_of_any_bytes_are_json(void **state)
{
    struct harness *h = with(*state, "do=status:BUSY count=all");

    /* the harness parses each line */
    nexus_open(h, 9, "\"\\\x01\xFF\xC3\xA9");
    run(h, 9, READY);
    assert_string_equal(member(json_object_get(last_event(h, "fault"), "nexus"), "initiator"),
                        "\"\\\x01\xEF\xBF\xBD\xC3\xA9");
}

static void a_fault_stands_before_what_its_command_did(void **state)
{
    struct harness *h = with(*state, "op=RESERVE(10) do=lose");

    send(h, ONE, "56 00 00 00 00 00 00 00 00 00");
    assert_true(json_integer_value(json_object_get(last_event(h, "fault"), "seq")) <
                json_integer_value(json_object_get(last_event(h, "exclusive-lock"), "seq")));
}

static void rules_come_all_or_not_at_all(void **state)
{
    struct setup *setup = *state;
    static const char text[] = "do=status:BUSY\n; \t\ndo=explode\n";
    struct vcdr_fault_error error;

    assert_int_equal(vcdr_faults_add_text(setup->faults, text, sizeof(text) - 1, &error),
                     VCDR_EINVAL);
    assert_int_equal(error.at, 19); /* 15 of the first line, 4 of blanks */
    assert_int_equal(error.len, 10);
    assert_good(run(setup->h, ONE, READY));
    with(setup, "\n;; \n");
    assert_good(run(setup->h, ONE, READY));
}

static void a_nexus_that_came_back_is_known_by_its_new_name(void **state)
{
    struct harness *h = with(*state, "initiator=*:late do=status:BUSY");

    nexus_close(h, TWO);
    nexus_open(h, 9, "iqn.2026-01.example:late");
    assert_good(run(h, ONE, READY));
    assert_int_equal(run(h, 9, READY)->status, SAM_BUSY);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(without_rules_the_drive_answers),
        FRESH(a_sense_is_answered_without_executing),
        FRESH(a_sense_may_come_after_executing),
        FRESH(a_deferred_error_says_so),
        FRESH(a_status_is_answered),
        FRESH(the_nth_and_so_many),
        FRESH(the_first_rule_wins_and_all_count),
        FRESH(a_rule_of_a_nexus_leaves_the_others_alone),
        FRESH(a_rule_of_an_initiator_leaves_the_others_alone),
        FRESH(a_rule_of_addresses_acts_where_they_meet),
        FRESH(a_delay_executes_and_says_how_long),
        FRESH(a_cut_comes_before_or_after_executing),
        FRESH(silence_is_of_one_executed_or_not),
        FRESH(without_power_nothing_is_answered_any_more),
        FRESH(the_power_may_fail_after_executing),
        FRESH(a_filter_can_be_cut_off_itself),
        FRESH(a_short_read_is_good),
        FRESH(a_short_read_never_gives_more),
        FRESH(a_liar_says_good_and_writes_nothing),
        FRESH(a_stale_answer_is_the_one_before_the_change),
        FRESH(a_question_that_was_never_asked_has_no_stale_answer),
        FRESH(of_a_disc_that_was_taken_out_nothing_is_remembered),
        FRESH(hands_and_looks_pass_through),
        FRESH(a_delay_comes_on_top_of_the_drives_own),
        FRESH(a_conflict_is_not_stale),
        FRESH(each_firing_is_an_event),
        FRESH(names_of_any_bytes_are_json),
        FRESH(a_fault_stands_before_what_its_command_did),
        FRESH(rules_come_all_or_not_at_all),
        FRESH(a_nexus_that_came_back_is_known_by_its_new_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
