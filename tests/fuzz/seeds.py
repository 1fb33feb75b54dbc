#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the seeds of the fuzz targets: seeds.py FOLDER makes FOLDER/TARGET/NAME for each.

The inputs of drive, disc and fault are operations as workbench.c and fuzz_disc.c decode them, written
here by name; those of regressions/ stand there in hex, each beside what it once did.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def be32(value):
    return (value & 0xFFFFFFFF).to_bytes(4, "big")


# ---- drive and fault: one operation a function, in the order of `steps` in workbench.c

def any_command(slot, cdb, in_size=0xFC, out=b""):
    return bytes([0, slot]) + bytes.fromhex(cdb).ljust(12, b"\0") + bytes([in_size, len(out)]) + out


def known(opcode, slot=0, kept=0, values=b"", in_size=10):
    return bytes([1, opcode, slot]) + kept.to_bytes(2, "big") + values + bytes([in_size, 0])


def write(blocks, kind=0, slot=0, data=b"", track=0xFF):
    return bytes([2, slot, kind, blocks, track]) + data.ljust(32, b"\x11")


def page_05(track_mode, block_type, slot=0, patches=()):
    flat = bytes(b for patch in patches for b in patch)
    return bytes([3, slot, len(patches) % 4, track_mode, block_type]) + flat


def page_39(request, name="", flags=0, slot=0):
    return bytes([4, slot, request, flags]) + name.encode() + b"\0"


def end(what, slot=0):
    return bytes([5, slot, "sync track session eject load prevent allow reserve release "
                  "reserve-track ready".split().index(what)])


def nexus_open(slot, initiator, alias=""):
    return bytes([6, slot]) + initiator.encode() + b"\0" + alias.encode() + b"\0"


def nexus_close(slot):
    return bytes([7, slot])


def reset(slot):
    return bytes([8, slot])


def time(us):
    return bytes([9]) + be32(us)


def power(cut=False, kept=0, torn=0, disc=None, medium=True):
    how = (1 if cut else 0) | (2 if disc is not None else 0) | (0 if medium else 4)
    return (bytes([10, how]) + (bytes([kept, torn]) if cut else b"")
            + (bytes([disc]) if disc is not None else b""))


def store_fails(n):
    return bytes([11, n])


def fault(text):
    return bytes([12]) + text.encode() + b"\0"


def announce(*tracks, what=0, slot=0, patches=()):
    """Each track: the number of its form, seconds of gap (not of the first), blocks above 300."""
    first, rest = tracks[0], tracks[1:]
    return (bytes([13, slot, len(tracks) - 1, len(patches), what, first[0], first[2]])
            + b"".join(bytes(track) for track in rest)
            + b"".join(bytes(patch) for patch in patches))


def at_once(times, blocks=75, slot=0):
    return bytes([14, slot, blocks - 1, *([0] * 32)]) * times


def write_type(how, block_type, slot=0):
    return bytes([15, slot, how, block_type])


def blank(kind, address=0, slot=0):
    return bytes([16, slot, kind, 0xFF]) + be32(address) + b"\0"


def persistent(action, kind, key, service_key, slot=0):
    return bytes([17, slot, key | service_key << 2, action, kind])


def hand(what):
    return bytes([18, "insert remove button snapshot restore reset".split().index(what)])


AUDIO = page_05(0x00, 0)
AUDIO_MULTI = page_05(0x20, 0)  # a next session is allowed
DATA = page_05(0x04, 8)
READY = end("ready") + end("ready")

def asks(cdbs):
    return b"".join(any_command(0, cdb) for cdb in cdbs)


TOCS = asks(f"43 {msf:02X} {form:02X} 00 00 00 {number:02X} 08 00"
            for form in range(6) for msf in (0, 2) for number in (1, 2))
SPEEDS = (asks("AC 10 00 00 00 00 00 00 00 08 %02X" % kind for kind in (0, 1, 2, 3, 4, 5))
          + asks(("AC 14 00 00 00 00 00 00 00 08 00", "AC 12 00 00 00 00 00 00 00 08 00"))
          + any_command(0, "BB 00 1B 90 1B 90")
          + any_command(0, "B6 00 00 00 00 00 00 00 00 00 1C", 0,
                        bytes.fromhex("00 00 00 00 00 00 00 00 00 05 7D BF 00 00 1B 90 00 00 03 E8"
                                      " 00 00 1B 90 00 00 03 E8")))

