# SPDX-License-Identifier: MIT
# xorriso writes a disc in two sessions, the second an addition to the first; the kernel mounts both.
programs="xorriso"
kernel_explained="$refused_reads $second_session
    I/O error.* dev sr0, (sector 4[01]..|logical block (512|102[45]))
"

guest()
{
    xorriso -dev $SR -volid GUEST -map /data/tree / -commit
    eject_and_load
    xorriso -dev $SR -map /data/more /more -commit
    eject_and_load
    xorriso -dev $SR -toc -lsl / /more
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/more /mnt/a/more
    same_trees /data/tree /mnt/a first small
    umount /mnt/a
    mount -t iso9660 -o ro,session=0 $SR /mnt/b
    same_trees /data/tree /mnt/b
    umount /mnt/b
}

host()
{
    recorded session-closed | says '"session":2'
}
