/* SPDX-License-Identifier: MIT */
#include "wire.h"
#include "verbs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vcdr/codes.h>

#define MAX_UNIT_ATTENTIONS 8
#define SENSE_BYTES 18

int wire_open(const char *url, struct wire *wire)
{
    char *why = NULL;
    struct transport *transport = NULL;
    enum transport_result result = transport_open(url, NULL, &transport, &why);
    int status = EXIT_DONE;
    if (result == TRANSPORT_OK)
        *wire = (struct wire){.url = url, .transport = transport};
    else
        status = fail(url, "%s", why != NULL ? why : transport_result_text(result));
    free(why);
    return status;
}

void wire_close(struct wire *wire)
{
    transport_close(wire->transport);
}

/* The answer of one execution of a task. */
static struct wire_answer judge(const struct transport_task *task)
{
    struct wire_answer answer = {.result = task->result, .status = task->status};
    if (task->result == TRANSPORT_OK && task->status == SAM_CHECK_CONDITION)
        (void)mmc_sense_parse(task->sense, task->sense_len, &answer.sense);
    return answer;
}

/* Where somebody else holds the drive TEST UNIT READY is not for us, and REQUEST SENSE is (SPC-2
 * 5.5.1); it takes an attention away by telling it. */
static struct mmc_sense take_attention(struct wire *wire, enum transport_result *result)
{
    uint8_t data[SENSE_BYTES];
    struct transport_task task = {.in = NULL};
    struct mmc_sense sense = {.key = 0};
    task.cdb_len = mmc_cdb_test_unit_ready(task.cdb);
    *result = transport_execute(wire->transport, &task);
    if (*result != TRANSPORT_OK || task.status != SAM_RESERVATION_CONFLICT)
        return judge(&task).sense;
    task = (struct transport_task){.in = data, .in_size = sizeof data};
    task.cdb_len = mmc_cdb_request_sense(task.cdb, sizeof data);
    *result = transport_execute(wire->transport, &task);
    if (*result == TRANSPORT_OK && task.status == SAM_GOOD)
        (void)mmc_sense_parse(data, task.in_len, &sense);
    return sense;
}

enum transport_result wire_clear_attention(struct wire *wire)
{
    enum transport_result result = TRANSPORT_OK;
    for (int i = 0; i < MAX_UNIT_ATTENTIONS && result == TRANSPORT_OK; i++)
        if (take_attention(wire, &result).key != SENSE_KEY_UNIT_ATTENTION)
            break;
    return result;
}

int wire_read(struct wire *wire, const uint8_t cdb[16], uint8_t cdb_len, void *in, size_t in_size,
              struct wire_answer *answer)
{
    struct transport_task task;
    for (int i = 0; i < MAX_UNIT_ATTENTIONS; i++) {
        task = (struct transport_task){.cdb_len = cdb_len, .in = in, .in_size = in_size};
        memcpy(task.cdb, cdb, sizeof task.cdb);
        transport_execute(wire->transport, &task);
        *answer = judge(&task);
        if (answer->sense.key != SENSE_KEY_UNIT_ATTENTION)
            break;
    }
    if (answer->result != TRANSPORT_OK)
        return WIRE_BROKEN;
    if (answer->status == SAM_RESERVATION_CONFLICT)
        return WIRE_HELD;
    return answer->status == SAM_GOOD ? (int)task.in_len : WIRE_REFUSED;
}

const char *wire_status_text(uint8_t status)
{
    static const struct {
        uint8_t status;
        const char *text;
    } rows[] = {
        {SAM_GOOD, "GOOD"},
        {SAM_CHECK_CONDITION, "CHECK CONDITION"},
        {SAM_BUSY, "BUSY"},
        {SAM_RESERVATION_CONFLICT, "RESERVATION CONFLICT"},
        {SAM_TASK_ABORTED, "TASK ABORTED"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].status == status)
            return rows[i].text;
    return "an unknown status";
}

const char *wire_text(const struct wire_answer *answer, char *text, size_t size)
{
    const struct mmc_sense *sense = &answer->sense;
    const char *words = mmc_sense_text(sense->code);
    if (answer->result != TRANSPORT_OK)
        snprintf(text, size, "%s", transport_result_text(answer->result));
    else if (answer->status == SAM_RESERVATION_CONFLICT)
        snprintf(text, size, "RESERVATION CONFLICT: somebody else holds the drive");
    else if (answer->status != SAM_CHECK_CONDITION)
        snprintf(text, size, "%s", wire_status_text(answer->status));
    else
        snprintf(text, size, "%02X/%02X/%02X %s%s%s", sense->key, sense->asc, sense->ascq,
                 mmc_sense_key_text(sense->key), words != NULL ? ", " : "",
                 words != NULL ? words : "");
    return text;
}
