/* SPDX-License-Identifier: MIT */
#include "hex.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 8192

struct bytes hex(const char *text)
{
    uint8_t buffer[MOST];
    struct bytes bytes = {.len = 0};

    while (*text) {
        unsigned value;

        if (isspace((unsigned char)*text)) {
            text++;
        } else if (*text == '*') {
            long times = strtol(text + 1, (char **)&text, 10);

            assert_true(bytes.len > 0 && times > 0 && bytes.len + (size_t)times <= MOST);
            memset(buffer + bytes.len, buffer[bytes.len - 1], (size_t)times - 1);
            bytes.len += (size_t)times - 1;
        } else {
            assert_int_equal(sscanf(text, "%2x", &value), 1);
            assert_true(isxdigit((unsigned char)text[1]) && bytes.len < MOST);
            buffer[bytes.len++] = (uint8_t)value;
            text += 2;
        }
    }
    return hex_cut((struct bytes){buffer, bytes.len}, bytes.len);
}

struct bytes hex_cut(struct bytes whole, size_t len)
{
    struct bytes bytes = {.data = malloc(len ? len : 1), .len = len};

    assert_non_null(bytes.data);
    memcpy(bytes.data, whole.data, len);
    return bytes;
}

void hex_free(struct bytes bytes)
{
    free(bytes.data);
}

void assert_cdb(uint8_t returned_len, const uint8_t cdb[16], const char *expected)
{
    static const uint8_t zero[16];
    struct bytes want = hex(expected);

    assert_int_equal(returned_len, want.len);
    assert_memory_equal(cdb, want.data, want.len);
    assert_memory_equal(cdb + want.len, zero, 16 - want.len);
    hex_free(want);
}
