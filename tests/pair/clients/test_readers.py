# SPDX-License-Identifier: MIT
"""What programs read of a disc is what is on it."""
import wave

from client import AUDIO, DATA, Case, main, need


class Sound(Case):
    explained = [
        r"Checking .* for cdrom|Testing .* for|not accessible",
        r"WARNING: The CDROM drive appears to be seeking impossibly quickly",
        r"due to timer bugs, a drive that really is improbably fast|bug in cdparanoia's cache",
        r"to assist developers in correcting the problem",
        r"scsi_read error: sector=1200 |Sense key: 5 ASC: 21|Transport error: Illegal SCSI request"
        r"|System error: Invalid arg",
        r"Can read C2 Errors +: (Yes|No)$",
    ]

    def setUp(self):
        super().setUp()
        self.new_disc()
        self.one, self.two = self.sound("one.wav", 400), self.sound("two.wav", 350)
        self.client("wodim", "dev=/dev/sr0", "-s", "gracetime=0", "-sao", "-audio", "one.wav",
                    "two.wav")

    def samples_of(self, name):
        with wave.open(self.path(name)) as sound:
            return sound.readframes(sound.getnframes())

    def test_cdparanoia_and_its_libcdio_sister(self):
        for program in ["cdparanoia", "cd-paranoia"]:
            with self.subTest(program):
                self.client(program, "-q", "-d", "/dev/sr0", "1-", "all.wav")
                self.assertEqual(self.samples_of("all.wav"), self.one + self.two)
                self.assertRegex(self.client(program, "-d", "/dev/cdrom", "-Q"),
                                 r"(?s) 1\. +400 .* 2\. +350 ")

    def test_icedax_reads_tracks(self):
        self.client("icedax", "-q", "dev=/dev/sr0", "-t2", "-Owav", "two_read.wav")
        self.assertEqual(self.samples_of("two_read.wav"), self.two)

    def test_cd_read_and_cd_info(self):
        self.client("cd-read", "--mode=audio", "--start=0", "--end=399", "--no-hexdump",
                    "--output-file=samples", "/dev/sr0")
        self.assertEqual(self.read("samples"), self.one)
        self.assertRegex(self.client("cd-info", "--no-cddb"), r"(?s)1: 00:02:00  000000 audio .*"
                         r"2: 00:07:25  000400 audio .*170: 00:12:00  000750 leadout")

    def test_readom_clones_sectors_and_sub_channel(self):
        self.client("readom", "dev=/dev/sr0", "-clone", "f=image")
        image = self.read("image")
        self.assertEqual(b"".join(image[i:i + AUDIO] for i in range(0, len(image), AUDIO + 96)),
                         self.one + self.two)


class Files(Case):
    explained = [r"Can read C2 Errors +: (Yes|No)$"]

    def setUp(self):
        super().setUp()
        self.new_disc()
        self.data = self.image()
        self.client("wodim", "dev=/dev/sr0", "-s", "gracetime=0", "-sao", "-data", "data.iso")

    def test_dd_cat_and_checksums(self):
        self.shell("""
            dd if=/dev/sr0 of=copy1 bs=64k 2>dd.log
            dd if=/dev/cdrom of=copy2 bs=4097 2>dd.log
            dd if=/dev/sr0 of=copy3 bs=2048 iflag=direct 2>dd.log
            cat /dev/scd0 >copy4
            cp /dev/sr0 copy5
            for copy in copy[1-5]; do cmp $copy data.iso; done
            test "$(md5sum </dev/sr0)" = "$(md5sum <data.iso)"
            test "$(sha256sum /dev/sr0 | cut -d' ' -f1)" = "$(sha256sum data.iso | cut -d' ' -f1)"
            """)

    def test_readom_reads_what_the_capacity_says(self):
        self.assertIn(f"Capacity: {len(self.data) // DATA} Blocks",
                      self.client("readom", "dev=/dev/sr0", "f=copy"))
        self.assertEqual(self.read("copy"), self.data)

    def test_the_file_system_is_known(self):
        self.assertIn("RANDOM", self.client("isoinfo", "-l", "-i", "/dev/sr0"))
        self.assertIn("Volume id: PAIR", self.client("isoinfo", "-d", "dev=/dev/sr0"))
        self.assertIn("/RANDOM", self.client("iso-info", "-f", "/dev/sr0").upper())
        self.assertIn('LABEL="PAIR"', self.client("blkid", "-p", "/dev/sr0"))
        self.assertIn("ISO 9660", self.client("file", "-sb", "/dev/sr0"))
        self.assertIn("label `PAIR", self.client("cd-info", "--no-cddb"))
        self.shell("isoinfo -R -x /random -i /dev/sr0 >read; cmp read files/random")
        self.shell("iso-read -i /dev/sr0 -e /random -o read2; cmp read2 files/random")

    def test_sizes(self):
        self.assertEqual(self.client("blockdev", "--getsize64", "--getss", "/dev/sr0"),
                         f"{len(self.data)}\n2048\n")
        self.assertRegex(self.client("lsblk", "-bno", "SIZE,TYPE", "/dev/sr0"),
                         rf"^ *{len(self.data)} rom")


