# SPDX-License-Identifier: MIT
"""vcdr burn and rip."""
import json
import os
import subprocess
import unittest
import wave
from program import Case, VCDR


def samples(count, seed=1):
    """Stereo frames that differ from each other."""
    return b"".join(((i * 2654435761 + seed * 97) & 0xFFFFFFFF).to_bytes(4, "little")
                    for i in range(count))


class Burn(Case):
    def setUp(self):
        super().setUp()
        self.done("disc", "new", self.path("d"))
        self.url = f"embedded:{self.path('d')}"

    def wav(self, name, data, rate=44100, channels=2, width=2):
        with wave.open(self.path(name), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(width)
            file.setframerate(rate)
            file.writeframes(data)
        return self.path(name)

    def burn(self, *arguments):
        result = self.run_vcdr("burn", self.url, *arguments, "--client-name", "Test 1.0")
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def disc(self):
        return json.loads(self.done("disc", "info", self.path("d"), "--json"))

    def ripped(self, track):
        with wave.open(os.path.join(self.path("out"), f"track{track:02}.wav")) as file:
            self.assertEqual((file.getnchannels(), file.getsampwidth(), file.getframerate()),
                             (2, 2, 44100))
            return file.readframes(file.getnframes())

    def refused_and_blank(self, words, *files):
        self.refused(1, words, "burn", self.url, *files, "--client-name", "Test 1.0")
        self.assertEqual(self.disc()["status"], "blank")

    def test_tracks_come_back_the_same(self):
        long, short = samples(588 * 400 + 17, 1), samples(1000, 2)
        self.burn(self.wav("a.wav", long), self.wav("b.wav", short))
        self.done("rip", self.url, self.path("out"))
        # 401 sectors; 300, which are 4 seconds, at the least
        self.assertEqual(self.ripped(1), long.ljust(401 * 2352, b"\0"))
        self.assertEqual(self.ripped(2), short.ljust(300 * 2352, b"\0"))

    def test_flac_is_burned_as_its_samples(self):
        data = samples(588 * 300)
        self.wav("a.wav", data)
        subprocess.run(["sox", self.path("a.wav"), self.path("a.flac")], check=True)
        self.burn(self.path("a.flac"))
        self.done("rip", self.url, self.path("out"))
        self.assertEqual(self.ripped(1), data)

    def test_the_disc_is_finalized_unless_it_is_asked_not_to_be(self):
        self.burn(self.wav("a.wav", samples(1000)))
        self.assertEqual(self.disc()["status"], "complete")

    def test_no_finalize_leaves_the_disc_appendable(self):
        self.burn(self.wav("a.wav", samples(1000)), "--no-finalize")
        self.assertEqual(self.disc()["status"], "appendable")

    def test_progress_goes_to_stderr_and_nothing_to_stdout(self):
        result = self.burn(self.wav("a.wav", samples(588 * 500)))
        self.assertEqual(result.stdout, "")
        self.assertIn("track  1  writing", result.stderr)

    def test_a_wrong_rate_is_refused_and_nothing_burned(self):
        good = self.wav("a.wav", samples(1000))
        self.refused_and_blank("48000 samples a second", good,
                               self.wav("b.wav", samples(1000), rate=48000))

    def test_one_channel_is_refused(self):
        self.refused_and_blank("1 channel", self.wav("a.wav", bytes(2000), channels=1))

    def test_other_than_16_bits_is_refused(self):
        self.refused_and_blank("not of 16 bits", self.wav("a.wav", bytes(6000), width=3))

    def test_what_is_no_audio_is_refused(self):
        self.refused_and_blank("vcdr: ", self.write("a.wav", b"hello" * 100))

    def test_an_empty_file_of_audio_is_refused(self):
        self.refused_and_blank("it is empty", self.wav("a.wav", b""))

    def test_a_missing_file_is_refused(self):
        self.refused_and_blank("vcdr: nowhere.wav: ", "nowhere.wav")

    def test_a_name_that_is_not_allowed_is_refused(self):
        self.refused(1, "not a client name", "burn", self.url, self.wav("a.wav", samples(9)),
                     "--client-name", "a/b")
        self.assertEqual(self.disc()["status"], "blank")

    def test_a_disc_that_is_not_blank_is_refused(self):
        file = self.wav("a.wav", samples(1000))
        self.burn(file)
        self.refused(1, "PrepareMedia", "burn", self.url, file, "--client-name", "Test 1.0")

    def test_an_empty_drive_is_refused(self):
        self.refused(1, "no disc", "burn", "embedded:", self.wav("a.wav", samples(9)),
                     "--client-name", "Test 1.0")

    def test_what_does_not_fit_is_refused_before_anything_is_burned(self):
        # an hour: 44100 * 3600 frames, in a file that is mostly a hole
        frames = 44100 * 3600
        header = b"RIFF" + (36 + frames * 4).to_bytes(4, "little") + b"WAVEfmt " + \
            (16).to_bytes(4, "little") + bytes([1, 0, 2, 0]) + (44100).to_bytes(4, "little") + \
            (176400).to_bytes(4, "little") + bytes([4, 0, 16, 0]) + b"data" + \
            (frames * 4).to_bytes(4, "little")
        file = self.write("hour.wav", header)
        os.truncate(file, 44 + frames * 4)
        # 2 * 270000 blocks and 152 between them
        self.refused_and_blank("540152 blocks do not fit", file, file)

    def test_an_unknown_speed_is_usage(self):
        self.refused(2, "speed", "burn", self.url, "a.wav", "--client-name", "A", "--speed", "0")

    def test_a_speed_can_be_asked_for(self):
        self.burn(self.wav("a.wav", samples(1000)), "--speed", "4")
        self.assertEqual(self.disc()["status"], "complete")

    def test_without_a_name_it_is_usage(self):
        self.refused(2, "--client-name", "burn", self.url, "a.wav")

    def test_interrupted_it_closes_the_disc_and_gives_the_drive_back(self):
        file = self.wav("long.wav", bytes(4 * 44100 * 1200))
        script = '''
            "$0" burn "$VCDR_URL" "$1" --client-name "Test 1.0" 2>progress & burn=$!
            "$0" record r --follow --json --event write-state 2>/dev/null | head -n 1 >/dev/null
            kill -INT $burn; wait $burn; echo "status $?"
            "$0" owner "$VCDR_URL" || echo free'''
        result = subprocess.run(
            [VCDR, "serve", "--disc", self.path("d"), "--record", self.path("r"), "--", "bash",
             "-c", "set -m; " + script, VCDR, file],
            capture_output=True, text=True, timeout=60, cwd=self.folder)
        self.assertEqual(result.stdout.split("\n")[1:], ["status 1", "free", ""],
                         self.read("progress").decode() + result.stderr)
        self.assertIn(b"cancelled", self.read("progress"))
        self.assertEqual(self.disc()["status"], "complete")


class Rip(Case):
    def setUp(self):
        super().setUp()
        self.done("disc", "new", self.path("blank"))

    def test_a_blank_disc_has_no_track(self):
        self.refused(1, "no complete track", "rip", f"embedded:{self.path('blank')}",
                     self.path("out"))

    def test_a_data_track_becomes_an_iso(self):
        image = samples(512 * 350)
        self.write("in.iso", image)
        self.done("disc", "import", self.path("in.iso"), self.path("d"))
        said = self.done("rip", f"embedded:{self.path('d')}", self.path("out"))
        self.assertIn("mode 1", said)
        self.assertEqual(self.read("out/track01.iso"), image)

    def test_a_file_that_exists_is_left(self):
        self.write("in.iso", samples(512 * 350))
        self.done("disc", "import", self.path("in.iso"), self.path("d"))
        os.mkdir(self.path("out"))
        self.write("out/track01.iso", b"mine")
        self.refused(1, "track01.iso", "rip", f"embedded:{self.path('d')}", self.path("out"))
        self.assertEqual(self.read("out/track01.iso"), b"mine")

    def test_an_empty_drive_is_told(self):
        self.refused(1, "MEDIUM NOT PRESENT", "rip", "embedded:", self.path("out"))


unittest.main(verbosity=2)
