# SPDX-License-Identifier: MIT
# cdrdao burns its own description of a disc, reads it back from the disc, and copies it to another.
discs="cdr cdr"
programs="cdrdao"

guest()
{
    # 0x10: with CD-Text
    cat >album.toc <<END
CD_DA
CATALOG "4012345678901"
CD_TEXT {
  LANGUAGE_MAP { 0 : EN }
  LANGUAGE 0 { TITLE "Guest Album" PERFORMER "The Kernels" }
}
TRACK AUDIO
ISRC "DEVCD2600001"
CD_TEXT { LANGUAGE 0 { TITLE "First Song" PERFORMER "The Kernels" } }
FILE "/data/one.wav" 0
TRACK AUDIO
ISRC "DEVCD2600002"
CD_TEXT { LANGUAGE 0 { TITLE "Second Song" PERFORMER "Somebody" } }
PREGAP 00:02:00
FILE "/data/album.wav" 0
END
    cdrdao write --device $SR --driver generic-mmc:0x10 -n album.toc
    eject_and_load
    cdrdao disk-info --device $SR --driver generic-mmc
    cdrdao read-cd --device $SR --driver generic-mmc:0x10 --datafile copy.bin copy.toc
    cat copy.toc
    grep 'ISRC "DEVCD2600002"' copy.toc
    grep 'TITLE "Second Song"' copy.toc
    cdrdao write --device $SR2 --driver generic-mmc-raw -n copy.toc
}

host()
{
    for url in "$URL" "$URL2"; do
        read_cd 0 320 "$url" | same - "$DATA/one.pcm"
        read_cd 470 640 "$url" | same - "$DATA/album.pcm"
    done
}
