/* SPDX-License-Identifier: MIT */
#include "burn_script.h"

/* Choices of page 05h, as tests/model/walk.c has them: kinds of track, and multi-session. */
enum { DATA = 0, SOUND = 1, FORM1 = 2, NEXT_SESSION = 0, NO_NEXT = 5 };
enum { THIS_SESSION = 0, RESERVED_PLACE = 0, BEHIND = 1 };

#define WRITE(n)                                                                                   \
    {                                                                                              \
        .kind = ASK_WRITE, .blocks = n                                                             \
    }
#define PAGE(mode, multi)                                                                          \
    {                                                                                              \
        .kind = ASK_WRITE_PAGE, .choice = mode, .seed = multi                                      \
    }
#define DO(what)                                                                                   \
    {                                                                                              \
        .kind = what                                                                               \
    }
#define STRANGER(what)                                                                             \
    {                                                                                              \
        .kind = what, .nexus = 1                                                                   \
    }

const struct step burn_script[] = {
    DO(ASK_TEST_UNIT_READY),
    STRANGER(ASK_TEST_UNIT_READY),
    DO(ASK_LOCK),
    PAGE(SOUND, NEXT_SESSION),
    WRITE(16),
    WRITE(16),
    STRANGER(ASK_LOCK),
    WRITE(16),
    WRITE(7),
    DO(ASK_SYNCHRONIZE),
    WRITE(27),
    WRITE(27),
    WRITE(27),
    DO(ASK_SYNCHRONIZE),
    PAGE(DATA, NEXT_SESSION),
    WRITE(32),
    STRANGER(ASK_TEST_UNIT_READY),
    WRITE(32),
    WRITE(1),
    DO(ASK_CLOSE_TRACK),
    {.kind = ASK_RESERVE_TRACK, .blocks = 310},
    PAGE(FORM1, NEXT_SESSION),
    {.kind = ASK_WRITE, .blocks = 12, .choice = BEHIND},
    WRITE(12),
    {.kind = ASK_WRITE, .blocks = 12, .choice = RESERVED_PLACE},
    DO(ASK_SYNCHRONIZE),
    PAGE(DATA, NEXT_SESSION),
    DO(ASK_CLOSE_SESSION),
    DO(ASK_UNLOCK),
    DO(ASK_RESERVE),
    WRITE(20),
    WRITE(20),
    STRANGER(ASK_SYNCHRONIZE),
    DO(ASK_SYNCHRONIZE),
    DO(ASK_RELEASE),
    STRANGER(ASK_LOCK),
    STRANGER(ASK_WRITE_PAGE),
    {.kind = ASK_WRITE, .nexus = 1, .blocks = 20},
    {.kind = ASK_WRITE, .nexus = 1, .blocks = 20},
    {.kind = ASK_WRITE_PAGE, .nexus = 1, .seed = NO_NEXT},
    STRANGER(ASK_CLOSE_SESSION),
    STRANGER(ASK_UNLOCK),
};
const unsigned burn_script_steps = sizeof(burn_script) / sizeof(burn_script[0]);

const struct step next_burn[] = {
    DO(ASK_SYNCHRONIZE),
    PAGE(DATA, NO_NEXT),
    WRITE(9),
    DO(ASK_SYNCHRONIZE),
    DO(ASK_CLOSE_SESSION),
    {.kind = ASK_CLOSE_TRACK, .target = 3, .choice = 1}, /* a reservation that was left */
    {.kind = ASK_CLOSE_TRACK, .target = 4, .choice = 1},
    DO(ASK_CLOSE_SESSION),
    WRITE(9),
};
const unsigned next_burn_steps = sizeof(next_burn) / sizeof(next_burn[0]);