DRIVE = {
    "asks-tracks": bytes([1]) + READY + page_05(0x20, 0, patches=[(8 + 16, 0x80), (8 + 17, 0x31)])
                   + write(2) + end("session") + DATA + write(1, 1) + end("session") + TOCS + asks(
                       f"52 {kind:02X} 00 00 00 {number:02X} 00 00 FC"
                       for kind in (0, 1, 2) for number in (0, 1, 2, 3, 0xFF)),
    "asks-open": bytes([1]) + READY + AUDIO_MULTI + write(2) + TOCS[:200],
    "asks-blank": bytes([1]) + READY + TOCS + SPEEDS,
    "speeds": bytes([0x81]) + READY + SPEEDS,
    "codes": bytes([1]) + READY + page_05(0, 0, patches=[(8 + 16, 0x80)] + [(24 + n, 0x31)
             for n in range(1, 3)]) + write(1) + end("sync"),
    "audio": bytes([1]) + READY + AUDIO + write(20) + write(24) + end("sync") + end("session")
             + known(0x43, kept=0x82, values=b"\0\xFC") + known(0xBE, kept=0x301, in_size=9,
                                                                values=b"\x02\xF8\0\0"),
    "sessions": bytes([1]) + READY + AUDIO_MULTI + write(3) + end("session") + AUDIO_MULTI + write(2)
                + end("track") + end("session") + DATA + write(2, 1) + end("session") + power(),
    "data": bytes([1]) + READY + DATA + write(5, 1) + end("sync") + known(0x28, kept=0x101,
                                                                     values=b"\4\0\0", in_size=10),
    "xa": bytes([1]) + READY + page_05(0x04, 13, patches=[(16, 0x20)]) + write(4, 3) + end("session"),
    "locked": bytes([1]) + READY + nexus_open(1, "iqn.b", "other") + page_39(1, "First Burner 1.0")
              + end("ready", 1) + page_39(1, "Second", slot=1) + AUDIO + write(8) + end("sync")
              + page_39(2) + end("ready", 1) + known(0x4D, 1, 0x104, b"\x79\xFF", 6),
    "owner-lost": bytes([1]) + READY + page_39(1, "A") + write(2) + nexus_close(0) + end("ready", 1)
                  + page_39(1, "B", 0, 1) + reset(2) + end("ready", 1),
    "reserved": bytes([1]) + READY + end("reserve") + end("ready", 1) + end("release", 1)
                + end("release") + end("reserve-track") + end("reserve-track") + AUDIO
                + write(10, track=0) + end("sync") + end("session"),
    "tray": bytes([1]) + READY + end("prevent") + end("eject", 1) + end("allow") + end("eject")
            + known(0x4A, 0, 0x100, b"\x08", 4) + end("load") + known(0x4A, 1, 0x110, b"\x10\x08", 4),
    "short-disc": bytes([3]) + READY + AUDIO + write(24) + end("sync") + write(24) + end("session"),
    "cut": bytes([1]) + READY + AUDIO + write(8) + power(True, 0x55, 0x10) + READY + AUDIO + write(4)
           + end("session"),
    "store": bytes([1]) + READY + AUDIO + write(8) + store_fails(3) + end("sync") + end("session")
             + power(),
    "rewritable": bytes([0x80]) + READY + AUDIO + write(2) + power(disc=4) + READY + time(1000000),
    "at-once": bytes([1]) + READY + announce((0, 0, 0), (1, 1, 5)) + at_once(12) + end("sync")
               + known(0xBE, kept=0x701, in_size=9, values=b"\x02\xFA\x02\0\0"),
    "at-once-cut": bytes([3]) + READY + announce((1, 0, 0), what=1) + at_once(3) + power(True, 9, 9)
                   + READY + AUDIO + write(1),
    "rehearsed": bytes([1]) + READY + announce((0, 0, 0), what=0x10) + at_once(7) + end("sync")
                 + write_type(0x11, 0) + write(4) + write_type(1, 0) + power(),
    "raw": bytes([1]) + READY + write_type(3, 3) + at_once(20) + end("sync"),
    "packets": bytes([0x81]) + READY + write_type(0, 8) + write(8, 1) + write(3, 1) + end("sync")
               + end("track") + end("session"),
    "blank": bytes([0x80]) + READY + AUDIO_MULTI + write(2) + end("session") + DATA + write(1, 1)
             + blank(4) + blank(6) + blank(5) + blank(1) + blank(0x10),
    "persistent": bytes([1]) + READY + nexus_open(1, "iqn.b", "#1") + end("ready", 1)
                  + persistent(0, 0, 0, 1) + persistent(6, 0, 0, 2, 1) + persistent(1, 6, 1, 0)
                  + end("ready", 2) + persistent(4, 1, 2, 1, 1) + nexus_close(1)
                  + nexus_open(1, "iqn.b", "#1") + end("ready", 1) + persistent(2, 1, 2, 0, 1)
                  + persistent(3, 0, 2, 0, 1) + known(0x5E, 0, 0x102, b"\3\xFC", 10),
    "hands": bytes([1]) + READY + hand("button") + hand("button") + end("prevent") + hand("button")
             + end("allow") + hand("snapshot") + AUDIO + write(2) + hand("restore") + hand("remove")
             + hand("insert") + READY + hand("reset"),
    "time": bytes([1]) + power(disc=1)[:1] + bytes([8]) + READY + AUDIO + write(24) + write(24)
            + end("sync") + time(2000000) + end("session") + time(100) + end("ready")
            + time(0x7FFFFFFF) + end("ready"),
    "asks": bytes([1]) + READY + b"".join(
        any_command(0, cdb) for cdb in (
            "12 00 00 00 FC", "12 01 80 00 FC", "46 00 00 00 00 00 00 00 FC", "5A 00 3F 00 00 00 00 00 FC",
            "5A 00 39 00 00 00 00 00 FC", "51 00 00 00 00 00 00 00 FC", "52 01 00 00 00 01 00 00 FC",
            "43 02 02 00 00 00 00 00 FC", "43 00 04 00 00 00 00 00 FC", "AC 00 00 00 00 00 00 00 00 10 03",
            "4D 00 40 00 00 00 00 00 FC", "4D 00 79 00 00 00 00 00 FC", "A0 00 00 00 00 00 00 00 00 FC",
            "25", "5C", "BD 00 00 00 00 00 00 00 00 FC", "4A 01 00 00 52 00 00 00 FC", "03 00 00 00 FC")),
}

