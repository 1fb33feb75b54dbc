# SPDX-License-Identifier: MIT
"""What the tests of unmodified programs share: a disc, a program run on it as an ordinary user, every
line that it says looked at, and the disc's blocks read back by CDBs of our own (docs/real-clients.md)."""
import concurrent.futures
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import wave

VCDR = os.environ["VCDR"]
SHIM = os.environ["VCDR_EXEC_SHIM"]
MODULE = os.environ.get("VCDR_TGT_MODULE", "")
NOBODY = 65534
AT_A_TIME = 4
AUDIO = 2352
DATA = 2048

# What sounds like a complaint but is none about the drive; each is explained in docs/real-clients.md.
EXPLAINED = [
    r"Set CDR_NODMATEST environment variable if device",
    r"communication breaks or freezes immediately after that",
    r"Does support Buffer-Underrun-Free recording",
    r"WARNING: padding up to secsize",
    r"fifo was 0 times empty",
    r"Last chance to quit",
    r"WARNING: the deprecated pseudo SCSI syntax",
    r"There is NO warranty",
    r"sysfs is not mounted on /sys",          # wodim, of a system without it; it then waits 5 s
    r"^Track \d+: data  unknown length",      # of a pipe
]
COMPLAINT = re.compile(r"warn|error|cannot|can't|can not|fail|unable|not supported|unsupported|illegal|"
                       r"invalid|sorry|unexpected|underrun|mismatch|refus|timeout|timed out|sense|bad |"
                       r"wrong|abort|fatal|unrecogni|unknown|problem", re.IGNORECASE)

# Reads blocks by READ CD and writes them to a file: lba count main sub bytes file
READER = """
import ctypes, fcntl, os, struct, sys
lba, count, main, sub, size = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3], 16), \\
    int(sys.argv[4]), int(sys.argv[5])
sg = os.open("/dev/sg0", os.O_RDWR | os.O_NONBLOCK)
with open(sys.argv[6], "wb") as out:
    while count > 0:
        n = min(count, 20)
        cdb, data, sense = (ctypes.create_string_buffer(k) for k in (12, n * size, 18))
        cdb.raw = struct.pack(">BBiBHBBB", 0xBE, 0, lba, 0, n, main, sub, 0)
        at = ctypes.addressof
        header = bytearray(struct.pack("iiBBHIPPPIIiPBBBBHHiII", ord("S"), -3, 12, 18, 0, n * size,
                                       at(data), at(cdb), at(sense), 30000, 0, 0, 0, *[0] * 9))
        fcntl.ioctl(sg, 0x2285, header)
        answer = struct.unpack_from("iiBBHIPPPIIiPBBBBHHiII", header)
        if answer[13] or answer[18]:
            sys.exit(f"block {lba}: status {answer[13]:02x}, sense {sense.raw.hex()}")
        out.write(data.raw)
        lba += n
        count -= n
"""


def need(*programs):
    """Ends with a skip where a program is missing."""
    missing = [name for name in programs if not shutil.which(name)]
    if missing:
        print("not installed:", " ".join(missing))
        sys.exit(77)


def noise(name, blocks, size=AUDIO):
    return random.Random(name).randbytes(blocks * size)


def install(folder):
    """A copy of what is tested where an ordinary user can read it; the build tree may be root's."""
    for name in ["bin", "lib", "lib/vcdr"]:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    shutil.copy(VCDR, os.path.join(folder, "bin/vcdr"))
    for library in [SHIM, MODULE]:
        if library:
            shutil.copy(library, os.path.join(folder, "lib/vcdr"))
    for program in [VCDR, SHIM]:
        listing = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
        for library in re.findall(r"=> (/\S+)", listing):
            if not library.startswith(("/lib", "/usr/lib")):
                shutil.copy(library, os.path.join(folder, "lib"))
    os.chmod(folder, 0o755)


