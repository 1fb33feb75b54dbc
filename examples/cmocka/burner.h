/* SPDX-License-Identifier: MIT */
/* The code under test: it burns silence under a client name. */
#ifndef EXAMPLE_BURNER_H
#define EXAMPLE_BURNER_H

#define COBJMACROS
#include <imapi2.h>

/* A track-at-once format on the drive of this URL; the caller releases it. */
HRESULT burner_new(const char *url, const char *client_name, IDiscFormat2TrackAtOnce **out);
/* Burns one track of so many seconds of silence and finalizes the disc. */
HRESULT burner_burn_silence(IDiscFormat2TrackAtOnce *format, unsigned seconds);

#endif