RULES = {
    "sense": "op=WRITE lba=0-99 nth=2 count=all do=sense:03/0C/00",
    "status": "op=2A,0x2F,BEh initiator=iqn.* do=then-status:BUSY",
    "delay": "op=TEST_UNIT_READY nexus=1 drive=2 do=delay:250ms",
    "short": "op=READ_CD count=3 do=short:17",
    "many": "op=any nth=4 do=cut;op=43 do=stale\nop=5A do=lie; op=00 do=deferred:04/08/00",
    "power": "op=SYNCHRONIZE_CACHE do=then-power",
    "never": "op=WRITE(10) lba=-150--1 do=never",
}
FAULT = {name: rule.split(";")[0].split("\n")[0].encode() + b"\0" + DRIVE["audio"][:1]
         + fault(rule) + DRIVE["audio"][1:] + fault("!") + READY for name, rule in RULES.items()}
FAULT["locked"] = RULES["short"].encode() + b"\0" + DRIVE["locked"]

def said(end, *lines):
    """Lines as one of two clients says them, in pieces of at most 160 bytes."""
    words = "".join(line + "\n" for line in lines).encode()
    pieces = [words[n:n + 160] for n in range(0, len(words), 160)]
    return b"".join(bytes([end, len(piece)]) + piece for piece in pieces)


