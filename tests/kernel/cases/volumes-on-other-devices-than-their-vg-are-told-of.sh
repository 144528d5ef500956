#!/bin/bash
. "$(dirname "$0")/../lib.sh"
disks 3 64M
rlvm vgcreate vg "${disks[0]}" "${disks[1]}"
rlvm lvcreate -l 100%FREE -n whole vg
# A copy, which stands for the PV while nobody looks at the PV itself.
dd if="${disks[0]}" of="${disks[2]}" bs=1M status=none
settle
quiet pvs --devices "${disks[1]},${disks[2]}" >/dev/null 2>/scratch/said
wanted="WARNING: Device mismatch detected for vg/whole which is accessing ${disks[0]} instead of ${disks[2]}."
grep -qF "$wanted" /scratch/said || fail "said $(cat /scratch/said)"
lvm pvs --devices "${disks[1]},${disks[2]}" >/dev/null 2>/scratch/lvm-said
grep -qF "${wanted%.}" /scratch/lvm-said || fail "LVM2 said $(cat /scratch/lvm-said)"
# The PV itself is no reason.
quiet lvs --devices "${disks[0]},${disks[1]}" vg >/dev/null 2>/scratch/said
same 'what is said' "$(</scratch/said)" ''
# With both in sight the LV may stop, but not start; then nobody uses any device.
rlvm vgchange -an vg
refused 5 rlvm vgchange -ay vg
grep -qF 'Cannot activate LVs in VG vg while PVs appear on duplicate devices.' /scratch/refusal
quiet pvs --devices "${disks[1]},${disks[2]}" >/dev/null 2>/scratch/said
same 'what is said' "$(</scratch/said)" ''
