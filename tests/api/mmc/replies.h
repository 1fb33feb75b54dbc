/* SPDX-License-Identifier: MIT */
/* Replies as drives send them, for the tests of what they mean and of what is left when they are
 * cut. */
#ifndef VCDR_TESTS_API_MMC_REPLIES_H
#define VCDR_TESTS_API_MMC_REPLIES_H

extern const char reply_inquiry[];
extern const char reply_serial[];
extern const char reply_configuration[];
extern const char reply_disc_blank[];
extern const char reply_disc_finalized[];
extern const char reply_track_invisible[];
extern const char reply_track_complete[];
extern const char reply_toc_two_tracks[];
extern const char reply_session_information[];
extern const char reply_full_toc[];
extern const char reply_atip_80[];
extern const char reply_mode_05[];
extern const char reply_mode_2a[];
extern const char reply_mode_39_locked[];
extern const char reply_log_39[];
extern const char reply_performance[];

#endif
