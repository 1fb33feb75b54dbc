/* SPDX-License-Identifier: MIT */
#include "scenario/object.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scenario/result.h"
#include "scenario/scenario.h"
#include "scenario/value.h"

struct handle {
    IDispatch *object; /* NULL: released */
    int port;
};

/* ---- handles ---- */

void object_push(lua_State *L, IDispatch *object)
{
    struct handle *handle = lua_newuserdatauv(L, sizeof(*handle), 1);

    *handle = (struct handle){.object = object};
    luaL_setmetatable(L, KIND_OBJECT);
}

static struct handle *handle_check(lua_State *L, int index)
{
    struct handle *handle = luaL_testudata(L, index, KIND_OBJECT);

    if (!handle)
        luaL_error(L, "%s is no object", push_shown(L, index));
    else if (!handle->object)
        luaL_error(L, "this object has been released");
    return handle;
}

IDispatch *object_check(lua_State *L, int index)
{
    return handle_check(L, index)->object;
}

void object_set_port(lua_State *L, int index, int port)
{
    handle_check(L, index)->port = port;
}

int object_port(lua_State *L, int index)
{
    return handle_check(L, index)->port;
}

static int handle_gc(lua_State *L)
{
    struct handle *handle = luaL_checkudata(L, 1, KIND_OBJECT);

    if (handle->object)
        IDispatch_Release(handle->object);
    handle->object = NULL;
    return 0;
}

int scene_release(lua_State *L)
{
    struct handle *handle = handle_check(L, 1);

    scenario_doing(L, "release(...)");
    lua_pushinteger(L, IDispatch_Release(handle->object));
    handle->object = NULL;
    return 1;
}

void object_create(lua_State *L, const char *progid)
{
    BSTR name = value_bstr(progid, strlen(progid));
    IDispatch *object = NULL;
    CLSID clsid;
    HRESULT hr = name ? CLSIDFromProgID(name, &clsid) : E_OUTOFMEMORY;

    SysFreeString(name);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IDispatch, (void **)&object);
    if (FAILED(hr))
        luaL_error(L, "%s cannot be made: %s", progid, push_hresult(L, hr));
    object_push(L, object);
}

int scene_object(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);

    object_create(L, strchr(name, '.') ? name : lua_pushfstring(L, "IMAPI2.%s", name));
    return 1;
}

/* ---- calls ---- */

void call_free(struct prepared_call *call)
{
    for (UINT i = 0; i < call->count; i++)
        VariantClear(&call->arguments[i]);
    if (call->object)
        IDispatch_Release(call->object);
    *call = (struct prepared_call){.object = NULL};
}

static void take_member(lua_State *L, int index, struct prepared_call *call)
{
    size_t length;
    const char *name = luaL_checklstring(L, index, &length);

    luaL_argcheck(L, length > 0 && length < 64 && strlen(name) == length, index,
                  "the name of a member");
    for (size_t i = 0; i <= length; i++)
        call->member[i] = (unsigned char)name[i];
}

void call_prepare(lua_State *L, int first, WORD flags, struct prepared_call *call)
{
    int arguments = lua_gettop(L) - first - 1;

    *call = (struct prepared_call){.flags = flags};
    object_check(L, first);
    take_member(L, first + 1, call);
    if (arguments > CALL_MOST_ARGUMENTS)
        luaL_error(L, "more than %d arguments", CALL_MOST_ARGUMENTS);
    if (flags == DISPATCH_PROPERTYPUT && arguments < 1)
        luaL_error(L, "put wants a value (null \"string\" and null \"object\" are values)");
    for (int i = 0; i < arguments; i++, call->count++)
        value_to_variant(L, first + 1 + arguments - i, &call->arguments[i]);
    call->object = object_check(L, first);
    IDispatch_AddRef(call->object);
}

