#!/bin/sh
# SPDX-License-Identifier: MIT
# Fuzzes one target for a while: run.sh PROGRAM SECONDS SEEDS FOLDER.
# FOLDER keeps what was learnt and, as crash-..., what failed: run PROGRAM on that file alone.
set -eu
program=$1 seconds=$2 seeds=$3 folder=$4
mkdir -p "$folder/corpus"
TMPDIR=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
# 77, libFuzzer's own status of a failure, would be taken for a skip.
"$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1500 -max_len=8192 \
    -error_exitcode=1 -timeout_exitcode=1 -print_final_stats=1 \
    -artifact_prefix="$folder/" "$folder/corpus" "$seeds"
