/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "spy.h"

static void the_length_in_bytes_stands_in_the_four_bytes_before_the_text(void **state)
{
    BSTR bstr = SysAllocString(u"Ab\x0141");
    /* 06 00 00 00: six bytes; 0041 0062 0141 0000 */
    static const OLECHAR units[] = {0x0041, 0x0062, 0x0141, 0x0000};
    DWORD length;

    (void)state;
    memcpy(&length, (char *)bstr - 4, 4);
    assert_int_equal(length, 6);
    assert_memory_equal(bstr, units, sizeof(units));
    assert_int_equal(SysStringByteLen(bstr), 6);
    assert_int_equal(SysStringLen(bstr), 3);
    SysFreeString(bstr);
}

static void null_is_the_empty_string(void **state)
{
    BSTR empty = SysAllocString(u"");

    (void)state;
    assert_non_null(empty);
    assert_int_equal(SysStringLen(empty), 0);
    assert_int_equal(empty[0], 0);
    SysFreeString(empty);
    assert_null(SysAllocString(NULL));
    assert_int_equal(SysStringLen(NULL), 0);
    assert_int_equal(SysStringByteLen(NULL), 0);
    SysFreeString(NULL);
}

static void a_length_may_hold_nuls_and_needs_no_text(void **state)
{
    BSTR nuls = SysAllocStringLen(u"a\0b", 3);
    BSTR blank = SysAllocStringLen(NULL, 2);

    (void)state;
    assert_int_equal(SysStringLen(nuls), 3);
    assert_int_equal(nuls[2], 'b');
    assert_int_equal(nuls[3], 0);
    assert_int_equal(SysStringLen(blank), 2);
    assert_int_equal(blank[0] | blank[1] | blank[2], 0);
    SysFreeString(nuls);
    SysFreeString(blank);
}

static void an_odd_byte_length_is_kept_and_terminated_by_two_bytes(void **state)
{
    BSTR odd = SysAllocStringByteLen("\x41\x42\x43", 3);
    /* 41 42 43 00 00 */
    static const char bytes[] = {0x41, 0x42, 0x43, 0x00, 0x00};

    (void)state;
    assert_int_equal(SysStringByteLen(odd), 3);
    assert_int_equal(SysStringLen(odd), 1);
    assert_memory_equal(odd, bytes, sizeof(bytes));
    SysFreeString(odd);
    odd = SysAllocStringByteLen(NULL, 0);
    assert_non_null(odd);
    assert_int_equal(SysStringByteLen(odd), 0);
    SysFreeString(odd);
}

static void a_length_beyond_31_bits_is_refused(void **state)
{
    (void)state;
    assert_null(SysAllocStringLen(NULL, 0x40000000));
    assert_null(SysAllocStringLen(NULL, 0xFFFFFFFF));
    assert_null(SysAllocStringByteLen(NULL, 0xFFFFFFFF));
}

static void a_string_may_be_made_again_of_its_own_part(void **state)
{
    BSTR bstr = SysAllocString(u"recorder");

    (void)state;
    assert_int_equal(SysReAllocStringLen(&bstr, bstr + 2, 4), TRUE);
    assert_int_equal(SysStringLen(bstr), 4);
    assert_memory_equal(bstr, u"cord", 10);
    assert_int_equal(SysReAllocString(&bstr, u"x"), TRUE);
    assert_memory_equal(bstr, u"x", 4);
    assert_int_equal(SysReAllocString(&bstr, NULL), TRUE);
    assert_null(bstr);
    assert_int_equal(SysReAllocString(NULL, u"x"), FALSE);
    assert_int_equal(SysReAllocStringLen(NULL, u"x", 1), FALSE);
}

static void without_memory_there_is_no_string_and_the_old_one_stays(void **state)
{
    struct spy spy;
    BSTR bstr = SysAllocString(u"old");

    (void)state;
    spy_start(&spy, 1);
    assert_int_equal(SysReAllocString(&bstr, u"new"), FALSE);
    spy_stop(&spy);
    assert_memory_equal(bstr, u"old", 8);
    spy_start(&spy, 1);
    assert_null(SysAllocString(u"new"));
    spy_stop(&spy);
    SysFreeString(bstr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_length_in_bytes_stands_in_the_four_bytes_before_the_text),
        cmocka_unit_test(null_is_the_empty_string),
        cmocka_unit_test(a_length_may_hold_nuls_and_needs_no_text),
        cmocka_unit_test(an_odd_byte_length_is_kept_and_terminated_by_two_bytes),
        cmocka_unit_test(a_length_beyond_31_bits_is_refused),
        cmocka_unit_test(a_string_may_be_made_again_of_its_own_part),
        cmocka_unit_test(without_memory_there_is_no_string_and_the_old_one_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
