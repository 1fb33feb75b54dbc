/* SPDX-License-Identifier: MIT */
/*
 * An object of these tests behind gadget.idl: it remembers what it is given, and has two connection
 * points.
 */
#ifndef TESTS_API_COM_GADGET_H
#define TESTS_API_COM_GADGET_H

#include "api/com/connection.h"
#include "gadget_interfaces.h"

struct gadget {
    struct com_object com;
    struct com_face face; /* IGadget */
    struct com_connections connections;
    struct com_connection_point points[2]; /* DDiscFormat2TrackAtOnceEvents, -EraseEvents */
    BSTR name;
    VARIANT_BOOL flag;
    GADGET_MODE mode;
    IGadget *other;
    unsigned calls; /* that reached a method */
};

extern unsigned gadget_destroyed; /* how many have ended */

/* One reference; NULL without memory. */
struct gadget *gadget_new(void);
static inline IGadget *gadget_face(struct gadget *gadget)
{
    return (IGadget *)(void *)&gadget->face;
}
static inline IDispatch *gadget_dispatch(struct gadget *gadget)
{
    return (IDispatch *)(void *)&gadget->face;
}

#endif
