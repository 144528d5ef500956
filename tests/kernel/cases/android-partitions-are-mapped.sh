#!/bin/bash
# needs: rlvm
. "$(dirname "$0")/../lib.sh"
cd /scratch
kp() { printf '+ kpartx %s\n' "$*"; timeout -k 5 60 "$RLVM" kpartx "$@"; }

# number BYTES VALUE: little-endian; text LENGTH TEXT: padded with zeros; zeros COUNT; sum FILE: its SHA-256.
number() { local i; for ((i = 0; i < $1; i++)); do printf %b "\\x$(printf %02x $(($2 >> 8 * i & 255)))"; done; }
zeros() { head -c "$1" /dev/zero; }
text() { printf %s "$2"; zeros $(($1 - ${#2})); }
sum() { printf %b "$(sha256sum <"$1" | cut -c 1-64 | sed 's/../\\x&/g')"; }
# summed FILE AT: puts the sum of the file into its bytes there.
summed() { sum "$1" >digest; dd if=digest of="$1" bs=1 seek="$2" conv=notrunc status=none; }

# Two copies of the geometry: 4 KiB for a copy of the metadata, one slot.
{ number 4 $((0x616c4467)); number 4 52; zeros 32; number 4 4096; number 4 1; number 4 4096; } >geometry
summed geometry 8
# partition NAME ATTRIBUTES FIRST COUNT; extent SECTORS KIND SECTOR
partition() { text 36 "$1"; number 4 "$2"; number 4 "$3"; number 4 "$4"; number 4 0; }
extent() { number 8 "$1"; number 4 "$2"; number 8 "$3"; number 4 0; }
{
  partition system 1 0 1
  partition vendor 0 1 3
  partition odd 0 4 1
  extent 64 0 256
  extent 16 0 512
  extent 32 1 0
  extent 16 0 400
  extent 8 0 800
  text 36 main; zeros 12
  zeros 24; text 36 super; zeros 4
} >tables
{
  number 4 $((0x414c5030)); number 2 10; number 2 0; number 4 128; zeros 32; number 4 "$(stat -c %s tables)"; sum tables
  at=0
  for row in 3:52 5:24 1:48 1:64; do
    number 4 "$at"; number 4 "${row%:*}"; number 4 "${row#*:}"
    at=$((at + ${row%:*} * ${row#*:}))
  done
} >header
summed header 12
truncate -s 1M super
at() { dd of=super bs=512 seek="$1" conv=notrunc status=none; }
at 8 <geometry
at 16 <geometry
cat header tables | at 24
cat header tables | at 32
head -c 32K /dev/urandom | at 256
head -c 8K /dev/urandom | at 400
head -c 8K /dev/urandom | at 512
for _ in $(seq 1024); do echo abc; done | at 800

# What they hold: read through the program itself, which the tests of its parts hold to account.
for n in 1 2 3; do rlvm export "super:$n" "want$n"; done
same 'the zeros' "$(dd if=want2 bs=8192 skip=1 count=2 status=none | tr -d '\0' | wc -c)" 0
same 'the first' "$(sha256sum <want1)" "$(dd if=super bs=512 skip=256 count=64 status=none | sha256sum)"

# mapped IMAGE NUMBER...: those are mapped and hold what they should; then nothing is left.
mapped() {
  local image=$1 name n
  shift
  settle
  name=$(dmsetup info -c --noheadings -o name | sed 's/p[0-9]*$//' | sort -u)
  same 'how many' "$(dmsetup info -c --noheadings -o name | wc -l)" $#
  for n in "$@"; do
    same "partition $n" "$(sha256sum <"/dev/mapper/${name}p$n")" "$(sha256sum <"want$n")"
  done
  tables
  same 'read-only' "$(blockdev --getro "/dev/mapper/${name}p1")" 1
  kp -d "$image"
  settle
  same 'maps left' "$(tables)" 'No devices found'
  same 'loops left' "$(losetup -nO NAME)" ''
}
kp -a super
mapped super 1 2 3

# Inside a GPT's partition called super.
truncate -s 8M disk
sgdisk -n1:2048:+1M -n2:0:+1M -c2:super disk >/dev/null
start=$(sgdisk -i 2 disk | sed -n 's/^First sector: \([0-9]*\).*/\1/p')
dd if=super of=disk bs=512 seek="$start" conv=notrunc status=none
kp -l disk
kp -a disk
settle
loop=$(losetup -nO NAME -j disk)
for n in 1 2 3; do
  same "partition $n" "$(sha256sum <"/dev/mapper/${loop##*/}p$((128 + n))")" "$(sha256sum <"want$n")"
done
kp -d disk
settle
same 'maps left' "$(tables)" 'No devices found'

# A sparse image, each of whose chunks begins at another byte of a sector.
# chunk KIND BLOCKS BYTES-OF-DATA [FIRST-BLOCK]
chunk() {
  number 2 "$1"; number 2 0; number 4 "$2"; number 4 $((12 + $3))
  if [ "$1" -eq $((0xcac1)) ]; then dd if=super bs=4096 skip="$4" count="$2" status=none; fi
}
raw=$((0xcac1)) fill=$((0xcac2)) skip=$((0xcac3))
{
  number 4 $((0xed26ff3a)); number 2 1; number 2 0; number 2 28; number 2 12; number 4 4096; number 4 256; number 4 9; number 4 0
  chunk "$raw" 7 $((7 * 4096)) 0
  chunk "$skip" 25 0
  chunk "$raw" 3 $((3 * 4096)) 32
  chunk "$raw" 5 $((5 * 4096)) 35
  chunk "$skip" 10 0
  chunk "$raw" 20 $((20 * 4096)) 50
  chunk "$skip" 30 0
  chunk "$fill" 1 4
  printf 'abc\n'
  chunk "$skip" 155 0
} >super.simg
for n in 1 2 3; do
  rlvm export --force "super.simg:$n" got
  cmp got "want$n"
done
# One that is filled with a pattern cannot be a device; the others are.
refused 1 "$RLVM" kpartx -a super.simg
grep -q 'partition 3 cannot be mapped: it is filled with 0x0a636261' /scratch/refusal
same 'loops' "$(losetup -nO OFFSET -j super.simg | tr -d ' ' | sort -n | tr '\n' ' ')" '64 76 100 '
before=$(tables)
kp -a super.simg || :
settle
same 'a second time' "$(tables)" "$before"
kp -l super.simg
mapped super.simg 1 2
refused 1 "$RLVM" kpartx -a --plan super.simg
grep -q 'attach super.simg from byte 64 on to /dev/loop' /scratch/refusal
