/* SPDX-License-Identifier: MIT */
/* Connection points: how sinks come, are called, and go, also in the middle of an event. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <pthread.h>
#include <stdatomic.h>
#include <cmocka.h>
#include "gadget.h"
#include "spy.h"

/* A sink that counts, and may do something in the middle of an event. */
struct sink {
    IDispatch face;
    atomic_uint refs, calls;
    const IID *answers; /* beside IUnknown and IDispatch; NULL: nothing */
    bool no_dispatch;
    void (*handler)(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params);
    struct gadget *gadget;
    DWORD cookie, other_cookie;
    struct sink *other;
};

static struct sink *sink_of(IDispatch *This)
{
    return (struct sink *)(void *)This;
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IDispatch *This, REFIID riid, void **ppv)
{
    struct sink *self = sink_of(This);
    bool known = IsEqualIID(riid, &IID_IUnknown) ||
                 (IsEqualIID(riid, &IID_IDispatch) && !self->no_dispatch) ||
                 (self->answers && IsEqualIID(riid, self->answers));

    *ppv = known ? This : NULL;
    if (known)
        This->lpVtbl->AddRef(This);
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IDispatch *This)
{
    return atomic_fetch_add(&sink_of(This)->refs, 1) + 1;
}

static ULONG STDMETHODCALLTYPE sink_Release(IDispatch *This)
{
    return atomic_fetch_sub(&sink_of(This)->refs, 1) - 1;
}

static HRESULT STDMETHODCALLTYPE sink_Invoke(IDispatch *This, DISPID id, REFIID riid, LCID lcid,
                                             WORD flags, DISPPARAMS *params, VARIANT *result,
                                             EXCEPINFO *exception, UINT *bad_arg)
{
    struct sink *self = sink_of(This);

    (void)riid, (void)lcid, (void)result, (void)exception, (void)bad_arg;
    atomic_fetch_add(&self->calls, 1);
    if (self->handler)
        self->handler(self, id, flags, params);
    return E_FAIL; /* which nobody looks at */
}

/* No GetTypeInfo and no slot 7: a call of anything but Invoke would crash. */
static const IDispatchVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .Invoke = sink_Invoke,
};

struct scene {
    struct gadget *gadget;
    IConnectionPoint *point;
    struct sink a, b, c;
};

static void sink_init(struct sink *sink, struct gadget *gadget)
{
    memset(sink, 0, sizeof(*sink));
    sink->face.lpVtbl = &sink_vtbl;
    sink->refs = 1;
    sink->gadget = gadget;
    sink->answers = &IID_DDiscFormat2TrackAtOnceEvents;
}

static int setup(void **state)
{
    static struct scene scene;

    memset(&scene, 0, sizeof(scene));
    scene.gadget = gadget_new();
    scene.point = (IConnectionPoint *)(void *)&scene.gadget->points[0].face;
    sink_init(&scene.a, scene.gadget);
    sink_init(&scene.b, scene.gadget);
    sink_init(&scene.c, scene.gadget);
    *state = &scene;
    gadget_destroyed = 0;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;

    scene->point->lpVtbl->Release(scene->point); /* the object's own reference */
    assert_int_equal(gadget_destroyed, 1);
    assert_int_equal(scene->a.refs, 1);
    assert_int_equal(scene->b.refs, 1);
    assert_int_equal(scene->c.refs, 1);
    return 0;
}

static HRESULT advise(struct scene *scene, struct sink *sink)
{
    return scene->point->lpVtbl->Advise(scene->point, (IUnknown *)&sink->face, &sink->cookie);
}

static HRESULT unadvise(struct gadget *gadget, DWORD cookie)
{
    IConnectionPoint *point = (IConnectionPoint *)(void *)&gadget->points[0].face;

    return point->lpVtbl->Unadvise(point, cookie);
}

static void fire(struct scene *scene)
{
    com_fire(&scene->gadget->points[0], 0x200, NULL, 0);
}

