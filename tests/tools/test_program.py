# SPDX-License-Identifier: MIT
"""The program itself: help, version, what is no verb."""
import subprocess
import unittest
from program import Case, VCDR


class Program(Case):
    def test_without_a_verb_it_says_how_to_use_it_and_ends_with_2(self):
        result = self.run_vcdr()
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("usage: vcdr VERB", result.stderr)

    def test_help_lists_the_verbs_on_stdout(self):
        for verb in ["disc", "serve", "info", "owner", "lock", "send", "burn", "rip", "record",
                     "exec", "scenario", "fault"]:
            self.assertRegex(self.done("--help"), rf"(?m)^  {verb} ")

    def test_every_verb_has_help_and_no_side_effect_of_it(self):
        for verb in ["disc", "serve", "info", "owner", "lock", "send", "burn", "rip", "record",
                     "exec", "scenario", "fault"]:
            self.assertIn(f"usage: vcdr {verb}", self.done(verb, "--help"))

    def test_version_is_a_line(self):
        self.assertRegex(self.done("--version"), r"^vcdr \d+\.\d+\.\d+\n$")

    def test_an_unknown_verb_is_usage(self):
        self.refused(2, "vcdr: brun: no such verb", "brun")

    def test_help_after_the_dashes_belongs_to_the_command(self):
        result = self.run_vcdr("serve", "--", "sh", "-c", 'echo "$1"', "sh", "--help")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("--help", result.stdout.split("\n"))

    def test_output_that_cannot_be_written_is_a_failure(self):
        for arguments in [["--version"], ["--help"], ["info", "embedded:"],
                          ["send", "embedded:", "12 00 00 00 24 00", "--in", "36"]]:
            with open("/dev/full", "w") as full:
                result = subprocess.run([VCDR, *arguments], stdout=full, stderr=subprocess.PIPE,
                                        text=True, timeout=60)
            self.assertEqual((result.returncode, result.stderr),
                             (1, "vcdr: standard output: No space left on device\n"), arguments)

    def test_usage_is_told_for_every_verb_without_arguments(self):
        for verb in ["disc", "info", "owner", "lock", "send", "burn", "rip", "record",
                     "scenario"]:
            self.refused(2, f"vcdr: {verb}: ", verb)


unittest.main(verbosity=2)
