# SPDX-License-Identifier: MIT
# What a case's host() and offline() are written in; run by sh -e as: host.sh CASE FUNCTION [WORD...], in
# a folder of the case's own. The environment has
#
#   VCDR                 the program
#   DISC, DISC2...       the disc files, URL, URL2... the drives, RECORD the daemon's record
#   DATA                 what the guest has as /data
#
# host() runs when guest() is over and the guest has logged out; offline() behind it, when the daemon has
# ended. A case has one of them or both, in this order.
vcdr()
{
    "$VCDR" "$@"
}

# The tracks of the first disc as track01.wav..., by the API's own reader over iSCSI.
rip()
{
    vcdr rip "${1:-$URL}" "${2:-rip}"
}

# read_cd LBA BLOCKS [URL]: the main channel of audio, as the disc has it
read_cd()
{
    vcdr send "${3:-$URL}" "be 04 $(printf '%08x' "$1") $(printf '%06x' "$2") 10 00 00" \
        --in $(($2 * 2352)) --out read_cd.out >&2
    cat read_cd.out
}

# samples FILE.wav: without the header, which the API's reader makes 44 bytes long
samples()
{
    tail -c +45 "$1"
}

# same A B: byte for byte, and says where not
same()
{
    cmp "$1" "$2"
}

# recorded EVENT: the record's lines of that event, as JSON
recorded()
{
    vcdr record "$RECORD" --json --event "$1"
}

# burnt BLOCKS...: the record has these tracks, and no other, in this order
burnt()
{
    got=$(recorded track-closed | sed 's/.*"blocks":\([0-9]*\).*/\1/' | tr '\n' ' ')
    echo "tracks of the record: $got"
    test "$got" = "$* "
}

# of a file in /data, in blocks of data
blocks()
{
    echo $(($(stat -c %s "$DATA/$1") / 2048))
}

# says WORDS: standard input has them, and is shown when not
says()
{
    said=$(cat)
    case $said in
    *"$1"*) ;;
    *)
        echo "not said: $1"
        echo "$said"
        return 1
        ;;
    esac
}

file=$1 function=$2
shift 2
. "$file"
"$function" "$@"