static void check_arguments(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params)
{
    (void)sink;
    assert_int_equal(id, 0x200);
    assert_int_equal(flags, DISPATCH_METHOD);
    assert_int_equal(params->cArgs, 2);
    assert_int_equal(params->cNamedArgs, 0);
    assert_int_equal(params->rgvarg[0].lVal, 22); /* the last argument first */
    assert_int_equal(params->rgvarg[1].lVal, 11);
}

static void a_sink_is_called_with_its_arguments_reversed(void **state)
{
    struct scene *scene = *state;
    VARIANT args[2] = {{.vt = VT_I4}, {.vt = VT_I4}};

    args[0].lVal = 11;
    args[1].lVal = 22;
    scene->a.handler = check_arguments;
    assert_int_equal(advise(scene, &scene->a), S_OK);
    assert_int_not_equal(scene->a.cookie, 0);
    com_fire(&scene->gadget->points[0], 0x200, args, 2);
    assert_int_equal(scene->a.calls, 1);
}

static void every_sink_is_called_whatever_the_others_return(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(advise(scene, &scene->a), S_OK);
    assert_int_equal(advise(scene, &scene->b), S_OK);
    assert_int_not_equal(scene->a.cookie, scene->b.cookie);
    fire(scene);
    fire(scene);
    assert_int_equal(scene->a.calls, 2);
    assert_int_equal(scene->b.calls, 2);
}

static void a_sink_that_answers_only_idispatch_is_taken(void **state)
{
    struct scene *scene = *state;

    scene->a.answers = NULL;
    assert_int_equal(advise(scene, &scene->a), S_OK);
    fire(scene);
    assert_int_equal(scene->a.calls, 1);
}

static void what_is_no_sink_cannot_connect(void **state)
{
    struct scene *scene = *state;
    DWORD cookie = 99;

    scene->a.answers = NULL;
    scene->a.no_dispatch = true;
    assert_int_equal(advise(scene, &scene->a), CONNECT_E_CANNOTCONNECT);
    assert_int_equal(scene->a.cookie, 0);
    assert_int_equal(scene->a.refs, 1);
    assert_int_equal(scene->point->lpVtbl->Advise(scene->point, NULL, &cookie), E_POINTER);
    assert_int_equal(cookie, 0);
    assert_int_equal(scene->point->lpVtbl->Advise(scene->point, (IUnknown *)&scene->b.face, NULL),
                     E_POINTER);
}

static void a_connection_ends_once(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(advise(scene, &scene->a), S_OK);
    assert_int_equal(scene->a.refs, 2);
    assert_int_equal(unadvise(scene->gadget, scene->a.cookie + 1), CONNECT_E_NOCONNECTION);
    assert_int_equal(unadvise(scene->gadget, scene->a.cookie), S_OK);
    assert_int_equal(scene->a.refs, 1);
    assert_int_equal(unadvise(scene->gadget, scene->a.cookie), CONNECT_E_NOCONNECTION);
    fire(scene);
    assert_int_equal(scene->a.calls, 0);
}

static void the_end_of_the_object_ends_its_connections(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(advise(scene, &scene->a), S_OK);
    assert_int_equal(advise(scene, &scene->b), S_OK);
    /* teardown: the object goes, and the sinks are let go */
}

/* -- In the middle of an event */

static void leave(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params)
{
    (void)id, (void)flags, (void)params;
    assert_int_equal(unadvise(sink->gadget, sink->cookie), S_OK);
    assert_int_equal(unadvise(sink->gadget, sink->cookie), CONNECT_E_NOCONNECTION);
    assert_true(sink->refs >= 2); /* it is not let go while it runs */
}

static void a_sink_may_leave_in_its_own_handler(void **state)
{
    struct scene *scene = *state;

    scene->b.handler = leave;
    advise(scene, &scene->a);
    advise(scene, &scene->b);
    advise(scene, &scene->c);
    fire(scene);
    fire(scene);
    assert_int_equal(scene->a.calls, 2);
    assert_int_equal(scene->b.calls, 1);
    assert_int_equal(scene->c.calls, 2);
    assert_int_equal(scene->b.refs, 1);
}

