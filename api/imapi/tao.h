/* SPDX-License-Identifier: MIT */
/*
 * MsftDiscFormat2TrackAtOnce from inside: its members, its states, and the rooms that share them.
 * tao.c makes and ends the object and knows which call which state refuses; tao_session.c prepares
 * and releases the medium; tao_write.c writes a track; tao_events.c tells the sinks; tao_format.c
 * is the interface itself, tao_media.c those of its methods that look at the disc.
 *
 * The object's lock guards `state` and everything below it, for a few assignments at a time: it is
 * never held over foreign code (sinks, streams, recorders, a spy on memory) or a drive's command.
 */
#ifndef VCDR_API_IMAPI_TAO_H
#define VCDR_API_IMAPI_TAO_H

#include <pthread.h>
#include <stdbool.h>
#include <imapi2.h>
#include <imapi2error.h>
#include <vcdr/codes.h>
#include "api/com/connection.h"
#include "api/imapi/drive.h"
#include "api/imapi/media.h"
#include "api/imapi/recorder.h"
#include "api/imapi/speeds.h"

enum tao_state {
    TAO_IDLE,      /* S0 without a recorder, S1 with one */
    TAO_PREPARING, /* inside PrepareMedia */
    TAO_PREPARED,  /* S2 */
    TAO_WRITING,   /* S3: inside AddAudioTrack */
    TAO_RELEASING, /* inside ReleaseMedia */
};

/* What is known of the disc between PrepareMedia and ReleaseMedia. */
struct tao_session {
    struct drive *drive; /* a reference; NULL outside a session */
    struct media_space space;
    bool written; /* the disc may have been written: there is a session to close */
    LONG tracks;  /* completed */
    struct tao_track {
        int32_t start_lba;
        int32_t end_lba; /* exclusive, run-out included: a lead-out could start here */
    } track[CD_MAX_TRACKS];
    BYTE *toc; /* the last get_ExpectedTableOfContents */
};

struct tao {
    struct com_object com;
    struct com_face format;       /* IDiscFormat2TrackAtOnce */
    struct com_face verification; /* IBurnVerification */
    struct com_connections connections;
    struct com_connection_point events;

    pthread_mutex_t lock;
    enum tao_state state;
    bool cancel;                    /* CancelAddTrack was called in this TAO_WRITING */
    struct recorder_hold *recorder; /* NULL: none */
    BSTR client_name;               /* NULL: none yet */
    VARIANT_BOOL do_not_finalize, underrun_free_disabled;
    struct speed wish;
    IMAPI_BURN_VERIFICATION_LEVEL level;
    struct tao_session session;
};

/* ---- tao.c */

/* The calls that some state refuses (reference: imapi2 1.2 and 8) */
enum tao_call {
    TAO_PUT_RECORDER,
    TAO_PUT_CLIENT_NAME,
    TAO_PUT_DO_NOT_FINALIZE,
    TAO_PUT_UNDERRUN_FREE_DISABLED,
    TAO_PUT_VERIFICATION_LEVEL,
    TAO_SET_WRITE_SPEED,
    TAO_PREPARE_MEDIA,
    TAO_ADD_AUDIO_TRACK,
    TAO_CANCEL_ADD_TRACK,
    TAO_RELEASE_MEDIA,
    TAO_GET_EXISTING_TRACKS,
    TAO_GET_SECTORS,
    TAO_GET_EXPECTED_TOC,
    TAO_ASK_DRIVE, /* the getters that need a recorder and nothing else */
    TAO_CALLS
};
/* S_OK, or the state's refusal. The lock is held. */
HRESULT tao_allows(const struct tao *tao, enum tao_call call);
/* The same, taking the lock for it. */
HRESULT tao_check(struct tao *tao, enum tao_call call);

HRESULT tao_create(REFIID riid, void **out);

/* A reference to the recorder's drive, or NR / 0xC0AA050A without a recorder. Sends nothing. */
HRESULT tao_drive(struct tao *tao, struct drive **out);

