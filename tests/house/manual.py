#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program's help and the manual pages speak of the same verbs and options, and the pages format.

manual.py ROOT VCDR
"""
import os
import re
import shutil
import subprocess
import sys
from rules import finish, text_of

ROOT, VCDR = sys.argv[1:3]
PAGES = {"disc": "disc", "serve": "serve", "info": "drive", "owner": "drive", "lock": "drive",
         "send": "drive", "burn": "burn", "rip": "burn", "record": "record", "exec": "exec",
         "scenario": "scenario", "fault": "fault", "status": "control", "insert": "control",
         "eject": "control", "button": "control"}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def options_of(text):
    return set(re.findall(r"--[a-z][a-z-]*", text)) - {"--help", "--version"}


def page_faults(page, helps):
    path = f"docs/man/vcdr-{page}.1"
    written = {"--" + o.replace("\\-", "-") for o in re.findall(r"Fl -([a-z][a-z-]*)",
                                                               text_of(ROOT, path))}
    # In the examples of a page other verbs may stand.
    faults = [f"{path}: {o} is not in the program's help" for o in written - options_of(helps)]
    faults += [f"{path}: says nothing of {o}" for o in options_of(helps) - written]
    formatted = subprocess.run(["groff", "-mandoc", "-ww", "-z", os.path.join(ROOT, path)],
                               capture_output=True, text=True)
    if formatted.returncode != 0 or formatted.stderr:
        faults.append(f"{path}: {formatted.stderr.strip()}")
    return faults


def main():
    if not shutil.which("groff"):
        print("no groff here")
        sys.exit(77)
    verbs = re.findall(r"^  ([a-z]+) ", output(VCDR, "--help"), re.M)
    faults = [f"{verb}: has no manual page" for verb in verbs if verb not in PAGES]
    faults += [f"{verb}: is in the manual but not in the program" for verb in PAGES
               if verb not in verbs]
    overview = text_of(ROOT, "docs/man/vcdr.1")
    faults += [f"docs/man/vcdr.1: says nothing of {verb}" for verb in verbs if verb not in overview]
    for page in sorted(set(PAGES.values())):
        helps = "".join(output(VCDR, verb, "--help") for verb in verbs if PAGES.get(verb) == page)
        faults += page_faults(page, helps)
    finish(faults, len(verbs))


main()
