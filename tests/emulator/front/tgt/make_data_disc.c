/* SPDX-License-Identifier: MIT */
/* make_data_disc FILE: a complete disc with one data track, for initiators that read blocks. */
#include <string.h>
#include <vcdr/disc.h>
#include <vcdr/store.h>

enum { MODE_1 = 8, CONTROL_DATA = 4, BLOCKS = 4000, BLOCK_BYTES = 2048 };

static int burn(struct vcdr_disc *disc)
{
    static const struct vcdr_track_parameters data = {.control = CONTROL_DATA,
                                                      .block_type = MODE_1};
    uint8_t block[BLOCK_BYTES];
    int error = vcdr_disc_open_track(disc, 1, &data);

    for (unsigned i = 0; !error && i < BLOCKS; i++) {
        memset(block, (int)(i & 0xFF), sizeof(block));
        error = vcdr_disc_write(disc, block, 1);
    }
    if (!error)
        error = vcdr_disc_close_track(disc);
    return error ? error : vcdr_disc_close_session(disc, false, true);
}

int main(int argc, char **argv)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    struct vcdr_disc *disc;

    if (argc != 2 || vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry) ||
        vcdr_store_file(argv[1], VCDR_STORE_CREATE, &store))
        return 1;
    if (vcdr_disc_create(store, &geometry, 1) || vcdr_disc_open(store, &disc)) {
        store.ops->close(store.ctx);
        return 1;
    }
    if (burn(disc)) {
        vcdr_disc_abandon(disc);
        return 1;
    }
    return vcdr_disc_close(disc) ? 1 : 0;
}
