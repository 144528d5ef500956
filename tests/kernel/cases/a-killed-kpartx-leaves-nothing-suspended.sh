#!/bin/bash
# needs: rlvm
# udevd: with
. "$(dirname "$0")/../lib.sh"
cd /scratch
names() { dmsetup info -c --noheadings -o name 2>/dev/null | sed '/^No devices/d' | sort | tr '\n' ' '; }
cookies() { awk 'NR > 1 { printf "%08x\n", $1 }' /proc/sysvipc/sem | grep -c '^0d4d' || :; }
truncate -s 32M disk
table() { printf 'label: dos\n'; for n in 0 1 2 3; do printf 'start=%d,size=%d\n' $((2048 + n * 8192)) "$1"; done; }
table 4096 | sfdisk -q disk

# Killed at any time while maps are made, and while they get another table: whatever is there runs, nobody waits for
# udev's answer for ever, and -d removes all of it.
for action in -a -u; do
  for ms in 1 2 3 4 5 6 8 10 12 15 20 25 30 40 60; do
    if [ "$action" = -u ]; then
      "$RLVM" kpartx -a disk
      table $((1024 + ms * 8)) | sfdisk -q --no-reread --force disk >/dev/null 2>&1
    fi
    (timeout -s KILL "$(printf '0.%03d' "$ms")" "$RLVM" kpartx "$action" disk || :) >/dev/null 2>&1
    # Its guardian may have something to do still.
    for _ in $(seq 1 50); do [ "$(cookies)" -eq 0 ] || sleep 0.1; done
    same "cookies after $action and $ms ms" "$(cookies)" 0
    for name in $(names); do
      same "$name after $action and $ms ms" "$(dmsetup info -c --noheadings -o suspended "$name")" Active
    done
    settle
    "$RLVM" kpartx -d disk
    settle
    same "maps after $action and $ms ms" "$(names)" ''
    same "loops after $action and $ms ms" "$(losetup -nO NAME)" ''
  done
done

# A map that was made and never got its table holds no loop device, so that its image leads to it no more.
dmsetup create loop70p1 --notable -u part1-devnode_7:70_Wh5pYvM
busy=$(losetup -f --show disk)
dmsetup create busy --notable -u "part1-devnode_7:${busy#/dev/loop}_Wh5pYvM"
: >other
"$RLVM" kpartx -d other
settle
same 'maps without a table' "$(names)" 'busy '
dmsetup remove busy
losetup -d "$busy"
