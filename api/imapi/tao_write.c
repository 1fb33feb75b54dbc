/* SPDX-License-Identifier: MIT */
/* AddAudioTrack: one stream, one track (reference: imapi2 1.5 and 8, points 23 to 31). */
#include "api/imapi/command.h"
#include "api/imapi/exclusive.h"
#include "api/imapi/tao.h"

#include "api/imapi/engine.h"
#include "api/imapi/outcome.h"
#include "api/imapi/query.h"

#define BYTES_OF_A_FRAME 4 /* two channels of 16 bits */
#define FLUSH_MS 300000
#define UPDATE_MS 500

/* The AddAudioTrack that runs. */
struct writing {
    struct tao *tao;
    struct drive *drive;
    IStream *stream;
    uint64_t stream_bytes;
    uint32_t blocks;
    bool finalize, underrun_free, verify;
    uint64_t began_ms, told_ms;
    struct tao_progress progress;
};

static bool is_cancelled(void *ctx)
{
    struct writing *writing = ctx;
    bool cancel;

    pthread_mutex_lock(&writing->tao->lock);
    cancel = writing->tao->cancel;
    pthread_mutex_unlock(&writing->tao->lock);
    return cancel;
}

/* Nothing is written to a drive that is ours no more, whichever call learned of the reset. */
static bool must_stop(void *ctx)
{
    const struct writing *writing = ctx;

    return is_cancelled(ctx) || !drive_lock_held(writing->drive);
}

/* ---- telling */

static void tell(struct writing *writing)
{
    struct tao_progress *progress = &writing->progress;
    uint64_t now = drive_clock_ms(), elapsed = now - writing->began_ms;
    int64_t done = (int64_t)progress->last_written_lba - progress->start_lba + 1;

    writing->told_ms = now;
    progress->elapsed_s = (LONG)(elapsed / 1000);
    progress->remaining_s =
        done > 0
            ? (LONG)(elapsed * (uint64_t)(progress->sector_count - done) / (uint64_t)done / 1000)
            : (LONG)(progress->sector_count / CD_BLOCKS_PER_SECOND);
    tao_fire(writing->tao, progress);
}

static void enter(struct writing *writing, IMAPI_FORMAT2_TAO_WRITE_ACTION action)
{
    writing->progress.action = action;
    tell(writing);
}

static void on_progress(void *ctx, const struct engine_progress *engine)
{
    struct writing *writing = ctx;
    struct tao_progress *progress = &writing->progress;

    progress->last_read_lba = engine->last_read_lba;
    progress->last_written_lba = engine->last_written_lba;
    progress->used_buffer = (LONG)engine->used_bytes;
    tell(writing);
}

static void on_waiting(void *ctx)
{
    struct writing *writing = ctx;

    if (drive_clock_ms() - writing->told_ms >= UPDATE_MS) {
        tell(writing);
    }
}

/* ---- before: is this a stream, and does it fit? */

static HRESULT stream_size(IStream *stream, uint64_t *bytes)
{
    static const LARGE_INTEGER nowhere = {.QuadPart = 0};
    ULARGE_INTEGER position = {.QuadPart = 0};
    STATSTG stat = {0};

    if (SUCCEEDED(stream->lpVtbl->Stat(stream, &stat, STATFLAG_NONAME))) {
        CoTaskMemFree(stat.pwcsName);
        *bytes = stat.cbSize.QuadPart;
    } else if (SUCCEEDED(stream->lpVtbl->Seek(stream, nowhere, STREAM_SEEK_END, &position))) {
        *bytes = position.QuadPart;
    } else {
        return E_IMAPI_DF2TAO_STREAM_NOT_SUPPORTED;
    }
    if (*bytes == 0 || *bytes % BYTES_OF_A_FRAME != 0 ||
        FAILED(stream->lpVtbl->Seek(stream, nowhere, STREAM_SEEK_SET, NULL))) {
        return E_IMAPI_DF2TAO_STREAM_NOT_SUPPORTED;
    }
    return S_OK;
}

