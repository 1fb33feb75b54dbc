# SPDX-License-Identifier: MIT
# The tray moves by eject and eject -t while the kernel polls and udev looks; a mounted disc stays in.
programs="wodim sg_start"
explained="
    No medium found
    START STOP UNIT command failed
    sg_start failed: Illegal request
    ^Illegal request
"

properties()
{
    udevadm settle
    udevadm info --query=property "$SR"
}

guest()
{
    # The kernel's own habit is to close the tray when somebody opens the node.
    echo 0 >/proc/sys/dev/cdrom/autoclose
    poll 100
    wodim dev=$SR gracetime=2 -tao -data /data/image.iso
    for turn in 1 2 3; do
        /bin/eject -v $SR
        properties | tee out
        must_fail grep ID_CDROM_MEDIA=1 out
        must_fail dd if=$SR of=/dev/null count=1 2>err
        grep "No medium found" err
        /bin/eject -v -t $SR
        wait_for "properties | grep ID_CDROM_MEDIA=1"
        properties | grep ID_FS_LABEL=GUEST
        test "$(cat "/sys/block/${SR#/dev/}/size")" -ge "$(($(stat -c %s /data/image.iso) / 512))"
        begins_as $SR /data/image.iso
    done
    mount -t iso9660 -o ro $SR /mnt/a
    must_fail sg_start --eject $SG
    begins_as /mnt/a/first /data/tree/first
    umount /mnt/a
    echo 1 >/proc/sys/dev/cdrom/autoclose
    /bin/eject $SR
    : <$SR
    wait_for "properties | grep ID_CDROM_MEDIA=1"
    begins_as $SR /data/image.iso
}

host()
{
    recorded medium-ejected | says '"event":"medium-ejected"'
    test "$(recorded medium-ejected | wc -l)" = 4
    test "$(recorded medium-loaded | wc -l)" = 4
}
