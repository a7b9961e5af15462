# Gives the supervisor of a transaction its order: the first one counts.
# usage: order ENV FENCE TRANSACTION confirm|revert|freeze RELEASE; standard input: the release's manifest, for confirm

main() {
  dir=$1/transactions/$3
  holds "$1" "$2" || {
    printf 'lost\n'
    exit 4
  }
  if [ "$4" = confirm ]; then
    replace "$1/releases/$5/manifest.json" || exit 5
  fi
  printf '%s\n' "$4" >"$dir/.order.$$" && ln "$dir/.order.$$" "$dir/order" 2>/dev/null
  rm -f "$dir/.order.$$"
  cat "$dir/order"
}

main "$@"
