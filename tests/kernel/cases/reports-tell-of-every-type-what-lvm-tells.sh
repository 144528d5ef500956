#!/bin/bash
. "$(dirname "$0")/../lib.sh"
# LVM2 makes LVs of every type it can make here; then both tools report on the same devices, active and not.
# Environment: RLVM_ORACLE is another LVM2 to compare with.
reference() {
  if [ -n "${RLVM_ORACLE:-}" ]; then
    if has_udevd; then "$RLVM_ORACLE" "$@"; else DM_DISABLE_UDEV=1 "$RLVM_ORACLE" "$@"; fi
  else
    lvm "$@"
  fi
}
theirs() { reference "$@" >/dev/null; }
# Commands that a kernel or an LVM2 without some target refuses leave a type out, not the whole case.
perhaps() { reference "$@" >/dev/null 2>&1 || printf 'left out: %s\n' "$*"; }
for module in dm-mirror dm-snapshot dm-raid dm-thin-pool dm-cache dm-cache-smq dm-writecache dm-integrity dm-zero; do
  modprobe "$module" 2>/dev/null || true
done
export LVM_SYSTEM_DIR=/scratch/etc
mkdir -p "$LVM_SYSTEM_DIR"
cat >"$LVM_SYSTEM_DIR/lvm.conf" <<'CONF'
global { thin_check_executable="" cache_check_executable="" use_lvmpolld=0 }
activation { monitoring=0 }
backup { backup=0 archive=0 }
devices { use_devicesfile=0 }
CONF
disks 8 256M
settle

theirs vgcreate --addtag one --addtag another plain "${disks[0]}" "${disks[1]}" "${disks[2]}"
theirs lvcreate -y -Wn -L 8m -n lin plain
theirs lvcreate -y -Wn -L 16m -i 2 -I 32k -n str plain
perhaps lvcreate -y -Wn --type mirror -m 1 -L 16m -n mir plain
perhaps lvcreate -y -Wn --type mirror -m 1 --mirrorlog core --nosync -L 8m -n core plain
theirs lvcreate -y -Wn -L 16m -n origin plain
perhaps lvcreate -y -s -L 8m -n snap plain/origin
perhaps lvcreate -y -s -L 8m -c 8k -n snap2 plain/origin
theirs lvcreate -y -Wn -L 16m -n changed plain
perhaps lvcreate -y -s -L 4m -n full plain/changed
settle
dd if=/dev/urandom of=/dev/plain/changed bs=1M count=12 oflag=direct 2>/dev/null
theirs lvcreate -y -Wn -L 8m -pr -n ro plain
theirs lvcreate -y -Wn -L 8m -ky -Cy -n skipped plain

theirs vgcreate raids "${disks[3]}" "${disks[4]}" "${disks[5]}"
perhaps lvcreate -y -Wn --type raid1 -m 1 -L 8m -n r1 raids
perhaps lvcreate -y -Wn --type raid1 -m 1 --nosync -L 8m -n r1n raids
perhaps lvcreate -y -Wn --type raid0 -i 2 -L 16m -n r0 raids
perhaps lvcreate -y -Wn --type raid5 -i 2 -L 16m -n r5 raids
perhaps lvcreate -y -Wn --type raid1 -m 1 --raidintegrity y -L 8m -n ri raids
perhaps lvchange --writemostly "${disks[4]}" --writebehind 256 raids/r1

perhaps lvcreate -y -Wn --type raid4 -i 2 -L 8m -n r5_4 raids

