/* SPDX-License-Identifier: MIT */
/*
 * Connection points: the sinks of an object's events, and how an event reaches them. An object has
 * one struct com_connections, its IConnectionPointContainer, and a struct com_connection_point for
 * each event interface; both are part of the object and live as long as it does.
 *
 * Threads: any thread, at any time, from a handler as well. A sink is called without a lock of
 * ours. A sink that is advised during an event is called from the next event on; one that is
 * unadvised is not called again, but a call that another thread has begun may still be running.
 */
#ifndef VCDR_API_COM_CONNECTION_H
#define VCDR_API_COM_CONNECTION_H

#include <pthread.h>
#include "api/com/object.h"

struct com_sink;
struct com_connections;

struct com_connection_point {
    struct com_face face; /* IConnectionPoint; its references are the object's */
    const IID *iid;       /* of the event interface */
    struct com_connections *container;
    pthread_mutex_t lock;
    struct com_sink *sinks; /* in the order of Advise */
    DWORD last_cookie;
};

struct com_connections {
    struct com_face
        face; /* IConnectionPointContainer; goes into the object's table of interfaces */
    struct com_connection_point *points;
    size_t count;
};

/* points[0..count) for the event interfaces iids[0..count); all of them parts of the object. */
void com_connections_init(struct com_connections *connections, struct com_object *object,
                          struct com_connection_point *points, const IID *const *iids,
                          size_t count);
/* Releases every sink; for the object's destroy. */
void com_connections_clear(struct com_connections *connections);

/*
 * Calls member id of every sink through IDispatch::Invoke. args is in the order of the declaration
 * (the sink gets them reversed, as DISPPARAMS has them) and stays the caller's; at most
 * DISPATCH_MAX_ARGS. The sinks' results are ignored. The caller holds a reference to the object and
 * no lock that a handler might want. It allocates nothing.
 */
void com_fire(struct com_connection_point *point, DISPID id, const VARIANT *args, size_t count);

#endif
