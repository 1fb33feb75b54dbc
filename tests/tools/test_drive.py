# SPDX-License-Identifier: MIT
"""vcdr info, owner and lock, on an embedded drive and over iSCSI."""
import json
import os
import signal
import subprocess
import unittest
from program import Case, VCDR


class Drive(Case):
    def setUp(self):
        super().setUp()
        self.done("disc", "new", self.path("d"))

    def served(self, script, *more, environment=None):
        """Runs a shell script on a drive that is served; $0 is the program."""
        return subprocess.run([VCDR, "serve", "--disc", self.path("d"), *more, "--", "sh", "-c",
                               script, VCDR], capture_output=True, text=True, timeout=60,
                              cwd=self.folder, env=environment)

    def test_info_tells_who_the_drive_is_and_what_is_in_it(self):
        info = json.loads(self.done("info", f"embedded:{self.path('d')}", "--json"))
        self.assertEqual((info["vendor"], info["medium"], info["owner"]), ("VCDR", "CD-R", None))
        self.assertEqual(info["disc"]["status"], "blank")
        self.assertEqual(info["disc"]["tracks"], [])
        self.assertGreater(info["disc"]["free_blocks"], 359000)
        self.assertEqual(info["write_state"]["state"], "idle")

    def test_info_calls_an_erasable_disc_a_cd_rw(self):
        self.done("disc", "new", self.path("rw"), "--rw")
        info = json.loads(self.done("info", f"embedded:{self.path('rw')}", "--json"))
        self.assertEqual(info["medium"], "CD-RW")
        self.assertIn("CD-RW, blank", self.done("info", f"embedded:{self.path('rw')}"))

    def test_a_disc_that_is_not_there_is_named_once(self):
        self.refused(1, "vcdr: embedded:none: does not exist\n", "info", "embedded:none")

    def test_info_of_an_empty_drive(self):
        info = json.loads(self.done("info", "embedded:", "--json"))
        self.assertEqual((info["medium"], info["disc"]), ("no disc", None))
        self.assertIn("MEDIUM NOT PRESENT", self.done("info", "embedded:"))

    def test_info_for_people_over_iscsi(self):
        result = self.served('"$0" info "$VCDR_URL"')
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for words in ["VCDR", "CD-R, blank", "write state  idle", "held by      nobody"]:
            self.assertIn(words, result.stdout)

    def test_info_while_somebody_holds_the_drive_names_him_and_not_the_disc(self):
        result = self.served('"$0" lock "$VCDR_URL" --client-name "Night Shift" -- '
                             '"$0" info "$VCDR_URL" --json')
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        info = json.loads(result.stdout.split("\n", 1)[1])
        self.assertEqual((info["owner"], info["disc"]), ("Night Shift", None))

    def test_owner_of_a_free_drive_is_status_1_and_no_word(self):
        result = self.run_vcdr("owner", f"embedded:{self.path('d')}")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (1, "", ""))

    def test_owner_is_the_name_alone(self):
        result = self.served('"$0" lock "$VCDR_URL" --client-name "Night Shift" -- '
                             '"$0" owner "$VCDR_URL"')
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout.split("\n")[1:], ["Night Shift", ""])

    def test_send_passes_over_the_greeting_of_a_drive_that_somebody_holds(self):
        # MODE SENSE(10) of page 39h, which anybody may: LockState 1, the name from byte 8 + 8
        result = self.served('"$0" lock "$VCDR_URL" --client-name "Night Shift" -- '
                             '"$0" send "$VCDR_URL" "5a 00 39 00 00 00 00 00 50 00" --in 80')
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        self.assertIn("status 00 GOOD\ndata-in 80 bytes\n", result.stdout)
        self.assertIn(" 39 46 00 00 01 00 ", result.stdout)

    def test_the_lock_is_given_back_when_the_command_has_ended(self):
        result = self.served('"$0" lock "$VCDR_URL" --client-name A -- true; '
                             '"$0" owner "$VCDR_URL"')
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stdout.split("\n")), 2)

    def test_lock_ends_with_the_commands_status(self):
        url = f"embedded:{self.path('d')}"
        self.assertEqual(self.run_vcdr("lock", url, "--client-name", "A", "--", "sh", "-c",
                                       "exit 7").returncode, 7)
        self.assertEqual(self.run_vcdr("lock", url, "--client-name", "A", "--", "sh", "-c",
                                       "kill -9 $$").returncode, 137)

    def test_a_second_lock_is_refused_and_told_who_holds_the_drive(self):
        result = self.served('"$0" lock "$VCDR_URL" --client-name "Night Shift" -- '
                             '"$0" lock "$VCDR_URL" --client-name "Day Shift" -- true')
        self.assertEqual(result.returncode, 1)
        self.assertIn('the drive is held by "Night Shift"', result.stderr)

    def test_a_name_that_is_not_allowed_is_refused_and_the_command_not_run(self):
        for name in ["", "a/b", "x" * 64, "caf\u00e9"]:
            self.refused(1, "not a client name", "lock", f"embedded:{self.path('d')}",
                         "--client-name", name, "--", "touch", self.path("ran"))
            self.assertFalse(os.path.exists(self.path("ran")))

    def test_a_command_that_is_not_there_is_told(self):
        lock = ["lock", f"embedded:{self.path('d')}", "--client-name", "A", "--"]
        self.refused(127, "vcdr: no-such-command: No such file or directory", *lock,
                     "no-such-command")
        self.refused(126, f"vcdr: {self.path('d')}: Permission denied", *lock, self.path("d"))

    def test_a_command_ends_when_the_lock_is_killed(self):
        # the pipe's end is the command's alone once the lock is gone
        command = [VCDR, "lock", f"embedded:{self.path('d')}", "--client-name", "A", "--", "sh",
                   "-c", "trap 'echo term; exit 0' TERM; echo up; for i in $(seq 2000); do "
                   "sleep 0.01; done"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lock:
            self.assertEqual(lock.stdout.readline(), "up\n")
            lock.kill()
            self.assertEqual(lock.stdout.read(), "term\n")

    def test_lock_without_a_name_or_a_command_is_usage(self):
        self.refused(2, "--client-name", "lock", "embedded:", "--", "true")
        self.refused(2, "a command", "lock", "embedded:", "--client-name", "A")

    def test_an_idle_lock_outlives_the_daemons_silent_peer_check(self):
        # one second of silence is enough to be dropped: the initiator has to answer meanwhile
        result = self.served('"$0" lock "$VCDR_URL" --client-name "Sleeper" -- '
                             'sh -c \'sleep 4; "$0" owner "$VCDR_URL"\' "$0"', "--silent-peer", "1")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout.split("\n")[1], "Sleeper")

    def test_the_record_has_the_lock_and_the_unlock(self):
        self.served('"$0" lock "$VCDR_URL" --client-name "Night Shift" -- true', "--record",
                    self.path("r"))
        events = [json.loads(line) for line in self.read("r").decode().splitlines()]
        locks = [(e["event"], e["owner"]) for e in events if e["event"].startswith("exclusive")]
        self.assertEqual(locks, [("exclusive-lock", "Night Shift"),
                                 ("exclusive-unlock", "Night Shift")])

    def test_a_killed_holder_loses_the_drive(self):
        serve = subprocess.Popen([VCDR, "serve", "--disc", self.path("d"), "--record",
                                  self.path("r")], stdout=subprocess.PIPE, text=True)
        try:
            url = serve.stdout.readline().strip()
            holder = subprocess.Popen([VCDR, "lock", url, "--client-name", "Doomed", "--", "sh",
                                       "-c", "echo held; exec cat"], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
            self.assertEqual(holder.stdout.readline(), "held\n")
            self.assertEqual(self.done("owner", url), "Doomed\n")
            holder.kill()
            holder.communicate()
            follow = subprocess.Popen([VCDR, "record", self.path("r"), "--follow", "--json",
                                       "--event", "exclusive-lost"], stdout=subprocess.PIPE,
                                      text=True)
            lost = json.loads(follow.stdout.readline())
            follow.kill()
            follow.communicate()
            self.assertEqual((lost["owner"], lost["cause"]), ("Doomed", "nexus-lost"))
            self.assertEqual(self.run_vcdr("owner", url).returncode, 1)
        finally:
            serve.send_signal(signal.SIGTERM)
            serve.communicate()
        self.assertEqual(serve.returncode, 0)

    def test_serve_does_without_a_reader_of_its_urls(self):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as gone:
            result = subprocess.run([VCDR, "serve", "--disc", self.path("d"), "--", "true"],
                                    stdout=gone, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_a_drive_that_is_not_there_is_told_once(self):
        for verb in ["info", "owner"]:
            self.refused(1, "vcdr: iscsi://127.0.0.1:1/iqn.x/0: ", verb,
                         "iscsi://127.0.0.1:1/iqn.x/0")

    def test_why_there_is_no_way_to_a_drive_is_told(self):
        self.write("text", b"no disc")
        for url, reason in [("foo:bar", "a drive is iscsi://"),
                            ("iscsi://127.0.0.1", "expected iscsi://"),
                            ("iscsi://127.0.0.1:1/iqn.x/0", "nothing listens at 127.0.0.1:1"),
                            ("iscsi://nowhere.invalid/iqn.x/0", "unknown host nowhere.invalid"),
                            ("embedded:none", "does not exist"),
                            ("embedded:text", "is not a vcdr disc")]:
            self.refused(1, f"vcdr: {url}: ", "info", url)
            self.refused(1, reason, "owner", url)

    def test_a_disc_that_somebody_else_holds_is_told(self):
        result = self.served(f'"$0" info embedded:{self.path("d")}')
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"vcdr: embedded:{self.path('d')}: ", result.stderr)
        self.assertIn("is held by another process", result.stderr)

    def test_a_secret_of_a_url_is_not_repeated(self):
        # user:%secret with an @ in it; what is behind the last one is the drive
        for verb in [["info"], ["send", "00 00 00 00 00 00"]]:
            result = self.run_vcdr(verb[0], "iscsi://user%s@cret@127.0.0.1:1/iqn.x/0", *verb[1:])
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertTrue(result.stderr.startswith("vcdr: iscsi://127.0.0.1:1/iqn.x/0: "),
                            result.stderr)
            self.assertNotIn("cret", result.stderr)


unittest.main(verbosity=2)
