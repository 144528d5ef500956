#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 2 64M 4096
same 'sector size' "$(blockdev --getss "${disks[0]}")" 4096
rlvm pvcreate "${disks[@]}"
rlvm vgcreate wide "${disks[@]}"
for i in 1 2 3 4 5 6; do rlvm lvcreate -n "lv$i" -L 8m wide; done
lvm vgck wide
lvm lvextend -L +8m wide/lv1
rlvm lvextend -L +8m wide/lv1
same 'size' "$(blockdev --getsize64 /dev/wide/lv1)" $((24 << 20))
mkfs.ext4 -q /dev/wide/lv1
mkdir /scratch/mnt
mount /dev/wide/lv1 /scratch/mnt
head -c 8M /dev/urandom >/scratch/mnt/data
sum=$(sha256sum </scratch/mnt/data)
rlvm lvremove -y wide/lv3
rlvm lvrename wide lv4 lv44
umount /scratch/mnt
rlvm vgchange -an wide
lvm vgchange -ay wide
mount /dev/wide/lv1 /scratch/mnt
same 'the data' "$(sha256sum </scratch/mnt/data)" "$sum"
umount /scratch/mnt
same 'LVs' "$(lvm lvs --noheadings -o lv_name wide | tr -d ' ' | tr '\n' ' ')" 'lv1 lv2 lv44 lv5 lv6 '
lvm vgremove -y wide
