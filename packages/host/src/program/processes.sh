# The processes of a transaction. Everything that it started carries its name in the environment, in whatever process group it
# is; what runs as another user (`sudo docker`) shows its arguments alone. The brackets keep this very search out of what it finds.

# processes_of ENV TRANSACTION
processes_of() {
  {
    grep -ls "GITOPS_TRANSACTION=$(boot_id)/$1/$2" /proc/[0-9]*/environ
    [ "$docker_words" = docker ] || grep -ls "$1/[r]eleases/" /proc/[0-9]*/cmdline
  } | sort -u | while IFS=/ read -r _ _ process _; do
    ! start_time "$process" >/dev/null || printf '%s\n' "$process"
  done
}

# end_processes ENV TRANSACTION: one may start another while we look, so it is done when none is left.
end_processes() {
  while leftovers=$(processes_of "$@"); [ -n "$leftovers" ]; do
    # shellcheck disable=SC2086
    kill -KILL $leftovers 2>/dev/null || [ "$docker_words" = docker ] || sudo -n kill -KILL $leftovers 2>/dev/null
    sleep 0.1
  done
}

# nudge DIR: tells the supervisor of a transaction that is ordered back, so that it does not wait for the end of its step.
nudge() {
  [ "$(cat "$1/order" 2>/dev/null)" = revert ] || return 0
  read -r doing supervisor _ 2>/dev/null <"$1/status" || return 0
  [ "$doing" != applying ] || ! supervisor_lives "$1" || kill -TERM "$supervisor" 2>/dev/null || return 0
}
