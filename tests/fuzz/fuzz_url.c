/* SPDX-License-Identifier: MIT */
/* The URL of a drive. */
#include <string.h>

#include "api/transport/url.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/must.h"

static void check_iscsi(const struct transport_url *url)
{
    MUST(url->host != NULL && url->host[0] != '\0');
    MUST(strchr(url->host, '/') == NULL && url->host[0] != '[');
    MUST(url->port >= 1 && url->lun <= 255);
    MUST(url->target != NULL && url->target[0] != '\0' && strlen(url->target) <= 223);
    MUST((url->user == NULL) == (url->password == NULL));
    if (url->user != NULL)
        MUST(url->user[0] != '\0' && url->password[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    char *text = take_text(&in, size);
    struct transport_url url = {.port = 77};
    char *why = NULL;
    enum transport_result result = transport_url_parse(text, &url, &why);

    MUST(result == TRANSPORT_OK || result == TRANSPORT_BAD_URL);
    if (result == TRANSPORT_OK) {
        MUST(why == NULL);
        if (url.kind == TRANSPORT_KIND_ISCSI)
            check_iscsi(&url);
        else if (url.kind == TRANSPORT_KIND_SG)
            MUST(url.node[0] == '/' && strstr(text, url.node) != NULL);
        else
            MUST(url.disc == NULL || (url.disc[0] != '\0' && strstr(text, url.disc) != NULL));
        transport_url_free(&url);
    } else {
        MUST(url.port == 77); /* an out-parameter is written on success only */
        MUST(why != NULL && why[0] != '\0' && strchr(why, '\n') == NULL);
    }
    free(why);
    free(text);
    return 0;
}
