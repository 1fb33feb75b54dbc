# SPDX-License-Identifier: MIT
# The daemon ends and starts again under a mounted disc: the guest's open-iscsi logs in anew by itself,
# and the disc is there.
programs="wodim"
# 1020: the connection is gone. A drive that was off may hold another disc.
kernel_explained="
    connection[0-9]+:0: detected conn error \(1020\)
    VFS: busy inodes on changed media sr0
    drop_caches: 3
"

guest()
{
    wodim dev=$SR gracetime=2 -tao -data /data/image.iso
    eject_and_load
    mount -t iso9660 -o ro $SR /mnt/a
    begins_as /mnt/a/small /data/tree/small
    ask daemon stop
    ask daemon start
    wait_for "begins_as $SR /data/image.iso"
    echo 3 >/proc/sys/vm/drop_caches
    same_trees /data/tree /mnt/a
    umount /mnt/a
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/tree /mnt/a
    umount /mnt/a
}

offline()
{
    vcdr disc export "$DISC" --iso out.iso
    same out.iso "$DATA/image.iso"
}
