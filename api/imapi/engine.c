/* SPDX-License-Identifier: MIT */
#include "api/imapi/command.h"
#include "api/imapi/engine.h"

#include <string.h>
#include <vcdr/codes.h>
#include "api/imapi/outcome.h"
#include "api/mmc/cdb.h"

#define PROGRESS_MS 500
#define USUAL_CHUNK_BYTES 65536
/* The first WRITE of a real drive calibrates the laser, and a full buffer may hold one for long. */
#define WRITE_TIMEOUT_MS 60000
#define WRITE_PATIENCE_MS 160000
/* A drive of 48x empties a full buffer of 2 MiB in 250 ms; burners pause 40 to 60. */
#define WRITE_PAUSE_MS 40

/* A piece of the buffer, and the WRITE that carries it. */
struct slot {
    struct transport_task task;
    uint8_t *buffer;
    int32_t lba;
    uint16_t blocks;
    bool back;      /* the task is done */
    bool overtaken; /* was in flight behind a WRITE that was not executed: neither was this one */
};

struct engine {
    const struct engine_job *job;
    uint8_t *memory;
    struct slot *slots;
    unsigned depth, first, in_flight; /* a ring: the oldest, and how many from it on */
    uint16_t chunk_blocks;
    uint64_t read_bytes; /* of the stream */
    uint32_t submitted_blocks, written_blocks;
    uint64_t last_progress_ms;
    bool recalled;  /* what is in flight has to be settled before anything more is sent */
    uint32_t sense; /* of the first WRITE that failed */
};

static uint16_t blocks_in(size_t bytes, uint32_t block_bytes)
{
    size_t blocks = bytes / block_bytes;

    return blocks == 0 ? 1 : blocks > UINT16_MAX ? UINT16_MAX : (uint16_t)blocks;
}

/* Chunks of the size that cannot be overtaken, if a block fits that; else one WRITE at a time, of
 * the size that burners send. */
static unsigned choose_depth(const struct drive *drive, uint32_t block_bytes,
                             uint16_t *chunk_blocks)
{
    const struct transport *transport = drive->transport;
    size_t bytes = transport_ordered_bytes(transport), most = transport_max_transfer(transport);
    unsigned depth = transport_depth(transport);

    if (depth == 0 || bytes < block_bytes) {
        depth = 1;
        bytes = USUAL_CHUNK_BYTES;
    }
    *chunk_blocks = blocks_in(bytes < most ? bytes : most, block_bytes);
    return depth;
}

uint32_t engine_buffer_bytes(const struct drive *drive, uint32_t block_bytes)
{
    uint16_t chunk_blocks;
    unsigned depth = choose_depth(drive, block_bytes, &chunk_blocks);

    return depth * chunk_blocks * block_bytes;
}

static size_t chunk_bytes(const struct engine *engine)
{
    return (size_t)engine->chunk_blocks * engine->job->block_bytes;
}

static HRESULT begin(struct engine *engine)
{
    engine->depth =
        choose_depth(engine->job->drive, engine->job->block_bytes, &engine->chunk_blocks);
    engine->slots = CoTaskMemAlloc(engine->depth * sizeof(*engine->slots));
    engine->memory = CoTaskMemAlloc(engine->depth * chunk_bytes(engine));
    if (engine->slots == NULL || engine->memory == NULL) {
        return E_OUTOFMEMORY;
    }
    for (unsigned i = 0; i < engine->depth; i++) {
        engine->slots[i].buffer = engine->memory + i * chunk_bytes(engine);
    }
    engine->last_progress_ms = drive_clock_ms();
    return S_OK;
}

static void end(struct engine *engine)
{
    CoTaskMemFree(engine->slots);
    CoTaskMemFree(engine->memory);
}

static void report(struct engine *engine)
{
    const struct engine_job *job = engine->job;
    uint64_t now = drive_clock_ms();
    uint32_t read_blocks;
    struct engine_progress progress;

    if (job->progress == NULL || now - engine->last_progress_ms < PROGRESS_MS) {
        return;
    }
    engine->last_progress_ms = now;
    read_blocks = (uint32_t)((engine->read_bytes + job->block_bytes - 1) / job->block_bytes);
    progress.last_read_lba = job->start_lba + (int32_t)read_blocks - 1;
    progress.last_written_lba = job->start_lba + (int32_t)engine->written_blocks - 1;
    progress.used_bytes = (engine->submitted_blocks - engine->written_blocks) * job->block_bytes;
    job->progress(job->ctx, &progress);
}

