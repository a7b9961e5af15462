# Waits until a transaction has ended, or nobody works on it.
# usage: settle ENV TRANSACTION; prints its status, and the head of the audit trail

main() {
  dir=$1/transactions/$2
  looks=0
  while :; do
    read_state "$dir"
    case $state in confirmed | reverted | revert-failed | frozen) break ;; esac
    looks=$((looks + 1))
    if is_not_coming "$state" "$looks" || ! supervisor_lives "$dir"; then break; fi
    [ $((looks % 10)) != 0 ] || nudge "$dir"
    sleep 0.05
  done
  cat "$dir/status"
  audit_head "$1"
}

main "$@"
