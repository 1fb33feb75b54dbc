# SPDX-License-Identifier: MIT
"""wodim burns in every way that it knows, and what it burned is what went in."""
import re

from client import AUDIO, DATA, Case, main, need

BURN = ["wodim", "dev=/dev/sr0", "-v", "gracetime=0"]


class Wodim(Case):
    explained = [
        r"WARNING: Some drives don't like fixation in dummy mode",
        r"WARNING: Total disk size unknown\. Data may not fit on disk",  # of a pipe
        # of a full disc, before it blanks it
        r"Cannot get next writable address for 'invisible' track|cannot be written in streaming mode",
    ]

    def burn(self, *options, **more):
        return self.client(*BURN, *options, **more)


class Audio(Wodim):
    def test_session_at_once_has_no_gap_that_was_not_asked_for(self):
        self.new_disc()
        one, two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        said = self.burn("-sao", "-audio", "one.wav", "two.wav")
        self.assertIn("in real SAO mode for single session", said)
        self.assertEqual(self.toc(), [("1", 0, 0), ("2", 0, 400), ("lout", 0, 750)])
        self.assert_samples(0, one + two)

    def test_dao_is_another_word_for_it(self):
        self.new_disc()
        one = self.sound("one.wav", 320)
        self.burn("-dao", "-audio", "one.wav")
        self.assert_samples(0, one)

    def test_track_at_once(self):
        self.new_disc()
        one, two = self.sound("one.wav", 320), self.sound("two.wav", 310, extra=1000)
        self.burn("-tao", "-pad", "-audio", "one.wav", "two.wav")
        self.assertEqual(self.toc(), [("1", 0, 0), ("2", 0, 472), ("lout", 0, 785)])
        self.assert_samples(0, one)
        self.assert_samples(472, two)

    def test_copy_and_pre_emphasis_are_control_bits(self):
        self.new_disc()
        self.sound("one.wav", 320)
        self.sound("two.wav", 330)
        self.burn("-sao", "-audio", "-preemp", "one.wav", "-nopreemp", "-copy", "two.wav")
        self.assertEqual([row[1] for row in self.toc()], [1, 2, 2])

    def test_catalog_number_and_isrc_are_read_back(self):
        self.new_disc()
        self.sound("one.wav", 400)
        self.burn("-sao", "mcn=4006381333931", "-audio", "isrc=DEABC2612345", "one.wav")
        frames = self.sub_channel(0, 300)
        # byte 0: control and ADR; ADR 2 is the catalog number in BCD, ADR 3 the ISRC
        self.assertIn("4006381333931", {frame[1:8].hex()[:13] for frame in frames
                                        if frame[0] & 0x0F == 2})
        self.assertTrue(any(frame[0] & 0x0F == 3 for frame in frames))

    def test_cd_text_of_inf_files_is_read_back(self):
        self.new_disc()
        self.sound("one.wav", 320)
        self.write("one.inf", "\n".join([
            "#created by hand", "CDINDEX_DISCID=\t'x'", "Albumperformer=\t'The Band'",
            "Performer=\t'The Singer'", "Albumtitle=\t'The Album'", "Tracktitle=\t'The Song'",
            "Tracknumber=\t1", "Trackstart=\t0", "Tracklength=\t320, 0", "Pre-emphasis=\tno",
            "Channels=\t2", "Copy_permitted=\tyes", "Endianess=\tlittle", "Index=\t\t0",
            "Index0=\t\t-1", ""]))
        self.burn("-sao", "-text", "-useinfo", "-audio", "one.wav")
        said = self.client("cd-info", "--no-cddb", "--no-device-info")
        for words in ["The Album", "The Song", "The Singer"]:
            self.assertIn(words, said)


