/* SPDX-License-Identifier: MIT */
#include "scenario/utf8.h"
#include <string.h>

unsigned utf8_decode(const char *at, size_t left, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = (uint8_t)at[0];
    unsigned length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : 4;
    uint32_t c = length == 1 ? first : first & (0x7Fu >> length);

    if ((length == 4 && first >> 3 != 30) || length > left)
        return 0;
    for (unsigned i = 1; i < length; i++) {
        if ((uint8_t)at[i] >> 6 != 2)
            return 0;
        c = c << 6 | ((uint8_t)at[i] & 0x3Fu);
    }
    if (c < least[length] || c > 0x10FFFF)
        return 0;
    *out = c;
    return length;
}

size_t utf8_length(const char *at)
{
    uint32_t c = 0;
    unsigned length = utf8_decode(at, strnlen(at, 4), &c);

    return c >= 0xD800 && c <= 0xDFFF ? 0 : length;
}
