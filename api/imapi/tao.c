/* SPDX-License-Identifier: MIT */
/* The object MsftDiscFormat2TrackAtOnce: its birth, its end, and what its states refuse. */
#include "api/imapi/tao.h"

/* The columns of section 1.2: S0 and S1, then S2 and S3, and the ways from one to the other. */
enum column { NONE, IDLE, PREPARING, PREPARED, WRITING, RELEASING, COLUMNS };

#define W E_IMAPI_DF2TAO_WRITE_IN_PROGRESS
#define NW E_IMAPI_DF2TAO_WRITE_NOT_IN_PROGRESS
#define NP E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED
#define P E_IMAPI_DF2TAO_MEDIA_IS_PREPARED
#define NR E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED
#define RR E_IMAPI_RECORDER_REQUIRED
#define OK S_OK

/* The property setters call a session that is being opened or closed prepared; what needs one calls
 * it not prepared, except that the sizes stay readable while it is being closed. */
/* clang-format off */
static const HRESULT rules[TAO_CALLS][COLUMNS] = {
    /*                                  S0  S1  ->S2 S2  S3  ->S1 */
    [TAO_PUT_RECORDER] =               {OK, OK, P,   P,  W,  P},
    [TAO_PUT_CLIENT_NAME] =            {OK, OK, P,   P,  W,  P},
    [TAO_PUT_DO_NOT_FINALIZE] =        {OK, OK, P,   P,  W,  P},
    [TAO_PUT_UNDERRUN_FREE_DISABLED] = {NP, NP, NP,  OK, W,  NP},
    [TAO_PUT_VERIFICATION_LEVEL] =     {OK, OK, OK,  OK, W,  W},
    [TAO_SET_WRITE_SPEED] =            {RR, OK, OK,  OK, W,  W},
    [TAO_PREPARE_MEDIA] =              {NR, OK, P,   P,  P,  P},
    [TAO_ADD_AUDIO_TRACK] =            {NP, NP, NP,  OK, W,  NP},
    [TAO_CANCEL_ADD_TRACK] =           {NW, NW, NW,  NW, OK, NW},
    [TAO_RELEASE_MEDIA] =              {NP, NP, NP,  OK, W,  NP},
    [TAO_GET_EXISTING_TRACKS] =        {NP, NP, NP,  OK, W,  NP},
    [TAO_GET_SECTORS] =                {NP, NP, NP,  OK, OK, OK},
    [TAO_GET_EXPECTED_TOC] =           {NP, NP, NP,  OK, W,  NP},
    [TAO_ASK_DRIVE] =                  {NR, OK, OK,  OK, OK, OK},
};
/* clang-format on */

static enum column column_of(const struct tao *tao)
{
    switch (tao->state) {
    case TAO_IDLE:
        return tao->recorder == NULL ? NONE : IDLE;
    case TAO_PREPARING:
        return PREPARING;
    case TAO_PREPARED:
        return PREPARED;
    case TAO_WRITING:
        return WRITING;
    case TAO_RELEASING:
        return RELEASING;
    }
    return NONE;
}

HRESULT tao_allows(const struct tao *tao, enum tao_call call)
{
    return rules[call][column_of(tao)];
}

HRESULT tao_check(struct tao *tao, enum tao_call call)
{
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hr = tao_allows(tao, call);
    pthread_mutex_unlock(&tao->lock);
    return hr;
}

HRESULT tao_drive(struct tao *tao, struct drive **out)
{
    struct recorder_hold *hold;
    HRESULT hr;

    pthread_mutex_lock(&tao->lock);
    hold = recorder_hold_ref(tao->recorder);
    pthread_mutex_unlock(&tao->lock);
    if (hold == NULL) {
        return E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED;
    }
    hr = recorder_hold_drive(hold, out);
    recorder_hold_unref(hold);
    return hr;
}

static void tao_destroy(void *object)
{
    struct tao *tao = object;

    tao_abandon(tao);
    com_connections_clear(&tao->connections);
    recorder_hold_unref(tao->recorder);
    SysFreeString(tao->client_name);
    pthread_mutex_destroy(&tao->lock);
    com_delete(tao);
}

static const struct com_interface interfaces[] = {
    {&IID_IDiscFormat2TrackAtOnce, offsetof(struct tao, format)},
    {&IID_IDiscFormat2, offsetof(struct tao, format)},
    {&IID_IDispatch, offsetof(struct tao, format)},
    {&IID_IBurnVerification, offsetof(struct tao, verification)},
    {&IID_IConnectionPointContainer, offsetof(struct tao, connections)},
};
static const struct com_class class = {interfaces, sizeof(interfaces) / sizeof(interfaces[0]),
                                       tao_destroy};

HRESULT tao_create(REFIID riid, void **out)
{
    static const IID *const events[] = {&IID_DDiscFormat2TrackAtOnceEvents};
    struct tao *tao = com_new(sizeof(*tao), &class);
    HRESULT hr;

    if (tao == NULL) {
        return E_OUTOFMEMORY;
    }
    pthread_mutex_init(&tao->lock, NULL);
    tao->wish.sectors_per_second = SPEED_FASTEST;
    com_face_init(&tao->format, &tao_format_vtbl, &tao->com);
    com_face_init(&tao->verification, &tao_verification_vtbl, &tao->com);
    com_connections_init(&tao->connections, &tao->com, &tao->events, events, 1);
    hr = com_query_interface(&tao->format, riid, out);
    com_release(&tao->format);
    return hr;
}
