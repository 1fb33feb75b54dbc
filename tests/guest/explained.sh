# SPDX-License-Identifier: MIT
# Words for several cases' kernel_explained, a regular expression a line; a case adds which sectors.

# udev searches for file systems all over a disc, also where there is audio, or nothing between two
# sessions.
refused_reads="
    FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK
    Sense Key : Illegal Request \\[current\\]
    Add. Sense: Illegal mode for this track
    CDB: Read\\(10\\) 28 00 00 "

# genisoimage writes the size of the new session alone as that of the volume, so that the kernel holds
# its Rock Ridge for damaged and takes the Joliet names.
second_session="
    rock: corrupted directory entry. extent=[0-9]+ out of volume
    ISOFS: changing to secondary root
    ISOFS: Session [0-9]+ start [0-9]+ type 4"
