# shellcheck shell=bash
# QEMU with Debian's own kernel and no help from the processor (KVM hangs where nested virtualisation is partial): the
# guest that works everywhere, about five times slower. Sourced by guest.
: "${cache:?}" "${memory:?}" "${limit:?}" "${here:?}"

qemu_directory() {
  find "$cache" -maxdepth 1 -name 'qemu-*' ! -name '*.part' 2>/dev/null | sort -V | tail -n 1
}

qemu_name() {
  local directory
  directory=$(qemu_directory)
  printf 'QEMU without acceleration, Linux %s' "${directory##*/qemu-}"
}

qemu_fetch() {
  local commands=(qemu-system-x86_64 busybox cpio depmod) command missing=''
  for command in "${commands[@]}"; do command -v "$command" >/dev/null || missing=yes; done
  if [ -n "$missing" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -qy --no-install-recommends qemu-system-x86 busybox-static cpio kmod </dev/null
  fi
  [ -z "$(qemu_directory)" ] || return 0
  local package part=$cache/qemu.part release
  package=$(apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" { print $2; exit }')
  rm -rf "$part"
  mkdir -p "$part/packages"
  (cd "$part/packages" && apt-get -o APT::Sandbox::User=root download "$package" && dpkg -x ./*.deb ..)
  rm -rf "$part/packages"
  release=$(ls "$part/lib/modules")
  depmod -b "$part" "$release"
  qemu_initrd "$part" "$release"
  mv "$part" "$cache/qemu-$release"
}

# The initrd: busybox, the modules that reach this machine's files, and a script that overlays them.
qemu_initrd() {
  local part=$1 release=$2 root=$1/initrd module path order=10
  mkdir -p "$root"/{bin,proc,sys,dev,mods,lower,upper,root}
  cp "$(command -v busybox)" "$root/bin/busybox"
  for module in virtio_pci 9pnet_virtio 9p overlay; do
    modprobe -d "$part" -S "$release" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
    order=$((order + 1))
    cp "$path" "$root/mods/$order-${path##*/}"
  done
  cp "$here/stage-qemu" "$root/init"
  chmod +x "$root/init"
  (cd "$root" && find . | cpio -o -H newc 2>/dev/null | gzip -1 >../initrd.gz)
  rm -rf "$root"
}

# Boots with "$share" as /share; "$control" in it holds the order and takes the answer.
qemu_boot() {
  : "${share:?}" "${control:?}"
  local directory release
  directory=$(qemu_directory)
  release=${directory##*/qemu-}
  timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m "$memory" -smp 2 -nographic -no-reboot \
    -kernel "$directory/boot/vmlinuz-$release" -initrd "$directory/initrd.gz" \
    -virtfs local,path=/,mount_tag=machine,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$directory/lib/modules,mount_tag=modules,security_model=none,readonly=on" \
    -virtfs "local,path=$share,mount_tag=share,security_model=none" \
    -append "console=ttyS0 quiet loglevel=3 panic=-1 audit=0 selinux=0 apparmor=0 stage=$here/stage control=${control##*/}"
}
