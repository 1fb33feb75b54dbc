# SPDX-License-Identifier: MIT
"""Rules of faults by vcdr serve --fault, by vcdr fault, and in the environment."""
import json
import os
import subprocess
import unittest
from program import Case, VCDR

ASK = "51 00 00 00 00 00 00 00 22 00"  # READ DISC INFORMATION: nothing of vcdr send asks it


class Fault(Case):
    def setUp(self):
        super().setUp()
        self.done("disc", "new", self.path("d"))
        self.done("disc", "new", self.path("e"))

    def served(self, script, *options):
        """Runs a shell script on two drives that are served; $0 is the program."""
        return subprocess.run([VCDR, "serve", "--disc", self.path("d"), "--disc", self.path("e"),
                               *options, "--", "sh", "-c", script, VCDR], capture_output=True,
                              text=True, timeout=60, cwd=self.folder)

    def test_a_rule_acts_on_the_drive_that_it_names(self):
        result = self.served(f'for url in $VCDR_URLS; do "$0" send $url "{ASK}" --in 34; done',
                             "--fault", "drive=2 op=READ_DISC_INFORMATION count=all do=status:BUSY")
        statuses = [line for line in result.stdout.splitlines() if line.startswith("status")]
        self.assertEqual(statuses, ["status 00 GOOD", "status 08 BUSY"])

    def test_a_rule_without_a_drive_acts_on_each(self):
        result = self.served(f'for url in $VCDR_URLS; do "$0" send $url "{ASK}" --in 34; done',
                             "--fault", "op=51 do=sense:03/11/05")
        self.assertEqual(result.stdout.count("sense 03/11/05"), 2)

    def test_several_rules(self):
        result = self.served(f'for n in 1 2; do "$0" send $VCDR_URL "{ASK}" --in 34; done',
                             "--fault", "op=51 do=status:BUSY",
                             "--fault", "op=51 nth=2 do=status:RESERVATION_CONFLICT")
        self.assertIn("status 08 BUSY", result.stdout)
        self.assertIn("status 18 RESERVATION CONFLICT", result.stdout)

    def test_a_wrong_rule_is_one_line_and_no_daemon(self):
        for rule, reason in [("op=WRITE lba=9-1 do=cut", "lba=9-1: the range ends before"),
                             ("drive=3 do=cut", "drive=3: there are 2 drives"),
                             ("do=explode", "do=explode: no such action"),
                             ("", "do=: ")]:
            self.refused(2, reason, "serve", "--disc", self.path("d"), "--disc", self.path("e"),
                         "--fault", rule)

    def test_a_running_daemon_takes_rules_and_gives_them_up(self):
        result = self.served(f'"$0" fault --socket s "op=51 count=all do=status:BUSY" || exit 9\n'
                             f'"$0" send $VCDR_URL "{ASK}" --in 34\n'
                             '"$0" fault --socket s --clear || exit 9\n'
                             f'"$0" send $VCDR_URL "{ASK}" --in 34\n'
                             '"$0" fault --socket s "do=explode"', "--control", self.path("s"))
        self.assertEqual(result.returncode, 1)
        self.assertEqual([line for line in result.stdout.splitlines() if "status" in line],
                         ["status 08 BUSY", "status 00 GOOD"])
        self.assertRegex(result.stderr, r"^vcdr: s: do=explode: no such action[^\n]*\n$")
        self.assertFalse(os.path.exists(self.path("s")))

    def test_without_a_daemon_there_is_nobody_to_tell(self):
        self.refused(1, "No such file", "fault", "--socket", self.path("s"), "do=cut")
        self.refused(2, "rules are wanted", "fault", "--socket", self.path("s"))

    def test_a_socket_takes_nobodys_place(self):
        self.write("s", b"mine")
        self.refused(1, "in use", "serve", "--disc", self.path("d"), "--control", self.path("s"))
        self.assertEqual(self.read("s"), b"mine")

    def test_the_environment_and_the_record(self):
        environment = dict(os.environ, VCDR_RECORD=self.path("r"),
                           VCDR_FAULT="op=51 do=status:BUSY; op=51 nth=2 do=sense:03/11/05")
        for wanted in ["status 08 BUSY", "status 08 BUSY"]:  # each run powers the drive on anew
            self.assertIn(wanted, self.run_vcdr("send", f"embedded:{self.path('d')}", ASK,
                                                "--in", "34", env=environment).stdout)
        faults = [json.loads(line) for line in self.read("r").decode().splitlines()
                  if '"event":"fault"' in line]
        self.assertEqual([fault["rule"] for fault in faults], ["op=51 do=status:BUSY"] * 2)
        self.assertEqual((faults[0]["action"], faults[0]["opcode"]), ("status", 0x51))
        self.assertRegex(self.done("record", self.path("r"), "--event", "fault"),
                         r'fault +status of opcode 51 from .*by "op=51 do=status:BUSY"\n')


unittest.main(verbosity=2)
