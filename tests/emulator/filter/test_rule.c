/* SPDX-License-Identifier: MIT */
/* What the text of a rule says, and what is told of a text that says nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/fault.h>

static struct vcdr_fault_rule parsed(const char *text)
{
    struct vcdr_fault_rule rule;
    struct vcdr_fault_error error;

    if (vcdr_fault_parse(text, strlen(text), &rule, &error) != VCDR_OK)
        fail_msg("%s: %s", text, error.message);
    assert_string_equal(rule.text, text);
    return rule;
}

static bool means(const struct vcdr_fault_rule *rule, unsigned opcode)
{
    return rule->opcodes[opcode / 8] >> opcode % 8 & 1;
}

static unsigned opcodes_of(const struct vcdr_fault_rule *rule)
{
    unsigned n = 0;

    for (unsigned opcode = 0; opcode < 256; opcode++)
        n += means(rule, opcode);
    return n;
}

static void a_name_means_its_command(void **state)
{
    struct vcdr_fault_rule rule = parsed("op=WRITE(10) do=cut");

    (void)state;
    assert_true(means(&rule, 0x2A));
    assert_int_equal(opcodes_of(&rule), 1);
}

static void a_name_before_a_bracket_or_slash_means_its_family(void **state)
{
    struct vcdr_fault_rule rule = parsed("op=write do=cut");

    (void)state;
    assert_true(means(&rule, 0x2A)); /* WRITE(10) */
    assert_true(means(&rule, 0xAA)); /* WRITE(12) */
    assert_int_equal(opcodes_of(&rule), 2);
    rule = parsed("op=CLOSE_TRACK do=cut");
    assert_true(means(&rule, 0x5B)); /* CLOSE TRACK/SESSION */
    assert_int_equal(opcodes_of(&rule), 1);
}

static void a_blank_of_a_name_is_written_as_a_bar_or_a_hyphen(void **state)
{
    struct vcdr_fault_rule rule = parsed("op=test-unit_ready do=cut");

    (void)state;
    assert_true(means(&rule, 0x00));
    assert_int_equal(opcodes_of(&rule), 1);
}

static void codes_are_hex_in_three_spellings(void **state)
{
    struct vcdr_fault_rule rule = parsed("op=2a,A1h,0x5D do=cut");

    (void)state;
    assert_true(means(&rule, 0x2A) && means(&rule, 0xA1) && means(&rule, 0x5D));
    assert_int_equal(opcodes_of(&rule), 3);
}

static void without_op_every_command_is_meant(void **state)
{
    struct vcdr_fault_rule rule = parsed("do=cut"), any = parsed("op=any do=cut");

    (void)state;
    assert_int_equal(opcodes_of(&rule), 256);
    assert_int_equal(opcodes_of(&any), 256);
}

static void the_first_and_one_of_them_are_the_defaults(void **state)
{
    struct vcdr_fault_rule rule = parsed("do=cut");

    (void)state;
    assert_int_equal(rule.nth, 1);
    assert_int_equal(rule.count, 1);
    assert_false(rule.has_lba);
    assert_int_equal(rule.nexus, 0);
    assert_int_equal(rule.drive, 0);
    assert_string_equal(rule.initiator, "");
}

static void every_key_at_once(void **state)
{
    struct vcdr_fault_rule rule =
        parsed("op=WRITE(10)\tlba=1000-2000 nth=3 count=2 nexus=7 initiator=iqn.*:burner drive=2 "
               "do=sense:03/0C/00");

    (void)state;
    assert_true(rule.has_lba);
    assert_int_equal(rule.first_lba, 1000);
    assert_int_equal(rule.last_lba, 2000);
    assert_int_equal(rule.nth, 3);
    assert_int_equal(rule.count, 2);
    assert_int_equal(rule.nexus, 7);
    assert_string_equal(rule.initiator, "iqn.*:burner");
    assert_int_equal(rule.drive, 2);
    assert_int_equal(rule.action, VCDR_FAULT_SENSE);
    assert_false(rule.executes);
    assert_int_equal(rule.sense, 0x030C00);
}

static void addresses_may_be_negative(void **state)
{
    struct vcdr_fault_rule rule = parsed("op=WRITE lba=-150--1 do=cut");

    (void)state;
    assert_int_equal(rule.first_lba, -150);
    assert_int_equal(rule.last_lba, -1);
    rule = parsed("op=WRITE lba=-5 do=cut");
    assert_int_equal(rule.first_lba, -5);
    assert_int_equal(rule.last_lba, -5);
}

static void count_all_is_without_end(void **state)
{
    (void)state;
    assert_int_equal(parsed("count=all do=lie").count, 0);
}

