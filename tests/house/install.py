#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An installation is whole: programs are built against it by pkg-config alone, and run.

install.py BUILD SOURCE : installs BUILD below a fresh folder, twice over: with a prefix of its own, and
under DESTDIR with the prefix /usr, as a packager does it.
"""
import os
import shutil
import subprocess
import sys
import tempfile

BUILD, SOURCE = sys.argv[1:3]
CONSUMERS = os.path.join(SOURCE, "tests/house/consumer")


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}status {done.returncode}")
    return done.stdout.strip()


def find(prefix, name):
    for folder, _, names in os.walk(prefix):
        if name in names:
            return os.path.join(folder, name)
    sys.exit(f"{name} is not installed")


def flags(prefix, package, *options):
    environment = dict(os.environ, PKG_CONFIG_PATH=os.path.dirname(find(prefix, package + ".pc")))
    return run(["pkg-config", "--cflags", "--libs", *options, package], env=environment).split()


def consume(prefix, folder):
    library_path = os.path.dirname(find(prefix, "imapi2.pc")).rsplit("/", 1)[0]
    environment = dict(os.environ, LD_LIBRARY_PATH=library_path)
    for language, source, package, expected in [
            (["cc", "-std=c11"], "embedded.c", "vcdr", "VCDR"),
            (["cc", "-std=c11"], "burner.c", "imapi2", "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"),
            (["c++", "-std=c++17"], "burner.cpp", "imapi2", "E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED"),
    ]:
        program = os.path.join(folder, source + ".out")
        run([*language, "-Wall", "-Wextra", "-Werror", os.path.join(CONSUMERS, source), "-o",
             program, *flags(prefix, package)])
        said = run([program], env=environment)
        if said != expected:
            sys.exit(f"{source} said {said!r}, expected {expected!r}")


def use(prefix):
    """The installed program finds what it needs beside itself; nothing leads back to the build."""
    program = find(prefix, "vcdr")
    send = [program, "serve", "--", "sh", "-c",
            '"$0" send "$VCDR_URL" "12 00 00 00 24 00" --in 36', program]
    if "status 00 GOOD" not in run(send):
        sys.exit("the installed program could not serve a drive")
    find(prefix, "bs_sgvcdr.so")
    for page in ["vcdr.1", "vcdr-serve.1"]:
        find(prefix, page)
    leaks = subprocess.run(["grep", "-rl", "--binary-files=without-match", BUILD, prefix],
                           capture_output=True, text=True).stdout.strip()
    if leaks:
        sys.exit(f"the build folder is named in {leaks}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        prefix = os.path.join(folder, "prefix")
        run(["cmake", "--install", BUILD, "--prefix", prefix])
        consume(prefix, folder)
        use(prefix)
        moved = os.path.join(folder, "moved")
        shutil.move(prefix, moved)
        consume(moved, folder)
        use(moved)
        destination = os.path.join(folder, "destination")
        run(["cmake", "--install", BUILD, "--prefix", "/usr"],
            env=dict(os.environ, DESTDIR=destination))
        consume(os.path.join(destination, "usr"), folder)
    print("installed, moved, packaged: built against and run")


main()
