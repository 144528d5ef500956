# shellcheck shell=bash
# User-Mode Linux from Debian's unstable distribution: the fast guest. Sourced by guest.
# 7.2 is the first version that runs on processors with AMX; its binary wants a newer C library than Debian 12 has, so it
# is given its own beside it. The mirror is the one apt uses here.
: "${cache:?}" "${memory:?}" "${limit:?}" "${here:?}"

uml_oldest=7.2

uml_directory() {
  find "$cache" -maxdepth 1 -name 'uml-*' ! -name '*.part' 2>/dev/null | sort -V | tail -n 1
}

uml_name() {
  local directory
  directory=$(uml_directory)
  printf 'User-Mode Linux %s' "${directory##*/uml-}"
}

uml_fetch() {
  [ -z "$(uml_directory)" ] || return 0
  command -v patchelf >/dev/null
  local site apt=$cache/apt version part
  # shellcheck disable=SC2016 # apt-get expands it
  site=$(apt-get indextargets --format '$(SITE)' | grep -m1 -E '/debian/?$')
  mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
  cat >"$apt/parts/unstable.sources" <<END
Types: deb
URIs: $site
Suites: sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  local options=(-o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$apt/parts"
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  version=$(apt-cache "${options[@]}" show --no-all-versions user-mode-linux | awk '$1 == "Version:" { print $2 }')
  dpkg --compare-versions "$version" ge "$uml_oldest" || { echo "the mirror has version ${version:-none}"; return 1; }
  part=$cache/uml-$version.part
  rm -rf "$part"
  mkdir -p "$part/packages"
  (cd "$part/packages" && apt-get "${options[@]}" download user-mode-linux libc6 && for deb in *.deb; do dpkg -x "$deb" ..; done)
  local libraries=$cache/uml-$version/usr/lib/x86_64-linux-gnu
  patchelf --set-interpreter "$libraries/ld-linux-x86-64.so.2" --set-rpath "$libraries" "$part/usr/bin/linux.uml"
  rm -rf "$part/packages" "$apt" "${part:?}/usr/share"
  mv "$part" "$cache/uml-$version"
}

# Boots with "$share" as /share; "$control" in it holds the order and takes the answer.
uml_boot() {
  : "${share:?}" "${control:?}"
  local directory
  directory=$(uml_directory)
  cat >"$control/init" <<END
#!/bin/bash
export share=$(printf %q "$share") modules=$(printf %q "$directory/usr/lib/uml/modules") control=$(printf %q "${control##*/}")
export here=$(printf %q "$here")
exec /bin/bash "\$here/stage-uml"
END
  chmod +x "$control/init"
  # The guest's memory is a sparse file: in a small /dev/shm it would run out under the guest's feet.
  if [ "$(df --output=avail -m /dev/shm 2>/dev/null | tail -n 1)" -lt "$memory" ]; then export TMPDIR=/var/tmp; fi
  timeout -k 5 "$limit" "$directory/usr/bin/linux.uml" seccomp=on root=/dev/root rootfstype=hostfs rootflags=/ ro \
    "init=$control/init" "mem=${memory}M" con=null con0=fd:0,fd:1 quiet loglevel=3 panic=-1
}
