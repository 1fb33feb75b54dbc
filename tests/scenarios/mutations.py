#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks the API and the drive on purpose, place by place, and demands that a scenario sees it.

The sources are copied; `vcdr` is built from the copy for each mutation, and the scenarios are run
on an embedded drive. Prints a table of mutation and scenarios; status 1 if one was not caught.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

MOST_NAMED = 3
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# name, what a user would meet, then (file, text that stands there once, text instead)...
MUTATIONS = [
    ("name-while-prepared", "put_ClientName lets the name be changed while prepared",
     ("api/imapi/tao.c",
      "[TAO_PUT_CLIENT_NAME] =            {OK, OK, P,   P,  W,  P}",
      "[TAO_PUT_CLIENT_NAME] =            {OK, OK, P,   OK, W,  P}")),
    ("name-while-writing", "put_ClientName lets the name be changed while a track is written",
     ("api/imapi/tao.c",
      "[TAO_PUT_CLIENT_NAME] =            {OK, OK, P,   P,  W,  P}",
      "[TAO_PUT_CLIENT_NAME] =            {OK, OK, P,   P,  OK, P}")),
    ("name-truncated", "a client name of 64 characters is cut to 63 instead of refused",
     ("api/imapi/client_name.c", "units > CLIENT_NAME_MAX)", "units > CLIENT_NAME_MAX + 1)"),
     ("api/imapi/tao_format.c", "SysAllocStringLen(value, SysStringLen(value))",
      "SysAllocStringLen(value, SysStringLen(value) > 63 ? 63 : SysStringLen(value))")),
    ("name-narrowed-first", "a character is looked at after its high byte is lost",
     ("api/imapi/client_name.c", "unit_valid(name[i])", "unit_valid(name[i] & 0xFF)")),
    ("no-unlock", "ReleaseMedia does not unlock the drive",
     ("api/imapi/tao_session.c", "unlocked = drive_lock_release(drive);", "unlocked = S_OK;")),
    ("lock-left-behind", "a PrepareMedia that is refused keeps the lock",
     ("api/imapi/tao_session.c",
      "    if (FAILED(hr)) {\n        (void)drive_lock_release(drive);\n        return hr;",
      "    if (FAILED(hr)) {\n        return hr;")),
    ("padding-off-by-one", "the last sector of a track is dropped when it is not full",
     ("api/imapi/tao_write.c", "+ (bytes % CD_RAW_BLOCK_BYTES != 0)", "+ 0")),
    ("exact-fit-refused", "a track that just fits is refused",
     ("api/imapi/tao_write.c", "blocks > (uint64_t)session->space.free",
      "blocks >= (uint64_t)session->space.free")),
    ("sectors-not-frozen", "the sectors change while the handlers of their track still run",
     ("api/imapi/tao_write.c",
      "    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_FINISHING);\n    hr = flush(writing);\n",
      "    hr = flush(writing);\n    (void)tao_refresh_space(writing->tao);\n"
      "    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_FINISHING);\n")),
    ("event-order", "writing is announced before preparing",
     ("api/imapi/tao_write.c",
      "enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_PREPARING);",
      "enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_WRITING);"),
     ("api/imapi/tao_write.c",
      "    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_WRITING);\n    hr = write_blocks",
      "    enter(writing, IMAPI_FORMAT2_TAO_WRITE_ACTION_PREPARING);\n    hr = write_blocks")),
    ("cancel-ignored", "CancelAddTrack is answered S_OK and forgotten",
     ("api/imapi/tao_write.c", "    cancel = writing->tao->cancel;", "    cancel = false;")),
    ("finalized-anyway", "DoNotFinalizeMedia is not heeded",
     ("api/imapi/tao_parameters.c", "finalize ? MULTISESSION_NONE : MULTISESSION_ALLOWED",
      "finalize ? MULTISESSION_NONE : MULTISESSION_NONE")),
    ("lock-flag", "force is sent when it was not asked for, and not sent when it was",
     ("api/imapi/exclusive.c", "force ? EXCLUSIVE_FLAG_IGNORE_VOLUME : 0",
      "force ? 0 : EXCLUSIVE_FLAG_IGNORE_VOLUME")),
    ("nearest-speed", "the farthest speed is taken for the nearest",
     ("api/imapi/speeds.c", "} else if (far < best_far ||", "} else if (far > best_far ||")),
    ("embedded-nul", "a name ends at a NUL within it, whatever follows",
     ("api/imapi/client_name.c", "        if (!unit_valid(name[i])) {",
      "        if (i > 0 && name[i] == 0) {\n            return true;\n        }\n"
      "        if (!unit_valid(name[i])) {")),
    ("name-before-state", "put_ClientName judges the name before the state",
     ("api/imapi/tao_format.c",
      "    HRESULT hr = tao_check(tao, TAO_PUT_CLIENT_NAME);\n\n    if (FAILED(hr)) {",
      "    HRESULT hr = client_name_valid(value) ? tao_check(tao, TAO_PUT_CLIENT_NAME)\n"
      "                     : E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID;\n\n    if (FAILED(hr)) {")),
    ("want-of-memory", "put_ClientName without memory says S_OK",
     ("api/imapi/tao_format.c", "    if (name == NULL) {\n        return E_OUTOFMEMORY;",
      "    if (name == NULL) {\n        return S_OK;")),
    ("no-nesting", "each ReleaseExclusiveAccess unlocks, however often it was acquired",
     ("api/imapi/exclusive.c", "    } else if (--exclusive->count == 0) {",
      "    } else if (--exclusive->count < 1000) {")),
    ("write-after-loss", "a track goes on though its lock was lost",
     ("api/imapi/tao_write.c",
      "return is_cancelled(ctx) || !drive_lock_held(writing->drive);",
      "return is_cancelled(writing);")),
    ("name-left-over", "what a longer name left stands behind a shorter one",
     ("emulator/core/exclusive.c",
      "    memset(x->name, 0, sizeof(x->name));\n    memcpy(x->name, name, strlen(name));",
      "    memcpy(x->name, name, strlen(name));"),
     ("emulator/core/exclusive.c",
      "    x->page_owner = NULL;\n    memset(x->name, 0, sizeof(x->name));",
      "    x->page_owner = NULL;")),
    ("name-cut-by-drive", "the drive keeps 62 characters of a name",
     ("emulator/core/exclusive.c", "memcpy(x->name, name, strlen(name));",
      "memcpy(x->name, name, strlen(name) > 62 ? 62 : strlen(name));")),
    ("wanted-unsaid", "the record does not say under which name the drive was asked for",
     ("emulator/core/exclusive.c", "request != NULL ? name_in(request) : NULL", "NULL")),
    ("refused-uncounted", "the log page counts no refused locks",
     ("emulator/core/exclusive.c", "c->drive->exclusive.refused++", "(void)0")),
    ("owner-after-loss", "the drive keeps the owner of a nexus that was lost",
     ("emulator/core/exclusive.c",
      "    if (holder(&drive->exclusive) == nexus)\n        lose(drive, \"nexus-lost\");",
      "    (void)drive, (void)nexus;")),
    ("owner-after-reset", "the drive keeps its owner over a LOGICAL UNIT RESET",
     ("emulator/core/exclusive.c", "    lose(drive, \"reset\");", "    (void)drive;")),
    ("stranger-served", "a stranger's TEST UNIT READY is served while the drive is held",
     ("emulator/core/table.c",
      "test_unit_ready, 6, DIRECTION_NONE, ROW_NEEDS_MEDIUM,",
      "test_unit_ready, 6, DIRECTION_NONE, ROW_NEEDS_MEDIUM | ROW_DURING_EXCLUSIVE,")),
    ("nobody-told", "other initiators are not told that the disc was written",
     ("emulator/core/exclusive.c", "if (tell && x->medium_changed) {",
      "if (tell && x->medium_changed && !tell) {")),
    ("next-address", "the next track begins 151 blocks behind the last one",
     ("emulator/disc/disc_private.h", "TRACK_GAP_BLOCKS = RUN_OUT_BLOCKS + CD_PREGAP_BLOCKS,",
      "TRACK_GAP_BLOCKS = RUN_OUT_BLOCKS + CD_PREGAP_BLOCKS - 1,")),
    ("disc-status-bits", "READ DISC INFORMATION calls a finalized disc appendable",
     ("emulator/core/information.c", "    case VCDR_DISC_COMPLETE:\n        return 2;",
      "    case VCDR_DISC_COMPLETE:\n        return 1;")),
]


