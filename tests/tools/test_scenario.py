# SPDX-License-Identifier: MIT
"""vcdr scenario: how scenarios fail, what they have not, and what is told of them."""
import json
import os
import re
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree as ElementTree
from program import VCDR, Case

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PREPARED = '''scenario "t"
local drive = blank_disc "80min"
local tao = drive:track_at_once { client_name = "First" }
expect(call(tao, "PrepareMedia")):is "S_OK"
'''


class Scenario(Case):
    def setUp(self):
        super().setUp()
        self.temporary = self.path("tmp")
        os.mkdir(self.temporary)
        self.environment = dict(os.environ, TMPDIR=self.temporary)

    def scenario(self, text, *options, name="s.lua"):
        self.write(name, text.encode() if isinstance(text, str) else text)
        return self.run_vcdr("scenario", *options, name, env=self.environment)

    def passes(self, text, *options):
        result = self.scenario(text, *options)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        self.assertEqual(os.listdir(self.temporary), [], "something is left")
        return result.stdout

    def fails(self, text, message, *options):
        """Fails with these lines and no others."""
        result = self.scenario(text, *options)
        self.assertEqual((result.returncode, result.stderr), (1, ""), result.stdout)
        lines = [line[6:] for line in result.stdout.split("\n") if line.startswith("      ")]
        lines = [line for line in lines if not line.startswith("kept: ")]
        self.assertEqual("\n".join(lines), message)
        return result.stdout


