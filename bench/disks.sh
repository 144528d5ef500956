# shellcheck shell=bash disable=SC2154 # work and both come from measure.sh
# The disks that are measured on: loop devices where both tools are compared, else image files.
export LVM_SYSTEM_DIR=$work/etc
mkdir -p "$LVM_SYSTEM_DIR"
scope=()
loops=()

at_exit() {
  [ ${#loops[@]} -eq 0 ] || losetup -d "${loops[@]}"
  rm -rf "$work"
}
trap at_exit EXIT

# disk NAME SIZE COUNT: a VG called bench, with one LV, on COUNT fresh disks of that size; `scope` names them to both tools.
disk() {
  local name=$1 size=$2 count=$3 i file files=() accepted=''
  [ ${#loops[@]} -eq 0 ] || losetup -d "${loops[@]}"
  loops=()
  rm -f "$work"/*.disk
  for ((i = 0; i < count; i++)); do
    file=$work/$name.$i.disk
    truncate -s "$size" "$file"
    if [ -n "$both" ]; then
      file=$(losetup -f --show "$file")
      loops+=("$file")
    fi
    files+=("$file")
    accepted+="\"a|^$file\$|\","
  done
  local config="global { activation = 0 locking_dir = \"$work/locks\" } backup { backup = 0 archive = 0 }"
  if [ -n "$both" ]; then
    scope=(--config "$config devices { use_devicesfile = 0 hints = \"none\" filter = [ $accepted \"r|.*|\" ] }")
  else
    scope=(--config "$config" --devices "$(IFS=,; echo "${files[*]}")")
  fi
  local metadata=()
  [ "$count" -gt 1 ] || [ "$size" = 64M ] || metadata=(--metadatasize 100m)
  tool rlvm vgcreate -q -s 4k "${metadata[@]}" bench "${files[@]}"
  tool rlvm lvcreate -q -an -Zn -l 1 -n lv0 bench
}

# text linear|thin COUNT: the text of the VG with that many LVs, on its PV as it is.
text() {
  local facts
  facts=$("$RLVM" pvs "${scope[@]}" --noheadings --nosuffix --units s -o pv_uuid,dev_size,pe_start,pv_pe_count 2>/dev/null)
  # shellcheck disable=SC2086 # the words are the point
  set -- "$1" "$2" $facts
  awk -v kind="$1" -v count="$2" -v pv="$3" -v size="$4" -v start="$5" -v extents="$6" -f bench/text.awk
}
