/* SPDX-License-Identifier: MIT */
#include "image_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <vcdr/image.h>

#include "emulator/disc/fixture.h"
#include "emulator/disc/script.h"

/* ---- a folder of its own for each test ---- */

int enter_folder(void **state)
{
    char *folder = strdup("vcdr-image-XXXXXX");

    if (!folder || !mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    *state = folder;
    return 0;
}

int leave_folder(void **state)
{
    char command[64];
    int rc;

    snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
    rc = chdir("..") != 0 || system(command) != 0;
    free(*state);
    return rc;
}

void put_file(const char *name, const void *data, size_t len)
{
    FILE *f = fopen(name, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

uint8_t *get_file(const char *name, size_t *len)
{
    struct stat st;
    FILE *f = fopen(name, "r");
    uint8_t *data;

    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    *len = (size_t)st.st_size;
    data = calloc(1, *len + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *len, f), *len);
    fclose(f);
    return data;
}

void put_blocks(const char *name, unsigned track, uint32_t blocks, unsigned bytes)
{
    uint8_t *data = malloc((size_t)blocks * bytes);

    assert_non_null(data);
    for (uint32_t i = 0; i < blocks; i++)
        script_block(track, i, data + (size_t)i * bytes, bytes);
    put_file(name, data, (size_t)blocks * bytes);
    free(data);
}

struct vcdr_disc *new_disc(void)
{
    void *disc = NULL;

    assert_int_equal(blank_cd_r(&disc), 0);
    return disc;
}

struct vcdr_disc *open_file(const char *name)
{
    struct vcdr_store store;
    struct vcdr_disc *disc = NULL;

    assert_int_equal(vcdr_store_file(name, VCDR_STORE_READ_ONLY, &store), VCDR_OK);
    assert_int_equal(vcdr_disc_open(store, &disc), VCDR_OK);
    return disc;
}

struct vcdr_disc *must_burn(const char *image)
{
    struct vcdr_disc *disc = new_disc();
    char *why = NULL;

    if (vcdr_image_burn(image, disc, &why) != VCDR_OK)
        fail_msg("%s", why);
    return disc;
}

static void check_same_track(struct vcdr_disc *a, struct vcdr_disc *b, unsigned n)
{
    struct vcdr_track x = track_of_disc(a, n), y = track_of_disc(b, n);

    assert_int_equal(x.session, y.session);
    assert_int_equal(x.control, y.control);
    assert_int_equal(x.block_type, y.block_type);
    assert_int_equal(x.start_lba, y.start_lba);
    assert_int_equal(x.pregap_lba, y.pregap_lba);
    assert_int_equal(x.last_index, y.last_index);
    assert_string_equal(x.isrc, y.isrc);
    for (unsigned i = 1; i <= x.last_index; i++) {
        int32_t at, there;

        assert_int_equal(vcdr_disc_index(a, n, i, &at), VCDR_OK);
        assert_int_equal(vcdr_disc_index(b, n, i, &there), VCDR_OK);
        assert_int_equal(at, there);
    }
}

/* What the first can read, the second has the same, raw. */
static void check_same_session(struct vcdr_disc *a, struct vcdr_disc *b, unsigned n)
{
    struct vcdr_session x = session_of_disc(a, n), y = session_of_disc(b, n);
    uint8_t packs_a[18 * 64], packs_b[18 * 64];

    assert_int_equal(x.format, y.format);
    assert_int_equal(x.first_lba, y.first_lba);
    assert_int_equal(x.lead_out_lba, y.lead_out_lba);
    assert_int_equal(x.next_allowed, y.next_allowed);
    assert_int_equal(x.packs, y.packs);
    assert_in_range(x.packs, 0, 64);
    assert_int_equal(vcdr_disc_cd_text(a, n, 0, x.packs, packs_a), VCDR_OK);
    assert_int_equal(vcdr_disc_cd_text(b, n, 0, x.packs, packs_b), VCDR_OK);
    assert_memory_equal(packs_a, packs_b, 18U * x.packs);
    for (int32_t lba = x.first_lba; lba < x.lead_out_lba; lba++) {
        uint8_t block_a[2352], block_b[2352];
        int rc = vcdr_disc_read_raw(a, lba, 1, block_a, NULL);

        assert_int_equal(vcdr_disc_read_raw(b, lba, 1, block_b, NULL), VCDR_OK);
        if (rc == VCDR_OK)
            assert_memory_equal(block_a, block_b, 2352);
        else
            assert_int_equal(rc, VCDR_EUNREADABLE);
    }
}

void check_same(struct vcdr_disc *a, struct vcdr_disc *b)
{
    const struct vcdr_disc_info *x = vcdr_disc_info(a), *y = vcdr_disc_info(b);

    assert_int_equal(x->status, y->status);
    assert_string_equal(x->mcn, y->mcn);
    assert_int_equal(x->tracks, y->tracks);
    assert_int_equal(x->sessions, y->sessions);
    for (unsigned n = 1; n <= x->tracks; n++)
        check_same_track(a, b, n);
    for (unsigned n = 1; n <= x->sessions; n++)
        check_same_session(a, b, n);
}

void check_blocks_same(struct vcdr_disc *a, struct vcdr_disc *b, int32_t lba, uint32_t blocks)
{
    for (uint32_t i = 0; i < blocks; i++, lba++) {
        uint8_t block_a[2352], block_b[2352];

        assert_int_equal(vcdr_disc_read_raw(a, lba, 1, block_a, NULL), VCDR_OK);
        assert_int_equal(vcdr_disc_read_raw(b, lba, 1, block_b, NULL), VCDR_OK);
        assert_memory_equal(block_a, block_b, 2352);
    }
}

void check_blocks(struct vcdr_disc *disc, unsigned track, int32_t lba, uint32_t blocks)
{
    for (uint32_t i = 0; i < blocks; i++) {
        uint8_t expected[2352], sector[2352];

        script_block(track, i, expected, 2352);
        assert_int_equal(vcdr_disc_read_raw(disc, lba + (int32_t)i, 1, sector, NULL), VCDR_OK);
        assert_memory_equal(sector, expected, 2352);
    }
}

void check_refused(const char *image, int rc, const char *expected)
{
    struct vcdr_disc *disc = new_disc();
    char *why = NULL;

    if (vcdr_image_burn(image, disc, &why) != rc || !why || strcmp(why, expected) != 0)
        fail_msg("expected \"%s\", got \"%s\"", expected, why ? why : "nothing");
    free(why);
    why = NULL;
    vcdr_disc_close(disc);
    disc = new_disc(); /* a late refusal leaves a disc part-written */
    assert_int_equal(vcdr_image_burn(image, disc, NULL), rc);
    assert_int_equal(vcdr_image_import(image, "made.vcdr", NULL, 1, &why), rc);
    assert_non_null(why);
    assert_int_equal(access("made.vcdr", F_OK), -1);
    free(why);
    vcdr_disc_close(disc);
}

/* RIFF WAVE, PCM, 2 channels of 16 bits. */
void put_wave(const char *name, uint32_t rate, uint32_t frames)
{
    uint32_t bytes = frames * 4, riff = bytes + 36, per_second = rate * 4;
    uint8_t *wave = calloc(1, bytes + 44);

    assert_non_null(wave);
    memcpy(wave, "RIFF....WAVEfmt \x10\0\0\0\1\0\2\0........\4\0\x10\0data....", 44);
    for (int i = 0; i < 4; i++) {
        wave[4 + i] = (uint8_t)(riff >> 8 * i);
        wave[24 + i] = (uint8_t)(rate >> 8 * i);
        wave[28 + i] = (uint8_t)(per_second >> 8 * i);
        wave[40 + i] = (uint8_t)(bytes >> 8 * i);
    }
    for (uint32_t block = 0; block * 2352 < bytes; block++) {
        uint8_t samples[2352];
        uint32_t left = bytes - block * 2352;

        script_block(5, block, samples, 2352);
        memcpy(wave + 44 + block * 2352, samples, left < 2352 ? left : 2352);
    }
    put_file(name, wave, bytes + 44);
    free(wave);
}
