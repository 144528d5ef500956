#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
disks 4 64M
export LVM_SYSTEM_DIR=/scratch/etc
mkdir -p "$LVM_SYSTEM_DIR"
a=${disks[0]} b=${disks[1]} c=${disks[2]} d=${disks[3]}
rlvm pvcreate "$c"
rlvm vgcreate vg "$a" "$b"
rlvm lvcreate -n one -L 16m vg
rlvm lvcreate -n two -L 16m vg
rlvm lvchange -an vg/two
mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 /dev/vg/one
mkdir /scratch/mnt
mount /dev/vg/one /scratch/mnt
truncate -s 64M /scratch/e.img /scratch/f.img
head -c 100k /dev/urandom >/scratch/source
rlvm pvcreate /scratch/e.img
images() { RLVM_DEVICES=/scratch/e.img,/scratch/f.img rlvm "$@"; }
images vgcreate pictures /scratch/e.img
images lvcreate -an -Zn -Wn -n one -L 16m pictures

# Everything that a command may leave behind.
seen() {
  sync
  losetup -n -O NAME,BACK-FILE | sort
  dmsetup table | sort
  dmsetup info -c --noheadings -o name,attr,open | sort
  find /dev/vg /dev/mapper /run/lvm "$LVM_SYSTEM_DIR" ! -type d -printf '%p %T@ %l\n' 2>/dev/null | sort
  # Whatever is written reaches the files behind, and shows in their times.
  stat -c '%n %y' /scratch/disk? /scratch/*.img
}

# plan ARG...: shows a plan, as text and as a document, and leaves all as it is.
plan() {
  local before name=$1
  shift
  before=$(seen)
  rlvm "$name" --plan "$@"
  same "what is there after $name --plan $*" "$(seen)" "$before"
  rlvm "$name" --plan --reportformat json "$@" >/dev/null
  same "what is there after $name --plan --reportformat json $*" "$(seen)" "$before"
}

plan lvcreate -n new -L 8m vg
plan lvcreate -i 2 -n new -L 8m vg
plan lvextend -L +8m vg/one
plan lvextend -r -L +8m vg/one
plan lvreduce --fs ignore -L 8m vg/two
plan lvremove vg/two
plan lvrename vg/one vg/eins
plan lvchange -pr vg/one
plan lvchange -ay vg/two
plan lvchange --refresh vg/one
plan lvchange -My --minor 77 vg/two
plan vgchange -ay vg
plan vgchange --addtag t vg
plan vgchange -u pictures --devices /scratch/e.img
plan vgrename vg other
plan vgextend vg "$d"
plan vgcreate new "$c" "$d"
plan pvcreate "$d"
plan pvremove "$c"
plan pvchange -xn "$a"
plan pvresize "$a"
plan import /scratch/source vg/two
export RLVM_DEVICES=/scratch/e.img,/scratch/f.img
plan vgchange -ay pictures
plan lvchange -ay pictures/one
plan lvcreate -ay -n new -L 8m pictures
plan import /scratch/source pictures/one
plan vgextend pictures /scratch/f.img
umount /scratch/mnt
