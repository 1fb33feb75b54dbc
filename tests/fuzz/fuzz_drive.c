/* SPDX-License-Identifier: MIT */
/* The drive: commands of four nexuses, their coming and going, resets, media, time, power. */
#include "tests/fuzz/workbench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct workbench bench;

    workbench_up(&bench, false, &in);
    for (unsigned step = 0; step < 100 && in.left > 0; step++)
        workbench_step(&bench, &in);
    workbench_down(&bench);
    return 0;
}