/* A sector's rest is filled with zeros, and a track up to four seconds. */
static uint64_t blocks_for(uint64_t bytes)
{
    uint64_t blocks = bytes / CD_RAW_BLOCK_BYTES + (bytes % CD_RAW_BLOCK_BYTES != 0);

    return blocks < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS : blocks;
}

static HRESULT plan(struct writing *writing)
{
    const struct tao_session *session = &writing->tao->session;
    uint64_t blocks;
    HRESULT hr;

    if (session->tracks >= CD_MAX_TRACKS) {
        return E_IMAPI_DF2TAO_TRACK_LIMIT_REACHED;
    }
    hr = stream_size(writing->stream, &writing->stream_bytes);
    if (FAILED(hr)) {
        return hr;
    }
    blocks = blocks_for(writing->stream_bytes);
    if (session->space.free <= 0 || blocks > (uint64_t)session->space.free) {
        return E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE;
    }
    writing->blocks = (uint32_t)blocks;
    writing->progress.track = session->tracks + 1;
    writing->progress.start_lba = session->space.next_lba;
    writing->progress.sector_count = (LONG)blocks;
    writing->progress.last_read_lba = writing->progress.start_lba - 1;
    writing->progress.last_written_lba = writing->progress.start_lba - 1;
    return S_OK;
}

/* ---- the drive */

static HRESULT prepare(struct writing *writing)
{
    struct mmc_track_information next;
    HRESULT hr = tao_set_parameters(writing->drive, writing->finalize, writing->underrun_free);

    if (SUCCEEDED(hr)) {
        hr = query_track(writing->drive, MMC_TRACK_INVISIBLE, &next);
    }
    if (FAILED(hr)) {
        return hr;
    }
    if (!drive_lock_held(writing->drive)) {
        return OUTCOME_INVALID_HANDLE;
    }
    if (!next.has_next_writable || next.next_writable_lba != writing->progress.start_lba) {
        return E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
    }
    return S_OK;
}

/* ---- after: close the track, and know where it lies */

static HRESULT send_flush(struct drive *drive, bool immediate)
{
    struct drive_command command = {.patience_ms = FLUSH_MS};
    HRESULT hr;

    command.timeout_ms = immediate ? 0 : FLUSH_MS;
    command.cdb_len = mmc_cdb_synchronize_cache(command.cdb, immediate);
    hr = drive_execute(drive, &command);
    if (FAILED(hr) && immediate && command.sense == SENSE_INVALID_FIELD_IN_CDB) {
        return send_flush(drive, false);
    }
    return hr;
}

static HRESULT flush(struct writing *writing)
{
    HRESULT hr = send_flush(writing->drive, true);

    return FAILED(hr) ? hr : drive_wait_ready(writing->drive, FLUSH_MS, on_waiting, writing);
}

static void remember_track(struct writing *writing, uint32_t written)
{
    struct tao *tao = writing->tao;
    struct mmc_track_information told;
    struct tao_track track = {
        .start_lba = writing->progress.start_lba,
        .end_lba = writing->progress.start_lba + (int32_t)written + 2 /* run-out blocks */,
    };

    if (SUCCEEDED(query_track(writing->drive, (uint32_t)writing->progress.track, &told)) &&
        told.start_lba == track.start_lba && told.blocks >= written) {
        track.end_lba = told.start_lba + (int32_t)told.blocks;
    }
    pthread_mutex_lock(&tao->lock);
    tao->session.track[tao->session.tracks++] = track;
    pthread_mutex_unlock(&tao->lock);
}

/* The room that is left now. A drive whose next address still lies within the track or its gap has
 * not written it whole, whatever it said. */
static HRESULT look_at_the_rest(struct writing *writing, uint32_t written)
{
    const struct media_space *space = &writing->tao->session.space;
    HRESULT hr = tao_refresh_space(writing->tao);

    if (FAILED(hr)) {
        return hr;
    }
    /* the next track's gap lies between */
    return space->free > 0 && space->next_lba <
                                  writing->progress.start_lba + (int32_t)written + CD_PREGAP_BLOCKS
               ? E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE
               : S_OK;
}

