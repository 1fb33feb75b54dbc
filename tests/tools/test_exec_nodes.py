# SPDX-License-Identifier: MIT
"""What a program sees under `vcdr exec`: nodes with their kernel's manners (docs/real-clients.md)."""
import os
import shutil
import subprocess
import sys
import unittest

from program import Case

# Python's own os and fcntl are the program here; what it prints is what the test looks at.
PRELUDE = """
import errno, fcntl, glob, os, stat, struct, subprocess, sys
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
NONBLOCK = os.O_RDWR | os.O_NONBLOCK
def cdrom(fd, request, argument=0):
    return attempt(fcntl.ioctl, fd, request, argument)
def send(fd, cdb):
    import ctypes
    c, s = ctypes.create_string_buffer(bytes.fromhex(cdb)), ctypes.create_string_buffer(18)
    h = bytearray(struct.pack("iiBBHIPPPIIiPBBBBHHiII", ord("S"), -1, len(bytes.fromhex(cdb)), 18, 0, 0,
                  0, ctypes.addressof(c), ctypes.addressof(s), 30000, 0, 0, 0, *[0] * 9))
    fcntl.ioctl(fd, 0x2285, h)
    return s.raw[2:3].hex() + s.raw[12:14].hex() if h[64] else "good"
"""
EJECT, CLOSE, STATUS, CHANGED, LOCK = 0x5309, 0x5319, 0x5326, 0x5325, 0x5329


class Nodes(Case):
    def setUp(self):
        super().setUp()
        self.done("disc", "new", self.path("disc"))

    def python(self, script, *drives, status=0):
        urls = drives or (f"embedded:{self.path('disc')}",)
        options = [word for url in urls for word in ("--drive", url)]
        result = self.run_vcdr("exec", *options, "--", sys.executable, "-c", PRELUDE + script)
        self.assertEqual((result.returncode, result.stderr), (status, ""), result.stdout)
        return result.stdout.rstrip("\n")

    def burn_data(self, blocks=400):
        """A disc of one data track whose block n is full of n mod 251."""
        data = b"".join(bytes([n % 251]) * 2048 for n in range(blocks))
        with open(self.path("in.iso"), "wb") as file:
            file.write(data)
        os.unlink(self.path("disc"))
        self.done("disc", "import", self.path("in.iso"), self.path("disc"))
        return data


