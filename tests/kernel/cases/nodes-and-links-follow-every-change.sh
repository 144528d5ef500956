#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 2 64M
rlvm vgcreate a-b "${disks[@]}"
rlvm lvcreate -n c--d -L 8m a-b
node a-b c--d
same 'the uuid' "$(dmsetup info -c --noheadings -o uuid a--b-c----d)" \
  "LVM-$(field a-b/c--d vg_uuid | tr -d -)$(field a-b/c--d lv_uuid | tr -d -)"
rlvm lvcreate -n x.y+z_1 -L 8m a-b
node a-b x.y+z_1
rlvm lvchange -an a-b/c--d
no_node a-b c--d
rlvm lvchange -ay a-b/c--d
node a-b c--d
# Not waiting for udev, names are there all the same.
rlvm lvchange --noudevsync -an a-b/c--d
settle
no_node a-b c--d
rlvm lvchange --noudevsync -ay a-b/c--d
node a-b c--d
settle
node a-b c--d
rlvm lvrename a-b c--d e
node a-b e
no_node a-b c--d
rlvm lvremove -y a-b/e
no_node a-b e
node a-b x.y+z_1
rlvm vgrename a-b f
node f x.y+z_1
no_node a-b x.y+z_1
# What a killed command left of names goes with the next change.
if ! has_udevd && ours; then
  ln -s ../mapper/f-gone /dev/f/gone
  rlvm lvcreate -n new -L 8m f
  ! [ -L /dev/f/gone ] || fail 'a stale link stays'
fi
rlvm vgremove -y f
no_node f x.y+z_1
