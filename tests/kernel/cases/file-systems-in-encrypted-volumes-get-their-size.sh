#!/bin/bash
. "$(dirname "$0")/../lib.sh"
command -v cryptsetup >/dev/null || skip 'no cryptsetup'
modprobe -q dm-crypt || true
dmsetup targets | grep -q '^crypt' || skip 'a kernel without dm-crypt'
disks 1 300M
mkdir -p /scratch/m
# The key of LUKS1 is in the table, so that nobody has to be asked for it.
encrypted() {
  rlvm lvcreate -Wn -n "$1" -L "$2" vg
  printf secret | cryptsetup luksFormat -q --type luks1 -i 1 --key-file - "/dev/vg/$1"
  printf secret | cryptsetup open --key-file - "/dev/vg/$1" plain
  settle
}
size() { df --output=size /scratch/m | tail -1; }
rlvm vgcreate -s 1m vg "${disks[0]}"
encrypted store 64M
mkfs.ext4 -q /dev/mapper/plain
mount /dev/mapper/plain /scratch/m
head -c 8M /dev/urandom >/scratch/m/data
sum=$(sha256sum </scratch/m/data)
before=$(size)
rlvm lvextend -r -L 96m vg/store
[ "$(size)" -gt "$before" ] || fail 'the file system did not grow'
same 'encrypted device' "$(blockdev --getsize64 /dev/mapper/plain)" $(((96 - 2) << 20))
# Nothing is cut that nobody asked to be shrunk, above the LV neither.
refused 5 rlvm lvreduce -y -L 64m vg/store
grep -qF 'File system reduce is required' /scratch/refusal
refused 5 rlvm lvreduce -y -r -L 2m vg/store
grep -qF 'not enough space left for crypt data' /scratch/refusal
rlvm lvreduce -y -r -L 64m vg/store
same 'LV' "$(field vg/store lv_size)" $((64 << 20))
same 'encrypted device' "$(blockdev --getsize64 /dev/mapper/plain)" $(((64 - 2) << 20))
mountpoint -q /scratch/m || fail 'it is not mounted any more'
same 'size' "$(size)" "$before"
same 'data' "$(sha256sum </scratch/m/data)" "$sum"
umount /scratch/m
e2fsck -fn /dev/mapper/plain
# A file system that was shrunk before: its device follows with the LV.
e2fsck -fy /dev/mapper/plain
resize2fs /dev/mapper/plain 40m
refused 5 rlvm lvreduce -L 48m vg/store
grep -qF 'crypt reduce is required' /scratch/refusal
rlvm lvreduce -r -L 48m vg/store
same 'encrypted device' "$(blockdev --getsize64 /dev/mapper/plain)" $(((48 - 2) << 20))
e2fsck -fn /dev/mapper/plain
cryptsetup close plain
refused 5 rlvm lvextend -r -L 64m vg/store
grep -qF 'LUKS dm-crypt device must be active for fs resize.' /scratch/refusal
same 'LV' "$(field vg/store lv_size)" $((48 << 20))
rlvm lvextend -L 64m vg/store
rlvm vgremove -y vg