theirs vgcreate pools "${disks[6]}" "${disks[7]}"
perhaps lvcreate -y -L 40m -T -n pool pools
perhaps lvcreate -y -V 64m -T -n thin pools/pool
perhaps lvcreate -y -s -kn -n thin_s pools/thin
perhaps lvcreate -y -s -n thin_ss pools/thin_s
perhaps lvcreate -y -Wn -L 16m -n ext pools
perhaps lvchange -an pools/ext
perhaps lvchange -pr pools/ext
perhaps lvcreate -y -s --thinpool pools/pool -n thin_e pools/ext
perhaps lvcreate -y -Wn -L 32m -n cached pools
perhaps lvcreate -y --type cache-pool -L 16m -n cpool pools
perhaps lvconvert -y --type cache --cachepool pools/cpool --cachemode writeback pools/cached
perhaps lvcreate -y -Wn -L 32m -n written pools
perhaps lvcreate -y -Wn -an -Zn -L 8m -n fast pools
perhaps lvconvert -y --type writecache --cachevol pools/fast pools/written
settle
sleep 1

# Columns that both generations of LVM2 have and fill alike.
columns=lv_name,lv_attr,lv_size,lv_metadata_size,seg_count,origin,origin_size,pool_lv,data_lv,metadata_lv,mirror_log
columns+=,lv_layout,lv_role,lv_parent,lv_ancestors,lv_descendants,lv_active,lv_initial_image_sync,lv_image_synced
columns+=,lv_merging,lv_permissions,lv_health_status,lv_check_needed,lv_snapshot_invalid,lv_kernel_minor,lv_device_open
columns+=,data_percent,metadata_percent,sync_percent,raid_sync_action,raid_mismatch_count,raid_write_behind,kernel_discards
columns+=,cache_total_blocks,cache_used_blocks,cache_dirty_blocks,kernel_cache_policy,kernel_cache_settings
columns+=,writecache_total_blocks,writecache_free_blocks,writecache_error,integritymismatches,lv_when_full
segments=lv_name,segtype,stripes,data_stripes,data_copies,parity_chunks,stripe_size,region_size,chunk_size,thin_count,discards
segments+=,cache_mode,zero,transaction_id,thin_id,seg_start,seg_size_pe,seg_pe_ranges,devices,metadata_devices
segments+=,cache_policy,cache_settings,cache_metadata_format
# What integrity protects has had a letter of its own in lv_attr only lately.
same='lv_name!~_iorig'
compare() {
  local mine theirs mine_status=0 their_status=0
  mine=$(quiet "$@" 2>/dev/null) || mine_status=$?
  theirs=$(reference "$@" 2>/dev/null) || their_status=$?
  if [ "$mine" != "$theirs" ]; then
    diff <(printf '%s\n' "$theirs") <(printf '%s\n' "$mine") || true
    fail "rlvm $* says something else ($1, $state)"
  fi
  same "status of $*" "$mine_status" "$their_status"
}
for state in active inactive; do
  [ "$state" = active ] || theirs vgchange -an
  settle
  compare lvs
  compare lvs -a -S "$same"
  compare lvs -a -S "$same" -o "$columns" --separator '|' --units b
  compare lvs -a -o "$segments" --separator '|' --units s
  compare lvs -a --segments -S "$same"
  compare lvs -a -S 'lv_role=private && data_percent>0'
  # LVM2 sorts an invalid snapshot as one that holds nothing, though it shows it as full.
  compare lvs -O -data_percent,lv_name -S "lv_name!=full"
  compare pvs --segments -S "$same" -o +lv_name,segtype,seg_start
  compare vgs -o vg_name,lv_count,snap_count,vg_free,vg_tags,lv_name
  compare lvdisplay plain
  compare lvdisplay -m pools/cached pools/thin plain/str
  compare lvdisplay -c
  compare lvscan
  compare lvdisplay plain/changed plain/full
  compare lvdisplay pools/pool_tdata
  compare lvs -a -S "$same" -o lv_name,lv_kernel_minor,lv_kernel_read_ahead,lv_permissions,lv_device_open
  compare lvs -o lv_name,origin_size -O -origin_size,lv_name
  compare lvs -a --readonly -S "$same"
  compare lvs --segments pools/pool_tdata plain/lin
  compare pvs "${disks[7]}" "${disks[0]}" "${disks[3]}" --unbuffered
  compare lvs -S 'lv_name=~"a|"'
done
