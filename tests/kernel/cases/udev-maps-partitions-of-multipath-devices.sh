#!/bin/bash
# needs: rlvm
# udevd: with
. "$(dirname "$0")/../lib.sh"
rules=$(readlink -f "$(dirname "$0")/../../../boot/udev")
mkdir -p /run/udev/rules.d
# In place of multipath-tools' own, should they be here.
for name in 56-dm-parts 60-kpartx 66-kpartx 11-dm-parts; do ln -sf /dev/null "/run/udev/rules.d/$name.rules"; done
for file in "$rules"/*.rules; do
  sed -e "s|@SBINDIR@/rlvm|$RLVM|" -e '/^TEST==/d' "$file" >"/run/udev/rules.d/${file##*/}"
done
udevadm control --reload
cd /scratch
truncate -s 32M disk
sgdisk -n1:2048:+4M -n2:0:+4M -u1:11111111-2222-3333-4444-555555555555 disk >/dev/null
loop=$(losetup -f --show disk)
dmsetup create mpatha -u mpath-3600deadbeef --table "0 65536 linear $loop 0"
settle
sleep 1
settle
same 'the maps' "$(dmsetup info -c --noheadings -o name | sort | tr '\n' ' ')" 'mpatha mpatha-part1 mpatha-part2 '
same 'the uuid' "$(dmsetup info -c --noheadings -o uuid mpatha-part2)" part2-mpath-3600deadbeef
one=$(readlink -f /dev/mapper/mpatha-part1)
for link in by-id/scsi-3600deadbeef-part1 by-id/wwn-0x600deadbeef-part1 \
  by-partuuid/11111111-2222-3333-4444-555555555555; do
  same "$link" "$(readlink -f "/dev/disk/$link")" "$one"
done
same 'what udev is told' "$("$RLVM" kpartx --udev /dev/mapper/mpatha-part1 | tr '\n' ' ')" \
  'DM_PART=1 DM_MPATH=mpatha DM_TYPE=scsi DM_SERIAL=3600deadbeef DM_WWN=0x600deadbeef '
rlvm kpartx -d /dev/mapper/mpatha
settle
same 'the maps' "$(dmsetup info -c --noheadings -o name)" mpatha
dmsetup remove mpatha