/* ---- towards the drive */

static void wait_for(struct engine *engine, struct slot *slot)
{
    if (!slot->back) {
        transport_wait(engine->job->drive->transport, &slot->task);
        slot->back = true;
    }
}

/* Sends one chunk alone, with the patience of drive_execute. */
static HRESULT write_alone(struct engine *engine, struct slot *slot, uint32_t *sense)
{
    struct drive_command command = {
        .out = slot->buffer,
        .out_len = (size_t)slot->blocks * engine->job->block_bytes,
        .timeout_ms = WRITE_TIMEOUT_MS,
        .patience_ms = WRITE_PATIENCE_MS,
        .longest_pause_ms = WRITE_PAUSE_MS,
    };
    HRESULT hr;

    command.cdb_len = mmc_cdb_write_10(command.cdb, slot->lba, slot->blocks);
    hr = drive_execute(engine->job->drive, &command);
    *sense = command.sense;
    return hr;
}

static struct slot *nth(struct engine *engine, unsigned n)
{
    return &engine->slots[(engine->first + n) % engine->depth];
}

/* The oldest WRITE was not executed. Those behind it then miss their address: once they are all
 * back, everything is sent again, one after the other. */
static void recall(struct engine *engine)
{
    engine->recalled = true;
    for (unsigned i = 0; i < engine->in_flight; i++) {
        struct slot *slot = nth(engine, i);
        uint32_t sense;
        bool again;

        wait_for(engine, slot);
        slot->overtaken = slot->task.result == TRANSPORT_OK &&
                          FAILED(drive_judge(engine->job->drive, &slot->task, &sense, &again));
    }
}

static HRESULT settle(struct engine *engine, struct slot *slot, uint32_t *sense)
{
    bool again = false;
    HRESULT hr = S_OK;

    if (!slot->overtaken) {
        wait_for(engine, slot);
        hr = drive_judge(engine->job->drive, &slot->task, sense, &again);
        if (again) {
            recall(engine);
        }
    }
    return slot->overtaken ? write_alone(engine, slot, sense) : hr;
}

static HRESULT finish_oldest(struct engine *engine)
{
    struct slot *slot = nth(engine, 0);
    uint32_t sense = 0;
    HRESULT hr = settle(engine, slot, &sense);

    if (SUCCEEDED(hr)) {
        engine->written_blocks += slot->blocks;
    } else if (engine->sense == 0) {
        engine->sense = sense;
    }
    engine->first = (engine->first + 1) % engine->depth;
    engine->in_flight--;
    engine->recalled = engine->recalled && engine->in_flight > 0;
    return hr;
}

/* Waits for all that is in flight. After a failure the rest is only waited for. */
static HRESULT drain(struct engine *engine)
{
    HRESULT hr = S_OK;

    while (engine->in_flight > 0 && SUCCEEDED(hr)) {
        hr = finish_oldest(engine);
    }
    for (unsigned i = 0; i < engine->in_flight; i++) {
        wait_for(engine, nth(engine, i));
    }
    engine->in_flight = 0;
    return hr;
}

static void submit(struct engine *engine, struct slot *slot, uint16_t blocks)
{
    const struct engine_job *job = engine->job;

    memset(&slot->task, 0, sizeof(slot->task));
    slot->lba = job->start_lba + (int32_t)engine->submitted_blocks;
    slot->blocks = blocks;
    slot->back = slot->overtaken = false;
    slot->task.cdb_len = mmc_cdb_write_10(slot->task.cdb, slot->lba, blocks);
    slot->task.out = slot->buffer;
    slot->task.out_len = (size_t)blocks * job->block_bytes;
    slot->task.timeout_ms = WRITE_TIMEOUT_MS;
    transport_submit(job->drive->transport, &slot->task);
    engine->submitted_blocks += blocks;
    engine->in_flight++;
}

/* ---- from the stream */

