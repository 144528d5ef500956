#!/bin/bash
. "$(dirname "$0")/../lib.sh"
# Which devices there are is one number in the file: whoever finds another one makes new hints.
hints=/run/lvm/hints
said() { grep -E '^(devs_hash|scan):' "$hints" | sort; }
mkdir -p /run/lvm
disks 3 64M
rlvm vgcreate vg "${disks[0]}" "${disks[1]}"
rlvm pvcreate "${disks[2]}"
rlvm lvcreate -l 2 -n lv vg
settle
rm -f "$hints"
lvm pvs >/dev/null
made=$(<"$hints")
by_lvm=$(said)
[ -n "$by_lvm" ] || fail 'LVM2 made no hints'
rlvm pvs
rlvm lvs vg/lv
same 'hints of LVM2, after rlvm used them' "$(<"$hints")" "$made"
rm -f "$hints"
rlvm pvs
same 'hints of rlvm' "$(said)" "$by_lvm"
made=$(<"$hints")
lvm pvs >/dev/null
lvm lvs vg/lv >/dev/null
same 'hints of rlvm, after LVM2 used them' "$(<"$hints")" "$made"
# A device more, and each makes new ones.
truncate -s 64M /scratch/more
losetup -f /scratch/more
settle
rlvm pvs
by_rlvm=$(said)
[ "$by_rlvm" != "$by_lvm" ] || fail 'rlvm kept hints of fewer devices'
rm -f "$hints"
lvm pvs >/dev/null
same 'hints of rlvm, with a device more' "$by_rlvm" "$(said)"
rlvm vgchange -an vg
