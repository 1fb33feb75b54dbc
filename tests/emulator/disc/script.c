/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/disc/disc_private.h"

void script_block(unsigned track, uint32_t block, uint8_t *to, unsigned bytes)
{
    uint32_t state = track * 1000003u + block * 7919u + 1;

    for (unsigned i = 0; i < bytes; i++) {
        state = state * 1664525 + 1013904223;
        to[i] = (uint8_t)(state >> 24);
    }
    if (bytes == 2332) { /* a sub-header, twice; every third block is form 2 */
        const uint8_t sub_header[4] = {0, 0, block % 3 == 2 ? 0x20 : 0x08, 0};

        memcpy(to, sub_header, 4);
        memcpy(to + 4, sub_header, 4);
    }
}

int script_write(struct vcdr_disc *disc, uint32_t blocks)
{
    unsigned number = vcdr_disc_info(disc)->open_track;
    uint8_t buf[7 * 2352];
    struct vcdr_track track;
    int rc = vcdr_disc_track(disc, number, &track);

    if (rc != VCDR_OK)
        return rc;
    for (uint32_t done = 0; rc == VCDR_OK && done < blocks;) {
        unsigned bytes = vcdr_block_bytes(track.block_type);
        uint32_t n = blocks - done < 7 ? blocks - done : 7;

        for (uint32_t i = 0; i < n; i++)
            script_block(number, track.written + done + i, buf + i * bytes, bytes);
        rc = vcdr_disc_write(disc, buf, n);
        done += n;
    }
    return rc;
}

static int open_next(struct vcdr_disc *disc, uint8_t control, uint8_t block_type)
{
    const struct vcdr_track_parameters parameters = {
        .control = control,
        .block_type = block_type,
        .sub_header = {0, 0, 8, 0},
        .session_format = 0,
        .mcn = "0123456789012",
        .isrc = "DEABC2400001",
    };

    return vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks + 1U, &parameters);
}

static int open_audio(struct vcdr_disc *disc)
{
    return open_next(disc, 0, 0);
}

static int open_data(struct vcdr_disc *disc)
{
    return open_next(disc, 4, 8);
}

static int open_reserved(struct vcdr_disc *disc)
{
    const struct vcdr_track_parameters parameters = {.control = 4, .block_type = 13};

    return vcdr_disc_open_track(disc, vcdr_disc_info(disc)->tracks, &parameters);
}

static int write_some(struct vcdr_disc *disc)
{
    return script_write(disc, 17);
}

static int write_long(struct vcdr_disc *disc)
{
    return script_write(disc, 301);
}

static int reserve(struct vcdr_disc *disc)
{
    return vcdr_disc_reserve(disc, 310);
}

static int close_open(struct vcdr_disc *disc)
{
    return vcdr_disc_close_session(disc, true, false);
}

static int finalize(struct vcdr_disc *disc)
{
    return vcdr_disc_close_session(disc, false, true);
}

const struct script_step burn_script[] = {
    {"open audio track 1", false, open_audio},
    {"write", false, write_some},
    {"flush", true, vcdr_disc_flush},
    {"write", false, write_some},
    {"close track 1", true, vcdr_disc_close_track},
    {"open audio track 2", false, open_audio},
    {"write", false, write_long},
    {"flush", true, vcdr_disc_flush},
    {"close track 2", true, vcdr_disc_close_track},
    {"close session 1", true, close_open},
    {"reserve track 3", true, reserve},
    {"open track 3", false, open_reserved},
    {"write", false, write_some},
    {"close track 3", true, vcdr_disc_close_track},
    {"open data track 4", false, open_data},
    {"close track 4, empty", true, vcdr_disc_close_track},
    {"finalise", true, finalize},
};
const unsigned burn_script_steps = sizeof(burn_script) / sizeof(burn_script[0]);

/* ---- at once ---- */

int script_write_at_once(struct vcdr_disc *disc, uint32_t blocks)
{
    static uint8_t buf[450 * 2448];
    struct vcdr_next_block next;
    int rc = vcdr_disc_next_block(disc, &next);

    if (rc != VCDR_OK)
        return rc;
    if (blocks > next.blocks)
        blocks = next.blocks;
    for (uint32_t i = 0; i < blocks; i++)
        script_block(0, (uint32_t)(next.lba + (int32_t)i + 150), buf + (size_t)i * next.bytes,
                     next.bytes);
    return vcdr_disc_write(disc, buf, blocks);
}

