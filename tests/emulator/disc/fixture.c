/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int blank(void **state, enum vcdr_medium medium)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    struct vcdr_disc *disc;

    if (vcdr_geometry_by_name("80min", medium, &geometry) != VCDR_OK ||
        vcdr_store_memory(&store) != VCDR_OK ||
        vcdr_disc_create(store, &geometry, 0x12345678) != VCDR_OK ||
        vcdr_disc_open(store, &disc) != VCDR_OK)
        return -1;
    *state = disc;
    return 0;
}

int blank_cd_r(void **state)
{
    return blank(state, VCDR_MEDIUM_CD_R);
}

int blank_cd_rw(void **state)
{
    return blank(state, VCDR_MEDIUM_CD_RW);
}

int put_away(void **state)
{
    return vcdr_disc_close(*state);
}

int open_next_track(struct vcdr_disc *disc, uint8_t block_type)
{
    const struct vcdr_track_parameters parameters = {
        .control = block_type == 0 ? 0 : 4,
        .block_type = block_type,
        .sub_header = {0, 0, 8, 0},
        .session_format = block_type >= 10 ? 0x20 : 0,
    };

    return vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks + 1U, &parameters);
}

int write_fill(struct vcdr_disc *disc, uint32_t blocks, uint8_t fill)
{
    static uint8_t buf[64 * 2352];
    int rc = VCDR_OK;

    memset(buf, fill, sizeof(buf));
    while (rc == VCDR_OK && blocks > 0) {
        uint32_t n = blocks < 64 ? blocks : 64;

        rc = vcdr_disc_write(disc, buf, n);
        blocks -= n;
    }
    return rc;
}

void burn_track(struct vcdr_disc *disc, uint8_t block_type, uint32_t blocks, uint8_t fill)
{
    assert_int_equal(open_next_track(disc, block_type), VCDR_OK);
    assert_int_equal(write_fill(disc, blocks, fill), VCDR_OK);
    assert_int_equal(vcdr_disc_close_track(disc), VCDR_OK);
}

int32_t nwa_of(struct vcdr_disc *disc, unsigned track)
{
    int32_t lba = INT32_MIN;

    assert_int_equal(vcdr_disc_next_writable(disc, track, &lba), VCDR_OK);
    return lba;
}

uint32_t free_of(struct vcdr_disc *disc, unsigned track)
{
    uint32_t blocks = UINT32_MAX;

    assert_int_equal(vcdr_disc_free_blocks(disc, track, &blocks), VCDR_OK);
    return blocks;
}

struct vcdr_track track_of_disc(struct vcdr_disc *disc, unsigned track)
{
    struct vcdr_track out;

    assert_int_equal(vcdr_disc_track(disc, track, &out), VCDR_OK);
    return out;
}

struct vcdr_session session_of_disc(struct vcdr_disc *disc, unsigned session)
{
    struct vcdr_session out;

    assert_int_equal(vcdr_disc_session(disc, session, &out), VCDR_OK);
    return out;
}
