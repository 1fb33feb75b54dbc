# SPDX-License-Identifier: MIT
# wodim writes an image in packets, of variable and of fixed length.
discs="cdr cdr"
programs="wodim"

guest()
{
    wodim -v dev=$SR gracetime=2 -packet -data /data/image.iso
    wodim -v dev=$SR2 gracetime=2 -packet pktsize=16 -pad -data /data/image.iso
    for node in $SR $SR2; do
        # packets leave the session open
        wodim -v dev=$node -fix
        /bin/eject $node
        /bin/eject -t $node
        begins_as $node /data/image.iso
        mount -t iso9660 -o ro $node /mnt/a
        same_trees /data/tree /mnt/a
        umount /mnt/a
    done
}

host()
{
    for url in "$URL" "$URL2"; do
        rm -rf rip
        rip "$url"
        head -c "$(stat -c %s "$DATA/image.iso")" rip/track01.iso | same - "$DATA/image.iso"
    done
}
