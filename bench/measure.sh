# shellcheck shell=bash disable=SC2154 # scope is set by who sources this
# Runs commands of both tools in turn and prints a line of medians, ratios, memory and system calls for each.
rounds=${BENCH_ROUNDS:-5}
# In memory: what is measured is the commands, not the disks under the disks.
work=$(mktemp -d -p "${BENCH_DIR:-/dev/shm}")
both=
[ "$(id -u)" -ne 0 ] || ! command -v lvm >/dev/null || both=yes
has_strace=$(command -v strace || true)
has_time=''
[ ! -x /usr/bin/time ] || has_time=yes

headline() {
  printf '\n### %s\n\n' "$1"
  printf '| command | rlvm ms | lvm2 ms | lvm2 / rlvm | rlvm MiB | lvm2 MiB | rlvm reads+writes, flushes, ioctls | lvm2 |\n'
  printf '|---|---|---|---|---|---|---|---|\n'
}

# tool rlvm|lvm COMMAND ARG...: the command on the disks of this part.
tool() {
  local which=$1 command=$2
  shift 2
  local binary=$RLVM
  [ "$which" = rlvm ] || binary=lvm
  set -- "$binary" "$command" "${scope[@]}" "$@"
  ${prefix[@]+"${prefix[@]}"} "$@" >/dev/null 2>"$work/err" </dev/null || {
    printf 'bench: %s failed:\n' "$*" >&2
    cat "$work/err" >&2
    exit 1
  }
}

# milliseconds rlvm|lvm COMMAND...: how long one run takes, with three decimals. The shell's own clock: a program that
# tells the time takes as long as some of what is measured.
milliseconds() {
  local from to
  from=${EPOCHREALTIME/[.,]/}
  tool "$@"
  to=${EPOCHREALTIME/[.,]/}
  printf '%d.%03d\n' $(((to - from) / 1000)) $(((to - from) % 1000))
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# memory rlvm|lvm COMMAND...: peak resident size in MiB.
memory() {
  [ -n "$has_time" ] || { echo -; return; }
  local prefix=(/usr/bin/time -o "$work/time" -f %M)
  tool "$@"
  awk 'END { printf "%.1f\n", $1 / 1024 }' "$work/time"
}

# calls rlvm|lvm COMMAND...: reads and writes of disks, flushes and ioctls; LVM2's asynchronous requests count as one each.
calls() {
  [ -n "$has_strace" ] || { echo -; return; }
  local prefix=(strace -f -c -o "$work/calls" -e 'trace=pread64,pwrite64,preadv,pwritev,io_submit,fsync,fdatasync,ioctl')
  tool "$@"
  awk '/pread|pwrite|io_submit/ { io += $4 } /fsync|fdatasync/ { flush += $4 } /ioctl/ { ioctl += $4 }
    END { printf "%d, %d, %d\n", io, flush, ioctl }' "$work/calls"
}

# line NAME RLVM-MS LVM-MS RLVM-MIB LVM-MIB RLVM-CALLS LVM-CALLS
line() {
  local ratio=-
  [ "$3" = - ] || ratio=$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.1f", b / a }')
  printf '| %s | %.1f | %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$([ "$3" = - ] && echo - || printf %.1f "$3")" "$ratio" \
    "$4" "$5" "$6" "$7"
}

# compare NAME COMMAND ARG...: a command that changes nothing, in turns.
compare() {
  local name=$1 i theirs=- their_memory=- their_calls=-
  shift
  : >"$work/rlvm"
  : >"$work/lvm"
  for ((i = 0; i < rounds; i++)); do
    milliseconds rlvm "$@" >>"$work/rlvm"
    [ -z "$both" ] || milliseconds lvm "$@" >>"$work/lvm"
  done
  if [ -n "$both" ]; then
    theirs=$(median <"$work/lvm") their_memory=$(memory lvm "$@") their_calls=$(calls lvm "$@")
  fi
  line "$name" "$(median <"$work/rlvm")" "$theirs" "$(memory rlvm "$@")" "$their_memory" "$(calls rlvm "$@")" "$their_calls"
}

# compare_once NAME COMMAND ARG...: a command that gives the same result each time, run once by each: LVM2 takes a minute.
compare_once() {
  local name=$1 ours theirs=-
  shift
  [ -z "$both" ] || theirs=$(milliseconds lvm "$@")
  ours=$(milliseconds rlvm "$@")
  line "$name" "$ours" "$theirs" - - - -
}

# compare_round NAME COMMAND ARG...: a command that is undone by the other two of its round, so that it runs once a call;
# the rounds are those of `rounds_of`. Collected under its name until `lvremove` closes the round.
compare_round() {
  local name=$1
  shift
  pending+=("$name"$'\t'"$(printf '%q ' "$@")")
  [ "$1" = lvremove ] || return 0
  local i which entry command
  for ((i = 0; i < rounds + 2; i++)); do
    for which in rlvm lvm; do
      [ "$which" = rlvm ] || [ -n "$both" ] || continue
      for entry in "${pending[@]}"; do
        eval "command=(${entry#*$'\t'})"
        # The last two rounds look at memory and at system calls.
        case $((i - rounds)) in
        0) memory "$which" "${command[@]}" >"$work/$which.${entry%%$'\t'*}.memory" ;;
        1) calls "$which" "${command[@]}" >"$work/$which.${entry%%$'\t'*}.calls" ;;
        *) milliseconds "$which" "${command[@]}" >>"$work/$which.${entry%%$'\t'*}.ms" ;;
        esac
      done
    done
  done
  for entry in "${pending[@]}"; do
    name=${entry%%$'\t'*}
    if [ -n "$both" ]; then
      line "$name" "$(median <"$work/rlvm.$name.ms")" "$(median <"$work/lvm.$name.ms")" "$(cat "$work/rlvm.$name.memory")" \
        "$(cat "$work/lvm.$name.memory")" "$(cat "$work/rlvm.$name.calls")" "$(cat "$work/lvm.$name.calls")"
    else
      line "$name" "$(median <"$work/rlvm.$name.ms")" - "$(cat "$work/rlvm.$name.memory")" - "$(cat "$work/rlvm.$name.calls")" -
    fi
  done
  rm -f "$work"/rlvm.*.* "$work"/lvm.*.*
  pending=()
}
pending=()
