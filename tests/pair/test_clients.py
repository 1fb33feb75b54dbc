# SPDX-License-Identifier: MIT
"""The pair's other judges: what unmodified programs burn is what our side reads, and what our side
burned is what they read. Under `vcdr exec`, on an embedded drive or one in a tgtd (VCDR_PAIR)."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

VCDR = os.environ["VCDR"]
AUDIO = os.environ["VCDR_AUDIO"]
KIND = os.environ["VCDR_PAIR"]
PROGRAMS = ["wodim", "cdrskin", "cd-info", "cd-read", "sox"]
SECTOR = 2352


def audio(name):
    with open(os.path.join(AUDIO, name), "rb") as file:
        return file.read()


def padded(samples):
    """As a track has them: whole sectors, 300 at the least."""
    sectors = max(300, (len(samples) + SECTOR - 1) // SECTOR)
    return samples.ljust(sectors * SECTOR, b"\0")


class Clients(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.disc = os.path.join(self.folder, "d")
        self.run_program(VCDR, "disc", "new", self.disc)
        self.url = f"embedded:{self.disc}"
        if KIND == "iscsi":
            self.serve()

    def serve(self):
        daemon = subprocess.Popen([VCDR, "serve", "--disc", self.disc], text=True,
                                  stdout=subprocess.PIPE)
        self.url = daemon.stdout.readline().strip()

        def end():
            daemon.send_signal(signal.SIGTERM)
            daemon.communicate()
            self.assertEqual(daemon.returncode, 0)
        self.addCleanup(end)

    def run_program(self, *command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              cwd=self.folder, timeout=120)
        text = done.stdout.decode("latin-1")
        self.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{text}")
        return text

    def client(self, *command):
        return self.run_program(VCDR, "exec", "--drive", self.url, "--", *command)

    def rip(self):
        return self.run_program(VCDR, "rip", self.url, os.path.join(self.folder, "out"))

    def ripped(self, name):
        path = os.path.join(self.folder, "out", name)
        if name.endswith(".iso"):
            with open(path, "rb") as file:
                return file.read()
        return subprocess.run(["sox", path, "-t", "raw", "-"], check=True,
                              stdout=subprocess.PIPE).stdout

    def burn_by_api(self):
        self.run_program(VCDR, "burn", self.url, *(os.path.join(AUDIO, name) for name in
                                                   ["speech.wav", "short.wav", "odd.wav"]),
                         "--client-name", "Pair 1.0")

    def assert_tracks(self, *names):
        self.rip()
        for number, name in enumerate(names, 1):
            self.assertEqual(self.ripped(f"track{number:02}.wav"), padded(audio(name)), name)

    def test_audio_that_wodim_burned_is_read_the_same(self):
        self.client("wodim", "dev=/dev/sr0", "gracetime=2", "-tao", "-audio", "-pad",
                    os.path.join(AUDIO, "speech.wav"), os.path.join(AUDIO, "short.wav"),
                    os.path.join(AUDIO, "odd.wav"))
        self.assert_tracks("speech.pcm", "short.pcm", "odd.pcm")

    def test_an_image_that_wodim_burned_is_read_the_same(self):
        self.client("wodim", "dev=/dev/sr0", "gracetime=2", "-tao", "-data",
                    os.path.join(AUDIO, "image.iso"))
        self.rip()
        self.assertEqual(self.ripped("track01.iso"), audio("image.iso"))

    def test_audio_that_cdrskin_burned_is_read_the_same(self):
        # cdrskin itself refuses less than 4 seconds
        self.client("cdrskin", "dev=/dev/sr0", "gracetime=0", "-tao", "-audio",
                    os.path.join(AUDIO, "speech.wav"), os.path.join(AUDIO, "odd.wav"))
        self.assert_tracks("speech.pcm", "odd.pcm")

    def test_an_image_that_cdrskin_burned_is_read_the_same(self):
        self.client("cdrskin", "dev=/dev/sr0", "gracetime=0", "-tao", "-data",
                    os.path.join(AUDIO, "image.iso"))
        self.rip()
        self.assertEqual(self.ripped("track01.iso"), audio("image.iso"))

    def test_cd_info_sees_the_tracks_that_the_api_burned(self):
        self.burn_by_api()
        said = self.client("cd-info", "--no-cddb", "--no-device-info", "/dev/sr0")
        rows = re.findall(r"^ *(\d+): \S+ +(\d+) (audio|leadout)", said, re.M)
        starts, lba = [], 0
        for number, name in enumerate(["speech.pcm", "short.pcm", "odd.pcm"], 1):
            starts.append((str(number), f"{lba:06}", "audio"))
            lba += len(padded(audio(name))) // SECTOR + 152
        starts.append(("170", f"{lba - 150:06}", "leadout"))
        self.assertEqual(rows, starts, said)

    def test_cd_read_reads_the_samples_that_the_api_burned(self):
        self.burn_by_api()
        expected = padded(audio("speech.pcm"))
        last = len(expected) // SECTOR - 1
        self.client("cd-read", "--mode=audio", "--start=0", f"--end={last}", "--no-hexdump",
                    "--output-file=samples", "/dev/sr0")
        with open(os.path.join(self.folder, "samples"), "rb") as file:
            self.assertEqual(file.read(), expected)

    def test_wodim_sees_the_table_of_contents_that_the_api_burned(self):
        self.burn_by_api()
        said = self.client("wodim", "dev=/dev/sr0", "-toc")
        self.assertRegex(said, r"(?m)^first: 1 last 3")
        self.assertEqual(len(re.findall(r"^track: +[123] .*control: 0", said, re.M)), 3, said)

    def test_what_is_complete_is_refused_to_wodim(self):
        self.burn_by_api()
        done = subprocess.run([VCDR, "exec", "--drive", self.url, "--", "wodim", "dev=/dev/sr0",
                               "gracetime=2", "-tao", "-data", os.path.join(AUDIO, "image.iso")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder,
                              timeout=120)
        self.assertNotEqual(done.returncode, 0)
        self.assert_tracks("speech.pcm", "short.pcm", "odd.pcm")


for program in PROGRAMS:
    if not shutil.which(program):
        print(f"no {program} here")
        sys.exit(77)
unittest.main(verbosity=2)
