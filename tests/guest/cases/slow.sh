# SPDX-License-Identifier: MIT
# A drive that takes its time: the programs wait for blanking and fixating as they see fit, with Immed
# and without, while the kernel polls, and a third drive of the daemon is not slower for it.
discs="rw cdr cdr"
serve="--timing real --timing real --timing none"
programs="wodim cdrskin"

guest()
{
    poll 100
    wodim -v dev=$SR gracetime=2 -immed blank=fast &
    blanking=$!
    wodim -v dev=$SR2 gracetime=2 -immed -tao -multi -data /data/image.iso &
    burning=$!
    wodim -v dev=$SR3 gracetime=2 -tao -data /data/image.iso
    wait $burning
    cdrskin -v dev=$SR2 gracetime=0 -tao -audio /data/one.wav
    wait $blanking
    cdrskin dev=$SR -minfo
}

host()
{
    for url in "$URL2" "$URL3"; do
        rm -rf rip
        rip "$url"
        same rip/track01.iso "$DATA/image.iso"
    done
    rip "$URL2" two
    samples two/track02.wav | same - "$DATA/one.pcm"
    recorded medium-blanked | says medium-blanked
}
