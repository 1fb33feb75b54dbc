/* SPDX-License-Identifier: MIT */
/* How a verb says that it did not do what it was asked: one line, the thing and the reason. */
#include "verbs.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Of a URL with an account only what is behind it: the secret is for no terminal and no log. */
static void complain(const char *thing, const char *format, va_list arguments)
{
    static const char scheme[] = "iscsi://";
    const char *at = strncmp(thing, scheme, strlen(scheme)) == 0 ? strrchr(thing, '@') : NULL;
    fflush(stdout);
    fprintf(stderr, "vcdr: %s%s: ", at != NULL ? scheme : "", at != NULL ? at + 1 : thing);
    vfprintf(stderr, format, arguments);
}

int fail(const char *thing, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(thing, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return EXIT_FAILED;
}

int cannot_run(const char *thing, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(thing, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return EXIT_CANNOT_RUN;
}

int usage_error(const char *verb, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(verb, format, arguments);
    va_end(arguments);
    fprintf(stderr, " (see vcdr %s --help)\n", verb);
    return EXIT_USAGE;
}

int confirm_hardware(const char *verb, const char *url, bool yes)
{
    if (yes || (strncmp(url, "sg:", 3) != 0 && url[0] != '/'))
        return EXIT_DONE;
    return usage_error(
        verb, "%s is a recorder of this host, where what is written stays: say --yes", url);
}