class Case(unittest.TestCase):
    explained = []  # of this file's programs

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.TemporaryDirectory(prefix="vcdr-client-")
        cls.addClassCleanup(cls.root.cleanup)
        install(cls.root.name)
        cls.vcdr = os.path.join(cls.root.name, "bin/vcdr")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vcdr-client-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        os.chmod(self.path(name), 0o644)
        return data

    # ---- programs ----

    def run_as_user(self, command, **options):
        user = {}
        if os.geteuid() == 0 and not options.pop("root", False):
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        environment = options.pop("environment", None) or {}
        env = {**os.environ, "LC_ALL": "C", "HOME": self.folder, "TMPDIR": self.folder,
               "LD_LIBRARY_PATH": os.path.join(self.root.name, "lib"),
               "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", **environment}
        for name in ["VCDR_URL", "VCDR_URLS", "VCDR_EXEC_SHIM", "VCDR_TGT_MODULE"]:
            if name not in environment:
                env.pop(name, None)
        return subprocess.run(command, capture_output=True, timeout=120, cwd=self.folder, env=env,
                              encoding="latin-1", stdin=subprocess.DEVNULL, **user)

    def done(self, *command):
        result = self.run_as_user([self.vcdr, *command])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def new_disc(self, *options, name="disc"):
        if os.path.exists(self.path(name)):
            os.unlink(self.path(name))
        self.done("disc", "new", self.path(name), *options)
        return self.path(name)

    def started(self, *command, discs=("disc",)):
        drives = [word for name in discs for word in ("--drive", f"embedded:{self.path(name)}")]
        return self.run_as_user([self.vcdr, "exec", *drives, "--", *command])

    def client(self, *command, status=0, explained=(), **options):
        """Runs a program on the drive; everything it says, in which nothing may sound like a
        complaint but what is explained."""
        return self.judged(command, self.started(*command, **options), status, explained)

    def judged(self, command, result, status=0, explained=()):
        said = (result.stdout + result.stderr).replace("\r", "\n").replace("\b", "")
        self.assertEqual(result.returncode, status, " ".join(command) + "\n" + said)
        for line in said.split("\n"):
            if COMPLAINT.search(line) and not any(
                    re.search(e, line) for e in [*EXPLAINED, *self.explained, *explained]):
                self.fail(f"{' '.join(command)}\na complaint that nothing explains: {line!r} in\n{said}")
        return said

    def shell(self, script, **options):
        return self.client("sh", "-ec", script, **options)

    # ---- what goes in ----

    def sound(self, name, blocks, extra=0):
        """A .wav of noise, and its samples."""
        data = noise(name, blocks) + noise(name + "+", 1)[:extra]
        with wave.open(self.path(name), "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(44100)
            out.writeframes(data)
        os.chmod(self.path(name), 0o644)
        return data

    def image(self, name="data.iso", label="PAIR", seed=1, size=700000, options=()):
        """An ISO 9660 image of two files; its bytes."""
        self.files(seed, size)
        subprocess.run(["genisoimage", "-quiet", "-r", "-V", label, "-o", self.path(name), *options,
                        self.path("files")], check=True, capture_output=True)
        return self.read(name)

    def files(self, seed=1, size=700000):
        os.makedirs(self.path("files"), exist_ok=True)
        os.chmod(self.path("files"), 0o755)
        self.write("files/random", random.Random(seed).randbytes(size))
        self.write("files/hello", f"hello {seed}\n")

    # ---- what came out: through READ CD of our own ----

    def blocks(self, lba, count, main=0x10, sub=0, size=DATA):
        self.client("python3", "-c", READER, str(lba), str(count), f"{main:x}", str(sub), str(size),
                    "out")
        return self.read("out")

    def samples(self, lba, count):
        return self.blocks(lba, count, 0xF8, 0, AUDIO)

    def sub_channel(self, lba, count):
        """Q of each block, 16 bytes formatted."""
        data = self.blocks(lba, count, 0, 2, 16)
        return [data[i:i + 16] for i in range(0, len(data), 16)]

    def assert_blocks(self, lba, expected):
        """User data of a data track, of whole blocks."""
        self.assertEqual(len(expected) % DATA, 0)
        if self.blocks(lba, len(expected) // DATA) != expected:
            self.fail(f"the data at {lba} differ")

    def assert_samples(self, lba, expected):
        expected += bytes(-len(expected) % AUDIO)
        if self.samples(lba, len(expected) // AUDIO) != expected:
            self.fail(f"the samples at {lba} differ")

    def assert_mode_1(self, lba, expected):
        """Whole sectors: sync, the address in the header, mode, data, EDC; by ECMA-130 14.3."""
        count = len(expected) // DATA
        raw = self.blocks(lba, count, 0xF8, 0, AUDIO)
        for i in range(count):
            sector, at = raw[i * AUDIO:(i + 1) * AUDIO], lba + i + 150
            self.assertEqual(sector[:12], b"\0" + b"\xff" * 10 + b"\0")
            self.assertEqual(sector[12:16].hex(), f"{at // 4500:02}{at // 75 % 60:02}{at % 75:02}01")
            self.assertEqual(sector[16:2064], expected[i * DATA:(i + 1) * DATA])
            self.assertEqual(sector[2064:2068], struct.pack("<I", edc(sector[:2064])))

    def toc(self):
        """(track, control, LBA) of each track and the lead-out, as wodim reads them."""
        said = self.client("wodim", "dev=/dev/sr0", "-toc")
        return [(row[0], int(row[2]), int(row[1])) for row in
                re.findall(r"^track: *(\d+|lout) lba: *(\d+) .* control: (\d)", said, re.M)]


def _edc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xD8018001 if value & 1 else 0)
        table.append(value)
    return table


_EDC = _edc_table()


def edc(data):
    """ECMA-130 14.3: of P(x) = (x^16 + x^15 + x^2 + 1)(x^16 + x^2 + x + 1)"""
    value = 0
    for byte in data:
        value = value >> 8 ^ _EDC[(value ^ byte) & 0xFF]
    return value


def _tests(suite):
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from _tests(part)
        else:
            yield part


def _run_one(name):
    done = subprocess.run([sys.executable, "-B", sys.argv[0], name], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    return done.returncode, done.stdout


def main():
    """Burners wait and sleep more than they work, so several tests run at a time, a process each;
    with names of tests as arguments those alone."""
    if len(sys.argv) > 1:
        unittest.main(verbosity=2)
    tests = list(_tests(unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])))
    names = [f"{type(test).__name__}.{test._testMethodName}" for test in tests]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        for status, said in pool.map(_run_one, names):
            print(said, end="", flush=True)
            failed += status != 0
    print(f"{len(names)} tests, {failed} failed")
    sys.exit(failed != 0 or not names)