class Failures(Scenario):
    def test_an_hresult_that_is_another_is_told_with_the_call(self):
        self.fails(PREPARED + 'expect(put(tao, "ClientName", "B")):is "S_OK"\n',
                   's.lua:5: put(tao, "ClientName", "B"): expected S_OK, '
                   'got E_IMAPI_DF2TAO_MEDIA_IS_PREPARED')

    def test_a_value_that_is_another_is_told_with_its_line(self):
        self.fails(PREPARED + '  expect(drive:owner()):is ""   \n',
                   's.lua:5: expect(drive:owner()):is "": expected "", got "First"')

    def test_a_result_without_the_value_is_told(self):
        self.fails(PREPARED + 'expect(get(tao, "ClientName")):gives "Second"\n',
                   's.lua:5: get(tao, "ClientName"): expected "Second", got "First"')

    def test_gives_wants_s_ok(self):
        self.fails('scenario "t"\nlocal tao = object "MsftDiscFormat2TrackAtOnce"\n'
                   'expect(get(tao, "NumberOfExistingTracks")):gives(0)\n',
                   's.lua:3: get(tao, "NumberOfExistingTracks"): expected S_OK with 0, '
                   'got E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED')

    def test_a_sense_that_is_another_is_told(self):
        self.fails('scenario "t"\nlocal drive = blank_disc "80min"\n'
                   'expect(drive:send "28 00 00 00 00 00 00 00 01 00"):is "05/24/00"\n',
                   's.lua:3: expect(drive:send "28 00 00 00 00 00 00 00 01 00"):is "05/24/00": '
                   'expected 05/24/00, got 05/21/00')

    def test_data_that_are_others_are_told(self):
        self.fails('scenario "t"\nlocal drive = blank_disc "80min"\n'
                   'expect(drive:send("12 00 00 00 04 00", { room = 4 })):gives "05 80 .. 33"\n',
                   's.lua:3: expect(drive:send("12 00 00 00 04 00", { room = 4 })):gives '
                   '"05 80 .. 33": expected GOOD with 05 80 .. 33, got GOOD with 05 80 05 02')

    def test_lines_of_the_record_that_are_others_are_told(self):
        out = self.scenario(PREPARED + 'expect(drive:record "exclusive-lock"):'
                            'matches { { owner = "B" } }\n').stdout
        self.assertIn('expected {{owner="B"}}, got {{', out)
        self.assertIn('owner="First"', out)

    def test_what_is_in_a_function_is_told_with_who_called(self):
        self.fails('scenario "t"\nlocal function check(x)\n  expect(x):is(1)\nend\ncheck(1)\n'
                   'check(2)\n',
                   's.lua:3: expect(x):is(1): expected 1, got 2\n  called from s.lua:6')

    def test_an_error_of_lua_has_its_place(self):
        self.fails('scenario "t"\nexpect(1):is(1)\nlocal a = {}\na.b.c = 1\n',
                   "s.lua:4: attempt to index a nil value (field 'b')")

    def test_an_error_of_syntax_has_its_place(self):
        self.fails('scenario "t"\nlocal = 3\n', "s.lua:2: <name> expected near '='")

    def test_a_long_path_stands_whole(self):
        name = "a" * 100 + ".lua"
        result = self.scenario('scenario "t"\nerror("here")\n', name=name)
        self.assertIn(f"      {name}:2: here\n", result.stdout)

    def test_a_failure_that_nobody_looked_at_is_found(self):
        self.fails(PREPARED + 'call(tao, "PrepareMedia")\n',
                   's.lua:5: call(tao, "PrepareMedia"): expected success, as nothing looks at what '
                   'came, got E_IMAPI_DF2TAO_MEDIA_IS_PREPARED')

    def test_it_is_told_with_a_failure_that_follows(self):
        self.fails(PREPARED + 'put(tao, "ClientName", "B")\nexpect(drive:owner()):is "B"\n',
                   's.lua:6: expect(drive:owner()):is "B": expected "B", got "First"\n'
                   '  before that: s.lua:5: put(tao, "ClientName", "B"): expected success, as '
                   'nothing looks at what came, got E_IMAPI_DF2TAO_MEDIA_IS_PREPARED')

    def test_an_expectation_of_nothing_is_found(self):
        self.fails('scenario "t"\nexpect(1):is(1)\nexpect(2)\n',
                   "s.lua:3: expect(...) expects nothing: a word like :is has to follow")

    def test_a_scenario_that_expects_nothing_has_failed(self):
        self.fails('scenario "t"\n', "s.lua: nothing is expected")

    def test_a_scenario_without_a_title_has_failed(self):
        self.fails('expect(1):is(1)\n', 's.lua: there is no scenario "title"')

    def test_a_second_title_is_an_error(self):
        self.fails('scenario "a"\nscenario "b"\n',
                   's.lua:2: scenario: one title a file; this one has "a"')

    def test_a_call_that_was_started_has_to_be_finished(self):
        self.fails(PREPARED + 'start(call, tao, "AddAudioTrack", audio { hold_at = 0 })\n',
                   "s.lua: a started call was not finished")

    def test_a_handlers_failure_is_the_scenarios_at_its_own_line(self):
        self.fails(PREPARED + 'on_update(tao, function(progress)\n'
                   '  expect(get(progress, "CurrentTrackNumber")):gives(2)\nend)\n'
                   'expect(call(tao, "AddAudioTrack", audio {})):is "S_OK"\n',
                   's.lua:6: get(progress, "CurrentTrackNumber"): expected 2, got 1')

    def test_a_streams_failure_is_the_scenarios(self):
        self.fails(PREPARED + 'local music = audio { on_read = function(at) expect(at):is(-1) end }'
                   '\nexpect(call(tao, "AddAudioTrack", music)):is "S_OK"\n',
                   's.lua:5: local music = audio { on_read = function(at) expect(at):is(-1) end }: '
                   'expected -1, got 0')


