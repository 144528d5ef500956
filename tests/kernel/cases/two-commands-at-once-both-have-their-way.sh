#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 2 128M
rlvm vgcreate -s 1m vg "${disks[@]}"
# Ten of ours and ten of theirs, all at once: the lock files are the same, so each waits for its turn.
pids=()
for i in $(seq 10); do
  "$RLVM" lvcreate -n "ours$i" -l 2 vg >"/scratch/ours$i" 2>&1 &
  pids+=($!)
  lvm lvcreate -n "theirs$i" -l 2 vg >"/scratch/theirs$i" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || { cat /scratch/ours* /scratch/theirs*; fail 'one was refused'; }; done
same 'LVs' "$(lvm lvs --noheadings -o lv_name vg | wc -l)" 20
same 'nodes' "$(dmsetup table | wc -l)" 20
same 'sequence number' "$(quiet vgs --noheadings -o vg_seqno vg | tr -d ' ')" 21
lvm vgck vg
rlvm vgremove -y vg
