# start_supervisor ENV TRANSACTION PHASE: a session of its own, so that a cancelled job or a cut connection can't stop it.
start_supervisor() {
  transaction=$1/transactions/$2
  GITOPS_TRANSACTION=$(boot_id)/$1/$2
  export GITOPS_TRANSACTION
  setsid sh "$transaction/program" "$1" "$2" "$3" </dev/null >>"$transaction/log" 2>&1 &
  printf 'started\n'
}