class Unknown(Scenario):
    def test_unknown_names_are_errors_that_name_them(self):
        rows = {
            'burn_it(1)': 'unknown verb or variable "burn_it"',
            'x = 1': '"x" is a global: write local x',
            'audio { sector = 1 }': 'audio: unknown key "sector"',
            'audio { 1 }': 'audio: unknown key [1]',
            'blank_disc { size = 1 }': 'blank_disc: unknown key "size"',
            'blank_disc "81min"': 'blank_disc: "81min" is not "74min", "80min" or "90min"',
            'drive:burn()': 'drive has no "burn"',
            'drive:track_at_once { name = "x" }': 'track_at_once: unknown key "name"',
            'drive:initiator { nam = "x" }': 'initiator: unknown key "nam"',
            'drive:recorder { nam = "x" }': 'recorder: unknown key "nam"',
            'drive:send("00 00 00 00 00 00", { inn = 4 })': 'send: unknown key "inn"',
            'drive:send "00 00 00"': 'send: "00 00 00" is no CDB of 6, 10, 12 or 16 bytes in hex',
            'drive:record "exclusive-lok"': 'there is no event "exclusive-lok"',
            'call(tao, "PrepareMedium")': 'call: the object has no member "PrepareMedium"',
            'local x = put(tao, "ClientName", "x").hresult':
                'a result has no "hresult"; it has hr, ok, value, refused',
            'expect(put(tao, "ClientName", "x")):is "S_OKAY"': '"S_OKAY" is the name of no HRESULT',
            'expect(drive:send "00 00 00 00 00 00"):is "OKAY"': '"OKAY" is no status and no sense',
            'expect(1):equals(1)': 'expectation has no "equals"',
            'needs { "luck" }': 'needs: unknown need "luck"',
            'object "MsftDiscFormat3"': 'IMAPI2.MsftDiscFormat3 cannot be made: CO_E_CLASSSTRING',
            'audio { fail_with = "S_OK" }': 'audio: fail_with: S_OK is no HRESULT of a failure',
            'audio { sectors = 1, bytes = 2 }':
                'audio: one of sectors, frames, seconds and bytes, not two',
            'put(tao, "ClientName")':
                'put wants a value (null "string" and null "object" are values)',
            'in_thread(expect, tao, "PrepareMedia")':
                'one of call, put and get, and then what it wants',
            'tell "x"': 'tell is for the function of a process',
            'process(function() end)': 'process: a drive in this process is nobody else\'s '
                                       '(needs { "daemon" })',
            'cut(tao)': 'cut: there is no connection (needs { "daemon" })',
        }
        before = 'scenario "t"\nlocal drive = blank_disc "80min"\n' \
                 'local tao = drive:track_at_once { client_name = "A" }\nexpect(1):is(1)\n'
        for line, message in rows.items():
            with self.subTest(line):
                self.fails(before + line + "\n", f"s.lua:5: {message}")

    def test_there_is_no_way_out(self):
        for name in ["os", "io", "require", "load", "loadstring", "loadfile", "dofile", "debug",
                     "package", "pcall", "xpcall", "coroutine", "collectgarbage", "getmetatable",
                     "setmetatable", "rawget", "rawset", "rawequal", "rawlen", "print", "_G",
                     "_ENV.os", "warn"]:
            with self.subTest(name):
                word = name.split(".")[-1]
                self.fails(f'scenario "t"\nexpect(1):is(1)\nlocal x = {name}\n',
                           f's.lua:3: unknown verb or variable "{word}"')
        self.fails('scenario "t"\nlocal s = string.dump(scenario)\n',
                   "s.lua:2: attempt to call a nil value (field 'dump')")

    def test_a_compiled_file_is_refused(self):
        result = self.scenario(b"\x1bLua" + bytes(64))
        self.assertEqual(result.returncode, 1)
        self.assertIn("attempt to load a binary chunk", result.stdout)

    def test_memory_has_an_end(self):
        out = self.scenario('scenario "t"\nlocal t = {}\n'
                            'for i = 1, 1 << 20 do t[i] = ("x"):rep(1 << 20) .. i end\n').stdout
        self.assertIn("out of memory", out)


