/* SPDX-License-Identifier: MIT */
/* The text of a rule (docs/faults.md): words KEY=VALUE, in any order, each key once. */
#include "filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/drive.h>

enum { SHOWN = 80, NUMBER_ROOM = 24, MOST_SHORT_BYTES = 16 * 1024 * 1024 };
#define MOST_DELAY_US (UINT64_C(24) * 60 * 60 * 1000000)

/* A piece of the rule's text. */
struct piece {
    const char *text;
    size_t len;
};

static bool piece_is(struct piece piece, const char *word)
{
    return strlen(word) == piece.len && strncmp(piece.text, word, piece.len) == 0;
}

/* Up to the first `end`, or all of it; *rest is what follows the mark. False without a mark. */
static bool split(struct piece whole, char end, struct piece *first, struct piece *rest)
{
    const char *mark = memchr(whole.text, end, whole.len);

    *first = whole;
    *rest = (struct piece){whole.text + whole.len, 0};
    if (mark == NULL)
        return false;
    first->len = (size_t)(mark - whole.text);
    rest->text = mark + 1;
    rest->len = whole.len - first->len - 1;
    return true;
}

/* A whole number in that base, most at most; digits only. */
static bool number(struct piece piece, int base, uint64_t most, uint64_t *out)
{
    char text[NUMBER_ROOM];
    unsigned long long value;

    if (piece.len == 0 || piece.len >= sizeof(text))
        return false;
    for (size_t i = 0; i < piece.len; i++) {
        unsigned char c = (unsigned char)piece.text[i];

        if (base == 16 ? !isxdigit(c) : !isdigit(c))
            return false;
    }
    memcpy(text, piece.text, piece.len);
    text[piece.len] = '\0';
    errno = 0;
    value = strtoull(text, NULL, base);
    if (errno != 0 || value > most)
        return false;
    *out = value;
    return true;
}

/* ---- which commands; NULL or what is wrong ---- */

/* Names are compared without case, a blank of the name written as _ or -. */
static bool name_begins(const char *name, struct piece piece)
{
    if (strlen(name) < piece.len)
        return false;
    for (size_t i = 0; i < piece.len; i++) {
        int c = tolower((unsigned char)piece.text[i]), n = tolower((unsigned char)name[i]);

        if (c != n && !(n == ' ' && (c == '_' || c == '-')))
            return false;
    }
    return true;
}

/* "WRITE" means WRITE(10) and WRITE(12): what comes before a bracket or a slash is a name too. */
static bool name_means(const char *name, struct piece piece)
{
    char end;

    if (!name_begins(name, piece))
        return false;
    end = name[piece.len];
    return end == '\0' || end == '(' || end == '/';
}

static void add_opcode(struct vcdr_fault_rule *rule, unsigned opcode)
{
    rule->opcodes[opcode / 8] |= (uint8_t)(1U << opcode % 8);
}

static bool add_by_name(struct vcdr_fault_rule *rule, struct piece piece)
{
    bool found = false;

    for (unsigned opcode = 0; opcode < 256; opcode++) {
        const char *name = vcdr_command_name((uint8_t)opcode);

        if (name != NULL && piece.len > 0 && name_means(name, piece)) {
            add_opcode(rule, opcode);
            found = true;
        }
    }
    return found;
}

/* 2A, 2Ah, 0x2A */
static bool add_by_number(struct vcdr_fault_rule *rule, struct piece piece)
{
    uint64_t opcode;

    if (piece.len > 2 && piece.text[0] == '0' && (piece.text[1] == 'x' || piece.text[1] == 'X')) {
        piece.text += 2;
        piece.len -= 2;
    } else if (piece.len > 1 && tolower((unsigned char)piece.text[piece.len - 1]) == 'h') {
        piece.len--;
    }
    if (piece.len > 2 || !number(piece, 16, 0xFF, &opcode))
        return false;
    add_opcode(rule, (unsigned)opcode);
    return true;
}

static const char *read_op(struct piece value, struct vcdr_fault_rule *rule)
{
    struct piece name, rest = value;
    bool more;

    if (piece_is(value, "any")) {
        memset(rule->opcodes, 0xFF, sizeof(rule->opcodes));
        return NULL;
    }
    do {
        more = split(rest, ',', &name, &rest);
        if (!add_by_number(rule, name) && !add_by_name(rule, name))
            return "neither a command that the drive knows nor an operation code in hex";
    } while (more);
    return NULL;
}

