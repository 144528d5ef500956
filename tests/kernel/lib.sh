# shellcheck shell=bash
# What the cases share; each begins with `. "$(dirname "$0")/../lib.sh"`. A case is a sentence, runs as root in a guest and
# passes when it ends with 0. Its head may hold
#   # boots: 2          the guest is started that often, on the same /share, with $boot counting from 1
#   # udevd: without    only with (or without) a running udevd; both where nothing is said
#   # needs: rlvm       what it asks for exists in rlvm alone
set -eEu -o pipefail
: "${RLVM:?the binary under test}" "${boot:=1}"
export LVM_SUPPRESS_FD_WARNINGS=1

# A command that hangs is a failure soon, not when the guest's time is up.
rlvm() {
  printf '+ rlvm %s\n' "$*"
  timeout -k 5 60 "$RLVM" "$@"
}

# quiet ARG...: rlvm where its output is what is wanted.
quiet() { "$RLVM" "$@"; }

fail() {
  printf 'failed: %s\n' "$*"
  exit 1
}
trap 'printf "failed: line %s: %s\n" "$LINENO" "$BASH_COMMAND"' ERR

# skip REASON: ends a case that cannot run here.
skip() {
  printf 'skipped: %s\n' "$*"
  exit 77
}

# disks COUNT SIZE [SECTOR]: makes loop devices over sparse files; their paths stand in the array `disks`.
disks() {
  local i file
  disks=()
  for ((i = 0; i < $1; i++)); do
    file=/scratch/disk$i
    truncate -s "$2" "$file"
    disks+=("$(losetup -f --show -b "${3:-512}" "$file")")
  done
  settle
}

# kept_disks COUNT SIZE: the same over files on /share, which the next boot finds again.
kept_disks() {
  local i file
  disks=()
  for ((i = 0; i < $1; i++)); do
    file=/share/disk$i
    [ -e "$file" ] || truncate -s "$2" "$file"
    disks+=("$(losetup -f --show "$file")")
  done
  settle
}

# ours: what is tested is rlvm, not LVM2 in its place to see whether the cases themselves are right.
ours() { [ "${RLVM##*/}" = rlvm ]; }

has_udevd() { [ -S /run/udev/control ]; }

# lvm ARG...: Debian's LVM2, which has to be told where no udevd makes nodes for it.
lvm() {
  if has_udevd; then command lvm "$@"; else DM_DISABLE_UDEV=1 command lvm "$@"; fi
}
settle() { if has_udevd; then udevadm settle; fi; }

# same WHAT LEFT RIGHT
same() { [ "$2" = "$3" ] || fail "$1: expected [$3], got [$2]"; }

# refused STATUS COMMAND...: COMMAND ends with STATUS; its output is kept in /scratch/refusal.
refused() {
  local want=$1 got=0
  shift
  printf '+ refused: %s\n' "$*"
  "$@" >/scratch/refusal 2>&1 || got=$?
  cat /scratch/refusal
  [ "$got" -eq "$want" ] || fail "exit status $got instead of $want"
}

# field VG/LV FIELD: one field of a report, bare.
field() { quiet lvs --noheadings --nosuffix --units b -o "$2" "$1" | tr -d ' '; }

# node VG LV: the LV's block device can be reached by both of its names.
node() {
  settle
  [ -b "/dev/$1/$2" ] || fail "/dev/$1/$2 is no block device"
  [ -b "/dev/mapper/${1//-/--}-${2//-/--}" ] || fail "no node of $1/$2 in /dev/mapper"
}

# no_node VG LV: neither name is left.
no_node() {
  settle
  if [ -e "/dev/$1/$2" ] || [ -L "/dev/$1/$2" ]; then fail "/dev/$1/$2 is still there"; fi
  [ ! -e "/dev/mapper/${1//-/--}-${2//-/--}" ] || fail "/dev/mapper still has $1/$2"
}

# tables: every dm table, by name.
tables() { dmsetup table | sort; }

# What must hold after every case: no node is left suspended and no udev cookie unanswered.
at_end() {
  local status=$?
  [ "$status" -eq 0 ] || { lsblk; dmsetup info -c; exit "$status"; } 2>&1
  local suspended cookies
  suspended=$(dmsetup info -c --noheadings -o name,suspended 2>/dev/null | grep -i ':suspended' || true)
  [ -z "$suspended" ] || { printf 'failed: left suspended: %s\n' "$suspended"; exit 1; }
  cookies=$(awk 'NR > 1 { printf "%08x\n", $1 < 0 ? $1 + 4294967296 : $1 }' /proc/sysvipc/sem 2>/dev/null | grep '^0d4d' || true)
  [ -z "$cookies" ] || { printf 'failed: udev cookies left: %s\n' "$cookies"; exit 1; }
}
trap at_end EXIT
ours || has_udevd || export DM_DISABLE_UDEV=1
