# SPDX-License-Identifier: MIT
"""vcdr disc."""
import fcntl
import json
import os
import unittest
from program import Case


class Disc(Case):
    def info(self, path):
        return json.loads(self.done("disc", "info", path, "--json"))

    def test_a_folder_that_is_not_there_is_what_is_named(self):
        self.refused(1, f"vcdr: {self.path('no')}: does not exist\n", "disc", "new",
                     self.path("no/disc"))

    def test_a_new_disc_is_blank_and_of_80_minutes(self):
        self.done("disc", "new", self.path("d"))
        info = self.info(self.path("d"))
        self.assertEqual((info["medium"], info["status"]), ("CD-R", "blank"))
        # a nominal 80-minute disc: lead-out at 79:59:74 at the latest, nothing below 79:57
        self.assertTrue(359700 <= info["last_lead_out_lba"] <= 359849, info)
        self.assertEqual(info["free_blocks"], info["last_lead_out_lba"] - 2)

    def test_capacities_are_told_apart(self):
        lead_outs = []
        for capacity in ["74min", "80min", "90min"]:
            self.done("disc", "new", self.path(capacity), "--capacity", capacity)
            lead_outs.append(self.info(self.path(capacity))["last_lead_out_lba"])
        self.assertEqual(lead_outs, sorted(set(lead_outs)))
        self.assertTrue(333000 <= lead_outs[0] < 337500, lead_outs)
        # beyond 90:00:00 an MSF address would lie in the lead-in
        self.assertTrue(400000 <= lead_outs[2] < 404850, lead_outs)

    def test_rw_makes_a_cd_rw(self):
        self.done("disc", "new", self.path("d"), "--rw")
        self.assertEqual(self.info(self.path("d"))["medium"], "CD-RW")

    def test_two_discs_have_two_serials(self):
        self.done("disc", "new", self.path("a"))
        self.done("disc", "new", self.path("b"))
        self.assertNotEqual(self.info(self.path("a"))["serial"],
                            self.info(self.path("b"))["serial"])

    def test_a_new_disc_takes_next_to_no_room(self):
        self.done("disc", "new", self.path("d"))
        self.assertLess(os.stat(self.path("d")).st_blocks * 512, 1 << 20)

    def test_an_unknown_capacity_is_usage_and_makes_no_file(self):
        self.refused(2, "99min", "disc", "new", self.path("d"), "--capacity", "99min")
        self.assertFalse(os.path.exists(self.path("d")))

    def test_new_refuses_a_file_that_exists_and_leaves_it(self):
        self.write("d", b"mine")
        self.refused(1, f"vcdr: {self.path('d')}: ", "disc", "new", self.path("d"))
        self.assertEqual(self.read("d"), b"mine")

    def test_what_is_no_disc_is_refused_with_the_reason(self):
        self.write("d", b"RIFF" + bytes(4096))
        self.refused(1, f"vcdr: {self.path('d')}: ", "disc", "info", self.path("d"))

    def test_a_missing_file_is_refused(self):
        self.refused(1, "vcdr: nowhere: ", "disc", "info", "nowhere")

    def test_an_option_of_another_action_is_usage(self):
        self.refused(2, "--cue", "disc", "new", self.path("d"), "--cue", "x.cue")

    def test_info_is_for_people_without_json(self):
        self.done("disc", "new", self.path("d"))
        self.assertIn("CD-R", self.done("disc", "info", self.path("d")))


