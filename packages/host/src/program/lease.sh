# The keeper: holds the lease of ENV for as long as its channel to the runner lives.
# usage: keeper ENV PURPOSE; standard input: the holder (one line of JSON), then one word a line:
#   from COMMIT…  what the holder wants to deploy, and its ancestors: an older one that waits gives way to it
#   try           claims; answers `held FENCE`, or `busy FENCE` and two lines: purpose and holder, or `superseded` and one
#                 line: the holder of a newer commit that waits too
#   beat          renews; answers `ok` or `lost`
#   keep          answers `kept` and ends; the lease, which is a person's, stays
# End of input ends the lease at once.

unwritable() {
  rm -f "$draft"
  printf 'unwritable\n'
  exit 3
}

ensure_folder() { { mkdir -p "$env/lease" && [ -w "$env/lease" ]; } 2>/dev/null || unwritable; }

# A full disk gives up the reserve, so that what it left unfinished can still be recovered.
written() {
  "$@" 2>/dev/null && return 0
  rm -f "$env/reserve"
  "$@" 2>/dev/null
}

# Never into a draft of a dead keeper with this number: a claim may be the same file.
write_claim() {
  rm -f "$draft"
  { printf '%s\n' "$purpose" && boot_id && uptime_seconds && printf '\n%s\n' "$holder"; } >"$draft" || return 1
  # A person's claim outlives a reboot, and a loss of power too.
  [ "$purpose" != human ] || sync "$draft" || sync
}

write_beat() { uptime_seconds >"$draft.beat" && mv -f "$draft.beat" "$env/lease/$fence.beat"; }

# `ln` of a complete file to the next number: one winner. The second look is for a racer that read an old list.
claim() {
  while :; do
    top=$(highest_claim "$env")
    if [ "$top" != 0 ] && claim_is_live "$env" "$top"; then return 1; fi
    next=$((top + 1))
    written write_claim || unwritable
    ln "$draft" "$env/lease/$next" 2>/dev/null || {
      [ "$(highest_claim "$env")" != "$top" ] || unwritable
      continue
    }
    rm -f "$draft"
    if [ "$(highest_claim "$env")" = "$next" ]; then
      fence=$next
      record_claim
      return 0
    fi
    : >"$env/lease/$next.closed"
  done
}

# The claim before may have been given back, or nobody renewed it.
record_claim() {
  if [ -e "$env/lease/$top" ] && [ ! -e "$env/lease/$top.closed" ]; then
    audit lease "\"event\":\"taken-over\",\"fence\":$fence,\"from\":$top,\"purpose\":\"$purpose\",\"by\":$holder"
  else
    audit lease "\"event\":\"taken\",\"fence\":$fence,\"purpose\":\"$purpose\",\"by\":$holder"
  fi
}

claim_line() { sed -n "$1p" "$env/lease/$top" 2>/dev/null; }

# Whoever waits says so in a file, for those who wait with an older commit: boot id, uptime, holder, commit and its ancestors.
announce() {
  [ -z "$descent" ] || { boot_id && uptime_seconds && printf '\n%s\n%s\n' "$holder" "$descent"; } 2>/dev/null >"$waiting.new" &&
    mv -f "$waiting.new" "$waiting"
}

# descends COMMIT…: is ours among the ancestors of that commit?
descends() {
  [ "${1%% *}" != "${descent%% *}" ] || return 1
  case " ${1#* } " in *" ${descent%% *} "*) ;; *) return 1 ;; esac
}

# newer_one: the holder of a commit that descends from ours and has waited within the last seconds, into `newer`.
newer_one() {
  [ -n "$descent" ] || return 1
  for announced in "$env"/lease/.waiting.*; do
    { IFS= read -r boot && IFS= read -r beat && IFS= read -r newer && IFS= read -r line; } 2>/dev/null <"$announced" || continue
    if ! descends "$line" || [ "$boot" != "$(boot_id)" ] || ! is_number "$beat"; then continue; fi
    ! is_recent "$beat" || return 0
  done
  return 1
}

try_claim() {
  if newer_one; then
    printf 'superseded\n%s\n' "$newer"
  elif claim; then
    rm -f "$waiting"
    printf 'held %s\n' "$fence"
  else
    announce
    printf 'busy %s\n' "$top"
    # Always two lines, whatever became of the claim meanwhile: the runner waits for both.
    printf '%s\n' "$(claim_line 1)" "$(claim_line 4)"
  fi
}

renew() {
  if [ -n "$fence" ] && [ "$(highest_claim "$env")" = "$fence" ] && [ ! -e "$env/lease/$fence.closed" ] && written write_beat; then
    printf 'ok\n'
  else
    printf 'lost\n'
  fi
}

# The number stays, so that it is never given twice; older ones are of no use any more.
close_claim() {
  # The end of the input and that of the channel may come at once; this is done once, to its end.
  trap '' HUP TERM INT PIPE
  rm -f "$draft" "$draft.beat" "$waiting" "$waiting.new"
  [ -n "$fence" ] || return 0
  [ "$(highest_claim "$env")" != "$fence" ] || audit lease "\"event\":\"released\",\"fence\":$fence"
  : >"$env/lease/$fence.closed"
  # What was uploaded under it is of no use any more, and may hold secrets.
  rm -rf "$env/staging/$fence"
  for old in "$env"/lease/*; do
    number=${old##*/}
    number=${number%%.*}
    case $number in '' | *[!0-9]*) continue ;; esac
    [ "$number" -ge "$fence" ] || rm -f "$old"
  done
}

main() {
  env=$1 purpose=$2 fence='' descent=''
  draft=$env/lease/.draft.$$ waiting=$env/lease/.waiting.$$
  ensure_folder
  IFS= read -r holder || exit 0
  # A closed channel is the end of input too, even if an answer finds it first.
  trap 'close_claim; exit 0' HUP TERM INT PIPE
  while IFS= read -r word; do
    case $word in
      try) try_claim ;;
      beat) renew ;;
      'from '*) descent=${word#from } ;;
      keep)
        fence=
        printf 'kept\n'
        break
        ;;
    esac
  done
  close_claim
}

main "$@"
