# SPDX-License-Identifier: MIT
"""Several burners on the drives of one daemon: at once on ten drives and on one, one that is killed in
the middle, and a daemon that ends or is killed under one that burns. Over iSCSI, with the real tgtd."""
import json
import os
import random
import signal
import socket
import struct
import subprocess
from client import DATA, NOBODY, Case, main, need

need("wodim", "cdrskin", "tgtd")
PATIENCE = 120
WODIM = ["wodim", "-s", "dev=/dev/sr0", "gracetime=2", "-tao", "-data"]
CDRSKIN = ["cdrskin", "dev=/dev/sr0", "-tao", "-data"]


# Reads a block, waits until somebody opens the FIFO, reads another
READER = """
import os, sys, time
disc = os.open("/dev/sr0", os.O_RDONLY)
print(len(os.pread(disc, 2048, 0)), flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
open(sys.argv[1]).close()
try:
    print(len(os.pread(disc, 2048, 2048 * 500)), flush=True)
except OSError as error:
    print("error", error.strerror, flush=True)
"""


class Daemon:
    """vcdr serve with a drive for each disc, a record, and a control socket."""

    def __init__(self, case, discs, *options):
        self.case, self.killed = case, False
        words = [word for name in discs for word in ("--disc", case.path(name))]
        self.process = case.start([case.vcdr, "serve", *words, "--record", case.path("record"),
                                   "--control", case.path("control"), *options],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.urls = [self.process.stdout.readline().strip() for _ in discs]
        case.addCleanup(self.end)

    def tgtd(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children",
                  encoding="ascii") as file:
            return int(file.read().split()[0])

    def subscribe(self, *events):
        """The record's lines of these events from now on, an iterator."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(self.case.path("control"))
        self.case.addCleanup(connection.close)
        connection.sendall((json.dumps({"id": 1, "do": "subscribe", "events": events}) +
                            "\n").encode())
        lines = connection.makefile("rb")
        self.case.addCleanup(lines.close)
        self.case.assertTrue(json.loads(lines.readline())["ok"])
        return (json.loads(line) for line in lines)

    def end(self):
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        self.case.assertEqual(self.process.returncode, 1 if self.killed else 0)

    def kill(self):
        """Nothing of it goes in order."""
        self.killed = True
        os.kill(self.tgtd(), signal.SIGKILL)
        self.process.wait(PATIENCE)
        os.unlink(self.case.path("control"))  # nobody was there to do it


class Many(Case):
    def start(self, command, **options):
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        env = {**os.environ, "LC_ALL": "C", "HOME": self.folder, "TMPDIR": self.folder,
               "LD_LIBRARY_PATH": os.path.join(self.root.name, "lib"),
               "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
        for name in ["VCDR_URL", "VCDR_EXEC_SHIM", "VCDR_TGT_MODULE"]:
            env.pop(name, None)
        return subprocess.Popen(command, cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                                **user, **options)

    def burner(self, url, command, image):
        """Started, in a process group of its own."""
        log = open(self.path(image + ".log"), "wb")
        self.addCleanup(log.close)
        process = self.start([self.vcdr, "exec", "--drive", url, "--", *command, image], stdout=log,
                             stderr=subprocess.STDOUT, start_new_session=True)
        self.addCleanup(self.kill, process)
        return process

    def kill(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def said(self, image):
        return self.read(image + ".log").decode("latin-1")

    def data(self, name, blocks):
        return self.write(name, random.Random(name).randbytes(blocks * DATA))

    def events(self, name):
        with open(self.path("record"), encoding="utf-8") as file:
            return [line for line in map(json.loads, file) if line["event"] == name]

    def track(self, disc, number):
        """The user data of a complete data track, as the disc's file has them."""
        self.done("disc", "export", self.path(disc), "--iso", self.path("out"), "--track",
                  str(number))
        data = self.read("out")
        os.unlink(self.path("out"))
        return data

    def assert_track(self, disc, number, data):
        self.assertTrue(self.track(disc, number) == data, f"track {number} of {disc} differs")

    def send(self, url, *words):
        return self.done("send", url, *words)

    # ---- ten drives ----

    def test_ten_burners_on_ten_drives_at_once(self):
        names = [f"d{n}" for n in range(10)]
        for name in names:
            self.new_disc(name=name)
            self.data(name + ".img", 400 + 7 * len(name))
        daemon = Daemon(self, names)
        burners = [self.burner(url, WODIM if n % 2 else CDRSKIN, name + ".img")
                   for n, (url, name) in enumerate(zip(daemon.urls, names))]
        for burner, name in zip(burners, names):
            self.assertEqual(burner.wait(PATIENCE), 0, self.said(name + ".img"))
        daemon.end()
        for name in names:
            self.assert_track(name, 1, self.read(name + ".img"))
        closed = self.events("session-closed")
        self.assertEqual(len({line["drive"] for line in closed}), 10)
        lines = self.read("record").decode().splitlines()
        self.assertEqual([json.loads(line)["seq"] for line in lines],
                         list(range(1, len(lines) + 1)))

    # ---- one drive ----

    def test_a_drive_that_is_held_takes_no_other_burner(self):
        self.new_disc()
        image = self.data("image", 400)
        daemon = Daemon(self, ["disc"])
        locks = daemon.subscribe("exclusive-lock")
        os.mkfifo(self.path("go"))
        os.chmod(self.path("go"), 0o666)
        holder = self.start([self.vcdr, "lock", daemon.urls[0], "--client-name", "Holder 1", "--",
                             "cat", self.path("go")], start_new_session=True)
        self.addCleanup(self.kill, holder)
        next(locks)
        burner = self.burner(daemon.urls[0], CDRSKIN, "image")
        self.assertNotEqual(burner.wait(PATIENCE), 0, self.said("image"))
        self.assertEqual({line["owner"] for line in self.events("exclusive-denied")}, {"Holder 1"})
        self.assertEqual(self.events("track-opened"), [])
        with open(self.path("go"), "w", encoding="ascii"):
            pass
        self.assertEqual(holder.wait(PATIENCE), 0)
        self.assertEqual(self.burner(daemon.urls[0], CDRSKIN, "image").wait(PATIENCE), 0)
        daemon.end()
        self.assert_track("disc", 1, image)

    def test_whoever_says_done_has_burned_whoever_else_was_there(self):
        """Both begin at once; what then becomes of whom is a race, but nobody is told a lie."""
        self.new_disc()
        images = {"first": self.data("first", 700), "second": self.data("second", 500)}
        daemon = Daemon(self, ["disc"])
        burners = {"first": self.burner(daemon.urls[0], [*CDRSKIN, "-multi"], "first"),
                   "second": self.burner(daemon.urls[0], [*WODIM, "-multi"], "second")}
        done = [name for name, burner in burners.items() if burner.wait(PATIENCE) == 0]
        daemon.end()
        tracks = [self.track("disc", line["track"]) for line in self.events("track-closed")]
        for name in done:
            self.assertTrue(any(images[name] in track for track in tracks),
                            f"{name}: {self.said(name)}")

    # ---- ends in the middle ----

    def interrupted(self, end, *options):
        """A burner whose tenth WRITE is never answered; end(daemon, burner) ends one of them then."""
        self.new_disc()
        self.data("image", 2000)
        daemon = Daemon(self, ["disc"], "--fault", "op=WRITE(10) nth=10 do=never", *options)
        faults, closes = daemon.subscribe("fault"), daemon.subscribe("nexus-close")
        # one that gives up when its drive is gone; wodim asks for two minutes whether it is ready
        burner = self.burner(daemon.urls[0], CDRSKIN, "image")
        next(faults)
        end(daemon, burner)
        return daemon, burner, closes

    def written(self, url):
        """Blocks of the open track 1: its next writable address (READ TRACK INFORMATION)."""
        self.send(url, "52 01 00 00 00 01 00 00 24 00", "--in", "36", "--out", self.path("rti"))
        information = self.read("rti")
        self.assertEqual(information[7] & 0x01, 1)  # NWA_V
        return struct.unpack(">I", information[12:16])[0]

    def assert_another_burns_behind(self, url, blocks):
        """The open track is closed, another is burned, and both are there."""
        self.assertEqual(blocks, 9 * 16)  # nine WRITEs of cdrskin's were answered
        self.send(url, "5B 00 01 00 00 01 00 00 00 00")  # CLOSE TRACK 1
        self.data("other", 600)
        burner = self.burner(url, WODIM, "other")  # libburn adds no track to an open session
        self.assertEqual(burner.wait(PATIENCE), 0, self.said("other"))

    def assert_both(self, blocks):
        self.assertEqual(self.track("disc", 1)[:blocks * DATA], self.read("image")[:blocks * DATA])
        self.assert_track("disc", 2, self.read("other"))

    def test_a_burner_is_killed_in_the_middle(self):
        daemon, _, closes = self.interrupted(lambda _, burner: self.kill(burner))
        next(closes)
        status = json.loads(self.done("status", daemon.urls[0], "--json"))[0]
        self.assertEqual((status["owner"], status["prevented"]), (None, False))
        blocks = self.written(daemon.urls[0])
        self.assert_another_burns_behind(daemon.urls[0], blocks)
        daemon.end()
        self.assert_both(blocks)

    def test_the_daemon_ends_under_a_burner(self):
        daemon, burner, _ = self.interrupted(lambda daemon, _: daemon.end())
        self.assertNotEqual(burner.wait(PATIENCE), 0, self.said("image"))
        self.assertTrue(self.events("power-off")[0]["clean"])
        daemon = Daemon(self, ["disc"])
        blocks = self.written(daemon.urls[0])
        self.assert_another_burns_behind(daemon.urls[0], blocks)
        daemon.end()
        self.assert_both(blocks)

    def test_the_daemon_is_killed_under_a_burner(self):
        _, burner, _ = self.interrupted(lambda daemon, _: daemon.kill())
        self.assertNotEqual(burner.wait(PATIENCE), 0, self.said("image"))
        daemon = Daemon(self, ["disc"])
        blocks = self.written(daemon.urls[0])
        self.assertLessEqual(blocks, 9 * 16)  # what was not durable may be lost
        self.send(daemon.urls[0], "5B 00 01 00 00 01 00 00 00 00")
        daemon.end()
        if blocks:
            self.assertEqual(self.track("disc", 1)[:blocks * DATA],
                             self.read("image")[:blocks * DATA])

    def test_the_daemon_is_started_again_under_a_reader(self):
        """Who has the disc open is told that it is gone; who comes then reads it all."""
        self.new_disc()
        image = self.data("image", 600)
        daemon = Daemon(self, ["disc"])
        self.assertEqual(self.burner(daemon.urls[0], CDRSKIN, "image").wait(PATIENCE), 0,
                         self.said("image"))
        reader = self.start([self.vcdr, "exec", "--drive", daemon.urls[0], "--", "python3", "-c",
                             READER, self.path("go")], stdout=subprocess.PIPE, text=True)
        os.mkfifo(self.path("go"), 0o666)
        os.chmod(self.path("go"), 0o666)
        self.assertEqual(reader.stdout.readline(), "2048\n")
        daemon.end()
        with open(self.path("go"), "w", encoding="ascii"):
            pass
        self.assertIn("error", reader.communicate(timeout=PATIENCE)[0])
        daemon = Daemon(self, ["disc"])
        self.done("rip", daemon.urls[0], self.path("ripped"))
        ripped = [self.read(f"ripped/{name}") for name in os.listdir(self.path("ripped"))]
        self.assertEqual([data[:len(image)] == image for data in ripped], [True])
        daemon.end()


main()
