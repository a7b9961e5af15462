# The keeper: holds the lease of ENV for as long as its channel to the runner lives.
# usage: keeper ENV PURPOSE; standard input: the holder (one line of JSON), then one word a line:
#   try   claims; answers `held FENCE`, or `busy FENCE` and two lines: purpose and holder
#   beat  renews; answers `ok` or `lost`
# End of input ends the lease at once.

ensure_folder() {
  mkdir -p "$env/lease" 2>/dev/null && [ -w "$env/lease" ] && return 0
  printf 'unwritable\n'
  exit 3
}

write_claim() {
  { printf '%s\n' "$purpose"; boot_id; uptime_seconds; printf '\n%s\n' "$holder"; } >"$draft"
}

# `ln` of a complete file to the next number: one winner. The second look is for a racer that read an old list.
claim() {
  while :; do
    top=$(highest_claim "$env")
    if [ "$top" != 0 ] && claim_is_live "$env" "$top"; then return 1; fi
    next=$((top + 1))
    write_claim
    ln "$draft" "$env/lease/$next" 2>/dev/null || continue
    if [ "$(highest_claim "$env")" = "$next" ]; then
      fence=$next
      return 0
    fi
    : >"$env/lease/$next.closed"
  done
}

try_claim() {
  if claim; then
    printf 'held %s\n' "$fence"
  else
    printf 'busy %s\n' "$top"
    sed -n '1p;4p' "$env/lease/$top"
  fi
}

renew() {
  if [ -n "$fence" ] && [ "$(highest_claim "$env")" = "$fence" ] && [ ! -e "$env/lease/$fence.closed" ]; then
    uptime_seconds >"$draft.beat" && mv -f "$draft.beat" "$env/lease/$fence.beat" && printf 'ok\n'
  else
    printf 'lost\n'
  fi
}

# The number stays, so that it is never given twice; older ones are of no use any more.
close_claim() {
  rm -f "$draft" "$draft.beat"
  [ -n "$fence" ] || return 0
  : >"$env/lease/$fence.closed"
  for old in "$env"/lease/*; do
    number=${old##*/}
    number=${number%%.*}
    case $number in '' | *[!0-9]*) continue ;; esac
    [ "$number" -ge "$fence" ] || rm -f "$old"
  done
}

main() {
  env=$1 purpose=$2 fence=
  ensure_folder
  draft=$env/lease/.draft.$$
  IFS= read -r holder || exit 0
  trap 'close_claim; exit 0' HUP TERM INT
  while IFS= read -r word; do
    case $word in
      try) try_claim ;;
      beat) renew ;;
    esac
  done
  close_claim
}

main "$@"
