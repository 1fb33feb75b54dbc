# SPDX-License-Identifier: MIT
"""A drive of the host (sg:), as the API sees it through the kernel's manners of `vcdr exec`."""
import json
import os
import subprocess
import unittest
import wave
from program import Case, VCDR


class HostDrive(Case):
    def setUp(self):
        super().setUp()
        self.done("disc", "new", self.path("d"))
        os.mkdir(self.path("locks"))
        self.environment = dict(os.environ, VCDR_LOCK_FOLDER=self.path("locks"))

    def on_host(self, script, start=subprocess.run, **options):
        """A shell script for which the embedded drive is /dev/sr0; $0 is the program."""
        return start([VCDR, "exec", "--drive", f"embedded:{self.path('d')}", "--", "sh", "-c",
                      script, VCDR], text=True, cwd=self.folder, env=self.environment, **options)

    def lines(self, script):
        result = self.on_host(script, capture_output=True, timeout=120)
        return result.returncode, result.stdout.splitlines(), result.stderr.splitlines()

    def test_all_names_of_the_node_are_the_drive(self):
        for name in ["sg:/dev/sr0", "/dev/sr0", "sg:/dev/sg0", "/dev/cdrom"]:
            status, out, errors = self.lines(f'"$0" info {name} --json')
            self.assertEqual((status, errors), (0, []), name)
            info = json.loads("\n".join(out))
            self.assertEqual((info["vendor"], info["medium"], info["owner"]),
                             ("VCDR", "CD-R", None))

    def test_a_track_is_burned_and_read_back(self):
        samples = os.urandom(2352 * 400)
        with wave.open(self.path("a.wav"), "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(44100)
            sound.writeframes(samples)
        status, _, errors = self.lines('"$0" burn sg:/dev/sr0 a.wav --client-name "Host Burner" --yes && '
                                       '"$0" rip sg:/dev/sr0 out')
        self.assertEqual((status, len(errors)), (0, 3), errors)  # its progress
        with wave.open(self.path("out/track01.wav"), "rb") as sound:
            self.assertEqual(sound.readframes(sound.getnframes()), samples)

    def test_what_writes_on_hardware_must_be_meant(self):
        for verb in ['burn {} a.wav --client-name A', 'scenario --drive {} a.lua']:
            for name in ["sg:/dev/sr0", "/dev/sr0"]:
                arguments = verb.format(name).split()
                self.refused(2, f"{name} is a recorder of this host", *arguments)

    def test_the_owner_is_told_by_either_node_and_by_the_drive(self):
        status, out, errors = self.lines(
            '"$0" lock sg:/dev/sg0 --client-name "Night Shift" -- sh -c \''
            '"$0" owner sg:/dev/sr0; "$0" owner /dev/sg0; '
            '"$0" send /dev/sr0 5A083900000000004800 --in 80\' "$0"; "$0" owner sg:/dev/sr0')
        self.assertEqual((status, errors), (1, []))
        self.assertEqual(out[:2], ["Night Shift", "Night Shift"])
        self.assertIn("4e 69 67 68 74", "\n".join(out).lower())  # the page's caller name

    def test_a_second_program_is_refused_and_told_by_whom(self):
        status, out, errors = self.lines(
            '"$0" lock sg:/dev/sr0 --client-name First -- '
            '"$0" lock /dev/sg0 --client-name Second -- true')
        self.assertEqual((status, out), (1, []))
        self.assertEqual(errors, [
            'vcdr: /dev/sg0: AcquireExclusiveAccess: the drive is held by "First"'])

    def test_another_program_that_holds_the_node_is_in_the_way_unless_forced(self):
        hold = ('python3 -c "import os, subprocess, sys; '
                "os.open('/dev/sr0', os.O_RDONLY | os.O_NONBLOCK | os.O_EXCL); "
                'sys.exit(subprocess.call(sys.argv[1:]))" ')
        status, _, errors = self.lines(
            hold + '"$0" lock sg:/dev/sr0 --client-name Polite -- true')
        self.assertEqual((status, len(errors)), (1, 1), errors)
        self.assertTrue(errors[0].startswith("vcdr: sg:/dev/sr0: "), errors)
        status, _, errors = self.lines(
            hold + '"$0" lock sg:/dev/sr0 --client-name Rude --force -- true')
        self.assertEqual((status, errors), (0, []))

    def test_while_it_is_held_the_node_cannot_be_opened_exclusively(self):
        status, _, errors = self.lines(
            '"$0" lock sg:/dev/sr0 --client-name Owner -- python3 -c "import os; '
            "os.open('/dev/sr0', os.O_RDONLY | os.O_NONBLOCK | os.O_EXCL)\"")
        self.assertNotEqual(status, 0)
        self.assertIn("Device or resource busy", errors[-1])

    def test_an_owner_that_is_killed_leaves_a_free_drive(self):
        """The page lock is the host's and outlives the program; whoever notices takes it away."""
        status, out, errors = self.lines(
            '"$0" lock sg:/dev/sr0 --client-name Doomed -- sh -c \'kill -9 $PPID\' 2>/dev/null; '
            '"$0" owner sg:/dev/sr0; echo "status $?"; '
            '"$0" lock sg:/dev/sr0 --client-name Next -- "$0" owner sg:/dev/sr0')
        self.assertEqual((status, out, errors), (0, ["status 1", "Next"], []))

    def test_a_node_that_is_not_there_or_takes_no_commands_is_named(self):
        self.refused(1, "sg:/nonexistent/sr0: No such file or directory", "info",
                     "sg:/nonexistent/sr0")
        self.refused(1, "/dev/null: it takes no SCSI commands", "info", "/dev/null")


if __name__ == "__main__":
    unittest.main()
