# SPDX-License-Identifier: MIT
# A CD-RW: cdrskin burns it, blanks it in its ways, and burns it again.
discs="rw"
programs="cdrskin"

guest()
{
    cdrskin -v dev=$SR gracetime=0 -tao -data /data/image.iso
    cdrskin -v dev=$SR gracetime=0 blank=fast
    cdrskin dev=$SR -minfo
    cdrskin -v dev=$SR gracetime=0 -tao -multi -audio /data/one.wav
    cdrskin -v dev=$SR gracetime=0 blank=all
    cdrskin -v dev=$SR gracetime=0 blank=as_needed -sao -data /data/image.iso
    cdrskin -v dev=$SR gracetime=0 blank=as_needed -sao -audio /data/one.wav /data/two.wav
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
    test "$(recorded medium-blanked | wc -l)" = 3
}
