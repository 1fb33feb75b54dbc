/* SPDX-License-Identifier: MIT */
#include "scenario/vocabulary.h"
#include <lauxlib.h>
#include <string.h>
#include "scenario/disc.h"
#include "scenario/drive.h"
#include "scenario/events.h"
#include "scenario/expect.h"
#include "scenario/faults.h"
#include "scenario/hands.h"
#include "scenario/initiator.h"
#include "scenario/memory.h"
#include "scenario/needs.h"
#include "scenario/object.h"
#include "scenario/process.h"
#include "scenario/record.h"
#include "scenario/stage.h"
#include "scenario/stream.h"
#include "scenario/threads.h"
#include "scenario/value.h"

struct verb_row {
    const char *on; /* the kind of object whose method it is; NULL: it stands alone */
    const char *name;
    const char *form; /* how it is written */
    const char *does;
    lua_CFunction function;
};

static const struct verb_row rows[] = {
    /* the scenario */
    {NULL, "scenario", "scenario \"title\"", "the title; first, and once", scene_title},
    {NULL, "needs", "needs { \"extension\", ... }", "skips the scenario where it cannot run",
     scene_needs},
    {NULL, "note", "note \"text\"", "a line that is shown with the result", scene_note},
    {NULL, "expect", "expect(value):WORD ...", "says what a value has to be", scene_expect},

    /* drives */
    {NULL, "blank_disc", "blank_disc \"80min\"", "a new drive with a new blank disc in it",
     scene_blank_disc},
    {KIND_DRIVE, "url", "drive:url()", "what a recorder's unique id is here", scene_drive_url},
    {KIND_DRIVE, "recorder", "drive:recorder { initiator=... }",
     "a new MsftDiscRecorder2, initialized with this drive", scene_drive_recorder},
    {KIND_DRIVE, "track_at_once", "drive:track_at_once { client_name=..., ... }",
     "a new MsftDiscFormat2TrackAtOnce with a recorder of this drive", scene_drive_track_at_once},
    {KIND_DRIVE, "initiator", "drive:initiator \"name\"", "a nexus of its own for raw CDBs",
     scene_drive_initiator},
    {KIND_DRIVE, "send", "drive:send(\"CDB\", { out=..., room=..., timeout=... })",
     "a raw CDB by the drive's observer", scene_send},
    {KIND_DRIVE, "owner", "drive:owner()", "the name of who holds the drive, \"\" when free",
     scene_drive_owner},
    {KIND_DRIVE, "write_state", "drive:write_state()", "\"idle\", \"writing\" ... as the record",
     scene_drive_write_state},
    {KIND_DRIVE, "disc", "drive:disc()", "what READ DISC INFORMATION says, as a table",
     scene_drive_disc},
    {KIND_DRIVE, "tracks", "drive:tracks()", "the tracks on the disc, as a list of tables",
     scene_drive_tracks},
    {KIND_DRIVE, "read", "drive:read(lba, blocks)", "audio blocks, 2352 bytes each, as a string",
     scene_drive_read},
    {KIND_DRIVE, "compare", "drive:compare(track, stream, { blocks=... })",
     "\"same\", or how the track differs from the stream", scene_drive_compare},
    {KIND_DRIVE, "record", "drive:record(filter)", "the lines of its record, as a list of tables",
     scene_record_lines},
    {KIND_DRIVE, "mark", "drive:mark()", "the number of the record's last line", scene_record_mark},
    {KIND_DRIVE, "await", "drive:await(filter)", "waits for a line of its record, and returns it",
     scene_record_await},
    {KIND_DRIVE, "fault", "drive:fault \"op=WRITE(10) nth=3 do=sense:03/0C/00\"",
     "a rule of faults for the drive", scene_drive_fault},
    {KIND_DRIVE, "clear_faults", "drive:clear_faults()", "takes all rules of faults away",
     scene_drive_clear_faults},
    {KIND_DRIVE, "insert", "drive:insert \"80min\"", "lays a new blank disc in",
     scene_drive_insert},
    {KIND_DRIVE, "eject", "drive:eject()", "takes the disc out", scene_drive_eject},
    {KIND_DRIVE, "button", "drive:button()", "presses the eject button", scene_drive_button},
    {KIND_DRIVE, "look", "drive:look()", "what a person sees of the drive, as a table",
     scene_drive_look},
    {KIND_DRIVE, "pass_time", "drive:pass_time(seconds)", "moves the drive's clock on",
     scene_drive_pass_time},
    {KIND_DRIVE, "reset", "drive:reset()", "LOGICAL UNIT RESET by yet another nexus",
     scene_drive_reset},
    {KIND_DRIVE, "start", "drive:start()", "a new daemon with the same disc, after kill(drive)",
     scene_drive_start},
    {KIND_INITIATOR, "send", "initiator:send(\"CDB\", { out=..., room=..., timeout=... })",
     "a raw CDB; the answer has status, data, hex", scene_send},
    {KIND_INITIATOR, "close", "initiator:close()", "logs out", scene_initiator_close},
    {NULL, "cut", "cut(recorder)",
     "breaks the connection of a recorder, format, initiator, process", scene_cut},

    /* objects and calls */
    {NULL, "object", "object \"MsftDiscRecorder2\"", "a new COM object by its name", scene_object},
    {NULL, "call", "call(object, \"Method\", ...)", "calls a method", scene_call},
    {NULL, "put", "put(object, \"Property\", value)", "sets a property", scene_put},
    {NULL, "get", "get(object, \"Property\")", "gets a property", scene_get},
    {NULL, "release", "release(object)", "gives the reference up; how many are left",
     scene_release},
    {NULL, "null", "null \"string\"", "a NULL string or, of \"object\", a NULL object", scene_null},
    {NULL, "variant", "variant(\"I2\", value)", "a value of a certain VARIANT type", scene_variant},
    {NULL, "fail_allocation", "fail_allocation(n)", "the nth allocation within the next call fails",
     scene_fail_allocation},
    {NULL, "on_update", "on_update(format, function(progress) ... end)",
     "a handler for each event; returns a number", scene_on_update},
    {NULL, "off_update", "off_update(format, number)", "takes a handler away", scene_off_update},

    /* other threads, other processes */
    {NULL, "in_thread", "in_thread(call, object, \"Method\", ...)",
     "a call, put or get on another thread; waits for it", scene_in_thread},
    {NULL, "start", "start(call, object, \"Method\", ...)",
     "the same without waiting; a pending call", scene_start},
    {NULL, "finish", "finish(pending)", "waits for a pending call; its result", scene_finish},
    {NULL, "process", "process(function() ... end)", "runs a function in a process of its own",
     scene_process},
    {NULL, "kill", "kill(process)", "SIGKILL, to a process or to a drive's daemon", scene_kill},
    {NULL, "tell", "tell \"word\"", "in a process: a word to the scenario", scene_tell},
    {NULL, "hear", "hear()", "in a process: the next word of the scenario", scene_hear},
    {NULL, "stay", "stay()", "in a process: waits to be killed", scene_stay},
    {KIND_PROCESS, "tell", "process:tell \"word\"", "a word to the process", scene_process_tell},
    {KIND_PROCESS, "hear", "process:hear()", "the next word of the process", scene_process_hear},
    {KIND_PROCESS, "finish", "process:finish()", "waits for its end, which has to be a good one",
     scene_process_finish},

    /* audio */
    {NULL, "audio", "audio { sectors=..., ... }", "a stream of known samples", scene_audio},
    {KIND_STREAM, "await", "stream:await()", "waits until a reader has come to hold_at",
     scene_stream_await},
    {KIND_STREAM, "go", "stream:go()", "lets the reader that is held go on", scene_stream_go},

    /* what follows expect(value) */
    {KIND_EXPECTATION, "is", "expect(x):is \"S_OK\"",
     "the HRESULT, the status or sense, or the value itself", scene_is},
    {KIND_EXPECTATION, "is_not", "expect(x):is_not \"S_OK\"", "anything else", scene_is_not},
    {KIND_EXPECTATION, "gives", "expect(x):gives \"name\"",
     "S_OK and this value; GOOD and this data", scene_gives},
    {KIND_EXPECTATION, "succeeds", "expect(x):succeeds()", "any success code", scene_succeeds},
    {KIND_EXPECTATION, "fails", "expect(x):fails()", "any failure", scene_fails},
    {KIND_EXPECTATION, "one_of", "expect(x):one_of { \"S_OK\", \"S_FALSE\" }", "one of these",
     scene_one_of},
    {KIND_EXPECTATION, "at_least", "expect(n):at_least(1)", "a number not below", scene_at_least},
    {KIND_EXPECTATION, "at_most", "expect(n):at_most(1)", "a number not above", scene_at_most},
    {KIND_EXPECTATION, "contains", "expect(x):contains \"part\"",
     "a string with this part, a list with this item", scene_contains},
    {KIND_EXPECTATION, "matches", "expect(lines):matches { ... }",
     "a list of as many items, each as its pattern; a table with these keys", scene_matches},
    {KIND_EXPECTATION, "includes", "expect(lines):includes { ... }",
     "a list with these patterns in this order", scene_includes},
};

void vocabulary_push_rows(lua_State *L, const char *kind)
{
    lua_newtable(L);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((kind == NULL) != (rows[i].on == NULL) || (kind && strcmp(kind, rows[i].on) != 0))
            continue;
        lua_pushcfunction(L, rows[i].function);
        lua_setfield(L, -2, rows[i].name);
    }
}

void vocabulary_print(FILE *to)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        fprintf(to, "%-52s  %s\n", rows[i].form, rows[i].does);
}
