#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
cd /scratch
kp() { printf '+ kpartx %s\n' "$*"; timeout -k 5 60 "$RLVM" kpartx "$@"; }
names() { dmsetup info -c --noheadings -o name 2>/dev/null | sed '/^No devices/d' | sort | tr '\n' ' '; }

truncate -s 64M disk
printf 'label: gpt\nsize=4M\nsize=40M\n' | sfdisk -q disk
loop=$(losetup -f --show -o $((10240 * 512)) --sizelimit 40M disk)
printf 'label: dos\nsize=2M\nstart=8192,size=20M,type=5\nstart=10240,size=4M\n' | sfdisk -q "$loop"
losetup -d "$loop"
settle

# One command, no map of the partition around them.
kp -l disk:2
kp -av disk:2
settle
loop=$(losetup -nO NAME -j disk)
name=${loop##*/} minor=${loop#/dev/loop}
same 'the maps' "$(names)" "${name}p2p1 ${name}p2p2 ${name}p2p5 "
same 'listed and mapped' "$("$RLVM" kpartx -l disk:2)" "$(dmsetup table | sort | sed "s|: 0 \([0-9]*\) linear 7:$minor| : 0 \1 $loop|")"
same 'a table' "$(dmsetup table "${name}p2p5")" "0 8192 linear 7:$minor $((10240 + 10240))"
same 'a uuid' "$(dmsetup info -c --noheadings -o uuid "${name}p2p5")" "part5-part2-devnode_7:${minor}_Wh5pYvM"

# The same as by two steps.
kp -a disk
kp -a "/dev/mapper/${name}p2"
same 'the maps' "$(names)" "${name}p1 ${name}p2 ${name}p2p1 ${name}p2p2 ${name}p2p5 "
kp -d "/dev/mapper/${name}p2"
kp -a disk:2
settle

# An update of the disk leaves them alone; they go by themselves, or with the disk's.
kp -u disk
same 'the maps' "$(names)" "${name}p1 ${name}p2 ${name}p2p1 ${name}p2p2 ${name}p2p5 "
kp -d disk:2
settle
same 'the maps' "$(names)" "${name}p1 ${name}p2 "
kp -a disk:2
settle
kp -d disk
settle
same 'the maps' "$(names)" ''
same 'loops left' "$(losetup -nO NAME)" ''
kp -a -p -x disk:2
settle
same 'the maps' "$(names)" "${name}-x2-x1 ${name}-x2-x2 ${name}-x2-x5 "
kp -d disk:2
settle
same 'loops left' "$(losetup -nO NAME)" ''
kp -a disk:1
refused 1 "$RLVM" kpartx -a disk:9
same 'loops left' "$(losetup -nO NAME)" ''