static bool read_lba_number(struct piece piece, int32_t *out)
{
    bool negative = piece.len > 0 && piece.text[0] == '-';
    uint64_t value;

    if (negative) {
        piece.text++;
        piece.len--;
    }
    if (!number(piece, 10, INT32_MAX, &value))
        return false;
    *out = negative ? -(int32_t)value : (int32_t)value;
    return true;
}

/* 1000, 1000-2000, -150--1 */
static const char *read_lba(struct piece value, struct vcdr_fault_rule *rule)
{
    struct piece first = value, last = value;
    const char *mark = value.len > 1 ? memchr(value.text + 1, '-', value.len - 1) : NULL;

    if (mark != NULL) {
        first.len = (size_t)(mark - value.text);
        last.text = mark + 1;
        last.len = value.len - first.len - 1;
    }
    if (!read_lba_number(first, &rule->first_lba) || !read_lba_number(last, &rule->last_lba))
        return "wants a block or a range of blocks, FIRST-LAST";
    if (rule->last_lba < rule->first_lba)
        return "the range ends before it begins";
    rule->has_lba = true;
    return NULL;
}

static const char *read_nth(struct piece value, struct vcdr_fault_rule *rule)
{
    uint64_t n;

    if (!number(value, 10, UINT32_MAX, &n) || n == 0)
        return "wants a number from 1";
    rule->nth = (uint32_t)n;
    return NULL;
}

static const char *read_count(struct piece value, struct vcdr_fault_rule *rule)
{
    uint64_t n = 0;

    if (!piece_is(value, "all") && (!number(value, 10, UINT32_MAX, &n) || n == 0))
        return "wants a number from 1, or all";
    rule->count = (uint32_t)n;
    return NULL;
}

static const char *read_nexus(struct piece value, struct vcdr_fault_rule *rule)
{
    if (!number(value, 10, UINT64_MAX, &rule->nexus) || rule->nexus == 0)
        return "wants the number of a nexus, as the record has it";
    return NULL;
}

static const char *read_initiator(struct piece value, struct vcdr_fault_rule *rule)
{
    if (value.len == 0 || value.len >= sizeof(rule->initiator))
        return "wants an initiator's name of 1 to 223 bytes, * for any characters";
    memcpy(rule->initiator, value.text, value.len);
    rule->initiator[value.len] = '\0';
    return NULL;
}

static const char *read_drive(struct piece value, struct vcdr_fault_rule *rule)
{
    uint64_t n;

    if (!number(value, 10, 9999, &n) || n == 0)
        return "wants the number of a drive, from 1";
    rule->drive = (unsigned)n;
    return NULL;
}

/* ---- what becomes of them ---- */

/* 03/0C/00 */
static const char *read_sense(struct piece value, struct vcdr_fault_rule *rule)
{
    struct piece key, asc, ascq, rest;
    uint64_t k, a, q;

    if (!split(value, '/', &key, &rest) || !split(rest, '/', &asc, &ascq) || key.len > 2 ||
        asc.len > 2 || ascq.len > 2 || !number(key, 16, 0x0F, &k) || !number(asc, 16, 0xFF, &a) ||
        !number(ascq, 16, 0xFF, &q))
        return "wants a sense key, code and qualifier in hex, as 03/0C/00";
    rule->sense = (uint32_t)(k << 16 | a << 8 | q);
    return NULL;
}

static const struct {
    const char *name;
    uint8_t status;
} statuses[] = {
    {"GOOD", SAM_GOOD},
    {"CHECK_CONDITION", SAM_CHECK_CONDITION}, /* without sense data */
    {"BUSY", SAM_BUSY},
    {"RESERVATION_CONFLICT", SAM_RESERVATION_CONFLICT},
    {"TASK_SET_FULL", SAM_TASK_SET_FULL},
    {"TASK_ABORTED", SAM_TASK_ABORTED},
};

