/* SPDX-License-Identifier: MIT */
#include <vcdr/error.h>

const char *vcdr_strerror(int error)
{
    switch ((enum vcdr_error)error) {
    case VCDR_OK:
        return "no error";
    case VCDR_ENOMEM:
        return "out of memory";
    case VCDR_EIO:
        return "cannot be read or written";
    case VCDR_EINVAL:
        return "invalid argument";
    case VCDR_ENOENT:
        return "does not exist";
    case VCDR_EEXIST:
        return "exists already";
    case VCDR_EACCESS:
        return "permission denied";
    case VCDR_EBUSY:
        return "is held by another process";
    case VCDR_ENOTDISC:
        return "is not a vcdr disc";
    case VCDR_ECUTSHORT:
        return "is a vcdr disc that has been cut short";
    case VCDR_ENEWER:
        return "is a vcdr disc of a newer version than this program knows";
    case VCDR_EDAMAGED:
        return "is a vcdr disc, but damaged";
    case VCDR_ESTATE:
        return "not possible in this state of the disc";
    case VCDR_ENOSPACE:
        return "does not fit on the disc";
    case VCDR_ETRACKS:
        return "has ninety-nine tracks already";
    case VCDR_EADDRESS:
        return "address outside the recorded area";
    case VCDR_EUNREADABLE:
        return "lies in a gap, a run-out or an unwritten area";
    case VCDR_EMODE:
        return "sector of another mode";
    case VCDR_ELOCKED:
        return "is locked in the drive";
    }
    return "unknown error";
}