class Tools(Case):
    explained = [
        r"Timeout feature$|Timeout and protect, page_control|error recovery, page_control"
        r"|Mode parameter header from MODE SENSE|Unable to decode page = 0x39|Request Sense$"
        r"|(Mode|Log) sense|, preempt and abort$|Sense key: No Sense|data-in decoded as sense|No additional sense"
        r"|Unknown feature \[0xff56\]",
    ]

    def test_sg3_utils(self):
        self.new_disc()
        for node in ["/dev/sr0", "/dev/sg0"]:
            self.assertIn("Vendor identification: VCDR", self.client("sg_inq", node))
            self.client("sg_get_config", "-vv", node)
            self.client("sg_modes", "-a", node)
            self.client("sg_logs", "-a", node)
            self.client("sg_vpd", node)
            self.client("sg_luns", node)
            self.client("sg_turs", "-v", node)
            self.client("sg_readcap", node)
            self.client("sg_start", "--stop", node)
            self.client("sg_start", "--start", node)
            self.client("sg_requests", node)
            self.client("sg_opcodes", node)
            self.client("sg_persist", "-k", node)
        self.assertIn("/dev/sg0  /dev/scd0  VCDR", self.client("sg_map", "-i"))
        self.assertIn("scsi0 channel=0 id=0 lun=0", self.client("sg_scan", "-i"))

    def test_a_persistent_reservation_outlives_the_program_that_made_it(self):
        self.new_disc()
        self.shell("""
            sg_persist --out --register --param-sark=abc /dev/sg0
            sg_persist --out --reserve --param-rk=abc --prout-type=3 /dev/sg0
            sg_persist --in --read-reservation /dev/sg0 | grep 'Key=0xabc'
            sg_persist --out --release --param-rk=abc --prout-type=3 /dev/sg0
            """)

    def test_eject_closes_and_opens_and_locks(self):
        self.new_disc()
        said = self.shell("""
            eject /dev/sr0
            sg_turs /dev/sr0 && exit 3
            eject -t /dev/cdrom
            sg_turs /dev/sr0
            eject -i on
            sg_start --eject /dev/sr0 && exit 4
            eject -i off
            eject -T; eject -T
            eject -x 4; eject -X
            """, explained=[r"with 1 errors", r"Illegal [Rr]equest|START STOP UNIT|start stop unit"])
        self.assertIn("CD-Drive may NOT be ejected with device button", said)

    def test_setcd_and_its_options_stay(self):
        self.new_disc()
        self.sound("one.wav", 320)
        self.client("wodim", "dev=/dev/sr0", "-s", "gracetime=0", "-sao", "-audio", "one.wav")
        said = self.shell("setcd -c0 /dev/sr0; setcd -s /dev/sr0; setcd -i /dev/sr0")
        self.assertIn("Auto close tray:     cleared", said)
        self.assertIn("audio disc", said)

    def test_growisofs_has_no_use_for_a_cd(self):
        self.new_disc()
        self.files()
        said = self.started("growisofs", "-Z", "/dev/sr0", "-R", "files")
        self.assertIn("media is not recognized as recordable DVD: 9", said.stderr + said.stdout)

    def test_the_kernels_lists_name_both_drives(self):
        self.new_disc()
        self.new_disc(name="other")
        said = self.shell("cat /proc/sys/dev/cdrom/info /proc/scsi/scsi; lsblk -no NAME,TYPE;"
                          "ls -l /dev/disk/by-id /sys/class/block; ls /dev/sr*",
                          discs=["disc", "other"])
        self.assertRegex(said, r"drive name:\t+sr1\tsr0\n")
        self.assertRegex(said, r"(?s)sr0 +rom.*sr1 +rom")
        self.assertIn("/dev/sr0\n/dev/sr1\n", said)


need("wodim", "genisoimage", "cdparanoia", "cd-paranoia", "icedax", "cd-read", "readom", "isoinfo",
     "sg_inq", "eject", "setcd", "growisofs", "file")
main()
