#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 1 128M
rlvm vgcreate vg "${disks[0]}"
rlvm lvcreate -n fixed -L 8m -My --minor 77 vg
same 'the minor' "$(dmsetup info -c --noheadings -o minor vg-fixed)" 77
rlvm lvchange -an vg/fixed
rlvm lvchange -ay vg/fixed
same 'the minor, activated again' "$(dmsetup info -c --noheadings -o minor vg-fixed)" 77

rlvm lvcreate -n frozen -L 8m -pr -Zn vg
same 'read-only' "$(blockdev --getro /dev/vg/frozen)" 1
! dd if=/dev/zero of=/dev/vg/frozen bs=4k count=1 oflag=direct 2>/dev/null || fail 'a read-only LV took a write'

rlvm lvcreate -n ahead -L 8m -r 1m vg
same 'read-ahead in sectors' "$(blockdev --getra /dev/vg/ahead)" 2048
rlvm lvcreate -n none -L 8m -r none vg
same 'no read-ahead' "$(blockdev --getra /dev/vg/none)" 0
rlvm vgremove -y vg