class Paths(Nodes):
    def test_every_spelling_of_a_node_is_the_node(self):
        os.symlink("/dev", self.path("folder"))
        os.symlink("/dev/cdrom", self.path("link"))
        self.assertEqual(self.python("""
names = ["/dev/sr0", "/dev/cdrom", "/dev/scd0", "//dev/./sr0", "/dev/../dev/sr0", "folder/sr0", "link",
         "/dev/block/11:0", glob.glob("/dev/disk/by-id/*")[0], glob.glob("/dev/disk/by-path/*")[0]]
for name in names:
    st = os.stat(name)
    assert stat.S_ISBLK(st.st_mode) and st.st_rdev == os.makedev(11, 0), name
    fd = os.open(name, NONBLOCK)
    st = os.fstat(fd)
    assert stat.S_ISBLK(st.st_mode) and st.st_rdev == os.makedev(11, 0), name
    assert os.readlink(f"/proc/self/fd/{fd}") == "/dev/sr0", name
    assert os.path.realpath(name) == "/dev/sr0", name
    again = os.open(f"/dev/fd/{fd}", NONBLOCK)
    assert stat.S_ISBLK(os.fstat(again).st_mode), name
os.chdir("/dev")
assert stat.S_ISBLK(os.stat("sr0").st_mode) and stat.S_ISCHR(os.stat("sg0").st_mode)
assert os.getcwd() == "/dev"
folder = os.open("/dev", os.O_RDONLY)
assert stat.S_ISBLK(os.stat("cdrom", dir_fd=folder).st_mode)
assert stat.S_ISBLK(os.fstat(os.open("sr0", NONBLOCK, dir_fd=folder)).st_mode)
assert os.readlink("/dev/cdrom") == "sr0" and stat.S_ISLNK(os.lstat("cdrom").st_mode)
assert os.access("sr0", os.R_OK | os.W_OK) and not os.access("sr0", os.X_OK)
print(attempt(os.open, "/dev/sr0", os.O_RDWR | os.O_CREAT | os.O_EXCL),
      attempt(os.open, "/dev/sr1", NONBLOCK), attempt(os.open, "/dev/sr0/x", NONBLOCK))
"""), "EEXIST ENOENT ENOTDIR")

    def test_two_drives_are_two_of_everything(self):
        self.done("disc", "new", self.path("other"))
        self.assertEqual(self.python("""
print(sorted(n for n in os.listdir("/dev") if n[:2] in ("sr", "sg") and n[2:].isdigit()))
print([os.minor(os.stat(f"/dev/{n}1").st_rdev) for n in ("sr", "sg")])
fd = os.open("/dev/sg1", os.O_RDWR)
idlun = bytearray(8)
fcntl.ioctl(fd, 0x5382, idlun)
print(idlun.hex())
for path in ["/sys/class/block", "/sys/block", "/sys/class/scsi_generic"]:
    print(sorted(n for n in os.listdir(path) if n.startswith(("sr", "sg"))))
print(open("/sys/class/block/sr1/device/vendor").read(), end="")
print(os.path.realpath("/sys/dev/block/11:1").rsplit("/", 3)[1:])
os.chdir("/sys/class/scsi_generic/sg0/device")
print(open("type").read(), end="")
""", f"embedded:{self.path('disc')}", f"embedded:{self.path('other')}").split("\n"), [
            "['sg0', 'sg1', 'sr0', 'sr1']", "[1, 1]", "0000000100000000", "['sr0', 'sr1']",
            "['sr0', 'sr1']", "['sg0', 'sg1']", "VCDR    ", "['1:0:0:0', 'block', 'sr1']", "5"])

    def test_what_is_not_ours_stays_as_it_is(self):
        with open(self.path("file"), "w") as file:
            file.write("x")
        self.python(f"""
assert "null" in os.listdir("/dev") and open("{self.path('file')}").read() == "x"
assert os.listdir("/proc/self/task")
assert os.path.exists("/sys/class/net") == {os.path.exists("/sys/class/net")}
assert "loop" not in os.readlink("/proc/self/exe")
with open("/dev/null", "w") as null:
    null.write("gone")
reader, writer = os.pipe()
os.write(writer, b"pipe")
assert os.read(reader, 9) == b"pipe" and open(f"/dev/fd/{{reader}}")
""")

    def test_nothing_is_left_behind(self):
        self.run_vcdr("exec", "--drive", f"embedded:{self.path('disc')}", "--", "true",
                      env={**os.environ, "TMPDIR": self.folder})
        self.assertEqual(os.listdir(self.folder), ["disc"])


