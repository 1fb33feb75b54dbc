# SPDX-License-Identifier: MIT
# The API on the host holds the drive while the guest's kernel polls it, opens it, finds it anew, and a
# burner tries: all are refused, nothing is harmed, and behind it everything works. Then the API burns,
# and the kernel learns of it without a hand on the tray.
programs="wodim cd-info"
explained="
    dd: /dev/sr0: Input/output error
    mount: mounting /dev/sr0 on /mnt/a failed
    wodim: Illegal write mode for this drive
"
kernel_explained="
    reservation conflict$
    sr [0-9:]+: Mode parameters changed$
    FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK
    CDB: (Read\(10\) 28|Test Unit Ready)
    critical nexus error, dev sr0, sector 0 op 0x0
    Buffer I/O error on dev sr0, logical block 0
    isofs_fill_super: bread failed, dev=sr0, iso_blknum=16
    scsi_io_completion_action: [0-9]+ callbacks suppressed
"

# On the host: holds the drive until release() is asked for.
hold()
{
    rm -f release
    "$VCDR" lock "$URL" --client-name "Owner 1.0" -- \
        sh -c 'touch held; until [ -e release ]; do sleep 0.05; done; rm held' >lock.log 2>&1 &
    until [ -e held ]; do sleep 0.05; done
}

release()
{
    touch release
    while [ -e held ]; do sleep 0.05; done
    until ! vcdr owner "$URL"; do sleep 0.05; done
}

burn()
{
    vcdr burn "$URL" "$DATA/one.wav" --no-finalize --client-name "Burner 1.0"
}

# The kernel forgets the device and finds it anew.
rescan()
{
    for host in /sys/class/scsi_host/host*; do
        echo 1 >"/sys/block/${SR#/dev/}/device/delete"
        echo "- - -" >"$host/scan"
    done
    udevadm wait --timeout=30 --settle "$SR"
}

guest()
{
    poll 100
    ask hold
    must_fail dd if=$SR of=/dev/null count=1
    must_fail wodim dev=$SR gracetime=2 -tao -multi -audio /data/one.wav
    must_fail mount -t iso9660 -o ro $SR /mnt/a
    rescan
    poll 100
    udevadm trigger --settle --action=change $SR
    ask release
    ask burn
    wait_for "udevadm info --query=property $SR | grep ID_CDROM_MEDIA_TRACK_COUNT_AUDIO=1"
    cd-info --no-cddb -C $SR
    ask hold
    udevadm trigger --settle --action=change $SR
    ask release
    wodim -v dev=$SR gracetime=2 -tao -pad -audio /data/two.wav
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
    recorded exclusive-denied | says '"owner":"Owner 1.0"'
}
