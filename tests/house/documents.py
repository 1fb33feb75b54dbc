#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The pages for users who test do what they say, as an installation finds them, without privileges.

documents.py BUILD SOURCE PAGE... : runs the sh blocks of each page, and the `run:` steps of its yaml
blocks that no comment before them takes out ("not run by the suite"), in order, in one folder a page.
As root it becomes nobody without capabilities. The folder has examples/cmocka as tests/. A c block is
a program, built by pkg-config and run over both kinds of drives. README.md's sh blocks are readme.py's.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from rules import finish, text_of

BUILD, SOURCE, PAGES = sys.argv[1], sys.argv[2], sys.argv[3:]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
          "--bounding-set=-all", "--inh-caps=-all"]


def steps_of(yaml):
    """The bodies of `run: |`, each with its indentation taken off."""
    for part in re.split(r"\n\s*\n", yaml):
        match = re.search(r"^( *)run: \|\n((?:\1 .*\n?)+)", part + "\n", re.M)
        if match and "not run by the suite" not in part:
            lines = match.group(2).rstrip().split("\n")
            indent = len(lines[0]) - len(lines[0].lstrip())
            yield "\n".join(line[indent:] for line in lines)


C_PROGRAM = """cat >program.c <<'END'
%sEND
cc -std=c11 -Wall -Wextra -Werror program.c -o program $(pkg-config --cflags --libs vcdr) -lcmocka
export LD_LIBRARY_PATH="$VCDR_LIBRARIES"
VCDR_FIXTURE=embedded ./program
VCDR_FIXTURE=daemon ./program
"""


def blocks_of(page, text):
    for kind, body in re.findall(r"^```(sh|yaml|c)\n(.*?)^```", text, re.M | re.S):
        if kind == "c":
            yield C_PROGRAM % body
        elif kind == "yaml":
            yield from steps_of(body)
        elif page != "README.md":
            yield body


def run_block(block, folder, prefix):
    libraries = next(f for f, _, names in os.walk(prefix) if "libvcdr.so" in names)
    environment = {"PATH": f"{prefix}/bin:" + os.environ["PATH"], "VCDR_PREFIX": prefix,
                   "PKG_CONFIG_PATH": libraries + "/pkgconfig", "VCDR_LIBRARIES": libraries,
                   "HOME": folder, "TMPDIR": folder, "LANG": "C"}
    command = ["sh", "-euc", block]
    if os.geteuid() == 0:
        command = NOBODY + command
    done = subprocess.run(command, cwd=folder, env=environment, text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print("$ " + block.strip().replace("\n", "\n$ "))
    print(done.stdout)
    return done.returncode


def page_faults(page, prefix):
    """Faults, and how many blocks there were."""
    blocks = list(blocks_of(page, text_of(SOURCE, page)))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(SOURCE, "examples/cmocka"), os.path.join(folder, "tests"))
        subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)
        for block in blocks:
            status = run_block(block, folder, prefix)
            if status != 0:
                return [f"{page}: status {status} of: {block.strip()}"], len(blocks)
    return [], len(blocks)


def main():
    missing = [p for p in ["sox", "setpriv", "cmake"] if not shutil.which(p)]
    if missing:
        print(f"no {missing[0]} here")
        sys.exit(77)
    faults, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        prefix = os.path.join(folder, "prefix")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
        for page in PAGES:
            its_faults, its_blocks = page_faults(page, prefix)
            faults += its_faults
            count += its_blocks
            if its_blocks == 0:
                faults.append(f"{page}: has nothing to run")
    finish(faults, count)


main()