static void every_action_is_read(void **state)
{
    static const struct {
        const char *text;
        enum vcdr_fault_action action;
        bool executes;
    } rows[] = {
        {"do=sense:03/0C/00", VCDR_FAULT_SENSE, false},
        {"do=then-sense:3/C/0", VCDR_FAULT_SENSE, true},
        {"do=deferred:03/0C/00", VCDR_FAULT_DEFERRED, false},
        {"do=status:BUSY", VCDR_FAULT_STATUS, false},
        {"do=then-status:task-aborted", VCDR_FAULT_STATUS, true},
        {"do=lie", VCDR_FAULT_LIE, false},
        {"do=delay:250ms", VCDR_FAULT_DELAY, true},
        {"do=cut", VCDR_FAULT_CUT, false},
        {"do=then-cut", VCDR_FAULT_CUT, true},
        {"do=never", VCDR_FAULT_SILENCE, false},
        {"do=lose", VCDR_FAULT_SILENCE, true},
        {"do=power", VCDR_FAULT_POWER, false},
        {"do=then-power", VCDR_FAULT_POWER, true},
        {"do=short:7", VCDR_FAULT_SHORT, true},
        {"do=stale", VCDR_FAULT_STALE, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct vcdr_fault_rule rule = parsed(rows[i].text);

        assert_int_equal(rule.action, rows[i].action);
        assert_int_equal(rule.executes, rows[i].executes);
    }
    assert_int_equal(parsed("do=then-sense:3/C/0").sense, 0x030C00);
    assert_int_equal(parsed("do=short:7").bytes, 7);
}

static void statuses_have_names_and_numbers(void **state)
{
    (void)state;
    assert_int_equal(parsed("do=status:BUSY").status, SAM_BUSY);
    assert_int_equal(parsed("do=status:reservation_conflict").status, SAM_RESERVATION_CONFLICT);
    assert_int_equal(parsed("do=status:TASK-SET-FULL").status, SAM_TASK_SET_FULL);
    assert_int_equal(parsed("do=status:TASK_ABORTED").status, SAM_TASK_ABORTED);
    assert_int_equal(parsed("do=status:CHECK_CONDITION").status, SAM_CHECK_CONDITION);
    assert_int_equal(parsed("do=status:GOOD").status, SAM_GOOD);
    assert_int_equal(parsed("do=status:30").status, 0x30);
}

static void a_delay_has_its_unit(void **state)
{
    (void)state;
    assert_int_equal(parsed("do=delay:5us").delay_us, 5);
    assert_int_equal(parsed("do=delay:5ms").delay_us, 5000);
    assert_int_equal(parsed("do=delay:86400s").delay_us, UINT64_C(86400000000));
}

/* A text, the part that its message names, and a word of the reason. */
static const struct {
    const char *text, *part, *reason;
} wrong[] = {
    {"", "", "do="},
    {"op=WRITE(10)", "", "do="},
    {"do", "do", "KEY=VALUE"},
    {"do=explode", "do=explode", "no such action"},
    {"do=cut when=now", "when=now", "no such key"},
    {"do=cut do=cut", "do=cut", "twice"},
    {"do=cut:now", "do=cut:now", "nothing may follow"},
    {"do=sense", "do=sense", "wants a value"},
    {"do=sense:", "do=sense:", "sense key"},
    {"do=sense:03/0C", "do=sense:03/0C", "sense key"},
    {"do=sense:13/0C/00", "do=sense:13/0C/00", "sense key"},
    {"do=sense:03/0C/100", "do=sense:03/0C/100", "sense key"},
    {"do=sense:003/0C/00", "do=sense:003/0C/00", "sense key"},
    {"do=sense:03/0C/0x", "do=sense:03/0C/0x", "sense key"},
    {"do=status:BUS", "do=status:BUS", "BUSY"},
    {"do=status:1", "do=status:1", "BUSY"},
    {"do=delay:", "do=delay:", "250ms"},
    {"do=delay:10", "do=delay:10", "250ms"},
    {"do=delay:ms", "do=delay:ms", "250ms"},
    {"do=delay:-1ms", "do=delay:-1ms", "250ms"},
    {"do=delay:86401s", "do=delay:86401s", "250ms"},
    {"do=short:-1", "do=short:-1", "bytes"},
    {"do=short:99999999", "do=short:99999999", "bytes"},
    {"op=EXPLODE do=cut", "op=EXPLODE", "operation code"},
    {"op= do=cut", "op=", "operation code"},
    {"op=WRITE,, do=cut", "op=WRITE,,", "operation code"},
    {"op=WRI do=cut", "op=WRI", "operation code"},
    {"op=100h do=cut", "op=100h", "operation code"},
    {"op=WRITE lba= do=cut", "lba=", "FIRST-LAST"},
    {"op=WRITE lba=- do=cut", "lba=-", "FIRST-LAST"},
    {"op=WRITE lba=1-2-3 do=cut", "lba=1-2-3", "FIRST-LAST"},
    {"op=WRITE lba=99999999999 do=cut", "lba=99999999999", "FIRST-LAST"},
    {"op=WRITE lba=9-1 do=cut", "lba=9-1", "ends before"},
    {"op=READ_TOC lba=1 do=cut", "", "names blocks"},
    {"nth=0 do=cut", "nth=0", "from 1"},
    {"nth=99999999999999999999 do=cut", "nth=99999999999999999999", "from 1"},
    {"count=0 do=cut", "count=0", "all"},
    {"nexus=0 do=cut", "nexus=0", "nexus"},
    {"drive=x do=cut", "drive=x", "drive"},
    {"initiator= do=cut", "initiator=", "name"},
    {"do=cut\n", "", "one line"},
};

static void what_is_wrong_is_named_with_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct vcdr_fault_rule rule;
        struct vcdr_fault_error error;
        const char *text = wrong[i].text;

        if (vcdr_fault_parse(text, strlen(text), &rule, &error) != VCDR_EINVAL)
            fail_msg("\"%s\" was taken", text);
        if (error.len != strlen(wrong[i].part) ||
            strncmp(text + error.at, wrong[i].part, error.len) != 0)
            fail_msg("\"%s\": the part is \"%.*s\"", text, (int)error.len, text + error.at);
        if (strncmp(error.message, wrong[i].part, error.len) != 0 ||
            strstr(error.message, wrong[i].reason) == NULL || strchr(error.message, '\n') != NULL)
            fail_msg("\"%s\": %s", text, error.message);
    }
}

