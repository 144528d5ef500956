#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 1 128M
rlvm vgcreate vg "${disks[0]}"
rlvm lvcreate -n one -L 8m vg
rlvm lvcreate -n two -L 8m vg
rlvm vgchange -an vg
quiet vgchange -ay --config 'activation { volume_list = [ "vg/two" ] }' vg || true
no_node vg one
node vg two
only='activation { volume_list = [ "vg/two" ] }'
refused 5 rlvm lvcreate -n three -L 8m --config "$only" vg
rlvm lvcreate -Zn -Wn -n three -L 8m --config "$only" vg
no_node vg three
rlvm vgchange -an vg
lvm vgchange -y --systemid somebody-else --config 'local { extra_system_ids = [ "somebody-else" ] }' vg
quiet vgchange -ay vg || true
no_node vg one
same 'tables' "$(tables)" 'No devices found'
