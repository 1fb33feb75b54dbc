/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/pair/pair.h"
#include "api/mmc/cdb.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include <vcdr/disc.h>
#include <vcdr/embedded.h>

bool pair_is_iscsi(void)
{
    const char *kind = getenv("VCDR_PAIR");
    assert_non_null(kind);
    assert_true(strcmp(kind, "iscsi") == 0 || strcmp(kind, "embedded") == 0);
    return strcmp(kind, "iscsi") == 0;
}

static void make_disc(const char *path)
{
    struct vcdr_geometry geometry;
    struct vcdr_store store;
    assert_int_equal(vcdr_geometry_by_name("80min", VCDR_MEDIUM_CD_R, &geometry), 0);
    assert_int_equal(vcdr_store_file(path, VCDR_STORE_CREATE, &store), 0);
    assert_int_equal(vcdr_disc_create(store, &geometry, 0x50414952), 0);
    store.ops->close(store.ctx);
}

/* `vcdr serve` prints the drive's URL once a login would succeed. */
static void start_daemon(struct pair *pair, const char *fault)
{
    const char *program = getenv("VCDR");
    int pipe_ends[2];
    assert_non_null(program);
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    pair->daemon = fork();
    assert_true(pair->daemon >= 0);
    if (pair->daemon == 0) {
        dup2(pipe_ends[1], STDOUT_FILENO);
        execl(program, "vcdr", "serve", "--disc", pair->disc, "--record", pair->record,
              "--exit-with-parent", fault != NULL ? "--fault" : NULL, fault, (char *)NULL);
        _exit(127);
    }
    close(pipe_ends[1]);
    FILE *out = fdopen(pipe_ends[0], "r");
    assert_non_null(out);
    assert_non_null(fgets(pair->url, sizeof pair->url, out));
    pair->url[strcspn(pair->url, "\n")] = '\0';
    fclose(out);
}

void pair_start(struct pair *pair)
{
    pair_start_with(pair, NULL);
}

void pair_start_with(struct pair *pair, const char *fault)
{
    memset(pair, 0, sizeof *pair);
    snprintf(pair->folder, sizeof pair->folder, "%s/vcdr-pair-XXXXXX",
             getenv("TMPDIR") != NULL && strlen(getenv("TMPDIR")) < 32 ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(pair->folder));
    snprintf(pair->disc, sizeof pair->disc, "%s/disc", pair->folder);
    snprintf(pair->record, sizeof pair->record, "%s/record", pair->folder);
    make_disc(pair->disc);
    if (pair_is_iscsi()) {
        start_daemon(pair, fault);
    } else {
        snprintf(pair->url, sizeof pair->url, "embedded:%s", pair->disc);
        setenv("VCDR_RECORD", pair->record, 1);
        if (fault != NULL)
            setenv("VCDR_FAULT", fault, 1);
        else
            unsetenv("VCDR_FAULT");
    }
    assert_true(SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)));
}

static void stop_daemon(struct pair *pair)
{
    int state;
    kill(pair->daemon, SIGTERM);
    assert_int_equal(waitpid(pair->daemon, &state, 0), pair->daemon);
    assert_true(WIFEXITED(state));
    assert_int_equal(WEXITSTATUS(state), 0);
    pair->daemon = 0;
}