static void send_away(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params)
{
    (void)id, (void)flags, (void)params;
    unadvise(sink->gadget, sink->other->cookie);
}

static void a_sink_that_another_sends_away_is_not_called(void **state)
{
    struct scene *scene = *state;

    scene->a.handler = send_away;
    scene->a.other = &scene->b;
    advise(scene, &scene->a);
    advise(scene, &scene->b);
    advise(scene, &scene->c);
    fire(scene);
    assert_int_equal(scene->b.calls, 0);
    assert_int_equal(scene->b.refs, 1);
    assert_int_equal(scene->c.calls, 1);
}

static void bring_in(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params)
{
    IConnectionPoint *point = (IConnectionPoint *)(void *)&sink->gadget->points[0].face;

    (void)id, (void)flags, (void)params;
    sink->handler = NULL;
    assert_int_equal(
        point->lpVtbl->Advise(point, (IUnknown *)&sink->other->face, &sink->other->cookie), S_OK);
}

static void a_sink_that_comes_in_a_handler_is_called_from_the_next_event_on(void **state)
{
    struct scene *scene = *state;

    scene->a.handler = bring_in;
    scene->a.other = &scene->b;
    advise(scene, &scene->a);
    fire(scene);
    assert_int_equal(scene->b.calls, 0);
    fire(scene);
    assert_int_equal(scene->b.calls, 1);
}

static void fire_again(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params)
{
    (void)id, (void)flags, (void)params;
    if (sink->calls == 1) {
        com_fire(&sink->gadget->points[0], 0x200, NULL, 0);
        assert_int_equal(unadvise(sink->gadget, sink->cookie), S_OK);
    }
}

static void an_event_may_be_fired_in_a_handler(void **state)
{
    struct scene *scene = *state;

    scene->a.handler = fire_again;
    advise(scene, &scene->a);
    advise(scene, &scene->b);
    fire(scene);
    assert_int_equal(scene->a.calls, 2);
    assert_int_equal(scene->b.calls, 2);
    assert_int_equal(scene->a.refs, 1);
}

static void *leave_from_outside(void *context)
{
    struct sink *sink = context;

    return (void *)(intptr_t)unadvise(sink->gadget, sink->cookie);
}

/* A second thread unadvises while the handler runs and waits for it: a held lock would deadlock. */
static void be_sent_away_from_outside(struct sink *sink, DISPID id, WORD flags, DISPPARAMS *params)
{
    pthread_t thread;
    void *hr;

    (void)id, (void)flags, (void)params;
    assert_int_equal(pthread_create(&thread, NULL, leave_from_outside, sink), 0);
    assert_int_equal(pthread_join(thread, &hr), 0);
    assert_int_equal((HRESULT)(intptr_t)hr, S_OK);
    assert_true(sink->refs >= 2);
}

static void a_second_thread_may_unadvise_while_the_handler_runs(void **state)
{
    struct scene *scene = *state;

    scene->a.handler = be_sent_away_from_outside;
    advise(scene, &scene->a);
    fire(scene);
    fire(scene);
    assert_int_equal(scene->a.calls, 1);
    assert_int_equal(scene->a.refs, 1);
}

static void *come_and_go(void *context)
{
    struct scene *scene = context;
    struct sink own;

    sink_init(&own, scene->gadget);
    for (int i = 0; i < 500; i++) {
        if (advise(scene, &own) != S_OK)
            return context;
        fire(scene);
        if (unadvise(scene->gadget, own.cookie) != S_OK)
            return context;
        while (atomic_load(&own.refs) != 1) /* a call from the other thread may be running */
            sched_yield();
    }
    return own.calls >= 500 ? NULL : context;
}

