# SPDX-License-Identifier: MIT
# cdrskin burns titles from a Sony sheet, catalogue number and ISRCs; libburn and libcdio read them back.
programs="cdrskin cd-info"

guest()
{
    cat >sheet <<END
Input Sheet Version = 0.7T
Text Code           = 8859
Language Code       = English
Album Title         = Guest Album
Artist Name         = The Kernels
UPC / EAN           = 4012345678901
First Track Number  = 1
Last Track Number   = 2
Track 01 Title      = First Song
Track 01 Artist     = The Kernels
ISRC 01             = DEVCD2600001
Track 02 Title      = Second Song
Track 02 Artist     = Somebody
ISRC 02             = DEVCD2600002
END
    cdrskin -v dev=$SR gracetime=0 -sao input_sheet_v07t=sheet -audio /data/one.wav /data/two.wav
    eject_and_load
    cdrskin dev=$SR cdtext_to_v07t=- | tee v07t
    grep 'Track 01 Title *= *First Song' v07t
    grep 'Track 02 Artist *= *Somebody' v07t
    grep 'UPC / EAN *= *4012345678901' v07t
    cd-info --no-cddb -C $SR | tee info
    grep 'TITLE: Second Song' info
    grep 4012345678901 info
    grep DEVCD2600001 info
}

host()
{
    rip
    samples rip/track01.wav | same - "$DATA/one.pcm"
    samples rip/track02.wav | same - "$DATA/two.pcm"
}
