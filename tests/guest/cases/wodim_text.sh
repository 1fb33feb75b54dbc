# SPDX-License-Identifier: MIT
# wodim burns a cue sheet with titles, catalogue number, ISRC and a pre-gap; libburn, libcdio and icedax
# read them back.
programs="wodim cdrskin cd-info icedax"

guest()
{
    cp /data/album.wav .
    cat >album.cue <<END
CATALOG 4012345678901
TITLE "Guest Album"
PERFORMER "The Kernels"
FILE "album.wav" WAVE
  TRACK 01 AUDIO
    TITLE "First Song"
    PERFORMER "The Kernels"
    ISRC DEVCD2600001
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Second Song"
    PERFORMER "Somebody"
    ISRC DEVCD2600002
    INDEX 00 00:04:00
    INDEX 01 00:04:20
END
    wodim -v dev=$SR gracetime=2 -dao -text cuefile=album.cue
    eject_and_load
    cdrskin dev=$SR cdtext_to_v07t=- | tee v07t
    grep 'Track 01 Title *= *First Song' v07t
    grep 'Track 02 Artist *= *Somebody' v07t
    grep 'Album Title *= *Guest Album' v07t
    cd-info --no-cddb -C $SR | tee info
    grep 'TITLE: Second Song' info
    grep 4012345678901 info
    grep DEVCD2600002 info
    icedax -D $SR -J -v catalog,indices,trackid,titles
}

host()
{
    read_cd 0 640 | same - "$DATA/album.pcm"
}
