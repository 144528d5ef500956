#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 3 64M
rlvm vgcreate vg "${disks[1]}"
rlvm lvcreate -l 2 -n lv vg
dd if="${disks[1]}" of="${disks[0]}" bs=1M count=3 status=none
settle
# why NAME REASON: both use that device of two, for that reason.
why() {
  local said
  said=$(quiet pvs --nohints 2>&1 >/dev/null | grep prefers)
  [[ $said == *" prefers device $1 because $2." ]] || fail "said $said"
  same 'what LVM2 says' "$(lvm pvs --nohints 2>&1 >/dev/null | grep prefers)" "$said"
}
why "${disks[1]}" 'device is used by LV'
rlvm vgchange -an vg
why "${disks[1]}" 'device name matches previous'
# A larger copy, and the PV under the name of its copy.
truncate -s 80M /scratch/disk1
losetup -c "${disks[1]}"
why "${disks[0]}" 'device size is correct'
dd if=/dev/zero of="${disks[1]}" bs=1M count=3 status=none
dd if="${disks[0]}" of="${disks[2]}" bs=1M count=3 status=none
why "${disks[0]}" 'device was seen first'
