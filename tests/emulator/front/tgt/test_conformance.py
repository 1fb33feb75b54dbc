# SPDX-License-Identifier: MIT
"""iscsi-test-cu, libiscsi's own judge of targets, on a served drive with a disc of data: the
families that apply to an MMC unit, each on a fresh daemon. Every test passes, or is skipped for a
reason that stands here, or differs exactly as stands here; docs/real-clients.md says the same in
words."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter

VCDR = os.environ["VCDR"]
MAKE_DISC = os.environ["MAKE_DATA_DISC"]

PASSED = "passed"


class Skipped:
    """The judge asks nothing, because the drive is what it says."""

    def __init__(self, reason):
        self.reason = reason


class Differs:
    """The judge wants what a disk would do. `answers`: which command is answered with which sense
    (key, code and qualifier) how often, where it wants another; each is one failed assertion."""

    def __init__(self, clause, answers):
        self.clause = clause
        self.answers = answers


# SPC-3 6.4.2: peripheral device type 05h, so the rules of SBC are not its
NO_DISK = Skipped("Not SBC device. Skipping test")
# MMC-6 has VERIFY(10) for media that can be formatted; this drive refuses it with 05/20/00
NO_VERIFY = Skipped("VERIFY10 is not implemented.")
# a command of SBC; CDs are read with READ(10) and READ(12)
NO_READ_16 = Skipped("READ16 is not implemented on this target and it does not claim SBC-3 "
                     "support.")

REFUSED = ("STARTSTOPUNIT", "05/2400")


def writes_refused(count):
    """Who may write is asked by writing block 0, which lies in a track that is complete."""
    return Differs("MMC-6, WRITE(10): nothing is written over on a CD-R that is complete; whom the "
                   "reservation keeps out gets its conflict before that is looked at",
                   {("WRITE10", "05/3005"): count})


NO_TARGET_RESET = "Task Management functionfor {}Reset is not working/implemented"
FAMILIES = {
    "Inquiry": {"Standard": PASSED, "AllocLength": PASSED, "EVPD": PASSED, "BlockLimits": NO_DISK,
                "MandatoryVPDSBC": NO_DISK, "SupportedVPD": PASSED, "VersionDescriptors": PASSED},
    "TestUnitReady": {"Simple": PASSED},
    "StartStopUnit": {
        "Simple": Differs(
            "MMC-6, START STOP UNIT: a tray that was closed makes the drive ready with a medium "
            "that may be another one; SPC-3, TEST UNIT READY: that is told once, as 06/28/00",
            {("TESTUNITREADY", "06/2800"): 2}),
        "PwrCnd": Differs(
            "MMC-6, START STOP UNIT, POWER CONDITIONS: 4 and 6 to Fh are reserved, 5 is a sleep "
            "that only a reset ends, which this drive does not offer",
            {REFUSED: 12}),
        "NoLoej": Differs(
            "MMC-6, START STOP UNIT: bit 2 of byte 4 is FL, of hybrid discs; SBC has NO_FLUSH "
            "there",
            {REFUSED: 4}),
    },
    "ReadCapacity10": {"Simple": PASSED},
    "Read10": {"Simple": PASSED, "BeyondEol": PASSED, "ZeroBlocks": PASSED, "ReadProtect": NO_DISK,
               "DpoFua": NO_DISK, "Async": NO_DISK},
    "Read12": {"Simple": PASSED, "BeyondEol": PASSED, "ZeroBlocks": PASSED, "ReadProtect": NO_DISK,
               "DpoFua": NO_DISK},
    "Verify10": {"Simple": NO_VERIFY, "BeyondEol": NO_VERIFY, "ZeroBlocks": NO_VERIFY,
                 "VerifyProtect": NO_DISK, "Flags": NO_VERIFY, "Dpo": NO_DISK,
                 "Mismatch": NO_VERIFY, "MismatchNoCmp": NO_VERIFY},
    "Reserve6": {"Simple": PASSED, "2Initiators": PASSED, "Logout": PASSED, "ITNexusLoss": PASSED,
                 # tgtd answers the resets of a whole target with "not supported"
                 "TargetColdReset": Skipped(NO_TARGET_RESET.format("Cold")),
                 "TargetWarmReset": Skipped(NO_TARGET_RESET.format("Warm")), "LUNReset": PASSED},
    "PrinReadKeys": {"Simple": PASSED, "Truncate": PASSED},
    "PrinServiceactionRange": {"Range": PASSED},
    "PrinReportCapabilities": {"Simple": PASSED},
    "ProutRegister": {"Simple": PASSED},
    "ProutReserve": {
        "Simple": PASSED,
        "AccessEA": writes_refused(1), "AccessWE": writes_refused(1),
        **dict.fromkeys(("AccessEARO", "AccessWERO", "AccessEAAR", "AccessWEAR"),
                        writes_refused(2)),
        **dict.fromkeys(("OwnershipEA", "OwnershipWE", "OwnershipEARO", "OwnershipWERO",
                         "OwnershipEAAR", "OwnershipWEAR"), PASSED)},
    "ProutClear": {"Simple": PASSED},
    "ProutPreempt": {"RemoveRegistration": PASSED},
    "ReportSupportedOpcodes": {
        "Simple": PASSED, "RCTD": PASSED, "SERVACTV": PASSED,
        # it asks with an option that does not suit the code, wants 05/24/00, and takes that for a
        # command that is not there
        "OneCommand": Skipped("REPORT_SUPPORTED_OPCODES is not implemented.")},
    "iSCSIcmdsn": {"iSCSICmdSnTooHigh": PASSED, "iSCSICmdSnTooLow": PASSED},
    "iSCSIdatasn": {"iSCSIDataSnInvalid": PASSED},
    "iSCSIResiduals": {"Read10Invalid": PASSED, "Read10Residuals": PASSED,
                       "Read12Residuals": PASSED, "Read16Residuals": NO_READ_16,
                       **dict.fromkeys(("Write10Residuals", "Write12Residuals", "Write16Residuals",
                                        "WriteVerify10Residuals", "WriteVerify12Residuals",
                                        "WriteVerify16Residuals"), NO_DISK)},
    "iSCSITMF": {"AbortTaskSimpleAsync": NO_DISK, "LUNResetSimpleAsync": NO_DISK},
}


class Outcome:
    """What the judge said about one test: its block of the output, up to the next."""

    def __init__(self, block):
        match = re.match(r"(.*?)(?:^|\.\.\.)(passed|FAILED)(.*)", block, re.M | re.S)
        if not match:
            raise AssertionError(f"neither passed nor failed: {block}")
        said, self.word, after = match.groups()
        # what follows the word belongs to the judge's clearing up
        self.skips = set(re.findall(r"\[SKIPPED\] (.*)", said))
        self.asserts = len(re.findall(r"^ +\d+\. \S+:\d+ +- CU_", after, re.M))
        self.answers = Counter(
            (command, f"{int(key, 16):02x}/{code}") for command, key, code in re.findall(
                r"\[FAILED\] (\w+) command:? failed with (?:status 2 / sense key |sense: SENSE KEY:)"
                r"\w+\((\w+)\)(?: /)? ASCQ.?\S*\(0x(\w+)\)", said))


def outcomes(text):
    """Name: Outcome."""
    tests = text.partition("\nSuite: ")[2].partition("\nRun Summary:")[0]
    blocks = re.split(r"^  Test: (\w[\w-]*) (?=\.\.\.)", tests, flags=re.M)
    return {name: Outcome(block) for name, block in zip(blocks[1::2], blocks[2::2])}


class Conformance(unittest.TestCase):
    counts = Counter()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.disc = os.path.join(folder.name, "d")
        subprocess.run([MAKE_DISC, self.disc], check=True)
        self.daemon = subprocess.Popen([VCDR, "serve", "--exit-with-parent", "--disc", self.disc],
                                       text=True, stdout=subprocess.PIPE)
        self.addCleanup(self.end)
        self.url = self.daemon.stdout.readline().strip()

    def end(self):
        self.daemon.terminate()
        self.daemon.communicate()
        self.assertEqual(self.daemon.returncode, 0)

    def judge(self, family):
        done = subprocess.run(["iscsi-test-cu", "--dataloss", "-t", f"ALL.{family}", self.url],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        text = done.stdout.decode("latin-1")
        self.assertIn("\nRun Summary:", text)
        return text

    def compare(self, outcome, expected):
        if isinstance(expected, Differs):
            self.assertEqual((outcome.word, set()), ("FAILED", outcome.skips), expected.clause)
            self.assertEqual(outcome.answers, expected.answers, expected.clause)
            self.assertEqual(outcome.asserts, sum(expected.answers.values()), expected.clause)
            self.counts["different as explained"] += 1
        elif isinstance(expected, Skipped):
            self.assertEqual((outcome.word, outcome.skips), ("passed", {expected.reason}))
            self.counts["skipped"] += 1
        else:
            self.assertEqual((outcome.word, outcome.skips), ("passed", set()))
            self.counts["passed"] += 1

    def family(self, name):
        text = self.judge(name)
        found = outcomes(text)
        # a later judge may have tests more; none that stands here may be missing
        self.assertLessEqual(set(FAMILIES[name]), set(found), text)
        for test, outcome in found.items():
            with self.subTest(test):
                try:
                    self.compare(outcome, FAMILIES[name].get(test, PASSED))
                except AssertionError:
                    print(text)
                    raise

    @classmethod
    def tearDownClass(cls):
        print(", ".join(f"{count} {what}" for what, count in cls.counts.items()))


def test_of(name):
    return lambda self: self.family(name)


for key in FAMILIES:
    setattr(Conformance, f"test_{key}", test_of(key))
if not shutil.which("iscsi-test-cu"):
    print("no iscsi-test-cu here")
    sys.exit(77)
unittest.main(verbosity=2)
