#!/bin/sh
# SPDX-License-Identifier: MIT
# audio.sh FOLDER: real audio as samples alone, 44.1 kHz, stereo, 16 bits: speech.pcm, longer than 4
# seconds; short.pcm, shorter; odd.pcm, longer and no multiple of a sector. And the same as WAV files.
set -eu
sounds=/usr/share/sounds/alsa
for program in espeak-ng sox; do
    command -v "$program" >/dev/null || { echo "audio.sh: no $program here" >&2; exit 77; }
done
[ -e "$sounds/Noise.wav" ] || { echo "audio.sh: no recordings of alsa-utils here" >&2; exit 77; }
mkdir -p "$1"

# convert NAME EFFECT... : from $input
convert()
{
    name=$1
    shift
    sox -R $input -r 44100 -c 2 -b 16 -e signed-integer "$out/$name.wav" norm -3 "$@"
    sox "$out/$name.wav" -t raw -L "$out/$name.pcm"
}

out=$1
espeak-ng -w "$out/spoken" "Track one of a disc that was never pressed, spoken by a machine for a machine."
input="-t wav $out/spoken" convert speech
input="$sounds/Front_Center.wav" convert short
# cut where the length is no multiple of a sector
input="$sounds/Front_Left.wav $sounds/Rear_Right.wav $sounds/Side_Left.wav $sounds/Front_Right.wav $sounds/Side_Right.wav" \
    convert odd trim 0s 270001s
rm -f "$out/spoken"

# An ISO image, longer than the 300 sectors that a track has at least.
command -v genisoimage >/dev/null || { echo "audio.sh: no genisoimage here" >&2; exit 77; }
mkdir -p "$out/tree"
cp "$out/speech.wav" "$out/short.wav" "$0" "$out/tree"
genisoimage -quiet -R -V VCDR -o "$out/image.iso" "$out/tree"
rm -rf "$out/tree"
