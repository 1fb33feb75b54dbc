# SPDX-License-Identifier: MIT
# Two burners on one drive: the kernel gives it to the first alone, whose disc is as if it had been
# alone. The second is a burner in the same kernel.
programs="wodim cdrskin"
explained="
    Device or resource busy
    Cannot open SCSI driver
    cdrskin: (SORRY|FAILURE|FATAL) : [Cc]annot (open|access|find)
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
    wodim -v dev=$SR fs=0 gracetime=2 -tao -audio tsize=752640 - <audio >first.log 2>&1 &
    first=$!
    exec 5>audio
    head -c 300000 swapped >&5
    ask writing
    must_fail wodim dev=$SR gracetime=2 -tao -audio /data/two.wav
    must_fail cdrskin dev=$SR gracetime=0 -tao -audio /data/two.wav
    tail -c +300001 swapped >&5
    exec 5>&-
    wait $first
    cat first.log
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    burnt 320
}
