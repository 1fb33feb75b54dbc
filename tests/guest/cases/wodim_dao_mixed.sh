# SPDX-License-Identifier: MIT
# wodim burns data and audio as one session: the kernel mounts the one, icedax extracts the other.
programs="wodim icedax cd-info"
kernel_explained="$refused_reads
    I/O error.* dev sr0, (sector (409[6-9]|4[01]..|5[0-9]..)|logical block 102[45])
"

guest()
{
    wodim -v dev=$SR gracetime=2 -dao -data /data/image.iso -audio -pad /data/one.wav /data/two.wav
    eject_and_load
    cd-info --no-cddb -C $SR
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/tree /mnt/a
    umount /mnt/a
    icedax -D $SR -q -t 2 two.wav
    begins_as two.wav /data/one.pcm
    icedax -D $SR -q -t 3 three.wav
    begins_as three.wav /data/two.pcm
}

host()
{
    rip
    same rip/track01.iso "$DATA/image.iso"
    # 255 blocks of gap behind the data, by wodim's will; then the audio, without any
    begin=$(($(blocks image.iso) + 255))
    read_cd $begin 320 | same - "$DATA/one.pcm"
    read_cd $((begin + 320)) 302 | same - "$DATA/two.pcm"
}
