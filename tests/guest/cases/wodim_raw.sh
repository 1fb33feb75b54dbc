# SPDX-License-Identifier: MIT
# wodim writes every frame of a session itself, with sub-channel in each of its forms: audio, and data
# that it scrambles.
discs="cdr cdr cdr cdr"
programs="wodim icedax"

guest()
{
    # it encodes itself, and believes its own measure of how fast this slow machine is
    wodim -v dev=$SR gracetime=2 speed=4 -raw96r -pad -audio /data/one.wav /data/two.wav
    wodim -v dev=$SR2 gracetime=2 speed=4 -raw96p -pad -audio /data/one.wav /data/two.wav
    wodim -v dev=$SR3 gracetime=2 speed=4 -raw16 -pad -audio /data/one.wav /data/two.wav
    wodim -v dev=$SR4 gracetime=2 speed=4 -raw96r -data /data/image.iso
    for node in $SR $SR2 $SR3 $SR4; do
        /bin/eject $node
        /bin/eject -t $node
    done
    for node in $SR $SR2 $SR3; do
        wodim dev=$node -toc
        icedax -D $node -q -t 2 two.wav
        begins_as two.wav /data/two.pcm
    done
    begins_as $SR4 /data/image.iso
    mount -t iso9660 -o ro $SR4 /mnt/a
    same_trees /data/tree /mnt/a
}

host()
{
    for url in "$URL" "$URL2" "$URL3"; do
        read_cd 0 320 "$url" | same - "$DATA/one.pcm"
        read_cd 320 302 "$url" | same - "$DATA/two.pcm"
    done
    rip "$URL4"
    same rip/track01.iso "$DATA/image.iso"
}
