# SPDX-License-Identifier: MIT
"""What the house checks share: the source tree as a list of files, and how a check reports."""
import os
import sys

# Folders of a checkout that hold no source of ours.
SKIPPED = {".git", "build"}


def root_of(arguments):
    """The tree to check: the first argument, by default the one this script lies in."""
    if len(arguments) > 1:
        return os.path.abspath(arguments[1])
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def files_of(root, suffixes=None):
    """Paths relative to root, sorted. Build folders and hidden folders but .ci are left out."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in SKIPPED and not f.startswith("build-")
                      and f != "__pycache__" and (not f.startswith(".") or f == ".ci")]
        for name in names:
            if suffixes is None or name.endswith(tuple(suffixes)):
                found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(found)


def text_of(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def finish(faults, checked):
    """Prints the faults, one a line, and ends: 0 none, 1 some, also when nothing was checked."""
    for fault in faults:
        print(fault)
    if not checked:
        print("nothing was there to check")
        sys.exit(1)
    print(f"{checked} checked, {len(faults)} at fault")
    sys.exit(1 if faults else 0)
