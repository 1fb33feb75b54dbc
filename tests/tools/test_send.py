# SPDX-License-Identifier: MIT
"""vcdr send: one raw CDB, to an empty drive in this process and over iSCSI."""
import subprocess
import unittest
from program import Case, VCDR


class Send(Case):
    def send(self, status, *arguments):
        result = self.run_vcdr("send", "embedded:", *arguments)
        self.assertEqual((result.returncode, result.stderr), (status, ""), result.stdout)
        return result.stdout

    def test_data_in_is_shown_in_hex(self):
        # INQUIRY, 36 bytes: type 5, removable; "VCDR" from byte 8
        said = self.send(0, "12 00 00 00 24 00", "--in", "36")
        self.assertTrue(said.startswith("status 00 GOOD\ndata-in 36 bytes\n000000  05 80 "), said)
        self.assertIn("VCDR", said)

    def test_data_in_goes_to_a_file(self):
        said = self.send(0, "120000002400", "--in", "36", "--out", self.path("inquiry"))
        self.assertEqual(said, "status 00 GOOD\ndata-in 36 bytes\n")
        data = self.read("inquiry")
        self.assertEqual((len(data), data[0], data[8:12]), (36, 0x05, b"VCDR"))

    def test_sense_is_told_in_words(self):
        # TEST UNIT READY without a medium: 02/3A/xx
        said = self.send(1, "00 00 00 00 00 00")
        self.assertRegex(said, r"^status 02 CHECK CONDITION\n"
                               r"sense 02/3A/0[12] NOT READY, MEDIUM NOT PRESENT")

    def test_the_unit_attention_of_a_new_nexus_is_passed_over_unless_it_is_asked_for(self):
        said = self.send(1, "00 00 00 00 00 00", "--keep-attention")
        self.assertIn("sense 06/29/00 UNIT ATTENTION", said)

    def test_an_unknown_opcode_is_the_drives_to_refuse(self):
        self.assertIn("sense 05/20/00 ILLEGAL REQUEST", self.send(1, "fe 00 00 00 00 00"))

    def test_data_out_comes_from_a_file(self):
        # the exclusive access page locks under "Shell"; a second command of another nexus sees the
        # drive free again, since the first one's nexus has ended
        page = bytes([0x39, 0x46, 1, 0, 0, 0, 0, 0]) + b"Shell".ljust(64, b"\0")
        file = self.write("list", bytes(8) + page)
        self.assertEqual(self.send(0, "55 10 00 00 00 00 00 00 50 00", "--data", file),
                         "status 00 GOOD\n")

    def test_bad_parameter_data_is_the_drives_to_refuse(self):
        page = bytes([0x39, 0x46, 1, 0, 0, 0, 0, 0]) + b"Sh/ell".ljust(64, b"\0")
        file = self.write("list", bytes(8) + page)
        self.assertIn("sense 05/26/00", self.send(1, "55 10 00 00 00 00 00 00 50 00", "--data",
                                                 file))

    def test_what_is_no_cdb_is_usage(self):
        for cdb in ["", "12", "12 00 00 00 24", "12 00 00 00 24 0", "zz 00 00 00 24 00",
                    "12 00 00 00 24 00 00"]:
            self.refused(2, "a CDB is 6, 10, 12 or 16 bytes", "send", "embedded:", cdb)

    def test_data_goes_one_way_only(self):
        self.refused(2, "one way", "send", "embedded:", "120000002400", "--in", "36", "--data",
                     "x")

    def test_a_drive_that_is_not_there_is_told_with_the_reason(self):
        # port 1 of this machine: nothing listens
        self.refused(1, "vcdr: iscsi://127.0.0.1:1/iqn.x/0: ", "send", "iscsi://127.0.0.1:1/iqn.x/0",
                     "000000000000")

    def test_what_is_no_url_is_told(self):
        self.refused(1, "vcdr: nonsense: ", "send", "nonsense", "000000000000")

    def test_the_same_over_iscsi(self):
        result = subprocess.run(
            [VCDR, "serve", "--", "sh", "-c",
             '"$0" send "$VCDR_URL" 120000002400 --in 36', VCDR],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("status 00 GOOD\ndata-in 36 bytes\n", result.stdout)


unittest.main(verbosity=2)
