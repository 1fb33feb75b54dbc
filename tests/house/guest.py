#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""examples/guest: a Linux kernel of its own has the recorder, by its initiator and by QEMU's.

guest.py SOURCE VCDR KERNEL : KERNEL is an unpacked kernel package, fetched there when it is missing.
A boot in software takes some ten seconds.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE, VCDR, KERNEL = sys.argv[1:4]
GUEST = os.path.join(SOURCE, "examples/guest")


def skip(why):
    print(why)
    sys.exit(77)


def run(command, **options):
    done = subprocess.run(command, text=True, capture_output=True, **options)
    if done.returncode == 77:
        skip(done.stderr.strip())
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}status {done.returncode}")
    return done.stdout


def in_guest(folder, disc, commands, programs=(), **variables):
    """What the commands print, and the record's lines."""
    script, record = os.path.join(folder, "commands"), disc + ".jsonl"
    with open(script, "w", encoding="utf-8") as file:
        file.write("set -e\n" + commands)
    said = run([VCDR, "serve", "--disc", disc, "--record", record, "--", "sh", "-c",
                'exec "$@"', "sh", os.path.join(folder, "run-on-url"), script, *programs],
               env=dict(os.environ, **variables))
    with open(record, encoding="utf-8") as file:
        return said, [json.loads(line) for line in file]


def kernel_burns(folder):
    """The kernel's initiator and its sr driver; wodim burns through them, and the kernel sees it."""
    disc = os.path.join(folder, "burnt.disc")
    run([VCDR, "disc", "new", disc])
    said, lines = in_guest(folder, disc, """
cat /sys/block/sr0/device/vendor
dd if=/dev/zero of=a.raw bs=2352 count=400
wodim -s dev=/dev/sr0 gracetime=2 -tao -audio a.raw
wodim -s dev=/dev/sr0 -toc
""", ["wodim"])
    if "VCDR" not in said or "track:   1 lba:         0" not in said:
        sys.exit(f"the kernel has no recorder, or no track on it:\n{said}")
    closed = [line for line in lines if line["event"] == "track-closed"]
    if [(line["track"], line["blocks"]) for line in closed] != [(1, 400)]:
        sys.exit(f"not one track of 400 blocks: {closed}")
    names = {line["nexus"]["initiator"] for line in lines if line["event"] == "nexus-open"}
    if names != {"iqn.2026-11.local.vcdr:guest"}:
        sys.exit(f"somebody else had the drive: {names}")


def qemu_mounts(folder):
    """QEMU's initiator passes the drive on; the guest's kernel mounts the disc and reads a file."""
    disc, image, tree = (os.path.join(folder, n) for n in ["iso.disc", "in.iso", "tree"])
    os.mkdir(tree)
    data = bytes(i * i & 0xFF for i in range(1 << 20))
    with open(os.path.join(tree, "data"), "wb") as file:
        file.write(data)
    run(["genisoimage", "-quiet", "-R", "-o", image, tree])
    run([VCDR, "disc", "import", image, disc])
    said, _ = in_guest(folder, disc, "mount -t iso9660 -o ro /dev/sr0 /sys && md5sum /sys/data\n",
                       INITIATOR="qemu")
    if hashlib.md5(data).hexdigest() not in said:
        sys.exit(f"the guest read something else:\n{said}")


def main():
    for program in ["qemu-system-x86_64", "wodim", "genisoimage"]:
        if not shutil.which(program):
            skip(f"no {program} here")
    if not os.path.exists(KERNEL):
        run([os.path.join(GUEST, "kernel"), KERNEL])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "run-on-url"), "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec "{GUEST}/run" "{KERNEL}" "$VCDR_URL" "$@"\n')
        os.chmod(file.name, 0o755)
        kernel_burns(folder)
        qemu_mounts(folder)
    print("a kernel burnt by its own initiator, and mounted by QEMU's")


main()