static void clear_over_the_socket(const struct pair *pair)
{
    int state;
    pid_t child = fork();
    if (child == 0) {
        execl(getenv("VCDR"), "vcdr", "fault", pair->url, "--clear", (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &state, 0), child);
    assert_int_equal(state, 0);
}

/* Another nexus of the drive that the recorders have, or of a new one where that has gone. */
static void clear_here(const struct pair *pair)
{
    struct vcdr_embedded_options options = {.disc = pair->disc};
    struct vcdr_embedded *nexus;
    assert_int_equal(vcdr_embedded_open(&options, &nexus), 0);
    assert_int_equal(vcdr_embedded_fault(nexus, NULL, NULL), 0);
    vcdr_embedded_close(nexus);
}

void pair_end_faults(struct pair *pair, bool power_failed)
{
    if (pair_is_iscsi() && power_failed) {
        stop_daemon(pair);
        start_daemon(pair, NULL);
    } else if (pair_is_iscsi()) {
        clear_over_the_socket(pair);
    } else {
        unsetenv("VCDR_FAULT");
        clear_here(pair);
    }
}

void pair_stop(struct pair *pair)
{
    CoUninitialize();
    if (pair->daemon > 0)
        stop_daemon(pair);
    unlink(pair->disc);
    unlink(pair->record);
    assert_int_equal(rmdir(pair->folder), 0);
}

IDiscRecorder2 *pair_recorder(const struct pair *pair)
{
    IDiscRecorder2 *recorder;
    BSTR id;
    assert_int_equal(CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL,
                                      &IID_IDiscRecorder2, (void **)&recorder),
                     S_OK);
    assert_int_equal(imapi2_bstr_from_utf8(pair->url, &id), S_OK);
    assert_int_equal(IDiscRecorder2_InitializeDiscRecorder(recorder, id), S_OK);
    SysFreeString(id);
    return recorder;
}

IDiscFormat2TrackAtOnce *pair_format(IDiscRecorder2 *recorder, const char *name)
{
    IDiscFormat2TrackAtOnce *format;
    BSTR value;
    assert_int_equal(CoCreateInstance(&CLSID_MsftDiscFormat2TrackAtOnce, NULL, CLSCTX_ALL,
                                      &IID_IDiscFormat2TrackAtOnce, (void **)&format),
                     S_OK);
    assert_int_equal(IDiscFormat2TrackAtOnce_put_Recorder(format, recorder), S_OK);
    assert_int_equal(imapi2_bstr_from_utf8(name, &value), S_OK);
    assert_int_equal(IDiscFormat2TrackAtOnce_put_ClientName(format, value), S_OK);
    SysFreeString(value);
    return format;
}

void pair_assert_owner(IDiscRecorder2 *recorder, const char *expected)
{
    BSTR owner = NULL;
    char *text;
    assert_int_equal(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &owner), S_OK);
    assert_int_equal(imapi2_utf8_from_bstr(owner, &text), S_OK);
    assert_string_equal(text, expected);
    CoTaskMemFree(text);
    SysFreeString(owner);
}

struct transport *pair_open(const struct pair *pair)
{
    struct transport *transport;
    assert_int_equal(transport_open(pair->url, "reader", &transport, NULL), TRANSPORT_OK);
    return transport;
}

/* The first command of a nexus meets its unit attention. */
static void execute(struct transport *transport, struct transport_task *task)
{
    for (int i = 0; i < 4; i++) {
        assert_int_equal(transport_execute(transport, task), TRANSPORT_OK);
        if (task->status == SAM_GOOD || (task->sense[2] & 0x0F) != SENSE_KEY_UNIT_ATTENTION)
            return;
    }
}

void pair_read_audio(struct transport *transport, int32_t lba, uint32_t blocks, uint8_t *data)
{
    while (blocks > 0) {
        uint32_t now = blocks < 27 ? blocks : 27;
        struct transport_task task = {.in = data, .in_size = now * CD_RAW_BLOCK_BYTES};
        task.cdb_len =
            mmc_cdb_read_cd(task.cdb, lba, now, MMC_SECTOR_CD_DA, MMC_READ_USER_DATA, MMC_SUB_NONE);
        execute(transport, &task);
        assert_int_equal(task.status, SAM_GOOD);
        assert_int_equal(task.in_len, now * CD_RAW_BLOCK_BYTES);
        lba += (int32_t)now;
        blocks -= now;
        data += (size_t)now * CD_RAW_BLOCK_BYTES;
    }
}

uint8_t *pair_load(const char *path, size_t *size)
{
    struct stat stat_buffer;
    FILE *file = fopen(path, "rbe");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &stat_buffer), 0);
    *size = (size_t)stat_buffer.st_size;
    uint8_t *data = malloc(*size);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *size, file), *size);
    fclose(file);
    return data;
}
