/* SPDX-License-Identifier: MIT */
#ifndef TESTS_API_COM_CLASSES_H
#define TESTS_API_COM_CLASSES_H

#include <imapi2.h>

extern const CLSID CLSID_TestStream; /* {1E57C0DE-0001-0002-A0B1-C2D3E4F50617}, Vcdr.TestStream */

#endif
