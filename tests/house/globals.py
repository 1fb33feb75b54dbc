#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No writable global in the given static libraries: the drive keeps its state in what it is given.

globals.py LIBRARY... . A symbol of class B, C, D, G or S lies in .data or .bss. Data that only the
loader writes (.data.rel.ro: tables of pointers) is read-only by the time a program runs.
"""
import re
import subprocess
import sys
from rules import finish

# Section .data.rel.ro is class "d" to nm, so the section's name is asked for as well (sysv format).
ROW = re.compile(r"^(\S+)\s*\|[^|]*\|\s*(\S)\s*\|\s*(\S*)\s*\|[^|]*\|[^|]*\|\s*(\S*)\s*$")
WRITABLE = re.compile(r"^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)(?!\.rel\.ro)")
# What the sanitizers and the coverage tool put beside each object.
INSTRUMENTS = re.compile(r"^(__asan|__odr_asan|__ubsan|__gcov|__llvm|\.L|\.Lubsan)")


def faults_of(library):
    done = subprocess.run(["nm", "--format=sysv", library], capture_output=True, text=True)
    if done.returncode != 0:
        return [f"{library}: {done.stderr.strip()}"], 0
    faults, seen = [], 0
    for line in done.stdout.split("\n"):
        match = ROW.match(line)
        if not match:
            continue
        seen += 1
        name, _, kind, section = match.groups()
        if kind in ("OBJECT", "TLS") and WRITABLE.match(section) and not INSTRUMENTS.match(name):
            faults.append(f"{library}: {name} lies in {section}")
    return faults, seen


def main():
    faults, seen = [], 0
    for library in sys.argv[1:]:
        its_faults, its_symbols = faults_of(library)
        faults += its_faults
        seen += its_symbols
        if its_symbols == 0:
            faults.append(f"{library}: has no symbol at all")
    finish(faults, seen)


main()
