/* SPDX-License-Identifier: MIT */
#include "harness.h"

static void inquiry_is_a_removable_mmc_unit(void **state)
{
    struct harness *h = harness_new("80min");

    (void)state;
    /* type 5, removable, SPC-3, format 2, 31 more, CmdQue; VCDR, CD-R RECORDER, revision */
    assert_hex(run(h, ONE, "12 00 00 00 60 00"),
               "05 80 05 02 1F 00 00 02  56 43 44 52 20 20 20 20"
               "43 44 2D 52 20 52 45 43  4F 52 44 45 52 20 20 20  .. .. .. ..");
    harness_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inquiry_is_a_removable_mmc_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
