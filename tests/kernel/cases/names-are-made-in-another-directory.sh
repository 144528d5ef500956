#!/bin/bash
# A directory of devices that is not udev's (LVM2's own tests use one): names are made there, without a word.
. "$(dirname "$0")/../lib.sh"
disks 2 64M
dev=/scratch/dev
mkdir -p $dev/mapper
cp -a /dev/mapper/control $dev/mapper/
there() {
  "$RLVM" "$@" --config "devices { dir = \"$dev\" scan = \"/dev\" } activation { verify_udev_operations = 1 }" \
    > /scratch/out 2> /scratch/err || fail "$* failed: $(cat /scratch/err)"
  [ ! -s /scratch/err ] || fail "$* says $(cat /scratch/err)"
}
is_there() { if ! [ -b $dev/mapper/"$2" ] || ! [ $dev/"$1" -ef $dev/mapper/"$2" ]; then fail "$1 is not there"; fi; }
is_gone() { if [ -e $dev/mapper/"$2" ] || [ -L $dev/"$1" ]; then fail "$1 is still there"; fi; }
there vgcreate v "${disks[@]}"
there lvcreate -n a -L 8m v
is_there v/a v-a
there lvextend -L 16m $dev/v/a
is_there v/a v-a
there lvrename v a b
is_there v/b v-b
is_gone v/a v-a
there lvchange -an v/b
is_gone v/b v-b
there vgchange -ay v
is_there v/b v-b
there lvremove -y v/b
is_gone v/b v-b
[ ! -e $dev/v ] || fail "the VG's directory is left"
