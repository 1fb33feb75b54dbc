#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No file speaks of the machine that it was written on."""
import re
import sys
from rules import files_of, finish, root_of, text_of

# Written apart, so that this file does not find itself.
WORDS = [r"(?<![\w.])/" + "root/", r"(?<![\w.])/" + "home/", r"(?<![\w.$}])/" + "work/",
         r"\.\./" + "shared", r"/tmp/" + r"build-\w+", r"/tmp/" + "brief", "pypi" + r"\.org",
         "crates" + r"\.io", "registry" + r"\.npmjs", r"proxy\." + "golang"]
PATTERN = re.compile("|".join(WORDS))


def main():
    root = root_of(sys.argv)
    paths = files_of(root)
    faults = []
    for path in paths:
        for number, line in enumerate(text_of(root, path).split("\n"), 1):
            match = PATTERN.search(line)
            if match:
                faults.append(f"{path}:{number}: {match.group(0)} is of one machine only")
    finish(faults, len(paths))


main()
