/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/input.h"

#include <string.h>
#include "tests/fuzz/must.h"

uint8_t take_u8(struct input *in)
{
    if (in->left == 0)
        return 0;
    in->left--;
    return *in->data++;
}

uint16_t take_be16(struct input *in)
{
    uint8_t high = take_u8(in);

    return (uint16_t)(high << 8 | take_u8(in));
}

uint32_t take_be32(struct input *in)
{
    uint32_t high = take_be16(in);

    return high << 16 | take_be16(in);
}

void take_bytes(struct input *in, void *to, size_t len)
{
    size_t n = len < in->left ? len : in->left;

    if (n > 0)
        memcpy(to, in->data, n);
    if (n < len)
        memset((uint8_t *)to + n, 0, len - n);
    in->data += n;
    in->left -= n;
}

uint8_t *take_block(struct input *in, size_t len)
{
    uint8_t *block = malloc(len);

    MUST(block != NULL || len == 0);
    take_bytes(in, block, len);
    return block;
}

char *take_text(struct input *in, size_t most)
{
    size_t limit = most < in->left ? most : in->left, len = 0;
    char *text;

    while (len < limit && in->data[len] != 0)
        len++;
    text = malloc(len + 1);
    MUST(text != NULL);
    take_bytes(in, text, len);
    text[len] = '\0';
    if (len < most && in->left > 0) /* the NUL that ended it */
        take_u8(in);
    return text;
}
