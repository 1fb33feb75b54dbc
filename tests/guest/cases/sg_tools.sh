# SPDX-License-Identifier: MIT
# The tools for SCSI ask for everything that a drive describes of itself, without a disc's content and
# with it.
programs="sg_inq sg_get_config sg_modes sg_logs sg_luns sg_turs sg_requests sg_readcap sg_vpd sg_map sg_opcodes sg_persist cd-info wodim"
explained="
    error in ioctl CDROMREADTOCHDR: Input/output error
    ^cd-info: Can't get first track number. I give up.
    Unable to decode page = 0x39, here is hex:
    Completed 3 Test Unit Ready commands with 0 errors
    ^ *data-in decoded as sense:
    ^ [0-9a-f]{2} +[0-9a-f ]* (6|10|12)    0,0    [A-Z]
    Sense key: No Sense|No additional sense information
"

ask_all()
{
    sg_inq -v $SR
    sg_inq $SG
    sg_vpd $SR
    sg_vpd -p di $SR
    sg_vpd -p sn $SR
    sg_get_config -vv $SR
    sg_get_config --current $SR
    sg_modes -a $SR
    sg_modes -6 -a $SR
    sg_modes -c 1 -p 0x2a $SR
    sg_modes -p 5 $SR
    sg_logs -a $SR
    sg_logs -p 0x39 $SR
    sg_luns $SR
    sg_turs -n 3 $SR
    sg_requests $SR
    sg_map -i
    sg_opcodes -v $SR
    sg_persist -c $SR
    sg_persist --out --register --param-sark=7 $SG
    sg_persist --out --reserve --param-rk=7 --prout-type=3 $SG
    sg_persist -k $SG
    sg_persist -r $SG
    sg_persist --out --release --param-rk=7 --prout-type=3 $SG
    sg_persist --out --register --param-rk=7 --param-sark=0 $SG
}

guest()
{
    ask_all
    # a blank disc has no table of contents
    must_fail cd-info --no-cddb -C $SR
    wodim dev=$SR gracetime=2 -tao -data /data/image.iso
    ask_all
    cd-info --no-cddb -C $SR
    sg_readcap $SR
}

host()
{
    recorded session-closed | says '"session":1'
}
