#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
disks 2 256M
rlvm vgcreate -s 512k vg "${disks[@]}"
rlvm lvcreate -n data -L 32m vg
mkfs.ext4 -q /dev/vg/data
mkdir /scratch/mnt
mount /dev/vg/data /scratch/mnt
head -c 16M /dev/urandom >/scratch/mnt/data
sum=$(sha256sum </scratch/mnt/data)

# Kill resizes of a mounted LV at moments spread over the time that one takes.
from=$(date +%s%N)
rlvm lvextend -l +1 vg/data
took=$((($(date +%s%N) - from) / 1000))
for i in $(seq 40); do
  "$RLVM" lvextend -l +1 vg/data >/dev/null 2>&1 &
  sleep "$(awk -v us="$took" -v i="$i" 'BEGIN { printf "%.6f", us * i / 40 / 1e6 }')"
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  for _ in $(seq 100); do
    dmsetup info -c --noheadings -o suspended vg-data | grep -qi suspended || break
    sleep 0.05
  done
  ! dmsetup info -c --noheadings -o suspended vg-data | grep -qi suspended || fail "suspended after kill $i"
  timeout 10 sh -c 'echo still >>/scratch/mnt/alive; sync' || fail "writes hang after kill $i"
done
# The next command mends what the last kill left half done: metadata and kernel agree again.
rlvm lvextend -l +1 vg/data
same 'size of the device' "$(blockdev --getsize64 /dev/vg/data)" "$(field vg/data lv_size)"
lvm vgck vg
echo 3 >/proc/sys/vm/drop_caches
same 'the data' "$(sha256sum </scratch/mnt/data)" "$sum"
umount /scratch/mnt
e2fsck -fn /dev/vg/data
rlvm vgremove -y vg