/* The sectors that are told stay those from before the track until every handler has returned. */
static HRESULT finish(struct writing *writing, uint32_t written)
{
    HRESULT hr, rest;

    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_FINISHING);
    hr = flush(writing);
    if (FAILED(hr)) {
        return hr;
    }
    remember_track(writing, written);
    if (writing->verify) {
        enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_VERIFYING);
        hr = tao_verify_track(writing->drive, writing->progress.track, writing->progress.start_lba,
                              written);
    }
    rest = look_at_the_rest(writing, written);
    return FAILED(hr) ? hr : rest;
}

static HRESULT write_blocks(struct writing *writing, uint32_t *written)
{
    struct engine_result result;
    struct engine_job job = {
        .drive = writing->drive,
        .stream = writing->stream,
        .stream_bytes = writing->stream_bytes,
        .start_lba = writing->progress.start_lba,
        .block_bytes = CD_RAW_BLOCK_BYTES,
        .blocks = writing->blocks,
        .minimum_blocks = CD_MIN_TRACK_BLOCKS,
        .cancelled = must_stop,
        .progress = on_progress,
        .ctx = writing,
    };
    HRESULT hr;

    pthread_mutex_lock(&writing->tao->lock);
    writing->tao->session.written = true;
    pthread_mutex_unlock(&writing->tao->lock);
    hr = engine_write(&job, &result);
    if (hr == E_IMAPI_REQUEST_CANCELLED && !is_cancelled(writing)) {
        hr = OUTCOME_INVALID_HANDLE;
    }
    *written = result.written;
    writing->progress.last_written_lba = job.start_lba + (int32_t)result.written - 1;
    writing->progress.last_read_lba = writing->progress.last_written_lba;
    writing->progress.used_buffer = 0;
    return FAILED(hr) && result.sense == SENSE_END_OF_USER_AREA ? E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE
                                                                : hr;
}

static HRESULT write_track(struct writing *writing)
{
    uint32_t written = 0;
    HRESULT hr = plan(writing), finished;

    if (FAILED(hr)) {
        return hr;
    }
    writing->began_ms = drive_clock_ms();
    writing->progress.total_buffer = (LONG)engine_buffer_bytes(writing->drive, CD_RAW_BLOCK_BYTES);
    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_PREPARING);
    if (is_cancelled(writing)) {
        return E_IMAPI_REQUEST_CANCELLED;
    }
    hr = prepare(writing);
    if (FAILED(hr)) {
        return hr;
    }
    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_WRITING);
    hr = write_blocks(writing, &written);
    if (written == 0) {
        return hr;
    }
    finished = finish(writing, written); /* what was written is closed, however it ended */
    return FAILED(hr) ? hr : finished;
}

static HRESULT begin_writing(struct tao *tao, IStream *stream, struct writing *writing)
{
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, TAO_ADD_AUDIO_TRACK);
    if (SUCCEEDED(hr) && stream == NULL) {
        hr = E_POINTER;
    }
    if (SUCCEEDED(hr)) {
        *writing = (struct writing){
            .tao = tao,
            .drive = tao->session.drive,
            .stream = stream,
            .finalize = tao->do_not_finalize == VARIANT_FALSE,
            .underrun_free = tao->underrun_free_disabled == VARIANT_FALSE,
            .verify = tao->level == IMAPI_BURN_VERIFICATION_QUICK,
        };
        tao->cancel = false;
        tao->state = TAO_WRITING;
    }
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

HRESULT tao_add_track(struct tao *tao, IStream *stream)
{
    struct writing writing;
    HRESULT hr = begin_writing(tao, stream, &writing);

    if (FAILED(hr)) {
        return hr;
    }
    com_add_ref(&tao->format); /* a handler may release the last reference */
    stream->lpVtbl->AddRef(stream);
    hr = write_track(&writing);
    stream->lpVtbl->Release(stream);
    pthread_mutex_lock(&tao->lock);
    if (SUCCEEDED(hr) && tao->cancel) {
        hr = E_IMAPI_REQUEST_CANCELLED; /* it came too late to shorten the track */
    }
    tao->state = TAO_PREPARED;
    pthread_mutex_unlock(&tao->lock);
    com_release(&tao->format);
    return hr;
}
