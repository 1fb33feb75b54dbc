/* SPDX-License-Identifier: MIT */
/* The two numbers of a disc and its tracks: which text is one. */
#include "disc_private.h"

enum { MCN_DIGITS = 13, ISRC_LETTERS = 5, ISRC_CHARACTERS = 12 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

bool text_is_mcn(const char *text)
{
    for (size_t i = 0; i < MCN_DIGITS; i++)
        if (!digit(text[i]))
            return false;
    return text[MCN_DIGITS] == '\0';
}

bool text_is_isrc(const char *text)
{
    for (size_t i = 0; i < ISRC_CHARACTERS; i++)
        if (!digit(text[i]) && !(i < ISRC_LETTERS && text[i] >= 'A' && text[i] <= 'Z'))
            return false;
    return text[ISRC_CHARACTERS] == '\0';
}
