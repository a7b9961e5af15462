# Ends the lease that a person has taken. usage: unlock ENV FENCE; standard input: who does it, and why (one line of JSON)
# prints `released`, or `other` if the lease that holds is not that one, or not a person's

main() {
  env=$1
  IFS= read -r by || exit 1
  if ! holds "$env" "$2" || [ "$(sed -n 1p "$env/lease/$2")" != human ]; then
    printf 'other\n'
    exit 0
  fi
  # The first of two who release it at once has done it.
  (set -C && : >"$env/lease/$2.closed") 2>/dev/null || { printf 'other\n' && exit 0; }
  audit lease "\"event\":\"released\",\"fence\":$2,\"by\":$by"
  printf 'released\n'
}

main "$@"
