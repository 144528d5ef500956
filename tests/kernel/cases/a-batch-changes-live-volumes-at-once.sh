#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
disks 3 64M
rlvm vgcreate vg "${disks[0]}" "${disks[1]}"
rlvm lvcreate -n current -L 8m vg
rlvm lvcreate -n kept -L 8m vg
mkfs.ext4 -q /dev/vg/kept
mkdir /scratch/mnt
mount /dev/vg/kept /scratch/mnt
echo one >/scratch/mnt/file
before=$(quiet vgs --noheadings -o vg_seqno vg)

# A failure in the middle leaves everything as it was, with a mounted file system on it.
printf '%s\n' 'lvextend -L +4m vg/kept' 'lvremove -y vg/current' 'lvcreate -n large -L 1g vg' >/scratch/script
! rlvm batch vg /scratch/script || fail 'a batch that cannot be done was done'
same 'the seqno' "$(quiet vgs --noheadings -o vg_seqno vg)" "$before"
node vg current
same 'the table' "$(dmsetup table vg-kept | wc -l)" 1

# The name of what goes is taken by what comes, a live LV grows, a PV joins.
cat >/scratch/script <<END
lvcreate -n new -L 12m vg
lvextend -L +4m vg/kept
vgextend vg ${disks[2]}
lvcreate -n far -L 20m vg ${disks[2]}
lvremove -y vg/current
lvrename vg/new current
lvchange -an vg/far
END
rlvm batch vg /scratch/script
same 'the seqno' "$(quiet vgs --noheadings -o vg_seqno vg | tr -d ' ')" $((before + 1))
node vg current
no_node vg new
no_node vg far
same 'the size' "$(blockdev --getsize64 /dev/vg/current)" $((12 << 20))
same 'the size' "$(blockdev --getsize64 /dev/vg/kept)" $((12 << 20))
same 'the file' "$(cat /scratch/mnt/file)" one
! dmsetup info | grep -q SUSPENDED || fail 'something is suspended'
umount /scratch/mnt
rlvm vgremove -y vg
