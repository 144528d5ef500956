#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 2 128M
rlvm vgcreate vg "${disks[@]}"
rlvm lvcreate -n one -L 16m vg
rlvm lvcreate -n two -L 24m -i 2 vg
rlvm lvcreate -an -Zn -n three -L 180m vg
same 'attributes' "$(quiet lvs --noheadings -o lv_attr vg/one vg/two vg/three | tr -d ' ' | sort | tr '\n' ' ')" \
  '-wi------- -wi-a----- -wi-a----- '
no_node vg three
rlvm vgchange -ay vg
for lv in one two three; do node vg $lv; done
live=$(tables)
same 'tables' "$(wc -l <<<"$live")" 4

rlvm lvchange -an vg/two
no_node vg two
node vg one
rlvm vgchange -an vg
for lv in one two three; do no_node vg $lv; done
[ ! -e /dev/vg ] || fail 'the directory of the VG is left'
rlvm vgchange -an vg
rlvm vgchange -ay vg
same 'tables after a round' "$(tables)" "$live"
rlvm lvchange -ay vg/one
same 'tables after asking again' "$(tables)" "$live"

# Who only looks, as udev does at what was just closed, is waited for.
exec 7</dev/vg/one
sleep 1 &
exec 7<&-
rlvm vgchange -an vg
no_node vg one
rlvm vgchange -ay vg

# Somebody else's table gives way to the one that the VG asks for.
dmsetup suspend vg-one
dmsetup reload vg-one --table "$(printf '0 32768 error')"
dmsetup resume vg-one
rlvm vgchange --refresh vg
same 'tables after a refresh' "$(tables)" "$live"
rlvm vgmknodes --refresh vg/one
same 'tables after another' "$(tables)" "$live"

# It runs, and is another host's: it is shown, and may be stopped, after which it is nobody's business here.
rlvm vgchange -an vg
here='global{system_id_source="lvmlocal"}local{system_id="here"}'
elsewhere=${here/id=\"here/id=\"elsewhere}
rlvm vgchange -y --systemid here vg --config "$here"
rlvm vgchange -ay vg --config "$here"
said=$("$RLVM" vgs --noheadings -o vg_name --config "$elsewhere" 2>&1)
grep -q 'Found LVs active in VG vg with foreign system ID here' <<<"$said" || fail "$said"
rlvm vgchange -an vg --config "$elsewhere"
for lv in one two three; do no_node vg $lv; done
same 'what is seen of it now' "$(quiet vgs --noheadings -o vg_name --config "$elsewhere")" ''
rlvm vgremove -y vg --config "$here"
same 'tables left' "$(tables)" 'No devices found'
