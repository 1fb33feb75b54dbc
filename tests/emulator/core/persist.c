/* SPDX-License-Identifier: MIT */
#include "persist.h"

#include <stdio.h>

static void put_key(uint8_t *p, uint64_t key)
{
    for (unsigned i = 0; i < 8; i++)
        p[i] = (uint8_t)(key >> (56 - 8 * i));
}

struct reply *prout(struct harness *h, uint64_t nexus, unsigned action, unsigned type, uint64_t key,
                    uint64_t service_key)
{
    uint8_t list[24] = {0};
    char cdb[64];

    put_key(list, key);
    put_key(list + 8, service_key);
    snprintf(cdb, sizeof(cdb), "5F %02X %02X 00 00 00 00 00 18 00", action, type);
    return run_data(h, nexus, cdb, list, sizeof(list), 0);
}

void register_key(struct harness *h, uint64_t nexus, uint64_t key)
{
    assert_good(prout(h, nexus, REGISTER, 0, 0, key));
}

void assert_attention(struct harness *h, uint64_t nexus, uint32_t sense)
{
    assert_sense(run(h, nexus, "00 00 00 00 00 00"), sense);
    assert_no_attention(h, nexus);
}

void assert_no_attention(struct harness *h, uint64_t nexus)
{
    assert_good(run(h, nexus, "00 00 00 00 00 00"));
}
