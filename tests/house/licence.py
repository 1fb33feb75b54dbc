#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each source file says in its first two lines under which licence it stands."""
import re
import sys
from rules import files_of, finish, root_of, text_of

SUFFIXES = [".c", ".h", ".cpp", ".py", ".sh", ".idl", ".cmake", "CMakeLists.txt", ".lua", ".map"]
LICENCE = re.compile(r"SPDX-License-Identifier: (MIT|GPL-2\.0-only OR MIT)\b")


def is_script(root, path):
    if "." in path.rsplit("/", 1)[-1]:
        return False
    return text_of(root, path)[:2] == "#!"


def main():
    root = root_of(sys.argv)
    paths = [p for p in files_of(root) if p.endswith(tuple(SUFFIXES)) or is_script(root, p)]
    faults = [f"{p}: no SPDX-License-Identifier in its first lines" for p in paths
              if not any(LICENCE.search(line) for line in text_of(root, p).split("\n")[:2])]
    finish(faults, len(paths))


main()
