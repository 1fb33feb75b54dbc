# SPDX-License-Identifier: MIT
# A burner is killed in the middle of a track: the door is free, the kernel has the drive, and the disc
# can be closed; what was written is on it.
programs="wodim cdrskin"
# libburn gives up where no session is closed and no table of contents can be read.
explained="
    status 6 BURN_DISC_UNSUITABLE .Media is not suitable.
"

# On the host: until the drive has a track open.
writing()
{
    until recorded track-opened | grep -q track; do sleep 0.05; done
}

guest()
{
    mkfifo audio
    # Without a buffer of its own, which it would fill first. Samples on standard input it holds for
    # big-endian ones.
    dd if=/data/one.pcm of=swapped conv=swab
    wodim -v dev=$SR fs=0 gracetime=2 -tao -audio tsize=9408000 - <audio >first.log 2>&1 &
    first=$!
    exec 5>audio
    cat swapped >&5
    ask writing
    kill -9 $first
    exec 5>&-
    wait $first || true
    poll 100
    must_fail cdrskin dev=$SR -minfo
    wodim dev=$SR -v -fix
    eject_and_load
    cdrskin dev=$SR -minfo
}

host()
{
    vcdr info "$URL"
    recorded session-closed | says '"session":1'
    # all but what lay in the pipe
    rip
    samples rip/track01.wav | head -c 600000 >got
    head -c 600000 "$DATA/one.pcm" | same - got
}
