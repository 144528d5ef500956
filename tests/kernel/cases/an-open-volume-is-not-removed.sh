#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 1 128M
rlvm vgcreate vg "${disks[0]}"
rlvm lvcreate -n busy -L 16m vg
rlvm lvcreate -n idle -L 16m vg
before=$(tables)

exec 7</dev/vg/busy
refused 5 rlvm lvremove -y vg/busy
refused 5 rlvm lvchange -an vg/busy
exec 7<&-
mkfs.ext4 -q /dev/vg/busy
mkdir /scratch/mnt
mount /dev/vg/busy /scratch/mnt
refused 5 rlvm lvremove -y vg/busy
if ours; then grep -q /scratch/mnt /scratch/refusal || fail 'the refusal does not name where it is mounted'; fi
refused 5 rlvm vgremove -y vg
same 'LVs' "$(field vg lv_name | sort | head -n 1)" busy
umount /scratch/mnt
same 'the tables of what is left' "$(dmsetup table vg-busy)" "$(sed -n 's/^vg-busy: //p' <<<"$before")"

rlvm lvremove -y vg/busy
no_node vg busy
rlvm vgremove -y vg
no_node vg idle
