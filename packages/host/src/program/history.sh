# Every release and the ends of the newest transactions, read-only. usage: history ENV
# prints `NAME MANIFEST` and `ID STATUS`, a line each

main() {
  printf '\n@@releases\n'
  for folder in "$1"/releases/*/; do
    name=${folder%/}
    [ ! -e "$name/manifest.json" ] || printf '%s %s\n' "${name##*/}" "$(cat "$name/manifest.json")"
  done
  printf '\n@@transactions\n'
  for folder in "$1"/transactions/*/; do
    id=${folder%/}
    [ ! -e "$id/status" ] || printf '%s %s\n' "${id##*/}" "$(cat "$id/status")"
  done
}

main "$@"
