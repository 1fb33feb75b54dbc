# SPDX-License-Identifier: MIT
# What a case's guest() is written in; run by busybox's sh as: guest.sh CASE NODE...
#
#   $SR, $SG         the drive's block and generic node; $SR2, $SG2 those of the second drive, and so on
#   /data            what the host made (see run.py): one.wav, two.wav and album.wav with their samples in .pcm,
#                    image.iso of /data/tree, and the tree "more" for a second session
#   ask NAME [WORD]  runs the case's function NAME on the host; its status, and prints its first line
#   ask daemon stop, ask daemon start
#                    ends the daemon, and starts it again with the same discs at the same address
# busybox's shell prefers its own programs to files of that name: /bin/NAME is the file.
#
#   must_fail CMD    succeeds when the command does not, and by no signal
#   begins_as FILE WANTED   compares, a .wav without its header; FILE may be longer
#   same_trees WANTED GOT [NAME...]  compares folders
#   eject_and_load   the tray goes out and in, so that the kernel looks anew
#   wait_for COMMAND until it succeeds
#   poll MS          how often the kernel asks the drive for events; 0: never
name=$1
shift
n=
for node in "$@"; do
    path=$(readlink -f "$node")
    export "SR$n=$path" "SG$n=/dev/$(ls "/sys/block/${path#/dev/}/device/scsi_generic")"
    n=$((${n:-1} + 1))
done

ask()
{
    { set +x; } 2>/dev/null
    printf '\n@@ ask %s\n' "$*" >&3
    read -r asked_status asked_text <&3
    echo "$asked_text"
    set -x
    return "$asked_status"
}

must_fail()
{
    { set +x; } 2>/dev/null
    must_status=0
    "$@" || must_status=$?
    # wodim ends with 255; 128 and a few more say by which signal
    if [ "$must_status" = 0 ] || { [ "$must_status" -gt 125 ] && [ "$must_status" -lt 193 ]; }; then
        echo "@@ complaint status $must_status, and was to fail: $*"
        return 1
    fi
    set -x
}

# begins_as FILE WANTED: FILE, as far as WANTED goes; a .wav without its header of 44 bytes
begins_as()
{
    { set +x; } 2>/dev/null
    skipped=0
    case $1 in *.wav) skipped=44 ;; esac
    tail -c +$((skipped + 1)) "$1" | head -c "$(stat -c %s "$2")" | cmp - "$2"
    set -x
}

# wait_for COMMAND: until it succeeds, for at most 30 s
wait_for()
{
    { set +x; } 2>/dev/null
    waited=0
    until eval "$1" >/dev/null 2>&1; do
        waited=$((waited + 1))
        if [ $waited -gt 150 ]; then
            echo "@@ complaint never came true: $1"
            return 1
        fi
        usleep 200000
    done
    set -x
}

# The medium goes out and comes in, by which the kernel learns what was burnt.
eject_and_load()
{
    /bin/eject $SR
    /bin/eject -t $SR
}

# same_trees WANTED GOT [NAME...]: byte for byte, and nothing else where no names are given
same_trees()
{
    { set +x; } 2>/dev/null
    trees_wanted=$1 trees_got=$2
    shift 2
    if [ $# = 0 ]; then
        ls "$trees_wanted" >wanted.names
        ls "$trees_got" | grep -v -x -e lost+found -e rr_moved | cmp - wanted.names || return 1
        set -- $(cat wanted.names)
    fi
    for trees_name in "$@"; do
        cmp "$trees_wanted/$trees_name" "$trees_got/$trees_name" || return 1
    done
    set -x
}

poll()
{
    echo "$1" >"/sys/block/${SR#/dev/}/events_poll_msecs"
}

. "/cases/$name.sh"
set -x
guest
