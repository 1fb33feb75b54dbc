# SPDX-License-Identifier: MIT
# An ordinary user of group cdrom burns and reads: the kernel's filter of commands lets all pass that it
# takes, also no vendor opcode.
programs="wodim cdrskin cd-info setpriv sg_get_config"

as_user()
{
    /bin/setpriv --reuid 65534 --regid 65534 --groups "$(stat -c %g $SR)" --bounding-set -all "$@"
}

guest()
{
    # wodim locks its memory; a login gives its user a limit
    ulimit -l unlimited
    chmod 777 .
    test "$(stat -c %G $SR $SG | uniq)" = cdrom
    as_user wodim -v dev=$SR gracetime=2 -tao -pad -multi -audio /data/one.wav
    as_user cdrskin dev=$SR -minfo
    as_user cdrskin -v dev=$SR gracetime=0 -tao -audio /data/two.wav
    as_user cd-info --no-cddb -C $SR
    as_user sg_get_config $SR
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
    burnt 320 302
}
