/* SPDX-License-Identifier: MIT */
#include "serve/drives.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/drive.h>

#define DEFAULT_IQN "iqn.2026-11.local.vcdr:drive"

enum { NAME_MOST = 16, SERIAL_MOST = 16, IQN_MOST = 223 };

bool words_add(struct words *words, const char *word)
{
    const char **grown = realloc(words->words, (words->count + 1) * sizeof(*grown));

    if (!grown)
        return false;
    grown[words->count++] = word;
    words->words = grown;
    return true;
}

void words_free(struct words *words)
{
    free(words->words);
    *words = (struct words){.words = NULL};
}

static bool printable(const char *text, size_t most)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        if (text[i] < 0x20 || text[i] > 0x7E)
            return false;
    }
    return len > 0 && len <= most;
}

/* What tgtd takes as a target's name (RFC 7143 4.2.7 allows no more but what it maps to these). */
static bool iqn_valid(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789:.-";
    size_t len = strlen(text);

    return len > 4 && len <= IQN_MOST && strspn(text, letters) == len &&
           (strncmp(text, "iqn.", 4) == 0 || strncmp(text, "eui.", 4) == 0 ||
            strncmp(text, "naa.", 4) == 0);
}

static char *numbered(const char *format_head, unsigned number)
{
    char *text = NULL;

    return asprintf(&text, "%s%u", format_head, number) < 0 ? NULL : text;
}

static char *iqn_of(const struct words *iqns, size_t i, size_t count)
{
    char *head, *text;

    if (iqns->count == count)
        return strdup(iqns->words[i]);
    if (iqns->count == 0)
        return numbered(DEFAULT_IQN, (unsigned)i + 1);
    if (asprintf(&head, "%s-", iqns->words[0]) < 0)
        return NULL;
    text = numbered(head, (unsigned)i + 1);
    free(head);
    return text;
}

static char *serial_of(const struct words *serials, size_t i)
{
    char *text = NULL;

    if (serials->count > 0)
        return strdup(serials->words[i]);
    return asprintf(&text, "VCDR%08u", (unsigned)i + 1) < 0 ? NULL : text;
}

static const char *wrong_with(const struct drives_wish *wish, size_t count)
{
    if (wish->names.count > 1 && wish->names.count != count)
        return "--name stands once for all drives, or once for each";
    if (wish->iqns.count > 1 && wish->iqns.count != count)
        return "--iqn stands once for all drives, or once for each";
    if (wish->timings.count > 1 && wish->timings.count != count)
        return "--timing stands once for all drives, or once for each";
    if (wish->serials.count > 0 && wish->serials.count != count)
        return "--serial stands once for each drive";
    for (size_t i = 0; i < wish->timings.count; i++) {
        enum vcdr_timing timing;

        if (vcdr_timing_parse(wish->timings.words[i], &timing))
            return "--timing wants none or real";
    }
    for (size_t i = 0; i < wish->names.count; i++) {
        if (!printable(wish->names.words[i], NAME_MOST))
            return "--name wants 1 to 16 printable ASCII characters";
    }
    for (size_t i = 0; i < wish->serials.count; i++) {
        if (!printable(wish->serials.words[i], SERIAL_MOST))
            return "--serial wants 1 to 16 printable ASCII characters";
        for (size_t j = 0; j < i; j++) {
            if (strcmp(wish->serials.words[i], wish->serials.words[j]) == 0)
                return "two drives cannot have one serial number";
        }
    }
    for (size_t i = 0; i < wish->iqns.count; i++) {
        if (!iqn_valid(wish->iqns.words[i]))
            return "--iqn wants a name as iqn.2026-11.org.example:drive (a-z 0-9 : . -)";
        for (size_t j = 0; j < i; j++) {
            if (strcmp(wish->iqns.words[i], wish->iqns.words[j]) == 0)
                return "two drives cannot have one target name";
        }
    }
    return NULL;
}

const char *drives_make(const struct drives_wish *wish, struct daemon_drive **drives, size_t *count)
{
    size_t n = wish->discs.count ? wish->discs.count : 1;
    const char *wrong = wrong_with(wish, n);
    struct daemon_drive *made;

    if (wrong)
        return wrong;
    made = calloc(n, sizeof(*made));
    if (!made)
        return "out of memory";
    for (size_t i = 0; i < n; i++) {
        size_t name = wish->names.count == n ? i : 0;
        size_t timing = wish->timings.count == n ? i : 0;

        made[i] = (struct daemon_drive){
            .iqn = iqn_of(&wish->iqns, i, n),
            .disc = wish->discs.count ? wish->discs.words[i] : NULL,
            .record = wish->record,
            .record_commands = wish->record_commands,
            .name = wish->names.count ? wish->names.words[name] : NULL,
            .serial = serial_of(&wish->serials, i),
            .timing = wish->timings.count ? wish->timings.words[timing] : NULL,
        };
        if (!made[i].iqn || !made[i].serial) {
            drives_free(made, n);
            return "out of memory";
        }
    }
    *drives = made;
    *count = n;
    return NULL;
}

void drives_free(struct daemon_drive *drives, size_t count)
{
    for (size_t i = 0; drives && i < count; i++) {
        free((char *)drives[i].iqn);
        free((char *)drives[i].serial);
        free((char *)drives[i].faults);
    }
    free(drives);
}
