# SPDX-License-Identifier: MIT
# Two drives: both burn at once, and a disc is copied from the one into the other.
discs="cdr cdr"
programs="wodim cdrskin"

guest()
{
    wodim -v dev=$SR gracetime=2 -tao -multi -data /data/image.iso >first.log 2>&1 &
    cdrskin -v dev=$SR2 gracetime=0 -tao -multi -audio /data/one.wav >second.log 2>&1
    wait $!
    cat first.log second.log
    eject_and_load
    dd if=$SR bs=2048 count=$(($(stat -c %s /data/image.iso) / 2048)) |
        wodim dev=$SR2 gracetime=2 -tao -data tsize=$(stat -c %s /data/image.iso) -
}

host()
{
    rip "$URL" a
    rip "$URL2" b
    same a/track01.iso "$DATA/image.iso"
    samples b/track01.wav | same - "$DATA/one.pcm"
    same b/track02.iso "$DATA/image.iso"
}
