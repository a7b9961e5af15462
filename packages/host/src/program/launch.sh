# mark_transaction ENV TRANSACTION: a recovery finds by this what belongs to a transaction, and ends it.
mark_transaction() {
  GITOPS_TRANSACTION=$(boot_id)/$1/$2
  export GITOPS_TRANSACTION
}

# start_supervisor ENV TRANSACTION PHASE: a session of its own, so that a cancelled job or a cut connection can't stop it.
start_supervisor() {
  transaction=$1/transactions/$2
  mark_transaction "$1" "$2"
  setsid sh "$transaction/program" "$1" "$2" "$3" </dev/null >>"$transaction/log" 2>&1 &
  printf 'started\n'
}
