/* SPDX-License-Identifier: MIT */
/* expect(x):is(y) and its other words. One that says nothing is found at the end. */
#ifndef VCDR_TOOLS_SCENARIO_EXPECT_H
#define VCDR_TOOLS_SCENARIO_EXPECT_H

#include <lua.h>
#include <stdbool.h>

#define KIND_EXPECTATION "expectation"

int scene_expect(lua_State *L);
int scene_is(lua_State *L);
int scene_is_not(lua_State *L);
int scene_gives(lua_State *L);
int scene_succeeds(lua_State *L);
int scene_fails(lua_State *L);
int scene_one_of(lua_State *L);
int scene_at_least(lua_State *L);
int scene_at_most(lua_State *L);
int scene_contains(lua_State *L);
int scene_matches(lua_State *L);
int scene_includes(lua_State *L);

/* Pushes "file:line: ..." of an expect() without a word after it; false, nothing pushed: none. */
bool expect_push_unsaid(lua_State *L);
/* What has no word so far is a fork's parent's. */
void expect_forget(lua_State *L);
void expect_install(lua_State *L);

#endif
