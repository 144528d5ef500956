#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 1 128M
rlvm vgcreate first "${disks[0]}"
rlvm lvcreate -n old-name -L 32m first
mkfs.ext4 -q /dev/first/old-name
mkdir /scratch/mnt
mount /dev/first/old-name /scratch/mnt
echo one >/scratch/mnt/file

rlvm lvrename first old-name new-name
node first new-name
no_node first old-name
echo two >>/scratch/mnt/file

rlvm vgrename first second-vg
node second-vg new-name
no_node first new-name
echo three >>/scratch/mnt/file
sync
umount /scratch/mnt
mount /dev/second-vg/new-name /scratch/mnt
same 'the file' "$(tr '\n' ' ' </scratch/mnt/file)" 'one two three '
umount /scratch/mnt
rlvm vgremove -y second-vg
no_node second-vg new-name
[ ! -e /dev/second-vg ] || fail 'the directory of the VG is left'