def run(command):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def must(command, what):
    result = run(command)
    if result.returncode != 0:
        sys.exit(f"{what}:\n{result.stdout[-3000:]}")
    return result.stdout


def copy_sources(to):
    """All that belongs to the project, as it stands now."""
    listed = must(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"], "git ls-files")
    for path in listed.splitlines():
        source, target = os.path.join(ROOT, path), os.path.join(to, path)
        if os.path.isfile(source):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(source, target)


def titles(folder):
    """The file of each scenario, without its suffix, by its title."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(path, name), encoding="utf-8") as file:
                title = re.search(r'^scenario "(.*)"$', file.read(), re.MULTILINE)
            if name.endswith(".lua") and title:
                file = os.path.relpath(os.path.join(path, name), folder)
                found[title.group(1)] = file[:-len(".lua")]
    return found


class Copy:
    def __init__(self, folder, arguments):
        self.source = os.path.join(folder, "source")
        self.build = os.path.join(folder, "build")
        self.arguments = arguments
        copy_sources(self.source)
        self.files = titles(self.path("scenarios"))
        must(["cmake", "-S", self.source, "-B", self.build, "-G", "Ninja", "-DVCDR_TESTS=OFF",
              "-DCMAKE_BUILD_TYPE=Debug"], "cmake")

    def path(self, name):
        return os.path.join(self.source, name)

    def compile(self):
        return run(["cmake", "--build", self.build, "--target", "vcdr", "-j",
                    str(self.arguments.jobs)])

    def failing(self):
        """The scenarios that do not pass, and how many do."""
        result = run([os.path.join(self.build, "tools", "vcdr"), "scenario", "--tap", "--jobs",
                      str(self.arguments.jobs), "--time-limit", "20", self.path("scenarios")])
        lines = result.stdout.splitlines()
        failed = [re.sub(r"^not ok \d+ - ", "", line) for line in lines
                  if line.startswith("not ok ")]
        failed = [self.files.get(title, title) for title in failed]
        passed = sum(line.startswith("ok ") and "# SKIP" not in line for line in lines)
        if result.returncode not in (0, 1) or not passed + len(failed):
            sys.exit(f"vcdr scenario:\n{result.stdout[-3000:]}")
        return failed, passed


def edit(copy, mutation):
    """Makes the mutation; returns what stood there before."""
    before = {}
    for name, old, new in mutation[2:]:
        with open(copy.path(name), encoding="utf-8") as file:
            text = file.read()
        before.setdefault(name, text)
        if text.count(old) != 1:
            sys.exit(f"{mutation[0]}: {name} has {text.count(old)} times: {old}")
        with open(copy.path(name), "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))
    return before


def try_one(copy, mutation):
    before = edit(copy, mutation)
    try:
        built = copy.compile()
        if built.returncode != 0:
            sys.exit(f"{mutation[0]} does not build:\n{built.stdout[-3000:]}")
        return copy.failing()[0]
    finally:
        for name, text in before.items():
            with open(copy.path(name), "w", encoding="utf-8") as file:
                file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("name", nargs="*", help="only these mutations")
    arguments = parser.parse_args()
    known = {mutation[0] for mutation in MUTATIONS}
    for name in arguments.name:
        if name not in known:
            parser.error(f"no mutation {name}; there are: {' '.join(sorted(known))}")
    chosen = [m for m in MUTATIONS if not arguments.name or m[0] in arguments.name]

    survivors = []
    with tempfile.TemporaryDirectory(prefix="vcdr-mutations-") as folder:
        copy = Copy(folder, arguments)
        built = copy.compile()
        if built.returncode != 0:
            sys.exit(f"the sources do not build:\n{built.stdout[-3000:]}")
        failed, passed = copy.failing()
        if failed:
            sys.exit("without any mutation there fails already: " + "; ".join(failed))
        print(f"{passed} scenarios pass on the sources as they stand.\n")
        print("| mutation | what is broken | caught by |\n|---|---|---|")
        for mutation in chosen:
            caught = try_one(copy, mutation)
            if not caught:
                survivors.append(mutation[0])
            more = f" and {len(caught) - MOST_NAMED} more" if len(caught) > MOST_NAMED else ""
            print(f"| {mutation[0]} | {mutation[1]} | "
                  f"{', '.join(caught[:MOST_NAMED]) + more if caught else '**nothing**'} |",
                  flush=True)
    print(f"\n{len(chosen) - len(survivors)} of {len(chosen)} mutations were caught.")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