static void a_wrong_rule_leaves_what_was_given_alone(void **state)
{
    struct vcdr_fault_rule rule, before;

    (void)state;
    memset(&rule, 0x5A, sizeof(rule));
    before = rule;
    assert_int_equal(vcdr_fault_parse("do=cut x", 8, &rule, NULL), VCDR_EINVAL);
    assert_memory_equal(&rule, &before, sizeof(rule));
}

static void a_text_needs_no_nul(void **state)
{
    struct vcdr_fault_rule rule;

    (void)state;
    assert_int_equal(vcdr_fault_parse("do=cutlery", 6, &rule, NULL), VCDR_OK);
    assert_string_equal(rule.text, "do=cut");
    assert_int_equal(vcdr_fault_parse(NULL, 0, &rule, NULL), VCDR_EINVAL);
}

static void a_rule_has_a_longest_text(void **state)
{
    char text[VCDR_FAULT_TEXT + 1];
    struct vcdr_fault_rule rule;
    struct vcdr_fault_error error;

    (void)state;
    memset(text, ' ', sizeof(text));
    memcpy(text, "do=cut", 6);
    assert_int_equal(vcdr_fault_parse(text, VCDR_FAULT_TEXT - 1, &rule, &error), VCDR_OK);
    assert_int_equal(vcdr_fault_parse(text, VCDR_FAULT_TEXT, &rule, &error), VCDR_EINVAL);
    assert_non_null(strstr(error.message, "255"));
}

static void bytes_that_are_no_text_are_shown_as_marks(void **state)
{
    struct vcdr_fault_rule rule;
    struct vcdr_fault_error error;

    (void)state;
    assert_int_equal(vcdr_fault_parse("do=\xFF\x80", 5, &rule, &error), VCDR_EINVAL);
    assert_memory_equal(error.message, "do=??: ", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_means_its_command),
        cmocka_unit_test(a_name_before_a_bracket_or_slash_means_its_family),
        cmocka_unit_test(a_blank_of_a_name_is_written_as_a_bar_or_a_hyphen),
        cmocka_unit_test(codes_are_hex_in_three_spellings),
        cmocka_unit_test(without_op_every_command_is_meant),
        cmocka_unit_test(the_first_and_one_of_them_are_the_defaults),
        cmocka_unit_test(every_key_at_once),
        cmocka_unit_test(addresses_may_be_negative),
        cmocka_unit_test(count_all_is_without_end),
        cmocka_unit_test(every_action_is_read),
        cmocka_unit_test(statuses_have_names_and_numbers),
        cmocka_unit_test(a_delay_has_its_unit),
        cmocka_unit_test(what_is_wrong_is_named_with_its_reason),
        cmocka_unit_test(a_wrong_rule_leaves_what_was_given_alone),
        cmocka_unit_test(a_text_needs_no_nul),
        cmocka_unit_test(a_rule_has_a_longest_text),
        cmocka_unit_test(bytes_that_are_no_text_are_shown_as_marks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
