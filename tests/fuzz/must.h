/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target demands beyond "does not crash": a claim of a header that did not hold ends
 * the program, so that libFuzzer keeps the input.
 */
#ifndef VCDR_TESTS_FUZZ_MUST_H
#define VCDR_TESTS_FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(claim)                                                                                \
    do {                                                                                           \
        if (!(claim)) {                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
