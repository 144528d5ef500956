#!/bin/bash
. "$(dirname "$0")/../lib.sh"
theirs() {
  printf '+ lvm %s\n' "$*"
  lvm "$@"
}
live() { dmsetup info -c --noheadings -o name,uuid,attr | sort; tables; }
disks 3 384M

# Each makes LVs; each activates what the other made; the kernel is told the same.
rlvm vgcreate shared "${disks[@]}"
theirs lvcreate -n t1 -L 40m shared
rlvm lvcreate -n r1 -L 40m shared
theirs lvcreate -n t2 -L 48m -i 3 -I 32k shared
rlvm lvcreate -n r2 -L 48m -i 3 -I 32k shared
rlvm lvcreate -n across -L 120m shared
made=$(live)
theirs vgchange -an shared
rlvm vgchange -ay shared
same 'activated by rlvm' "$(live)" "$made"
rlvm vgchange -an shared
theirs vgchange -ay shared
same 'activated by lvm' "$(live)" "$made"

# Each resizes and renames, live, what the other made and activated.
mkfs.ext4 -q /dev/shared/t1
mkdir /scratch/mnt
mount /dev/shared/t1 /scratch/mnt
head -c 20M /dev/urandom >/scratch/mnt/data
sum=$(sha256sum </scratch/mnt/data)
rlvm lvextend -L +16m shared/t1
theirs lvextend -L +16m shared/t1
rlvm lvextend -L +12m shared/t2
theirs lvextend -L +12m shared/r2
theirs lvrename shared r1 r1-renamed
rlvm lvrename shared t2 t2-renamed
theirs lvreduce -y -L 100m shared/across
rlvm lvreduce -y -L 88m shared/across
same 'the data' "$(sha256sum </scratch/mnt/data)" "$sum"
resized=$(live)
umount /scratch/mnt
theirs vgchange -an shared
rlvm vgchange -ay shared
same 'a new activation by rlvm' "$(live)" "$resized"
rlvm vgchange -an shared
theirs vgchange -ay shared
same 'a new activation by lvm' "$(live)" "$resized"

# What one says, the other says.
for columns in lv_name,lv_size,lv_attr,devices,seg_type,lv_uuid lv_name,lv_active,lv_kernel_major,lv_kernel_minor,lv_path; do
  same "report $columns" "$(quiet lvs --noheadings -o $columns shared)" "$(lvm lvs --noheadings -o $columns shared)"
done
theirs lvremove -y shared/r1-renamed
rlvm lvremove -y shared/t1
theirs vgck shared
rlvm vgremove -y shared
same 'what lvm still sees' "$(lvm vgs --noheadings)" ''
same 'tables left' "$(tables)" 'No devices found'
