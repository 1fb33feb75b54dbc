/* SPDX-License-Identifier: MIT */
/*
 * An audio file as an IStream of CD audio: 44.1 kHz, two channels, 16 bits, little-endian, no
 * header. It streams: nothing of the file is kept. One thread at a time.
 */
#ifndef VCDR_TOOLS_AUDIO_STREAM_H
#define VCDR_TOOLS_AUDIO_STREAM_H

#include "com.h"
#include <stdint.h>

/* 0, or an exit status after one line on stderr that says why the file cannot be a track. `bytes`
 * is the stream's length. Released by IStream_Release. */
int audio_stream_open(const char *path, IStream **stream, uint64_t *bytes);

#endif
