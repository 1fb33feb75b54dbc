# SPDX-License-Identifier: MIT
"""The control socket of vcdr serve: its lines, its clients, and the verbs that speak to it."""
import json
import os
import socket
import subprocess
import threading
import unittest
from program import Case, VCDR

PATIENCE = 60


class Client:
    """A connection that sends lines and reads them."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb")

    def say(self, line):
        self.socket.sendall(line if isinstance(line, bytes) else (json.dumps(line) + "\n").encode())

    def line(self):
        line = self.file.readline()
        return json.loads(line) if line else None

    def answer(self):
        """The next answer, and the lines of the record before it."""
        record = []
        while True:
            line = self.line()
            if line is None or "id" in line:
                return line, record
            record.append(line)

    def ask(self, **request):
        self.say(dict(request, id=7))
        answer, _ = self.answer()
        assert answer["id"] == 7, answer
        return answer

    def close(self):
        self.file.close()
        self.socket.close()


class Served(Case):
    """Two drives, ONE with a disc and TWO with another, and a third disc beside."""

    def setUp(self):
        super().setUp()
        for name in "abc":
            self.done("disc", "new", self.path(name))
        self.daemon = subprocess.Popen(
            [VCDR, "serve", "--disc", self.path("a"), "--disc", self.path("b"), "--serial", "ONE",
             "--serial", "TWO", "--control", self.path("s"), *self.options()],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder)
        self.addCleanup(self.end)
        self.urls = [self.daemon.stdout.readline().strip() for _ in "ab"]

    def options(self):
        return []

    def end(self):
        self.daemon.terminate()
        _, said = self.daemon.communicate(timeout=PATIENCE)
        self.assertEqual((self.daemon.returncode, said), (0, ""))
        self.assertFalse(os.path.exists(self.path("s")))

    def client(self):
        client = Client(self.path("s"))
        self.addCleanup(client.close)
        return client

    def status(self, drive):
        return self.client().ask(do="status", drive=drive)["drives"][0]


class Lines(Served):
    def wrong(self, line, reason, of=None):
        client = self.client()
        client.say(line)
        answer = client.line()
        self.assertEqual((answer["id"], answer.get("ok")), (of, None))
        self.assertIn(reason, answer["error"])
        self.assertNotIn("\n", answer["error"])
        self.assertTrue(client.ask(do="status")["ok"])  # it is listened to all the same

    def test_what_is_no_request_is_told(self):
        for line, reason in [(b"\n", "no object"), (b"{}\n", "do: is missing"), (b"[]\n", "no object"),
                             (b"eject\n", "no object"), (b"\xff\n", "no object"),
                             (b'{"do":"eject","do":"eject"}\n', "no object"),
                             (b"[" * 9000 + b"\n", "no object")]:
            self.wrong(line, reason)

    def test_a_member_that_is_wrong_is_named(self):
        for request, reason in [({"do": "explode"}, "do: no such request"),
                                ({"do": "eject", "dirve": 1}, "dirve: no such member"),
                                ({"do": "eject", "drive": 0}, "drive: wants a number from 1"),
                                ({"do": "eject", "drive": [1]}, "drive: wants a number from 1"),
                                ({"do": "eject", "disc": "a"}, "eject: a member does not belong"),
                                ({"do": "insert", "drive": 1}, "insert: disc is missing"),
                                ({"do": "insert", "disc": ""}, "disc: wants a text"),
                                ({"do": "fault"}, "fault: rule is missing"),
                                ({"do": "fault", "rule": "do=explode"}, "do=explode: no such action"),
                                ({"do": "subscribe", "events": "x"}, "events: wants a list"),
                                ({"do": "eject"}, "drive: there are several"),
                                ({"do": "eject", "drive": 3}, "3: there is no such drive"),
                                ({"do": "eject", "drive": "X"}, "X: there is no such drive"),
                                ({"do": "fault", "rule": "drive=3 do=cut"}, "no such drive")]:
            self.wrong(dict(request, id="x"), reason, "x")

    def test_an_id_is_a_number_or_a_text_and_comes_back(self):
        client = self.client()
        for number in [0, -5, 1 << 53, "", "a", "x" * 64, "\u00e4"]:
            client.say({"id": number, "do": "status"})
            self.assertEqual(client.line()["id"], number)
        client.say({"id": "x" * 65, "do": "status"})
        answer = client.line()
        self.assertEqual((answer["id"], answer["error"][:3]), (None, "id:"))

    def test_pieces_and_many_lines_at_once(self):
        client = self.client()
        for byte in json.dumps({"id": 1, "do": "status"}).encode() + b"\n":
            client.say(bytes([byte]))
        self.assertEqual(client.line()["id"], 1)
        client.say(b"".join(json.dumps({"id": n, "do": "status"}).encode() + b"\n"
                            for n in range(200)))
        self.assertEqual([client.line()["id"] for _ in range(200)], list(range(200)))

    def test_a_line_too_long_is_told_and_ends_the_connection(self):
        client = self.client()
        client.say(b"x" * 16384)
        answer = client.line()
        self.assertIn("16383 bytes", answer["error"])
        self.assertIsNone(client.line())

    def test_the_longest_line(self):
        self.wrong(b'{"do":"insert","drive":1,"disc":"' + b"x" * 16347 + b'"}\n', "cannot be read or written")

    def test_a_client_that_says_no_more_gets_its_answers(self):
        client = self.client()
        client.say({"id": 1, "do": "eject", "drive": 2})
        client.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(client.line(), {"id": 1, "ok": True})
        self.assertIsNone(client.line())

    def test_a_client_that_vanishes_is_no_loss(self):
        for n in range(50):
            client = self.client()
            client.say({"id": n, "do": "snapshot", "drive": n % 2 + 1})
            client.close()
        self.assertTrue(self.client().ask(do="status")["ok"])

    def test_a_client_that_reads_nothing_is_hung_up_on(self):
        client = self.client()
        line = json.dumps({"id": "x" * 64, "do": "status"}).encode() + b"\n"
        try:
            for _ in range(100000):
                client.say(line)
            self.fail("everything was taken")
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.assertTrue(self.client().ask(do="status")["ok"])

    def test_so_many_clients_and_no_more(self):
        clients = [self.client() for _ in range(64)]
        for client in clients:
            self.assertTrue(client.ask(do="status")["ok"])
        late = self.client()
        self.assertEqual(late.line(), {"id": None, "error": "control: too many clients"})
        self.assertIsNone(late.line())
        clients[5].close()
        while True:  # until the daemon has seen it go
            another = self.client()
            another.say({"id": 1, "do": "status"})
            if "ok" in another.line():
                break


class Hands(Served):
    def test_a_drive_is_named_by_number_serial_or_target(self):
        for name in [2, "TWO", "iqn.2026-11.local.vcdr:drive2"]:
            drive = self.status(name)
            self.assertEqual((drive["drive"], drive["serial"], drive["url"]),
                             (2, "TWO", self.urls[1]))

    def test_status_says_all(self):
        drives = self.client().ask(do="status")["drives"]
        self.assertEqual([drive["disc"] for drive in drives], [self.path("a"), self.path("b")])
        del drives[0]["disc"], drives[0]["url"]
        self.assertEqual(drives[0], {
            "drive": 1, "serial": "ONE", "target": "iqn.2026-11.local.vcdr:drive1", "power": True,
            "working": False, "has_disc": True, "tray": "closed", "prevented": False, "owner": None,
            "write_state": "idle", "busy": False, "progress": 0})

    def test_a_disc_is_taken_out_and_another_laid_in(self):
        client = self.client()
        self.assertEqual(client.ask(do="eject", drive="ONE"), {"id": 7, "ok": True})
        self.assertEqual((self.status(1)["tray"], self.status(1)["has_disc"]), ("open", False))
        self.done("disc", "info", self.path("a"))  # its file is free
        self.assertTrue(client.ask(do="insert", drive="ONE", disc=self.path("c"))["ok"])
        self.assertEqual((self.status(1)["tray"], self.status(1)["disc"]),
                         ("closed", self.path("c")))

    def test_what_cannot_be_is_refused_and_changes_nothing(self):
        client = self.client()
        before = client.ask(do="status")
        for request, reason in [
                ({"do": "insert", "disc": self.path("c")}, "ONE: there is a disc in it already"),
                ({"do": "restore"}, "ONE: its disc has no snapshot")]:
            self.assertEqual(client.ask(drive=1, **request)["error"], reason)
        self.assertEqual(client.ask(do="status"), before)
        client.ask(do="eject", drive=1)
        before = client.ask(do="status")
        for request, reason in [
                ({"do": "insert", "disc": self.path("b")}, f"{self.path('b')}: is held"),
                ({"do": "insert", "disc": self.path("none")}, f"{self.path('none')}: does not exist"),
                ({"do": "insert", "disc": VCDR}, f"{VCDR}: "),
                ({"do": "eject"}, "ONE: there is no disc in it"),
                ({"do": "snapshot"}, "ONE: there is no disc in it"),
                ({"do": "reset"}, "ONE: there is no disc in it")]:
            self.assertIn(reason.lower(), client.ask(drive=1, **request)["error"].lower())
        self.assertEqual(client.ask(do="status"), before)

    def test_the_button_opens_and_closes(self):
        client = self.client()
        for tray in ["open", "closed", "open"]:
            self.assertTrue(client.ask(do="button", drive=2)["ok"])
            self.assertEqual((self.status(2)["tray"], self.status(2)["has_disc"]), (tray, True))

    def track(self):
        """READ TRACK INFORMATION of track 1: what is reserved differs from what is not."""
        return self.done("send", self.urls[0], "52 01 00 00 00 01 00 00 24 00", "--in", "36")

    def reserve(self):
        self.done("send", self.urls[0], "53 00 00 00 00 00 00 01 2C 00")  # 300 blocks

    def test_a_disc_is_kept_wiped_and_put_back(self):
        client, blank = self.client(), self.track()
        self.reserve()
        reserved = self.track()
        self.assertNotEqual(reserved, blank)
        self.assertTrue(client.ask(do="snapshot", drive=1)["ok"])
        self.assertTrue(client.ask(do="reset", drive=1)["ok"])
        self.assertEqual(self.track(), blank)
        self.assertTrue(client.ask(do="restore", drive=1)["ok"])
        self.assertEqual(self.track(), reserved)
        self.assertEqual((self.status(1)["tray"], self.status(1)["disc"]),
                         ("closed", self.path("a")))


class Subscriptions(Served):
    def test_lines_come_as_they_are_and_before_the_answer(self):
        client = self.client()
        client.say({"id": 1, "do": "subscribe"})
        self.assertEqual(client.line(), {"id": 1, "ok": True})
        client.say({"id": 2, "do": "button", "drive": 2})
        answer, record = client.answer()
        self.assertEqual(answer, {"id": 2, "ok": True})
        self.assertEqual([(line["event"], line["drive"]) for line in record],
                         [("medium-ejected", "TWO")])
        self.assertEqual(list(record[0])[0], "seq")

    def test_only_the_events_that_are_wanted(self):
        client, other = self.client(), self.client()
        client.ask(do="subscribe", events=["medium-loaded", "medium"])
        for _ in range(2):
            other.ask(do="button", drive=1)
        client.say({"id": 3, "do": "status"})
        _, record = client.answer()
        self.assertEqual([line["event"] for line in record], ["medium-loaded"])

    def test_again_replaces_and_unsubscribe_ends_it(self):
        client, other = self.client(), self.client()
        client.ask(do="subscribe", events=["medium-loaded"])
        client.ask(do="subscribe", events=["medium-ejected"])
        for _ in range(2):
            other.ask(do="button", drive=1)
        client.say({"id": 3, "do": "unsubscribe"})
        self.assertEqual([line["event"] for line in client.answer()[1]], ["medium-ejected"])
        other.ask(do="button", drive=1)
        client.say({"id": 4, "do": "status"})
        self.assertEqual(client.answer()[1], [])

    def test_a_subscriber_that_has_shut_down_its_side_is_told_on(self):
        client, other = self.client(), self.client()
        client.ask(do="subscribe")
        client.socket.shutdown(socket.SHUT_WR)
        other.ask(do="button", drive=1)
        self.assertEqual(client.line()["event"], "medium-ejected")


class Slow(Served):
    def options(self):
        return ["--record", self.path("r"), "--record-commands"]

    def test_a_slow_subscriber_stops_no_drive_and_hears_how_much_it_lost(self):
        slow, other = self.client(), self.client()
        slow.ask(do="subscribe")
        for _ in range(3000):  # until more was lost than stands in the sockets and in what is kept
            for _ in range(2):
                other.ask(do="button", drive=1)
        recorded = [json.loads(line)["seq"] for line in self.read("r").decode().splitlines()]
        self.assertEqual(recorded, list(range(1, len(recorded) + 1)))
        seen, lost, first = [], 0, None
        while not seen or seen[-1] + 1 < len(recorded) or not lost:
            line = slow.line()
            if "lost" in line:
                lost += line["lost"]
                first = first or seen[-1]
                other.ask(do="button", drive=1)  # something that comes behind the gap
                recorded.append(len(recorded) + 1)
            elif "seq" in line:
                seen.append(line["seq"])
                if seen[-1] >= len(recorded):
                    break
        self.assertGreater(lost, 0)
        self.assertEqual(seen, sorted(set(seen)))
        self.assertEqual(len(seen) + lost, seen[-1] - seen[0] + 1)


class Verbs(Served):
    def test_by_the_url_and_by_the_socket(self):
        for place in [[self.urls[1]], ["--socket", self.path("s"), "--drive", "TWO"],
                      ["--socket", "s", "--drive", "2"]]:
            self.assertEqual(self.done("eject", *place), "")
            self.assertEqual(self.done("insert", *place, "b"), "")  # a path of the caller's folder
            self.assertEqual(self.done("button", *place), "")
            self.assertIn("tray     open\n", self.done("status", *place))
            self.assertEqual(self.done("button", *place), "")

    def test_status_for_people_and_programs(self):
        self.assertEqual(self.done("status", self.urls[0]),
                         f"drive 1  ONE  {self.urls[0]}\n  disc     {self.path('a')}\n"
                         "  tray     closed\n  owner    nobody\n  state    idle\n")
        self.assertEqual([drive["serial"] for drive in
                          json.loads(self.done("status", "--socket", "s", "--json"))],
                         ["ONE", "TWO"])

    def test_who_holds_the_drive(self):
        held = subprocess.run([VCDR, "lock", self.urls[0], "--client-name", "Holder 1", "--", VCDR,
                               "status", self.urls[0]], capture_output=True, text=True,
                              timeout=PATIENCE)
        self.assertIn("owner    Holder 1\n", held.stdout)

    def test_a_refusal_is_one_line(self):
        self.refused(1, f"{self.urls[0]}: ONE: there is a disc in it already", "insert",
                     self.urls[0], "c")
        self.refused(1, "nothing: No such file", "insert", self.urls[0], "nothing")
        self.refused(1, "there are several", "eject", "--socket", "s")
        self.refused(1, "no vcdr serve of yours", "eject", "iscsi://127.0.0.1:1/iqn.x:y/0")
        self.refused(1, "only a drive of a daemon", "eject", "embedded:a")
        self.refused(1, "No such file", "eject", "--socket", "nowhere")
        self.refused(2, "--socket is wanted", "eject")
        self.refused(2, "--drive wants --socket", "eject", "--drive", "1")
        self.refused(2, "one disc is wanted", "insert", self.urls[0])

    def test_two_at_once_on_one_drive(self):
        """One of two hands gets the disc out; the other finds none."""
        answers = []

        def eject():
            answers.append(self.run_vcdr("eject", self.urls[0]).returncode)

        threads = [threading.Thread(target=eject) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answers), [0, 1])


class Timing(Served):
    def options(self):
        return ["--timing", "none", "--timing", "real"]

    def test_each_drive_has_its_own(self):
        for url, sense in zip(self.urls, ["", "sense 02/04/01"]):
            self.done("eject", url)
            self.done("insert", url, "c")
            said = self.run_vcdr("send", url, "00 00 00 00 00 00").stdout  # TEST UNIT READY
            self.assertEqual("sense 02/04/01" in said, bool(sense), said)
            if not sense:
                self.done("eject", url)

    def test_another_word_is_usage(self):
        self.refused(2, "--timing wants none or real", "serve", "--timing", "slow")
        self.refused(2, "--timing stands once", "serve", "--disc", "c", "--timing", "real",
                     "--timing", "none")


unittest.main(verbosity=2)
