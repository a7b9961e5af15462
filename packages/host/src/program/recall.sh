# Everything recorded in ENV, read-only: one `@@name` line before each part.
# usage: recall ENV

recall_lease() {
  top=$(highest_claim "$1")
  [ "$top" != 0 ] && claim_is_live "$1" "$top" || return 0
  printf '%s\n' "$top"
  sed -n '1p;4p' "$1/lease/$top"
}

recall_transaction() {
  status=
  id=$(newest_transaction "$1")
  [ -n "$id" ] || return 0
  status=$(first_line "$1/transactions/$id/status")
  printf '%s %s\n' "$id" "${status:-staged}"
}

# What the newest transaction is about, as long as it waits to be seen through.
recall_candidate() {
  case $status in applying* | awaiting*) cat "$1/transactions/$id/candidate.json" 2>/dev/null ;; esac
}

# The newest whole line: a crash may have torn the last one.
recall_alias() {
  aliases=$1/releases/$2/aliases.ndjson
  [ ! -s "$aliases" ] || grep '}$' "$aliases" | tail -n 1
}

# Prints the mounted objects of the current release that are gone or changed.
recall_damage() {
  [ -e "$1/releases/$2/objects" ] || return 0
  while read -r digest; do
    { [ -e "$1/objects/$digest" ] && [ "$(object_digest "$1/objects/$digest")" = "$digest" ]; } || printf '%s\n' "$digest"
  done <"$1/releases/$2/objects"
}

# How many releases there are. Asked where none is current: it may be lost.
count_releases() {
  find "$1/releases" -mindepth 2 -maxdepth 2 -name manifest.json ! -path '*/releases/0-*' 2>/dev/null | wc -l
}

# Every deployment waits for this, also one with nothing to do, so it starts as few processes as it can.
recall() {
  current=$(first_line "$1/current")
  part current
  printf '%s\n' "$current"
  part lease
  recall_lease "$1"
  part transaction
  recall_transaction "$1"
  part candidate
  recall_candidate "$1"
  part held
  cat "$1/held.json" 2>/dev/null
  part key
  first_line "$1/hmac.key"
  part manifest
  [ -z "$current" ] || cat "$1/releases/$current/manifest.json" 2>/dev/null
  part alias
  [ -z "$current" ] || recall_alias "$1" "$current"
  part damaged
  [ -z "$current" ] || recall_damage "$1" "$current"
  part manifests
  [ -n "$current" ] || count_releases "$1"
  part highest
  highest_claim "$1"
  part audit
  audit_head "$1"
}

recall "$1"
