/* SPDX-License-Identifier: MIT */
/*
 * Between Lua's values and VARIANTs. Text is UTF-8 here and UTF-16 there; lone surrogates and NULs
 * pass both ways ("\u{D800}", "\0").
 */
#ifndef VCDR_TOOLS_SCENARIO_VALUE_H
#define VCDR_TOOLS_SCENARIO_VALUE_H

#include <lua.h>
#include "com.h"

/* Fills *out, which the caller clears; an error of the scenario where there is no such VARIANT. */
void value_to_variant(lua_State *L, int index, VARIANT *out);
/* Pushes it and clears it. */
void value_push_variant(lua_State *L, VARIANT *value);

/* A BSTR of UTF-8 bytes; NULL without memory or where they are not UTF-8. */
BSTR value_bstr(const char *text, size_t length);

int scene_null(lua_State *L);
int scene_variant(lua_State *L);
void value_install(lua_State *L);

#endif
