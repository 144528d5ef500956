#!/bin/bash
# udevd: with
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
disks 2 700M
mnt=/scratch/mnt
mkdir -p "$mnt"

size() { blockdev --getsize64 "$1"; }
ext_size() { dumpe2fs -h "$1" 2>/dev/null | awk -F: '/^Block count/ { n = $2 } /^Block size/ { print n * $2 }'; }
whole() { (cd "$mnt" && sha256sum -c --quiet /scratch/sums); }

rlvm vgcreate store "${disks[@]}"
rlvm lvcreate -n data -L 64m store
dev=/dev/store/data
mkfs.ext4 -q "$dev"
mount "$dev" "$mnt"
head -c 20M /dev/urandom >"$mnt/content"
(cd "$mnt" && sha256sum content) >/scratch/sums

# Mounted: grows as it is, and is unmounted and mounted again to shrink.
rlvm lvextend -r -L 160m store/data
same 'file system grown' "$(ext_size "$dev")" $((160 << 20))
same 'device grown' "$(size "$dev")" $((160 << 20))
whole
refused 5 rlvm lvreduce -L 96m store/data
refused 5 rlvm lvreduce -r --fsmode nochange -L 96m store/data
same 'size after refusals' "$(field store/data lv_size)" $((160 << 20))
rlvm lvreduce -y -r -L 96m store/data
same 'file system shrunk' "$(ext_size "$dev")" $((96 << 20))
same 'device shrunk' "$(size "$dev")" $((96 << 20))
mountpoint -q "$mnt" || fail 'it was not mounted again'
whole
# What ends before the cut is not touched, though it is mounted.
rlvm lvextend -L 160m store/data
rlvm lvreduce -L 128m store/data
rlvm lvextend -r -L 128m store/data
same 'file system follows' "$(ext_size "$dev")" $((128 << 20))
# What does not fit stays as it is.
refused 5 rlvm lvreduce -y -r -L 8m store/data
same 'size kept' "$(size "$dev")" $((128 << 20))
mountpoint -q "$mnt" || mount "$dev" "$mnt"
whole
umount "$mnt"

# Unmounted: it is checked first.
rlvm lvresize -r -L +32m store/data
same 'grown unmounted' "$(ext_size "$dev")" $((160 << 20))
rlvm lvresize -r -L -64m store/data
same 'shrunk unmounted' "$(ext_size "$dev")" $((96 << 20))
e2fsck -fn "$dev"
# Without a file system there is nothing to resize.
rlvm lvcreate -n empty -L 16m store
refused 5 rlvm lvextend -r -L +16m store/empty
rlvm lvchange -an store/empty
refused 5 rlvm lvextend -r -L +16m store/empty
refused 5 rlvm lvreduce -L -4m store/empty
rlvm lvreduce --fs checksize -L -4m store/empty

# A mount that has another name than the LV.
mount "$dev" "$mnt"
rlvm lvrename store data other
refused 5 rlvm lvextend -r -L +16m store/other
umount "$mnt"

# xfs only grows, mounted: where it is, or for as long as it takes.
if command -v mkfs.xfs >/dev/null; then
  rlvm lvcreate -n big -L 320m store
  mkfs.xfs -q /dev/store/big
  rlvm lvextend -y -r -L +32m store/big
  mount /dev/store/big "$mnt"
  blocks() { stat -f -c %b "$mnt"; }
  before=$(blocks)
  rlvm lvextend -r -L +32m store/big
  [ "$(blocks)" -gt "$before" ] || fail 'xfs did not grow'
  refused 5 rlvm lvreduce -y -r -L -32m store/big
  refused 5 rlvm lvreduce -y -L -32m store/big
  umount "$mnt"
fi

# Extents that become free are told to the disks, where that is wanted.
rlvm lvcreate -n filled -L 200m store
head -c 200M /dev/urandom >/dev/store/filled
sync
used() { du -m --total /scratch/disk0 /scratch/disk1 | awk 'END { print $1 }'; }
before=$(used)
rlvm lvremove -y --config devices/issue_discards=1 store/filled
after=$(used)
[ "$after" -lt $((before - 150)) ] || fail "$before MiB were used, and $after MiB still are"
rlvm vgchange -an store
