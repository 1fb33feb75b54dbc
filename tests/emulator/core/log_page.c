/* SPDX-License-Identifier: MIT */
#include "log_page.h"

const uint8_t *log_parameter(struct harness *h, uint64_t nexus, unsigned code, size_t *len)
{
    struct reply *r = run(h, nexus, "4D 00 79 00 00 00 00 FF FF 00");
    size_t at = 4;

    assert_good(r);
    while (at + 4 <= r->len) {
        if ((unsigned)(r->data[at] << 8 | r->data[at + 1]) == code) {
            *len = r->data[at + 3];
            return r->data + at + 4;
        }
        at += 4u + r->data[at + 3];
    }
    return NULL;
}

unsigned log_counter(struct harness *h, unsigned code)
{
    size_t len = 0;
    const uint8_t *p = log_parameter(h, ONE, code, &len);

    assert_non_null(p);
    assert_int_equal(len, 4);
    return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

const char *log_owner(struct harness *h, unsigned code)
{
    size_t len = 0;
    const uint8_t *p = log_parameter(h, ONE, code, &len);

    if (p == NULL)
        return NULL;
    assert_int_equal(len, 64);
    return (const char *)p;
}
