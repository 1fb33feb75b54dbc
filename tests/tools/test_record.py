# SPDX-License-Identifier: MIT
"""vcdr record: lines as docs/record.md has them, stated here."""
import os
import signal
import subprocess
import unittest
from program import Case, VCDR

HEAD = '{"seq":%d,"time_us":%d,"wall":"2026-11-23T00:00:00.000000Z","drive":"VCDR00000001",'
NEXUS = '"nexus":{"initiator":"iqn.2026-11.x:one","alias":"first","id":1}'
LINES = [
    HEAD % (1, 0) + '"event":"power-on","version":"0.1.0","disc":"a.disc"}\n',
    HEAD % (2, 1500000) + '"event":"exclusive-lock","owner":"Night Shift",' + NEXUS +
    ',"flags":0,"via":"extension"}\n',
    HEAD % (3, 2000001) + '"event":"exclusive-denied","owner":"Night Shift",' + NEXUS +
    ',"wanted":"Day Shift","opcode":85}\n',
    HEAD % (4, 3000000) + '"event":"write-state","from":"idle","to":"writing","owner":"Night Shift",'
    + NEXUS + ',"track":1,"lba":0,"blocks":0}\n',
    HEAD % (5, 4000000) + '"event":"exclusive-lost","owner":"Night Shift",' + NEXUS +
    ',"cause":"nexus-lost"}\n',
]


class Record(Case):
    def setUp(self):
        super().setUp()
        self.file = self.write("r", "".join(LINES).encode())

    def test_each_event_is_one_line_with_the_drives_time(self):
        lines = self.done("record", self.file).split("\n")
        self.assertEqual(len(lines), len(LINES) + 1)
        self.assertTrue(lines[1].startswith("1.500000  VCDR00000001  exclusive-lock"), lines[1])
        self.assertIn('"Night Shift" on iqn.2026-11.x:one (first), via extension', lines[1])

    def test_a_refusal_names_who_holds_and_who_asked(self):
        line = self.done("record", self.file, "--event", "exclusive-denied")
        self.assertIn('held by "Night Shift"', line)
        self.assertIn('asked by iqn.2026-11.x:one (first) as "Day Shift", opcode 55', line)

    def test_a_write_state_says_who_held_the_drive(self):
        line = self.done("record", self.file, "--event", "write-state")
        self.assertIn("idle -> writing, track 1, LBA 0, held by Night Shift", line)

    def test_events_are_picked_by_name(self):
        lines = self.done("record", self.file, "--event", "power-on", "--event", "exclusive-lost")
        self.assertEqual([line.split()[2] for line in lines.strip().split("\n")],
                         ["power-on", "exclusive-lost"])

    def test_json_passes_the_lines_through(self):
        self.assertEqual(self.done("record", self.file, "--json"), "".join(LINES))

    def test_an_unknown_event_is_usage(self):
        self.refused(2, "burnt", "record", self.file, "--event", "burnt")

    def test_a_line_that_is_not_whole_is_not_printed(self):
        file = self.write("torn", (LINES[0] + LINES[1][:40]).encode())
        self.assertEqual(self.done("record", file, "--json"), LINES[0])

    def test_what_is_no_record_is_refused(self):
        file = self.write("no", b"hello\n")
        self.refused(1, "not a line of a record", "record", file)

    def test_a_missing_file_is_refused(self):
        self.refused(1, "vcdr: nowhere: ", "record", "nowhere")

    def test_an_event_of_a_later_version_is_printed_with_its_members(self):
        file = self.write("later", (HEAD % (1, 5) + '"event":"moonrise","phase":3}\n').encode())
        self.assertIn('"phase":3', self.done("record", file))

    def test_follow_prints_what_is_appended(self):
        file = self.write("grows", LINES[0].encode())
        with subprocess.Popen([VCDR, "record", file, "--follow", "--json"], text=True,
                              stdout=subprocess.PIPE) as process:
            try:
                self.assertEqual(process.stdout.readline(), LINES[0])
                # in two halves: a line is printed once it is whole
                with open(file, "a") as record:
                    record.write(LINES[1][:30])
                    record.flush()
                    record.write(LINES[1][30:])
                self.assertEqual(process.stdout.readline(), LINES[1])
            finally:
                os.kill(process.pid, signal.SIGTERM)


unittest.main(verbosity=2)
