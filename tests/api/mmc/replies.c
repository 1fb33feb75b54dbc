/* SPDX-License-Identifier: MIT */
#include "replies.h"

/* type 5, removable, SPC-3, format 2, 31 more; "VCDR", "CD-R RECORDER", "0.1" */
const char reply_inquiry[] = "05 80 05 02 1F 00 00 00"
                             "56 43 44 52 20 20 20 20"
                             "43 44 2D 52 20 52 45 43 4F 52 44 45 52 20 20 20"
                             "30 2E 31 20";

/* VPD 80h, 12 bytes: "  VCDR0001  " */
const char reply_serial[] = "05 80 00 0C 20 20 56 43 44 52 30 30 30 31 20 20";

/* 72 bytes after the length; current profile 0009h (CD-R) */
const char reply_configuration[] =
    "00 00 00 48 00 00 00 09"
    "00 00 03 08  00 09 01 00  00 08 00 00" /* profiles: CD-R (current), CD-ROM */
    "00 01 0B 08  00 00 00 01  01 00 00 00" /* core, version 2 */
    "00 03 03 04  29 00 00 00"              /* tray, eject, lock; version 0 */
    "00 2D 09 04  44 00 25 01"              /* TAO version 2: BUF, test write */
    "01 07 0D 04  1E 00 00 00"              /* streaming version 3, RBCB SCS MP2A WSPD */
    "01 08 03 04  56 43 44 52"              /* serial number "VCDR" */
    "FF 56 03 08  56 43 44 52 01 3F 39 39"; /* the vcdr extension, protocol 1 */

/* 80-minute blank disc: lead-in 97:26:66, last lead-out 79:59:74, disc type FF */
const char reply_disc_blank[] = "00 20 00 01 01 01 01 20 FF 00 00 00"
                                "00 00 00 00  00 61 1A 42  00 4F 3B 4A"
                                "00 00 00 00 00 00 00 00  00 00";

/* complete (0E), two sessions, the last with tracks 3 to 4, identification 12345678h, no times */
const char reply_disc_finalized[] = "00 20 0E 01 02 03 04 A0 00 00 00 00"
                                    "12 34 56 78  FF FF FF FF  FF FF FF FF"
                                    "00 00 00 00 00 00 00 00  00 00";

/* invisible track 2 of session 1 behind 300 blocks and a gap: start and NWA 452, blank, mode F */
const char reply_track_invisible[] = "00 22 02 01 00 00 4F 01"
                                     "00 00 01 C4  00 00 01 C4  00 05 7B 8C"
                                     "00 00 00 00  00 05 7B 8C  00 00 00 00  00 00 00 00";

/* data track 1, 302 blocks of it, last recorded 299 */
const char reply_track_complete[] = "00 22 01 01 00 04 01 02"
                                    "00 00 00 00  00 00 00 00  00 00 00 00"
                                    "00 00 00 00  00 00 01 2E  00 00 01 2B  00 00 00 00";

/* tracks 1 (audio, 0) and 2 (data, 452), lead-out 754 */
const char reply_toc_two_tracks[] = "00 1A 01 02"
                                    "00 10 01 00 00 00 00 00"
                                    "00 14 02 00 00 00 01 C4"
                                    "00 10 AA 00 00 00 02 F2";

/* two complete sessions, the last one's first track is 4 at LBA 44207 (ACAFh) */
const char reply_session_information[] = "00 0A 01 02 00 14 04 00 00 00 AC AF";

/* a real disc of two sessions (log): 12 entries, 134 bytes after the length's own two */
const char reply_full_toc[] = "00 86 01 02"
                              "01 10 00 A0 00 00 00 00 01 00 00"
                              "01 10 00 A1 00 00 00 00 03 00 00"
                              "01 10 00 A2 00 00 00 00 07 13 20"
                              "01 10 00 01 00 00 00 00 00 02 00"
                              "01 10 00 02 00 00 00 00 03 14 14"
                              "01 10 00 03 00 00 00 00 05 13 48"
                              "01 50 00 B0 09 31 20 02 0F 20 35"
                              "01 50 00 C0 00 00 00 00 5F 00 00"
                              "02 14 00 A0 00 00 00 00 04 20 00"
                              "02 14 00 A1 00 00 00 00 04 00 00"
                              "02 14 00 A2 00 00 00 00 0F 20 35"
                              "02 14 00 04 00 00 00 00 09 33 20";

/* a real 80-minute CD-R: power 5, sub-type 3, lead-in 97:26:66, last lead-out 79:59:71 */
const char reply_atip_80[] = "00 1A 00 00 D0 00 98 00 61 1A 42 00 4F 3B 47 00 00*12";

/* header, then page 05: BUFE, TAO; multi-session 3, data; block type 8; pause 150; no MCN, an ISRC
 * "DEA123456789"; sub-header form 1 */
const char reply_mode_05[] = "00 3A 00 00 00 00 00 00"
                             "05 32 41 C4 08 00 00 00 00 00 00 00 00 00 00 96"
                             "00*16 "
                             "80 44 45 41 31 32 33 34 35 36 37 38 39 00 00 00"
                             "00 00 08 00";

/* header, then page 2A of 40 bytes: writes CD-R with test write, BUF, tray with eject and lock,
 * locked; 52x reading, buffer 2048 KiB, current read 8467; max write 8467, legacy current 176,
 * CLV, selected 7056, two speeds: 8467 CAV, 7056 CLV */
const char reply_mode_2a[] = "00 2E 00 00 00 00 00 00"
                             "2A 26 03 05 F1 73 2B 00 23 D5 01 00 08 00 21 13"
                             "00 00 21 13 00 B0 00 01 00 00 00 00 1B 90 00 02"
                             "00 01 21 13 00 00 1B 90";

/* header, then page 39: locked by the asking nexus, flags 1, "Burner 1.0" */
const char reply_mode_39_locked[] = "00 4E 00 00 00 00 00 00"
                                    "39 46 00 01 01 01 00 00"
                                    "42 75 72 6E 65 72 20 31 2E 30 00*54";

/* writing track 2 TAO at 452; 300 blocks; 1000000 us; 3 granted, 2 refused, 1 lost; owner "B", and
 * before it "A" */
const char reply_log_39[] = "39 00 00 CC"
                            "00 00 03 08  01 01 00 02 00 00 01 C4"
                            "00 01 03 08  00 00 00 00 00 00 01 2C"
                            "00 02 03 08  00 00 00 00 00 0F 42 40"
                            "00 03 03 04  00 00 00 03"
                            "00 04 03 04  00 00 00 02"
                            "00 05 03 04  00 00 00 01"
                            "00 10 03 40  42 00*63 "
                            "00 11 03 40  41 00*63 "
                            "00 30 03 04  01 02 03 04"; /* of some later version */

/* two speeds of 359848 blocks: 7056 CLV exact, 4234 CAV */
const char reply_performance[] = "00 00 00 24 00 00 00 00"
                                 "02 00 00 00  00 05 7D A8  00 00 21 13  00 00 1B 90"
                                 "08 00 00 00  00 05 7D A8  00 00 21 13  00 00 10 8A";
