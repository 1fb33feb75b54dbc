/* SPDX-License-Identifier: MIT */
/* A TOC file as words. */
#ifndef VCDR_IMAGE_TOC_WORDS_H
#define VCDR_IMAGE_TOC_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum toc_kind { TOC_END, TOC_WORD, TOC_STRING, TOC_MARK };
enum { TOC_WORD_BYTES = 1024 };

/* Where the reader is: the present word, and the text behind it. */
struct toc_words {
    const char *name; /* of the file */
    char **why;
    const char *at, *end;
    unsigned line; /* of the present word */
    enum toc_kind kind;
    char word[TOC_WORD_BYTES]; /* NUL behind it; a mark is one of { } : , # */
    size_t len;
};

/* Steps to the next word; `TOC_END` behind the last. VCDR_EINVAL. */
int toc_next(struct toc_words *w);
bool toc_is(const struct toc_words *w, const char *word); /* a word or mark, not a string */
/* VCDR_EINVAL with file, line, reason and the present word. */
int toc_refuse(const struct toc_words *w, const char *what);
/* mm:ss:ff, taken into blocks, or a number: *is_time tells them apart. Steps on. */
int toc_length(struct toc_words *w, uint64_t *value, bool *is_time);
bool toc_is_number(const struct toc_words *w);

#endif
