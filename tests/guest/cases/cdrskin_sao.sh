# SPDX-License-Identifier: MIT
# cdrskin burns audio as one session, and an image on a second disc.
discs="cdr cdr"
programs="cdrskin cdparanoia icedax"

guest()
{
    cdrskin -v dev=$SR gracetime=0 -sao -audio /data/one.wav /data/two.wav
    eject_and_load
    cdrskin dev=$SR -toc
    cdparanoia -d $SR -q 1 one.wav
    begins_as one.wav /data/one.pcm
    icedax -D $SR -q -t 2 two.wav
    begins_as two.wav /data/two.pcm

    cdrskin -v dev=$SR2 gracetime=0 -sao -data /data/image.iso
    /bin/eject $SR2
    /bin/eject -t $SR2
    mount -t iso9660 -o ro $SR2 /mnt/a
    same_trees /data/tree /mnt/a
    umount /mnt/a
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
    rip "$URL2" two
    same two/track01.iso "$DATA/image.iso"
}
