/* SPDX-License-Identifier: MIT */
/* An 80-minute burn through IDiscFormat2TrackAtOnce, for the bench. */
#ifndef VCDR_MEASURE_AUDIO_H
#define VCDR_MEASURE_AUDIO_H

#include <stdint.h>

struct audio_burn {
    uint32_t blocks; /* of the one track: all that the disc holds */
    double us;       /* AddAudioTrack, from its call to its return */
};

/* Burns the drive's blank disc full with one track, read from `file`, which is made as long as that
 * takes. NULL, or what failed (static text). */
const char *audio_burn(const char *url, const char *file, struct audio_burn *out);

#endif
