# Waits until a transaction has ended, or nobody works on it. usage: settle ENV TRANSACTION; prints its status, and the head of the audit trail.

main() {
  dir=$1/transactions/$2
  while :; do
    case $(transaction_state "$dir") in confirmed | reverted | revert-failed | frozen) break ;; esac
    supervisor_lives "$dir" || break
    sleep 0.05
  done
  cat "$dir/status"
  audit_head "$1"
}

main "$@"
