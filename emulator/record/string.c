/* SPDX-License-Identifier: MIT */
/* Any text as a JSON string: what initiators call themselves is theirs to choose. */
#include <vcdr/record.h>

#include <stdio.h>

/* Length of the UTF-8 character at p, 0 when it is not one (RFC 3629). */
static size_t utf8_length(const unsigned char *p)
{
    static const struct {
        unsigned char mask, lead, low, high; /* low..high: what the second byte may be */
        size_t len;
    } forms[] = {
        {0x80, 0x00, 0x00, 0xFF, 1}, {0xE0, 0xC0, 0x80, 0xBF, 2}, {0xFF, 0xE0, 0xA0, 0xBF, 3},
        {0xFF, 0xED, 0x80, 0x9F, 3}, {0xF0, 0xE0, 0x80, 0xBF, 3}, {0xFF, 0xF0, 0x90, 0xBF, 4},
        {0xFF, 0xF4, 0x80, 0x8F, 4}, {0xFC, 0xF0, 0x80, 0xBF, 4},
    };

    if (p[0] == 0xC0 || p[0] == 0xC1)
        return 0;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if ((p[0] & forms[i].mask) != forms[i].lead)
            continue;
        if (forms[i].len > 1 && (p[1] < forms[i].low || p[1] > forms[i].high))
            return 0;
        for (size_t k = 2; k < forms[i].len; k++) {
            if ((p[k] & 0xC0) != 0x80)
                return 0;
        }
        return forms[i].len;
    }
    return 0;
}

/* One character, escaped where JSON wants it (RFC 8259 7): 6 bytes at most, and a NUL. */
static size_t put_character(const unsigned char *p, size_t n, char *out)
{
    if (n == 0)
        return (size_t)sprintf(out, "\\ufffd");
    if (*p < 0x20)
        return (size_t)sprintf(out, "\\u%04x", *p);
    return (size_t)sprintf(out, *p == '"' || *p == '\\' ? "\\%.*s" : "%.*s", (int)n,
                           (const char *)p);
}

size_t vcdr_record_string(const char *value, size_t limit, char *buf)
{
    const unsigned char *p = (const unsigned char *)value;
    size_t len = 0;

    if (value == NULL)
        return (size_t)sprintf(buf, "null");
    buf[len++] = '"';
    while (*p != '\0' && len - 1 + 6 <= limit) {
        size_t n = utf8_length(p);

        len += put_character(p, n, buf + len);
        p += n > 0 ? n : 1;
    }
    buf[len++] = '"';
    buf[len] = '\0';
    return len;
}
