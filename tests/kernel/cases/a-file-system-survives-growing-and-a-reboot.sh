#!/bin/bash
# boots: 2
. "$(dirname "$0")/../lib.sh"
kept_disks 2 128M
mkdir -p /scratch/mnt

if [ "$boot" -eq 1 ]; then
  rlvm pvcreate "${disks[@]}"
  rlvm vgcreate store "${disks[@]}"
  rlvm lvcreate -n data -L 64m store
  node store data
  mkfs.ext4 -q /dev/store/data
  mount /dev/store/data /scratch/mnt
  head -c 24M /dev/urandom >/scratch/mnt/before
  rlvm lvextend -L +96m store/data
  same 'size of the device' "$(blockdev --getsize64 /dev/store/data)" $((160 << 20))
  resize2fs /dev/store/data
  head -c 90M /dev/urandom >/scratch/mnt/after
  (cd /scratch/mnt && sha256sum before after) >/share/sums
  # LVM2 does shrink it when told -y.
  if ours; then
    refused 5 rlvm lvreduce -y -L 32m store/data
    grep -q /scratch/mnt /scratch/refusal || fail 'the refusal does not name where it is mounted'
  fi
  same 'size after the refusal' "$(field store/data lv_size)" $((160 << 20))
  same 'size of the device' "$(blockdev --getsize64 /dev/store/data)" $((160 << 20))
  refused 5 rlvm vgchange -an store
  umount /scratch/mnt
  rlvm vgchange -an store
  no_node store data
  same 'tables left' "$(tables)" 'No devices found'
else
  same 'tables before activation' "$(tables)" 'No devices found'
  rlvm vgchange -ay store
  node store data
  e2fsck -fn /dev/store/data
  mount /dev/store/data /scratch/mnt
  (cd /scratch/mnt && sha256sum -c /share/sums)
  umount /scratch/mnt
  rlvm vgchange -an store
  no_node store data
fi
