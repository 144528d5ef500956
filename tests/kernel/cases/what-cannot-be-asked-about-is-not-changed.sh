#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
disks 2 64M
rlvm vgcreate vg "${disks[0]}"
rlvm lvcreate -n b -L 8m vg
rlvm lvcreate -n c -L 8m vg
mkfs.ext4 -q /dev/vg/b
mkdir /scratch/mnt
mount /dev/vg/b /scratch/mnt

# Another device stands where device-mapper's control node is.
mknod /scratch/null c 1 3
mount --bind /scratch/null /dev/mapper/control
before=$(sha256sum "${disks[0]}")
for line in 'lvremove -f vg/b' 'lvremove vg/c' 'lvreduce -f -y --fs ignore -L 4m vg/b' 'lvextend -L 12m vg/b' \
  'lvrename vg/b d' 'vgrename vg other' 'vgremove -ff -y vg' 'vgexport vg' 'lvchange -an vg/b' 'vgchange -an vg' \
  'lvchange -pr vg/b'; do
  # shellcheck disable=SC2086 # words
  refused 5 rlvm $line </dev/null
  grep -q 'in use is not known: /dev/mapper/control' /scratch/refusal || fail 'the refusal does not say why'
done
sync
same 'the disk' "$(sha256sum "${disks[0]}")" "$before"
rlvm lvs vg
rlvm lvcreate -an -Zn -Wn -n new -L 4m vg
rlvm lvchange --addtag x vg/b
rlvm vgextend vg "${disks[1]}"
rlvm lvremove -y vg/new --config global/activation=0
umount /dev/mapper/control

umount /scratch/mnt
rlvm vgremove -y vg
