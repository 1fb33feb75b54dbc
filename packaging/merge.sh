#!/bin/sh
# SPDX-License-Identifier: MIT
# merge.sh OUT.a ARCHIVE... : one archive that holds the objects of all, linked to each other; what is
# not called vcdr_... cannot be seen from outside it.
set -eu
out=$1
shift
object=${out%.a}.o
${LD:-ld} -r -o "$object" --whole-archive "$@"
${OBJCOPY:-objcopy} --wildcard --keep-global-symbol 'vcdr_*' "$object"
rm -f "$out"
${AR:-ar} rcs "$out" "$object"
rm -f "$object"
