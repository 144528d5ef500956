#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
cd /scratch
truncate -s 64M a.img b.img
export RLVM_DEVICES=/scratch/a.img,/scratch/b.img LVM_SYSTEM_DIR=/scratch/etc
mkdir etc mnt
attached() { losetup -n -O BACK-FILE | sort; }
same 'loops at first' "$(attached)" ''
rlvm pvcreate a.img b.img
rlvm vgcreate pictures a.img b.img
same 'loops after work on metadata' "$(attached)" ''

rlvm lvcreate -ay -n one -L 96m pictures
node pictures one
same 'loops of the active LV' "$(attached)" $'/scratch/a.img\n/scratch/b.img'
mkfs.ext4 -q /dev/pictures/one
mount /dev/pictures/one mnt
head -c 40M /dev/urandom >mnt/data
sum=$(sha256sum <mnt/data)
rlvm lvextend -L +16m pictures/one
resize2fs /dev/pictures/one
umount mnt
rlvm vgchange -an pictures
no_node pictures one
settle
same 'loops after deactivation' "$(attached)" ''

rlvm vgchange -ay pictures
mount /dev/pictures/one mnt
same 'the data' "$(sha256sum <mnt/data)" "$sum"
umount mnt
rlvm lvremove -y pictures/one
settle
same 'loops at the end' "$(attached)" ''
