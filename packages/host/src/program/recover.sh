# Brings an unfinished transaction to its end: never forward with `up`, forward only to finish a confirmed rename.
# usage: recover ENV FENCE; prints the transaction and the state it ended in, and the head of the audit trail.

wait_for_end() {
  while supervisor_lives "$dir"; do
    ! has_ended || return 0
    nudge "$dir"
    sleep 0.1
  done
}

# A state is only confirmed after its health was proven, so that it may be finished; everything else goes back.
confirm_was_ordered() {
  [ "$(cat "$dir/order")" = confirm ] && case $(transaction_state "$dir") in awaiting | confirming) ;; *) return 1 ;; esac
}

# The state on file is the dead supervisor's until the new one has written its own.
resume() {
  old=$(cat "$dir/status" 2>/dev/null)
  start_supervisor "$env" "$id" "$1" >/dev/null
  tries=0
  while [ "$(cat "$dir/status" 2>/dev/null)" = "$old" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || exit 5
    sleep 0.05
  done
  wait_for_end
}

has_ended() {
  case $(transaction_state "$dir") in confirmed | reverted | revert-failed) ;; *) return 1 ;; esac
}

# Who recovered is said by the record of the lease with this fence.
record_recovery() {
  has_ended || return 0
  transaction=$id
  audit recovered "\"transaction\":$id,\"fence\":$1,\"state\":\"$(transaction_state "$dir")\""
}

main() {
  env=$1
  holds "$env" "$2" || exit 4
  id=$(newest_transaction "$env")
  [ -n "$id" ] || {
    printf 'no transaction was ever begun\n' >&2
    exit 1
  }
  dir=$env/transactions/$id
  before=$(transaction_state "$dir")
  give_order "$dir" revert
  # Without a status nothing was applied yet, and whoever was starting is ended below.
  if [ -e "$dir/status" ] && supervisor_lives "$dir" && ! has_ended; then
    wait_for_end
    record_recovery "$2"
  fi
  # What could not be brought back before is tried once more.
  if ! has_ended || [ "$before" = revert-failed ]; then
    end_processes "$env" "$id"
    if confirm_was_ordered; then resume finish; else resume revert; fi
    record_recovery "$2"
  fi
  printf '%s %s\n' "$id" "$(cat "$dir/status")"
  audit_head "$env"
}

main "$@"
