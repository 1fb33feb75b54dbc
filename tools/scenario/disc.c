/* SPDX-License-Identifier: MIT */
#include "scenario/disc.h"
#include <stdint.h>
#include <string.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "drive_state.h"
#include "scenario/drive.h"
#include "scenario/initiator.h"
#include "scenario/stream.h"

enum { CHUNK_BLOCKS = 27 };

/* The drive's initiator is put at 2; further arguments move up. */
static int observe(lua_State *L)
{
    drive_push_initiator(L, 1);
    lua_insert(L, 2);
    return 2;
}

/* ---- the write state's log page ---- */

static void read_write_state(lua_State *L, struct mmc_write_state *state)
{
    uint8_t cdb[16], data[MMC_LOG_WRITE_STATE_BYTES];
    uint8_t length = mmc_cdb_log_sense(cdb, LOG_PAGE_WRITE_STATE, 0, sizeof(data));
    size_t got = initiator_read(L, observe(L), cdb, length, data, sizeof(data));

    if (mmc_write_state_parse(data, got, state) != MMC_OK)
        luaL_error(L, "log page 39h makes no sense");
}

int scene_drive_owner(lua_State *L)
{
    struct mmc_write_state state;

    scenario_doing(L, "drive:owner()");
    read_write_state(L, &state);
    lua_pushstring(L, state.owner);
    return 1;
}

int scene_drive_write_state(lua_State *L)
{
    struct mmc_write_state state;

    scenario_doing(L, "drive:write_state()");
    read_write_state(L, &state);
    lua_pushstring(L, drive_state_write_text(state.state));
    return 1;
}

/* ---- the disc ---- */

static void set_integer(lua_State *L, const char *key, lua_Integer value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, key);
}

static void set_boolean(lua_State *L, const char *key, bool value)
{
    lua_pushboolean(L, value);
    lua_setfield(L, -2, key);
}

static void read_disc(lua_State *L, int initiator, struct mmc_disc_information *disc)
{
    uint8_t cdb[16], data[MMC_DISC_INFORMATION_BYTES];
    uint8_t length = mmc_cdb_read_disc_information(cdb, sizeof(data));
    size_t got = initiator_read(L, initiator, cdb, length, data, sizeof(data));

    if (mmc_disc_information_parse(data, got, disc) != MMC_OK)
        luaL_error(L, "READ DISC INFORMATION makes no sense");
}

int scene_drive_disc(lua_State *L)
{
    struct mmc_disc_information disc;

    scenario_doing(L, "drive:disc()");
    read_disc(L, observe(L), &disc);
    lua_newtable(L);
    lua_pushstring(L, drive_state_disc_text(&disc));
    lua_setfield(L, -2, "status");
    set_integer(L, "sessions", disc.sessions);
    set_integer(L, "first_track", disc.first_track);
    set_integer(L, "last_track", disc.last_track_last_session);
    set_boolean(L, "rewritable", disc.erasable);
    return 1;
}

static void read_track(lua_State *L, int initiator, unsigned number,
                       struct mmc_track_information *track)
{
    uint8_t cdb[16], data[MMC_TRACK_INFORMATION_BYTES];
    uint8_t length = mmc_cdb_read_track_information(cdb, MMC_TRACK_BY_NUMBER, number, sizeof(data));
    size_t got = initiator_read(L, initiator, cdb, length, data, sizeof(data));

    if (mmc_track_information_parse(data, got, track) != MMC_OK)
        luaL_error(L, "READ TRACK INFORMATION makes no sense");
}

static void push_track(lua_State *L, const struct mmc_track_information *track)
{
    lua_newtable(L);
    set_integer(L, "number", track->track);
    set_integer(L, "session", track->session);
    set_integer(L, "start", track->start_lba);
    set_integer(L, "blocks", track->blocks);
    set_boolean(L, "audio", !(track->control & CONTROL_DATA));
    set_boolean(L, "open", track->has_next_writable);
}