static void threads_come_go_and_fire_at_once(void **state)
{
    struct scene *scene = *state;
    pthread_t thread;
    void *bad;

    advise(scene, &scene->a);
    assert_int_equal(pthread_create(&thread, NULL, come_and_go, scene), 0);
    assert_null(come_and_go(scene));
    assert_int_equal(pthread_join(thread, &bad), 0);
    assert_null(bad);
    assert_int_equal(scene->a.calls, 1000);
}

/* -- The interfaces around */

static IConnectionPointContainer *container_of(struct scene *scene)
{
    IConnectionPointContainer *container;
    IGadget *gadget = gadget_face(scene->gadget);

    assert_int_equal(
        gadget->lpVtbl->QueryInterface(gadget, &IID_IConnectionPointContainer, (void **)&container),
        S_OK);
    return container;
}

static void a_point_is_found_by_its_event_interface(void **state)
{
    struct scene *scene = *state;
    IConnectionPointContainer *container = container_of(scene), *back;
    IConnectionPoint *point;
    IID iid;

    assert_int_equal(
        container->lpVtbl->FindConnectionPoint(container, &IID_DDiscFormat2EraseEvents, &point),
        S_OK);
    assert_int_equal(point->lpVtbl->GetConnectionInterface(point, &iid), S_OK);
    assert_true(IsEqualIID(&iid, &IID_DDiscFormat2EraseEvents));
    assert_int_equal(point->lpVtbl->GetConnectionPointContainer(point, &back), S_OK);
    assert_ptr_equal(back, container);
    back->lpVtbl->Release(back);
    point->lpVtbl->Release(point);
    assert_int_equal(container->lpVtbl->FindConnectionPoint(container, &IID_IStream, &point),
                     CONNECT_E_NOCONNECTION);
    assert_null(point);
    assert_int_equal(container->lpVtbl->FindConnectionPoint(container, &IID_IStream, NULL),
                     E_POINTER);
    container->lpVtbl->Release(container);
}

static void a_point_is_an_object_of_its_own(void **state)
{
    struct scene *scene = *state;
    void *other;

    assert_int_equal(scene->point->lpVtbl->QueryInterface(scene->point, &IID_IUnknown, &other),
                     S_OK);
    assert_ptr_equal(other, scene->point);
    scene->point->lpVtbl->Release(scene->point);
    assert_int_equal(scene->point->lpVtbl->QueryInterface(scene->point, &IID_IDispatch, &other),
                     E_NOINTERFACE);
    assert_int_equal(
        scene->point->lpVtbl->QueryInterface(scene->point, &IID_IConnectionPointContainer, &other),
        E_NOINTERFACE);
}

static void the_points_are_enumerated(void **state)
{
    struct scene *scene = *state;
    IConnectionPointContainer *container = container_of(scene);
    IEnumConnectionPoints *list, *copy;
    IConnectionPoint *got[3];
    ULONG n;

    assert_int_equal(container->lpVtbl->EnumConnectionPoints(container, &list), S_OK);
    assert_int_equal(list->lpVtbl->Next(list, 1, got, NULL), S_OK);
    got[0]->lpVtbl->Release(got[0]);
    assert_int_equal(list->lpVtbl->Clone(list, &copy), S_OK);
    assert_int_equal(copy->lpVtbl->Next(copy, 3, got, &n), S_FALSE);
    assert_int_equal(n, 1);
    assert_ptr_equal(got[0], &scene->gadget->points[1].face);
    got[0]->lpVtbl->Release(got[0]);
    assert_int_equal(list->lpVtbl->Skip(list, 1), S_OK);
    assert_int_equal(list->lpVtbl->Skip(list, 1), S_FALSE);
    assert_int_equal(list->lpVtbl->Reset(list), S_OK);
    assert_int_equal(list->lpVtbl->Next(list, 2, got, NULL), E_POINTER);
    assert_int_equal(list->lpVtbl->Next(list, 2, got, &n), S_OK);
    got[0]->lpVtbl->Release(got[0]);
    got[1]->lpVtbl->Release(got[1]);
    list->lpVtbl->Release(list);
    copy->lpVtbl->Release(copy);
    container->lpVtbl->Release(container);
}

