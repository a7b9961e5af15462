# Gives the supervisor of a transaction its order: the first one counts.
# usage: order ENV FENCE TRANSACTION confirm|revert|freeze RELEASE [judged] [held]
# standard input: with `judged` a line that says why, for the audit trail; with `held` what it says of a hold, and held.json,
# a line each; then the release's manifest, for confirm

main() {
  env=$1 dir=$1/transactions/$3 order=$4 release=$5 verdict='' facts='' held=''
  holds "$1" "$2" || {
    printf 'lost\n'
    exit 4
  }
  shift 5
  case " $* " in *' judged '*) IFS= read -r verdict ;; esac
  case " $* " in *' held '*) IFS= read -r facts && IFS= read -r held ;; esac
  if [ -n "$verdict" ] && [ ! -e "$dir/order" ]; then
    printf '%s\n' "$verdict" | replace "$dir/verdict"
  fi
  if [ "$order" = confirm ]; then
    replace "$env/releases/$release/manifest.json" || exit 5
  fi
  if [ -n "$held" ]; then
    printf '%s\n' "$held" | replace "$env/held.json" && audit_object hold "$facts"
  fi
  printf '%s\n' "$order" >"$dir/.order.$$" && ln "$dir/.order.$$" "$dir/order" 2>/dev/null
  rm -f "$dir/.order.$$"
  nudge "$dir"
  cat "$dir/order"
}

main "$@"
