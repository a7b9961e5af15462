# Everything recorded in ENV, read-only: one `@@name` line before each part.
# usage: recall ENV

recall_lease() {
  top=$(highest_claim "$1")
  [ "$top" != 0 ] && claim_is_live "$1" "$top" || return 0
  printf '%s\n' "$top"
  sed -n '1p;4p' "$1/lease/$top"
}

recall_transaction() {
  id=$(newest_transaction "$1")
  [ -n "$id" ] || return 0
  printf '%s ' "$id"
  cat "$1/transactions/$id/status" 2>/dev/null || printf 'staged\n'
}

# Prints the mounted objects of the current release that are gone or changed.
recall_damage() {
  [ -e "$1/releases/$2/objects" ] || return 0
  while read -r digest; do
    { [ -e "$1/objects/$digest" ] && [ "$(object_digest "$1/objects/$digest")" = "$digest" ]; } || printf '%s\n' "$digest"
  done <"$1/releases/$2/objects"
}

recall() {
  current=$(cat "$1/current" 2>/dev/null)
  part current
  printf '%s\n' "$current"
  part lease
  recall_lease "$1"
  part transaction
  recall_transaction "$1"
  part key
  cat "$1/hmac.key" 2>/dev/null
  part manifest
  [ -z "$current" ] || cat "$1/releases/$current/manifest.json" 2>/dev/null
  part alias
  # The newest whole line: a crash may have torn the last one.
  [ -z "$current" ] || grep '}$' "$1/releases/$current/aliases.ndjson" 2>/dev/null | tail -n 1
  part damaged
  [ -z "$current" ] || recall_damage "$1" "$current"
  part manifests
  find "$1/releases" -mindepth 2 -maxdepth 2 -name manifest.json ! -path '*/releases/0-*' 2>/dev/null | wc -l
  part highest
  highest_claim "$1"
}

recall "$1"
