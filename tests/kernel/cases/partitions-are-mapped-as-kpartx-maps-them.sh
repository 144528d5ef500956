#!/bin/bash
# needs: rlvm
# udevd: with
. "$(dirname "$0")/../lib.sh"
command -v kpartx sgdisk sfdisk parted >/dev/null
cd /scratch
image() {
  rm -f "$1"
  truncate -s "${2:-64M}" "$1"
}

image gpt
sgdisk -n1:2048:+4M -n3:0:+4M -n7:0:+2M -c1:one -A 3:set:60 gpt >/dev/null
image many
sgdisk -S 256 -n1:0:+1M -n200:0:+1M many >/dev/null
image backup
sgdisk -n1:2048:+4M backup >/dev/null
dd if=/dev/zero of=backup bs=512 seek=1 count=1 conv=notrunc status=none
image hybrid
sgdisk -n1:2048:+4M -n2:0:+4M -h 1 hybrid >/dev/null
image unprotected
sgdisk -n1:2048:+4M unprotected >/dev/null
dd if=/dev/zero of=unprotected bs=512 count=1 conv=notrunc status=none
image parted-gpt
parted -s parted-gpt mklabel gpt mkpart a ext2 1MiB 5MiB mkpart b ext2 5MiB 9MiB set 1 esp on
image dos
printf 'label: dos\nstart=2048,size=8192,type=83,bootable\nstart=10240,size=100000,type=5\nstart=12288,size=8192\nstart=22528,size=8192,type=8e\n' | sfdisk -q dos
image sun
printf 'label: sun\nstart=16065,size=32130,type=83\nstart=48195,size=16065,type=82\n' | sfdisk -q sun
image mac
parted -s mac mklabel mac mkpart prim ext2 1MiB 10MiB mkpart second ext2 10MiB 20MiB
image bsd
parted -s bsd mklabel bsd mkpart ext2 1MiB 10MiB mkpart ext2 10MiB 20MiB
image empty
image grown
sgdisk -n1:2048:+4M -n2:0:+4M grown >/dev/null
truncate -s +16M grown
image few
sgdisk -S 4 -n1:0:+1M -n4:0:+1M few >/dev/null

# What kpartx says of a logical partition names a device that does not exist, and differs from what it maps.
listed() { sed -E 's|([56] : 0 [0-9]+) /dev/(dm-\|loop)[0-9]+ .*|\1|'; }
state() {
  dmsetup info -c --noheadings -o name,uuid | sort
  tables
  stat -c '%n %a %u %g' /dev/mapper/* | grep -v control || :
}
# tool NAME IMAGE OPTION...: what a tool lists, prints, makes, and leaves behind.
tool() {
  local name=$1 image=$2
  shift 2
  local run=(kpartx)
  [ "$name" = kpartx ] || run=("$RLVM" kpartx)
  {
    "${run[@]}" "$@" -l "$image" | listed
    "${run[@]}" "$@" -av "$image"
    settle
    state
    "${run[@]}" "$@" -dv "$image" 2>deleted
    settle
    # Only kpartx attaches a loop device where there is nothing to map.
    case $image in unprotected | empty) ;; *) grep deleted deleted ;; esac
  } >"$name.$image" 2>"$name.$image.err" || printf 'failed\n' >>"$name.$image"
  # kpartx leaves a loop device where there was nothing to map.
  if [ "$name" = kpartx ]; then losetup -D; settle; fi
  same "maps that $name leaves of $image" "$(tables)" 'No devices found'
  same "loop devices that $name leaves of $image" "$(losetup -nO NAME)" ''
}
for options in '' '-r' '-p -part' '-g' '-n'; do
  for image in gpt many few backup grown hybrid unprotected parted-gpt dos sun mac bsd empty; do
    # shellcheck disable=SC2086
    tool kpartx $image $options
    # On a busy machine kpartx itself now and then gets no loop device. It may try again, rlvm may not.
    # shellcheck disable=SC2086
    if grep -q '^failed' "kpartx.$image"; then cat "kpartx.$image.err"; tool kpartx $image $options; fi
    # shellcheck disable=SC2086
    tool rlvm $image $options
    diff "kpartx.$image" "rlvm.$image" || fail "kpartx $options $image"
  done
done

# On a loop device with a mode and an owner of its own, and on dm devices of all kinds of names and uuids.
# on_device NAME DEVICE: the same of a device.
on_device() {
  local run=(kpartx)
  [ "$1" = kpartx ] || run=("$RLVM" kpartx)
  for options in '' -r '-p -part'; do
    # shellcheck disable=SC2086
    for action in -l -av -av -uv -dv; do "${run[@]}" $options $action "$2" && settle && state; done
  done
}
loop=$(losetup -f --show gpt)
chmod 640 "$loop"
chgrp disk "$loop"
for device in '' 'top ' 'top9 ' 'top LVM-abc' 'a+b ' 'a!b ' 'to\x20p '; do
  path=$loop name=${device%% *} uuid=${device#* }
  if [ -n "$name" ]; then
    dmsetup create "$name" ${uuid:+-u "$uuid"} --table "0 131072 linear $loop 0"
    settle
    path=$(ls -d /dev/mapper/[ta]*)
  fi
  for tool in kpartx rlvm; do on_device $tool "$path" >"$tool.device" 2>&1; done
  diff kpartx.device rlvm.device || fail "kpartx on a device '$device'"
  if [ -n "$name" ]; then dmsetup remove "$name"; settle; fi
done
losetup -d "$loop"
settle

# By the name of the program.
ln -s "$RLVM" /scratch/kpartx
same 'by its own name' "$(/scratch/kpartx -l gpt)" "$(kpartx -l gpt)"
