/* SPDX-License-Identifier: MIT */
#include "hex.h"
#include <ctype.h>
#include <string.h>

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *place = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return place != NULL ? (int)(place - digits) : -1;
}

int hex_parse(const char *text, uint8_t *bytes, size_t size)
{
    size_t length = 0;
    while (*text != '\0') {
        if (*text == ' ' || *text == ':') {
            text++;
            continue;
        }
        int high = digit(text[0]);
        int low = high >= 0 ? digit(text[1]) : -1;
        if (low < 0 || length == size)
            return -1;
        bytes[length++] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    return (int)length;
}

void hex_dump(const void *bytes, size_t length, FILE *to)
{
    const uint8_t *byte = bytes;
    for (size_t line = 0; line < length; line += 16) {
        size_t end = length - line < 16 ? length - line : 16;
        fprintf(to, "%06zx ", line);
        for (size_t i = 0; i < 16; i++)
            if (i < end)
                fprintf(to, " %02x", byte[line + i]);
            else
                fputs("   ", to);
        fputs("  ", to);
        for (size_t i = 0; i < end; i++)
            fputc(isprint(byte[line + i]) ? byte[line + i] : '.', to);
        fputc('\n', to);
    }
}
