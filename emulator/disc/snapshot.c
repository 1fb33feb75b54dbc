/* SPDX-License-Identifier: MIT */
/*
 * Back to blank, and back to a state that was kept. Both are a new log and no more. The snapshot's
 * blocks stay what they are, since a state that grew out of it only adds to them, and one that
 * began blank lies in the other region of the file.
 */
#include <stdlib.h>

#include "disc_private.h"

int vcdr_disc_snapshot(struct vcdr_disc *disc)
{
    struct snapshot *taken;
    int rc = disc->kept ? VCDR_ESTATE : vcdr_disc_flush(disc);

    if (rc != VCDR_OK)
        return rc;
    taken = malloc(sizeof(*taken));
    if (!taken)
        return VCDR_ENOMEM;
    log_take(disc, taken);
    rc = log_renew(disc, taken, NULL);
    if (rc != VCDR_OK) {
        free(taken);
        return rc;
    }
    free(disc->snapshot);
    disc->snapshot = taken;
    disc->info.snapshot = true;
    disc->info.generation++;
    return VCDR_OK;
}

int vcdr_disc_restore(struct vcdr_disc *disc)
{
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    if (disc->kept)
        return VCDR_ESTATE;
    if (!disc->snapshot)
        return VCDR_ENOENT;
    rc = at_once_check_kept(disc, disc->snapshot); /* before anything depends on it */
    if (rc == VCDR_OK)
        rc = log_renew(disc, disc->snapshot, disc->snapshot);
    return rc == VCDR_OK ? log_recall(disc, disc->snapshot) : rc;
}

int make_blank(struct vcdr_disc *disc)
{
    static const struct snapshot blank;
    int rc;

    if (disc->failed)
        return VCDR_EIO;
    rc = log_renew(disc, disc->snapshot, &blank);
    return rc == VCDR_OK ? log_recall(disc, &blank) : rc;
}

int vcdr_disc_reset(struct vcdr_disc *disc)
{
    return disc->kept ? VCDR_ESTATE : make_blank(disc);
}
