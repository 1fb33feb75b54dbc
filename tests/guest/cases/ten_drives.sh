# SPDX-License-Identifier: MIT
# Ten drives of one daemon, and ten burners at once.
discs="cdr cdr cdr cdr cdr cdr cdr cdr cdr cdr"
programs="wodim"

guest()
{
    burners=
    for node in $SR $SR2 $SR3 $SR4 $SR5 $SR6 $SR7 $SR8 $SR9 $SR10; do
        wodim dev=$node gracetime=2 -tao -audio /data/one.wav >"${node#/dev/}.log" 2>&1 &
        burners="$burners $!"
    done
    for burner in $burners; do
        wait $burner
    done
    cat *.log
}

host()
{
    for url in "$URL" "$URL2" "$URL3" "$URL4" "$URL5" "$URL6" "$URL7" "$URL8" "$URL9" "$URL10"; do
        rm -rf rip
        rip "$url"
        samples rip/track01.wav | same - "$DATA/one.pcm"
    done
}
