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
if(VCDR_SANITIZE)
  target_compile_options(vcdr_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(vcdr_options INTERFACE -fsanitize=address,undefined)
endif()
