# SPDX-License-Identifier: MIT
"""cdrdao writes discs at once, with sub-channel and CD-Text, and reads them back into its own form."""
import os

from client import AUDIO, DATA, Case, main, need, noise

DEVICE = ["--device", "/dev/sr0", "--driver"]

TEXT = """CD_TEXT {
  LANGUAGE_MAP { 0 : EN }
  LANGUAGE 0 {
    TITLE "The Album"
    PERFORMER "The Band"
  }
}
"""
TRACK_TEXT = """CD_TEXT {
  LANGUAGE 0 {
    TITLE "The Song"
    PERFORMER "The Singer"
  }
}
"""


class Cdrdao(Case):
    explained = [
        r"Process can be aborted with QUIT signal",
        r"WARNING: No super user permission to setup real time scheduling",
    ]

    def dao(self, command, *arguments, driver="generic-mmc", **more):
        return self.client("cdrdao", command, *DEVICE, driver, "-v", "2", *arguments, **more)

    def burn(self, toc, *options, **more):
        self.write("disc.toc", toc)
        return self.dao("write", "-n", *options, "disc.toc", **more)


class Writing(Cdrdao):
    def test_audio_at_once(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.burn('CD_DA\nTRACK AUDIO\nFILE "one.wav" 0\nTRACK AUDIO\nFILE "two.wav" 0\n')
        self.assertEqual(self.toc(), [("1", 0, 0), ("2", 0, 400), ("lout", 0, 750)])
        self.assert_samples(0, one + two)

    def test_the_raw_driver_writes_the_same(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.burn('CD_DA\nTRACK AUDIO\nFILE "one.wav" 0\nTRACK AUDIO\nFILE "two.wav" 0\n',
                  driver="generic-mmc-raw")
        self.assert_samples(0, one + two)

    # option 10h: the drive writes CD-Text
    def test_pregap_index_catalog_isrc_and_text(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 450)
        self.burn('CD_DA\nCATALOG "4006381333931"\n' + TEXT +
                  'TRACK AUDIO\nISRC "DEABC2612345"\n' + TRACK_TEXT + 'FILE "one.wav" 0\n'
                  'TRACK AUDIO\nCOPY\nPRE_EMPHASIS\nISRC "DEABC2612346"\n' + TRACK_TEXT +
                  'PREGAP 0:1:0\nFILE "two.wav" 0\nINDEX 0:2:0\n', driver="generic-mmc:0x10")
        self.assertEqual(self.toc(), [("1", 0, 0), ("2", 3, 475), ("lout", 3, 925)])
        self.assert_samples(0, one)
        self.assert_samples(475, two)
        self.dao("read-toc", "read.toc")
        read = self.read("read.toc").decode()
        for words in ['CATALOG "4006381333931"', 'ISRC "DEABC2612345"', 'ISRC "DEABC2612346"',
                      'TITLE "The Album"', 'TITLE "The Song"', 'PERFORMER "The Singer"',
                      "PRE_EMPHASIS", "INDEX 00:02:00", "START 00:01:00"]:
            self.assertIn(words, read)

    # What vcdr disc export writes is this program's own format.
    def test_an_exported_disc_burns_to_the_same_disc(self):
        self.write("a.bin", noise("a", 1300))
        self.write("b.bin", noise("b", 320, DATA))
        self.write("in.cue", 'CATALOG 4006381333931\nTITLE "All"\nPERFORMER "Band"\nFILE a.bin BINARY\n'
                   'TRACK 01 AUDIO\nTITLE "One"\nPERFORMER "Band"\nFLAGS DCP PRE\nISRC DEABC2612345\n'
                   'INDEX 00 00:00:00\nINDEX 01 00:00:33\nINDEX 02 00:02:00\n'
                   'TRACK 02 AUDIO\nTITLE "Two"\nPERFORMER "Band"\nINDEX 00 00:06:00\nINDEX 01 00:08:00\n'
                   'FILE b.bin BINARY\nTRACK 03 MODE1/2048\nTITLE "Data"\nPERFORMER "Band"\nPREGAP 00:02:00\n'
                   'INDEX 01 00:00:00\n')
        self.done("disc", "import", self.path("in.cue"), self.path("first"))
        self.done("disc", "export", self.path("first"), "--toc", self.path("disc.toc"))
        self.new_disc()
        self.dao("write", "-n", "disc.toc", driver="generic-mmc:0x10")
        for name in ["first", "disc"]:
            os.mkdir(self.path("of-" + name))
            os.chmod(self.path("of-" + name), 0o777)
            self.done("disc", "export", self.path(name), "--cue", self.path(f"of-{name}/x.cue"))
        for name in ["x.cue", "x.bin", "x.cdt"]:
            if self.read("of-first/" + name) != self.read("of-disc/" + name):
                self.fail(f"{name} differs")

    def test_data_and_mixed_mode(self):
        self.new_disc()
        image, one = self.image(), self.sound("one.wav", 320)
        self.burn('CD_ROM\nTRACK MODE1\nDATAFILE "data.iso"\nZERO MODE1 0:2:0\n'
                  'TRACK AUDIO\nPREGAP 0:2:0\nFILE "one.wav" 0\n')
        self.assert_mode_1(0, image)
        self.assert_samples(self.toc()[1][2], one)

    def test_an_open_session_and_another(self):
        self.new_disc()
        image = self.image()
        self.burn('CD_ROM_XA\nTRACK MODE2_FORM1\nDATAFILE "data.iso"\n', "--multi")
        self.burn('CD_ROM_XA\nTRACK MODE2_FORM1\nDATAFILE "data.iso"\n')
        _, second, _ = self.toc()
        self.assert_blocks(0, image)
        self.assert_blocks(second[2], image)

    def test_simulation_leaves_the_disc_blank(self):
        self.new_disc()
        self.sound("one.wav", 320)
        self.burn('CD_DA\nTRACK AUDIO\nFILE "one.wav" 0\n', "--simulate")
        self.assertIn("blank", self.done("disc", "info", self.path("disc")))

    def test_a_rewritable_disc_is_blanked_and_burned_again(self):
        self.new_disc("--rw")
        for number, mode in enumerate(["minimal", "full"]):
            one = self.sound(f"{number}.wav", 320)
            self.burn(f'CD_DA\nTRACK AUDIO\nFILE "{number}.wav" 0\n')
            self.assert_samples(0, one)
            self.dao("blank", "--blank-mode", mode)


class Reading(Cdrdao):
    def test_read_cd_makes_an_image_of_what_went_in(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.burn('CD_DA\nTRACK AUDIO\nFILE "one.wav" 0\nTRACK AUDIO\nFILE "two.wav" 0\n')
        for options in [(), ("--read-subchan", "rw_raw")]:
            with self.subTest(options):
                self.client("rm", "-f", "data.bin", "read.toc")
                self.dao("read-cd", "--datafile", "data.bin", *options, "read.toc")
                data, size = self.read("data.bin"), AUDIO + (96 if options else 0)
                sectors = [data[i:i + AUDIO] for i in range(0, len(data), size)]
                swapped = bytearray(b"".join(sectors))  # big-endian
                swapped[0::2], swapped[1::2] = swapped[1::2], swapped[0::2]
                self.assertEqual(bytes(swapped), one + two)

    def test_it_knows_drive_and_disc(self):
        self.new_disc()
        self.assertIn("VCDR", self.client("cdrdao", "scanbus"))
        said = self.client("cdrdao", "disk-info", *DEVICE, "generic-mmc")
        self.assertRegex(said, r"CD-R empty +: yes")
        self.assertIn("BurnProof supported: yes",
                      self.client("cdrdao", "drive-info", *DEVICE, "generic-mmc"))

    def test_a_copy_on_a_second_drive_is_the_same(self):
        self.new_disc()
        self.new_disc(name="copy")
        one = self.sound("one.wav", 400)
        self.burn('CD_DA\nTRACK AUDIO\nFILE "one.wav" 0\n')
        self.client("cdrdao", "copy", "-n", "--source-device", "/dev/sr0", "--source-driver",
                    "generic-mmc", "--device", "/dev/sr1", "--driver", "generic-mmc",
                    discs=["disc", "copy"])
        self.client("mv", "copy", "disc", discs=[])
        self.assert_samples(0, one)


need("cdrdao", "wodim", "genisoimage")
main()
