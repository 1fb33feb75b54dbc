# SPDX-License-Identifier: MIT
# wodim and cdrskin rehearse, in each way: the disc stays blank, and takes the real burn behind it.
programs="wodim cdrskin"

guest()
{
    wodim -v dev=$SR gracetime=2 -dummy -tao -pad -audio /data/one.wav /data/two.wav
    wodim -v dev=$SR gracetime=2 -dummy -sao -pad -audio /data/one.wav /data/two.wav
    cdrskin -v dev=$SR gracetime=0 -dummy -tao -data /data/image.iso
    cdrskin -v dev=$SR gracetime=0 -dummy -sao -audio /data/one.wav
    cdrskin dev=$SR -minfo | tee minfo
    grep 'disk status: *empty' minfo
    wodim -v dev=$SR gracetime=2 -tao -data /data/image.iso
}

offline()
{
    vcdr disc export "$DISC" --iso out.iso
    same out.iso "$DATA/image.iso"
}