class Limits(Scenario):
    def test_an_endless_loop_is_ended_with_its_line(self):
        self.fails('scenario "t"\nexpect(1):is(1)\nwhile true do\nend\n',
                   "s.lua:3: the time limit of 1 s is over", "--time-limit", "1")

    def test_a_call_that_hangs_is_ended_and_named(self):
        self.fails('scenario "t"\nlocal music = audio { hold_at = 0 }\n\nmusic:await()\n',
                   "s.lua:4: stream:await(): expected it to return, got nothing within 1 s",
                   "--time-limit", "1")

    def test_an_api_call_that_hangs_is_named_with_its_arguments(self):
        result = self.scenario(PREPARED + 'local held = audio { hold_at = 0 }\n'
                               'local r = call(tao, "AddAudioTrack", held)\n', "--time-limit", "1")
        self.assertEqual(result.returncode, 1)
        self.assertIn('s.lua:6: call(tao, "AddAudioTrack", audio of 705600 bytes): expected it to '
                      "return, got nothing within 1 s", result.stdout)

    def test_a_crash_is_a_failure_that_names_the_signal(self):
        self.write("s.lua", b'scenario "t"\nlocal music = audio { hold_at = 0 }\nmusic:await()\n')
        with subprocess.Popen([VCDR, "scenario", "s.lua"], cwd=self.folder, env=self.environment,
                              stdout=subprocess.PIPE, text=True) as running:
            # SIGSEGV is a sanitizer's own
            os.kill(self.child_of(running.pid), signal.SIGTRAP)
            out = running.communicate(timeout=30)[0]
        self.assertEqual(running.returncode, 1)
        self.assertIn("expected it to return, got signal 5 (Trace/breakpoint trap)", out)

    def child_of(self, pid):
        """Once it waits: its state is then S and its title is known."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
                found = children.read().split()
            if found:
                with open(f"/proc/{found[0]}/stat", encoding="ascii") as stat:
                    if stat.read().rsplit(")", 1)[1].split()[0] == "S":
                        return int(found[0])
            time.sleep(0.001)
        self.fail("no scenario came to wait")
        return 0

    def test_an_interrupted_run_leaves_nothing(self):
        self.write("s.lua", b'scenario "t"\nlocal music = audio { hold_at = 0 }\nmusic:await()\n')
        with subprocess.Popen([VCDR, "scenario", "s.lua"], cwd=self.folder, env=self.environment,
                              stdout=subprocess.PIPE, text=True) as running:
            child = self.child_of(running.pid)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=30)
        self.assertEqual(running.returncode, 130)
        self.assertFalse(os.path.exists(f"/proc/{child}"))
        self.assertEqual(os.listdir(self.temporary), [])


class Kept(Scenario):
    FAILING = PREPARED + 'expect(1):is(2)\n'

    def test_a_failed_one_leaves_its_record_and_says_where(self):
        out = self.scenario(self.FAILING).stdout
        kept = re.search(r"kept: (.*)\n", out).group(1)
        self.assertEqual(os.listdir(kept), ["record"])
        with open(os.path.join(kept, "record"), encoding="utf-8") as record:
            events = [json.loads(line)["event"] for line in record]
        self.assertIn("exclusive-lock", events)

    def test_with_a_folder_for_it_the_disc_is_kept_too(self):
        for _ in range(2):
            out = self.scenario(self.FAILING, "--keep", "kept").stdout
            kept = self.path(re.search(r"kept: (.*)\n", out).group(1))
            self.assertEqual(sorted(os.listdir(kept)), ["disc", "record"])
            self.done("disc", "info", os.path.join(kept, "disc"))
            self.assertEqual(os.listdir(self.temporary), [])
        self.assertEqual(len(os.listdir(self.path("kept"))), 2)

    def test_one_that_passes_leaves_nothing(self):
        self.passes(PREPARED, "--keep", "kept")
        self.assertEqual(os.listdir(self.path("kept")), [])


class Skips(Scenario):
    def test_a_skip_has_its_reason_and_is_no_pass(self):
        result = self.scenario('scenario "t"\nneeds { "record", "daemon" }\nexpect(1):is(1)\n')
        self.assertEqual((result.returncode, result.stderr), (77, ""))
        self.assertEqual(result.stdout, "skip  t (needs daemon: the drive is not in a daemon "
                                        "(--drive daemon))\n0 passed, 0 failed, 1 skipped\n")

    def test_a_skip_beside_a_pass_is_status_0(self):
        self.write("a.lua", b'scenario "a"\nneeds { "daemon" }\n')
        self.write("b.lua", b'scenario "b"\nexpect(1):is(1)\n')
        self.assertIn("1 passed, 0 failed, 1 skipped", self.done("scenario", "a.lua", "b.lua"))


class Reports(Scenario):
    def setUp(self):
        super().setUp()
        os.makedirs(self.path("all/deep"))
        self.write("all/b.lua", b'scenario "second # of \\\\ all"\nnote "hello"\nexpect(1):is(1)\n')
        self.write("all/a.lua", b'scenario "first"\nexpect("a\\nb\\1<&\\xFF"):is ""\n')
        self.write("all/deep/c.lua", b'scenario "third"\nneeds { "daemon" }\n')
        self.write("all/no.txt", b"not one")

    def run_all(self, *options):
        return self.run_vcdr("scenario", *options, "all", env=self.environment)

    def test_a_folder_is_its_files_in_order(self):
        result = self.run_all("--jobs", "3")
        self.assertEqual(result.returncode, 1)
        self.assertLess(result.stdout.index("first"), result.stdout.index("second"))
        self.assertLess(result.stdout.index("second"), result.stdout.index("third"))
        self.assertIn("1 passed, 1 failed, 1 skipped", result.stdout)

    def test_tap_is_version_14(self):
        lines = self.run_all("--tap").stdout.split("\n")
        self.assertEqual(lines[:2], ["TAP version 14", "1..3"])
        points = [line for line in lines if re.match(r"(not )?ok ", line)]
        self.assertEqual(points, ["not ok 1 - first", r"ok 2 - second \# of \\ all",
                                  "ok 3 - third # SKIP needs daemon: the drive is not in a daemon "
                                  "(--drive daemon)"])
        self.assertIn("# hello", lines)
        # Each point is followed by a block of YAML, whose strings are as JSON has them but for \x.
        self.assertEqual(lines.count("  ---"), 3)
        self.assertEqual(lines.count("  ..."), 3)
        message = next(line for line in lines if line.startswith("  message: "))
        text = json.loads(message[len("  message: "):])
        self.assertEqual(text, 'all/a.lua:2: expect("a\\nb\\1<&\\xFF"):is "": expected "", '
                               'got "a\\x0Ab\\x01<&?"')

    def test_junit_is_xml_with_the_same(self):
        self.run_all("--junit", "out.xml")
        suite = ElementTree.parse(self.path("out.xml")).getroot().find("testsuite")
        self.assertEqual([suite.get(k) for k in ["tests", "failures", "errors", "skipped"]],
                         ["3", "1", "0", "1"])
        first, second, third = suite.findall("testcase")
        self.assertEqual(first.get("classname"), "all/a.lua")
        self.assertIn('got "a\\x0Ab\\x01<&?"', first.find("failure").get("message"))
        self.assertEqual(second.get("name"), "second # of \\ all")
        self.assertEqual(second.find("system-out").text, "hello\n")
        self.assertEqual(len(list(second)), 1)
        self.assertIn("needs daemon", third.find("skipped").get("message"))

    def test_many_at_a_time_do_not_meet(self):
        os.mkdir(self.path("many"))
        for i in range(40):
            self.write(f"many/{i:02}.lua", (PREPARED.replace('"t"', f'"number {i:02}"') + '''
expect(call(tao, "AddAudioTrack", audio { seed = %d })):is "S_OK"
expect(call(tao, "ReleaseMedia")):is "S_OK"
expect(drive:record "track-opened"):matches { { track = 1 } }
expect(drive:compare(1, audio { seed = %d })):is "same"
''' % (i, i)).encode())
        out = self.done("scenario", "--jobs", "8", "many", env=self.environment)
        self.assertEqual(re.findall(r"ok    number (\d\d)", out), [f"{i:02}" for i in range(40)])
        self.assertEqual(os.listdir(self.temporary), [])


class Usage(Scenario):
    def test_what_is_no_wish_is_refused(self):
        self.write("s.lua", b'scenario "t"\nexpect(1):is(1)\n')
        self.refused(2, "--jobs", "scenario", "--jobs", "0", "s.lua")
        self.refused(2, "--time-limit", "scenario", "--time-limit", "x", "s.lua")
        self.refused(2, "--drive", "scenario", "--drive", "shiny", "s.lua")
        self.refused(2, "no such option", "scenario", "--fast", "s.lua")
        self.refused(1, "none.lua", "scenario", "none.lua")
        os.mkdir(self.path("empty"))
        self.refused(1, "there is no scenario below it", "scenario", "empty")
        result = self.run_vcdr("scenario", "--junit", "no/where.xml", "s.lua")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no/where.xml", result.stderr)


class Page(Scenario):
    """docs/scenarios.md and the program say the same."""

    def setUp(self):
        super().setUp()
        with open(os.path.join(ROOT, "docs/scenarios.md"), encoding="utf-8") as file:
            self.page = file.read()

    def test_the_table_of_verbs_is_the_programs(self):
        table = re.findall(r"(?m)^\| `([^`]+)` \| (.*?) \| .*\|$",
                           self.page[self.page.index("## The verbs"):])
        verbs = [tuple(re.split(r"  +", line, maxsplit=1))
                 for line in self.done("scenario", "--verbs").splitlines()]
        self.assertEqual(table, verbs)
        self.assertGreater(len(verbs), 50)

    def test_its_scenario_passes_on_both_kinds_of_drive(self):
        first = re.search(r"```lua\n(scenario .*?)```", self.page, re.S).group(1)
        self.passes(first)
        self.passes(first, "--drive", "daemon")

    def test_its_snippets_pass(self):
        snippets = re.findall(r"```lua\n(.*?)```", self.page[self.page.index("## How to"):], re.S)
        self.assertEqual(len(snippets), 4)
        held, prepared, dies, memory = (
            '\nexpect(call(tao, "AddAudioTrack", audio {})):is "S_OK"\n', PREPARED,
            'scenario "t"\nlocal drive = blank_disc "80min"\n',
            'scenario "t"\nlocal tao = object "MsftDiscFormat2TrackAtOnce"\n'
            'expect(put(tao, "ClientName", "First")):is "S_OK"\n')
        self.passes(prepared + snippets[0] + held)
        self.passes(prepared + snippets[1])
        self.passes(dies + snippets[2], "--drive", "daemon")
        self.passes(memory + snippets[3])


class Drives(Scenario):
    def test_the_examples_pass_on_both_kinds_of_drive(self):
        examples = os.path.join(ROOT, "scenarios/examples")
        self.assertIn(" 0 failed, 1 skipped", self.done("scenario", examples))
        self.assertIn(" 0 failed, 0 skipped", self.done("scenario", "--drive", "daemon", examples))

    def test_a_drive_that_is_given_is_used_once_blank(self):
        self.done("disc", "new", self.path("disc"))
        self.write("s.lua", (PREPARED + 'expect(call(tao, "AddAudioTrack", audio {})):is "S_OK"\n'
                             'expect(call(tao, "ReleaseMedia")):is "S_OK"\n').encode())
        result = self.run_vcdr("serve", "--disc", "disc", "--", "sh", "-c",
                               '"$1" scenario --drive "$VCDR_URL" s.lua s.lua', "sh", VCDR)
        self.assertIn("ok    t\nskip  t (the disc in iscsi://", result.stdout)
        self.assertIn("disc in embedded:disc is not blank",
                      self.run_vcdr("scenario", "--drive", "embedded:disc", "s.lua").stdout)

    def test_the_record_of_a_given_drive_cannot_be_had(self):
        self.done("disc", "new", self.path("disc"))
        self.write("s.lua", b'scenario "t"\nneeds { "record" }\n')
        result = self.run_vcdr("serve", "--disc", "disc", "--", "sh", "-c",
                               '"$1" scenario --drive "$VCDR_URL" s.lua', "sh", VCDR)
        self.assertEqual(result.returncode, 77)
        self.assertIn("the record of a drive that is given cannot be read", result.stdout)

    def test_a_processs_failure_is_the_scenarios(self):
        self.fails('scenario "t"\nlocal drive = blank_disc "80min"\n'
                   'local p = process(function()\n  expect(drive:owner()):is "x"\nend)\n'
                   'p:finish()\n',
                   's.lua:4: expect(drive:owner()):is "x": expected "x", got ""\n'
                   '  called from s.lua:3\n  in a process of its own',
                   "--drive", "daemon")

    def test_a_failure_that_nobody_looked_at_in_a_process_is_found(self):
        self.fails('scenario "t"\nlocal drive = blank_disc "80min"\n'
                   'local p = process(function()\n'
                   '  call(object "MsftDiscFormat2TrackAtOnce", "PrepareMedia")\nend)\np:finish()\n',
                   's.lua:4: call(object, "PrepareMedia"): expected success, as nothing looks at '
                   'what came, got E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED\n'
                   '  in a process of its own', "--drive", "daemon")

    def test_looking_at_a_drive_that_is_held_leaves_no_denial_in_its_record(self):
        for drive in ["embedded", "daemon"]:
            self.passes(PREPARED + 'expect(drive:owner()):is "First"\n'
                        'expect(drive:write_state()):is "idle"\n'
                        'expect(drive:record "exclusive-denied"):matches {}\n', "--drive", drive)

    def test_a_process_that_is_left_alone_is_a_failure(self):
        self.fails('scenario "t"\nlocal drive = blank_disc "80min"\nexpect(1):is(1)\n'
                   'local p = process(function() stay() end)\n',
                   "s.lua: a process was neither finished nor killed", "--drive", "daemon")

    def test_a_process_is_cut_off_and_lives_on(self):
        self.passes('scenario "t"\nlocal drive = blank_disc "80min"\n'
                    'local p = process(function()\n'
                    '  local tao = drive:track_at_once { client_name = "Cut" }\n'
                    '  expect(call(tao, "PrepareMedia")):is "S_OK"\n'
                    '  tell "prepared"\n  hear()\n'
                    '  expect(call(tao, "ReleaseMedia")):fails()\nend)\n'
                    'expect(p:hear()):is "prepared"\ncut(p)\n'
                    'drive:await { event = "exclusive-lost", owner = "Cut" }\n'
                    'p:tell "go on"\np:finish()\n', "--drive", "daemon")

    def test_a_daemon_is_killed_and_another_takes_its_disc(self):
        self.passes(PREPARED + 'expect(call(tao, "AddAudioTrack", audio {})):is "S_OK"\n'
                    'kill(drive)\nexpect(call(tao, "ReleaseMedia")):fails()\n'
                    'expect(#drive:record "power-on"):is(1)\ndrive:start()\n'
                    'expect(drive:disc().status):is "appendable"\n'
                    'expect(drive:compare(1, audio {})):is "same"\n'
                    'expect(#drive:record "power-on"):is(2)\n', "--drive", "daemon")

    def test_a_daemon_that_dies_by_itself_is_a_failure(self):
        self.write("s.lua", b'scenario "t"\nlocal drive = blank_disc "80min"\nlocal answer\n'
                            b'repeat answer = drive:send "00 00 00 00 00 00"\n'
                            b'until answer.status ~= "GOOD"\nexpect(answer):is "LOST"\n')
        with subprocess.Popen([VCDR, "scenario", "--drive", "daemon", "s.lua"], text=True,
                              cwd=self.folder, env=self.environment,
                              stdout=subprocess.PIPE) as running:
            os.kill(self.daemon_once_used(), signal.SIGKILL)
            out = running.communicate(timeout=60)[0]
        self.assertEqual(running.returncode, 1)
        self.assertIn("tgtd: killed by signal 9", out)

    def daemon_once_used(self):
        """The pid of our tgtd, after its drive has been sent something."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for folder, _, names in os.walk(self.temporary):
                if "record" not in names:
                    continue
                with open(os.path.join(folder, "record"), encoding="utf-8") as record:
                    if "nexus-open" not in record.read():
                        continue
                for pid in self.running(self.temporary.encode()):
                    with open(f"/proc/{pid}/comm", encoding="ascii") as comm:
                        if comm.read() == "tgtd\n":
                            return pid
            time.sleep(0.005)
        self.fail("no daemon was used")
        return 0

    def test_words_go_both_ways(self):
        self.passes('scenario "t"\nlocal drive = blank_disc "80min"\n'
                    'local p = process(function() tell(hear() .. " back") end)\n'
                    'p:tell "there"\nexpect(p:hear()):is "there back"\np:finish()\n',
                    "--drive", "daemon")

    def test_a_hanging_scenario_takes_its_daemon_with_it(self):
        self.scenario('scenario "t"\nlocal drive = blank_disc "80min"\nnote(drive:url())\n'
                      'drive:await "power-off"\n', "--drive", "daemon", "--time-limit", "1")
        deadline = time.monotonic() + 20
        needle = self.temporary.encode()
        while time.monotonic() < deadline and self.running(needle):
            time.sleep(0.01)
        self.assertEqual(self.running(needle), [])

    @staticmethod
    def running(needle):
        """Processes whose environment speaks of our folder."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as environ:
                    if int(pid) != os.getpid() and needle in environ.read():
                        found.append(int(pid))
            except OSError:
                continue
        return found


class Values(Scenario):
    def test_text_passes_both_ways_whatever_it_is(self):
        self.passes('scenario "t"\nlocal tao = object "MsftDiscFormat2TrackAtOnce"\n'
                    'for _, bad in ipairs { "a\\0b", "\\u{D800}", "\\u{FF21}", "\\u{1F4BF}" } do\n'
                    '  expect(put(tao, "ClientName", bad)):'
                    'is "E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID"\nend\n'
                    'expect(put(tao, "ClientName", "A b")):is "S_OK"\n'
                    'expect(get(tao, "ClientName")):gives "A b"\n')

    def test_types_are_the_variants(self):
        self.passes(PREPARED + 'expect(get(tao, "NumberOfExistingTracks")):gives(0)\n'
                    'expect(get(tao, "BufferUnderrunFreeDisabled")):gives(false)\n'
                    'expect(put(tao, "BufferUnderrunFreeDisabled", variant("I2", 1))):is "S_OK"\n'
                    'expect(get(tao, "BufferUnderrunFreeDisabled")):gives(true)\n'
                    'expect(type(get(tao, "SupportedWriteSpeeds").value)):is "table"\n'
                    'expect(get(get(tao, "Recorder").value, "VendorId")):succeeds()\n'
                    'expect(put(tao, "BufferUnderrunFreeDisabled", "perhaps")):is "DISP_E_TYPEMISMATCH"\n')

    def test_a_method_is_no_property(self):
        self.passes('scenario "t"\nlocal tao = object "MsftDiscFormat2TrackAtOnce"\n'
                    'expect(get(tao, "PrepareMedia")):is "DISP_E_MEMBERNOTFOUND"\n'
                    'expect(call(tao, "ClientName")):is "DISP_E_MEMBERNOTFOUND"\n'
                    'expect(put(tao, "NumberOfExistingTracks", 1)):is "DISP_E_MEMBERNOTFOUND"\n')

    def test_a_success_code_is_no_s_ok(self):
        text = ('local drive = blank_disc "80min"\n'
                'local tao = drive:track_at_once { client_name = "A" }\n'
                'local r = call(tao, "SetWriteSpeed", 1, false)\n')
        self.passes('scenario "t"\n' + text + 'expect(r):is "S_IMAPI_SPEEDADJUSTED"\n'
                    'expect(r):succeeds()\nexpect(r.ok):is(true)\n')
        self.fails('scenario "t"\n' + text + 'expect(r):is "S_OK"\n',
                   's.lua:5: call(tao, "SetWriteSpeed", 1, false): expected S_OK, '
                   'got S_IMAPI_SPEEDADJUSTED')

    def test_the_last_release_is_the_last(self):
        self.passes(PREPARED + 'expect(release(tao)):is(0)\nexpect(drive:owner()):is ""\n')

    def test_a_released_object_is_of_no_use(self):
        self.fails(PREPARED + 'release(tao)\nlocal r = call(tao, "ReleaseMedia")\n',
                   "s.lua:6: this object has been released")

    def test_a_stream_fails_where_it_is_told_to(self):
        self.passes(PREPARED + 'local bad = audio { sectors = 400, fail_after = 100 * 2352, '
                    'fail_with = "STG_E_READFAULT" }\n'
                    'expect(call(tao, "AddAudioTrack", bad)):is "STG_E_READFAULT"\n'
                    'local short = audio { sectors = 400, ends_after = 8 }\n'
                    'expect(call(tao, "AddAudioTrack", short)):is "0x80070026"\n')

    def test_events_of_another_thread_come_when_it_is_finished(self):
        self.passes(PREPARED + 'local seen = 0\n'
                    'on_update(tao, function() seen = seen + 1 end)\n'
                    'local burning = start(call, tao, "AddAudioTrack", audio {})\n'
                    'expect(finish(burning)):is "S_OK"\nexpect(seen):at_least(3)\n')


unittest.main(verbosity=2)