class Snapshots(Case):
    """A disc goes back to what it was; what is on it, block by block, is the disc's own tests'."""

    def setUp(self):
        super().setUp()
        self.write("in.iso", bytes(400 * 2048))
        self.done("disc", "import", self.path("in.iso"), self.path("d"))

    def status(self):
        info = json.loads(self.done("disc", "info", self.path("d"), "--json"))
        return info["status"], info["snapshot"]

    def test_reset_makes_a_finished_disc_blank(self):
        self.done("disc", "reset", self.path("d"))
        self.assertEqual(self.status(), ("blank", False))

    def test_restore_goes_back_to_the_snapshot(self):
        self.done("disc", "snapshot", self.path("d"))
        self.done("disc", "reset", self.path("d"))
        self.assertEqual(self.status(), ("blank", True))
        self.done("disc", "restore", self.path("d"))
        self.assertEqual(self.status(), ("complete", True))
        self.done("disc", "export", self.path("d"), "--iso", self.path("out.iso"))
        self.assertEqual(self.read("out.iso"), bytes(400 * 2048))

    def test_restore_without_a_snapshot_is_refused_with_the_reason(self):
        self.refused(1, "keeps no snapshot", "disc", "restore", self.path("d"))
        self.assertEqual(self.status(), ("complete", False))

    def test_a_disc_in_a_drive_is_left_alone(self):
        with open(self.path("d"), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.refused(1, "is held by another process", "disc", "reset", self.path("d"))
        self.assertEqual(self.status(), ("complete", False))


class Images(Case):
    """An ISO image goes in, and comes out the same."""

    def setUp(self):
        super().setUp()
        self.image = bytes((i * 7 + i // 2048) & 0xFF for i in range(400 * 2048))
        self.write("in.iso", self.image)
        self.done("disc", "import", self.path("in.iso"), self.path("d"))

    def test_the_disc_is_one_finished_data_track(self):
        info = json.loads(self.done("disc", "info", self.path("d"), "--json"))
        self.assertEqual(info["status"], "complete")
        track, = info["sessions"][0]["tracks"]
        self.assertEqual((track["mode"], track["start_lba"], track["blocks"]), ("mode 1", 0, 400))

    def test_a_refused_import_names_the_file_once(self):
        self.write("in.cue", b'FILE "x.bin" BINARY\n  TRACK 01 NONSENSE\n')
        for name, begins in [("none.cue", ": cannot be opened: "), ("in.cue", ":2: ")]:
            result = self.run_vcdr("disc", "import", self.path(name), self.path("n"))
            self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
            self.assertTrue(result.stderr.startswith(f"vcdr: {self.path(name)}{begins}"),
                            result.stderr)
            self.assertEqual(result.stderr.count(name), 1, result.stderr)

    def test_import_takes_the_smallest_disc_that_holds_it(self):
        info = json.loads(self.done("disc", "info", self.path("d"), "--json"))
        self.assertLess(info["last_lead_out_lba"], 340000)

    def test_import_takes_the_capacity_that_is_asked_for(self):
        self.done("disc", "import", self.path("in.iso"), self.path("e"), "--capacity", "90min")
        info = json.loads(self.done("disc", "info", self.path("e"), "--json"))
        self.assertGreater(info["last_lead_out_lba"], 400000)

    def test_it_comes_out_the_same(self):
        self.done("disc", "export", self.path("d"), "--iso", self.path("out.iso"))
        self.assertEqual(self.read("out.iso"), self.image)

    def test_a_cue_sheet_comes_out_and_goes_in_again(self):
        self.done("disc", "export", self.path("d"), "--cue", self.path("out.cue"))
        self.done("disc", "import", self.path("out.cue"), self.path("e"))
        self.done("disc", "export", self.path("e"), "--iso", self.path("again.iso"))
        self.assertEqual(self.read("again.iso"), self.image)

    def test_export_refuses_a_file_that_exists(self):
        self.write("out.iso", b"mine")
        self.refused(1, "out.iso", "disc", "export", self.path("d"), "--iso", self.path("out.iso"))
        self.assertEqual(self.read("out.iso"), b"mine")

    def test_export_wants_one_kind_of_image(self):
        self.refused(2, "--cue", "disc", "export", self.path("d"))
        self.refused(2, "--cue", "disc", "export", self.path("d"), "--iso", "a", "--cue", "b")

    def test_a_track_that_is_not_there_is_refused(self):
        self.refused(1, "", "disc", "export", self.path("d"), "--iso", self.path("x"), "--track",
                     "2")
        self.assertFalse(os.path.exists(self.path("x")))


unittest.main(verbosity=2)
