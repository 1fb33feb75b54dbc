/* SPDX-License-Identifier: MIT */
#include "scenario/initiator.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vcdr/codes.h>
#include "api/mmc/mmc.h"
#include "hex.h"
#include "scenario/drive.h"
#include "scenario/scenario.h"
#include "scenario/sockets.h"
#include "wire.h"

enum { MOST_ATTENTIONS = 8, DATA_IN_ROOM = 65536, MOST_DATA = 16 * 1024 * 1024 };

struct initiator {
    struct transport *transport; /* NULL: closed */
    pid_t pid;                   /* another process's connection is not ours to close */
    int port;
};

/* ---- opening ---- */

/* By REQUEST SENSE, which whoever holds the drive does not refuse, so that no line of the record
 * comes of it. False: the connection broke. */
static bool take_attentions(struct transport *transport)
{
    uint8_t sense[18] = {0};

    for (int i = 0; i < MOST_ATTENTIONS; i++) {
        struct transport_task task = {
            .cdb = {OP_REQUEST_SENSE, 0, 0, 0, sizeof(sense), 0},
            .cdb_len = 6,
            .in = sense,
            .in_size = sizeof(sense),
        };

        if (transport_execute(transport, &task) != TRANSPORT_OK)
            return false;
        if (task.in_len < 3 || (sense[2] & 0x0F) != SENSE_KEY_UNIT_ATTENTION)
            break;
    }
    return true;
}

void initiator_push(lua_State *L, struct drive *drive, const char *name, bool keep_attention)
{
    struct initiator *self = lua_newuserdatauv(L, sizeof(*self), 0);
    struct sockets before, after;
    char *why = NULL;
    enum transport_result result;

    drive_check_url(L, drive);
    *self = (struct initiator){.pid = getpid()};
    luaL_setmetatable(L, KIND_INITIATOR);
    sockets_list(drive->port, &before);
    result = transport_open(drive->url, name, &self->transport, &why);
    if (result != TRANSPORT_OK)
        luaL_error(L, "%s: %s", drive->url, why ? why : transport_result_text(result));
    free(why);
    sockets_list(drive->port, &after);
    self->port = sockets_new(&before, &after);
    if (!keep_attention && !take_attentions(self->transport))
        luaL_error(L, "%s: the connection broke", drive->url);
}

static struct initiator *initiator_check(lua_State *L, int index)
{
    struct initiator *self = luaL_checkudata(L, index, KIND_INITIATOR);

    if (!self->transport || self->pid != getpid())
        luaL_error(L, "this initiator is closed");
    return self;
}

int initiator_port(lua_State *L, int index)
{
    return initiator_check(L, index)->port;
}

static int initiator_gc(lua_State *L)
{
    struct initiator *self = luaL_checkudata(L, 1, KIND_INITIATOR);

    if (self->transport && self->pid == getpid())
        transport_close(self->transport);
    self->transport = NULL;
    return 0;
}

int scene_initiator_close(lua_State *L)
{
    initiator_check(L, 1);
    return initiator_gc(L);
}

size_t initiator_read(lua_State *L, int index, const uint8_t cdb[16], uint8_t cdb_len, void *in,
                      size_t in_size)
{
    struct wire wire = {.transport = initiator_check(L, index)->transport};
    struct wire_answer answer;
    char text[200];
    int got = wire_read(&wire, cdb, cdb_len, in, in_size, &answer);

    if (got < 0)
        luaL_error(L, "the drive refused command %d: %s", (int)cdb[0],
                   wire_text(&answer, text, sizeof(text)));
    return (size_t)got;
}

/* ---- answers ---- */

static const char *word_of(const struct transport_task *task, char *text, size_t size)
{
    struct mmc_sense sense = {0};

    switch (task->result) {
    case TRANSPORT_OK:
        break;
    case TRANSPORT_LOST:
        return "LOST";
    case TRANSPORT_TIMEOUT:
        return "TIMEOUT";
    case TRANSPORT_NO_MEMORY:
    case TRANSPORT_BAD_URL:
    case TRANSPORT_NO_DEVICE:
    case TRANSPORT_REFUSED:
    case TRANSPORT_INVALID:
    case TRANSPORT_HELD:
        return transport_result_text(task->result);
    }
    if (task->status != SAM_CHECK_CONDITION)
        return wire_status_text(task->status);
    if (mmc_sense_parse(task->sense, task->sense_len, &sense) != MMC_OK)
        return "CHECK CONDITION without sense";
    snprintf(text, size, "%02X/%02X/%02X", sense.key, sense.asc, sense.ascq);
    return text;
}

/* An answer is a table of its word and its data, so that it needs no care. */
static void push_answer(lua_State *L, const struct transport_task *task)
{
    char text[64];

    lua_newtable(L);
    lua_pushstring(L, word_of(task, text, sizeof(text)));
    lua_setfield(L, -2, "status");
    lua_pushlstring(L, task->in ? task->in : "", task->in ? task->in_len : 0);
    lua_setfield(L, -2, "data");
    push_hex(L, task->in ? task->in : "", task->in ? task->in_len : 0);
    lua_setfield(L, -2, "hex");
    luaL_setmetatable(L, KIND_ANSWER);
}

