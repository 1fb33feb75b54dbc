# SPDX-License-Identifier: MIT
# A drive that is empty at first: hands lay discs in, press the button and take discs out, and the
# kernel's polling and udev follow. udev keeps the tray closed, and opens it when the button is pressed.
discs="empty"
programs="wodim"

udev_says()
{
    wait_for "udevadm info --query=property $SR | grep -x '$1'"
}

no_medium()
{
    wait_for "dd if=$SR of=/dev/null count=1 2>&1 | grep 'No medium found'"
    wait_for "! udevadm info --query=property $SR | grep ID_CDROM_MEDIA=1"
}

# ---- on the host ----

insert_blank()
{
    vcdr disc new blank
    vcdr insert "$URL" blank
}

insert_image()
{
    vcdr disc import "$DATA/image.iso" image
    vcdr insert "$URL" image
}

take_out()
{
    vcdr eject "$URL"
}

# udev has locked the tray by now
prevented()
{
    if vcdr eject "$URL"; then
        return 1
    fi
}

button()
{
    vcdr button "$URL" || true
}

guest()
{
    echo 0 >/proc/sys/dev/cdrom/autoclose
    poll 100
    no_medium
    ask insert_blank
    udev_says ID_CDROM_MEDIA_STATE=blank
    wodim dev=$SR gracetime=2 -tao -pad -audio /data/one.wav
    ask button
    no_medium
    ask take_out
    ask insert_image
    udev_says ID_FS_LABEL=GUEST
    begins_as $SR /data/image.iso
    mount -t iso9660 -o ro $SR /mnt/a
    same_trees /data/tree /mnt/a
    umount /mnt/a
    # a hand at a locked tray asks for the disc, as the button does
    ask prevented
    no_medium
    ask button
    udev_says ID_FS_LABEL=GUEST
    begins_as $SR /data/image.iso
    ask button
    no_medium
    ask take_out
}

host()
{
    vcdr status "$URL"
}
