# SPDX-License-Identifier: MIT
"""xorriso as cdrecord, as mkisofs and by its own words: sessions that grow, and blanking."""
import os

from client import Case, main, need

RECORD = ["xorrecord", "dev=/dev/sr0", "-v", "gracetime=0"]
XORRISO = ["xorriso", "-abort_on", "SORRY", "-return_with", "SORRY", "32"]


class Xorriso(Case):
    explained = [r"xorriso : NOTE : ", r"xorriso : UPDATE : "]

    def setUp(self):
        super().setUp()
        self.files()

    def grow(self, *words, **more):
        return self.client(*XORRISO, "-dev", "/dev/sr0", *words, "-commit_eject", "none", **more)

    def extracted(self, name):
        self.client(*XORRISO, "-osirrox", "on", "-indev", "/dev/sr0", "-extract", name,
                    self.path("copy"))
        data = self.read("copy")
        os.unlink(self.path("copy"))
        return data


class AsCdrecord(Xorriso):
    def test_session_at_once_and_track_at_once(self):
        image = self.image()
        for mode in ["-sao", "-tao"]:
            with self.subTest(mode):
                self.new_disc()
                self.client(*RECORD, mode, "data.iso")
                self.assert_mode_1(0, image)

    def test_dummy_leaves_the_disc_blank(self):
        self.image()
        self.new_disc()
        self.client(*RECORD, "-dummy", "-sao", "data.iso")
        self.assertIn("blank", self.done("disc", "info", self.path("disc")))

    def test_a_second_session(self):
        image = self.image()
        self.new_disc()
        self.client(*RECORD, "-multi", "-sao", "data.iso")
        self.client(*RECORD, "-multi", "-waiti", "data.iso")
        tracks = self.toc()
        self.assertEqual(len(tracks), 3)
        self.assert_blocks(0, image)
        self.assert_blocks(tracks[1][2], image)

    def test_a_rewritable_disc_is_blanked(self):
        self.new_disc("--rw")
        self.image()
        self.client(*RECORD, "-sao", "data.iso")
        for kind in ["fast", "all"]:
            again = self.image(seed=kind)
            self.client(*RECORD, f"blank={kind}", "-sao", "data.iso")
            self.assert_blocks(0, again)


class Native(Xorriso):
    def test_three_sessions_grow_one_tree(self):
        self.new_disc()
        for number in range(3):
            self.write("files/more", f"session {number}\n")
            self.grow("-map", self.path("files/more"), f"/more{number}",
                      "-map", self.path("files"), "/files")
        for number in range(3):
            self.assertEqual(self.extracted(f"/more{number}"), f"session {number}\n".encode())
        self.assertEqual(self.extracted("/files/random"), self.read("files/random"))
        said = self.client("xorriso", "-indev", "/dev/sr0", "-toc")
        self.assertIn("Media summary: 3 sessions", said)

    def test_a_closed_disc_is_final(self):
        self.new_disc()
        self.grow("-close", "on", "-map", self.path("files"), "/")
        self.assertIn("is written , is closed",
                      self.client("xorriso", "-outdev", "/dev/sr0", "-toc"))

    def test_a_rewritable_disc_is_blanked_as_needed(self):
        self.new_disc("--rw")
        for seed in [1, 2]:
            self.files(seed)
            self.client(*XORRISO, "-outdev", "/dev/sr0", "-blank", "as_needed", "-map",
                        self.path("files"), "/", "-commit")
            self.assertEqual(self.extracted("/hello"), f"hello {seed}\n".encode())

    def test_it_checks_what_it_wrote(self):
        self.new_disc()
        self.grow("-md5", "on", "-map", self.path("files"), "/")
        said = self.client("xorriso", "-md5", "on", "-indev", "/dev/sr0", "-check_md5_r", "sorry",
                           "/", "--", "-check_media", "use=indev", "--")
        self.assertIn("File contents and their MD5 checksums match", said)


need("xorriso", "xorrecord", "genisoimage", "wodim")
main()
