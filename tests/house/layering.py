#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who includes whom. Nothing upwards, nothing sideways; the drive and the API share only codes.h.

A file belongs to the room whose path is its longest prefix; a room may include itself, what its row
names, and system headers; a pure room only those system headers that touch no file, clock, socket.
"""
import os
import re
import sys
from rules import files_of, finish, root_of, text_of

DOORS = "emulator/include/vcdr/"
CODES = DOORS + "codes.h"

# room: (what it may include besides itself, is it pure)
ROOMS = {
    "emulator/include/vcdr": ([], True),
    "emulator/store": ([DOORS + "store.h", DOORS + "error.h"], False),
    "emulator/record": ([DOORS + "record.h", DOORS + "error.h"], False),
    "emulator/disc": ([DOORS + "disc.h", DOORS + "subchannel.h", DOORS + "store.h",
                       DOORS + "error.h", CODES], True),
    "emulator/image": ([DOORS + "image.h", DOORS + "disc.h", DOORS + "subchannel.h",
                        DOORS + "store.h", DOORS + "error.h", CODES], False),
    "emulator/core": ([DOORS + "drive.h", DOORS + "target.h", DOORS + "disc.h",
                       DOORS + "subchannel.h", DOORS + "record.h", DOORS + "error.h", CODES],
                      True),
    "emulator/filter": ([DOORS + "fault.h", DOORS + "target.h", DOORS + "drive.h",
                         DOORS + "record.h", DOORS + "error.h", CODES], True),
    # What the front ends below share.
    "emulator/front/machine": ([DOORS], False),
    "emulator/front/embedded": ([DOORS, "emulator/front/machine/machine.h"], False),
    "emulator/front/fixture": ([DOORS], False),
    "emulator/front/tgt": ([DOORS, "emulator/front/machine/machine.h"], False),
    "api/include": ([], False),
    "api/com": (["api/include"], False),
    "api/transport": ([CODES], False),
    "api/mmc": ([CODES], True),
    "api/imapi": (["api/include", "api/com", "api/transport", "api/mmc", CODES], False),
    # settings.h is what the module of tgtd and its starter say to each other.
    "tools": (["api/include", "api/transport/transport.h", "api/mmc", DOORS,
               "emulator/front/tgt/settings.h"], False),
}

# One file each, and why.
EXCEPTIONS = {
    # The transport that carries CDBs to a drive in this process has to name that drive.
    ("api/transport/embedded.c", DOORS + "embedded.h"),
}

PURE_SYSTEM = {"assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "stdarg.h", "stdbool.h",
               "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h"}

# A CD-R knows no CDB and no sense: words that may not stand in a room.
FORBIDDEN_WORDS = {"emulator/disc": r"\b(OP|SENSE|SAM)_[A-Z]"}

PUBLIC_API = {"imapi2.h", "imapi2error.h", "imapi2_linux.h", "imapi2_base.h", "imapi2_runtime.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    rooms = [r for r in ROOMS if path.startswith(r + "/")]
    return max(rooms, key=len) if rooms else None


def resolve(root, path, name):
    """Where an include leads inside the tree, or None for a system header."""
    if name.startswith("vcdr/"):
        return "emulator/include/" + name
    if name in PUBLIC_API:
        return "api/include/" + name
    above = path.split("/")[:-1]
    bases = ["/".join(above[:depth]) for depth in range(len(above), -1, -1)]
    for base in bases + ["api/include", "emulator/include"]:
        candidate = os.path.normpath(os.path.join(base, name))
        if os.path.exists(os.path.join(root, candidate)):
            return candidate
    # By another include folder, or made by the build: the name says which room.
    by_name = [f for f in files_of(root, [".h"]) if f.endswith("/" + name)]
    return by_name[0] if by_name else None


def allowed(path, room, target):
    if (path, target) in EXCEPTIONS:
        return True
    if target.startswith(room + "/"):
        return True
    return any(target == a or target.startswith(a.rstrip("/") + "/") for a in ROOMS[room][0])


def faults_of(root, path):
    room = room_of(path)
    if room is None:
        return []
    text = text_of(root, path)
    faults = []
    for match in INCLUDE.finditer(text):
        name = match.group(2)
        target = resolve(root, path, name)
        line = text.count("\n", 0, match.start(1)) + 1
        if target is None and ROOMS[room][1] and match.group(1) == "<" and name not in PURE_SYSTEM:
            faults.append(f"{path}:{line}: {room} is pure and may not include <{name}>")
        elif target is not None and not allowed(path, room, target):
            faults.append(f"{path}:{line}: {room} may not include {target}")
    words = FORBIDDEN_WORDS.get(room)
    match = re.search(words, text) if words else None
    if match:
        line = text.count("\n", 0, match.start()) + 1
        faults.append(f"{path}:{line}: {room} may not speak of {match.group(0)}...")
    return faults


def main():
    root = root_of(sys.argv)
    paths = [p for p in files_of(root, [".c", ".h", ".cpp", ".idl"]) if room_of(p)]
    faults = [f for p in paths for f in faults_of(root, p)]
    unknown = [p for p in files_of(root, [".c", ".h"])
               if p.startswith(("emulator/", "api/")) and not room_of(p)]
    faults += [f"{p}: in no room that the layering knows" for p in unknown]
    finish(faults, len(paths))


main()
