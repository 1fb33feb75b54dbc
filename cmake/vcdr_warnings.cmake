# SPDX-License-Identifier: MIT
# One set of warnings for all that is ours; a warning is an error in tools/check (VCDR_WERROR).
option(VCDR_WERROR "treat warnings as errors" OFF)
add_library(vcdr_options INTERFACE)
target_compile_definitions(vcdr_options INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64
  VCDR_VERSION="${PROJECT_VERSION}")
target_compile_options(vcdr_options INTERFACE
  -Wall -Wextra -Wshadow -Wvla -Wpointer-arith
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>
  $<$<BOOL:${VCDR_WERROR}>:-Werror>)
# What instruments the code: libFuzzer's coverage, or one of the sanitizers.
if(VCDR_FUZZ)
  include(CheckCSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer,address,undefined)
  check_c_source_compiles("int LLVMFuzzerTestOneInput(const char *data, unsigned long size)
    { return data && size > 7; }" VCDR_FUZZ_ENGINE)
  unset(CMAKE_REQUIRED_FLAGS)
endif()
if(VCDR_FUZZ_ENGINE)
  set(instruments -fsanitize=fuzzer-no-link,address,undefined)
elseif(VCDR_SANITIZE STREQUAL thread)
  set(instruments -fsanitize=thread)
elseif(VCDR_SANITIZE)
  set(instruments -fsanitize=address,undefined)
endif()
if(instruments)
  target_compile_options(vcdr_options INTERFACE ${instruments} -fno-omit-frame-pointer
    $<$<NOT:$<STREQUAL:${VCDR_SANITIZE},thread>>:-fno-sanitize-recover=undefined>)
  target_link_options(vcdr_options INTERFACE ${instruments})
endif()
