# SPDX-License-Identifier: MIT
"""Unmodified burners and readers on the virtual drive, as an ordinary user (docs/real-clients.md)."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../pair/clients"))
from client import Case, main, need  # noqa: E402

# Sends one CDB to /dev/sg0 as a program does, without the patience of a library.
SG_IO = """
import ctypes, fcntl, os, struct, sys
cdb, data, sense = (ctypes.create_string_buffer(n) for n in (10, 32, 18))
cdb.raw = bytes.fromhex(sys.argv[1])
at = ctypes.addressof
header = bytearray(struct.pack("iiBBHIPPPIIiPBBBBHHiII", ord("S"), -3, 10, 18, 0, 32, at(data),
                               at(cdb), at(sense), 30000, 0, 0, 0, *[0] * 9))
fcntl.ioctl(os.open("/dev/sg0", os.O_RDWR), 0x2285, header)
answer = struct.unpack_from("iiBBHIPPPIIiPBBBBHHiII", header)
print(f"status {answer[13]:02x} sense {sense.raw[:answer[16]].hex()} data {data.raw[:2].hex()}")
"""


class Clients(Case):
    """Over iSCSI, a daemon each; tests/pair/clients has the same programs in all their modes."""
    explained = [
        r"Cannot read TOC",                       # of a blank disc: there is none
        r"Errno: 5 .*read toc scsi sendcmd: no error",
        r"Sense (Bytes|Key|Code|flags)",
        r"cmd finished after .* timeout",
        r"(Does|Can|Is|does) .*(error|C2|illegal)",  # wodim -prcap and cd-info, of page 2Ah
    ]

    def served(self, *command, disc="disc", options=(), status=0):
        """Runs a program on the disc over iSCSI; everything it says."""
        result = self.run_as_user([self.vcdr, "serve", "--disc", self.path(disc), *options, "--",
                                   self.vcdr, "exec", "--", *command])
        return self.judged(command, result, status)

    def ripped(self, disc="disc"):
        """The tracks as vcdr reads them, through another path: bytes of each."""
        out = self.path("rip")
        self.done("rip", f"embedded:{self.path(disc)}", out)
        tracks = []
        for name in sorted(os.listdir(out)):
            with open(os.path.join(out, name), "rb") as file:
                tracks.append(file.read()[44 if name.endswith(".wav") else 0:])
        return tracks


class Reports(Clients):
    def test_wodim_knows_drive_and_blank_disc(self):
        self.new_disc()
        said = self.served("wodim", "dev=/dev/sr0", "-atip")
        for words in ["Device type    : Removable CD-ROM", "Vendor_info    : 'VCDR    '",
                      "Using generic SCSI-3/mmc   CD-R/CD-RW driver (mmc_cdr)",
                      "Supported modes: TAO PACKET SAO", "Is not erasable",
                      "ATIP start of lead in:  -11634 (97:26/66)",
                      "ATIP start of lead out: 359849 (79:59/74)"]:
            self.assertIn(words, said)

    def test_wodim_reads_the_capabilities_page(self):
        self.new_disc()
        said = self.served("wodim", "dev=/dev/sr0", "-prcap")
        for words in ["per MMC-3 page 2A", "Does write CD-R media",
                      "Does support Buffer-Underrun-Free recording",
                      "Is not currently in a media-locked state",
                      "Current write speed:  8467 kB/s (CD  48x", "Number of supported write speeds"]:
            self.assertIn(words, said)

    def test_wodim_says_that_a_blank_disc_has_no_toc(self):
        self.new_disc()
        self.assertIn("Sense Code: 0x24", self.served("wodim", "dev=/dev/sr0", "-toc"))

    def test_searches_find_one_drive(self):
        self.new_disc()
        self.assertRegex(self.served("wodim", "-scanbus"),
                         r"0,0,0\s+0\) 'VCDR    ' 'CD-R RECORDER   '")
        # its exit status is the number of drives that it found
        self.assertIn("(1 found)", self.served("wodim", "--devices", status=1))
        self.assertIn("(1 found)", self.served("cdrskin", "--devices"))
        self.assertIn("Vendor_info    : 'VCDR", self.served("wodim", "dev=0,0,0", "-inq"))
        self.assertIn("Vendor_info    : 'VCDR", self.served("wodim", "dev=/dev/sg0", "-inq"))

    def test_cdrskin_knows_drive_and_blank_disc(self):
        self.new_disc()
        said = self.served("cdrskin", "dev=/dev/sr0", "-minfo")
        for words in ["Mounted media type:       CD-R", "disk status:              empty",
                      "number of sessions:       1", "Next writable address:              0"]:
            self.assertIn(words, said)


class Burning(Clients):
    def test_wodim_burns_audio_that_reads_back_identical(self):
        self.new_disc()
        one = self.sound("one.wav", 375)
        two = self.sound("two.wav", 400, extra=1000)
        said = self.served("wodim", "dev=/dev/sr0", "-v", "gracetime=2", "-tao", "-pad", "-audio",
                           "one.wav", "two.wav", options=["--record", self.path("record")])
        self.assertIn("Starting new track at sector: 527", said)
        self.assertIn("Fixating", said)
        first, second = self.ripped()
        self.assertEqual(first, one)
        self.assertEqual(second, two + bytes(2352 - 1000))
        toc = self.served("wodim", "dev=/dev/sr0", "-toc")
        self.assertRegex(toc, r"track:   1 lba:         0 .*control: 0")
        self.assertRegex(toc, r"track:   2 lba:       527 .*control: 0")
        self.assertRegex(toc, r"track:lout lba:       930")
        with open(self.path("record")) as file:
            lines = [json.loads(line) for line in file]
        states = [line for line in lines if line["event"] == "write-state"]
        self.assertEqual(states[0]["to"], "writing")
        self.assertIn(":wodim", states[0]["nexus"]["initiator"])
        closed = [line for line in lines if line["event"] == "session-closed"]
        self.assertEqual([(line["tracks"], line["finalized"]) for line in closed], [(2, True)])

    def test_wodim_burns_two_sessions_of_data(self):
        self.new_disc()
        image = self.image()
        burn = ["wodim", "dev=/dev/sr0", "-v", "gracetime=2", "-tao"]
        self.served(*burn, "-multi", "-data", "data.iso")
        next_start = len(image) // 2048 + 2 + 11400
        self.assertIn(f"0,{next_start}", self.served("wodim", "dev=/dev/sr0", "-msinfo"))
        self.served(*burn, "-data", "data.iso")
        self.assertEqual(self.ripped(), [image, image])
        minfo = self.served("cdrskin", "dev=/dev/sr0", "-minfo")
        self.assertIn("disk status:              complete", minfo)
        self.assertIn("number of sessions:       2", minfo)

    def test_cdrskin_burns_audio_that_reads_back_identical(self):
        self.new_disc()
        one = self.sound("one.wav", 350)
        two = self.sound("two.wav", 310)
        self.served("cdrskin", "dev=/dev/sr0", "-v", "-tao", "-audio", "one.wav", "two.wav")
        self.assertEqual(self.ripped(), [one, two])
        toc = self.served("cdrskin", "dev=/dev/sr0", "-toc")
        self.assertIn("Media summary: 1 sessions, 2 tracks, closed CD-R", toc)

    def test_cdrskin_appends_a_session_of_data(self):
        self.new_disc()
        image = self.image()
        self.served("cdrskin", "dev=/dev/sr0", "-v", "-tao", "-multi", "-data", "data.iso")
        self.assertIn("disk status:              incomplete/appendable",
                      self.served("cdrskin", "dev=/dev/sr0", "-minfo"))
        self.served("cdrskin", "dev=/dev/sr0", "-v", "-tao", "-data", "data.iso")
        self.assertEqual([track[:len(image)] for track in self.ripped()], [image, image])

    def test_a_burn_on_the_embedded_drive_is_the_same(self):
        disc = self.new_disc()
        one = self.sound("one.wav", 320)
        result = self.run_as_user([self.vcdr, "exec", "--drive", f"embedded:{disc}", "--", "wodim",
                                   "-s", "gracetime=2", "dev=/dev/sr0", "-tao", "-audio",
                                   "one.wav"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.ripped(), [one])


class Reading(Clients):
    def setUp(self):
        super().setUp()
        self.new_disc()
        self.data = self.image()
        self.served("wodim", "dev=/dev/sr0", "-s", "gracetime=2", "-tao", "-data", "data.iso")

    def test_cd_info_recognizes_disc_and_file_system(self):
        said = self.served("cd-info", "--no-cddb")
        self.assertIn("CD-DATA (Mode 1)", said)
        self.assertIn("label `PAIR", said)

    def test_the_node_reads_as_a_block_device(self):
        blocks = len(self.data) // 2048
        self.served("dd", "if=/dev/sr0", "of=copy", "bs=64k")
        with open(self.path("copy"), "rb") as file:
            self.assertEqual(file.read(), self.data)
        self.assertIn(f"Capacity: {blocks} Blocks",
                      self.served("readom", "dev=/dev/sr0", "f=copy2"))
        with open(self.path("copy2"), "rb") as file:
            self.assertEqual(file.read(), self.data)

    def test_isoinfo_lists_the_files(self):
        self.assertIn("RANDOM", self.served("isoinfo", "-l", "-i", "/dev/sr0"))

    def test_a_descriptor_is_handed_on_to_another_program(self):
        self.served("sh", "-c", "exec 3</dev/sr0; dd bs=2048 skip=16 count=1 <&3 >sector")
        with open(self.path("sector"), "rb") as file:
            self.assertEqual(file.read(), self.data[32768:34816])

    def test_listings_show_the_nodes(self):
        self.assertRegex(self.served("ls", "-l", "/dev/sr0", "/dev/sg0"),
                         r"(?s)c\S+ .* 21, +0 .*/dev/sg0\nb\S+ .* 11, +0 .*/dev/sr0")
        self.assertIn("\nsr0\n", self.served("ls", "/dev"))


class Command(Clients):
    def test_without_a_drive_there_is_a_blank_disc_for_as_long_as_it_runs(self):
        result = self.run_as_user([self.vcdr, "exec", "--", "cdrskin", "dev=/dev/sr0", "-minfo"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("disk status:              empty", result.stdout)
        self.assertEqual(os.listdir(self.folder), [])

    def test_the_environment_names_the_drive(self):
        disc = self.new_disc()
        result = self.run_as_user([self.vcdr, "exec", "--", "sh", "-c", "echo $VCDR_URL"],
                                  environment={"VCDR_URL": f"embedded:{disc}"})
        self.assertEqual(result.stdout, f"embedded:{disc}\n")

    def test_the_exit_status_is_the_programs(self):
        self.assertEqual(self.run_as_user([self.vcdr, "exec", "--", "sh", "-c", "exit 7"]).returncode,
                         7)
        self.assertEqual(self.run_as_user([self.vcdr, "exec", "--drive", "embedded:", "--", "sh",
                                           "-c", "exit 7"]).returncode, 7)

    def test_other_nodes_stay_as_they_are(self):
        result = self.run_as_user([self.vcdr, "exec", "--drive", "embedded:", "--", "sh", "-c",
                                   "echo gone >/dev/null; head -c 4 /dev/zero | od -An -tx1;"
                                   "test -c /dev/null && test ! -e /dev/sr7"])
        self.assertEqual((result.returncode, result.stdout), (0, " 00 00 00 00\n"))

    def test_an_empty_drive_has_no_medium(self):
        result = self.run_as_user([self.vcdr, "exec", "--drive", "embedded:", "--", "dd",
                                   "if=/dev/sr0", "of=/dev/null"])
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("No medium found", result.stderr)

    def test_a_drive_that_is_not_there_is_told(self):
        result = self.run_as_user([self.vcdr, "exec", "--drive", "iscsi://127.0.0.1:1/iqn.x/0", "--",
                                   "dd", "if=/dev/sr0", "of=/dev/null"])
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("vcdr: drive: nothing listens at 127.0.0.1:1: Connection refused",
                      result.stderr)

    def on_a_held_drive(self, *command):
        """Runs a program while another nexus holds the drive; all that it and the lock say."""
        self.new_disc()
        return self.run_as_user(
            [self.vcdr, "serve", "--disc", self.path("disc"), "--", "sh", "-c",
             'program="$1"; shift; '
             '"$program" lock "$VCDR_URL" --client-name Owner -- "$program" exec -- "$@"',
             "sh", self.vcdr, *command])

    def test_a_held_drive_does_not_greet_a_program_with_the_power_on(self):
        # MODE SENSE(10) of page 2Ah, which anybody may: GOOD, no sense, 70 bytes to follow
        result = self.on_a_held_drive("python3", "-c", SG_IO, "5a002a00000000002000")
        self.assertEqual(result.stdout.split("\n")[1:], ["status 00 sense  data 0046", ""],
                         result.stderr)

    def test_wodim_reads_the_capabilities_of_a_held_drive(self):
        said = self.on_a_held_drive("wodim", "dev=/dev/sr0", "-prcap")
        said = said.stdout + said.stderr
        self.assertIn("Is not currently in a media-locked state", said)
        self.assertNotIn("Unit Attention", said)

    def test_usage(self):
        for arguments in [[], ["--"], ["true"], ["--drive"], ["--frob", "--", "true"]]:
            result = self.run_as_user([self.vcdr, "exec", *arguments])
            self.assertEqual(result.returncode, 2, arguments)

    def test_a_program_that_is_not_there_is_told(self):
        result = self.run_as_user([self.vcdr, "exec", "--drive", "embedded:", "--", "no-such-one"],
                                  environment={"PATH": "/usr/bin:/bin"})
        self.assertEqual((result.returncode, result.stderr),
                         (127, "vcdr: no-such-one: No such file or directory\n"))

    def test_a_program_that_cannot_be_run_is_told(self):
        with open(self.path("data"), "w") as file:
            file.write("no program\n")
        os.chmod(self.path("data"), 0o644)
        for path in ["", self.folder + ":/usr/bin"]:
            name = "data" if path else self.path("data")
            environment = {"PATH": path} if path else {}
            result = self.run_as_user([self.vcdr, "exec", "--drive", "embedded:", "--", name],
                                      environment=environment)
            self.assertEqual((result.returncode, result.stderr),
                             (126, f"vcdr: {name}: Permission denied\n"))

    def test_a_program_that_unmounts_is_refused_to_root_alone(self):
        program = self.path("growisofs")
        with open(program, "w") as file:
            file.write("#!/bin/sh\ntouch ran\n")
        os.chmod(program, 0o755)
        command = [self.vcdr, "exec", "--drive", "embedded:", "--", program]
        if os.geteuid() == 0:
            result = self.run_as_user(command, root=True)
            self.assertEqual(result.returncode, 77)
            self.assertIn("it would unmount", result.stderr)
            self.assertEqual(os.listdir(self.folder), ["growisofs"])
        self.assertEqual(self.run_as_user(command).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.folder)), ["growisofs", "ran"])


need("wodim", "cdrskin", "cd-info", "genisoimage", "isoinfo")
main()