CONTROL = {
    "status": said(0, '{"id":1,"do":"status"}', '{"id":"a","do":"status","drive":"ONE"}') + b"\xF0\0",
    "hands": said(0, '{"id":1,"do":"insert","disc":"/a","drive":2}', '{"id":2,"do":"eject"}')
    + said(1, '{"id":3,"do":"button"}', '{"id":4,"do":"snapshot"}', '{"id":5,"do":"restore"}',
           '{"id":6,"do":"reset","drive":"iqn.x:y"}') + b"\xF0\0",
    "faults": said(0, '{"id":1,"do":"fault","rule":"op=2A do=lie"}', '{"id":2,"do":"clear-faults"}'),
    "subscribe": said(0, '{"id":1,"do":"subscribe"}') + said(1, '{"id":1,"do":"status"}')
    + said(0, '{"id":2,"do":"subscribe","events":["x","command"]}') + said(1, '{"do":"eject"}')
    + said(0, '{"do":"unsubscribe"}') + b"\xF0\0",
    "wrong": said(0, "", "{}", "[]", "nul", '{"id":[]}', '{"id":1,"do":"no"}', '{"do":"insert"}',
                  '{"do":"eject","disc":"x"}', '{"do":"status","drive":0}', '{"do":"x","do":"y"}',
                  '{"id":1,"do":"subscribe","events":[1]}', '{"do":"status"'),
    "pieces": b'\0\3{"i\1\4{"do\0\4d":1\1\4":"s\0\x0D,"do":"eject"}\1\7tatus"}\0\1\n\1\1\n\xF1\0',
    "long": b"".join(b"\0\xA0" + b"x" * 160 for _ in range(104)),
}


# ---- disc: calls in the order of `steps` in fuzz_disc.c

def disc_open(kind=0, control=0, number=0, texts=0):
    return bytes([0, number, control << 4 | texts, kind])


def disc_write(blocks):
    return bytes([1, blocks]) + b"\x22" * (16 if blocks else 0)


CLOSE, FLUSH, SNAPSHOT, RESTORE, RESET = b"\2", b"\6", b"\x09", b"\x0A", b"\x0B"


def disc_churn(times):
    return bytes([12, times])


def disc_session(how):
    return bytes([5, how])


def steps(*calls):
    return bytes([len(calls)]) + b"".join(calls)


def disc(geometry, first, cut=None, patches=(), then=steps()):
    tail = bytes([0]) if cut is None else bytes([1]) + bytes(cut)
    return bytes([0, geometry]) + first + tail + bytes([len(patches)]) + b"".join(patches) + then


def patch(where, how, *changes):
    """where 0: the header, n: record n - 1; how 1: area 1, 2: CRC left wrong, 10h: repeat it."""
    return bytes([where, how, len(changes)]) + b"".join(bytes(c) for c in changes)


ONE = steps(disc_open(texts=3), disc_write(2), FLUSH, CLOSE, disc_session(1), disc_open(1, 4),
            disc_write(1), CLOSE)
READS = steps(bytes([8, 5, 0, 0]), bytes([8, 4, 1, 0]), bytes([8, 3, 0x80, 2]), disc_session(0))
def at_once(step, choice, *stretches):
    """step 13 opens, 15 closes a raw one; a stretch: how (track, form), what (length)."""
    return bytes([step, choice, len(stretches)]) + b"".join(bytes(s) for s in stretches)


MADE, HEARD = [(0, 0), (0, 1)], [(3, 0), (3, 1)]  # 150 and 300 blocks of silence, of the host's audio
MIXED = MADE + [(0x81, 5), (4, 3)]
OPEN_RAW, GIVE_UP, HALF, WHOLE = b"\x0E", b"\x10", bytes([19, 110]), [bytes([19, 225])] * 2
SUB = bytes([17, 3, 0, 0, 0, 20]) + bytes([17, 0x1E, 0xFF, 0xFF, 0, 0])
LONG = steps(*[bytes([4, 1])] * 20, disc_open(number=0x81), disc_write(1), FLUSH, CLOSE,
             bytes([3, 2]), bytes([3, 3]))
