/* SPDX-License-Identifier: MIT */
#include "scenario/value.h"
#include <limits.h>
#include <string.h>
#include "scenario/object.h"
#include "scenario/scenario.h"
#include "scenario/stream.h"
#include "scenario/utf8.h"

#define KIND_VARIANT "variant"

/* ---- text ---- */

/* Units of the text; writes them where `to` is given. SIZE_MAX for what is not UTF-8. */
static size_t to_units(const char *text, size_t length, OLECHAR *to)
{
    size_t units = 0;

    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        unsigned taken = utf8_decode(text + i, length - i, &c);

        if (taken == 0)
            return SIZE_MAX;
        i += taken;
        if (c >= 0x10000) {
            if (to)
                to[units] = (OLECHAR)(0xD7C0 + (c >> 10));
            units++;
            c = 0xDC00 | (c & 0x3FF);
        }
        if (to)
            to[units] = (OLECHAR)c;
        units++;
    }
    return units;
}

BSTR value_bstr(const char *text, size_t length)
{
    size_t units = to_units(text, length, NULL);
    BSTR bstr = units < INT_MAX / 2 ? SysAllocStringLen(NULL, (UINT)units) : NULL;

    if (bstr)
        to_units(text, length, bstr);
    return bstr;
}

static void add_utf8(luaL_Buffer *to, uint32_t c)
{
    if (c < 0x80) {
        luaL_addchar(to, (char)c);
        return;
    }
    if (c < 0x800) {
        luaL_addchar(to, (char)(0xC0 | c >> 6));
    } else {
        if (c < 0x10000) {
            luaL_addchar(to, (char)(0xE0 | c >> 12));
        } else {
            luaL_addchar(to, (char)(0xF0 | c >> 18));
            luaL_addchar(to, (char)(0x80 | (c >> 12 & 0x3F)));
        }
        luaL_addchar(to, (char)(0x80 | (c >> 6 & 0x3F)));
    }
    luaL_addchar(to, (char)(0x80 | (c & 0x3F)));
}

static void push_bstr(lua_State *L, BSTR bstr)
{
    UINT units = SysStringLen(bstr);
    luaL_Buffer to;

    luaL_buffinit(L, &to);
    for (UINT i = 0; i < units; i++) {
        uint32_t c = bstr[i];

        if (c >> 10 == 0x36 && i + 1 < units && bstr[i + 1] >> 10 == 0x37)
            c = ((c - 0xD7C0) << 10) + (bstr[++i] & 0x3FFu);
        add_utf8(&to, c);
    }
    luaL_pushresult(&to);
}

/* ---- Lua to VARIANT ---- */

static void string_to_variant(lua_State *L, int index, VARIANT *out)
{
    size_t length;
    const char *text = lua_tolstring(L, index, &length);

    out->bstrVal = value_bstr(text, length);
    if (!out->bstrVal)
        luaL_error(L, "%s is not UTF-8", push_shown(L, index));
    out->vt = VT_BSTR;
}

static void number_to_variant(lua_State *L, int index, VARIANT *out)
{
    if (!lua_isinteger(L, index)) {
        out->vt = VT_R8;
        out->dblVal = lua_tonumber(L, index);
        return;
    }
    out->llVal = lua_tointeger(L, index);
    out->vt = out->llVal >= INT32_MIN && out->llVal <= INT32_MAX ? VT_I4 : VT_I8;
}

static void userdata_to_variant(lua_State *L, int index, VARIANT *out)
{
    const VARIANT *fixed = luaL_testudata(L, index, KIND_VARIANT);
    IStream *stream = stream_test(L, index);

    if (fixed) {
        if (FAILED(VariantCopy(out, fixed)))
            luaL_error(L, "out of memory");
    } else if (stream) {
        out->vt = VT_UNKNOWN;
        out->punkVal = (IUnknown *)stream;
        IStream_AddRef(stream);
    } else {
        out->vt = VT_DISPATCH;
        out->pdispVal = object_check(L, index);
        IDispatch_AddRef(out->pdispVal);
    }
}

void value_to_variant(lua_State *L, int index, VARIANT *out)
{
    VariantInit(out);
    switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TNONE:
        return;
    case LUA_TBOOLEAN:
        out->vt = VT_BOOL;
        out->boolVal = lua_toboolean(L, index) ? VARIANT_TRUE : VARIANT_FALSE;
        return;
    case LUA_TNUMBER:
        number_to_variant(L, index, out);
        return;
    case LUA_TSTRING:
        string_to_variant(L, index, out);
        return;
    case LUA_TUSERDATA:
        userdata_to_variant(L, index, out);
        return;
    default:
        luaL_error(L, "a %s is no argument of a call", luaL_typename(L, index));
    }
}

/* ---- VARIANT to Lua ---- */

