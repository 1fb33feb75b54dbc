/* SPDX-License-Identifier: MIT */
/*
 * Standard images out of a disc and into one: BIN/CUE, cdrdao's TOC and ISO. It reads and writes files and drives
 * the disc by vcdr/disc.h; it knows no drive. docs/disc-format.md says what an image keeps.
 *
 * Errors: negative enum vcdr_error, and through `why` (NULL is allowed) one line for people,
 * without newline, that names the file, the line or thing in it, and the reason. It is malloc'ed;
 * the caller frees it. It is written on failure only, and is NULL there when memory ran out.
 */
#ifndef VCDR_IMAGE_H
#define VCDR_IMAGE_H

#include <vcdr/disc.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes `cue_path` and, beside it, a file of the same name with the ending .bin, which hold every
 * complete track with its pre-gap, indexes, ISRC and flags, the MCN, and the sessions (REM SESSION);
 * CD-Text goes as packs into a file ending in .cdt, that of session n > 1 in .n.cdt. A track's
 * blocks lie in the .bin at the same distance from the session's start as on the disc. None of the
 * files may exist (VCDR_EEXIST); all are removed on failure. VCDR_ESTATE: the disc has no complete
 * track.
 */
int vcdr_image_export_cue(struct vcdr_disc *disc, const char *cue_path, char **why);

/*
 * The same as a TOC file of cdrdao and a .bin, of a disc of one session (VCDR_EINVAL: it has more).
 * The text of CD-Text's first language stands in it as text.
 */
int vcdr_image_export_toc(struct vcdr_disc *disc, const char *toc_path, char **why);

/*
 * Writes the user data (2048 bytes a block) of one complete data track; `track` 0 takes the first
 * data track of the disc. VCDR_ENOENT: there is none; VCDR_EMODE: the track is audio or has form 2
 * sectors; VCDR_EEXIST: the file is there.
 */
int vcdr_image_export_iso(struct vcdr_disc *disc, unsigned track, const char *iso_path, char **why);

/*
 * Burns an image, each session at once, onto a new disc file: a cue sheet (a name ending in .cue, any
 * case), a TOC file (.toc) or else an ISO image. `geometry` NULL takes the smallest of 74, 80 and 90 minutes that
 * holds it; `serial` as in vcdr_disc_create. The last session is finalised. `disc_path` must not
 * exist (VCDR_EEXIST) and is removed on failure. VCDR_ENOSPACE: it does not fit; VCDR_EINVAL: the
 * image is malformed or asks for what a disc cannot hold.
 */
int vcdr_image_import(const char *image_path, const char *disc_path,
                      const struct vcdr_geometry *geometry, uint32_t serial, char **why);

/* The same onto a blank disc that is open already, and stays so. A failure in the
 * midst of a session leaves that session damaged, and the ones before it as they are. */
int vcdr_image_burn(const char *image_path, struct vcdr_disc *disc, char **why);

#ifdef __cplusplus
}
#endif
#endif
