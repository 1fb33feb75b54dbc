/* SPDX-License-Identifier: MIT */
/* What a burner asks of the system besides: memory that stays, and mounted discs. */
#include "preload.h"

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>

/* ---- memory ---- */

/* Burners lock all their memory so that a real laser never waits for a page. An ordinary user's
 * limit makes that fail, or, once it succeeded, every later allocation; here nothing waits. */
EXPORT int mlockall(int flags)
{
    (void)flags;
    return 0;
}

EXPORT int munlockall(void)
{
    return 0;
}

/* the limit that it raises first */
EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    REAL(setrlimit);

    return resource == RLIMIT_MEMLOCK ? 0 : real(resource, limit);
}

EXPORT int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
    REAL(setrlimit64);

    return resource == RLIMIT_MEMLOCK ? 0 : real(resource, limit);
}

/* ---- mounting: the kernel knows the real devices of these names alone ---- */

EXPORT int mount(const char *source, const char *target, const char *type, unsigned long flags,
                 const void *data)
{
    struct place place;
    REAL(mount);

    if (source && place_find(AT_FDCWD, source, true, &place) && place.node.kind) {
        return (int)result(-EPERM);
    }
    return real(source, target, type, flags, data);
}

EXPORT int umount(const char *target)
{
    (void)target;
    return (int)result(-EPERM);
}

EXPORT int umount2(const char *target, int flags)
{
    (void)flags;
    return umount(target);
}