/* The next, invisible track is blank and does not count. */
int scene_drive_tracks(lua_State *L)
{
    struct mmc_disc_information disc;
    int initiator = observe(L);
    lua_Integer count = 0;

    scenario_doing(L, "drive:tracks()");
    read_disc(L, initiator, &disc);
    lua_newtable(L);
    for (unsigned n = disc.first_track; n <= disc.last_track_last_session; n++) {
        struct mmc_track_information track;

        read_track(L, initiator, n, &track);
        if (track.blank)
            continue;
        push_track(L, &track);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

/* ---- samples ---- */

static void read_audio(lua_State *L, int initiator, int32_t lba, uint32_t blocks, uint8_t *to)
{
    while (blocks > 0) {
        uint32_t now = blocks < CHUNK_BLOCKS ? blocks : CHUNK_BLOCKS;
        size_t size = (size_t)now * CD_RAW_BLOCK_BYTES;
        uint8_t cdb[16];
        uint8_t length =
            mmc_cdb_read_cd(cdb, lba, now, MMC_SECTOR_CD_DA, MMC_READ_USER_DATA, MMC_SUB_NONE);

        if (initiator_read(L, initiator, cdb, length, to, size) != size)
            luaL_error(L, "READ CD at %d brought too little", (int)lba);
        lba += (int32_t)now;
        blocks -= now;
        to += size;
    }
}

int scene_drive_read(lua_State *L)
{
    lua_Integer lba = luaL_checkinteger(L, 2), blocks = luaL_optinteger(L, 3, 1);
    luaL_Buffer to;
    uint8_t *bytes;
    int initiator;

    luaL_argcheck(L, blocks >= 1 && blocks <= 10000, 3, "from 1 to 10000");
    lua_settop(L, 1);
    initiator = observe(L);
    scenario_doing(L, "drive:read(...)");
    bytes = (uint8_t *)luaL_buffinitsize(L, &to, (size_t)blocks * CD_RAW_BLOCK_BYTES);
    read_audio(L, initiator, (int32_t)lba, (uint32_t)blocks, bytes);
    luaL_pushresultsize(&to, (size_t)blocks * CD_RAW_BLOCK_BYTES);
    return 1;
}

/* Pushes where they differ; false if they do not. */
static bool push_difference(lua_State *L, const uint8_t *got, const uint8_t *want, size_t size,
                            uint64_t at)
{
    for (size_t i = 0; i < size; i++) {
        if (got[i] == want[i])
            continue;
        lua_pushfstring(L, "byte %I of the track is %d, and %d in the stream",
                        (lua_Integer)(at + i), got[i], want[i]);
        return true;
    }
    return false;
}

static bool compare_blocks(lua_State *L, int initiator, int32_t lba, uint64_t blocks,
                           const struct stream_shape *shape)
{
    uint8_t got[CHUNK_BLOCKS * CD_RAW_BLOCK_BYTES], want[sizeof(got)];

    for (uint64_t done = 0; done < blocks;) {
        uint32_t now = blocks - done < CHUNK_BLOCKS ? (uint32_t)(blocks - done) : CHUNK_BLOCKS;
        size_t size = (size_t)now * CD_RAW_BLOCK_BYTES;
        uint64_t at = done * CD_RAW_BLOCK_BYTES;

        read_audio(L, initiator, lba + (int32_t)done, now, got);
        stream_bytes(shape, at, want, size);
        if (push_difference(L, got, want, size, at))
            return true;
        done += now;
    }
    return false;
}

static const char *const keys[] = {"blocks", NULL};

/* A whole track is its samples, zeros up to the end of the last block or 300 blocks, and two blocks
 * of run-out, which cannot be read. */
int scene_drive_compare(lua_State *L)
{
    unsigned number = (unsigned)luaL_checkinteger(L, 2);
    const struct stream_shape *shape = stream_shape_check(L, 3);
    uint64_t whole = (shape->bytes + CD_RAW_BLOCK_BYTES - 1) / CD_RAW_BLOCK_BYTES;
    struct mmc_track_information track;
    lua_Integer blocks;
    int initiator;

    options_check(L, 4, "compare", keys);
    blocks = option_integer(L, 4, "compare", "blocks", 450000, -1);
    initiator = observe(L);
    scenario_doing(L, "drive:compare(...)");
    read_track(L, initiator, number, &track);
    whole = whole < CD_MIN_TRACK_BLOCKS ? CD_MIN_TRACK_BLOCKS : whole;
    if (blocks < 0 && track.blocks != whole + 2) {
        lua_pushfstring(L, "the track has %d blocks, and %I would be right", (int)track.blocks,
                        (lua_Integer)whole + 2);
        return 1;
    }
    if (!compare_blocks(L, initiator, track.start_lba, blocks < 0 ? whole : (uint64_t)blocks,
                        shape))
        lua_pushliteral(L, "same");
    return 1;
}
