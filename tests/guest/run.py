#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cases in a Linux of its own, whose kernel has the drives: boots it once for all of them.

run.py --vcdr VCDR --kernel KERNEL --results FOLDER [--keep FOLDER] [CASE...]
    Runs all cases, or those named, and leaves FOLDER/CASE.log of each. KERNEL is an unpacked kernel
    package as examples/guest/kernel makes it. Ends with 0 when each case has a result, whatever it is;
    with cases named, with 1 when one of them failed; with 77 where no guest can run.
run.py --report CASE --results FOLDER
    Prints what became of a case; its status: 0 passed, 1 failed, 77 skipped.
"""
import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import wave

import initramfs
import judge
import machine

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "cases")
CASE_S = 300      # a case that takes longer is stuck
HOST_S = 120      # the same of what the host does for it
STATUS = {"passed": 0, "failed": 1, "skipped": 77}


# ---- what is burnt ----

def make_sound(folder, name, blocks, extra=0):
    """NAME.wav of noise, and NAME.pcm: its samples as a track has them, in whole sectors."""
    data = random.Random(name).randbytes(blocks * 2352 + extra)
    with wave.open(os.path.join(folder, name + ".wav"), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44100)
        out.writeframes(data)
    with open(os.path.join(folder, name + ".pcm"), "wb") as out:
        out.write(data.ljust(-(-len(data) // 2352) * 2352, b"\0"))


def make_data(folder):
    make_sound(folder, "one", 320)
    make_sound(folder, "two", 301, extra=1000)
    make_sound(folder, "album", 640)
    for tree, files in [("tree", {"first": 700000, "small": 5}), ("more", {"second": 300000})]:
        os.makedirs(os.path.join(folder, tree))
        for name, size in files.items():
            with open(os.path.join(folder, tree, name), "wb") as file:
                file.write(random.Random(name).randbytes(size))
    subprocess.run([initramfs.find("genisoimage"), "-quiet", "-R", "-J", "-V", "GUEST", "-o",
                    os.path.join(folder, "image.iso"), os.path.join(folder, "tree")], check=True)


# ---- a case ----

class Daemon:
    """`vcdr serve` with a case's drives; can be ended and started again in its place."""

    def __init__(self, vcdr, discs, record, options):
        self.command = [vcdr, "serve", "--record", record, "--exit-with-parent", *options]
        for disc in discs:
            self.command += ["--disc", disc]
        self.count = max(1, len(discs))
        self.portal = "127.0.0.1:0"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command + ["--portal", self.portal], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.urls = [self.process.stdout.readline().strip() for _ in range(self.count)]
        if not self.urls[-1].startswith("iscsi://"):
            raise RuntimeError(f"vcdr serve: {self.urls}")
        self.portal = re.match(r"iscsi://([^/]*)/", self.urls[0])[1]

    def stop(self):
        """0 when it ended as it should."""
        self.process.terminate()
        said = self.process.communicate()[0]
        print(said, end="", file=sys.stderr)
        return self.process.returncode


class Case:
    """One file of cases/: what it wants, and what becomes of it."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)[:-len(".sh")]
        text = subprocess.run(
            ["sh", "-c", '. "$0"; . "$1"; for v in "${programs-}" "${discs-cdr}" "${serve-}" '
             '"${explained-}" "${kernel_explained-}"; do printf "%s\\0" "$v"; done',
             os.path.join(HERE, "explained.sh"), path],
            capture_output=True, text=True, check=True).stdout.split("\0")
        self.programs, self.discs, self.serve = (words.split() for words in text[:3])
        self.explained, self.kernel_explained = (
            [line.strip() for line in lines.split("\n") if line.strip()] for lines in text[3:5])
        self.log = []
        self.complaints = []
        with open(path, encoding="utf-8") as file:
            self.functions = re.findall(r"^(host|offline)\(\)", file.read(), re.M)
        self.folder = self.daemon = self.environment = None

    def begin(self, vcdr, folder, data):
        self.folder = os.path.join(folder, self.name)
        os.makedirs(self.folder)
        discs = []
        for number, kind in enumerate(self.discs, 1):
            if kind != "empty":
                discs.append(os.path.join(self.folder, f"disc{number}"))
                subprocess.run([vcdr, "disc", "new", discs[-1], *(["--rw"] if kind == "rw" else [])],
                               check=True)
        record = os.path.join(self.folder, "record")
        self.daemon = Daemon(vcdr, discs, record, ["--record-commands", *self.serve])
        self.environment = dict(os.environ, VCDR=vcdr, RECORD=record, DATA=data)
        for names, values in [("DISC", discs), ("URL", self.daemon.urls)]:
            for number, value in enumerate(values, 1):
                self.environment[names + (str(number) if number > 1 else "")] = value

    def on_host(self, function, *words):
        """Runs a function of the case; its status and what it printed."""
        if function == "daemon":
            self.log.append(f"(the daemon: {words[0]})")
            return self.daemon.stop() if words[0] == "stop" else self.daemon.start() or 0, ""
        command = ["sh", "-e", os.path.join(HERE, "host.sh"), self.path, function, *words]
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  cwd=self.folder, env=self.environment, timeout=HOST_S, check=False)
        except subprocess.TimeoutExpired:
            self.complaints.append(f"{function} on the host takes longer than {HOST_S} s")
            return 124, ""
        text = done.stdout.decode("latin-1")
        self.log += [f"(host {function}) {line}" for line in text.splitlines()]
        return done.returncode, text.split("\n", 1)[0]

    def hear(self, line, guest):
        """One line of the guest's; the guest's status at its end, else None."""
        if not line.startswith("@@ "):
            self.log.append(line)
            if judge.program_complains(line, self.explained):
                self.complaints.append(line)
            return None
        word, _, rest = line[3:].partition(" ")
        if word == "kernel":
            self.log.append("(kernel) " + rest)
            if judge.kernel_complains(rest, self.kernel_explained):
                self.complaints.append("kernel: " + rest)
        elif word == "complaint":
            self.log.append(rest)
            self.complaints.append(rest)
        elif word == "ask":
            status, text = self.on_host(*rest.split())
            guest.say(f"{status} {text}")
        elif word == "end":
            return int(rest)
        return None

    def run(self, guest):
        """The first thing that is wrong, or None."""
        until = time.monotonic() + CASE_S
        portal = self.daemon.portal.rsplit(":", 1)[1]
        guest.say(" ".join(["run", self.name, portal, *(u.split("/")[3] for u in self.daemon.urls)]))
        status = None
        while status is None:
            status = self.hear(guest.line(until), guest)
        if status != 0:
            return f"guest() ended with status {status}"
        for function in self.functions:
            if function == "offline" and self.daemon.stop() != 0:
                return "the daemon ended badly"
            status, _ = self.on_host(function)
            if status != 0:
                return f"{function}() ended with status {status}"
        if self.complaints:
            return "not explained: " + " | ".join(self.complaints[:5])
        return None

    def end(self):
        """The daemon's end; what is wrong with it, or None."""
        if self.daemon and self.daemon.process.poll() is None and self.daemon.stop() != 0:
            return "the daemon ended badly"
        return None


