#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every house check fails when its rule is broken.

A check that cannot fail proves nothing. Each row here plants one violation in a copy of the tree (or
in a small library) and demands that the check fails and names it; before that, that the check passes
on the same copy without the violation.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from rules import files_of, root_of

HERE = os.path.dirname(os.path.abspath(__file__))

# check, file to plant in, text to add ("" empties the file), what the check must say
IN_TREE = [
    ("layering.py", "emulator/store/planted.c", '#include <vcdr/disc.h>',
     "emulator/store may not include emulator/include/vcdr/disc.h"),
    ("layering.py", "emulator/core/planted.c", '#include <sys/socket.h>',
     "emulator/core is pure and may not include <sys/socket.h>"),
    ("layering.py", "emulator/core/planted.c", '#include <time.h>',
     "emulator/core is pure and may not include <time.h>"),
    ("layering.py", "emulator/disc/planted.c", 'int planted = OP_READ_10;',
     "emulator/disc may not speak of OP_R"),
    ("layering.py", "emulator/core/planted.c", '#include <vcdr/embedded.h>',
     "emulator/core may not include emulator/include/vcdr/embedded.h"),
    ("layering.py", "api/transport/iscsi.c", '#include <vcdr/embedded.h>',
     "api/transport may not include emulator/include/vcdr/embedded.h"),
    ("layering.py", "api/mmc/planted.c", '#include "api/transport/transport.h"',
     "api/mmc may not include api/transport/transport.h"),
    ("layering.py", "api/mmc/planted.c", '#include <vcdr/disc.h>',
     "api/mmc may not include emulator/include/vcdr/disc.h"),
    ("layering.py", "api/com/planted.c", '#include "../mmc/planted.h"',
     "api/com may not include api/mmc/planted.h"),
    ("layering.py", "emulator/core/planted.c", '#include "../../api/transport/transport.h"',
     "emulator/core may not include api/transport/transport.h"),
    ("layering.py", "tools/planted.c", '#include "emulator/core/core.h"',
     "tools may not include emulator/core/core.h"),
    ("layering.py", "emulator/attic/planted.c", '', "in no room that the layering knows"),
    ("licence.py", "emulator/core/planted.c", 'int planted;', "no SPDX-License-Identifier"),
    ("licence.py", "tools/planted", '#!/bin/sh\n', "no SPDX-License-Identifier"),
    ("paths.py", "docs/planted.md", "cd /" + "home/somebody/vcdr", "is of one machine only"),
    ("paths.py", "tools/planted.c", '"/' + 'root/disc"', "is of one machine only"),
    ("headers.py", "emulator/include/vcdr/planted.h", "size_t planted(void);",
     "vcdr/planted.h in c"),
    ("headers.py", "emulator/include/vcdr/planted.h", "int class(int template);",
     "vcdr/planted.h in c++"),
]

GLOBALS = [
    ("int planted = 1;", "planted lies in .data"),
    ("static int planted; int *f(void); int *f(void) { return &planted; }", "planted lies in .bss"),
    ("int f(void); int f(void) { static int planted; return planted++; }", "lies in .bss"),
    ("_Thread_local int planted;", "planted lies in .tbss"),
]
GLOBALS_GOOD = """static const char *const words[] = {"a", "b"};
int f(int); int f(int i) { static const int t[] = {1, 2}; return t[i] + words[i][0]; }"""


def run(script, *arguments):
    done = subprocess.run([sys.executable, os.path.join(HERE, script), *arguments],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def copy_tree(root, to):
    for path in files_of(root):
        os.makedirs(os.path.dirname(os.path.join(to, path)), exist_ok=True)
        shutil.copy2(os.path.join(root, path), os.path.join(to, path))


def plant_in_tree(copy, script, path, text, expected):
    """None, or why the check did not do its duty."""
    place = os.path.join(copy, path)
    before = open(place, "rb").read() if os.path.exists(place) else None
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "a") as file:
        file.write(text + "\n")
    companion = os.path.join(copy, "api/mmc/planted.h")
    open(companion, "w").write("/* SPDX-License-Identifier: MIT */\n")
    status, output = run(script, copy)
    os.remove(companion)
    if before is None:
        os.remove(place)
    else:
        open(place, "wb").write(before)
    if status == 0:
        return f"{script} passed over {text!r} in {path}"
    if expected not in output:
        return f"{script} failed on {path} without saying {expected!r}: {output}"
    return None


def compile_library(folder, text):
    source = os.path.join(folder, "planted.c")
    library = os.path.join(folder, "libplanted.a")
    open(source, "w").write(text)
    subprocess.run(["cc", "-c", "-fPIC", source, "-o", source + ".o"], check=True)
    if os.path.exists(library):
        os.remove(library)
    subprocess.run(["ar", "rcs", library, source + ".o"], check=True)
    return library


def check_globals(folder):
    faults = []
    status, output = run("globals.py", compile_library(folder, GLOBALS_GOOD))
    if status != 0:
        faults.append("globals.py objects to constants: " + output)
    for text, expected in GLOBALS:
        status, output = run("globals.py", compile_library(folder, text))
        if status == 0 or expected not in output:
            faults.append(f"globals.py passed over {text!r}: {output}")
    return faults


def check_exports(folder):
    shared = os.path.join(folder, "libplanted.so")
    source = os.path.join(folder, "shared.c")
    open(source, "w").write("int good_one(void); int good_one(void) { return 1; }\n"
                            "int planted(void); int planted(void) { return 2; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", source, "-o", shared], check=True)
    faults = []
    status, output = run("exports.py", shared, "good_.*|planted", "good_one")
    if status != 0:
        faults.append("exports.py objects to what it was told is good: " + output)
    status, output = run("exports.py", shared, "good_.*")
    if status == 0 or "planted is exported" not in output:
        faults.append("exports.py passed over an export: " + output)
    status, output = run("exports.py", shared, "good_.*|planted", "lost")
    if status == 0 or "lost is missing" not in output:
        faults.append("exports.py passed over a missing symbol: " + output)
    return faults


def main():
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "tree")
        copy_tree(root_of(sys.argv), copy)
        for script in sorted({row[0] for row in IN_TREE}):
            status, output = run(script, copy)
            if status != 0:
                faults.append(f"{script} fails on the tree itself: {output}")
        for row in IN_TREE:
            why = plant_in_tree(copy, *row)
            if why:
                faults.append(why)
        faults += check_globals(folder) + check_exports(folder)
    for fault in faults:
        print(fault)
    print(f"{len(IN_TREE) + len(GLOBALS) + 3} violations planted, {len(faults)} wrong")
    sys.exit(1 if faults else 0)


main()
