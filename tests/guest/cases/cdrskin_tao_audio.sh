# SPDX-License-Identifier: MIT
# cdrskin burns two tracks of audio, one at a time; who reads them has what went in.
programs="cdrskin cdparanoia icedax"

guest()
{
    cdrskin -v dev=$SR gracetime=0 -tao -audio /data/one.wav /data/two.wav
    cdrskin dev=$SR -toc
    cdparanoia -d $SR -q 1 one.wav
    begins_as one.wav /data/one.pcm
    icedax -D $SR -q -t 2 two.wav
    begins_as two.wav /data/two.pcm
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
    burnt 320 302
}
