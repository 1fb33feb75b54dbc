/* SPDX-License-Identifier: MIT */
/* All of api/mmc: builders of CDBs and parsers of replies, without I/O. */
#ifndef VCDR_API_MMC_MMC_H
#define VCDR_API_MMC_MMC_H

#include "api/mmc/capabilities.h"
#include "api/mmc/capacity.h"
#include "api/mmc/cdb.h"
#include "api/mmc/configuration.h"
#include "api/mmc/disc_information.h"
#include "api/mmc/event.h"
#include "api/mmc/exclusive_access.h"
#include "api/mmc/inquiry.h"
#include "api/mmc/log.h"
#include "api/mmc/mode.h"
#include "api/mmc/performance.h"
#include "api/mmc/result.h"
#include "api/mmc/sense.h"
#include "api/mmc/toc.h"
#include "api/mmc/track_information.h"
#include "api/mmc/write_parameters.h"

#endif
