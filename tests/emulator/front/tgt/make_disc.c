/* SPDX-License-Identifier: MIT */
/* make_disc FILE...: blank discs. */
#include <vcdr/disc.h>
#include <vcdr/store.h>

int main(int argc, char **argv)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;

    if (vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry))
        return 1;
    for (int i = 1; i < argc; i++) {
        if (vcdr_store_file(argv[i], VCDR_STORE_CREATE, &store) ||
            vcdr_disc_create(store, &geometry, 1))
            return 1;
        store.ops->close(store.ctx);
    }
    return 0;
}
