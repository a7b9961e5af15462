# Gives the supervisor of a transaction its order: the first one counts.
# usage: order ENV FENCE TRANSACTION confirm|revert|freeze RELEASE [judged]
# standard input: with `judged` a line that says why, for the audit trail; then the release's manifest, for confirm

main() {
  dir=$1/transactions/$3
  holds "$1" "$2" || {
    printf 'lost\n'
    exit 4
  }
  if [ "${6:-}" = judged ] && IFS= read -r verdict && [ ! -e "$dir/order" ]; then
    printf '%s\n' "$verdict" | replace "$dir/verdict"
  fi
  if [ "$4" = confirm ]; then
    replace "$1/releases/$5/manifest.json" || exit 5
  fi
  printf '%s\n' "$4" >"$dir/.order.$$" && ln "$dir/.order.$$" "$dir/order" 2>/dev/null
  rm -f "$dir/.order.$$"
  cat "$dir/order"
}

main "$@"