class Opening(Nodes):
    def test_one_exclusive_opener_at_a_time_in_all_processes(self):
        self.assertEqual(self.python("""
mine = os.open("/dev/sr0", NONBLOCK | os.O_EXCL)
print(attempt(os.open, "/dev/sr0", NONBLOCK | os.O_EXCL))
other = "import os; os.open('/dev/sr0', os.O_RDWR | os.O_NONBLOCK | os.O_EXCL)"
print(subprocess.run([sys.executable, "-c", other], stderr=subprocess.DEVNULL).returncode)
assert os.open("/dev/sr0", NONBLOCK) and os.open("/dev/sg0", NONBLOCK)
copy = os.dup(mine)
os.close(mine)
print(attempt(os.open, "/dev/sr0", NONBLOCK | os.O_EXCL))
os.close(copy)
print(subprocess.run([sys.executable, "-c", other]).returncode)
"""), "EBUSY\n1\nEBUSY\n0")

    def test_sg_excludes_every_other_opener(self):
        self.assertEqual(self.python("""
mine = os.open("/dev/sg0", NONBLOCK | os.O_EXCL)
print(attempt(os.open, "/dev/sg0", NONBLOCK), attempt(os.open, "/dev/sg0", os.O_RDONLY | os.O_EXCL))
os.close(mine)
print(type(attempt(os.open, "/dev/sg0", NONBLOCK)))
"""), "EBUSY EPERM\n<class 'int'>")

    def test_without_nonblock_a_medium_is_wanted_and_nothing_is_written(self):
        self.assertEqual(self.python(f"""
print(attempt(os.open, "/dev/sr0", os.O_RDWR), cdrom(os.open("/dev/sr0", NONBLOCK), {STATUS}))
fd = os.open("/dev/sr0", NONBLOCK)
print(attempt(os.write, fd, b"x"), attempt(os.pwrite, fd, b"x", 0))
"""), "EROFS 4\nEPERM EPERM")
        self.assertEqual(self.python(f"""
print(attempt(os.open, "/dev/sr0", os.O_RDONLY), cdrom(os.open("/dev/sr0", NONBLOCK), {STATUS}))
""", "embedded:"), "ENOMEDIUM 1")

    def test_a_reader_locks_the_door_and_opening_closes_the_tray(self):
        self.burn_data()
        self.assertEqual(self.python(f"""
control = os.open("/dev/sg0", os.O_RDWR)
first = os.open("/dev/sr0", os.O_RDONLY)
print(send(control, "1b0000000200"))
print(cdrom(os.open("/dev/sr0", NONBLOCK), {EJECT}))
os.closerange(first, 30)
control = os.open("/dev/sg0", os.O_RDWR)
print(send(control, "1b0000000200"))
fd = os.open("/dev/sr0", NONBLOCK)
print(cdrom(fd, {STATUS}))
os.close(fd)
print(os.pread(os.open("/dev/sr0", os.O_RDONLY), 1, 2048))
"""), "055302\nEBUSY\ngood\n2\nb'\\x01'")

    def test_a_locked_door_stays_locked_after_its_program(self):
        self.assertEqual(self.python(f"""
def other(argument):
    script = f"import fcntl, os; fcntl.ioctl(os.open('/dev/sr0', os.O_RDWR | os.O_NONBLOCK), 0x5329, " \\
             f"{{argument}})"
    subprocess.run([sys.executable, "-c", script], check=True)
control = os.open("/dev/sg0", os.O_RDWR)
other(1)
print(send(control, "1b0000000200"))
other(0)
print(send(control, "1b0000000200"))
"""), "055302\ngood")

    def test_a_change_of_medium_is_told_once(self):
        self.assertEqual(self.python(f"""
fd = os.open("/dev/sr0", NONBLOCK)
cdrom(fd, {CHANGED})
print(cdrom(fd, {CHANGED}), cdrom(fd, {EJECT}), cdrom(fd, {STATUS}), cdrom(fd, {CLOSE}))
print(cdrom(fd, {STATUS}), cdrom(fd, {CHANGED}), cdrom(fd, {CHANGED}))
"""), "0 0 2 0\n4 1 0")


