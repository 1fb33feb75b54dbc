/* SPDX-License-Identifier: MIT */
/* Write speeds, and the mode pages as a burn leaves them on the drive (reference: imapi2 1.3 and 8,
 * points 34, 35; mmc-cdr 3.1). */
#include <stdio.h>
#include "api/transport/transport.h"
#include "tests/api/imapi/support.h"

static LONG speed(IDiscFormat2TrackAtOnce *tao)
{
    LONG value;

    assert_hr(tao->lpVtbl->get_CurrentWriteSpeed(tao, &value), S_OK);
    return value;
}

static SAFEARRAY *speeds(IDiscFormat2TrackAtOnce *tao)
{
    SAFEARRAY *array;

    assert_hr(tao->lpVtbl->get_SupportedWriteSpeeds(tao, &array), S_OK);
    assert_true(array->rgsabound[0].cElements >= 2);
    return array;
}

static void by_default_the_fastest_is_wished_for(void **state)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    VARIANT_BOOL cav = VARIANT_TRUE;
    LONG value = 0;

    assert_hr(tao->lpVtbl->get_RequestedWriteSpeed(tao, &value), S_OK);
    assert_int_equal(value, -1);
    assert_hr(tao->lpVtbl->get_RequestedRotationTypeIsPureCAV(tao, &cav), S_OK);
    assert_int_equal(cav, 0);
    RELEASE(tao);
}

static void every_supported_speed_is_taken_as_it_is(void **state)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    SAFEARRAY *array = speeds(tao);
    VARIANT *elements = array->pvData;

    for (ULONG i = 0; i < array->rgsabound[0].cElements; i++) {
        LONG value;

        assert_int_equal(elements[i].vt, VT_UI4);
        assert_int_equal(elements[i].ulVal % 75, 0); /* whole multiples of 1x */
        assert_hr(tao->lpVtbl->SetWriteSpeed(tao, elements[i].lVal, VARIANT_FALSE), S_OK);
        assert_int_equal(speed(tao), elements[i].lVal);
        assert_hr(tao->lpVtbl->get_RequestedWriteSpeed(tao, &value), S_OK);
        assert_int_equal(value, elements[i].lVal);
    }
    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, -1, VARIANT_FALSE), S_OK);
    assert_int_equal(speed(tao), elements[0].lVal); /* the fastest is named first */
    SafeArrayDestroy(array);
    RELEASE(tao);
}

static void another_speed_is_adjusted_and_the_wish_remembered(void **state)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    SAFEARRAY *array = speeds(tao);
    VARIANT *elements = array->pvData;
    LONG fastest = elements[0].lVal, value;
    LONG slowest = elements[array->rgsabound[0].cElements - 1].lVal;

    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, fastest + 1000, VARIANT_FALSE), 0x00AA0004);
    assert_int_equal(speed(tao), fastest);
    assert_hr(tao->lpVtbl->get_RequestedWriteSpeed(tao, &value), S_OK);
    assert_int_equal(value, fastest + 1000);
    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, 1, VARIANT_FALSE), 0x00AA0004);
    assert_int_equal(speed(tao), slowest);
    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, fastest - 1, VARIANT_FALSE), 0x00AA0004);
    assert_int_equal(speed(tao), fastest); /* the nearest, not the next below */
    SafeArrayDestroy(array);
    RELEASE(tao);
}

static void pure_cav_that_the_drive_has_not_is_adjusted(void **state)
{
    IDiscFormat2TrackAtOnce *tao = ready_tao(*state);
    SAFEARRAY *array;
    VARIANT *objects;
    VARIANT_BOOL cav;
    LONG value;

    assert_hr(tao->lpVtbl->get_SupportedWriteSpeedDescriptors(tao, &array), S_OK);
    objects = array->pvData;
    for (ULONG i = 0; i < array->rgsabound[0].cElements; i++) {
        IWriteSpeedDescriptor *descriptor;
        IMAPI_MEDIA_PHYSICAL_TYPE type;

        assert_hr(objects[i].pdispVal->lpVtbl->QueryInterface(
                      objects[i].pdispVal, &IID_IWriteSpeedDescriptor, (void **)&descriptor),
                  S_OK);
        assert_hr(descriptor->lpVtbl->get_RotationTypeIsPureCAV(descriptor, &cav), S_OK);
        assert_int_equal(cav, 0); /* none of this drive's speeds is */
        assert_hr(descriptor->lpVtbl->get_WriteSpeed(descriptor, &value), S_OK);
        assert_hr(descriptor->lpVtbl->get_MediaType(descriptor, &type), S_OK);
        assert_int_equal(type, 2);
        assert_hr(descriptor->lpVtbl->get_MediaType(descriptor, NULL), 0x80004003);
        assert_hr(descriptor->lpVtbl->get_WriteSpeed(descriptor, NULL), 0x80004003);
        assert_hr(descriptor->lpVtbl->get_RotationTypeIsPureCAV(descriptor, NULL), 0x80004003);
        RELEASE(descriptor);
    }
    SafeArrayDestroy(array);
    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, value, VARIANT_TRUE), 0x00AA0005);
    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, value + 1, VARIANT_TRUE), 0x00AA0006);
    assert_hr(tao->lpVtbl->get_CurrentRotationTypeIsPureCAV(tao, &cav), S_OK);
    assert_int_equal(cav, 0);
    assert_hr(tao->lpVtbl->get_RequestedRotationTypeIsPureCAV(tao, &cav), S_OK);
    assert_int_equal(cav, -1);
    RELEASE(tao);
}

