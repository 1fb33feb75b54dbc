# SPDX-License-Identifier: MIT
"""A QEMU with the guest in it, and the conversation with the guest's init over a virtio port."""
import os
import signal
import socket
import subprocess
import time

READY_S = 300
APPEND = "console=ttyS0 quiet panic=-1 nokaslr mitigations=off random.trust_cpu=on"


class Stuck(Exception):
    """The guest says nothing any more; its text says since when."""


class Machine:
    def __init__(self, qemu, kernel, folder):
        self.console = os.path.join(folder, "console")
        path = os.path.join(folder, "port")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path)
            listening.listen(1)
            listening.settimeout(READY_S)
            # With the test goes the guest, however the test ends.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", qemu, "-accel", "tcg", "-m", "512", "-smp", "1",
                 "-nodefaults", "-display", "none", "-no-reboot", "-kernel", kernel,
                 "-initrd", os.path.join(folder, "initramfs"), "-append", APPEND,
                 "-nic", "user,model=virtio-net-pci", "-device", "virtio-rng-pci",
                 "-device", "virtio-serial-pci", "-chardev", f"socket,id=port,path={path}",
                 "-device", "virtserialport,chardev=port,name=vcdr",
                 "-serial", f"file:{self.console}"],
                stdin=subprocess.DEVNULL)
            self.port, _ = listening.accept()
        os.unlink(path)
        self.rest = b""
        begin = time.monotonic()
        if self.line(begin + READY_S) != "@@ ready":
            raise Stuck("the guest is not ready")
        self.boot_s = time.monotonic() - begin

    def line(self, until):
        """The next line that the guest says, \\r being an end of a line too."""
        while b"\n" not in self.rest:
            left = until - time.monotonic()
            if left <= 0:
                raise Stuck("the time is over")
            self.port.settimeout(left)
            try:
                more = self.port.recv(65536)
            except TimeoutError as error:
                raise Stuck("the time is over") from error
            if not more:
                raise Stuck("the guest is gone")
            self.rest += more.replace(b"\r", b"\n")
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode("latin-1").rstrip()

    def say(self, text):
        self.port.sendall(text.encode("ascii") + b"\n")

    def last_words(self):
        with open(self.console, encoding="latin-1") as file:
            return file.read()[-4000:]

    def end(self):
        """Lets it power off, or kills it when it does not hear."""
        try:
            self.say("stop")
            self.process.wait(60)
        except (OSError, subprocess.TimeoutExpired):
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.port.close()
