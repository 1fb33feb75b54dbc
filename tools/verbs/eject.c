/* SPDX-License-Identifier: MIT */
/* vcdr eject, vcdr button: hands on a drive of a running daemon. */
#include "verbs.h"

#include "serve/hands.h"

int verb_eject(int argc, char **argv)
{
    return hands_simply(argc, argv, "eject");
}

int verb_button(int argc, char **argv)
{
    return hands_simply(argc, argv, "button");
}
