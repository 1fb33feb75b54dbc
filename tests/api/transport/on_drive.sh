#!/bin/sh
# SPDX-License-Identifier: MIT
# on_drive.sh VCDR embedded|served PROGRAM...: runs a program with VCDR_URL set to a drive with a
# blank disc, in this process or in a tgtd of its own.
set -eu
vcdr=$1 kind=$2
shift 2
folder=$(mktemp -d "${TMPDIR:-/tmp}/vcdr-test-XXXXXX")
trap 'rm -rf "$folder"' EXIT
"$vcdr" disc new "$folder/disc"
case $kind in
embedded) VCDR_URL="embedded:$folder/disc" "$@" ;;
served) "$vcdr" serve --disc "$folder/disc" -- "$@" ;;
esac