/* Of the present session: audio with two indexes, data behind a pre-gap that the disc makes. */
int script_open_session(struct vcdr_disc *disc)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    uint8_t track = (uint8_t)(info->tracks + 1), packs[3 * 18];
    struct vcdr_session session;
    struct vcdr_stretch stretches[5] = {
        {track, 0, 0, 0x00, -150}, {track, 1, 0, 0x00, 0},   {track, 2, 0, 0x00, 250},
        {track, 0, 4, 0x14, 300},  {track, 1, 4, 0x10, 450},
    };
    const char isrc[2][13] = {"DEABC2400001", ""};
    const struct vcdr_session_layout layout = {
        .stretches = stretches,
        .count = 5,
        .lead_out_lba = 750,
        .mcn = "0123456789012",
        .isrc = isrc,
        .packs = packs,
        .pack_count = 3,
    };
    struct vcdr_session_layout here = layout;

    if (vcdr_disc_session(disc, info->sessions, &session) != VCDR_OK)
        return VCDR_ESTATE;
    script_block(200, 0, packs, sizeof(packs));
    for (unsigned i = 0; i < 5; i++)
        stretches[i].lba += session.first_lba;
    stretches[3].track++;
    stretches[4].track++;
    here.lead_out_lba += session.first_lba;
    return vcdr_disc_open_session(disc, &here);
}

int script_write_session(struct vcdr_disc *disc)
{
    return script_write_at_once(disc, 450);
}

int script_open_raw(struct vcdr_disc *disc)
{
    return vcdr_disc_open_raw(disc);
}

int script_close_raw(struct vcdr_disc *disc)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    uint8_t track = (uint8_t)(info->tracks + 1);
    struct vcdr_session session;
    struct vcdr_stretch stretches[2] = {{track, 0, 0, 0, 0}, {track, 1, 0, 0, 0}};
    struct vcdr_session_layout layout = {.stretches = stretches, .count = 2};

    if (vcdr_disc_session(disc, info->sessions, &session) != VCDR_OK)
        return VCDR_ESTATE;
    stretches[0].lba = session.first_lba - 150;
    stretches[1].lba = session.first_lba;
    layout.lead_out_lba = session.first_lba + 300;
    return vcdr_disc_close_raw(disc, &layout, true, false);
}

static int write_300(struct vcdr_disc *disc)
{
    return script_write_at_once(disc, 300);
}

static int write_170(struct vcdr_disc *disc)
{
    return script_write_at_once(disc, 170);
}

const struct script_step at_once_script[] = {
    {"open session 1", false, script_open_session},
    {"write", false, write_300},
    {"flush", true, vcdr_disc_flush},
    {"write the rest of the audio", false, script_write_session},
    {"write", false, write_170},
    {"flush", true, vcdr_disc_flush},
    {"write the rest of the data", false, script_write_session},
    {"close session 1", true, close_open},
    {"open raw session 2", false, script_open_raw},
    {"write", false, write_170},
    {"flush", true, vcdr_disc_flush},
    {"write", false, write_300},
    {"close session 2", true, script_close_raw},
    {"open session 3", false, script_open_session},
    {"write the audio", false, script_write_session},
    {"write", false, write_170},
    {"give session 3 up", true, vcdr_disc_interrupt_session},
};
const unsigned at_once_script_steps = sizeof(at_once_script) / sizeof(at_once_script[0]);

