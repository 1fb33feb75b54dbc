# SPDX-License-Identifier: MIT
# wodim burns an image with -immed and a speed; dd, isoinfo and a mount have what went in.
programs="wodim isoinfo"

guest()
{
    wodim -v dev=$SR gracetime=2 -tao -immed speed=16 -data /data/image.iso
    eject_and_load
    dd if=$SR of=copy bs=2048
    begins_as copy /data/image.iso
    isoinfo -d -i $SR
    isoinfo -R -f -i $SR
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/tree /mnt/a
    umount /mnt/a
}

offline()
{
    vcdr disc export "$DISC" --iso out.iso
    same out.iso "$DATA/image.iso"
    burnt "$(blocks image.iso)"
}
