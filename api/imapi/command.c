/* SPDX-License-Identifier: MIT */
#include "api/imapi/command.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <vcdr/codes.h>
#include "api/imapi/outcome.h"
#include "api/mmc/cdb.h"
#include "api/mmc/sense.h"

/* A drive may have several unit attentions for us (29, 28, 2A); one more for good measure each. */
#define ATTENTION_ATTEMPTS 8
#define BUSY_PATIENCE_MS 10000
#define FIRST_PAUSE_MS 2
#define LONGEST_PAUSE_MS 250

uint64_t drive_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void drive_pause_ms(unsigned ms)
{
    struct timespec pause = {ms / 1000, (long)(ms % 1000) * 1000000};

    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, &pause) == EINTR) {
    }
}

static unsigned next_pause(unsigned pause, unsigned longest)
{
    return pause * 2 > longest ? longest : pause * 2;
}

static bool not_yet(uint32_t sense)
{
    /* 02/04/03 wants a person, not patience */
    return (sense & 0xFFFF00) == 0x020400 && sense != 0x020403;
}

static bool is_reset(uint32_t sense)
{
    return (sense & 0xFFFF00) == SENSE_POWER_ON_OR_RESET;
}

/* CHECK CONDITION: data of a recovered error are good; a unit attention executed nothing. */
static HRESULT judge_sense(struct drive *drive, const struct transport_task *task, uint32_t *sense,
                           bool *again)
{
    struct mmc_sense parsed;

    if (mmc_sense_parse(task->sense, task->sense_len, &parsed) != MMC_OK) {
        return E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
    }
    *sense = parsed.code;
    if (parsed.key == SENSE_KEY_NO_SENSE || parsed.key == SENSE_KEY_RECOVERED_ERROR) {
        return S_OK;
    }
    if (parsed.key == SENSE_KEY_UNIT_ATTENTION) {
        if (is_reset(parsed.code) && atomic_exchange(&drive->exclusive.held, false)) {
            return OUTCOME_INVALID_HANDLE;
        }
        *again = true;
    } else if (not_yet(parsed.code)) {
        *again = true;
    }
    return outcome_of_sense(task->cdb[0], parsed.code);
}

HRESULT drive_judge(struct drive *drive, const struct transport_task *task, uint32_t *sense,
                    bool *again)
{
    *sense = 0;
    *again = false;
    if (task->result != TRANSPORT_OK) {
        return outcome_of_transport(task->result);
    }
    switch (task->status) {
    case SAM_GOOD:
        return S_OK;
    case SAM_CHECK_CONDITION:
        return judge_sense(drive, task, sense, again);
    case SAM_RESERVATION_CONFLICT:
        return E_IMAPI_RECORDER_LOCKED;
    case SAM_BUSY:
    case SAM_TASK_SET_FULL:
        *again = true;
        return E_IMAPI_RECORDER_MEDIA_BUSY;
    case SAM_TASK_ABORTED:
        return E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE;
    }
    return E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
}

static HRESULT attempt(struct drive *drive, struct drive_command *command, bool *again)
{
    struct transport_task task = {
        .cdb_len = command->cdb_len,
        .out = command->out,
        .out_len = command->out_len,
        .in = command->in,
        .in_size = command->in_size,
        .timeout_ms = command->timeout_ms,
    };
    HRESULT hr;

    memcpy(task.cdb, command->cdb, sizeof(task.cdb));
    transport_execute(drive->transport, &task);
    hr = drive_judge(drive, &task, &command->sense, again);
    command->in_len = SUCCEEDED(hr) ? task.in_len : 0;
    return hr;
}

HRESULT drive_execute(struct drive *drive, struct drive_command *command)
{
    uint64_t start = drive_clock_ms();
    unsigned attentions = 0, pause = FIRST_PAUSE_MS;
    unsigned longest =
        command->longest_pause_ms != 0 ? command->longest_pause_ms : LONGEST_PAUSE_MS;
    bool again;

    if (command->cdb_len == 0) {
        return E_INVALIDARG; /* an argument did not fit its field */
    }
    for (;;) {
        HRESULT hr = attempt(drive, command, &again);
        unsigned patience = command->sense == 0 ? BUSY_PATIENCE_MS : command->patience_ms;

        if (!again) {
            return hr;
        }
        if (command->sense >> 16 == SENSE_KEY_UNIT_ATTENTION) {
            if (++attentions == ATTENTION_ATTEMPTS) {
                return hr;
            }
            continue;
        }
        if (drive_clock_ms() - start >= patience) {
            return hr;
        }
        drive_pause_ms(pause);
        pause = next_pause(pause, longest);
    }
}

HRESULT drive_wait_ready(struct drive *drive, unsigned timeout_ms, void (*tick)(void *ctx),
                         void *ctx)
{
    uint64_t start = drive_clock_ms();
    unsigned pause = FIRST_PAUSE_MS;

    for (;;) {
        struct drive_command command = {0};
        HRESULT hr;

        command.cdb_len = mmc_cdb_test_unit_ready(command.cdb);
        hr = drive_execute(drive, &command);
        if (SUCCEEDED(hr) || !not_yet(command.sense) || drive_clock_ms() - start >= timeout_ms) {
            return hr;
        }
        if (tick != NULL) {
            tick(ctx);
        }
        drive_pause_ms(pause);
        pause = next_pause(pause, LONGEST_PAUSE_MS);
    }
}
