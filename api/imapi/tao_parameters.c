/* SPDX-License-Identifier: MIT */
/* The write parameters page of an audio track at once. */
#include "api/imapi/tao.h"

#include "api/imapi/outcome.h"
#include "api/imapi/query.h"

static HRESULT select_page(struct drive *drive, uint8_t *page, size_t len, bool finalize,
                           bool underrun_free)
{
    struct mmc_write_parameters parameters;
    HRESULT hr = outcome_of_parse(mmc_write_parameters_parse(page, len, &parameters));

    if (FAILED(hr)) {
        return hr;
    }
    parameters.buffer_underrun_free = underrun_free;
    parameters.test_write = false;
    parameters.write_type = WRITE_TYPE_TAO;
    parameters.multi_session = finalize ? MULTISESSION_NONE : MULTISESSION_ALLOWED;
    parameters.fixed_packet = parameters.copy = false;
    parameters.track_mode = 0; /* two audio channels, no pre-emphasis, copying prohibited */
    parameters.block_type = BLOCK_TYPE_RAW;
    parameters.session_format = SESSION_FORMAT_CD_DA_ROM;
    parameters.audio_pause_blocks = CD_PREGAP_BLOCKS;
    parameters.mcn[0] = parameters.isrc[0] = '\0';
    hr = outcome_of_parse(mmc_write_parameters_put(&parameters, page, len));
    return FAILED(hr) ? hr : query_select_page(drive, page, len);
}

HRESULT tao_set_parameters(struct drive *drive, bool finalize, bool underrun_free)
{
    uint8_t page[QUERY_PAGE_BYTES];
    size_t len;
    HRESULT hr = query_mode_page(drive, PAGE_WRITE_PARAMETERS, page, &len);

    if (FAILED(hr)) {
        return hr;
    }
    hr = select_page(drive, page, len, finalize, underrun_free);
    if (hr == E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS && underrun_free) {
        hr = select_page(drive, page, len, finalize, false); /* an old drive cannot protect */
    }
    return hr;
}
