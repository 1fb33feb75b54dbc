# SPDX-License-Identifier: MIT
# wodim burns two tracks of audio as one session, without a gap between them.
programs="wodim cdparanoia icedax"

guest()
{
    wodim -v dev=$SR gracetime=2 -sao -pad -audio /data/one.wav /data/two.wav
    eject_and_load
    wodim dev=$SR -toc
    cdparanoia -d $SR -q 1 one.wav
    begins_as one.wav /data/one.pcm
    icedax -D $SR -q -t 2 two.wav
    begins_as two.wav /data/two.pcm
}

host()
{
    # wodim calls the last two seconds of the first file the gap before the second track
    read_cd 0 320 | same - "$DATA/one.pcm"
    read_cd 320 302 | same - "$DATA/two.pcm"
}
