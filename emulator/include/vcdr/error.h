/* SPDX-License-Identifier: MIT */
/*
 * How the emulator's library functions fail: 0 is success, a negative value of this enum is failure.
 * Out-parameters are written on success only. Nothing here is a sense code: the disc and its store
 * know no SCSI.
 */
#ifndef VCDR_ERROR_H
#define VCDR_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

enum vcdr_error {
    VCDR_OK = 0,
    VCDR_ENOMEM = -1,     /* out of memory */
    VCDR_EIO = -2,        /* the store could not read, write or flush */
    VCDR_EINVAL = -3,     /* an argument is outside its documented range */
    VCDR_ENOENT = -4,     /* no such file, track or session */
    VCDR_EEXIST = -5,     /* the file exists already */
    VCDR_EACCESS = -6,    /* no permission */
    VCDR_EBUSY = -7,      /* another process holds the disc */
    VCDR_ENOTDISC = -8,   /* the file is not a vcdr disc */
    VCDR_ECUTSHORT = -9,  /* a vcdr disc whose file has been cut short */
    VCDR_ENEWER = -10,    /* a vcdr disc of a newer version than this program knows */
    VCDR_EDAMAGED = -11,  /* a vcdr disc whose header does not agree with itself */
    VCDR_ESTATE = -12,    /* not in this state of the disc */
    VCDR_ENOSPACE = -13,  /* it does not fit before the last possible lead-out */
    VCDR_ETRACKS = -14,   /* ninety-nine tracks already */
    VCDR_EADDRESS = -15,  /* the address lies outside what can be read or written */
    VCDR_EUNREADABLE = -16, /* gap, run-out or unwritten area */
    VCDR_EMODE = -17,     /* the sector's mode is not the one asked for */
    VCDR_ELOCKED = -18,   /* the tray does not open: removal is prevented, or the disc is written */
};

/* One English clause for people, without newline, never NULL; static storage, any thread. */
const char *vcdr_strerror(int error);

#ifdef __cplusplus
}
#endif
#endif
