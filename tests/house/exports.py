#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a library shows to the programs that link it.

exports.py FILE PATTERN [MUST...] : every defined global symbol of FILE (shared: its dynamic ones)
matches the regular expression PATTERN wholly, and each MUST is among them.
"""
import re
import subprocess
import sys
from rules import finish


def symbols_of(path):
    options = ["--defined-only", "--extern-only", "--format=posix"]
    if ".so" in path:
        options.append("--dynamic")
    done = subprocess.run(["nm", *options, path], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"{path}: {done.stderr.strip()}")
        sys.exit(1)
    rows = [line.split() for line in done.stdout.split("\n")]
    return [row[0] for row in rows if len(row) >= 2 and row[1] != "A"]


def main():
    path, pattern, musts = sys.argv[1], sys.argv[2], sys.argv[3:]
    symbols = symbols_of(path)
    faults = [f"{path}: {s} is exported and should not be" for s in symbols
              if not re.fullmatch(pattern, s.split("@")[0])]
    faults += [f"{path}: {m} is missing" for m in musts if m not in symbols]
    finish(faults, len(symbols))


main()