# ---- results ----

def leave(results, name, result, why, log=()):
    with open(os.path.join(results, name + ".log"), "w", encoding="utf-8") as file:
        file.write(f"{result}\n{why}\n")
        file.writelines(line + "\n" for line in log)


def report(results, name):
    try:
        with open(os.path.join(results, name + ".log"), encoding="utf-8") as file:
            result, why, log = file.read().split("\n", 2)
    except FileNotFoundError:
        result, why, log = "failed", "no result: the guest did not come to it", ""
    print(log + f"{result}: {why}")
    return STATUS[result]


# ---- all of it ----

def run_cases(cases, arguments, folder):
    """Until each has a result; boots again behind a case in which the guest got stuck."""
    data = os.path.join(folder, "data")
    os.makedirs(data)
    make_data(data)
    programs = {program for case in cases for program in case.programs}
    image = initramfs.build(arguments.kernel, programs, [case.path for case in cases], data, folder)
    qemu, guest, failed = initramfs.find("qemu-system-x86_64"), None, 0
    for case in cases:
        begin, why = time.monotonic(), None
        try:
            if guest is None:
                guest = machine.Machine(qemu, image, folder)
                print(f"         the guest is up after {guest.boot_s:.1f} s", flush=True)
                begin = time.monotonic()
            case.begin(arguments.vcdr, folder, data)
            why = case.run(guest)
        except machine.Stuck as stuck:
            why = f"{stuck}; the guest's console: {guest.last_words() if guest else ''}"
            if guest:
                guest.end()
            guest = None
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            why = str(error)
        why = case.end() if why is None else case.end() and why or why
        took = time.monotonic() - begin
        result = "failed" if why else "passed"
        failed += why is not None
        leave(arguments.results, case.name, result, why or f"{took:.1f} s", case.log)
        print(f"{result}   {case.name}   {took:.1f} s" + (f"   {why}" if why else ""), flush=True)
    if guest:
        guest.end()
    return failed


def all_cases(names):
    paths = [os.path.join(CASES, name + ".sh") for name in names] if names else [
        os.path.join(CASES, name) for name in sorted(os.listdir(CASES)) if name.endswith(".sh")]
    return [Case(path) for path in paths]


def missing_programs(case):
    for program in case.programs:
        try:
            initramfs.find(program)
        except initramfs.Missing as missing:
            return str(missing)
    return None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ["--vcdr", "--kernel", "--results", "--keep", "--report"]:
        parser.add_argument(name)
    parser.add_argument("cases", nargs="*")
    arguments = parser.parse_args()
    if arguments.report:
        return report(arguments.results, arguments.report)

    shutil.rmtree(arguments.results, ignore_errors=True)
    os.makedirs(arguments.results)
    folder = arguments.keep or tempfile.mkdtemp(prefix="vcdr-guest-")
    cases = all_cases(arguments.cases)
    try:
        for program in ["setpriv", "cpio", "qemu-system-x86_64"] + initramfs.PROGRAMS:
            initramfs.find(program)
        if not os.path.isdir(os.path.join(arguments.kernel, "boot")):
            raise initramfs.Missing("no kernel here: apt-get could not bring it")
        able = []
        for case in cases:
            why = missing_programs(case)
            if why:
                leave(arguments.results, case.name, "skipped", why)
                print(f"skipped  {case.name}   {why}")
            else:
                able.append(case)
        failed = run_cases(able, arguments, folder)
    except initramfs.Missing as missing:
        for case in cases:
            leave(arguments.results, case.name, "skipped", str(missing))
        print(f"guest: {missing}")
        return 77
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)
    return 1 if failed and arguments.cases else 0


if __name__ == "__main__":
    sys.exit(main())