HRESULT call_make(const struct prepared_call *call, VARIANT *value)
{
    DISPID put = DISPID_PROPERTYPUT, id;
    LPOLESTR names[1] = {(LPOLESTR)call->member};
    DISPPARAMS parameters = {(VARIANT *)call->arguments, NULL, call->count, 0};
    EXCEPINFO exception = {0};
    HRESULT hr;

    VariantInit(value);
    hr = IDispatch_GetIDsOfNames(call->object, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, &id);
    if (FAILED(hr))
        return hr;
    if (call->flags == DISPATCH_PROPERTYPUT) {
        parameters.rgdispidNamedArgs = &put;
        parameters.cNamedArgs = 1;
    }
    hr = IDispatch_Invoke(call->object, id, &IID_NULL, LOCALE_USER_DEFAULT, call->flags,
                          &parameters, value, &exception, NULL);
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    return hr == DISP_E_EXCEPTION ? exception.scode : hr;
}

/* A variable's name stands for an object, as the line of the scenario has it. */
static void push_receiver(lua_State *L)
{
    char line[SLATE_LINE], *at;
    size_t length;

    scenario_line(L, line, sizeof(line));
    at = strstr(line, "call(");
    at = at ? at : strstr(line, "put(");
    at = at ? at : strstr(line, "get(");
    at = at ? strchr(at, '(') + 1 : line;
    length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.");
    if (at != line && length > 0 && (at[length] == ',' || at[length] == ' '))
        lua_pushlstring(L, at, length);
    else
        lua_pushliteral(L, "object");
}

const char *call_push_text(lua_State *L, const char *verb, int first)
{
    int last = lua_gettop(L), pieces = 3;

    luaL_checkstack(L, 2 * CALL_MOST_ARGUMENTS + 8, "a call's text");
    lua_pushfstring(L, "%s(", verb);
    push_receiver(L);
    lua_pushfstring(L, ", \"%s\"", luaL_checkstring(L, first + 1));
    for (int i = first + 2; i <= last; i++, pieces += 2) {
        lua_pushliteral(L, ", ");
        push_shown(L, i);
    }
    lua_pushliteral(L, ")");
    lua_concat(L, pieces + 1);
    return lua_tostring(L, -1);
}

static int call_here(lua_State *L, const char *verb, WORD flags)
{
    struct world *world = world_of(L);
    struct prepared_call call;
    const char *text;
    VARIANT value;
    HRESULT hr;
    bool counted, refused;

    text = call_push_text(L, verb, 1);
    lua_insert(L, 1);
    scenario_doing(L, text);
    call_prepare(L, 2, flags, &call);
    counted = memory_begin(&world->spy);
    hr = call_make(&call, &value);
    refused = counted && memory_end(&world->spy);
    call_free(&call);
    if (world->event_failed)
        return lua_error(L); /* the handler's error is on top of the stack */
    if (hr == DISP_E_UNKNOWNNAME)
        return luaL_error(L, "%s: the object has no member \"%s\"", verb, lua_tostring(L, 3));
    value_push_variant(L, &value);
    result_push(L, hr, text, refused);
    return 1;
}

int scene_call(lua_State *L)
{
    return call_here(L, "call", DISPATCH_METHOD);
}

int scene_put(lua_State *L)
{
    return call_here(L, "put", DISPATCH_PROPERTYPUT);
}

int scene_get(lua_State *L)
{
    return call_here(L, "get", DISPATCH_PROPERTYGET);
}

WORD call_verb(lua_State *L, int index, const char **name)
{
    static const struct {
        lua_CFunction function;
        const char *name;
        WORD flags;
    } rows[] = {
        {scene_call, "call", DISPATCH_METHOD},
        {scene_put, "put", DISPATCH_PROPERTYPUT},
        {scene_get, "get", DISPATCH_PROPERTYGET},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (lua_tocfunction(L, index) == rows[i].function) {
            *name = rows[i].name;
            return rows[i].flags;
        }
    }
    luaL_error(L, "one of call, put and get, and then what it wants");
    return 0;
}

void object_install(lua_State *L)
{
    kind_create(L, KIND_OBJECT, handle_gc);
}
