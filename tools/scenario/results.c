/* SPDX-License-Identifier: MIT */
#include "scenario/results.h"
#include <errno.h>
#include <string.h>
#include "verbs.h"

static size_t count_of(const struct results *results, enum outcome outcome)
{
    size_t count = 0;

    for (size_t i = 0; i < results->count; i++)
        count += results->ended[i].outcome == outcome;
    return count;
}

/* Each line of a text behind the same words. */
static void put_lines(const char *text, const char *before, FILE *to)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        fprintf(to, "%s%.*s\n", before, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* ---- TAP 14 ---- */

/* A description may not hold a bare # or end its line. */
static void put_description(const char *text, FILE *to)
{
    for (; *text; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', to);
        fputc(*text == '\n' ? ' ' : *text, to);
    }
}

/* YAML's double quotes are JSON's. */
static void put_yaml(const char *key, const char *text, FILE *to)
{
    fprintf(to, "  %s: \"", key);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(to, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", to);
        else if (c < 0x20 || c == 0x7F)
            fprintf(to, "\\x%02x", c);
        else
            fputc(c, to);
    }
    fputs("\"\n", to);
}

static void show_tap(const struct ended *ended, size_t number)
{
    printf("%s %zu - ", ended->outcome == OUTCOME_FAILED ? "not ok" : "ok", number);
    put_description(ended->title, stdout);
    if (ended->outcome == OUTCOME_SKIPPED) {
        fputs(" # SKIP ", stdout);
        put_description(ended->reason, stdout);
    }
    fputs("\n  ---\n", stdout);
    put_yaml("file", ended->file, stdout);
    printf("  duration_ms: %.3f\n", ended->seconds * 1000);
    if (ended->outcome == OUTCOME_FAILED)
        put_yaml("message", ended->message, stdout);
    if (ended->kept[0])
        put_yaml("kept", ended->kept, stdout);
    fputs("  ...\n", stdout);
    put_lines(ended->notes, "# ", stdout);
}

/* ---- for people ---- */

static void show_words(const struct ended *ended)
{
    static const char *const words[] = {
        [OUTCOME_RUNNING] = "?",
        [OUTCOME_PASSED] = "ok  ",
        [OUTCOME_FAILED] = "FAIL",
        [OUTCOME_SKIPPED] = "skip",
    };

    printf("%s  %s", words[ended->outcome], ended->title);
    if (ended->outcome == OUTCOME_SKIPPED)
        printf(" (%s)", ended->reason);
    putchar('\n');
    put_lines(ended->notes, "      ", stdout);
    if (ended->outcome == OUTCOME_FAILED)
        put_lines(ended->message, "      ", stdout);
    if (ended->kept[0])
        printf("      kept: %s\n", ended->kept);
}

/* ---- JUnit ---- */

/* XML has no place for control characters at all, not even as entities. */
static void put_xml(const char *text, FILE *to)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '&')
            fputs("&amp;", to);
        else if (c == '<')
            fputs("&lt;", to);
        else if (c == '>')
            fputs("&gt;", to);
        else if (c == '"')
            fputs("&quot;", to);
        else if (c == '\n')
            fputs("&#10;", to);
        else
            fputc(c < 0x20 ? '?' : c, to);
    }
}

static void put_testcase(const struct ended *ended, FILE *to)
{
    fputs("    <testcase classname=\"", to);
    put_xml(ended->file, to);
    fputs("\" name=\"", to);
    put_xml(ended->title, to);
    fprintf(to, "\" time=\"%.6f\">\n", ended->seconds);
    if (ended->outcome == OUTCOME_SKIPPED) {
        fputs("      <skipped message=\"", to);
        put_xml(ended->reason, to);
        fputs("\"/>\n", to);
    }
    if (ended->outcome == OUTCOME_FAILED) {
        fputs("      <failure message=\"", to);
        put_xml(ended->message, to);
        fputs("\">", to);
        put_xml(ended->kept, to);
        fputs("</failure>\n", to);
    }
    if (ended->notes[0]) {
        fputs("      <system-out>", to);
        put_xml(ended->notes, to);
        fputs("</system-out>\n", to);
    }
    fputs("    </testcase>\n", to);
}

static int write_junit(const struct results *results)
{
    FILE *to = fopen(results->junit, "we");
    double seconds = 0;
    bool good;

    if (!to)
        return fail(results->junit, "%s", strerror(errno));
    for (size_t i = 0; i < results->count; i++)
        seconds += results->ended[i].seconds;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", to);
    fprintf(to,
            "  <testsuite name=\"vcdr scenario\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
            "skipped=\"%zu\" time=\"%.6f\">\n",
            results->count, count_of(results, OUTCOME_FAILED), count_of(results, OUTCOME_SKIPPED),
            seconds);
    for (size_t i = 0; i < results->count; i++)
        put_testcase(&results->ended[i], to);
    fputs("  </testsuite>\n</testsuites>\n", to);
    good = !ferror(to);
    good = fclose(to) == 0 && good;
    return good ? EXIT_DONE : fail(results->junit, "%s", strerror(errno));
}

/* ---- the whole ---- */

void results_begin(const struct results *results)
{
    if (results->tap)
        printf("TAP version 14\n1..%zu\n", results->count);
    fflush(stdout);
}

void results_show(const struct results *results, size_t index)
{
    if (results->tap)
        show_tap(&results->ended[index], index + 1);
    else
        show_words(&results->ended[index]);
    fflush(stdout);
}

int results_end(const struct results *results)
{
    size_t passed = count_of(results, OUTCOME_PASSED), failed = count_of(results, OUTCOME_FAILED);
    int status = EXIT_DONE;

    if (!results->tap)
        printf("%zu passed, %zu failed, %zu skipped\n", passed, failed,
               count_of(results, OUTCOME_SKIPPED));
    fflush(stdout);
    if (results->junit)
        status = write_junit(results);
    if (failed > 0)
        return EXIT_FAILED;
    if (status == EXIT_DONE && passed == 0)
        return EXIT_CANNOT_RUN;
    return status;
}
