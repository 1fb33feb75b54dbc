/* SPDX-License-Identifier: MIT */
/* An ISO image: the user data of one mode 1 track. */
#ifndef VCDR_IMAGE_ISO_H
#define VCDR_IMAGE_ISO_H

#include "image.h"

int iso_read(const char *path, struct image *image, char **why);

#endif