class Data(Wodim):
    def test_session_at_once(self):
        self.new_disc()
        image = self.image()
        self.burn("-sao", "-data", "data.iso")
        self.assertEqual(self.toc()[0], ("1", 4, 0))
        self.assert_mode_1(0, image)

    def test_mixed_mode_at_once(self):
        self.new_disc()
        image, one = self.image(), self.sound("one.wav", 320)
        self.burn("-sao", "-data", "data.iso", "-audio", "one.wav")
        self.assert_blocks(0, image)
        (_, data), (_, audio), _ = [(row[0], row[2]) for row in self.toc()]
        self.assertEqual(data, 0)
        self.assert_samples(audio, one)

    def test_mixed_mode_track_at_once(self):
        self.new_disc()
        image, one = self.image(), self.sound("one.wav", 320)
        self.burn("-tao", "-data", "data.iso", "-audio", "one.wav")
        self.assert_blocks(0, image)
        self.assert_samples(self.toc()[1][2], one)

    def test_a_second_session_with_the_numbers_of_the_drive(self):
        self.new_disc()
        image = self.image()
        self.burn("-tao", "-multi", "-data", "data.iso")
        numbers = re.search(r"^(\d+,\d+)$", self.client("wodim", "dev=/dev/sr0", "-msinfo"), re.M)[1]
        start = int(numbers.split(",")[1])
        self.assertEqual(start, len(image) // DATA + 2 + 11400)
        self.files(seed=2)
        self.shell(f"genisoimage -quiet -r -V SECOND -C {numbers} -M /dev/sr0 -o second.iso files")
        second = self.read("second.iso")
        self.burn("-tao", "-data", "second.iso")
        self.assert_blocks(0, image)
        self.assert_blocks(start, second)
        self.assertIn("HELLO", self.client("isoinfo", "-l", "-i", "/dev/sr0"))

    def test_genisoimage_pipes_a_second_session_while_the_drive_is_read(self):
        self.new_disc()
        self.image()
        self.burn("-tao", "-multi", "-data", "data.iso")
        self.files(seed=3)
        self.shell("genisoimage -quiet -r -C $(wodim dev=/dev/sr0 -msinfo) -M /dev/sr0 files |"
                   "wodim dev=/dev/sr0 -v gracetime=0 -tao -",
                   # both want it for themselves, and the second waits, as with any kernel
                   explained=[r"Error trying to open /dev/sr0 exclusively .*retrying"])
        self.assertEqual(len(self.toc()), 3)

    def test_session_at_once_leaves_the_disc_open_if_asked(self):
        self.new_disc()
        image = self.image()
        self.burn("-sao", "-multi", "-data", "data.iso")
        self.burn("-tao", "-data", "data.iso")
        _, second, _ = self.toc()
        self.assert_blocks(0, image)
        self.assert_blocks(second[2], image)

    def test_xa_form_1(self):
        self.new_disc()
        image = self.image()
        self.burn("-tao", "-xa", "data.iso")
        raw = self.blocks(0, 1, 0xF8, 0, AUDIO)
        self.assertEqual(raw[15], 2)
        self.assertEqual(raw[24:24 + DATA], image[:DATA])


class Raw(Wodim):
    def test_raw_modes_write_audio(self):
        for mode in ["-raw16", "-raw96p", "-raw96r"]:
            with self.subTest(mode):
                self.new_disc()
                one, two = self.sound("one.wav", 320), self.sound("two.wav", 310)
                self.burn(mode, "-audio", "one.wav", "two.wav")
                first, second, _ = self.toc()
                self.assertEqual(first, ("1", 0, 0))
                self.assert_samples(0, one)
                self.assert_samples(second[2], two)

    def test_raw_modes_write_data(self):
        for mode in ["-raw16", "-raw96r"]:
            with self.subTest(mode):
                self.new_disc()
                image = self.image()
                self.burn(mode, "-data", "data.iso")
                self.assert_mode_1(0, image)


    def test_a_clone_is_the_disc_with_its_sub_channel(self):
        self.new_disc()
        self.new_disc(name="copy")
        self.sound("one.wav", 400)
        self.sound("two.wav", 350)
        self.burn("-sao", "mcn=4006381333931", "-audio", "one.wav", "two.wav")
        self.client("readom", "dev=/dev/sr0", "-clone", "f=clone")
        self.burn("-raw96r", "-clone", "clone", discs=["copy"])
        whole = self.blocks(0, 750, 0xF8, 1, AUDIO + 96)
        self.client("mv", "copy", "disc", discs=[])
        self.assertEqual(self.blocks(0, 750, 0xF8, 1, AUDIO + 96), whole)


class Manner(Wodim):
    def test_dummy_leaves_the_disc_blank(self):
        self.new_disc()
        self.image()
        self.sound("one.wav", 320)
        for options in [("-tao", "-data", "data.iso"), ("-sao", "-audio", "one.wav")]:
            self.burn("-dummy", *options)
            self.assertIn("blank", self.done("disc", "info", self.path("disc")))

    def test_immed_and_speed(self):
        self.new_disc()
        image = self.image()
        said = self.burn("-immed", "speed=8", "-tao", "-data", "data.iso")
        self.assertIn("speed   8.0", said)
        self.assert_blocks(0, image)

    def test_packets_of_any_length_and_of_sixteen_blocks(self):
        image = self.image()
        for options in [(), ("pktsize=16",)]:
            with self.subTest(options):
                self.new_disc()
                self.burn("-packet", *options, "-data", "data.iso",
                          explained=["WARNING: padding remainder of packet"])
                self.burn("-fix")
                self.assertIn("session 1: complete", self.done("disc", "info", self.path("disc")))
                self.assert_blocks(0, image)

    def test_a_rewritable_disc_is_blanked_and_burned_again(self):
        self.new_disc("--rw")
        image = self.image()
        self.burn("-tao", "-data", "data.iso")
        for kind in ["fast", "all"]:
            self.burn(f"blank={kind}")
            again = self.image(seed=kind)
            self.burn("-sao", "-data", "data.iso")
            self.assert_blocks(0, again)
        self.assertNotEqual(again, image)

    def test_blank_and_burn_in_one(self):
        self.new_disc("--rw")
        self.image()
        self.burn("-tao", "-data", "data.iso")
        again = self.image(seed=9)
        self.burn("blank=fast", "-sao", "-data", "data.iso")
        self.assert_blocks(0, again)

    def test_a_session_and_a_track_tail_are_blanked(self):
        self.new_disc("--rw")
        self.image()
        self.burn("-tao", "-multi", "-data", "data.iso")
        self.burn("-tao", "-multi", "-data", "data.iso")
        self.burn("blank=session")
        self.assertEqual(len(self.toc()), 2)


need("wodim", "readom", "genisoimage", "isoinfo", "cd-info")
main()
