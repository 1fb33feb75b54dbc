#!/bin/sh
# SPDX-License-Identifier: MIT
# headers.sh CC CXX BUILD-INCLUDE SOURCE-INCLUDE: every public header compiles alone and twice, in
# C11 and C++17, with a wchar_t of 32 and of 16 bits, without one pedantic warning.
set -eu
cc=$1 cxx=$2 made=$3 ours=$4
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
for header in "$made"/*.h "$ours"/*.h; do
    name=$(basename "$header")
    printf '#include <%s>\n#include <%s>\nint unused;\n' "$name" "$name" >"$dir/t.c"
    cp "$dir/t.c" "$dir/t.cpp"
    for wide in -fno-short-wchar -fshort-wchar; do
        for macros in -UCOBJMACROS -DCOBJMACROS -DINITGUID; do
            set -- -Wall -Wextra -pedantic -Werror -fsyntax-only -I "$made" -I "$ours" $wide $macros
            "$cc" -std=c11 "$@" "$dir/t.c"
            "$cxx" -std=c++17 "$@" "$dir/t.cpp"
            count=$((count + 2))
        done
    done
done
[ "$count" -ge 72 ] || { echo "only $count of at least 72 compilations"; exit 1; }
echo "$count compilations"