static void the_wish_is_made_again_for_the_session(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench), *other;
    SAFEARRAY *array = speeds(tao);
    LONG slowest = ((VARIANT *)array->pvData)[array->rgsabound[0].cElements - 1].lVal;

    SafeArrayDestroy(array);
    assert_hr(tao->lpVtbl->SetWriteSpeed(tao, slowest, VARIANT_FALSE), S_OK);
    other = ready_tao(bench);
    assert_hr(other->lpVtbl->SetWriteSpeed(other, -1, VARIANT_FALSE), S_OK);
    RELEASE(other);
    assert_true(speed(tao) > slowest);
    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_int_equal(speed(tao), slowest);
    RELEASE(tao);
}

/* ---- page 05 */

static void page_05(struct bench *bench, uint8_t page[52])
{
    struct transport *raw = raw_open(bench);
    uint8_t reply[60];
    uint32_t sense;
    size_t got;

    /* MODE SENSE(10), DBD, current values of page 05, allocation 60 */
    while (raw_command(raw, "5A 08 05 00 00 00 00 00 3C 00", reply, sizeof(reply), &got, &sense) &&
           sense >> 16 == 6) {
    }
    assert_int_equal(got, 60);
    memcpy(page, reply + 8, 52);
    transport_close(raw);
}

static void burn(IDiscFormat2TrackAtOnce *tao, VARIANT_BOOL underrun_free_disabled)
{
    struct test_stream stream;

    assert_hr(tao->lpVtbl->PrepareMedia(tao), S_OK);
    assert_hr(tao->lpVtbl->put_BufferUnderrunFreeDisabled(tao, underrun_free_disabled), S_OK);
    stream_init(&stream, 4, 1);
    assert_hr(tao->lpVtbl->AddAudioTrack(tao, &stream.iface), S_OK);
    assert_hr(tao->lpVtbl->ReleaseMedia(tao), S_OK);
}

static void the_write_parameters_page_of_a_burn(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    IDiscRecorder2 *keeps_the_drive_on = open_recorder(bench->url);
    uint8_t page[52];

    burn(tao, VARIANT_FALSE);
    page_05(bench, page);
    assert_int_equal(page[0] & 0x3F, 0x05);
    assert_int_equal(page[1], 0x32);
    assert_int_equal(page[2], 0x41); /* BUFE, no test write, track at once */
    assert_int_equal(page[3], 0x00); /* no next session, no copy, two audio channels */
    assert_int_equal(page[4], 0x00); /* block type 0: raw, 2352 bytes */
    assert_int_equal(page[8], 0x00); /* CD-DA or CD-ROM */
    assert_int_equal(page[14] << 8 | page[15], 150);
    RELEASE(keeps_the_drive_on);
    RELEASE(tao);
}

static void the_page_when_the_disc_stays_open_and_nothing_protects(void **state)
{
    struct bench *bench = *state;
    IDiscFormat2TrackAtOnce *tao = ready_tao(bench);
    IDiscRecorder2 *keeps_the_drive_on = open_recorder(bench->url);
    uint8_t page[52];

    assert_hr(tao->lpVtbl->put_DoNotFinalizeMedia(tao, VARIANT_TRUE), S_OK);
    burn(tao, VARIANT_TRUE);
    page_05(bench, page);
    assert_int_equal(page[2], 0x01); /* BUFE 0 */
    assert_int_equal(page[3], 0xC0); /* 11: a next session is allowed */
    RELEASE(keeps_the_drive_on);
    RELEASE(tao);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_default_the_fastest_is_wished_for),
        TEST(every_supported_speed_is_taken_as_it_is),
        TEST(another_speed_is_adjusted_and_the_wish_remembered),
        TEST(pure_cav_that_the_drive_has_not_is_adjusted),
        TEST(the_wish_is_made_again_for_the_session),
        TEST(the_write_parameters_page_of_a_burn),
        TEST(the_page_when_the_disc_stays_open_and_nothing_protects),
    };

    return cmocka_run_group_tests(tests, com_up, com_down);
}
