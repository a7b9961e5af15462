# Gives the supervisor of a transaction its order: the first one counts, and what it says of a hold counts with it.
# usage: order ENV FENCE TRANSACTION confirm|revert|freeze RELEASE [judged] [held]
# standard input: with `judged` a line that says why, for the audit trail; with `held` what it says of a hold, and held.json,
# a line each; then the release's manifest, for confirm, a line too. Of an input that was cut short nothing is done: exit code 6.

main() {
  env=$1 dir=$1/transactions/$3 order=$4 release=$5 verdict='' facts='' held=''
  holds "$1" "$2" || {
    printf 'lost\n'
    exit 4
  }
  shift 5
  case " $* " in *' judged '*) IFS= read -r verdict || exit 6 ;; esac
  case " $* " in *' held '*) { IFS= read -r facts && IFS= read -r held; } || exit 6 ;; esac
  if [ "$order" = confirm ]; then
    replace_line "$env/releases/$release/manifest.json" || exit 6
  fi
  if [ -n "$verdict" ] && [ ! -e "$dir/order" ]; then
    printf '%s\n' "$verdict" | replace "$dir/verdict"
  fi
  if give_order "$dir" "$order" && [ -n "$held" ]; then
    printf '%s\n' "$held" | replace "$env/held.json" && audit_object hold "$facts"
  fi
  nudge "$dir"
  cat "$dir/order"
}

main "$@"
