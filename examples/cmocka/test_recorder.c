/* SPDX-License-Identifier: MIT */
/* Tests of burner.c: each has a recorder with a blank disc, and the recorder's record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <imapi2error.h>
#include <vcdr/cmocka.h>

#include "burner.h"

/* Lines of the drive's record that hold this text: what the drive saw, whatever the API says. */
static unsigned recorded(const struct vcdr_fixture *drive, const char *text)
{
    FILE *in = fopen(drive->record, "r");
    char line[4096];
    unsigned count = 0;

    while (in && fgets(line, sizeof(line), in))
        count += strstr(line, text) != NULL;
    if (in)
        fclose(in);
    return count;
}

/* ---- a blank disc for each test: the fixture as it comes ---- */

static void a_name_that_is_not_allowed_is_refused(void **state)
{
    const struct vcdr_fixture *drive = *state;
    IDiscFormat2TrackAtOnce *format = NULL;

    assert_int_equal(burner_new(drive->url, "Burner/1.0", &format),
                     E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID);
    assert_null(format);
}

static void the_drive_is_held_under_our_name_and_given_back(void **state)
{
    const struct vcdr_fixture *drive = *state;
    IDiscFormat2TrackAtOnce *format = NULL;

    assert_int_equal(burner_new(drive->url, "Burner 1.0", &format), S_OK);
    assert_int_equal(burner_burn_silence(format, 4), S_OK);
    IDiscFormat2TrackAtOnce_Release(format);
    assert_int_equal(recorded(drive, "\"owner\":\"Burner 1.0\""),
                     recorded(drive, "\"owner\":\"")); /* nobody else's */
    assert_int_equal(recorded(drive, "\"event\":\"exclusive-lock\""),
                     recorded(drive, "\"event\":\"exclusive-unlock\""));
    assert_int_equal(recorded(drive, "\"event\":\"track-closed\""), 1);
}

static void a_second_burn_onto_the_same_disc_is_refused(void **state)
{
    const struct vcdr_fixture *drive = *state;
    IDiscFormat2TrackAtOnce *format = NULL;

    assert_int_equal(burner_new(drive->url, "Burner 1.0", &format), S_OK);
    assert_int_equal(burner_burn_silence(format, 4), S_OK);
    assert_int_equal(burner_burn_silence(format, 4), E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK);
    IDiscFormat2TrackAtOnce_Release(format);
    assert_int_equal(vcdr_fixture_reset(drive), 0); /* as if another blank disc were put in */
    assert_int_equal(burner_new(drive->url, "Burner 1.0", &format), S_OK);
    assert_int_equal(burner_burn_silence(format, 4), S_OK);
    IDiscFormat2TrackAtOnce_Release(format);
}

/* ---- a disc that was burnt once, for each test ---- */

static int burn_once(const struct vcdr_fixture *drive)
{
    IDiscFormat2TrackAtOnce *format;
    HRESULT hr = burner_new(drive->url, "Preparation", &format);

    if (FAILED(hr))
        return -1;
    hr = burner_burn_silence(format, 4);
    IDiscFormat2TrackAtOnce_Release(format);
    return FAILED(hr) ? -1 : 0;
}

static int burnt_disc(void **state)
{
    static const struct vcdr_fixture_options options = {.capacity = "74min", .prepare = burn_once};

    (void)state;
    return vcdr_fixture_group_setup_with(&options);
}

static void a_burnt_disc_is_not_burnt_again(void **state)
{
    const struct vcdr_fixture *drive = *state;
    IDiscFormat2TrackAtOnce *format = NULL;

    assert_int_equal(burner_new(drive->url, "Burner 1.0", &format), S_OK);
    assert_int_equal(burner_burn_silence(format, 4), E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK);
    IDiscFormat2TrackAtOnce_Release(format);
    assert_int_equal(recorded(drive, "\"event\":\"track-opened\""), 0);
}

int main(void)
{
    const struct CMUnitTest blank[] = {
        vcdr_unit_test(a_name_that_is_not_allowed_is_refused),
        vcdr_unit_test(the_drive_is_held_under_our_name_and_given_back),
        vcdr_unit_test(a_second_burn_onto_the_same_disc_is_refused),
    };
    const struct CMUnitTest burnt[] = {
        vcdr_unit_test(a_burnt_disc_is_not_burnt_again),
    };
    int failed;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    failed = vcdr_run_group_tests(blank);
    failed += cmocka_run_group_tests(burnt, burnt_disc, vcdr_fixture_group_teardown);
    CoUninitialize();
    return failed;
}
