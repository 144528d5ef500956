#!/bin/bash
# needs: rlvm
# udevd: with
. "$(dirname "$0")/../lib.sh"
cd /scratch
truncate -s 128M disk.img
printf 'label: gpt\nsize=8M\nsize=100M,type=lvm\n' | sfdisk -q disk.img
rlvm kpartx -a disk.img
settle
part=/dev/mapper/$(basename "$(losetup -nO NAME -j disk.img)")p2
rlvm pvcreate "$part"
rlvm vgcreate inner "$part"
rlvm lvcreate -L 40m -n data inner
mkfs.ext4 -q /dev/inner/data
mkdir mnt
mount /dev/inner/data mnt
head -c 10M /dev/urandom >mnt/file
sum=$(sha256sum <mnt/file)
refused 1 "$RLVM" kpartx -d disk.img
grep -q 'in use by .*inner-data' /scratch/refusal
umount mnt
rlvm vgchange -an inner
settle
rlvm kpartx -d disk.img
settle
same 'maps left' "$(tables)" 'No devices found'
same 'loops left' "$(losetup -nO NAME)" ''

rlvm kpartx -a disk.img
settle
rlvm vgchange -ay inner
mount /dev/inner/data mnt
same 'the data' "$(sha256sum <mnt/file)" "$sum"
umount mnt
rlvm vgchange -an inner
settle
rlvm kpartx -d disk.img
settle
same 'maps left' "$(tables)" 'No devices found'
same 'loops left' "$(losetup -nO NAME)" ''
