# SPDX-License-Identifier: MIT
"""cdrskin burns in every way that it knows, and what it burned is what went in."""
import re

from client import DATA, Case, main, need

BURN = ["cdrskin", "dev=/dev/sr0", "-v", "gracetime=0"]

# Sony's text form of CD-Text, as libburn reads it.
SHEET = """Input Sheet Version = 0.7T
Text Code           = 8859
Language Code       = English
Album Title         = Joyful Nights
Artist Name         = United Cat Orchestra
UPC / EAN           = 4006381333931
First Track Number  = 1
Last Track Number   = 2
ISRC 01             = DEABC2612345
Track 01 Title      = Song of Joy
Track 01 Artist     = Felix and The Purrs
ISRC 02             = DEABC2612346
Track 02 Title      = Humpty Dumpty
Track 02 Artist     = Catwalk Beauties
"""


class Cdrskin(Case):
    explained = [r"cdrskin: NOTE : "]

    def burn(self, *options, **more):
        return self.client(*BURN, *options, **more)


class Audio(Cdrskin):
    def test_session_at_once(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.burn("-sao", "-audio", "one.wav", "two.wav")
        self.assert_samples(0, one + two)
        self.assertIn("Media summary: 1 sessions, 2 tracks, closed CD-R",
                      self.client("cdrskin", "dev=/dev/sr0", "-toc"))

    def test_track_at_once(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.burn("-tao", "-audio", "one.wav", "two.wav")
        self.assert_samples(0, one)
        self.assert_samples(552, two)

    def test_text_catalog_number_and_isrc(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.write("sheet.v07t", SHEET)
        self.burn("-sao", "input_sheet_v07t=sheet.v07t", "-audio", "one.wav", "two.wav")
        self.assert_samples(0, one + two)
        self.client("cdrskin", "dev=/dev/sr0", "cdtext_to_v07t=read.v07t")
        sheet = self.read("read.v07t").decode("latin-1")
        for line in SHEET.strip().split("\n")[2:]:
            name, value = (part.strip() for part in line.split("=", 1))
            self.assertRegex(sheet, rf"(?m)^{re.escape(name)} *= *{re.escape(value)}$")

    def test_packs_go_out_as_they_came_in(self):
        self.new_disc()
        self.sound("one.wav", 400)
        self.write("sheet.v07t", "\n".join(
            line.replace("Number   = 2", "Number   = 1") for line in SHEET.split("\n")
            if " 02 " not in line))
        self.burn("-sao", "input_sheet_v07t=sheet.v07t", "-audio", "one.wav")
        self.client("cdrskin", "dev=/dev/sr0", "cdtext_to_textfile=packs")
        self.new_disc(name="again")
        self.burn("-sao", "textfile=packs", "-audio", "one.wav", discs=["again"])
        self.client("cdrskin", "dev=/dev/sr0", "cdtext_to_textfile=packs2", discs=["again"])
        self.assertEqual(self.read("packs"), self.read("packs2"))


class Data(Cdrskin):
    def test_session_at_once(self):
        self.new_disc()
        image = self.image()
        self.burn("-sao", "-data", "data.iso")
        self.assert_mode_1(0, image)

    def test_mixed_mode(self):
        self.new_disc()
        image, one = self.image(), self.sound("one.wav", 320)
        self.burn("-tao", "-data", "data.iso", "-audio", "one.wav")
        self.assert_blocks(0, image)
        self.assert_samples(self.toc()[1][2], one)

    def test_a_second_session_with_the_numbers_of_the_drive(self):
        self.new_disc()
        image = self.image()
        self.burn("-tao", "-multi", "-data", "data.iso")
        # cdrskin's own -msinfo asks as for session-at-once, whose address is that of the pre-gap
        numbers = re.search(r"^(\d+,\d+)$", self.client("wodim", "dev=/dev/sr0", "-msinfo"),
                            re.M)[1]
        self.files(seed=2)
        self.shell(f"genisoimage -quiet -r -C {numbers} -M /dev/sr0 -o second.iso files")
        self.burn("-tao", "-multi", "-data", "second.iso")
        self.assert_blocks(0, image)
        self.assert_blocks(int(numbers.split(",")[1]), self.read("second.iso"))

    def test_a_pipe_of_unknown_length(self):
        self.new_disc()
        image = self.image()
        self.shell("cat data.iso | cdrskin dev=/dev/sr0 -v gracetime=0 -tao -")
        self.assert_blocks(0, image)


class Manner(Cdrskin):
    def test_dummy_leaves_the_disc_blank(self):
        self.new_disc()
        self.image()
        for mode in ["-tao", "-sao"]:
            self.burn("-dummy", mode, "-data", "data.iso")
            self.assertIn("blank", self.done("disc", "info", self.path("disc")))

    def test_a_rewritable_disc_is_blanked_and_burned_again(self):
        self.new_disc("--rw")
        self.image()
        self.burn("-tao", "-data", "data.iso")
        for kind in ["fast", "all", "as_needed"]:
            self.burn(f"blank={kind}")
            again = self.image(seed=kind)
            self.burn("-sao", "-data", "data.iso")
            self.assert_blocks(0, again)

    def test_speed_is_set(self):
        self.new_disc()
        image = self.image()
        self.burn("speed=8", "-tao", "-data", "data.iso")
        self.assert_blocks(0, image)

    def test_a_small_fifo_and_small_writes(self):
        self.new_disc()
        image = self.image()
        self.burn("fs=0", "dvd_obs=32k", "-tao", "-data", "data.iso")
        self.assert_blocks(0, image)


need("cdrskin", "wodim", "genisoimage")
main()