/* ---- tao_session.c */

HRESULT tao_prepare(struct tao *tao);
HRESULT tao_release(struct tao *tao);
/* Of an object that nobody has any more: as tao_release, without a word. */
void tao_abandon(struct tao *tao);
/* Asks the drive again how much room there is; keeps the old answer on failure. */
HRESULT tao_refresh_space(struct tao *tao);

/* ---- tao_parameters.c */

/* Mode page 05 for audio tracks at once. What READ TRACK INFORMATION says of the next track depends
 * on it, and a burner before us may have left another write type. */
HRESULT tao_set_parameters(struct drive *drive, bool finalize, bool underrun_free);

/* ---- tao_write.c */

HRESULT tao_add_track(struct tao *tao, IStream *stream);

/* ---- tao_verify.c */

/* IMAPI_BURN_VERIFICATION_QUICK, after a track and after the session (reference: imapi2 1.5) */
HRESULT tao_verify_track(struct drive *drive, LONG number, int32_t start_lba, uint32_t blocks);
HRESULT tao_verify_disc(struct tao *tao, bool finalized);

/* ---- tao_events.c */

struct tao_progress {
    IMAPI_FORMAT2_TAO_WRITE_ACTION action;
    LONG start_lba, sector_count, last_read_lba, last_written_lba;
    LONG total_buffer, used_buffer;
    LONG track, elapsed_s, remaining_s;
};
/* Calls Update of every sink; the caller holds no lock. Without sinks or memory nothing happens. */
void tao_fire(struct tao *tao, const struct tao_progress *progress);

/* ---- tao_format.c, tao_media.c: the methods */

extern const IDiscFormat2TrackAtOnceVtbl tao_format_vtbl;
extern const IBurnVerificationVtbl tao_verification_vtbl;

HRESULT tao_get_existing_tracks(IDiscFormat2TrackAtOnce *This, LONG *value);
HRESULT tao_get_total_sectors(IDiscFormat2TrackAtOnce *This, LONG *value);
HRESULT tao_get_free_sectors(IDiscFormat2TrackAtOnce *This, LONG *value);
HRESULT tao_get_used_sectors(IDiscFormat2TrackAtOnce *This, LONG *value);
HRESULT tao_get_expected_toc(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value);
HRESULT tao_get_media_type(IDiscFormat2TrackAtOnce *This, IMAPI_MEDIA_PHYSICAL_TYPE *value);
HRESULT tao_get_physically_blank(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value);
HRESULT tao_get_supported_types(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value);
HRESULT tao_is_recorder_supported(IDiscFormat2TrackAtOnce *This, IDiscRecorder2 *recorder,
                                  VARIANT_BOOL *value);
HRESULT tao_is_media_supported(IDiscFormat2TrackAtOnce *This, IDiscRecorder2 *recorder,
                               VARIANT_BOOL *value);

/* ---- tao_speeds.c: the methods */

HRESULT tao_set_write_speed(IDiscFormat2TrackAtOnce *This, LONG sectors_per_second,
                            VARIANT_BOOL cav);
HRESULT tao_get_requested_speed(IDiscFormat2TrackAtOnce *This, LONG *value);
HRESULT tao_get_requested_cav(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value);
HRESULT tao_get_current_speed(IDiscFormat2TrackAtOnce *This, LONG *value);
HRESULT tao_get_current_cav(IDiscFormat2TrackAtOnce *This, VARIANT_BOOL *value);
HRESULT tao_get_speeds(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value);
HRESULT tao_get_speed_descriptors(IDiscFormat2TrackAtOnce *This, SAFEARRAY **value);

/* ---- tao_support.c */

HRESULT tao_recorder_supported(struct drive *drive, bool *out);
HRESULT tao_media_supported(struct drive *drive, bool *out);
/* The drive can write media of this type, blank or not. */
HRESULT tao_type_supported(struct drive *drive, IMAPI_MEDIA_PHYSICAL_TYPE type, bool *out);

#endif
