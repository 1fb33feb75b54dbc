# SPDX-License-Identifier: MIT
"""Which lines of a program or of the kernel are a complaint. What sounds like one and is none about the
drive stands here with the reason."""
import re

COMPLAINT = re.compile(r"warn|error|cannot|can't|fail|unable|not supported|unsupported|illegal|invalid|"
                       r"sorry|unexpected|underrun|mismatch|refus|timeout|timed out|sense|busy|conflict|"
                       r"bad |wrong|assert|abort|fault", re.IGNORECASE)

# A program's words, in every case.
PROGRAMS = [
    (r"Set CDR_NODMATEST environment variable if device", "wodim, before every write"),
    (r"communication breaks or freezes immediately after that", "the same, second line"),
    (r"fifo was 0 times empty", "a count, and it is none"),
    (r"WARNING: padding remainder of packet", "wodim's fixed packets"),
    (r"Process can be aborted with QUIT signal", "cdrdao, before it writes"),
    (r"Some drives don't like fixation in dummy mode", "wodim's -dummy"),
    (r"Last chance to quit", "wodim counts down"),
    (r"There is NO warranty", "licence"),
    (r"Does support Buffer-Underrun-Free recording", "a capability"),
    (r"WARNING: padding up to secsize", "wodim's own -pad"),
    (r"Can read C2 Errors +: (No|Yes)$", "cd-info, of what page 2Ah says"),
    (r"Media Catalog Number \(MCN\): not supported by drive/driver|audio status: FAILED",
     "cd-info: no READ SUB-CHANNEL"),
    (r"Timeout feature$|Timeout and protect, page_control|error recovery, page_control"
     r"|Mode parameter header from MODE SENSE", "sg3-utils, of what the drive has"),
    # cdparanoia, of a disc this short
    (r"WARNING: The CDROM drive appears to be seeking impossibly quickly", "no seek takes time"),
    (r"due to timer bugs, a drive that really is improbably fast|bug in cdparanoia's cache", "the same"),
    (r"to assist developers in correcting the problem", "the same"),
    (r"scsi_read error: sector=1200 ", "to empty a cache it reads at 1200, behind the disc's end"),
    (r"Sense key: 5 ASC: 21 ASCQ: 0$|Transport error: Illegal SCSI request|System error: Invalid arg",
     "the same: 05/21/00"),
]

# What the kernel says of a drive in good order; every other line is a complaint.
KERNEL = [
    (r"^(scsi_io_completion_action|blk_print_req_error|buffer_io_error): \d+ callbacks suppressed$",
     "more of the lines that stand there"),
    (r"^(clocksource|sched|hrtimer|perf): ", "the host is slow"),
    (r"^IPv6: ADDRCONF\(NETDEV_CHANGE\): eth0: link becomes ready$", "the network"),
    (r"^scsi host\d+: iSCSI Initiator over TCP/IP$", "login"),
    (r"^scsi [\d:]+: CD-ROM +VCDR +CD-R RECORDER +\S+ +PQ: 0 ANSI: 5$", "the drive is found"),
    (r"^sr [\d:]+: Power-on or device reset occurred$", "06/29/00 to each new nexus"),
    (r"^sr [\d:]+: \[sr\d+\] scsi3-mmc drive: \S+ writer \S+ .*cdda tray$", "what page 2Ah says"),
    (r"^cdrom: Uniform CD-ROM driver Revision", "the first drive"),
    (r"^sr [\d:]+: Attached scsi CD-ROM sr\d+$", "attached"),
    (r"^(sr|scsi) [\d:]+: Attached scsi generic sg\d+ type 5$", "attached"),
    (r"^Loading iSCSI transport class|^iscsi: registered transport", "module"),
    (r"^ISO 9660 Extensions: (RRIP_1991A|Microsoft Joliet Level \d)$", "mounted"),
]


def _explained(line, rows):
    return any(re.search(row[0], line) for row in rows)


def program_complains(line, also):
    """ALSO: regular expressions that the case explains."""
    return (COMPLAINT.search(line) is not None and not line.startswith("+")
            and not _explained(line, PROGRAMS) and not any(re.search(e, line) for e in also))


def kernel_complains(line, also):
    return not _explained(line, KERNEL) and not any(re.search(e, line) for e in also)
