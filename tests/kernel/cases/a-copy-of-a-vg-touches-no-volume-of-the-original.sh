#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
disks 2 64M
rlvm vgcreate one "${disks[0]}"
rlvm lvcreate -n a -L 8m one
mkfs.ext4 -q /dev/one/a
mkdir /scratch/mnt
mount /dev/one/a /scratch/mnt
echo one >/scratch/mnt/file
sync

# A copy of the disk, made a VG of another name, keeps the VG's id and the LV's.
dd if="${disks[0]}" of="${disks[1]}" bs=1M conv=notrunc status=none
rlvm vgrename --devices "${disks[1]}" --config 'global { activation = 0 }' one two
rlvm pvchange --devices "${disks[1]}" --config 'global { activation = 0 }' -u "${disks[1]}"
table=$(dmsetup table one-a)
intact() {
  node one a
  same 'the table' "$(dmsetup table one-a)" "$table"
  same 'the devices' "$(dmsetup ls | wc -l)" 1
  same 'the file' "$(cat /scratch/mnt/file)" one
}

# Seen together.
same 'what runs' "$(quiet lvs --noheadings -o vg_name,lv_active one two | tr -s ' \n' ' ')" ' one active two '
! rlvm lvchange -ay two/a || fail 'two LVs with one id run'
intact
rlvm vgchange -an two
rlvm lvextend -L 12m two/a
rlvm lvrename two/a b
intact

# Seen alone, what runs is not the copy's either.
alone=(--devices "${disks[1]}")
rlvm lvextend "${alone[@]}" -L 16m two/b
intact
rlvm lvcreate -y -n other -L 4m two
node two other
rlvm lvremove -y two/other
intact

# With an id of its own it is a VG like any other.
rlvm vgchange -u two
rlvm lvchange -ay two/b
node two b
rlvm vgremove -y two
intact
umount /scratch/mnt
rlvm vgremove -y one