class Reading(Nodes):
    def test_any_piece_of_the_disc_is_read(self):
        data = self.burn_data()
        self.assertEqual(self.python(f"""
fd = os.open("/dev/sr0", os.O_RDONLY)
size = {len(data)}
expected = b"".join(bytes([n % 251]) * 2048 for n in range(size // 2048))
assert os.lseek(fd, 0, os.SEEK_END) == size
for at, count in [(0, 1), (2047, 2), (5000, 100000), (size - 3, 10), (size, 5), (size + 9, 1)]:
    assert os.pread(fd, count, at) == expected[at:at + count], at
    os.lseek(fd, at, os.SEEK_SET)
    assert os.read(fd, count) == expected[at:at + count], at
    assert os.lseek(fd, 0, os.SEEK_CUR) == min(at + count, max(size, at)), at
length = bytearray(8)
fcntl.ioctl(fd, 0x80081272, length)
print(int.from_bytes(length, sys.byteorder) == size, attempt(os.lseek, fd, -1, os.SEEK_SET))
buffers = [bytearray(10), bytearray(4096)]
os.lseek(fd, 2040, os.SEEK_SET)
print(os.readv(fd, buffers), bytes(buffers[0]).hex())
"""), "True EINVAL\n4106 00000000000000000101")

    def test_a_descriptor_goes_on_in_another_program(self):
        self.burn_data()
        self.assertEqual(self.python("""
fd = os.open("/dev/sr0", os.O_RDONLY)
os.lseek(fd, 2048 * 7, os.SEEK_SET)
piece = subprocess.run(["head", "-c", "2"], stdin=fd, capture_output=True).stdout
sums = [subprocess.run(["cksum"], stdin=open("/dev/sr0", "rb"), capture_output=True).stdout.split()[:2],
        subprocess.run(["cksum", "/dev/sr0"], capture_output=True).stdout.split()[:2]]
print(piece.hex(), sums[0] == sums[1])
child = os.fork()
if child == 0:
    os._exit(os.pread(fd, 1, 2048 * 9)[0])
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""), "0707 True\n9")

    def test_every_copy_of_a_descriptor_is_the_node(self):
        self.burn_data()
        self.assertEqual(self.python("""
import array, socket
fd = os.open("/dev/sr0", os.O_RDONLY)
one, other = socket.socketpair()
socket.send_fds(one, [b"x"], [fd])
copies = [os.dup(fd), os.dup2(fd, 77), fcntl.fcntl(fd, fcntl.F_DUPFD, 90),
          socket.recv_fds(other, 1, 1)[1][0]]
os.close(fd)
for copy in copies:
    assert os.pread(copy, 2, 4096) == b"\\2\\2" and stat.S_ISBLK(os.fstat(copy).st_mode), copy
os.close(copies[0])
reader, writer = os.pipe()
os.dup2(reader, copies[1])
os.write(writer, b"pipe")
print(os.read(copies[1], 9))
"""), "b'pipe'")

    def test_the_disc_is_its_programs_alone_but_not_one_process_s(self):
        self.assertEqual(self.python("""
fd = os.open("/dev/sg0", os.O_RDWR)
tests = [subprocess.Popen([sys.executable, "-c", "import os, fcntl, sys; fd = os.open('/dev/sr0', "
         "os.O_RDWR | os.O_NONBLOCK); sys.exit(fcntl.ioctl(fd, 0x5326, 0))"]) for _ in range(5)]
print([test.wait() for test in tests], send(fd, "000000000000"))
"""), "[4, 4, 4, 4, 4] good")


class Programs(Nodes):
    def refused_program(self, reason, name):
        self.refused(77, reason, "exec", "--drive", "embedded:", "--", name)

    def test_a_static_program_is_refused(self):
        if not shutil.which("gcc"):
            self.skipTest("no compiler")
        with open(self.path("a.c"), "w") as file:
            file.write("int main(void) { return 0; }\n")
        done = subprocess.run(["gcc", "-static", "-o", self.path("a"), self.path("a.c")],
                              capture_output=True)
        if done.returncode != 0:
            self.skipTest("no static C library")
        self.refused_program("linked statically", self.path("a"))

    def test_another_processors_program_is_refused(self):
        with open(sys.executable, "rb") as file:
            header = bytearray(file.read(4096))
        header[18:20] = b"\x16\x00"  # EM_S390
        with open(self.path("foreign"), "wb") as file:
            file.write(header)
        os.chmod(self.path("foreign"), 0o755)
        self.refused_program("another kind of processor", self.path("foreign"))

    def test_mounting_and_unmounting_is_not_done(self):
        self.assertEqual(self.python("""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.umount(b"/nowhere"), ctypes.get_errno() == errno.EPERM,
      libc.mount(b"/dev/cdrom", b"/", b"iso9660", 1, None), ctypes.get_errno() == errno.EPERM)
"""), "-1 True -1 True")

    def test_programs_that_unmount_are_refused_to_root(self):
        if os.geteuid() != 0:
            self.skipTest("not root")
        for name in ["eject", "growisofs", "umount", "k3b"]:
            shutil.copy("/bin/true", self.path(name))
            self.refused_program("would unmount a real drive", self.path(name))

    def test_a_signal_that_ends_us_ends_the_program(self):
        daemon = subprocess.Popen([os.environ["VCDR"], "exec", "--drive",
                                   f"embedded:{self.path('disc')}", "--", "sh", "-c",
                                   "echo begun; exec sleep 100"], stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "TMPDIR": self.folder})
        self.assertEqual(daemon.stdout.readline(), "begun\n")
        daemon.terminate()
        daemon.communicate()
        self.assertEqual(daemon.returncode, 128 + 15)
        self.assertEqual(os.listdir(self.folder), ["disc"])

    def test_too_many_drives(self):
        self.refused(2, "at most 16 drives", "exec", *["--drive", "embedded:"] * 17, "--", "true")


unittest.main(verbosity=2)
