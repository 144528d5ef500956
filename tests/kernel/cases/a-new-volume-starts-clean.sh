#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 1 64M
# Where the first LV will lie there is a file system, and rubbish around it.
head -c 16M /dev/zero | tr '\0' '\252' | dd of="${disks[0]}" bs=1M seek=1 oflag=direct conv=notrunc status=none
truncate -s 8M /scratch/old
mkfs.ext4 -q -L leftover /scratch/old
dd if=/scratch/old of="${disks[0]}" bs=1M seek=1 conv=notrunc,fsync status=none
rlvm vgcreate vg "${disks[0]}"
rlvm lvcreate -y -n clean -L 8m vg
same 'file systems found' "$(blkid -p -o value -s TYPE /dev/vg/clean || true)" ''
cmp -n 4096 /dev/zero /dev/vg/clean

rlvm lvcreate -n dirty -Zn -Wn -L 4m vg
cmp -n 4096 <(head -c 4096 /dev/zero | tr '\0' '\252') /dev/vg/dirty
rlvm vgremove -y vg
