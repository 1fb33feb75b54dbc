# SPDX-License-Identifier: MIT
# A CD-RW: wodim burns it, blanks it fast, burns it, blanks it whole, burns it at once.
discs="rw"
programs="wodim cdrskin"

burnt()
{
    eject_and_load
    begins_as $SR /data/image.iso
}

empty()
{
    cdrskin dev=$SR -minfo | tee minfo
    grep 'Mounted media type: *CD-RW' minfo
    grep 'disk status: *empty' minfo
}

guest()
{
    wodim dev=$SR -atip
    empty
    wodim -v dev=$SR gracetime=2 -tao -data /data/image.iso
    burnt
    wodim -v dev=$SR gracetime=2 blank=fast
    empty
    wodim -v dev=$SR gracetime=2 -tao -multi -pad -audio /data/one.wav
    wodim -v dev=$SR gracetime=2 -immed blank=all
    empty
    wodim -v dev=$SR gracetime=2 blank=fast -dao -data /data/image.iso
    burnt
}

host()
{
    rip
    same rip/track01.iso "$DATA/image.iso"
    test "$(recorded medium-blanked | wc -l)" = 3
}
