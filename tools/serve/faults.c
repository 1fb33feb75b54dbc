/* SPDX-License-Identifier: MIT */
#include "serve/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/fault.h>

#include "verbs.h"

static bool append(struct daemon_drive *drive, const char *rule)
{
    const char *before = drive->faults;
    char *text;

    if (asprintf(&text, "%s%s%s", before ? before : "", before ? "\n" : "", rule) < 0)
        return false;
    free((char *)before);
    drive->faults = text;
    return true;
}

static int give(const char *text, struct daemon_drive *drives, size_t count)
{
    struct vcdr_fault_rule rule;
    struct vcdr_fault_error error;

    if (vcdr_fault_parse(text, strlen(text), &rule, &error))
        return usage_error("serve", "--fault: %s", error.message);
    if (rule.drive > count)
        return usage_error("serve", "--fault: drive=%u: there %s %zu drive%s", rule.drive,
                           count == 1 ? "is" : "are", count, count == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++) {
        if (rule.drive != 0 && rule.drive != i + 1)
            continue;
        if (!append(&drives[i], text))
            return fail("serve", "out of memory");
    }
    return EXIT_DONE;
}

int faults_give(const struct words *rules, struct daemon_drive *drives, size_t count)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < rules->count && !status; i++)
        status = give(rules->words[i], drives, count);
    return status;
}
