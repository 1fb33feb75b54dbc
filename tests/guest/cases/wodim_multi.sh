# SPDX-License-Identifier: MIT
# A second session whose file system takes up the first: genisoimage gets the numbers from the drive,
# and the kernel mounts either session.
programs="wodim genisoimage"
kernel_explained="$refused_reads $second_session
    I/O error.* dev sr0, (sector 4[01]..|logical block 102[45])
"

guest()
{
    wodim -v dev=$SR gracetime=2 -tao -multi -data /data/image.iso
    eject_and_load
    genisoimage -quiet -R -J -V GUEST -C "$(wodim dev=$SR -msinfo)" -M $SR -o second.iso /data/more
    wodim -v dev=$SR gracetime=2 -tao -data second.iso
    eject_and_load
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/more /mnt/a second
    same_trees /data/tree /mnt/a first small
    umount /mnt/a
    mount -t iso9660 -o ro,session=0 $SR /mnt/b
    same_trees /data/tree /mnt/b
    umount /mnt/b
    wodim dev=$SR -toc
}

offline()
{
    vcdr disc export "$DISC" --iso first.iso --track 1
    same first.iso "$DATA/image.iso"
    recorded session-closed | says '"session":2'
}