static const char *read_status(struct piece value, struct vcdr_fault_rule *rule)
{
    uint64_t status;

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        char spaced[NUMBER_ROOM]; /* so that name_begins takes - for _ as well */
        size_t len = strlen(statuses[i].name);

        for (size_t k = 0; k <= len; k++)
            spaced[k] = (char)(statuses[i].name[k] == '_' ? ' ' : statuses[i].name[k]);
        if (len == value.len && name_begins(spaced, value)) {
            rule->status = statuses[i].status;
            return NULL;
        }
    }
    if (value.len != 2 || !number(value, 16, 0xFF, &status))
        return "wants BUSY, RESERVATION_CONFLICT, TASK_SET_FULL, TASK_ABORTED, CHECK_CONDITION, "
               "GOOD or two digits of hex";
    rule->status = (uint8_t)status;
    return NULL;
}

static const char *read_delay(struct piece value, struct vcdr_fault_rule *rule)
{
    static const struct {
        const char *unit;
        uint64_t us;
    } units[] = {{"us", 1}, {"ms", 1000}, {"s", 1000000}};
    size_t digits = 0;
    uint64_t n;

    while (digits < value.len && isdigit((unsigned char)value.text[digits]))
        digits++;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (!piece_is((struct piece){value.text + digits, value.len - digits}, units[i].unit))
            continue;
        if (!number((struct piece){value.text, digits}, 10, MOST_DELAY_US / units[i].us, &n))
            break;
        rule->delay_us = n * units[i].us;
        return NULL;
    }
    return "wants a time as 250ms: us, ms or s, 24 hours at most";
}

static const char *read_bytes(struct piece value, struct vcdr_fault_rule *rule)
{
    uint64_t n;

    if (!number(value, 10, MOST_SHORT_BYTES, &n))
        return "wants a number of bytes";
    rule->bytes = (uint32_t)n;
    return NULL;
}

typedef const char *read_value(struct piece value, struct vcdr_fault_rule *rule);

static const struct action_row {
    const char *word;
    enum vcdr_fault_action action;
    bool executes;
    read_value *read; /* of what follows the colon; NULL: nothing does */
} action_rows[] = {
    {"sense", VCDR_FAULT_SENSE, false, read_sense},
    {"then-sense", VCDR_FAULT_SENSE, true, read_sense},
    {"deferred", VCDR_FAULT_DEFERRED, false, read_sense},
    {"status", VCDR_FAULT_STATUS, false, read_status},
    {"then-status", VCDR_FAULT_STATUS, true, read_status},
    {"lie", VCDR_FAULT_LIE, false, NULL},
    {"delay", VCDR_FAULT_DELAY, true, read_delay},
    {"cut", VCDR_FAULT_CUT, false, NULL},
    {"then-cut", VCDR_FAULT_CUT, true, NULL},
    {"never", VCDR_FAULT_SILENCE, false, NULL},
    {"lose", VCDR_FAULT_SILENCE, true, NULL},
    {"power", VCDR_FAULT_POWER, false, NULL},
    {"then-power", VCDR_FAULT_POWER, true, NULL},
    {"short", VCDR_FAULT_SHORT, true, read_bytes},
    {"stale", VCDR_FAULT_STALE, true, NULL},
};

const char *rule_action_word(const struct vcdr_fault_rule *rule)
{
    for (size_t i = 0; i < sizeof(action_rows) / sizeof(action_rows[0]); i++) {
        if (action_rows[i].action == rule->action && action_rows[i].executes == rule->executes)
            return action_rows[i].word;
    }
    return "other";
}

static const char *read_do(struct piece value, struct vcdr_fault_rule *rule)
{
    struct piece word, argument;
    bool has_argument = split(value, ':', &word, &argument);

    for (size_t i = 0; i < sizeof(action_rows) / sizeof(action_rows[0]); i++) {
        const struct action_row *row = &action_rows[i];

        if (!piece_is(word, row->word))
            continue;
        rule->action = row->action;
        rule->executes = row->executes;
        if (row->read == NULL)
            return has_argument ? "nothing may follow this action" : NULL;
        return has_argument ? row->read(argument, rule) : "wants a value, after a colon";
    }
    return "no such action; there are sense, then-sense, deferred, status, then-status, lie, "
           "delay, "
           "cut, then-cut, never, lose, power, then-power, short and stale";
}

/* ---- the whole ---- */

enum key { KEY_OP, KEY_LBA, KEY_NTH, KEY_COUNT, KEY_NEXUS, KEY_INITIATOR, KEY_DRIVE, KEY_DO, KEYS };

