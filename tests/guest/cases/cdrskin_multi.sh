# SPDX-License-Identifier: MIT
# cdrskin leaves a disc appendable, and adds a session that takes up the first.
programs="cdrskin genisoimage wodim"
kernel_explained="$refused_reads $second_session
    I/O error.* dev sr0, (sector 4[01]..|logical block 102[45])
"

guest()
{
    cdrskin -v dev=$SR gracetime=0 -tao -multi -data /data/image.iso
    cdrskin dev=$SR -minfo
    eject_and_load
    # cdrskin's own -msinfo tells where the pre-gap of a session at once would begin
    genisoimage -quiet -R -J -V GUEST -C "$(wodim dev=$SR -msinfo)" -M $SR -o second.iso /data/more
    cdrskin -v dev=$SR gracetime=0 -tao -data second.iso
    cdrskin dev=$SR -minfo
    eject_and_load
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/more /mnt/a second
    same_trees /data/tree /mnt/a first small
}

offline()
{
    vcdr disc export "$DISC" --iso first.iso --track 1
    head -c "$(stat -c %s "$DATA/image.iso")" first.iso | same - "$DATA/image.iso"
    recorded session-closed | says '"session":2'
}
