#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The README's examples run: its sh blocks, in order, in one empty folder.

readme.py ROOT VCDR : `vcdr` in them is the program VCDR. Links to files of the tree lead somewhere.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from rules import finish, text_of

ROOT, VCDR = sys.argv[1:3]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs/README.md", "docs/ci.md", "docs/drivers.md",
             "docs/disc-format.md", "docs/faults.md", "docs/scenarios.md"]


def run_block(block, folder):
    environment = dict(os.environ, PATH=os.path.dirname(VCDR) + ":" + os.environ["PATH"])
    done = subprocess.run(["sh", "-euc", block], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print("$ " + block.strip().replace("\n", "\n$ "))
    print(done.stdout)
    return done.returncode


def dead_links(document):
    text = text_of(ROOT, document)
    links = [l.strip() for l in re.findall(r"\]\(([^)#]+)\)", text, re.S)]
    here = os.path.dirname(os.path.join(ROOT, document))
    return [f"{document}: {l} leads nowhere" for l in links
            if "://" not in l and not os.path.exists(os.path.join(here, l))]


def dead_paths(document):
    """Files of the tree that a text names; `NAME` in one stands for any."""
    words = re.findall(r"`((?:emulator|api|tools|tests|docs|cmake|examples|scenarios)/[\w./-]*)`", text_of(ROOT, document))
    return [f"{document}: {w} is not there" for w in words
            if "NAME" not in w and not os.path.exists(os.path.join(ROOT, w))]


def main():
    if not shutil.which("sox") or not shutil.which("wodim"):
        print("no sox or no wodim here")
        sys.exit(77)
    faults = [f for d in DOCUMENTS for f in dead_links(d) + dead_paths(d)]
    blocks = re.findall(r"^```sh\n(.*?)^```", text_of(ROOT, "README.md"), re.M | re.S)
    with tempfile.TemporaryDirectory() as folder:
        for block in blocks:
            status = run_block(block, folder)
            if status != 0:
                faults.append(f"README.md: status {status} of: {block.strip()}")
    finish(faults, len(blocks))


main()
