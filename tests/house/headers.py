#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each public header stands on its own, in C11 and in C++17, without a warning.

headers.py ROOT INCLUDE-FOLDER... : the headers are those of emulator/include/vcdr and, where a
folder holds one, imapi2.h and what it brings.
"""
import os
import subprocess
import sys
import tempfile
from rules import finish, root_of

API = ["imapi2.h", "imapi2error.h", "imapi2_linux.h", "imapi2_base.h", "imapi2_runtime.h"]
COMPILERS = [("c", ["cc", "-std=c11", "-x", "c"]), ("c++", ["c++", "-std=c++17", "-x", "c++"])]
FLAGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"]


def compile_alone(language, header, folders):
    """None, or the compiler's first line."""
    with tempfile.NamedTemporaryFile("w", suffix=".src") as source:
        source.write(f"#include <{header}>\n#include <{header}>\nint main(void) {{ return 0; }}\n")
        source.flush()
        command = language + FLAGS + [f"-I{f}" for f in folders] + [source.name]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    lines = [line for line in done.stderr.split("\n") if "error" in line] or [done.stderr.strip()]
    return lines[0]


def main():
    root = root_of(sys.argv)
    doors = os.path.join(root, "emulator/include")
    folders = [doors] + sys.argv[2:]
    headers = sorted("vcdr/" + h for h in os.listdir(os.path.join(doors, "vcdr")))
    headers += [h for h in API if any(os.path.exists(os.path.join(f, h)) for f in sys.argv[2:])]
    faults = []
    for header in headers:
        for name, language in COMPILERS:
            why = compile_alone(language, header, folders)
            if why:
                faults.append(f"{header} in {name}: {why}")
    finish(faults, len(headers))


main()