DISC = {
    "plain": disc(6, ONE, then=READS),
    "cut": disc(6, ONE, cut=(0x35, 0x04), then=READS),
    "reserved": disc(6, LONG, then=READS),
    "rewritable": disc(0x86, steps(disc_open(), disc_write(3), CLOSE, b"\7", disc_open(2, 4),
                                   disc_write(1), CLOSE), then=steps(b"\7")),
    "header": disc(6, ONE, patches=[patch(0, 0, (16, 0), (17, 5))], then=READS),
    "newer": disc(6, ONE, patches=[patch(0, 0, (9, 2))]),
    "record": disc(6, ONE, patches=[patch(3, 0, (31, 9)), patch(4, 0x10, (35, 200))], then=READS),
    "torn": disc(6, ONE, patches=[patch(4, 2, (20, 1))], then=READS),
    "other-area": disc(6, ONE, patches=[patch(1, 1, (0, 1), (11, 9))], then=READS),
    "xa": disc(6, steps(disc_open(0x0B, 4), disc_write(2), CLOSE), then=READS),
    "fault": disc(6, ONE, then=steps(bytes([0xFF, 2]), disc_open(), disc_write(4), CLOSE)),
    "snapshot": disc(6, ONE, then=steps(SNAPSHOT, disc_session(1), disc_open(), disc_write(1), RESTORE,
                                        disc_session(0), RESTORE, RESET, disc_open(), disc_write(2),
                                        RESTORE)),
    "full-log": disc(6, steps(disc_open(), disc_churn(250)), then=steps(
        disc_churn(250), disc_churn(100), CLOSE, disc_session(1))),
    "full-log-cut": disc(6, steps(disc_open(), disc_churn(255), disc_churn(255), disc_churn(40)),
                         cut=(0x01, 0x01), patches=[patch(1, 1, (11, 7))], then=READS),
    "wild": b"\xFF\x1F" + bytes(12) + be32(-11634) + be32(359849) + bytes(108)
            + bytes([1, 0, 0, 0]) + bytes(7) + b"\1" + bytes(116),
}
DISC.update({
    "at-once": disc(6, steps(at_once(13, 7, *MADE), disc_session(1), at_once(13, 0, *HEARD), HALF,
                             FLUSH, HALF, bytes([19, 5]), disc_session(0)),
                    then=steps(SUB, bytes([8, 5, 0, 0]))),
    "at-once-mixed": disc(0x86, steps(at_once(13, 6, *MIXED), *WHOLE, disc_session(1),
                                      bytes([18, 4]))),
    "at-once-cut": disc(6, steps(at_once(13, 5, *HEARD), HALF, FLUSH, HALF), cut=(0xFE, 1)),
    "at-once-given-up": disc(6, steps(at_once(13, 5, *HEARD), HALF, SNAPSHOT, GIVE_UP), then=steps(
        RESTORE, RESET, at_once(13, 5, *MADE), disc_session(1), RESTORE)),
    "at-once-forged": disc(6, steps(at_once(13, 7, *MADE), disc_session(1)),
                           patches=[patch(3, 0, (31, 9)), patch(2, 0, (35, 200))], then=READS),
    "raw": disc(6, steps(OPEN_RAW, *WHOLE, at_once(15, 0x17, *HEARD), OPEN_RAW, HALF, FLUSH),
                then=steps(SUB)),
})
VARIABLE, FIXED = bytes([20, 0, 0]), bytes([20, 0, 1, 0, 16])
END, REHEARSE, REHEARSED = b"\x15", b"\x16", b"\x17"
TAIL = bytes([18, 2])  # and an address
DISC.update({
    "packets": disc(6, steps(VARIABLE, disc_write(5), END, disc_write(7), FLUSH, SNAPSHOT, END,
                             disc_write(3)), cut=(0xFD, 2),
                    then=steps(disc_write(2), CLOSE, bytes([8, 5, 0, 0]), bytes([8, 4, 0, 8]),
                               RESTORE, disc_write(1), CLOSE)),
    "packets-fixed": disc(6, steps(FIXED, disc_write(20), FLUSH), cut=(0xFE, 1),
                          then=steps(disc_write(3), END, CLOSE, bytes([8, 9, 0, 16]), SUB)),
    "packets-erased": disc(0x86, steps(VARIABLE, disc_write(9), END, disc_write(9), END, CLOSE,
                                       SNAPSHOT, TAIL + b"\0\x10", disc_write(4), CLOSE,
                                       TAIL + b"\0\0", RESTORE)),
    "packets-forged": disc(6, steps(VARIABLE, disc_write(5), END, disc_write(7), CLOSE),
                           patches=[patch(3, 0, (75, 9)), patch(3, 0, (79, 200))], then=READS),
    "rehearsed": disc(0x86, steps(disc_open(), disc_write(4), REHEARSE, disc_write(9), CLOSE,
                                  disc_session(1), VARIABLE, disc_write(3), b"\7", REHEARSED,
                                  disc_write(1), REHEARSE, disc_write(2)), cut=(0xFF, 0)),
})
# The store fails at each operation of a call, and each of the last writes is lost alone.
for call, calls in {"flush": FLUSH, "close": CLOSE, "session": CLOSE + disc_session(1)}.items():
    for n in range(1, 7):
        for kept in (0xFE, 0xFD, 0xFB, 0xF7):
            made = [disc_open(), disc_write(5), bytes([0xFF, n]), calls]
            DISC[f"cut-{call}-{n}-{kept:02X}"] = disc(
                6, bytes([len(made) + (call == "session")]) + b"".join(made), cut=(kept, 0))

