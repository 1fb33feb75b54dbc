# SPDX-License-Identifier: MIT
# wodim burns data and behind it audio: the kernel mounts the one, icedax extracts the other.
programs="wodim icedax cd-info"
# udev searches for file systems at the end of the disc too, where the audio is.
kernel_explained="$refused_reads
    I/O error.* dev sr0, (sector (409[6-9]|41..|57..)|logical block 102[45])
"

guest()
{
    wodim -v dev=$SR gracetime=2 -tao -data /data/image.iso -audio -pad /data/one.wav /data/two.wav
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
    samples rip/track02.wav | same - "$DATA/one.pcm"
    samples rip/track03.wav | same - "$DATA/two.pcm"
    burnt "$(blocks image.iso)" 320 302
}