static bool is_answer(lua_State *L, int index)
{
    bool same;

    if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, KIND_ANSWER);
    same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

static const char *field(lua_State *L, int index, const char *key, size_t *length)
{
    const char *text;

    index = lua_absindex(L, index);
    lua_pushstring(L, key);
    lua_rawget(L, index);
    text = lua_tolstring(L, -1, length);
    lua_pop(L, 1); /* the table keeps it */
    return text;
}

const char *answer_word(lua_State *L, int index)
{
    return is_answer(L, index) ? field(L, index, "status", NULL) : NULL;
}

const char *answer_data(lua_State *L, int index, size_t *length)
{
    return field(L, index, "data", length);
}

const char *push_hex(lua_State *L, const char *data, size_t length)
{
    luaL_Buffer to;
    char byte[4];

    luaL_buffinit(L, &to);
    for (size_t i = 0; i < length; i++) {
        snprintf(byte, sizeof(byte), i ? " %02X" : "%02X", (unsigned char)data[i]);
        luaL_addstring(&to, byte);
    }
    luaL_pushresult(&to);
    return lua_tostring(L, -1);
}

bool answer_matches(lua_State *L, const char *pattern, const char *data, size_t length)
{
    size_t at = 0;

    for (pattern += strspn(pattern, " \n"); *pattern; pattern += strspn(pattern, " \n")) {
        uint8_t byte = 0;

        if (strncmp(pattern, "...", 3) == 0)
            return at <= length;
        if (strncmp(pattern, "..", 2) != 0) {
            char digits[3] = {pattern[0], pattern[0] ? pattern[1] : '\0', '\0'};

            if (hex_parse(digits, &byte, 1) != 1)
                luaL_error(L, "\"%s\" is not hex", pattern);
            if (at < length && byte != (uint8_t)data[at])
                return false;
        }
        if (at++ >= length)
            return false;
        pattern += 2;
    }
    return at == length;
}

/* ---- send ---- */

static const char *const keys[] = {"out", "room", "timeout", NULL};

/* Data-out is given in hex. */
static void take_out(lua_State *L, struct transport_task *task)
{
    const char *hex = option_string(L, 3, "send", "out", NULL);
    uint8_t *bytes;
    int length;

    if (!hex)
        return;
    bytes = lua_newuserdatauv(L, strlen(hex) / 2 + 1, 0);
    length = hex_parse(hex, bytes, strlen(hex) / 2 + 1);
    if (length < 0)
        luaL_error(L, "send: out: \"%s\" is not hex", hex);
    task->out = bytes;
    task->out_len = (size_t)length;
}

/* Stack: initiator, CDB, options. */
static int send(lua_State *L, const char *verb)
{
    struct initiator *self = initiator_check(L, 1);
    const char *cdb = luaL_checkstring(L, 2);
    struct transport_task task = {.in = NULL};
    int length = hex_parse(cdb, task.cdb, sizeof(task.cdb));

    options_check(L, 3, "send", keys);
    if (length != 6 && length != 10 && length != 12 && length != 16)
        return luaL_error(L, "%s: \"%s\" is no CDB of 6, 10, 12 or 16 bytes in hex", verb, cdb);
    task.cdb_len = (uint8_t)length;
    task.timeout_ms = (unsigned)option_integer(L, 3, "send", "timeout", 86400, 0) * 1000;
    take_out(L, &task);
    if (!task.out) {
        task.in_size = (size_t)option_integer(L, 3, "send", "room", MOST_DATA, DATA_IN_ROOM);
        task.in = task.in_size ? lua_newuserdatauv(L, task.in_size, 0) : NULL;
    }
    lua_pushfstring(L, "%s \"%s\"", verb, cdb);
    scenario_doing(L, lua_tostring(L, -1));
    transport_execute(self->transport, &task);
    push_answer(L, &task);
    return 1;
}

int scene_send(lua_State *L)
{
    if (drive_test(L, 1)) {
        drive_push_initiator(L, 1);
        lua_replace(L, 1);
    }
    return send(L, "send");
}

static int answer_text(lua_State *L)
{
    size_t length;
    const char *word = answer_word(L, 1), *data = answer_data(L, 1, &length);

    if (!word || length == 0) {
        lua_pushstring(L, word);
        return 1;
    }
    push_hex(L, data, length < 256 ? length : 256);
    lua_pushfstring(L, "%s with %s%s", word, lua_tostring(L, -1), length > 256 ? " ..." : "");
    return 1;
}

void initiator_install(lua_State *L)
{
    kind_create(L, KIND_INITIATOR, initiator_gc);
    kind_create(L, KIND_ANSWER, NULL);
    luaL_getmetatable(L, KIND_ANSWER);
    lua_pushcfunction(L, answer_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
