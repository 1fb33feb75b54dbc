/* SPDX-License-Identifier: MIT */
/* What CoCreateInstance can make (api/com/factory.h). */
#include "api/com/factory.h"
#include "api/imapi/recorder.h"
#include "api/imapi/tao.h"

const struct com_factory com_factories[] = {
    {&CLSID_MsftDiscRecorder2, "IMAPI2.MsftDiscRecorder2", recorder_create},
    {&CLSID_MsftDiscFormat2TrackAtOnce, "IMAPI2.MsftDiscFormat2TrackAtOnce", tao_create},
};
const size_t com_factory_count = sizeof(com_factories) / sizeof(com_factories[0]);
