#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 3 64M
rlvm vgcreate -s 1m vg "${disks[@]}"
rlvm lvcreate -n lv -L 40m vg
rlvm lvcreate -n wall -L 20m vg
head -c 40M /dev/urandom >/scratch/data
dd if=/scratch/data of=/dev/vg/lv bs=1M oflag=direct status=none
rlvm lvextend -l +100%FREE vg/lv
same 'segments' "$(dmsetup table vg-lv | wc -l)" "$(quiet lvs --noheadings --segments -o seg_type vg/lv | wc -l)"
cmp -n $((40 << 20)) /scratch/data /dev/vg/lv
rlvm lvreduce -y -L 20m vg/lv
same 'size of the device' "$(blockdev --getsize64 /dev/vg/lv)" $((20 << 20))
cmp -n $((20 << 20)) /scratch/data /dev/vg/lv
rlvm lvresize -L 30m vg/lv
same 'size of the device' "$(blockdev --getsize64 /dev/vg/lv)" $((30 << 20))
rlvm lvchange -an vg/lv
rlvm lvextend -L +10m vg/lv
no_node vg lv
rlvm lvchange -ay vg/lv
same 'size of the device' "$(blockdev --getsize64 /dev/vg/lv)" $((40 << 20))
cmp -n $((20 << 20)) /scratch/data /dev/vg/lv
rlvm lvremove -y vg/wall
# What somebody has open is shrunk only where that was said to be all the same.
rlvm lvcreate -Wn -n held -L 16m vg
exec 9<>/dev/vg/held
refused 5 rlvm lvreduce -y -L 8m vg/held
grep -qF 'in use' /scratch/refusal
refused 5 rlvm lvreduce -L 8m --fs ignore vg/held </dev/null
grep -qF 'WARNING: Reducing active and open logical volume to 8.00 MiB.' /scratch/refusal
rlvm lvreduce -y -L 8m --fs ignore vg/held
exec 9>&-
same 'size' "$(field vg/held lv_size)" $((8 << 20))
rlvm vgremove -y vg
