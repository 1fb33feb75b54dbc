/* SPDX-License-Identifier: MIT */
#include "toc_words.h"

#include <ctype.h>
#include <string.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "reason.h"

int toc_refuse(const struct toc_words *w, const char *what)
{
    return reason(w->why, VCDR_EINVAL, "%s:%u: %s%s%s", w->name, w->line, what,
                  w->kind == TOC_END ? "" : ": ", w->kind == TOC_END ? "" : w->word);
}

static int wrong(struct toc_words *w, const char *what)
{
    w->kind = TOC_END;
    return toc_refuse(w, what);
}

static void skip(struct toc_words *w)
{
    for (; w->at < w->end; w->at++) {
        if (*w->at == '\n')
            w->line++;
        else if (w->at + 1 < w->end && w->at[0] == '/' && w->at[1] == '/')
            while (w->at + 1 < w->end && w->at[1] != '\n')
                w->at++;
        else if (!isspace((unsigned char)*w->at))
            return;
    }
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* Behind a backslash: three octal digits, or the character itself. */
static char escaped(struct toc_words *w)
{
    if (w->end - w->at >= 3 && is_octal(w->at[0]) && is_octal(w->at[1]) && is_octal(w->at[2])) {
        unsigned value =
            (unsigned)((w->at[0] - '0') << 6 | (w->at[1] - '0') << 3 | (w->at[2] - '0'));

        w->at += 3;
        return (char)value;
    }
    return *w->at++;
}

static int take_string(struct toc_words *w)
{
    w->kind = TOC_STRING;
    for (w->at++; w->at < w->end && *w->at != '"' && *w->at != '\n';) {
        char c = *w->at++;

        if (c == '\\' && w->at < w->end)
            c = escaped(w);
        if (c == '\0' || c == '\n')
            return wrong(w, "a string with a control character");
        if (w->len + 1 >= sizeof(w->word))
            return wrong(w, "string too long");
        w->word[w->len++] = c;
    }
    if (w->at == w->end || *w->at != '"')
        return wrong(w, "quotation mark without an end");
    w->at++;
    w->word[w->len] = '\0';
    return VCDR_OK;
}

int toc_next(struct toc_words *w)
{
    static const char marks[] = "{},#";

    skip(w);
    w->len = 0;
    w->word[0] = '\0';
    w->kind = TOC_END;
    if (w->at == w->end)
        return VCDR_OK;
    if (*w->at == '"')
        return take_string(w);
    w->kind = TOC_WORD;
    if (*w->at != '\0' && strchr(marks, *w->at)) {
        w->kind = TOC_MARK;
        w->word[w->len++] = *w->at++;
    }
    while (w->kind == TOC_WORD && w->at < w->end && !isspace((unsigned char)*w->at) &&
           *w->at != '"' && (*w->at == '\0' || !strchr(marks, *w->at))) {
        if (!isprint((unsigned char)*w->at))
            return wrong(w, "a byte that is no text");
        if (w->len + 1 >= sizeof(w->word))
            return wrong(w, "word too long");
        w->word[w->len++] = *w->at++;
    }
    w->word[w->len] = '\0';
    return VCDR_OK;
}

bool toc_is(const struct toc_words *w, const char *word)
{
    return (w->kind == TOC_WORD || w->kind == TOC_MARK) && strcmp(w->word, word) == 0;
}

bool toc_is_number(const struct toc_words *w)
{
    return w->kind == TOC_WORD && isdigit((unsigned char)w->word[0]);
}

/* Up to ten digits; *text is behind them. */
static bool digits(const char **text, uint64_t *value)
{
    const char *from = *text;

    *value = 0;
    for (; isdigit((unsigned char)**text); (*text)++)
        *value = *value * 10 + (uint64_t)(**text - '0');
    return *text > from && *text - from <= 10;
}

int toc_length(struct toc_words *w, uint64_t *value, bool *is_time)
{
    const char *text = w->word;
    uint64_t m, s, f;

    if (w->kind != TOC_WORD || !digits(&text, &m))
        return toc_refuse(w, "not a length");
    *is_time = *text == ':';
    *value = m;
    if (*is_time) {
        text++;
        if (!digits(&text, &s) || *text++ != ':' || !digits(&text, &f) || m > 99 || s > 59 ||
            f >= CD_BLOCKS_PER_SECOND)
            return toc_refuse(w, "not a time mm:ss:ff (ss 00-59, ff 00-74)");
        *value = (m * 60 + s) * CD_BLOCKS_PER_SECOND + f;
    }
    if (*text != '\0')
        return toc_refuse(w, "not a length");
    return toc_next(w);
}