# ---- texts

CUE = {
    "audio": 'FILE "a.bin" BINARY\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n'
             '  TRACK 02 AUDIO\n    FLAGS DCP PRE\n    ISRC DEABC0012345\n'
             '    INDEX 00 00:00:40\n    INDEX 01 00:01:00\n',
    "data": 'CATALOG 1234567890123\nFILE "a.bin" BINARY\n TRACK 01 MODE1/2352\n  INDEX 01 00:00:00\n'
            'FILE "c.iso" BINARY\n TRACK 02 MODE1/2048\n  PREGAP 00:02:00\n  INDEX 01 00:00:00\n',
    "sessions": 'REM SESSION 01\nFILE "b.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n'
                'REM SESSION 02\nFILE a.bin MOTOROLA\nTRACK 02 AUDIO\nINDEX 00 00:00:00\n'
                'INDEX 01 00:00:10\nINDEX 02 00:00:20\n',
    "words": 'REM COMMENT "x\nTITLE "a"\nPERFORMER b\nCDTEXTFILE "t.cdt"\nFILE "other.bin" BINARY\n'
             'TRACK 01 MODE2/2352\nPOSTGAP 00:02:00\nINDEX 01 00:00:00\n',
}
CUE["many"] = "".join(f"FILE a.bin BINARY\nTRACK {n:02} AUDIO\nINDEX 01 00:00:00\n"
                      for n in range(1, 100)) + "FILE a.bin BINARY\n"
TOC = {
    "audio": 'CD_DA\nCATALOG "0123456789012"\nCD_TEXT { LANGUAGE_MAP { 0 : EN } LANGUAGE 0 { TITLE "All"'
             ' GENRE { 0, 1 } } LANGUAGE 1 { TITLE "x" } }\nTRACK AUDIO\nCOPY\nPRE_EMPHASIS\n'
             'TWO_CHANNEL_AUDIO\nISRC "DEABC2400001"\nCD_TEXT { LANGUAGE 0 { TITLE "One" } }\n'
             'FILE "a.bin" SWAP #0 0 00:03:00\nSTART 00:00:33\nINDEX 00:01:42\nINDEX 00:02:00\n'
             'TRACK AUDIO NO COPY PREGAP 0:0:20 AUDIOFILE "a.bin" 588 0:1:0 SILENCE 2940 // end\n',
    "data": 'CD_ROM_XA TRACK MODE1_RAW DATAFILE "a.bin" #2352 0:4:0 ZERO MODE1 0:2:0 TRACK MODE2_RAW'
            ' DATAFILE "a.bin" TRACK MODE1 DATAFILE "a.bin" 204800\n',
}
URL = {
    "plain": "iscsi://127.0.0.1:3260/iqn.2026-11.local.vcdr:drive1/1",
    "account": "iscsi://user%secret@host/iqn.x%3Ay/255",
    "ipv6": "iscsi://[fe80::1]:3261/iqn.a/0",
    "disc": "embedded:my.disc",
    "empty": "embedded:",
    "node": "/dev/sg0",
}

