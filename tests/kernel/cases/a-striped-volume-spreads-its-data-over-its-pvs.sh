#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 3 64M
rlvm vgcreate -s 1m stripes "${disks[@]}"
rlvm lvcreate -n wide -i 3 -I 16k -L 30m stripes
node stripes wide
table=$(dmsetup table stripes-wide)
minor() { printf '%d:%d' "0x$(stat -c %t "$1")" "0x$(stat -c %T "$1")"; }
same 'the table' "$table" "0 61440 striped 3 32 $(minor "${disks[0]}") 2048 $(minor "${disks[1]}") 2048 $(minor "${disks[2]}") 2048"

# Chunk n of the LV is chunk n/3 of PV n%3, from its first extent on.
head -c 30M /dev/urandom >/scratch/data
dd if=/scratch/data of=/dev/stripes/wide bs=1M oflag=direct status=none
sync
for chunk in 0 1 2 3 700 1919; do
  cmp <(dd if=/scratch/data bs=16k skip=$chunk count=1 status=none) \
    <(dd if="${disks[chunk % 3]}" bs=16k skip=$((64 + chunk / 3)) count=1 iflag=direct status=none)
done

rlvm lvextend -L +30m stripes/wide
same 'lines of the table' "$(dmsetup table stripes-wide | wc -l)" 1
same 'size of the device' "$(blockdev --getsize64 /dev/stripes/wide)" $((60 << 20))
cmp -n $((30 << 20)) /scratch/data /dev/stripes/wide
rlvm vgchange -an stripes
rlvm vgchange -ay stripes
cmp -n $((30 << 20)) /scratch/data /dev/stripes/wide
rlvm vgremove -y stripes
no_node stripes wide
