#!/bin/sh
# SPDX-License-Identifier: MIT
# header.sh WIDL IDL OUT: the C and C++ header of one IDL file. widl declares the interfaces before
# anything that the IDL can say, so the types have to be included in front of its output.
set -eu
widl=$1 idl=$2 out=$3
raw=$out.d
ours=$(cd "$(dirname "$0")" && pwd)
trap 'rm -rf "$raw"' EXIT
mkdir -p "$raw"
cd "$(dirname "$idl")" # so that no path of this machine gets into the header
"$widl" --nostdinc -I "$ours" -h -o "$raw/$(basename "$out")" "$(basename "$idl")"
{
    echo '/* SPDX-License-Identifier: MIT */'
    echo "/* Made from $(basename "$idl"). */"
    echo '#include "imapi2_base.h"'
    cat "$raw/$(basename "$out")"
} >"$out.tmp"
mv "$out.tmp" "$out"
