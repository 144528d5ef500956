#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
cd /scratch
truncate -s 128M disk.img
printf 'label: gpt\nsize=8M\nsize=100M,type=lvm\n' | sfdisk -q disk.img
export RLVM_DEVICES=/scratch/disk.img
rlvm pvcreate /scratch/disk.img:2
rlvm vgcreate inner /scratch/disk.img:2
rlvm lvcreate -an -L 20m -n data inner
head -c 5M /dev/urandom >file
rlvm import file inner/data
sum=$(sha256sum <file)

# Their tables stand on the image's one loop device, past the start of the partition.
rlvm vgchange -ay inner
settle
loop=$(losetup -nO NAME -j disk.img)
same 'the table' "$(dmsetup table inner-data)" "0 40960 linear 7:${loop#/dev/loop} $((18432 + 2048))"
same 'the data' "$(head -c 5M /dev/mapper/inner-data | sha256sum)" "$sum"
rlvm lvextend -L +12m inner/data
same 'the size' "$(blockdev --getsz /dev/mapper/inner-data)" 65536
rlvm vgchange -an inner
settle
same 'maps left' "$(tables)" 'No devices found'
same 'loops left' "$(losetup -nO NAME)" ''

# The same by maps of the partitions, where the host sees the PV.
unset RLVM_DEVICES
rlvm kpartx -a disk.img
settle
same 'the LV' "$(field inner/data lv_size)" 33554432
rlvm vgchange -ay inner
same 'the data still' "$(head -c 5M /dev/mapper/inner-data | sha256sum)" "$sum"
rlvm vgchange -an inner
rlvm kpartx -d disk.img
settle
same 'loops left' "$(losetup -nO NAME)" ''