# ---- replies: the number of the parser, its argument, the reply


def mmc(parser, argument, reply):
    parsers = ("plain identity pages write-parameters mode-pages features log-pages toc "
               "performance sense").split()
    return bytes([parsers.index(parser), argument]) + bytes.fromhex(reply)


PAGE_05 = "05 32 41 C4 08 00 00 00 00 00 00 00 00 00 00 96" + " 80" + " 31" * 13 + " 00" * 22
MMC = {
    "disc-information": mmc("plain", 0, "00 20 0E 01 01 01 01 20" + " 00" * 8
                            + "D2 8E 04 00 00 4F 3B 47" + " 00" * 10),
    "inquiry": mmc("identity", 20, "05 80 05 32 5B 00 00 00" + " 56" * 24 + " 30 2E 31 20"),
    "serial": mmc("identity", 20, "05 80 00 05 20 41 42 43 20"),
    "page-2a": mmc("pages", 0, "2A 1E 07 03 00 00 28 00 1B 90 01 00 08 00 1B 90 00 00 00 00 1B 90"
                   " 00 01 00 00 00 02 00 00 1B 90 00 00 16 0D"),
    "page-39": mmc("pages", 0, "39 46 00 01 01 01 00 00 41 42" + " 00" * 62),
    "page-05": mmc("write-parameters", 0, PAGE_05),
    "mode": mmc("mode-pages", 5, "00 3A 70 00 00 00 00 00 " + PAGE_05),
    "features": mmc("features", 0, "00 00 00 24 00 00 00 09 00 00 03 08 00 09 01 00 00 08 01 00"
                    " FF 56 03 08 56 43 44 52 01 3F 39 39 00 2D 09 08 46 00 29 01".replace("24", "28")),
    "log": mmc("log-pages", 0x39, "39 00 00 18 00 00 03 08 01 01 00 01 00 00 00 10"
               " 00 01 03 08 00 00 00 00 00 00 00 05"),
    "toc": mmc("toc", 0, "00 12 01 01 00 10 01 00 00 00 00 00 00 10 AA 00 00 00 01 2C"),
    "full-toc": mmc("toc", 0, "00 2E 01 01" + " 01 10 00 A0 00 00 00 00 01 00 00"
                    " 01 10 00 A1 00 00 00 00 01 00 00 01 10 00 A2 00 00 00 00 00 06 00"
                    " 01 10 00 01 00 00 00 00 00 02 00"),
    "atip": mmc("toc", 1, "00 1A 00 00 D0 00 80 00 61 1A 42 00 4F 3B 47" + " 00" * 13),
    "performance": mmc("performance", 1, "00 00 00 24 02 00 00 00 02 00 00 00 00 05 7D C0"
                       " 00 00 1B 90 00 00 1B 90 00 00 00 00 00 05 7D C0 00 00 02 C1 00 00 02 C1"),
    "sense": mmc("sense", 0, "F0 00 05 00 00 00 10 0A 00 00 00 00 21 02 00 C0 00 02"),
    "descriptor": mmc("sense", 0, "72 03 0C 00 00 00 00 0C 00 0A 80 00 00 00 00 00 00 00 00 07"),
}

TARGETS = {"drive": DRIVE, "fault": FAULT, "control": CONTROL, "disc": DISC, "cue": CUE, "toc": TOC,
           "url": URL, "mmc": MMC}


def regressions(target):
    """regressions/TARGET-NAME.hex: hex, # begins a comment."""
    folder = os.path.join(HERE, "regressions")
    found = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if not name.startswith(target + "-") or not name.endswith(".hex"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            digits = " ".join(line.split("#")[0] for line in file)
        found[name[:-4]] = bytes.fromhex(digits)
    return found


def main():
    for target, seeds in TARGETS.items():
        folder = os.path.join(sys.argv[1], target)
        os.makedirs(folder, exist_ok=True)
        for name, seed in {**seeds, **regressions(target)}.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(seed.encode() if isinstance(seed, str) else seed)


main()
