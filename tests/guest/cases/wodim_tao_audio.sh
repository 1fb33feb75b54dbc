# SPDX-License-Identifier: MIT
# wodim burns two tracks of audio, one at a time; who reads them has what went in.
programs="wodim cdparanoia"

guest()
{
    wodim -v dev=$SR gracetime=2 -tao -pad -audio /data/one.wav /data/two.wav
    wodim dev=$SR -toc
    cdparanoia -d $SR -q 1 one.wav
    begins_as one.wav /data/one.pcm
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
    burnt 320 302
}