/* Fills `size` bytes or says why not; *got is how many came. */
static HRESULT read_stream(IStream *stream, uint8_t *buffer, size_t size, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ULONG wanted = (ULONG)(size - *got), count = 0;
        HRESULT hr = stream->lpVtbl->Read(stream, buffer + *got, wanted, &count);

        if (FAILED(hr)) {
            return hr;
        }
        if (count > wanted) {
            return E_UNEXPECTED;
        }
        if (count == 0) {
            return OUTCOME_HANDLE_EOF;
        }
        *got += count;
    }
    return S_OK;
}

/* The next chunk: what the stream still has of it, then zeros. With a failure *blocks holds what
 * was read before it, its last block filled with zeros. */
static HRESULT fill(struct engine *engine, uint8_t *buffer, uint16_t *blocks)
{
    const struct engine_job *job = engine->job;
    uint64_t left = job->stream_bytes - engine->read_bytes;
    uint32_t want = job->blocks - engine->submitted_blocks;
    size_t size, got, from_stream;
    HRESULT hr;

    if (want > engine->chunk_blocks) {
        want = engine->chunk_blocks;
    }
    size = (size_t)want * job->block_bytes;
    from_stream = left < size ? (size_t)left : size;
    hr = read_stream(job->stream, buffer, from_stream, &got);
    engine->read_bytes += got;
    if (FAILED(hr)) {
        want = (uint32_t)((got + job->block_bytes - 1) / job->block_bytes);
        size = (size_t)want * job->block_bytes;
    }
    memset(buffer + got, 0, size - got);
    *blocks = (uint16_t)want;
    return hr;
}

/* ---- the two together */

static HRESULT room_for_one(struct engine *engine)
{
    HRESULT hr = engine->in_flight == engine->depth ? finish_oldest(engine) : S_OK;

    while (SUCCEEDED(hr) && engine->recalled) {
        hr = finish_oldest(engine); /* the next WRITE's address is behind all of these */
    }
    return hr;
}

static HRESULT pump(struct engine *engine)
{
    const struct engine_job *job = engine->job;

    while (engine->submitted_blocks < job->blocks) {
        struct slot *slot;
        uint16_t blocks;
        HRESULT hr = room_for_one(engine), read;

        if (FAILED(hr)) {
            return hr;
        }
        report(engine);
        if (job->cancelled(job->ctx)) {
            return E_IMAPI_REQUEST_CANCELLED;
        }
        slot = nth(engine, engine->in_flight);
        read = fill(engine, slot->buffer, &blocks);
        if (blocks > 0) {
            submit(engine, slot, blocks);
        }
        if (FAILED(read)) {
            return read;
        }
    }
    return S_OK;
}

/* A track that was broken off early gets the zeros that make it legal. */
static HRESULT pad(struct engine *engine, uint32_t minimum)
{
    while (engine->submitted_blocks > 0 && engine->submitted_blocks < minimum) {
        uint32_t want = minimum - engine->submitted_blocks;
        struct slot *slot;
        HRESULT hr = room_for_one(engine);

        if (FAILED(hr)) {
            return hr;
        }
        want = want < engine->chunk_blocks ? want : engine->chunk_blocks;
        slot = nth(engine, engine->in_flight);
        memset(slot->buffer, 0, (size_t)want * engine->job->block_bytes);
        submit(engine, slot, (uint16_t)want);
    }
    return S_OK;
}

/* What was broken off by the stream or the caller is still ended properly on the drive. */
static HRESULT break_off(struct engine *engine)
{
    HRESULT hr = pad(engine, engine->job->minimum_blocks);
    HRESULT later = drain(engine);

    return FAILED(hr) ? hr : later;
}

HRESULT engine_write(const struct engine_job *job, struct engine_result *result)
{
    struct engine engine = {.job = job};
    HRESULT hr = begin(&engine), later;

    if (SUCCEEDED(hr)) {
        hr = pump(&engine);
        later = drain(&engine);
        if (FAILED(hr) && engine.written_blocks == engine.submitted_blocks) {
            (void)break_off(&engine);
        }
        hr = FAILED(hr) ? hr : later;
    }
    result->written = engine.written_blocks;
    result->sense = engine.sense;
    end(&engine);
    return hr;
}