static void push_array(lua_State *L, SAFEARRAY *array)
{
    LONG lower = 0, upper = -1;

    lua_newtable(L);
    if (SafeArrayGetDim(array) != 1 || FAILED(SafeArrayGetLBound(array, 1, &lower)) ||
        FAILED(SafeArrayGetUBound(array, 1, &upper)))
        return;
    for (LONG i = lower; i <= upper; i++) {
        VARIANT item;

        VariantInit(&item);
        if (FAILED(SafeArrayGetElement(array, &i, &item)))
            luaL_error(L, "an array's element cannot be had");
        value_push_variant(L, &item);
        lua_rawseti(L, -2, i - lower + 1);
    }
}

static void push_unknown(lua_State *L, IUnknown *unknown)
{
    IDispatch *object = NULL;

    if (!unknown) {
        lua_pushnil(L);
    } else if (SUCCEEDED(IUnknown_QueryInterface(unknown, &IID_IDispatch, (void **)&object))) {
        object_push(L, object);
    } else {
        lua_pushliteral(L, "an object without IDispatch");
    }
}

/* A reference to bytes says nothing of how many; IMAPI has one, a reply of READ TOC, which does. */
static void push_bytes(lua_State *L, const BYTE *bytes)
{
    if (bytes)
        lua_pushlstring(L, (const char *)bytes, 2u + (size_t)(bytes[0] << 8 | bytes[1]));
    else
        lua_pushnil(L);
}

void value_push_variant(lua_State *L, VARIANT *value)
{
    VARIANT number;

    VariantInit(&number);
    if (value->vt == (VT_BYREF | VT_UI1)) {
        push_bytes(L, value->pbVal);
    } else if (value->vt == (VT_ARRAY | VT_VARIANT)) {
        push_array(L, value->parray);
    } else if (value->vt == VT_DISPATCH || value->vt == VT_UNKNOWN) {
        push_unknown(L, value->punkVal);
    } else if (value->vt == VT_EMPTY || value->vt == VT_NULL) {
        lua_pushnil(L);
    } else if (value->vt == VT_BSTR) {
        push_bstr(L, value->bstrVal);
    } else if (value->vt == VT_BOOL) {
        lua_pushboolean(L, value->boolVal != VARIANT_FALSE);
    } else if (value->vt == VT_R4 || value->vt == VT_R8) {
        lua_pushnumber(L, value->vt == VT_R4 ? (lua_Number)value->fltVal : value->dblVal);
    } else if (SUCCEEDED(VariantChangeType(&number, value, 0, VT_I8))) {
        lua_pushinteger(L, number.llVal);
    } else {
        lua_pushfstring(L, "a VARIANT of type %d", value->vt);
    }
    VariantClear(value);
}

/* ---- VARIANTs as they stand ---- */

static VARIANT *push_fixed(lua_State *L)
{
    VARIANT *value = lua_newuserdatauv(L, sizeof(*value), 0);

    VariantInit(value);
    luaL_setmetatable(L, KIND_VARIANT);
    return value;
}

static int clear_fixed(lua_State *L)
{
    VariantClear(luaL_checkudata(L, 1, KIND_VARIANT));
    return 0;
}

int scene_null(lua_State *L)
{
    static const char *const words[] = {"string", "object", NULL};
    int word = luaL_checkoption(L, 1, NULL, words);
    VARIANT *value = push_fixed(L);

    value->vt = word == 0 ? VT_BSTR : VT_DISPATCH;
    return 1;
}

int scene_variant(lua_State *L)
{
    static const char *const words[] = {"I2", "I4", "I8", "UI1", "UI4", "R8", "BOOL", "BSTR", NULL};
    static const VARTYPE types[] = {VT_I2, VT_I4, VT_I8, VT_UI1, VT_UI4, VT_R8, VT_BOOL, VT_BSTR};
    int word = luaL_checkoption(L, 1, NULL, words);
    VARIANT *value = push_fixed(L);

    value_to_variant(L, 2, value);
    if (FAILED(VariantChangeType(value, value, 0, types[word])))
        return luaL_error(L, "%s is no %s", push_shown(L, 2), words[word]);
    return 1;
}

static int fixed_text(lua_State *L)
{
    const VARIANT *value = luaL_checkudata(L, 1, KIND_VARIANT);
    VARIANT copied;

    if (value->vt == VT_DISPATCH || (value->vt == VT_BSTR && !value->bstrVal)) {
        lua_pushstring(L, value->vt == VT_BSTR ? "null \"string\"" : "null \"object\"");
        return 1;
    }
    VariantInit(&copied);
    if (FAILED(VariantCopy(&copied, value)))
        return luaL_error(L, "out of memory");
    value_push_variant(L, &copied);
    push_shown(L, -1);
    lua_pushfstring(L, "variant %s", lua_tostring(L, -1));
    return 1;
}

void value_install(lua_State *L)
{
    kind_create(L, KIND_VARIANT, clear_fixed);
    luaL_getmetatable(L, KIND_VARIANT);
    lua_pushcfunction(L, fixed_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}
