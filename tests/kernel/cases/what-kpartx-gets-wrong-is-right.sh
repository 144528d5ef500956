#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
cd /scratch
kp() { printf '+ kpartx %s\n' "$*"; timeout -k 5 60 "$RLVM" kpartx "$@"; }
names() { dmsetup info -c --noheadings -o name 2>/dev/null | sed '/^No devices/d' | sort | tr '\n' ' '; }
gpt() {
  rm -f "$1"
  truncate -s 16M "$1"
  sgdisk -n1:2048:+1M -n2:0:+1M "$1" >/dev/null
}

# A disk's number is matched as a whole: 7:1 is not a part of 7:10.
for i in $(seq 1 10); do gpt "d$i"; losetup "/dev/loop$i" "d$i" 2>/dev/null || losetup -f "d$i"; done
one=$(losetup -nO NAME -j d1) ten=$(losetup -nO NAME -j d10)
kp -a "$one"
kp -a "$ten"
kp -f -d "$one"
same 'maps of the tenth' "$(names)" "${ten##*/}p1 ${ten##*/}p2 "
# Whatever delimiter made them.
kp -a -p -part "$one"
kp -d "$one"
same 'maps of the tenth still' "$(names)" "${ten##*/}p1 ${ten##*/}p2 "
kp -d "$ten"
losetup -D
settle

# A GPT of 4096-byte blocks in an image, and what is listed is what is mapped.
truncate -s 64M big
loop=$(losetup -f --show -b 4096 big)
sgdisk -n1:256:+4M "$loop" >/dev/null
losetup -d "$loop"
settle
kp -l big | grep -q ' : 0 8192 /dev/loop[0-9]* 2048$'
kp -av big >out
grep -q ': 0 8192 linear 7:[0-9]* 2048$' out
loop=$(losetup -nO NAME -j big)
same 'blocks of the loop device' "$(blockdev --getss "$loop")" 4096
kp -dv big
same 'loops left' "$(losetup -nO NAME)" ''
kp -l --sector-size 512 big 2>err
grep -q GPT err

# A map whose name somebody else has is not made, the others are; nothing of the other is touched.
gpt d
loop=$(losetup -f --show d)
echo '0 8 zero' | dmsetup create "${loop##*/}p1"
refused 1 "$RLVM" kpartx -a "$loop"
grep -q "${loop##*/}p1 is already in use, and not a kpartx partition" refusal
same 'maps' "$(names)" "${loop##*/}p1 ${loop##*/}p2 "
same 'the other' "$(dmsetup table "${loop##*/}p1" | tr -d ' ')" '08zero'
dmsetup remove "${loop##*/}p1"

# In use: told by whom, and what is not in use goes.
kp -a "$loop"
settle
mkfs.ext4 -q "/dev/mapper/${loop##*/}p1"
mkdir -p mnt
mount "/dev/mapper/${loop##*/}p1" mnt
refused 1 "$RLVM" kpartx -d d
grep -q "${loop##*/}p1 is in use by .*mnt" refusal
same 'what is in use' "$(names)" "${loop##*/}p1 "
umount mnt
kp -d d
same 'maps' "$(names)" ''

# After a change of the table one command resizes, adds, removes and renames.
kp -a -p x d
sgdisk -d 2 -d 1 -n1:2048:+2M -n5:0:+1M d >/dev/null
kp -u d
loop=$(losetup -nO NAME -j d)
same 'maps' "$(names)" "${loop##*/}p1 ${loop##*/}p5 "
same 'the size' "$(blockdev --getsz "/dev/mapper/${loop##*/}p1")" 4096
kp -d d
settle

# Nothing is left of an image whose maps cannot be made, or that has none.
echo '0 8 zero' | dmsetup create "$(basename "$(losetup -f)")p1"
rm -f e
truncate -s 16M e
sgdisk -n1:2048:+1M e >/dev/null
refused 1 "$RLVM" kpartx -a e
settle
same 'loops left' "$(losetup -nO NAME)" ''
dmsetup remove_all
truncate -s 4M none
kp -a none
same 'loops left' "$(losetup -nO NAME)" ''

# Not even where the maps go by the loop device's name, which kpartx leaves attached then.
kp -a e
kp -d "$(losetup -nO NAME -j e)"
settle
same 'loops left' "$(losetup -nO NAME)" ''

# Names are listed as the maps have them.
kp -a -p a/b e
settle
same 'listed and mapped' "$("$RLVM" kpartx -l -p a/b e)" "$(losetup -nO NAME -j e | sed 's|/dev/\(.*\)|\1a!b1 : 0 2048 & 2048|')"
kp -d e
settle

# The boot code of a file system is no table; what is in use as a whole has no maps; 1 is the status of several failures.
cp e code
seq -s '' 1 99 | dd of=code bs=1 seek=446 count=64 conv=notrunc status=none
kp -a -t dos code
same 'loops left' "$(losetup -nO NAME)" ''
truncate -s 32M used
mkfs.ext4 -q used
printf 'label: dos\nstart=2048,size=2048\nstart=8192,size=2048\n' | sfdisk -q used
loop=$(losetup -f --show used)
mount "$loop" mnt
refused 1 "$RLVM" kpartx -a "$loop"
same 'failures' "$(grep -c 'create/reload failed' refusal)" 2
same 'maps' "$(names)" ''
umount mnt
losetup -d "$loop"
settle

# A read error is one line, and no success.
loop=$(losetup -f --show none)
printf '0 2 linear %s 0\n2 8190 error\n' "$loop" >table
if has_udevd; then dmsetup create bad table; else DM_DISABLE_UDEV=1 dmsetup create bad table; fi
settle
for action in -l -a; do
  refused 1 "$RLVM" kpartx "$action" /dev/mapper/bad
  same 'lines' "$(wc -l <refusal)" 1
  grep -q 'bad: read of .* failed: Input/output error' refusal
done
if has_udevd; then dmsetup remove bad; else DM_DISABLE_UDEV=1 dmsetup remove bad; fi
losetup -d "$loop"
# Of a GPT one copy is enough.
gpt d
loop=$(losetup -f --show d)
printf '0 8 linear %s 0\n8 8 error\n16 32752 linear %s 16\n' "$loop" "$loop" >table
if has_udevd; then dmsetup create bad table; else DM_DISABLE_UDEV=1 dmsetup create bad table; fi
settle
kp -a /dev/mapper/bad 2>err
settle
grep -q 'its backup at the end is used' err
same 'maps' "$(names)" 'bad bad1 bad2 '
kp -d /dev/mapper/bad
settle
if has_udevd; then dmsetup remove bad; else DM_DISABLE_UDEV=1 dmsetup remove bad; fi
losetup -d "$loop"
settle

# A loop device that shows a part of the image only is not the image's.
gpt d
part=$(losetup -f --show -o 1048576 d)
kp -a d
loop=$(losetup -nO NAME -j d | grep -v "^$part$")
same 'the table' "$(dmsetup table "${loop##*/}p1")" "0 2048 linear 7:${loop#/dev/loop} 2048"
kp -d d
settle
same 'loops left' "$(losetup -nO NAME)" "$part"
losetup -d "$part"
settle

# Whenever a signal comes, what is there can be removed, and nothing else is left.
for i in 1 2 3 4 5 6 7 8 9; do timeout "0.00$i" "$RLVM" kpartx -a d || :; done
settle
kp -d d
settle
same 'maps' "$(names)" ''
same 'loops left' "$(losetup -nO NAME)" ''