char *script_state(const struct vcdr_disc *disc)
{
    const struct vcdr_disc_info *info = vcdr_disc_info(disc);
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    assert_non_null(f);
    fprintf(f, "status %d sessions %u/%u tracks %u open %u mcn %s\n", info->status,
            info->complete_sessions, info->sessions, info->tracks, info->open_track, info->mcn);
    if (info->snapshot)
        fprintf(f, "snapshot of %u tracks up to byte %llu\n", disc->snapshot->tracks,
                (unsigned long long)disc->snapshot->end);
    for (unsigned n = 1; n <= info->sessions; n++) {
        struct vcdr_session s;

        assert_int_equal(vcdr_disc_session(disc, n, &s), VCDR_OK);
        fprintf(f, "session %u state %d format %u tracks %u-%u %d %d %d next %d b0 %d as %d/%u\n",
                s.number, s.state, s.format, s.first_track, s.last_track, s.lead_in_lba,
                s.first_lba, s.lead_out_lba, s.next_allowed, s.b0_final, s.recording, s.packs);
    }
    for (unsigned n = 1; n <= info->tracks; n++) {
        struct vcdr_track t;

        assert_int_equal(vcdr_disc_track(disc, n, &t), VCDR_OK);
        fprintf(f,
                "track %u session %u state %d type %u/%u start %d written %u size %u r %d %s as "
                "%d/%d/%u\n",
                t.number, t.session, t.state, t.control, t.block_type, t.start_lba, t.written,
                t.size, t.reserved, t.isrc, t.recording, t.pregap_lba, t.last_index);
    }
    fclose(f);
    return text;
}

/* The part of a raw sector that the host sent. */
static unsigned payload_at(const struct vcdr_track *track)
{
    switch (track->block_type) {
    case 0:
        return 0;
    case 10:
        return 24;
    default:
        return 16;
    }
}

/* Every block of a track written at once, its pre-gap's too. */
static void check_at_once(struct vcdr_disc *disc, const struct vcdr_track *t)
{
    int32_t end = t->start_lba + (int32_t)t->written;

    if (t->state == VCDR_TRACK_OPEN)
        assert_int_equal(vcdr_disc_next_writable(disc, t->number, &end), VCDR_OK);
    for (int32_t lba = t->pregap_lba; lba < end; lba++) {
        uint8_t sector[2352], expected[2448];
        unsigned at = t->control & 4 ? 16 : 0, bytes = t->control & 4 ? 2048 : 2352;

        assert_int_equal(vcdr_disc_read_raw(disc, lba, 1, sector, NULL), VCDR_OK);
        script_block(0, (uint32_t)(lba + 150), expected, bytes == 2048 ? bytes : 2448);
        if (bytes == 2048 && lba < t->start_lba) /* the disc made it */
            memset(expected, 0, bytes);
        if (memcmp(sector + at, expected, bytes) != 0)
            fail_msg("block %d is not what was written", lba);
    }
}

static void check_cd_text(struct vcdr_disc *disc, unsigned number)
{
    struct vcdr_session s;
    uint8_t packs[3][18], expected[3][18];

    assert_int_equal(vcdr_disc_session(disc, number, &s), VCDR_OK);
    if (s.packs == 0)
        return;
    assert_int_equal(s.packs, 3);
    assert_int_equal(vcdr_disc_cd_text(disc, number, 0, 3, packs[0]), VCDR_OK);
    script_block(200, 0, expected[0], sizeof(expected));
    assert_memory_equal(packs, expected, sizeof(packs));
}

void script_check_data(struct vcdr_disc *disc)
{
    for (unsigned n = 1; n <= vcdr_disc_info(disc)->sessions; n++)
        check_cd_text(disc, n);
    for (unsigned n = 1; n <= vcdr_disc_info(disc)->tracks; n++) {
        struct vcdr_track t;

        assert_int_equal(vcdr_disc_track(disc, n, &t), VCDR_OK);
        if (t.recording == VCDR_RECORDING_SAO || t.recording == VCDR_RECORDING_RAW) {
            check_at_once(disc, &t);
            continue;
        }
        for (uint32_t block = 0; block < t.written; block++) {
            uint8_t sector[2352], expected[2352];
            unsigned bytes = vcdr_block_bytes(t.block_type);

            assert_int_equal(
                vcdr_disc_read_raw(disc, t.start_lba + (int32_t)block, 1, sector, NULL), VCDR_OK);
            script_block(n, block, expected, bytes);
            if (t.block_type == 13 && !(expected[2] & 0x20))
                bytes = 8 + 2048; /* the rest of a form 1 block is EDC and ECC */
            if (block >= disc->tracks[n - 1].stored)
                memset(expected, 0, sizeof(expected));
            if (memcmp(sector + payload_at(&t), expected, bytes) != 0)
                fail_msg("track %u block %u is not what was written", n, block);
        }
    }
}
