/* SPDX-License-Identifier: MIT */
/* What the parts of a transport share: the clock, and results in words. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include "api/transport/backend.h"

uint64_t transport_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

enum transport_result transport_explain(enum transport_result result, char **why,
                                        const char *format, ...)
{
    va_list args;

    if (!why) {
        return result;
    }
    va_start(args, format);
    if (vasprintf(why, format, args) < 0) {
        *why = NULL;
    }
    va_end(args);
    return result;
}

const char *transport_result_text(enum transport_result result)
{
    switch (result) {
    case TRANSPORT_OK:
        return "done";
    case TRANSPORT_NO_MEMORY:
        return "out of memory";
    case TRANSPORT_BAD_URL:
        return "not a drive's URL";
    case TRANSPORT_NO_DEVICE:
        return "no such drive";
    case TRANSPORT_REFUSED:
        return "the drive refused the connection";
    case TRANSPORT_TIMEOUT:
        return "the drive does not answer";
    case TRANSPORT_LOST:
        return "the connection to the drive is lost";
    case TRANSPORT_INVALID:
        return "the request is larger than the transport carries";
    case TRANSPORT_HELD:
        return "another program of this host holds the drive";
    }
    return "unknown result";
}
