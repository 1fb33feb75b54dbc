# SPDX-License-Identifier: MIT
# wodim burns an image as a disc at once, and a second disc in two sessions at once.
discs="cdr cdr"
programs="wodim isoinfo genisoimage"
kernel_explained="$refused_reads $second_session
    I/O error.* dev sr1, (sector 4[01]..|logical block 102[45])
"

guest()
{
    wodim -v dev=$SR gracetime=2 -dao -data /data/image.iso
    eject_and_load
    begins_as $SR /data/image.iso
    isoinfo -R -f -i $SR
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/tree /mnt/a
    umount /mnt/a

    wodim -v dev=$SR2 gracetime=2 -dao -multi -data /data/image.iso
    /bin/eject $SR2
    /bin/eject -t $SR2
    genisoimage -quiet -R -J -V GUEST -C "$(wodim dev=$SR2 -msinfo)" -M $SR2 -o second.iso /data/more
    wodim -v dev=$SR2 gracetime=2 -dao -data second.iso
    /bin/eject $SR2
    /bin/eject -t $SR2
    mount -t iso9660 -o ro $SR2 /mnt/a
    same_trees /data/more /mnt/a second
    same_trees /data/tree /mnt/a first small
    umount /mnt/a
}

offline()
{
    vcdr disc export "$DISC" --iso out.iso
    same out.iso "$DATA/image.iso"
}
