/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

enum { MOST_QUESTIONS = 64 }; /* an initiator that varies its CDBs does not eat all memory */

struct answer {
    bool known;
    uint8_t status;
    uint8_t sense[VCDR_SENSE_BYTES];
    size_t sense_len;
    void *in;
    size_t in_len;
};

struct stale {
    struct stale *next; /* newest question first */
    uint8_t cdb[16];
    size_t in_size;
    struct answer now, before;
};

static void answer_clear(struct answer *answer)
{
    free(answer->in);
    *answer = (struct answer){.known = false};
}

static void question_free(struct stale *question)
{
    answer_clear(&question->now);
    answer_clear(&question->before);
    free(question);
}

void stale_free(struct stale *stale)
{
    while (stale != NULL) {
        struct stale *next = stale->next;

        question_free(stale);
        stale = next;
    }
}

static bool answer_is(const struct answer *answer, const struct vcdr_command *command)
{
    return answer->known && answer->status == command->status &&
           answer->sense_len == command->sense_len && answer->in_len == command->in_len &&
           memcmp(answer->sense, command->sense, answer->sense_len) == 0 &&
           (answer->in_len == 0 || memcmp(answer->in, command->in, answer->in_len) == 0);
}

static bool answer_keep(struct answer *answer, const struct vcdr_command *command)
{
    void *in = NULL;

    if (command->in_len > 0) {
        in = malloc(command->in_len);
        if (in == NULL)
            return false;
        memcpy(in, command->in, command->in_len);
    }
    *answer = (struct answer){
        .known = true,
        .status = command->status,
        .sense_len = command->sense_len,
        .in = in,
        .in_len = command->in_len,
    };
    memcpy(answer->sense, command->sense, command->sense_len);
    return true;
}

/* What a drive says of its disc; not who holds it, nor what a nexus has still to be told. */
static bool tells_of_the_disc(const struct vcdr_command *command)
{
    if (command->status == SAM_GOOD)
        return true;
    return command->status == SAM_CHECK_CONDITION && command->sense_len > 0 &&
           (command->sense[2] & 0x0F) != SENSE_KEY_UNIT_ATTENTION;
}

static void drop_oldest(struct stale **stale)
{
    struct stale **link = stale;
    unsigned questions = 0;

    for (; *link != NULL; link = &(*link)->next) {
        if (++questions == MOST_QUESTIONS) {
            stale_free(*link);
            *link = NULL;
            return;
        }
    }
}

static struct stale *question_of(struct stale **stale, const struct vcdr_command *command)
{
    struct stale *question;

    for (question = *stale; question != NULL; question = question->next) {
        if (question->in_size == command->in_size &&
            memcmp(question->cdb, command->cdb, sizeof(question->cdb)) == 0)
            return question;
    }
    question = calloc(1, sizeof(*question));
    if (question == NULL)
        return NULL;
    memcpy(question->cdb, command->cdb, sizeof(question->cdb));
    question->in_size = command->in_size;
    drop_oldest(stale);
    question->next = *stale;
    *stale = question;
    return question;
}

static struct stale *learn(struct stale **stale, const struct vcdr_command *command)
{
    struct stale *question = question_of(stale, command);
    struct answer fresh;

    if (question == NULL || answer_is(&question->now, command))
        return question;
    if (!answer_keep(&fresh, command))
        return NULL;
    if (question->now.known) {
        answer_clear(&question->before);
        question->before = question->now;
    }
    question->now = fresh;
    return question;
}

void stale_learn(struct stale **stale, const struct vcdr_command *command)
{
    if (tells_of_the_disc(command))
        (void)learn(stale, command);
}

void stale_answer(struct stale **stale, struct vcdr_command *command)
{
    struct stale *question = NULL;

    if (tells_of_the_disc(command))
        question = learn(stale, command);
    if (question == NULL || !question->before.known)
        return;
    command->status = question->before.status;
    command->in_len = question->before.in_len;
    command->sense_len = question->before.sense_len;
    if (command->in_len > 0)
        memcpy(command->in, question->before.in, command->in_len);
    memcpy(command->sense, question->before.sense, command->sense_len);
}