static void the_connections_are_enumerated(void **state)
{
    struct scene *scene = *state;
    IEnumConnections *list;
    CONNECTDATA got[3];
    ULONG n;

    advise(scene, &scene->a);
    advise(scene, &scene->b);
    advise(scene, &scene->c);
    unadvise(scene->gadget, scene->b.cookie);
    assert_int_equal(scene->point->lpVtbl->EnumConnections(scene->point, &list), S_OK);
    unadvise(scene->gadget, scene->a.cookie); /* the list is a snapshot */
    assert_int_equal(list->lpVtbl->Next(list, 3, got, &n), S_FALSE);
    assert_int_equal(n, 2);
    assert_ptr_equal(got[0].pUnk, &scene->a.face);
    assert_int_equal(got[0].dwCookie, scene->a.cookie);
    assert_ptr_equal(got[1].pUnk, &scene->c.face);
    got[0].pUnk->lpVtbl->Release(got[0].pUnk);
    got[1].pUnk->lpVtbl->Release(got[1].pUnk);
    list->lpVtbl->Release(list);
}

static HRESULT connect_and_list(void *context)
{
    struct scene *scene = context;
    IConnectionPointContainer *container = container_of(scene);
    IEnumConnectionPoints *points = NULL, *copy = NULL;
    IEnumConnections *sinks = NULL;
    HRESULT hr = advise(scene, &scene->a);

    if (SUCCEEDED(hr)) {
        hr = scene->point->lpVtbl->EnumConnections(scene->point, &sinks);
        unadvise(scene->gadget, scene->a.cookie);
    }
    if (SUCCEEDED(hr)) {
        sinks->lpVtbl->Release(sinks);
        hr = container->lpVtbl->EnumConnectionPoints(container, &points);
    }
    if (SUCCEEDED(hr)) {
        hr = points->lpVtbl->Clone(points, &copy);
        points->lpVtbl->Release(points);
    }
    if (SUCCEEDED(hr))
        copy->lpVtbl->Release(copy);
    container->lpVtbl->Release(container);
    return hr;
}

static void each_allocation_may_fail(void **state)
{
    /* the connection; three lists of two blocks each */
    assert_int_equal(spy_fail_each(connect_and_list, *state, E_OUTOFMEMORY), 7);
}

/* An event takes no memory, nor does Unadvise: neither can fail when there is none. */
static void events_and_unadvise_need_no_memory(void **state)
{
    struct scene *scene = *state;
    struct spy spy;

    advise(scene, &scene->a);
    spy_start(&spy, 1);
    fire(scene);
    assert_int_equal(unadvise(scene->gadget, scene->a.cookie), S_OK);
    assert_int_equal(spy.allocations, 0);
    spy_stop(&spy);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sink_is_called_with_its_arguments_reversed),
        TEST(every_sink_is_called_whatever_the_others_return),
        TEST(a_sink_that_answers_only_idispatch_is_taken),
        TEST(what_is_no_sink_cannot_connect),
        TEST(a_connection_ends_once),
        TEST(the_end_of_the_object_ends_its_connections),
        TEST(a_sink_may_leave_in_its_own_handler),
        TEST(a_sink_that_another_sends_away_is_not_called),
        TEST(a_sink_that_comes_in_a_handler_is_called_from_the_next_event_on),
        TEST(an_event_may_be_fired_in_a_handler),
        TEST(a_second_thread_may_unadvise_while_the_handler_runs),
        TEST(threads_come_go_and_fire_at_once),
        TEST(a_point_is_found_by_its_event_interface),
        TEST(a_point_is_an_object_of_its_own),
        TEST(the_points_are_enumerated),
        TEST(the_connections_are_enumerated),
        TEST(each_allocation_may_fail),
        TEST(events_and_unadvise_need_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