static const struct {
    const char *word;
    read_value *read;
} keys[KEYS] = {
    [KEY_OP] = {"op", read_op},          [KEY_LBA] = {"lba", read_lba},
    [KEY_NTH] = {"nth", read_nth},       [KEY_COUNT] = {"count", read_count},
    [KEY_NEXUS] = {"nexus", read_nexus}, [KEY_INITIATOR] = {"initiator", read_initiator},
    [KEY_DRIVE] = {"drive", read_drive}, [KEY_DO] = {"do", read_do},
};

/* One line, whatever bytes the part has. */
static int wrong(struct vcdr_fault_error *error, struct piece whole, struct piece part,
                 const char *reason)
{
    char shown[SHOWN + 4];
    size_t n = part.len < SHOWN ? part.len : SHOWN;

    if (error == NULL)
        return VCDR_EINVAL;
    for (size_t i = 0; i < n; i++)
        shown[i] = (char)(isprint((unsigned char)part.text[i]) ? part.text[i] : '?');
    snprintf(shown + n, sizeof(shown) - n, "%s", part.len > SHOWN ? "..." : "");
    snprintf(error->message, sizeof(error->message), "%s%s%s", shown, n > 0 ? ": " : "", reason);
    error->at = (size_t)(part.text - whole.text);
    error->len = part.len;
    return VCDR_EINVAL;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next word of *rest, which it is taken off. False at the end. */
static bool next_word(struct piece *rest, struct piece *word)
{
    while (rest->len > 0 && blank(rest->text[0])) {
        rest->text++;
        rest->len--;
    }
    *word = (struct piece){rest->text, 0};
    while (rest->len > 0 && !blank(rest->text[0])) {
        rest->text++;
        rest->len--;
        word->len++;
    }
    return word->len > 0;
}

static const char *read_word(struct piece word, struct vcdr_fault_rule *rule, bool seen[KEYS])
{
    struct piece key, value;

    if (!split(word, '=', &key, &value))
        return "wants KEY=VALUE";
    for (int i = 0; i < KEYS; i++) {
        if (!piece_is(key, keys[i].word))
            continue;
        if (seen[i])
            return "stands twice";
        seen[i] = true;
        return keys[i].read(value, rule);
    }
    return "no such key; there are op, lba, nth, count, nexus, initiator, drive and do";
}

/* A rule that could never act is a mistake. */
static const char *contradiction(const struct vcdr_fault_rule *rule)
{
    for (unsigned opcode = 0; rule->has_lba && opcode < 256; opcode++) {
        if (rule->opcodes[opcode / 8] & 1U << opcode % 8 && opcode_has_blocks((uint8_t)opcode))
            return NULL;
    }
    return rule->has_lba ? "lba=: none of these commands names blocks" : NULL;
}

static const char *wrong_bytes(struct piece whole)
{
    if (whole.len >= VCDR_FAULT_TEXT)
        return "a rule has 255 bytes at most";
    for (size_t i = 0; i < whole.len; i++) {
        unsigned char c = (unsigned char)whole.text[i];

        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return "a rule is one line of text";
    }
    return NULL;
}

int vcdr_fault_parse(const char *text, size_t len, struct vcdr_fault_rule *out,
                     struct vcdr_fault_error *error)
{
    struct vcdr_fault_rule rule = {.nth = 1, .count = 1};
    struct piece whole = {text, len}, rest = whole, word, nothing = {text, 0};
    bool seen[KEYS] = {false};
    const char *reason = wrong_bytes(whole);

    if (reason != NULL)
        return wrong(error, whole, nothing, reason);
    while (next_word(&rest, &word)) {
        reason = read_word(word, &rule, seen);
        if (reason != NULL)
            return wrong(error, whole, word, reason);
    }
    if (!seen[KEY_DO])
        return wrong(error, whole, nothing, "do=: a rule says what becomes of the command");
    if (!seen[KEY_OP])
        memset(rule.opcodes, 0xFF, sizeof(rule.opcodes));
    reason = contradiction(&rule);
    if (reason != NULL)
        return wrong(error, whole, nothing, reason);
    if (len > 0) /* memcpy's source may not be NULL */
        memcpy(rule.text, text, len);
    rule.text[len] = '\0';
    *out = rule;
    return VCDR_OK;
}
