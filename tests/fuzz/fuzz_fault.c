/* SPDX-License-Identifier: MIT */
/* The control of faults: the text of rules, and the drive behind a filter that has them. */
#include <string.h>

#include "tests/fuzz/must.h"
#include "tests/fuzz/workbench.h"

/* A rule that was taken says what it was taken from; a refused one is told where, in one line. */
static void parse(const char *text)
{
    size_t len = strlen(text);
    uint8_t *exact = malloc(len + (len == 0));
    struct vcdr_fault_rule rule = {.nth = 77}, again;
    struct vcdr_fault_error error;

    MUST(exact != NULL);
    memcpy(exact, text, len);
    if (vcdr_fault_parse((const char *)exact, len, &rule, &error) == VCDR_OK) {
        MUST(strlen(rule.text) == len && memcmp(rule.text, text, len) == 0);
        MUST(rule.nth >= 1);
        MUST(vcdr_fault_parse(rule.text, len, &again, NULL) == VCDR_OK);
        MUST(again.action == rule.action && again.sense == rule.sense);
        MUST(memcmp(again.opcodes, rule.opcodes, sizeof(rule.opcodes)) == 0);
    } else {
        MUST(rule.nth == 77);
        MUST(memchr(error.message, '\0', sizeof(error.message)) != NULL);
        MUST(strlen(error.message) > 0 && strchr(error.message, '\n') == NULL);
        MUST(error.at + error.len <= len);
    }
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct workbench bench;
    char *text = take_text(&in, 400);

    parse(text);
    workbench_up(&bench, true, &in);
    vcdr_faults_add_text(bench.faults, text, strlen(text), NULL);
    free(text);
    for (unsigned step = 0; step < 60 && in.left > 0; step++)
        workbench_step(&bench, &in);
    workbench_down(&bench);
    return 0;
}
